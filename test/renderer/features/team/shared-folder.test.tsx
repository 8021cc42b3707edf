// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { useOthers } from '../../../../renderer/app/use-others.ts';
import { TeamScreen } from '../../../../renderer/features/team/team-screen.tsx';
import { useTallybook } from '../../../../renderer/tallybook/tallybook-context.tsx';
import { LANGUAGES, startTexts } from '../../../../renderer/texts/texts.ts';
import type { Exchange } from '../../../../shared/ports/host.ts';
import { EXCHANGE, giveRoom, HERE, laptopOf, press, SERVER, showOver, siteHost } from './site-double.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);
afterEach(() => vi.useRealTimers());

/** The screen as it stands in the app, which asks the host now and then. */
function Shown({ isLocked = false }: { isLocked?: boolean }): ReactElement {
  const { host, ledger, reloadPeople } = useTallybook();
  useOthers(host, { ledger: isLocked ? undefined : ledger, reloadPeople });
  return <TeamScreen />;
}

const laptops = [HERE, laptopOf('Ben’s laptop')];
const stateOf = () => screen.getByTestId('folder-state').textContent ?? '';

async function shownWith(exchange: Partial<Exchange>): Promise<void> {
  showOver(siteHost({ laptops, exchange: () => ({ ...EXCHANGE, ...exchange }) }), <Shown />);
  await screen.findByTestId('shared-folder');
}

describe('the shared folder on the screen of laptops', () => {
  test('U852 a laptop of a site is told what a shared folder is for, and one is chosen by key or button', async () => {
    const site = siteHost({ laptops });
    showOver(site, <Shown />);
    await screen.findByText(/keeps them level by themselves/);
    expect(screen.queryByTestId('shared-folder')).toBeNull();
    press('Choose the folder');
    await waitFor(() => expect(screen.getByTestId('shared-folder').textContent).toBe('/mnt/depot/stock'));
    // The page names no folder: the host asks for it.
    expect(site.inputsOf('shareFolder')).toEqual([{}]);
    press('Look now');
    press('Stop using it');
    await waitFor(() => expect(screen.queryByTestId('shared-folder')).toBeNull());
    expect(site.calls.map(({ procedure }) => procedure)).toEqual(['shareFolder', 'lookIntoFolder', 'leaveFolder']);
  });

  test('U852 a laptop that was revoked, or asks to join, is offered none', async () => {
    showOver(siteHost({ here: 'revoked', laptops }), <Shown />);
    await screen.findByRole('heading', { name: 'Hand over' });
    expect(screen.queryByRole('button', { name: 'Choose the folder' })).toBeNull();
  });

  test('U899 a carrier that is set up says how it does, and no more what it is for', async () => {
    showOver(siteHost({ laptops, exchange: () => EXCHANGE, server: () => SERVER }), <Shown />);
    await screen.findByTestId('shared-folder');
    await screen.findByTestId('site-server');
    for (const gone of [/keeps them level/, /has no walls/, /tells the laptops of each other/, /needs nats-server/])
      expect(screen.queryByText(gone)).toBeNull();
    cleanup();
    showOver(siteHost({ laptops }), <Shown />);
    // Who may open the folder can read it: that is said before one is chosen.
    expect(await screen.findByText(/has no walls/)).toBeTruthy();
    expect(screen.getByText(/needs nats-server/)).toBeTruthy();
  });

  test('U853 which folder, when it was reached, what is on its way and what is missing stand in plain words', async () => {
    await shownWith({ toPut: 3, missing: [{ laptop: 'Ben’s laptop', fromSeq: 41 }] });
    expect(stateOf()).toMatch(/^Reached .*Not all of it is here yet/);
    expect(screen.getByTestId('folder-to-put').textContent).toBe(
      '3 entries of this laptop are still on their way there.',
    );
    expect(screen.getByTestId('folder-missing').textContent).toMatch(/Ben’s laptop.*entry 41/);
    cleanup();
    await shownWith({});
    expect(stateOf()).toMatch(/^Level as of/);
    expect(screen.queryByTestId('folder-to-put')).toBeNull();
  });

  test('U854 each reason why a folder does not work has a sentence of its own, with what to do, in every language', async () => {
    const states: readonly Exchange['state'][] = [
      'waiting',
      'reached',
      'away',
      'read_only',
      'full',
      'failed',
      'disk_full',
      'no_key',
      'old_copy',
      'stopped',
    ];
    for (const language of LANGUAGES) {
      await startTexts(language);
      const said = new Set<string>();
      for (const state of states) {
        await shownWith({ state, detail: 'EMFILE' });
        said.add(stateOf());
        cleanup();
      }
      expect([language, said.size]).toEqual([language, states.length]);
      for (const one of said) expect(one).not.toMatch(/folder\.(state|refused)|\{\{/);
    }
  });

  test('U855 each reason why something in the folder is not taken has a sentence of its own, in every language', async () => {
    const reasons: readonly Exchange['refused'][number]['why'][] = [
      'not_enrolled',
      'wrong_signature',
      'missing_before',
      'broken',
      'fork',
      'newer_version',
      'revoked',
      'other_site',
      'damaged',
    ];
    for (const language of LANGUAGES) {
      await startTexts(language);
      await shownWith({
        refused: reasons.map((why) => ({ why, laptop: 'Ben’s laptop', fromSeq: 7, file: `${why}.seg` })),
      });
      const said = screen.getAllByTestId('folder-refused').map((one) => one.textContent ?? '');
      expect([language, new Set(said).size]).toEqual([language, reasons.length]);
      for (const one of said) expect(one).not.toMatch(/folder\.(state|refused)|\{\{/);
      cleanup();
    }
  });

  test('U856 what the host takes in by itself is shown by itself, and people with it', async () => {
    vi.useFakeTimers();
    let news = 4;
    const told = showOver(siteHost({ laptops, exchange: () => EXCHANGE, news: () => news }), <Shown />);
    await act(() => vi.advanceTimersByTimeAsync(10));
    const before = { ...told };
    await act(() => vi.advanceTimersByTimeAsync(6_000));
    expect(told).toEqual(before);
    news += 1;
    await act(() => vi.advanceTimersByTimeAsync(2_100));
    expect([told.caughtUp - before.caughtUp, told.people - before.people]).toEqual([1, 1]);
    await act(() => vi.advanceTimersByTimeAsync(6_000));
    expect(told.caughtUp - before.caughtUp).toBe(1);
  });

  test('U858 where the host has taken in nothing of others, nothing is looked for', async () => {
    vi.useFakeTimers();
    const told = showOver(siteHost({ laptops, exchange: () => EXCHANGE, news: () => 0 }), <Shown />);
    await act(() => vi.advanceTimersByTimeAsync(6_000));
    expect(told.caughtUp).toBe(0);
  });

  test('U883 the list of laptops is as of the last look, also where what came in is nobody’s news', async () => {
    vi.useFakeTimers();
    let lastAt = EXCHANGE.lastAt;
    const site = siteHost({ laptops, exchange: () => ({ ...EXCHANGE, lastAt }) });
    showOver(site, <Shown />);
    await act(() => vi.advanceTimersByTimeAsync(10));
    await site.host.nameLaptop({ laptop: 'id of Ben’s laptop', name: 'Cold store' });
    lastAt = '2026-11-22T09:12:05.000Z';
    await act(() => vi.advanceTimersByTimeAsync(2_100));
    expect(screen.getAllByTestId('laptop-row').map((row) => row.textContent)).toContainEqual(
      expect.stringContaining('Cold store'),
    );
  });

  test('U898 a laptop falls silent in its row and above the list while the screen stays open', async () => {
    vi.useFakeTimers();
    let lastAt = EXCHANGE.lastAt;
    const heardAt = new Date(Date.now() - 2 * 3_600_000 + 1_000).toISOString();
    const others = laptops.map((laptop) => (laptop.isHere ? laptop : { ...laptop, entries: 9, heardAt }));
    const site = siteHost({ laptops: others, exchange: () => ({ ...EXCHANGE, lastAt }) });
    showOver(site, <Shown />);
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(screen.queryByText('not heard')).toBeNull();
    lastAt = '2026-11-22T09:12:05.000Z';
    await act(() => vi.advanceTimersByTimeAsync(2_100));
    expect(screen.getAllByText('not heard').length).toBeGreaterThan(0);
    expect(screen.getAllByText('Not heard').length).toBeGreaterThan(0);
  });

  test('U857 behind a lock nothing of others is read, and people who joined are in the list of names', async () => {
    vi.useFakeTimers();
    let news = 4;
    const told = showOver(siteHost({ laptops, exchange: () => EXCHANGE, news: () => news }), <Shown isLocked />);
    await act(() => vi.advanceTimersByTimeAsync(10));
    news += 1;
    await act(() => vi.advanceTimersByTimeAsync(2_100));
    expect([told.caughtUp, told.people]).toEqual([0, 1]);
  });
});
