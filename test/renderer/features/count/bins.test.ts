import { beforeEach, describe, expect, test } from 'vitest';
import {
  finishBin,
  openBin,
  type AskBin,
  type Unseen,
  type UnseenAnswer,
} from '../../../../renderer/features/count/bin-flow.ts';
import { countTasks, openTasks } from '../../../../renderer/features/count/tasks.ts';
import { lineKey } from '../../../../shared/domain/line-key.ts';
import { binsOfPass, nextBins, passCoverage } from '../../../../shared/domain/pass.ts';
import { openShop, PLACE, q, STOCKTAKE, type PaperLedger } from '../paper-ledger.ts';

let ledger: PaperLedger;
let asked: string[];

beforeEach(() => {
  ledger = openShop();
  asked = [];
});

function ask(answers: {
  yes?: boolean;
  unseen?: 'not_here' | 'leave' | 'back' | ((unseen: readonly Unseen[]) => UnseenAnswer);
}): AskBin {
  const yes = (question: string) => {
    asked.push(question);
    return Promise.resolve(answers.yes ?? false);
  };
  return {
    notOnSheet: (bin) => yes(`not on sheet ${bin}`),
    countedBefore: (bin, by) => yes(`counted ${bin} by ${by}`),
    nothingCounted: (bin) => yes(`nothing in ${bin}`),
    unseen: (bin, unseen) => {
      asked.push(`unseen ${bin}: ${unseen.map(({ name }) => name).join()}`);
      const answer = answers.unseen ?? 'back';
      if (typeof answer === 'function') return Promise.resolve(answer(unseen));
      return Promise.resolve(answer === 'not_here' ? { kind: answer, unseen } : { kind: answer });
    },
  };
}

const cup = { item: 'CUP-BLUE', quantity: q('3'), how: 'scan' as const };
const state = (bin = 'A-01') => ledger.sheet({ ...PLACE, bin })?.state;

describe('opening a bin', () => {
  test('S160 a bin of the sheet opens without a question', async () => {
    expect(await openBin({ ...PLACE, bin: 'A-02' }, ledger, ask({}))).toEqual({ ok: true, value: null });
    expect([asked, state('A-02')]).toEqual([[], 'open']);
  });

  test('S161 a bin outside the sheet is added only when the person says so', async () => {
    expect(await openBin({ ...PLACE, bin: 'B-01' }, ledger, ask({}))).toMatchObject({
      ok: false,
      error: { code: 'went_back' },
    });
    expect(state('B-01')).toBeUndefined();
    expect(await openBin({ ...PLACE, bin: 'B-01' }, ledger, ask({ yes: true }))).toMatchObject({ ok: true });
    expect([asked[0], state('B-01')]).toEqual(['not on sheet B-01', 'open']);
  });

  test('S581 a bin that nobody knows is not opened, by whatever way it is named', async () => {
    const unknown = { ok: false, error: { code: 'unknown_bin', bin: 'A-011' } };
    expect(await openBin({ ...PLACE, bin: 'A-011' }, ledger, ask({ yes: true }))).toEqual(unknown);
    expect([asked, state('A-011')]).toEqual([[], undefined]);
    // A bin that a stocktake names is a bin of it, though the catalogue has lost it.
    ledger.say({ kind: 'stocktake_created', stocktake: 'old', name: 'Old', blind: false, bins: ['Z-99'] });
    expect(await openBin({ stocktake: 'old', pass: 1, bin: 'z-99' }, ledger, ask({}))).toMatchObject({ ok: true });
  });

  test('S162 a bin that was counted says by whom, and is opened again only to add to it', async () => {
    await ledger.recordCount(PLACE, cup);
    await ledger.finishBin(PLACE);
    expect(await openBin(PLACE, ledger, ask({}))).toMatchObject({ error: { code: 'went_back' } });
    expect(state()).toBe('finished');
    await openBin(PLACE, ledger, ask({ yes: true }));
    expect([asked[0], state()]).toEqual(['counted A-01 by ana', 'open']);
  });

  test('S163 a bin that was handed in is not opened', async () => {
    await ledger.recordCount(PLACE, cup);
    await ledger.finishBin(PLACE);
    ledger.say({ kind: 'batch_submitted', batch: 'b', stocktake: STOCKTAKE, pass: 1, bins: ['A-01'] });
    expect(await openBin(PLACE, ledger, ask({ yes: true }))).toMatchObject({
      error: { code: 'bin_submitted', bin: 'A-01' },
    });
  });
});

describe('finishing a bin', () => {
  const expectOil = () =>
    ledger.say({ kind: 'stock_changed', item: 'OIL', bin: 'A-01', lot: '2409', quantity: '7319', reason: 'opening' });

  test('S164 a bin with everything seen is finished without a question', async () => {
    await ledger.recordCount(PLACE, cup);
    await finishBin(PLACE, ledger, ask({}));
    expect([asked, state()]).toEqual([[], 'finished']);
  });

  test('S165 items not seen are asked about by name only; going back changes nothing', async () => {
    expectOil();
    await ledger.recordCount(PLACE, cup);
    expect(await finishBin(PLACE, ledger, ask({ unseen: 'back' }))).toMatchObject({ error: { code: 'went_back' } });
    expect([asked, state()]).toEqual([['unseen A-01: Coconut oil'], 'open']);
    expect(asked.join()).not.toContain('7319');
  });

  test('S166 "not here" records zero; "leave" leaves the line uncounted, which is not zero', async () => {
    expectOil();
    await ledger.recordCount(PLACE, cup);
    await finishBin(PLACE, ledger, ask({ unseen: 'leave' }));
    const key = lineKey({ item: 'OIL', bin: 'A-01', lot: '2409' });
    expect([ledger.sheet(PLACE)?.lines.has(key), state()]).toEqual([false, 'finished']);
    await ledger.openBin(PLACE);
    await finishBin(PLACE, ledger, ask({ unseen: 'not_here' }));
    expect([ledger.sheet(PLACE)?.lines.get(key)?.counted, state()]).toEqual([0n, 'finished']);
  });

  const counted = (item: string, lot?: string) =>
    ledger.sheet(PLACE)?.lines.get(lineKey({ item, bin: 'A-01', lot }))?.counted;

  test('S530 what is scanned while unseen items are asked about is counted, and never becomes a zero', async () => {
    expectOil();
    ledger.say({ kind: 'stock_changed', item: 'DRILL', bin: 'A-01', quantity: '2', reason: 'opening' });
    await ledger.recordCount(PLACE, cup);
    let times = 0;
    const find = (all: readonly Unseen[]): UnseenAnswer => {
      times += 1;
      if (times > 1) return { kind: 'not_here', unseen: all };
      return {
        kind: 'found',
        take: async () => {
          await ledger.recordCount(PLACE, { item: 'OIL', lot: '2409', quantity: q('3'), how: 'scan' });
        },
      };
    };
    await finishBin(PLACE, ledger, ask({ unseen: find }));
    expect(asked).toEqual(['unseen A-01: Coconut oil,Drill', 'unseen A-01: Drill']);
    expect([counted('OIL', '2409'), counted('DRILL'), state()]).toEqual([q('3'), 0n, 'finished']);
  });

  test('S530 an answer about an item that was scanned meanwhile says nothing of it', async () => {
    expectOil();
    ledger.say({ kind: 'stock_changed', item: 'DRILL', bin: 'A-01', quantity: '2', reason: 'opening' });
    await ledger.recordCount(PLACE, cup);
    const both = ledger.notSeen(PLACE).map((one) => ({ ...one, name: one.item }));
    await ledger.recordCount(PLACE, { item: 'OIL', lot: '2409', quantity: q('3'), how: 'scan' });
    await finishBin(PLACE, ledger, ask({ unseen: () => ({ kind: 'not_here', unseen: both }) }));
    expect([counted('OIL', '2409'), counted('DRILL')]).toEqual([q('3'), 0n]);
  });

  test('S530 the last unseen item found leaves the bin open: whoever finds things has not finished', async () => {
    expectOil();
    await ledger.recordCount(PLACE, cup);
    const take = async () => {
      await ledger.recordCount(PLACE, { item: 'OIL', lot: '2409', quantity: q('3'), how: 'scan' });
    };
    expect(await finishBin(PLACE, ledger, ask({ unseen: () => ({ kind: 'found', take }) }))).toMatchObject({
      error: { code: 'went_back' },
    });
    expect(state()).toBe('open');
  });

  test('S531 "not here" is said of one item by itself, and the others are asked about again', async () => {
    expectOil();
    ledger.say({ kind: 'stock_changed', item: 'DRILL', bin: 'A-01', quantity: '2', reason: 'opening' });
    await ledger.recordCount(PLACE, cup);
    const first = (all: readonly Unseen[]): UnseenAnswer =>
      all.length > 1 ? { kind: 'not_here', unseen: all.slice(0, 1) } : { kind: 'leave' };
    await finishBin(PLACE, ledger, ask({ unseen: first }));
    expect(asked).toEqual(['unseen A-01: Coconut oil,Drill', 'unseen A-01: Drill']);
    expect([counted('OIL', '2409'), counted('DRILL'), state()]).toEqual([0n, undefined, 'finished']);
  });

  test('S167 a bin in which nothing was counted becomes empty only when somebody says that it is', async () => {
    expect(await finishBin(PLACE, ledger, ask({}))).toMatchObject({ error: { code: 'went_back' } });
    expect(state()).toBe('open');
    await finishBin(PLACE, ledger, ask({ yes: true }));
    expect(state()).toBe('confirmed_empty');
  });

  test('S168 finishing a bin a second time says nothing twice', async () => {
    await ledger.recordCount(PLACE, cup);
    await finishBin(PLACE, ledger, ask({}));
    const before = ledger.entries.length;
    expect(await finishBin(PLACE, ledger, ask({}))).toEqual({ ok: true, value: null });
    expect(ledger.entries).toHaveLength(before);
  });
});

describe('what is waiting to be counted', () => {
  test('S170 a task says how many bins are done, by whom, and is gone when all are handed in', async () => {
    await ledger.recordCount(PLACE, cup);
    await ledger.finishBin(PLACE);
    const tasks = () => openTasks(countTasks(ledger.stocktakes()));
    expect(tasks()).toMatchObject([
      { name: 'Zone A', pass: 1, done: 1, ready: 1, bins: ['A-01', 'A-02'], people: ['ana'] },
    ]);
    await ledger.confirmEmpty({ ...PLACE, bin: 'A-02' });
    ledger.say({ kind: 'batch_submitted', batch: 'b', stocktake: STOCKTAKE, pass: 1, bins: ['A-01', 'A-02'] });
    expect(tasks()).toEqual([]);
  });

  test('S171 a second count holds only the bins with a line to count again, and comes first', async () => {
    await ledger.recordCount(PLACE, cup);
    await ledger.finishBin(PLACE);
    ledger.say({ kind: 'batch_submitted', batch: 'b', stocktake: STOCKTAKE, pass: 1, bins: ['A-01'] });
    ledger.say({ kind: 'lines_decided', batch: 'b', decision: 'recount', lines: [{ item: 'CUP-BLUE', bin: 'A-01' }] });
    const [stocktake] = ledger.stocktakes();
    expect(stocktake && binsOfPass(stocktake, 2)).toEqual(['A-01']);
    expect(openTasks(countTasks(ledger.stocktakes())).map(({ pass }) => pass)).toEqual([2, 1]);
  });

  test('S173 a bin added to a pass is counted among its bins, and in what is handed in', async () => {
    await ledger.openBin({ ...PLACE, bin: 'B-01' });
    await ledger.confirmEmpty({ ...PLACE, bin: 'B-01' });
    const [stocktake] = ledger.stocktakes();
    expect(stocktake && binsOfPass(stocktake, 1)).toEqual(['A-01', 'A-02', 'B-01']);
    expect(stocktake && passCoverage(stocktake, 1)).toMatchObject({ open: 1, not_visited: 1, confirmed_empty: 1 });
  });

  test('S172 the next bins are those not done, in walking order from where one stands', async () => {
    const [stocktake] = ledger.stocktakes();
    if (!stocktake) return expect.fail('no stocktake');
    expect(nextBins(stocktake, 1, undefined, 3)).toEqual(['A-01', 'A-02']);
    expect(nextBins(stocktake, 1, 'A-01', 3)).toEqual(['A-02']);
    expect(nextBins(stocktake, 1, 'A-02', 3)).toEqual(['A-01']);
    await ledger.confirmEmpty({ ...PLACE, bin: 'A-02' });
    expect(nextBins(stocktake, 1, undefined, 3)).toEqual(['A-01']);
    return undefined;
  });
});
