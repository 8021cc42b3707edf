import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FrozenRequest } from '../../../shared/domain/ledger-entry.ts';
import { err } from '../../../shared/domain/result.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import { lineProgress } from '../../../shared/sync/outbox/outbox.ts';
import { BATCH, CONNECTION, createLaptop, PLACE, plannedOf, type Laptop } from './laptop.ts';
import { posted } from './entries.ts';
import { paperRemote, type Fate, type PaperRemote } from './paper-remote.ts';
import { figureKey } from '../../../shared/ports/figure-key.ts';

const names = (count: number) => Array.from({ length: count }, (_, one) => `I${one}`);
const stockOf = ({ stock }: PaperRemote, item: string) => stock.get(figureKey(item, PLACE));
const sizes = (requests: readonly FrozenRequest[]) => requests.map((request) => request.lines.length);

/** How every line stands in the newest request that carries it. */
function endings(laptop: Laptop): Map<string, string> {
  const ends = new Map<string, string>();
  for (const request of laptop.outbox().values())
    for (const line of request.request.lines) ends.set(line.item, lineProgress(request, line.ref));
  return ends;
}

async function shop(paper: PaperRemote, items: readonly string[]): Promise<Laptop> {
  const laptop = createLaptop({ [CONNECTION]: paper });
  expect((await laptop.send(items)).ok).toBe(true);
  return laptop;
}

describe('poisoned lines', () => {
  test('O101 a request refused without a name goes again in halves until the one at fault is alone', async () => {
    const paper = paperRemote();
    paper.poisoned.add('I5');
    const laptop = await shop(paper, names(8));
    expect(await laptop.run()).toBe(true);
    expect(sizes(paper.met)).toEqual([8, 4, 4, 2, 2, 1, 1]);
    for (const item of names(8)) expect(stockOf(paper, item)).toBe(item === 'I5' ? undefined : 1);
    expect([...endings(laptop)].filter(([, end]) => end !== 'confirmed')).toEqual([['I5', 'rejected']]);
    expect(laptop.marks().waiting).toBe(0);
  });

  test('O102 lines that were not named go again by themselves, as they were but for a new key, also after a restart', async () => {
    const paper = paperRemote({ names: true });
    paper.poisoned.add('I1');
    const laptop = await shop(paper, names(4));
    laptop.cutBefore('send_frozen');
    expect(await laptop.run()).toBe(false);
    laptop.restart();
    expect(await laptop.run()).toBe(true);
    const [first, second] = paper.met;
    expect(sizes(paper.met)).toEqual([4, 3]);
    expect(second?.lines).toEqual(first?.lines.filter((line) => line.item !== 'I1'));
    expect(second?.idempotencyKey).not.toBe(first?.idempotencyKey);
    const again = laptop.entries.filter(({ fact }) => fact.kind === 'send_frozen')[1];
    expect(again?.by).toBe('engine');
    expect(endings(laptop).get('I1')).toBe('rejected');
  });

  test('O103 a missing right is one refusal of all: nothing goes again', async () => {
    const paper = paperRemote();
    paper.fates.push({ code: 'forbidden', detail: 'scope' });
    const laptop = await shop(paper, names(3));
    expect(await laptop.run()).toBe(true);
    expect(sizes(paper.met)).toEqual([3]);
    expect(new Set(endings(laptop).values())).toEqual(new Set(['rejected']));
  });

  test('O104 a person who plans lines anew while they go again sends each once', async () => {
    const paper = paperRemote({ names: true });
    paper.poisoned.add('I0');
    const laptop = createLaptop({ [CONNECTION]: paper });
    const line = posted('I1', 'A', '5', '1', { lot: 'L1' });
    const poison = posted('I0', 'A', '5', '1');
    laptop.add({ kind: 'lines_posted', batch: BATCH, lines: [poison, line] });
    const input = (lines: readonly ReturnType<typeof plannedOf>[]) => ({
      connection: CONNECTION,
      batch: BATCH,
      lines: [...lines],
      stopped: [],
    });
    const at = new Date(laptop.now()).toISOString();
    await laptop.desk().freeze('p1', input([plannedOf(poison, at), plannedOf(line, at)]));
    laptop.cutBefore('send_frozen');
    await laptop.run();
    laptop.restart();
    // Another lot of the item is posted, and the person's new plan puts both under one reference.
    const late = posted('I1', 'A', '7', '2', { lot: 'L2' });
    laptop.add({ kind: 'lines_posted', batch: BATCH, lines: [late] });
    const both = { ...plannedOf(line, at), ref: lineRef(CONNECTION, BATCH, [line, late]), quantity: '3' };
    expect((await laptop.desk().freeze('p1', input([both]))).ok).toBe(true);
    expect(await laptop.run()).toBe(true);
    expect(stockOf(paper, 'I1')).toBe(3);
  });
});

describe('a lost answer', () => {
  test('O105 where only figures can be read, they are read before each attempt and sealed with it', async () => {
    const paper = paperRemote({ readBack: 'figures' });
    paper.stock.set(figureKey('I0', PLACE), 7);
    const laptop = await shop(paper, ['I0', 'I1']);
    await laptop.run();
    const attempt = laptop.entries.find(({ fact }) => fact.kind === 'send_attempted')?.fact;
    expect(attempt).toMatchObject({
      before: [
        { remoteItem: 'I0', quantity: '7' },
        { remoteItem: 'I1', quantity: null },
      ],
    });
    expect(stockOf(paper, 'I0')).toBe(8);
  });

  test('O106 it is read back once nothing can be on its way: what arrived is not sent again, what did not is', async () => {
    for (const fate of ['done_and_lost', 'lost'] as const) {
      const paper = paperRemote({ readBack: 'figures' });
      paper.fates.push(fate);
      const laptop = await shop(paper, names(3));
      await laptop.flush().all();
      expect([...laptop.outbox().values()].map((one) => one.state)).toEqual(['unknown']);
      const asked = laptop.now();
      expect(await laptop.run()).toBe(true);
      expect(laptop.now() - asked).toBeGreaterThanOrEqual(120_000);
      expect(paper.met.map((request) => request.body)).toEqual(
        Array.from({ length: fate === 'lost' ? 2 : 1 }, () => paper.met[0]?.body),
      );
      for (const item of names(3)) expect(stockOf(paper, item)).toBe(1);
    }
  });

  test('O107 of a request that half arrived only the other half goes again', async () => {
    for (const readBack of ['figures', 'reference'] as const) {
      const paper = paperRemote({ readBack });
      paper.fates.push('half_and_lost');
      const laptop = await shop(paper, names(4));
      expect(await laptop.run()).toBe(true);
      expect(sizes(paper.met)).toEqual([4, 2]);
      for (const item of names(4)) expect(stockOf(paper, item)).toBe(1);
    }
  });

  test('O108 a figure that fits neither waits for a person; by itself nothing of it is ever sent again', async () => {
    const paper = paperRemote({ readBack: 'figures' });
    paper.stock.set(figureKey('I0', PLACE), 10);
    paper.fates.push('lost');
    const laptop = await shop(paper, ['I0', 'I1']);
    await laptop.flush().all();
    paper.sell('I0', PLACE, 4);
    expect(await laptop.run()).toBe(true);
    const [request] = laptop.outbox().values();
    expect(request).toMatchObject({ state: 'split', doubtful: [{ before: '10', now: '6' }] });
    expect(endings(laptop)).toEqual(
      new Map([
        ['I0', 'doubtful'],
        ['I1', 'confirmed'],
      ]),
    );
    expect(sizes(paper.met)).toEqual([2, 1]);

    const doubtful = request?.doubtful[0]?.ref ?? '';
    const settle = (arrived: string[], missing: string[]) =>
      laptop.add({ kind: 'doubt_settled', connection: CONNECTION, request: request?.id ?? '', arrived, missing });
    laptop.restart();
    expect(await laptop.run()).toBe(true);
    expect(sizes(paper.met)).toEqual([2, 1]);
    settle([], [doubtful]);
    expect(await laptop.run()).toBe(true);
    expect(stockOf(paper, 'I0')).toBe(7);
    // Told once more, it is settled already.
    settle([], [doubtful]);
    expect(await laptop.run()).toBe(true);
    expect(stockOf(paper, 'I0')).toBe(7);
  });

  test('O109 a line in doubt that is all of its request goes again under a new key, every time', async () => {
    const paper = paperRemote({ readBack: 'figures' });
    const laptop = await shop(paper, ['I0']);
    for (let round = 0; round < 3; round += 1) {
      paper.fates.push('lost');
      await laptop.flush().all();
      paper.sell('I0', PLACE, 3);
      expect(await laptop.run()).toBe(true);
      const last = [...laptop.outbox().values()].at(-1);
      const missing = last?.doubtful.map((line) => line.ref) ?? [];
      laptop.add({ kind: 'doubt_settled', connection: CONNECTION, request: last?.id ?? '', arrived: [], missing });
    }
    expect(await laptop.run()).toBe(true);
    expect(new Set(paper.met.map((request) => request.idempotencyKey)).size).toBe(4);
    expect(stockOf(paper, 'I0')).toBe(-8);
    expect(endings(laptop).get('I0')).toBe('confirmed');
  });

  test('O110 where nothing can be read every line waits for a person; with keys the same bytes go again', async () => {
    const paper = paperRemote({ readBack: 'none' });
    paper.fates.push('lost');
    const laptop = await shop(paper, names(2));
    expect(await laptop.run()).toBe(true);
    expect(new Set(endings(laptop).values())).toEqual(new Set(['doubtful']));
    expect(sizes(paper.met)).toEqual([2]);

    const keyed = paperRemote({ readBack: 'none', idempotencyKeys: true });
    keyed.fates.push('done_and_lost');
    const other = await shop(keyed, names(2));
    expect(await other.run()).toBe(true);
    expect(sizes(keyed.met)).toEqual([2, 2]);
    expect(stockOf(keyed, 'I0')).toBe(1);
  });

  test('O111 a look before an attempt that fails sends nothing, and is tried again', async () => {
    const paper = paperRemote({ readBack: 'figures' });
    paper.readError = { code: 'unavailable', detail: '' };
    const laptop = await shop(paper, names(2));
    expect(await laptop.run(3_600_000)).toBe(false);
    expect(paper.met).toEqual([]);
    expect(laptop.entries.some(({ fact }) => fact.kind === 'send_attempted')).toBe(false);
    paper.readError = undefined;
    expect(await laptop.run()).toBe(true);
    expect(stockOf(paper, 'I1')).toBe(1);
  });
});

describe('the queue', () => {
  test('O148 what may not be read is refused as if it had been sent: the one at fault alone, and nothing behind it waits', async () => {
    const paper = paperRemote({ readBack: 'figures' });
    const counts = paper.remote.counts;
    paper.remote.counts = (query) =>
      query.items?.includes('I2') === true
        ? Promise.resolve(err({ code: 'rejected', detail: 'no such thing', refs: [] }))
        : counts(query);
    const laptop = await shop(paper, names(4));
    await laptop.send(['I9'], { batch: 'b2' });
    expect(await laptop.run()).toBe(true);
    expect([...endings(laptop)].filter(([, end]) => end !== 'confirmed')).toEqual([['I2', 'rejected']]);
    expect(stockOf(paper, 'I9')).toBe(1);
  });

  test('O149 what could not be sent for want of a network is tried at once when somebody asks, what must wait is not', async () => {
    const paper = paperRemote();
    for (let failures = 0; failures < 5; failures += 1) paper.fates.push({ code: 'not_sent', detail: '' });
    const laptop = await shop(paper, ['I0']);
    for (let asked = 1; asked <= 5; asked += 1) {
      await laptop.flush().all();
      expect(paper.met).toHaveLength(asked);
    }
    paper.fates.push({ code: 'rate_limited', retryAfterMs: 60_000, detail: '' });
    await laptop.flush().all();
    await laptop.flush().all();
    expect(paper.met).toHaveLength(6);
    expect(await laptop.run()).toBe(true);
    expect(stockOf(paper, 'I0')).toBe(1);
  });

  test('O168 a refusal is not final while an attempt before it may still arrive; then it is looked up once more', async () => {
    for (const isLate of [true, false]) {
      const paper = paperRemote({ idempotencyKeys: true });
      const refusal: Fate = { code: 'forbidden', detail: 'not yours' };
      paper.fates.push('lost', refusal);
      const laptop = await shop(paper, names(2));
      await laptop.run(60_000);
      expect([...laptop.outbox().values()].map((one) => [one.state, one.code])).toEqual([['unknown', 'refused_early']]);
      const asked = paper.met.length;
      laptop.restart();
      if (isLate) for (const line of paper.met[0]?.lines ?? []) paper.taken.set(line.ref, 1);
      else paper.fates.push(refusal);
      expect(await laptop.run()).toBe(true);
      expect(new Set(endings(laptop).values())).toEqual(new Set([isLate ? 'confirmed' : 'rejected']));
      expect(paper.met.length - asked).toBe(isLate ? 0 : 1);
    }
  });

  test('O193 a refusal long after a lost attempt is final only once a reading after its time has found nothing', async () => {
    for (const isLate of [true, false]) {
      const paper = paperRemote({ idempotencyKeys: true });
      const refusal: Fate = { code: 'rejected', detail: 'not now', refs: [] };
      const offline: Fate = { code: 'not_sent', detail: '' };
      // Looked up at once and not there; then no network until nothing can be on its way any more.
      paper.fates.push('lost', ...Array.from({ length: 12 }, () => offline), refusal);
      const laptop = await shop(paper, ['I0']);
      await laptop.run(30_000);
      expect([...laptop.outbox().values()].map((one) => one.code)).toEqual(['not_sent']);
      if (isLate) for (const line of paper.met[0]?.lines ?? []) paper.taken.set(line.ref, 1);
      else paper.fates.push(refusal);
      expect(await laptop.run()).toBe(true);
      expect(endings(laptop).get('I0')).toBe(isLate ? 'confirmed' : 'rejected');
    }
  });

  test('O195 what was looked for in vain while it was still on its way is looked for again after a while, key or none', async () => {
    const paper = paperRemote({ idempotencyKeys: true });
    paper.fates.push('lost');
    const laptop = await shop(paper, ['I0']);
    await laptop.flush().all();
    // Looked up at once, and not there; then the power goes, for a day.
    laptop.cutBefore('send_attempted');
    expect(await laptop.run()).toBe(false);
    expect([...laptop.outbox().values()].map((one) => one.code)).toEqual(['not_there']);
    for (const line of paper.met[0]?.lines ?? []) paper.taken.set(line.ref, 1);
    laptop.pass(24 * 3_600_000);
    laptop.restart();
    expect(await laptop.run()).toBe(true);
    expect(endings(laptop).get('I0')).toBe('confirmed');
    expect(paper.met).toHaveLength(1);
  });

  test('O192 a clock that is put back makes no longer wait before a refusal is final', async () => {
    const paper = paperRemote({ idempotencyKeys: true });
    const refusal: Fate = { code: 'rejected', detail: 'not like this', refs: [] };
    paper.fates.push('lost', ...Array.from({ length: 20 }, () => refusal));
    const laptop = await shop(paper, ['I0']);
    await laptop.flush().all();
    laptop.pass(-2 * 24 * 3_600_000);
    laptop.restart();
    const asked = laptop.now();
    expect(await laptop.run()).toBe(true);
    expect(endings(laptop).get('I0')).toBe('rejected');
    expect(laptop.now() - asked).toBeLessThan(10 * 60_000);
  });

  test('O169 what waits for somebody to sign in is tried at once when asked, in the middle of a step too', async () => {
    const paper = paperRemote();
    const refusal: Fate = { code: 'unauthorized', detail: '' };
    paper.fates.push(refusal, refusal, refusal);
    const laptop = await shop(paper, ['I0']);
    await laptop.flush().all();
    await laptop.flush().all();
    expect(paper.met).toHaveLength(2);
    const first = laptop.flush().one(CONNECTION);
    await first;
    expect(paper.met).toHaveLength(2);
    // Signed in while the step with the old secret is under way: it is followed by another at once.
    await Promise.all([laptop.flush().all(), laptop.flush().all()]);
    expect(paper.met).toHaveLength(4);
    expect(stockOf(paper, 'I0')).toBe(1);

    const keyed = paperRemote({ idempotencyKeys: true });
    keyed.fates.push('done_and_lost');
    keyed.readError = refusal;
    const other = await shop(keyed, ['I0']);
    await other.run(10_000);
    expect([...other.outbox().values()].map((one) => [one.state, one.code])).toEqual([['unknown', 'unauthorized']]);
    keyed.readError = undefined;
    await other.flush().all();
    expect(endings(other).get('I0')).toBe('confirmed');
  });

  test('O153 a refusal after an attempt that may have arrived refuses nothing: every line waits for a person', async () => {
    for (const readBack of ['none', 'reference'] as const) {
      const paper = paperRemote({ readBack, idempotencyKeys: true });
      paper.fates.push(
        'done_and_lost',
        { code: 'not_sent', detail: '' },
        { code: 'rejected', detail: 'gone', refs: [] },
      );
      const laptop = await shop(paper, names(3));
      await laptop.flush().all();
      paper.readError = { code: 'rejected', detail: 'gone', refs: [] };
      expect(await laptop.run()).toBe(true);
      expect(new Set(endings(laptop).values())).toEqual(new Set(['doubtful']));
      for (const item of names(3)) expect(stockOf(paper, item)).toBe(1);
    }
  });

  test('O165 a refusal of several lines without keys is read back first: what is there stays, named lines are refused', async () => {
    for (const readBack of ['figures', 'reference'] as const) {
      const paper = paperRemote({ readBack, inPart: true, names: true });
      paper.poisoned.add('I2');
      const laptop = await shop(paper, names(5));
      await laptop.flush().all();
      const [first] = laptop.outbox().values();
      expect(first).toMatchObject({ state: 'split', refusals: [{ detail: 'no such thing' }] });
      expect(await laptop.run()).toBe(true);
      expect(sizes(paper.met)).toEqual([5, 2]);
      expect([...endings(laptop)].filter(([, end]) => end !== 'confirmed')).toEqual([['I2', 'rejected']]);
      for (const item of ['I0', 'I1', 'I3', 'I4']) expect(stockOf(paper, item)).toBe(1);
    }
  });

  test('O166 a refusal that cannot be read back is unknown, and nothing of it goes again before it could be', async () => {
    const paper = paperRemote({ readBack: 'figures', inPart: true });
    for (const item of names(3)) paper.stock.set(figureKey(item, PLACE), 4);
    paper.poisoned.add('I1');
    const readBack = paper.remote.readBack;
    let failures = 3;
    paper.remote.readBack = (request, known) =>
      (failures -= 1) >= 0 ? Promise.resolve(err({ code: 'unavailable', detail: '' })) : readBack(request, known);
    const laptop = await shop(paper, names(3));
    await laptop.flush().all();
    expect([...laptop.outbox().values()].map((one) => [one.state, one.code])).toEqual([['unknown', 'unavailable']]);
    laptop.restart();
    expect(await laptop.run()).toBe(true);
    expect([stockOf(paper, 'I0'), stockOf(paper, 'I1'), stockOf(paper, 'I2')]).toEqual([5, 4, 5]);
    expect([...endings(laptop)].filter(([, end]) => end !== 'confirmed')).toEqual([['I1', 'rejected']]);

    const blind = paperRemote({ readBack: 'none', inPart: true });
    blind.poisoned.add('I1');
    const other = await shop(blind, names(3));
    expect(await other.run()).toBe(true);
    expect(new Set(endings(other).values())).toEqual(new Set(['doubtful']));
    expect(sizes(blind.met)).toEqual([3]);
  });

  test('O151 a read-back that the remote refuses leaves every line to a person, and lets the others pass', async () => {
    const paper = paperRemote();
    paper.fates.push('lost');
    const laptop = await shop(paper, ['I0']);
    await laptop.flush().all();
    await laptop.send(['I1'], { batch: 'b2' });
    paper.readError = { code: 'rejected', detail: 'gone', refs: [] };
    expect(await laptop.run()).toBe(true);
    expect(endings(laptop)).toEqual(
      new Map([
        ['I0', 'doubtful'],
        ['I1', 'confirmed'],
      ]),
    );
  });
});

describe('whatever happens', () => {
  const fate = fc.oneof(
    fc.constantFrom<Fate>('answered', 'lost', 'done_and_lost', 'half_and_lost'),
    fc.constantFrom<Fate>(
      { code: 'not_sent', detail: '' },
      { code: 'rate_limited', detail: '' },
      { code: 'rate_limited', retryAfterMs: 40_000, detail: '' },
      { code: 'unavailable', detail: '' },
      { code: 'unauthorized', detail: '' },
    ),
  );
  const run = fc.record({
    lines: fc.integer({ min: 1, max: 12 }),
    perRequest: fc.integer({ min: 1, max: 5 }),
    poisoned: fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { maxLength: 5 }),
    names: fc.boolean(),
    inPart: fc.boolean(),
    kind: fc.constantFrom('keys', 'reference', 'figures'),
    fates: fc.array(fate, { maxLength: 12 }),
    cuts: fc.array(
      fc.constantFrom<'send_attempted' | 'send_settled' | 'send_frozen'>(
        'send_attempted',
        'send_settled',
        'send_frozen',
      ),
      { maxLength: 4 },
    ),
  });

  test('O112 every line arrives exactly once or is refused by name, whatever is lost, refused or cut off', async () => {
    await fc.assert(
      fc.asyncProperty(run, async (one) => {
        const paper = paperRemote({
          names: one.names,
          // A remote with keys takes all or nothing.
          inPart: one.inPart && one.kind !== 'keys',
          maxLinesPerRequest: one.perRequest,
          idempotencyKeys: one.kind === 'keys',
          readBack: one.kind === 'figures' ? 'figures' : 'reference',
        });
        for (const at of one.poisoned) paper.poisoned.add(`I${at}`);
        const laptop = await shop(paper, names(one.lines));
        paper.fates.push(...one.fates);
        for (const cut of one.cuts) {
          laptop.cutBefore(cut);
          await laptop.run();
          laptop.restart();
        }
        expect(await laptop.run()).toBe(true);
        for (const item of names(one.lines)) {
          const isPoisoned = paper.poisoned.has(item);
          expect([item, stockOf(paper, item) ?? 0, endings(laptop).get(item)]).toEqual([
            item,
            isPoisoned ? 0 : 1,
            isPoisoned ? 'rejected' : 'confirmed',
          ]);
        }
        expect(laptop.marks().waiting).toBe(0);
        expect(laptop.state().open.size + laptop.state().left.size).toBe(0);
      }),
      { numRuns: 400 },
    );
  });
});
