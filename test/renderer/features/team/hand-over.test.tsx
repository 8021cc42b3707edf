// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { giveFile, PIECE_BYTES } from '../../../../renderer/features/team/give-file.ts';
import { TeamScreen } from '../../../../renderer/features/team/team-screen.tsx';
import { allTexts, LANGUAGES, startTexts } from '../../../../renderer/texts/texts.ts';
import type { Bin } from '../../../../shared/domain/location.ts';
import type { HandOver, HostError } from '../../../../shared/ports/host.ts';
import {
  choose,
  dialog,
  giveRoom,
  HAND_OVER,
  handOverFile,
  HERE,
  JOURNAL,
  laptopOf,
  press,
  showOver,
  siteHost,
} from './site-double.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

const running = () => ({ onPart: () => undefined, signal: new AbortController().signal });
const WHYS: readonly HandOver['problems'][number]['why'][] = [
  'not_enrolled',
  'wrong_signature',
  'missing_before',
  'broken',
  'fork',
  'newer_version',
  'revoked',
  'veiled',
];

/** Bytes of which no two pieces are alike. */
function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + (at >> 11)) & 0xff;
  return bytes;
}

async function lookAt(handOver: HandOver, bins: readonly Bin[] = []): Promise<ReturnType<typeof siteHost>> {
  const site = siteHost({ handOver });
  showOver(site, <TeamScreen />, { bins });
  await screen.findByTestId('hand-over-file');
  await choose('hand-over-file', handOverFile());
  await screen.findByRole('dialog');
  return site;
}

describe('giving a file to the host', () => {
  test('U809 a file reaches the host byte for byte, in order, in pieces of at most 4 MB', async () => {
    for (const length of [0, 1, PIECE_BYTES, 2 * PIECE_BYTES + 5]) {
      const site = siteHost({});
      const bytes = bytesOf(length);
      const parts: number[] = [];
      const given = await giveFile(site.host, new File([bytes], 'f'), {
        ...running(),
        onPart: (part) => parts.push(part),
      });
      expect(given).toEqual({ ok: true, value: 'given' });
      expect(Buffer.compare(site.given(), bytes)).toBe(0);
      const pieces = site.inputsOf('giveHandOver') as readonly { at: number; bytes: string }[];
      expect(pieces.map(({ at }) => at)).toEqual(
        Array.from({ length: Math.max(1, Math.ceil(length / PIECE_BYTES)) }, (_, at) => at * PIECE_BYTES),
      );
      expect(Math.max(...pieces.map(({ bytes: text }) => (text.length / 4) * 3))).toBeLessThanOrEqual(4_000_000);
      expect(parts.at(-1)).toBe(1);
    }
  });

  test('U810 reading can be stopped between two pieces, and a stick that is pulled out is said', async () => {
    const stop = new AbortController();
    const site = siteHost({});
    const file = new File([bytesOf(3 * PIECE_BYTES)], 'f');
    const stopped = await giveFile(site.host, file, { onPart: () => stop.abort(), signal: stop.signal });
    expect(stopped).toEqual({ ok: true, value: 'stopped' });
    expect(site.inputsOf('giveHandOver')).toHaveLength(1);

    const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
    expect(await giveFile(site.host, gone as unknown as Blob, running())).toMatchObject({
      error: { code: 'file_not_read' },
    });
    const short = { size: 10, slice: () => new Blob(['1234']) };
    expect(await giveFile(site.host, short as unknown as Blob, running())).toMatchObject({
      error: { code: 'file_not_read' },
    });
  });
});

describe('handing over', () => {
  test('U808 saving for other laptops says how much went into the file', async () => {
    const site = siteHost({});
    showOver(site, <TeamScreen />);
    await screen.findByRole('button', { name: 'Save for other laptops' });
    fireEvent.keyDown(window, { key: 's' });
    expect((await screen.findByTestId('hand-over-saved')).textContent).toMatch(/^1,244 entries saved/);
    expect(screen.getByTestId('live').textContent).toMatch(/1,244 entries saved/);
    expect(site.inputsOf('saveHandOver')).toHaveLength(1);
  });

  test('U881 a file for laptops that count is offered where there are some, by a key of its own', async () => {
    const alone = siteHost({ laptops: [HERE, laptopOf('Desk', { role: 'supervising' })] });
    showOver(alone, <TeamScreen />);
    await screen.findByRole('button', { name: 'Save for other laptops' });
    expect(screen.queryByRole('button', { name: 'Save for counting laptops' })).toBeNull();
    cleanup();
    const site = siteHost({ laptops: [HERE, laptopOf('Cold store')] });
    showOver(site, <TeamScreen />);
    await screen.findByRole('button', { name: 'Save for counting laptops' });
    fireEvent.keyDown(window, { key: 'c' });
    await screen.findByTestId('hand-over-saved');
    fireEvent.keyDown(window, { key: 's' });
    await waitFor(() =>
      expect(site.inputsOf('saveHandOver')).toEqual([{ isForCounting: true }, { isForCounting: false }]),
    );
  });

  test('U811 what a file holds is told before anything of it is taken, and leaving it takes nothing', async () => {
    const site = await lookAt({
      ...HAND_OVER,
      refused: 12,
      catalogues: 2,
      overlapping: ['A-07'],
      problems: [{ laptop: 'Cleo’s laptop', why: 'missing_before', fromSeq: 1201 }],
    });
    expect(dialog().getByRole('heading').textContent).toBe('Take in what Ben’s laptop has saved?');
    expect(screen.getByTestId('hand-over-facts').textContent).toMatch(
      /From.*Ben’s laptop.*Saved.*22.*2026.*North.*New entries40.*Already here1,204.*2: A-07 and A-08.*1: A-07.*Not counted12.*2 lists/,
    );
    expect(dialog().getByText(/^A-07 was counted on another laptop, too\. Nothing is overwritten/)).toBeTruthy();
    expect(dialog().getByText(/^12 entries will be shown and not counted/)).toBeTruthy();
    expect(screen.getByTestId('hand-over-problems').textContent).toMatch(/Cleo’s laptop.*1,201.*saved itself\.$/);
    press('Leave it');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(site.inputsOf('takeHandOver')).toEqual([]);
  });

  test('U845 a file names a bin with its building where two buildings have one of that name', async () => {
    const at = (code: string, site: string): Bin => ({ code, label: 'A-07', site, zone: '', walk: 1 });
    await lookAt({ ...HAND_OVER, overlapping: ['A-07'] }, [at('A-07', 'Main'), at('A-07 · Annex', 'Annex')]);
    expect(screen.getByTestId('hand-over-facts').textContent).toMatch(/2: A-07 · Main and A-08.*1: A-07 · Main/);
    expect(dialog().getByText(/^A-07 · Main was counted on another laptop, too\./)).toBeTruthy();
  });

  test('U830 a file says how many entries the people whom they name did not sign, in every language', async () => {
    for (const language of LANGUAGES) {
      await startTexts(language);
      for (const unsigned of [1, 3]) {
        await lookAt({ ...HAND_OVER, refused: 12, unsigned });
        const text = screen.getByRole('dialog').textContent ?? '';
        expect(text).toMatch(new RegExp(`${unsigned} (of them|davon).*PIN`));
        cleanup();
      }
      await lookAt({ ...HAND_OVER, refused: 12 });
      expect(screen.getByRole('dialog').textContent).not.toMatch(/of them|davon/);
      cleanup();
    }
  });

  test('U811 of many bins a dozen are named and the others counted', async () => {
    await lookAt({ ...HAND_OVER, bins: Array.from({ length: 41 }, (_, at) => `A-${at + 10}`) });
    expect(screen.getByTestId('hand-over-facts').textContent).toContain('41: A-10, A-11');
    expect(screen.getByTestId('hand-over-facts').textContent).toContain('A-21 and 29 more');
    expect(screen.getByTestId('hand-over-facts').textContent).not.toContain('A-22');
  });

  test('U811 a file with nothing new can only be put away', async () => {
    const site = await lookAt({ ...HAND_OVER, fresh: 0 });
    expect(dialog().getByRole('heading').textContent).toBe('Nothing to take in from Ben’s laptop');
    expect(dialog().queryByRole('button', { name: 'Take in' })).toBeNull();
    fireEvent.keyDown(dialog().getByRole('heading'), { key: 'Enter' });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(site.inputsOf('takeHandOver')).toEqual([]);
  });

  test('U812 each reason why a laptop’s entries are not taken has a sentence of its own in every language', async () => {
    for (const language of LANGUAGES) {
      await startTexts(language);
      await lookAt({
        ...HAND_OVER,
        problems: WHYS.map((why) => ({ laptop: 'Cleo', why, fromSeq: 77 })),
      });
      const said = [...screen.getByTestId('hand-over-problems').children].map(({ textContent }) => textContent ?? '');
      expect(new Set(said).size).toBe(WHYS.length);
      for (const one of said) expect(one).toMatch(/Cleo.*\. .*\.$/);
      cleanup();
    }
  });

  test('U813 what was taken is shown: the ledger takes in the chains, people and lists are read anew, and it is said', async () => {
    const site = siteHost({ handOver: { ...HAND_OVER, catalogues: 1 } });
    const told = showOver(site, <TeamScreen />);
    await screen.findByRole('button', { name: 'Take in a file' });
    await choose('hand-over-file', handOverFile());
    fireEvent.keyDown((await screen.findByRole('dialog')).querySelector('h2') ?? document.body, { key: 'Enter' });
    expect((await screen.findByTestId('hand-over-taken')).textContent).toBe(
      '40 new entries came in from Ben’s laptop.',
    );
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(site.inputsOf('takeHandOver')).toHaveLength(1);
    expect(told).toEqual({ chains: [JOURNAL], catalogues: 1, people: 1, caughtUp: 0 });
    expect(screen.getByTestId('live').textContent).toContain('40 new entries came in');
  });

  test('U813 what came in and cannot be shown yet is said to be safe', async () => {
    showOver(siteHost({ handOver: HAND_OVER }), <TeamScreen />, { refuses: { code: 'not_stored', detail: 'full' } });
    await screen.findByRole('button', { name: 'Take in a file' });
    await choose('hand-over-file', handOverFile());
    press('Take in');
    const said = await screen.findByText(/^What came in is safe, but the screens do not show it yet/);
    expect(said.textContent).toContain('(full)');
  });

  test('U814 a file may be dropped as well, is read with its progress, and can be stopped', async () => {
    let goOn = () => {};
    const site = siteHost({
      handOver: HAND_OVER,
      beforePiece: () => new Promise((resolve) => (goOn = resolve)),
    });
    showOver(site, <TeamScreen />);
    await screen.findByRole('button', { name: 'Take in a file' });
    await act(async () => {
      fireEvent.drop(screen.getByTestId('hand-over-file-drop'), { dataTransfer: { files: [handOverFile()] } });
    });
    const bar = await screen.findByRole('progressbar', { name: /^Reading ben\.tallybook/ });
    expect(bar.getAttribute('aria-valuenow')).toBe('0');
    expect(document.activeElement?.textContent).toBe('Stop');
    press('Stop');
    expect(screen.getAllByText('Stopped. Nothing was taken.').length).toBeGreaterThan(0);
    await act(async () => goOn());
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(site.inputsOf('lookAtHandOver')).toEqual([]);
    expect(screen.getByRole('button', { name: 'Take in a file' })).toBeTruthy();
  });

  test('U814 every step has a key: F chooses, Enter takes, Esc leaves', async () => {
    const site = siteHost({ handOver: HAND_OVER });
    showOver(site, <TeamScreen />);
    await screen.findByRole('button', { name: 'Take in a file' });
    let opened = 0;
    screen.getByTestId('hand-over-file').addEventListener('click', () => (opened += 1));
    fireEvent.keyDown(window, { key: 'f' });
    expect(opened).toBe(1);
    await choose('hand-over-file', handOverFile());
    fireEvent(await screen.findByRole('dialog'), new Event('cancel', { cancelable: true }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(site.inputsOf('takeHandOver')).toEqual([]);
  });

  test('U815 a file that is refused says why in words of its own, in every language, and nothing is taken', async () => {
    const whys = ['not_one', 'cut_short', 'changed', 'newer_version'] as const;
    for (const language of LANGUAGES) {
      await startTexts(language);
      const said = new Set<string>();
      for (const refusal of [
        ...whys.map((why): HostError => ({ code: 'bad_hand_over', why })),
        { code: 'other_site', site: 'South' } as const,
      ]) {
        const site = siteHost({ handOver: HAND_OVER, refusals: { lookAtHandOver: refusal } });
        showOver(site, <TeamScreen />);
        await screen.findByTestId('hand-over-file');
        await choose('hand-over-file', handOverFile());
        said.add((await screen.findByRole('alert')).textContent ?? '');
        expect(site.inputsOf('takeHandOver')).toEqual([]);
        cleanup();
      }
      expect(said.size).toBe(5);
      const general = allTexts()[language]?.['errors']?.['bad_hand_over'];
      for (const one of said) expect(one).not.toContain(general);
      expect([...said].some((one) => one.includes('South'))).toBe(true);
    }
  });
});
