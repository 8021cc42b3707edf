import { describe, expect, test } from 'vitest';
import { err, ok } from '../../../shared/domain/result.ts';
import type { HostInput } from '../../../shared/ports/host.ts';
import { lineProgress, placesUnderWay } from '../../../shared/sync/outbox/outbox.ts';
import { BATCH, CONNECTION, createLaptop, PLACE, plannedOf, type Laptop } from './laptop.ts';
import { posted } from './entries.ts';
import { paperRemote, type PaperRemote } from './paper-remote.ts';
import { figureKey } from '../../../shared/ports/figure-key.ts';

const at = (laptop: Laptop) => new Date(laptop.now()).toISOString();
const stockOf = ({ stock }: PaperRemote, item: string) => stock.get(figureKey(item, PLACE));
const codeOf = (answer: { ok: true } | { ok: false; error: { code: string } }) =>
  answer.ok ? 'ok' : answer.error.code;

/** A laptop that is mapped to the one place, and has read these figures. */
async function shop(paper: PaperRemote, held: Readonly<Record<string, number>>): Promise<Laptop> {
  const laptop = createLaptop({ [CONNECTION]: paper });
  laptop.add({
    kind: 'mapping_set',
    connection: CONNECTION,
    items: [],
    sites: [{ site: 'Main', remoteLocation: PLACE }],
  });
  for (const [item, quantity] of Object.entries(held)) paper.stock.set(figureKey(item, PLACE), quantity);
  await read(laptop, Object.keys(held));
  return laptop;
}

const read = (laptop: Laptop, items?: string[]) =>
  laptop.desk().pull({ connection: CONNECTION, ...(items !== undefined && { items }) });

type Decision = HostInput<'decideDrift'>;
const row = (item: string, ours: string, theirs: string | null) => ({
  item,
  remoteItem: item,
  remoteLocation: PLACE,
  ours,
  theirs,
});
const decision = (more: Partial<Decision>): Decision => ({
  connection: CONNECTION,
  decision: 'd1',
  choice: 'send_ours',
  rows: [row('TEA', '5', '7')],
  corrections: [],
  ...more,
});

describe('differences', () => {
  test('O126 whose figure stands is sealed with the request that makes it so; decided twice, it is sent once', async () => {
    const paper = paperRemote();
    const laptop = await shop(paper, { TEA: 7, CUP: 1 });
    const rows = [row('TEA', '5', '7'), row('CUP', '4', '1')];
    const sealed = await laptop.desk().decideDrift('p1', decision({ rows }));
    expect(sealed.ok && sealed.value.entries.map(({ by, fact }) => [by, fact.kind])).toEqual([
      ['p1', 'drift_decided'],
      ['p1', 'send_frozen'],
    ]);
    expect(placesUnderWay(laptop.outbox(), CONNECTION)).toEqual(new Set(rows.map((one) => figureKey(one.item, PLACE))));
    const again = await laptop.desk().decideDrift('p1', decision({ rows }));
    expect(again.ok && again.value.entries).toEqual([]);
    expect(await laptop.run()).toBe(true);
    expect([stockOf(paper, 'TEA'), stockOf(paper, 'CUP')]).toEqual([5, 4]);
    expect(paper.met).toHaveLength(1);
  });

  test('O127 only the newest figure may be decided about, and not while something of ours is on its way there', async () => {
    const paper = paperRemote();
    const laptop = await shop(paper, { TEA: 7 });
    const decide = async (more: Partial<Decision>) => codeOf(await laptop.desk().decideDrift('p1', decision(more)));
    expect(await decide({ rows: [row('TEA', '5', '6')] })).toBe('bad_request');
    expect(await decide({ rows: [row('TEA', '5', null)] })).toBe('bad_request');
    expect(await decide({ rows: [row('CUP', '5', '7')] })).toBe('bad_request');
    expect(await decide({ rows: [row('TEA', '5', '7'), row('TEA', '5', '7')] })).toBe('bad_request');
    expect(await decide({})).toBe('ok');
    expect(await decide({ decision: 'd2' })).toBe('bad_request');
    expect(await laptop.run()).toBe(true);
    // Done: but the figure was read before, and says nothing of it.
    expect(await decide({ decision: 'd2' })).toBe('bad_request');
    await read(laptop, ['TEA']);
    expect(await decide({ decision: 'd2', rows: [row('TEA', '6', '5')] })).toBe('ok');
    laptop.restart();
    expect(await decide({ decision: 'd3', rows: [row('TEA', '6', '5')] })).toBe('bad_request');
  });

  test('O128 a figure that was read while a change of ours was on its way is not worked from', async () => {
    const paper = paperRemote();
    const laptop = await shop(paper, { TEA: 7 });
    await laptop.send(['TEA']);
    const reading = read(laptop, ['TEA']);
    await laptop.flush().all();
    await reading;
    expect(codeOf(await laptop.desk().decideDrift('p1', decision({})))).toBe('bad_request');
  });

  test('O129 taking theirs needs corrections of just these items that come to theirs less ours', async () => {
    const laptop = await shop(paperRemote(), { TEA: 7 });
    const take = (...corrections: Decision['corrections']) =>
      laptop.desk().decideDrift('p1', decision({ choice: 'take_theirs', corrections }));
    expect(codeOf(await take())).toBe('bad_request');
    expect(codeOf(await take({ item: 'TEA', bin: 'A', quantity: '3' }))).toBe('bad_request');
    expect(codeOf(await take({ item: 'CUP', bin: 'A', quantity: '2' }))).toBe('bad_request');
    const taken = await take({ item: 'TEA', bin: 'A', quantity: '3' }, { item: 'tea', bin: 'B', quantity: '-1' });
    expect(taken.ok && taken.value.entries.map(({ fact }) => fact.kind)).toEqual([
      'drift_decided',
      'stock_changed',
      'stock_changed',
    ]);
  });

  test('O130 a decided difference that the remote refuses without a name is halved like any other', async () => {
    const paper = paperRemote();
    const laptop = await shop(paper, { TEA: 7, CUP: 1 });
    paper.poisoned.add('CUP');
    await laptop.desk().decideDrift('p1', decision({ rows: [row('TEA', '5', '7'), row('CUP', '4', '1')] }));
    expect(await laptop.run()).toBe(true);
    expect([stockOf(paper, 'TEA'), stockOf(paper, 'CUP')]).toEqual([5, 1]);
    expect(laptop.state().left.size).toBe(0);
  });
});

describe('amounts that stand on a figure', () => {
  const line = posted('TEA', 'A', '9', '2');
  const freeze = (laptop: Laptop, more: object, delivery: 'request' | 'file' = 'request') =>
    laptop.desk().freeze('p1', {
      connection: CONNECTION,
      batch: BATCH,
      lines: [{ ...plannedOf(line, at(laptop)), ...more }],
      stopped: [],
      delivery,
    });

  test('O131 counted less a first figure is frozen only where that is the newest figure seen', async () => {
    const laptop = await shop(paperRemote({ tracking: true }), { TEA: 30 });
    laptop.add({ kind: 'lines_posted', batch: BATCH, lines: [line] });
    expect(codeOf(await freeze(laptop, { from: '29', quantity: '-20' }))).toBe('bad_request');
    expect(codeOf(await freeze(laptop, { from: '30', quantity: '-20' }))).toBe('not_the_posted_amount');
    expect(codeOf(await freeze(laptop, { from: '30', quantity: '-21' }))).toBe('ok');
  });

  test('O132 a file holds absolute rows on the newest figures, waits for a person, and then for the remote', async () => {
    const paper = paperRemote({ files: true });
    const laptop = await shop(paper, { TEA: 7, CUP: 1 });
    laptop.add({ kind: 'lines_posted', batch: BATCH, lines: [line] });
    expect(codeOf(await freeze(laptop, {}, 'file'))).toBe('bad_request');
    const frozen = await freeze(laptop, { from: '7' }, 'file');
    const request = [...laptop.outbox().values()][0];
    expect([codeOf(frozen), request?.request.delivery]).toEqual(['ok', 'file']);
    expect(await laptop.run()).toBe(true);
    expect(paper.met).toEqual([]);

    // A change of the same place waits behind it; one of another place does not.
    await laptop.send(['CUP'], { batch: 'b2' });
    await laptop.send(['TEA'], { batch: 'b3' });
    expect(await laptop.run()).toBe(true);
    expect(paper.met.map((one) => one.lines[0]?.item)).toEqual(['CUP']);

    const step = { connection: CONNECTION, request: request?.id ?? '' };
    const url = 'https://files.example/secret-name.csv';
    expect(codeOf(await laptop.desk().startFile('p1', { ...step, url }))).toBe('ok');
    expect(codeOf(await laptop.desk().startFile('p1', { ...step, url }))).toBe('bad_request');
    expect(JSON.stringify(laptop.entries)).not.toContain('secret-name');
    paper.file.done = 1;
    expect(await laptop.run()).toBe(true);
    expect([...laptop.outbox().values()].map((one) => one.state)).toEqual(['confirmed', 'confirmed', 'confirmed']);
  });

  test('O152 a file whose start may have been heard is never called undone: stopped, a person says how far it came', async () => {
    const paper = paperRemote({ files: true });
    const laptop = await shop(paper, { TEA: 7 });
    laptop.add({ kind: 'lines_posted', batch: BATCH, lines: [line] });
    await freeze(laptop, { from: '7' }, 'file');
    const request = [...laptop.outbox().values()][0]?.id ?? '';
    const step = { connection: CONNECTION, request };
    paper.remote.startFile = () => Promise.resolve(err({ code: 'unknown_outcome', detail: '' }));
    await laptop.desk().startFile('p1', { ...step, url: 'https://files.example/a.csv' });
    paper.remote.startFile = () => Promise.resolve(err({ code: 'not_sent', detail: '' }));
    await laptop.desk().startFile('p1', { ...step, url: 'https://files.example/a.csv' });
    expect(laptop.outbox().get(request)?.state).toBe('unknown');
    await laptop.desk().abortFile(step);
    expect(laptop.outbox().get(request)).toMatchObject({
      state: 'split',
      resendRefs: [],
      doubtful: [{ before: null }],
    });

    // One that was certainly not heard is open again, and may be put into a file anew.
    const [doubtful] = laptop.outbox().get(request)?.doubtful ?? [];
    const missing = [doubtful?.ref ?? ''];
    laptop.add({ kind: 'doubt_settled', connection: CONNECTION, request, arrived: [], missing });
    await read(laptop, ['TEA']);
    expect(codeOf(await freeze(laptop, { from: '7' }, 'file'))).toBe('ok');
  });

  test('O133 of a file, refused rows are refused, done rows stay done, and what a person stopped is open for the next plan', async () => {
    const paper = paperRemote({ files: true });
    const items = ['I0', 'I1', 'I2'];
    const laptop = await shop(paper, { I0: 1, I1: 1, I2: 1 });
    const lines = items.map((item) => posted(item, 'A', '5', '1'));
    laptop.add({ kind: 'lines_posted', batch: BATCH, lines });
    await laptop.desk().freeze('p1', {
      connection: CONNECTION,
      batch: BATCH,
      lines: lines.map((one) => ({ ...plannedOf(one, at(laptop)), from: '1' })),
      stopped: [],
      delivery: 'file',
    });
    const request = [...laptop.outbox().values()][0];
    const step = { connection: CONNECTION, request: request?.id ?? '' };
    await laptop.desk().startFile('p1', { ...step, url: 'https://files.example/a.csv' });
    paper.file.done = 2;
    paper.file.refused.add(request?.request.lines[1]?.ref ?? '');
    await laptop.run(20_000);
    expect(codeOf(await laptop.desk().abortFile(step))).toBe('ok');
    expect(await laptop.run()).toBe(true);
    const after = laptop.outbox().get(step.request);
    expect(after?.request.lines.map((one) => (after ? lineProgress(after, one.ref) : ''))).toEqual([
      'confirmed',
      'rejected',
      'again',
    ]);
    expect(paper.met).toEqual([]);
    // What was stopped is for a person's next plan, not for the loop.
    expect(laptop.marks().waiting).toBe(1);
  });
});

describe('a clock that is wrong', () => {
  const HOUR_MS = 3_600_000;
  const iso = (ms: number) => new Date(ms).toISOString();

  test('O171 a window of movements that ends in the remote’s future is read, and not taken as read to its end', async () => {
    for (const [ahead, complete] of [
      [5 * HOUR_MS, false],
      [-5 * HOUR_MS, true],
      [1_000, true],
    ] as const) {
      const paper = paperRemote();
      paper.remote.movements = async () => ok({ movements: [] });
      const laptop = await shop(paper, {});
      laptop.tellClock(ahead);
      const [from, to] = [iso(laptop.now() - HOUR_MS), iso(laptop.now() - 2_000)];
      const window = { connection: CONNECTION, run: 'r', from, to };
      expect(await laptop.desk().pullMovements(window)).toMatchObject({ value: { clockAheadMs: ahead } });
      expect(laptop.entries.at(-1)?.fact).toMatchObject({ kind: 'remote_moved', complete });
      const ended = { ...window, to: iso(laptop.now() - ahead - 2_000) };
      if (!complete) await laptop.desk().pullMovements({ ...ended, from: iso(Date.parse(ended.to) - HOUR_MS) });
      expect(laptop.entries.at(-1)?.fact).toMatchObject({ complete: true });
    }
  });

  test('O172 a change is stamped with the remote’s present where ours is known to be wrong, and never later than now', async () => {
    const stampOf = async (asked: number, ahead?: number) => {
      const paper = paperRemote();
      const laptop = await shop(paper, {});
      if (ahead !== undefined) laptop.tellClock(ahead);
      const line = posted('I0', 'A', '5', '1', { anchor: 'd1-I0' });
      laptop.add({ kind: 'lines_posted', batch: BATCH, lines: [line] });
      const lines = [plannedOf(line, iso(laptop.now() + asked))];
      await laptop.desk().freeze('p1', { connection: CONNECTION, batch: BATCH, lines, stopped: [] });
      const fact = laptop.entries.at(-1)?.fact;
      const stamp = fact?.kind === 'send_frozen' ? fact.requests[0]?.lines[0]?.occurredAt : undefined;
      return Date.parse(stamp ?? '') - laptop.now();
    };
    expect(await stampOf(-HOUR_MS)).toBe(-HOUR_MS);
    expect(await stampOf(HOUR_MS)).toBe(-2_000);
    expect(await stampOf(-HOUR_MS, 30_000)).toBe(-HOUR_MS);
    expect(await stampOf(0, -15 * HOUR_MS)).toBe(15 * HOUR_MS - 2_000);
    expect(await stampOf(-HOUR_MS, 15 * HOUR_MS)).toBe(-15 * HOUR_MS - 2_000);
  });
});
