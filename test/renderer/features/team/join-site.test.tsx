// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { App } from '../../../../renderer/app/app.tsx';
import { FirstPerson } from '../../../../renderer/app/first-run.tsx';
import { startTallybook } from '../../../../renderer/app/start-tallybook.ts';
import { wasRestored } from '../../../../renderer/app/restored.ts';
import type { Wiring } from '../../../../renderer/app/wiring.ts';
import { startScans } from '../../../../renderer/scan/scans.tsx';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import { ok } from '../../../../shared/domain/result.ts';
import type { Host, Team } from '../../../../shared/ports/host.ts';
import {
  ASKED,
  choose,
  HAND_OVER,
  handOverFile,
  JOURNAL,
  personOf,
  press,
  REQUEST,
  showBefore,
  siteHost,
  type,
  WORDS,
  type Site,
} from './site-double.tsx';

beforeAll(() => {
  // The one place for news is a popover, which is not drawn here.
  Object.assign(HTMLElement.prototype, { showPopover() {}, hidePopover() {} });
});
beforeEach(async () => {
  localStorage.clear();
  await startTexts('en');
});
afterEach(cleanup);

function showFirst(site: Site, asked: Team['asked'] = null): { joined: number } {
  const seen = { joined: 0 };
  showBefore(
    <FirstPerson
      host={site.host}
      laptop="cold-pc"
      asked={asked}
      sounds={{ notTaken: () => undefined }}
      onMade={() => expect.fail('nobody was made')}
      onJoined={() => (seen.joined += 1)}
    />,
  );
  return seen;
}

const wordsShown = (): readonly (string | null)[] =>
  [...screen.getByTestId('words').children].map(({ textContent }) => textContent);

describe('a laptop that joins others', () => {
  test('U816 it is named, its request is a code to scan and a file as often as asked, and eight words are shown', async () => {
    const site = siteHost({ here: 'none', handOver: HAND_OVER });
    showFirst(site);
    press(/^This laptop joins others/);
    type('Name of this laptop', ' ');
    press('Make the request');
    expect(screen.getByText('Type a name for this laptop.')).toBeTruthy();
    type('Name of this laptop', 'Ben’s laptop');
    press('Make the request');
    await screen.findByRole('img', { name: 'Code of the request of Ben’s laptop' });
    expect(site.inputsOf('saveFile')).toEqual([]);
    press('Save the request');
    await screen.findByText('The request is saved.');
    expect(site.inputsOf('askToJoin')).toEqual([{ laptop: 'Ben’s laptop' }]);
    const file = { suggestedName: 'tallybook-request-Ben-s-laptop.json', text: REQUEST };
    expect(site.inputsOf('saveFile')).toEqual([file]);
    expect(wordsShown()).toEqual(WORDS);
    press('Save the request');
    await waitFor(() => expect(site.inputsOf('saveFile')).toEqual([file, file]));
  });

  test('U816 the site’s file is looked at like any other, and taking it is told to the app', async () => {
    const site = siteHost({ here: 'asked', handOver: HAND_OVER });
    const seen = showFirst(site, ASKED);
    await choose('hand-over-file', handOverFile());
    await screen.findByRole('heading', { name: 'Take in what Ben’s laptop has saved?' });
    expect(site.inputsOf('takeHandOver')).toEqual([]);
    press('Take in');
    await waitFor(() => expect(seen.joined).toBe(1));
    // All of it comes from elsewhere: a page without it is no news.
    expect(wasRestored()).toBe(true);
  });

  test('U816 a file that cannot be taken is said, and nothing has changed', async () => {
    const refusals = { takeHandOver: { code: 'other_site', site: 'South' } } as const;
    const site = siteHost({ here: 'asked', handOver: HAND_OVER, refusals });
    const seen = showFirst(site, ASKED);
    await choose('hand-over-file', handOverFile());
    press('Take in');
    expect((await screen.findByRole('alert')).textContent).toMatch(/South/);
    expect([seen.joined, wasRestored()]).toEqual([0, false]);
  });

  test('U817 after a restart it stands where it was: its words and its code are shown, and the request can be saved', async () => {
    const site = siteHost({ here: 'asked' });
    showFirst(site, ASKED);
    expect(wordsShown()).toEqual(WORDS);
    expect(screen.getByTestId('qr-code')).toBeTruthy();
    expect(site.calls).toEqual([]);
    press('Save the request');
    await screen.findByText('The request is saved.');
    expect(site.inputsOf('saveFile')).toHaveLength(1);
    press('Back');
    expect(screen.getByRole('heading', { name: 'Who are you?' })).toBeTruthy();
  });

  test('U817 once it has taken the file, the app asks anew who there is and shows the site’s people', async () => {
    const site = siteHost({ here: 'asked', handOver: HAND_OVER });
    let taken = false;
    const mia = personOf(['admin']);
    const here = () =>
      ok({
        appVersion: '1',
        laptop: 'cold-pc',
        people: taken ? [mia] : [],
        signedIn: null,
        journal: { ...JOURNAL, chains: undefined },
        vault: 'keyring' as const,
        lockAfterMs: 0,
        dispute: null,
      });
    const files = { mended: [], entry: 'open' as const, hasRecoveryCode: true, pinLengths: {} };
    const host = {
      ...site.host,
      start: async () => ok({ ...here().value, files }),
      whoIsHere: async () => here(),
      checkDisk: async () => ok({}),
      takeHandOver: async () => {
        taken = true;
        return site.host.takeHandOver({});
      },
    } as Host;
    const scans = startScans(window, () => []);
    const wiring = {
      host,
      scans,
      sounds: { notTaken() {}, noted() {} },
      start: startTallybook,
      open: () => new Promise(() => undefined),
      loadSample: async () => ok(null),
    } as unknown as Wiring;
    render(<App wiring={wiring} />);
    await screen.findByTestId('words');
    await choose('hand-over-file', handOverFile());
    await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Take in' })));
    expect(await screen.findByLabelText('PIN of Mia')).toBeTruthy();
    scans.stop();
  });
});
