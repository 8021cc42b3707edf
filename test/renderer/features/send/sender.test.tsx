// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Sender } from '../../../../renderer/features/send/sender.tsx';
import { NO_SENDING, type Connection } from '../../../../renderer/ledger/sending-state.ts';
import { TeamScreen } from '../../../../renderer/features/team/team-screen.tsx';
import { LANGUAGES, startTexts } from '../../../../renderer/texts/texts.ts';
import type { ConnectionHolder } from '../../../../shared/ports/host.ts';
import { dialog, giveRoom, HERE, laptopOf, press, showOver, siteHost } from '../team/site-double.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

const ANNA = laptopOf('Anna’s laptop', { role: 'supervising' });
const CONNECTION: Connection = {
  id: 'c1',
  remote: 'square',
  name: 'Main St',
  settings: {},
  since: '2026-11-22T08:00:00.000Z',
  savedOn: HERE.laptop,
  laptop: HERE.laptop,
};
const HOLDER: ConnectionHolder = {
  connection: 'c1',
  laptop: HERE.laptop,
  name: HERE.name,
  isHere: true,
  here: HERE.laptop,
  mayTake: false,
  mayGive: [
    { laptop: ANNA.laptop, name: ANNA.name },
    { laptop: 'id of Yard', name: 'Yard' },
  ],
  stoppedBy: null,
  left: [],
};

function show(more: Partial<ConnectionHolder>, roles: Parameters<typeof showOver>[2] = {}) {
  const site = siteHost({ laptops: [HERE, ANNA] });
  let doubts = 0;
  const holder = { ...HOLDER, ...more };
  const onDoubts = () => {
    doubts += 1;
  };
  showOver(site, <Sender holder={holder} connection={CONNECTION} title="Square" onDoubts={onDoubts} />, roles);
  return { site, doubts: () => doubts };
}

describe('who sends', () => {
  test('U835 a connection says which laptop sends over it, and why it is stopped where another one came first', () => {
    show({});
    expect(screen.getByTestId('sender').textContent).toContain('This laptop sends over this connection.');
    cleanup();
    show({ isHere: false, name: ANNA.name, mayGive: [] });
    expect(screen.getByTestId('sender').textContent).toBe('Anna’s laptop sends over this connection.');
    expect(screen.queryByRole('button')).toBeNull();
    cleanup();
    show({ stoppedBy: { connection: 'c0', name: 'Till', laptop: ANNA.name } });
    expect(screen.getByRole('alert').textContent).toMatch(
      /Anna’s laptop sends to this Square account already, over the connection “Till”/,
    );
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('U836 another laptop is let send: chosen, said what it means, and the way back leaves it as it is', async () => {
    const { site } = show({});
    press('Let another laptop send…');
    expect(document.activeElement?.textContent).toContain('Leave it as it is');
    expect(dialog().getByText(/This laptop stops at once/)).toBeTruthy();
    press(/^Leave it as it is/);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(site.inputsOf('holdConnection')).toEqual([]);
    press('Let another laptop send…');
    fireEvent.change(dialog().getByLabelText('Laptop'), { target: { value: 'id of Yard' } });
    press('Let it send');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(site.inputsOf('holdConnection')).toEqual([{ connection: 'c1', laptop: 'id of Yard' }]);
  });

  test('U837 a connection is taken over from a revoked laptop alone, by who may, after a plain question', async () => {
    const gone = { isHere: false, name: ANNA.name, laptop: ANNA.laptop, mayGive: [] };
    show({ ...gone, mayTake: true }, { roles: ['lead'] });
    expect(screen.queryByRole('button')).toBeNull();
    cleanup();
    const { site } = show({ ...gone, mayTake: true }, { roles: ['approver'] });
    press('Send from here');
    expect(dialog().getByText(/Anna’s laptop was revoked\..*nothing of it is sent again before that/)).toBeTruthy();
    fireEvent.submit(screen.getByRole('dialog').querySelector('form') ?? screen.getByRole('dialog'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(site.inputsOf('holdConnection')).toEqual([{ connection: 'c1', laptop: HERE.laptop }]);
  });

  test('U847 of a connection whose laptop was revoked it is said that it was, in every language', async () => {
    for (const language of LANGUAGES) {
      await startTexts(language);
      show({ isHere: false, name: ANNA.name, laptop: ANNA.laptop, mayGive: [], mayTake: true });
      expect(screen.getByTestId('sender').textContent).toMatch(/^Anna’s laptop .*(was revoked|wurde ausgeschlossen)\./);
      cleanup();
    }
    await startTexts('en');
  });

  test('U838 what another laptop may have sent is named with its lines, and put in doubt on request', async () => {
    const left = [{ name: 'Ben’s laptop', lines: 12 }];
    const { site, doubts } = show({ left }, { roles: ['approver'] });
    expect(screen.getByTestId('left-over').textContent).toBe(
      'Ben’s laptop may have sent these 12 lines. Look at Square, then say what arrived.',
    );
    press('Say what arrived');
    await waitFor(() => expect(doubts()).toBe(1));
    expect(site.inputsOf('takeOverRequests')).toEqual([{ connection: 'c1' }]);
    cleanup();
    show({ left }, { roles: ['counter'] });
    expect(screen.queryByRole('button', { name: 'Say what arrived' })).toBeNull();
  });

  test('U839 the list of laptops says what each sends to', async () => {
    const connections = new Map([
      ['c1', CONNECTION],
      ['c2', { ...CONNECTION, id: 'c2', name: 'Web shop', laptop: ANNA.laptop }],
    ]);
    showOver(siteHost({ laptops: [HERE, ANNA] }), <TeamScreen />, { sending: { ...NO_SENDING, connections } });
    await screen.findByRole('columnheader', { name: 'Sends to' });
    const [here = '', anna = ''] = screen.getAllByTestId('laptop-row').map((row) => row.textContent ?? '');
    expect([here.includes('Main St'), here.includes('Web shop')]).toEqual([true, false]);
    expect([anna.includes('Main St'), anna.includes('Web shop')]).toEqual([false, true]);
  });
});
