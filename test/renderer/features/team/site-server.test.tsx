// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { useOthers } from '../../../../renderer/app/use-others.ts';
import { TeamScreen } from '../../../../renderer/features/team/team-screen.tsx';
import { useTallybook } from '../../../../renderer/tallybook/tallybook-context.tsx';
import { LANGUAGES, startTexts } from '../../../../renderer/texts/texts.ts';
import type { SiteServer } from '../../../../shared/ports/host.ts';
import { choose, dialog, giveRoom, HERE, laptopOf, press, SERVER, showOver, siteHost, type } from './site-double.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);
afterEach(() => vi.useRealTimers());

/** The screen as it stands in the app, which asks the host now and then. */
function Shown(): ReactElement {
  const { host, ledger, reloadPeople } = useTallybook();
  useOthers(host, { ledger, reloadPeople });
  return <TeamScreen />;
}

const laptops = [HERE, laptopOf('Ben’s laptop')];
const textOf = (id: string) => screen.getByTestId(id).textContent ?? '';

async function shownWith(server: Partial<SiteServer>): Promise<void> {
  showOver(siteHost({ laptops, server: () => ({ ...SERVER, ...server }) }), <Shown />);
  await screen.findByTestId('site-server');
}

describe('the site server on the screen of laptops', () => {
  test('U870 an admin has this laptop serve the site with one button or key, and tells the others with a file', async () => {
    const site = siteHost({ laptops });
    showOver(site, <Shown />);
    await screen.findByText(/needs nats-server on one machine/);
    fireEvent.keyDown(document.body, { key: 'b' });
    await waitFor(() => expect(textOf('server-serving')).toMatch(/serves the site, at port 4222/));
    press('File for the others');
    await waitFor(() => expect(textOf('server-said')).toMatch(/Each of the other laptops joins/));
    for (const name of [/Leave the server/, /Join with the file/, /This laptop serves/, /Folder for an administrator/])
      expect(screen.queryByRole('button', { name })).toBeNull();
    press('Stop serving');
    await waitFor(() => expect(textOf('server-said')).toMatch(/does not serve the site any more/));
    expect(site.calls.map(({ procedure }) => procedure)).toEqual(['serveSite', 'saveServerFile', 'stopServing']);
  });

  test('U871 where a port is taken the next is tried, and why no server starts has a sentence with what to do', async () => {
    for (const [why, said, tried] of [
      ['port_taken', /Other programs on this laptop/, [4222, 14_222, 24_222]],
      ['not_installed', /nats-server is not installed/, [4222]],
      ['too_old', /nats-server 2\.9\.10 .* too old/, [4222]],
      ['failed', /No server could be started .*\(2\.9\.10\)/, [4222]],
    ] as const) {
      const site = siteHost({
        laptops,
        refusals: { serveSite: { code: 'server_not_started', why, detail: '2.9.10' } },
      });
      showOver(site, <Shown />);
      await screen.findByText(/needs nats-server/);
      press('This laptop serves the site');
      await waitFor(() => expect(textOf('server-problem')).toMatch(said));
      expect(site.inputsOf('serveSite')).toEqual(tried.map((port) => ({ port })));
      cleanup();
    }
  });

  test('U872 any laptop of the site joins with a file, looks now and leaves; nobody but an admin serves', async () => {
    const site = siteHost({ laptops, here: 'counting' });
    showOver(site, <Shown />, { roles: ['counter'] });
    await screen.findByText(/needs nats-server/);
    expect(screen.queryByRole('button', { name: 'This laptop serves the site' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Folder for an administrator' })).toBeNull();
    await choose('server-file', new File(['{"tallybook":1}'], 'server.json'));
    await waitFor(() => expect(textOf('site-server')).toBe('depot-pc:4222'));
    expect(site.inputsOf('joinServer')).toEqual([{ text: '{"tallybook":1}' }]);
    press('Look now');
    press('Leave the server');
    await waitFor(() => expect(screen.queryByTestId('site-server')).toBeNull());
    // A file far too large is none, and is not sent through.
    await choose('server-file', new File(['x'.repeat(60_000)], 'server.json'));
    await waitFor(() => expect(site.inputsOf('joinServer')).toHaveLength(2));
    expect(site.inputsOf('joinServer')[1]).toEqual({ text: '' });
  });

  test('U872 a laptop that was revoked is offered no server', async () => {
    showOver(siteHost({ here: 'revoked', laptops }), <Shown />);
    await screen.findByRole('heading', { name: 'Hand over' });
    expect(screen.queryByRole('button', { name: /Join with the file/ })).toBeNull();
  });

  test('U873 each state of a server, of serving, and of what is not taken has a sentence of its own, in every language', async () => {
    const states: readonly SiteServer['state'][] = [
      'waiting',
      'reached',
      'away',
      'read_only',
      'full',
      'not_admitted',
      'other_server',
      'failed',
      'disk_full',
      'no_key',
      'old_copy',
      'stopped',
    ];
    const runs: readonly NonNullable<SiteServer['serving']>['state'][] = [
      'starting',
      'serving',
      'not_installed',
      'too_old',
      'port_taken',
      'failed',
    ];
    const reasons: readonly SiteServer['refused'][number]['why'][] = [
      'not_enrolled',
      'wrong_signature',
      'missing_before',
      'broken',
      'fork',
      'newer_version',
      'revoked',
      'other_site',
      'damaged',
      'veiled',
    ];
    for (const language of LANGUAGES) {
      await startTexts(language);
      const said = new Set<string>();
      for (const state of states) {
        await shownWith({ state, detail: '10023' });
        said.add(textOf('server-state'));
        cleanup();
      }
      for (const state of runs) {
        await shownWith({ serving: { state, detail: '2.9.10', port: 4222 } });
        said.add(textOf('server-serving'));
        cleanup();
      }
      await shownWith({
        toPut: 3,
        missing: [{ laptop: 'Ben’s laptop', fromSeq: 41 }],
        refused: reasons.map((why) => ({ why, laptop: 'Ben’s laptop', fromSeq: 7, file: `${why}.seg` })),
      });
      for (const one of screen.getAllByTestId('server-refused')) said.add(one.textContent ?? '');
      said.add(textOf('server-to-put')).add(textOf('server-missing')).add(textOf('server-state'));
      expect([language, said.size]).toEqual([language, states.length + runs.length + reasons.length + 3]);
      for (const one of said) expect(one).not.toMatch(/server\.(state|refused|serving)|\{\{/);
      cleanup();
    }
  });

  test('U874 for an administrator a name and a port are asked, odd ones are refused, and a folder is laid out', async () => {
    const site = siteHost({ laptops });
    showOver(site, <Shown />);
    await screen.findByText(/needs nats-server/);
    press('Folder for an administrator');
    for (const [host, port] of [
      ['', '4222'],
      ['nats://depot', '4222'],
      ['depot:4222', '4222'],
      ['depot', '1023'],
      ['depot', '70000'],
      ['depot', 'x'],
    ] as const) {
      type('Name or address of that computer', host);
      type('Port', port);
      fireEvent.click(dialog().getByRole('button', { name: /Choose the folder/ }));
      await dialog().findByText(/Only letters|A number from/);
    }
    expect(site.inputsOf('saveServerFolder')).toEqual([]);
    type('Name or address of that computer', ' depot-server ');
    type('Port', '4300');
    fireEvent.click(dialog().getByRole('button', { name: /Choose the folder/ }));
    await waitFor(() => expect(textOf('site-server')).toBe('depot-server:4300'));
    expect(site.inputsOf('saveServerFolder')).toEqual([{ host: 'depot-server', port: 4300 }]);
    expect(textOf('server-said')).toMatch(/The folder is ready/);
  });

  test('U875 what comes over a server is shown while people still look, and it is asked less often where there is none', async () => {
    vi.useFakeTimers();
    let news = 4;
    let state: SiteServer['state'] = 'reached';
    const site = siteHost({ laptops, server: () => ({ ...SERVER, state }), news: () => news });
    const told = showOver(site, <Shown />);
    await act(() => vi.advanceTimersByTimeAsync(10));
    const before = told.caughtUp;
    news += 1;
    await act(() => vi.advanceTimersByTimeAsync(600));
    expect(told.caughtUp - before).toBe(1);
    state = 'away';
    await act(() => vi.advanceTimersByTimeAsync(600));
    news += 1;
    await act(() => vi.advanceTimersByTimeAsync(600));
    expect(told.caughtUp - before).toBe(1);
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    expect(told.caughtUp - before).toBe(2);
  });
});
