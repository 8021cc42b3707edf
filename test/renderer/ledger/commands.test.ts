import { describe, expect, test } from 'vitest';
import { evidenceTimeline } from '../../../renderer/features/review/evidence-timeline.ts';
import { reviewBatch } from '../../../shared/domain/variance.ts';
import { isOpen } from '../../../shared/team/lanes.ts';
import { does } from '../../electron/host/bench.ts';
import {
  code,
  expectSame,
  freshPage,
  newLaptop,
  openedStocktake,
  scan,
  startPage,
  total,
  unwrap,
  type Page,
} from './page.ts';

describe('counting', () => {
  test('L80 every statement is in the journal and in the page’s copy when it is answered for', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const { line, entry } = unwrap(await page.ledger.recordCount(place, scan()));
    expect(line).toMatchObject({ item: 'TEA', added: 100_000n, total: 100_000n });
    expect(await page.copy.at(entry)).toBeDefined();
    await expectSame(page);
  });

  test('L81 500 scans in a row without waiting are 500, in their order', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const results = await Promise.all(
      Array.from({ length: 500 }, (_, at) => page.ledger.recordCount(place, scan(`I${at % 7}`))),
    );
    const entries = results.map((result) => unwrap(result).entry);
    expect(entries).toEqual(entries.toSorted());
    expect(page.ledger.sheet(place)?.scans).toBe(500);
    await expectSame(page);
  });

  test('L82 a typed total replaces what is there, also while scans before it are still being saved', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    void page.ledger.recordCount(place, scan());
    void page.ledger.recordCount(place, scan());
    const { line } = unwrap(
      await page.ledger.setCount(place, { item: 'TEA', quantity: 4_300_000n, entered: '3*12+7' }),
    );
    expect(line).toMatchObject({ added: 4_100_000n, total: 4_300_000n });
    unwrap(await page.ledger.setCount(place, { item: 'TEA', quantity: 0n, entered: '0' }));
    expect(total(page, place)).toBe(0);
    expect([...(page.ledger.sheet(place)?.lines.values() ?? [])][0]?.entered).toBe('0');
  });

  test('L83 a serial counts once in a stocktake, also when it is read twice in a burst', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const one = { ...scan(), serial: 'S1' };
    const burst = await Promise.all([page.ledger.recordCount(place, one), page.ledger.recordCount(place, one)]);
    expect(burst.map(code)).toEqual(['ok', 'serial_seen']);
    expect(await page.ledger.recordCount({ ...place, bin: 'A-2' }, one)).toMatchObject({
      error: { code: 'serial_seen', bin: 'A-1' },
    });
    expect(code(await page.ledger.recordCount({ ...place, bin: 'A-2' }, { ...one, item: 'OIL' }))).toBe('ok');
    unwrap(await page.ledger.undo(place));
    expect(code(await page.ledger.recordCount({ ...place, bin: 'A-2' }, one))).toBe('ok');
  });

  test('L550 a serial scanned in a second bin counts once, and its line says where it was scanned as well', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const elsewhere = { ...place, bin: 'A-2' };
    const one = { ...scan(), serial: 'SN-7' };
    for (const serial of ['SN-6', 'SN-7']) unwrap(await page.ledger.recordCount(place, { ...one, serial }));
    const flags = () => {
      const [batch] = page.ledger.state().batches.values();
      return batch === undefined ? [] : reviewBatch(batch, page.ledger.state().stocktakes, page.ledger.state().books);
    };
    // Twice in one bin is a second look at one label.
    expect(code(await page.ledger.recordCount(place, one))).toBe('serial_seen');
    expect(page.ledger.state().stocktakes.get(place.stocktake)?.repeats).toEqual([]);
    expect(code(await page.ledger.recordCount(elsewhere, { ...one, serial: 'sn-7' }))).toBe('serial_seen');
    expect(page.ledger.sheet(elsewhere)?.lines.size ?? 0).toBe(0);
    await page.ledger.finishBin(place);
    unwrap(await page.ledger.submit(place.stocktake, 1));
    expect(flags().map((line) => [line.serials, line.flags])).toEqual([[2, ['serial_elsewhere']]]);
    await page.enter('approver');
    const entries = (await page.ledger.evidence('TEA')).map(({ entry }) => entry);
    const told = evidenceTimeline(entries, { bin: 'A-1', lot: undefined });
    expect(told.map(({ what }) => what)).toMatchObject([
      { kind: 'stock' },
      { kind: 'scanned', scans: 2, serials: ['SN-6', 'SN-7'] },
      { kind: 'serial_repeated', serial: 'sn-7', bin: 'A-2', pass: 1 },
    ]);
    await expectSame(page);
  });

  test('L523 a serial in other letters is the same piece', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    unwrap(await page.ledger.recordCount(place, { ...scan(), serial: 'sn-7' }));
    for (const serial of ['SN-7', ' sn-7 ', 'Sn-7'])
      expect(code(await page.ledger.recordCount(place, { ...scan(), serial }))).toBe('serial_seen');
  });

  test('L84 a stocktake nobody opened, a bin handed in and a quantity too large are refused before anything is written', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    unwrap(await page.ledger.recordCount(place, scan()));
    unwrap(await page.ledger.finishBin(place));
    unwrap(await page.ledger.submit(place.stocktake, 1));
    const before = page.ledger.status().entries;
    expect(code(await page.ledger.recordCount({ ...place, stocktake: 'x' }, scan()))).toBe('unknown_stocktake');
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('bin_submitted');
    expect(code(await page.ledger.undo(place))).toBe('bin_submitted');
    expect(code(await page.ledger.recordCount({ ...place, bin: 'A-2' }, scan('TEA', 10n ** 18n)))).toBe(
      'quantity_out_of_range',
    );
    expect(code(await page.ledger.moveStock({ item: 'TEA', from: 'A-1', to: ' a-1', quantity: 1n }))).toBe('same_bin');
    expect(page.ledger.status().entries).toBe(before);
  });

  test('L85 a move says whether the book of the bin it left fell below zero', async () => {
    const page = await freshPage();
    await openedStocktake(page, { blind: false });
    expect(unwrap(await page.ledger.moveStock({ item: 'TEA', from: 'A-1', to: 'A-2', quantity: 1_000_000n }))).toEqual({
      at: expect.stringMatching(/^2/u),
      fromBookNegative: false,
    });
    expect(unwrap(await page.ledger.moveStock({ item: 'TEA', from: 'A-1', to: 'A-2', quantity: 1n }))).toEqual({
      at: expect.stringMatching(/^2/u),
      fromBookNegative: true,
    });
  });

  test('L86 what is expected and not seen yet is named, without a quantity', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    expect(page.ledger.notSeen(place)).toEqual([{ item: 'TEA', lot: undefined }]);
    unwrap(await page.ledger.recordCount(place, scan()));
    expect(page.ledger.notSeen(place)).toEqual([]);
  });
});

describe('undo and redo', () => {
  test('L90 everything said in a sheet can be taken back, one by one, and said again', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    for (const step of [1, 2, 3]) unwrap(await page.ledger.recordCount(place, scan('TEA', BigInt(step) * 100_000n)));
    unwrap(await page.ledger.recordUnknown(place, '0001', 100_000n));
    unwrap(await page.ledger.recordCount(place, scan('OIL')));
    const seen: unknown[] = [];
    const look = () =>
      seen.push([total(page, place) ?? '-', total(page, place, 'OIL') ?? '-', page.ledger.sheet(place)?.unknowns.size]);
    while ((await page.ledger.undo(place)).ok) look();
    expect(seen).toEqual([
      [6, '-', 1],
      [6, '-', 0],
      [3, '-', 0],
      [1, '-', 0],
      ['-', '-', 0],
    ]);
    seen.length = 0;
    while ((await page.ledger.redo(place)).ok) look();
    expect(seen).toEqual([
      [1, '-', 0],
      [3, '-', 0],
      [6, '-', 0],
      [6, '-', 1],
      [6, 1, 1],
    ]);
    expect(code(await page.ledger.redo(place))).toBe('nothing_to_undo');
    unwrap(await page.ledger.undo(place));
    expect(total(page, place, 'OIL')).toBeUndefined();
    await expectSame(page);
  });

  test('L91 pressed twice quickly, it takes back two; pressed right after a scan, it takes back that scan', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    for (const step of [1, 2]) unwrap(await page.ledger.recordCount(place, scan('TEA', BigInt(step) * 100_000n)));
    void page.ledger.recordCount(place, scan('TEA', 400_000n));
    expect((await Promise.all([page.ledger.undo(place), page.ledger.undo(place)])).map(code)).toEqual(['ok', 'ok']);
    expect(total(page, place)).toBe(1);
  });

  test('L92 whoever says something new has nothing left to say again', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    unwrap(await page.ledger.recordCount(place, scan()));
    unwrap(await page.ledger.undo(place));
    unwrap(await page.ledger.recordCount(place, scan('OIL')));
    expect(code(await page.ledger.redo(place))).toBe('nothing_to_undo');
  });

  test('L93 a person takes back their own statements only', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    unwrap(await page.ledger.recordCount(place, scan()));
    await page.enter('counter');
    expect(code(await page.ledger.undo(place))).toBe('nothing_to_undo');
    unwrap(await page.ledger.recordCount(place, scan('OIL')));
    unwrap(await page.ledger.undo(place));
    expect([total(page, place), total(page, place, 'OIL')]).toEqual([1, undefined]);
  });

  test('L94 undo and redo go on after a restart', async () => {
    const laptop = await newLaptop();
    const before = await startPage(laptop);
    const place = await openedStocktake(before);
    for (const step of [1, 2, 4]) unwrap(await before.ledger.recordCount(place, scan('TEA', BigInt(step) * 100_000n)));
    unwrap(await before.ledger.undo(place));
    await before.close();
    const page = await startPage(laptop);
    unwrap(await page.ledger.undo(place));
    expect(total(page, place)).toBe(1);
    unwrap(await page.ledger.redo(place));
    unwrap(await page.ledger.redo(place));
    expect(total(page, place)).toBe(7);
  });

  test('L95 "empty" taken back is not counted, and said again it is zero', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    unwrap(await page.ledger.confirmEmpty(place));
    expect(total(page, place)).toBe(0);
    unwrap(await page.ledger.undo(place));
    expect([total(page, place), page.ledger.sheet(place)?.state]).toEqual([undefined, 'open']);
    unwrap(await page.ledger.redo(place));
    expect([total(page, place), page.ledger.sheet(place)?.state]).toEqual([0, 'confirmed_empty']);
  });
});

describe('handing in, deciding, posting', () => {
  async function handedIn() {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await page.enter('counter');
    unwrap(await page.ledger.recordCount(place, scan('TEA', 800_000n)));
    unwrap(await page.ledger.recordCount({ ...place, bin: 'A-2' }, scan('OIL')));
    unwrap(await page.ledger.finishBin(place));
    return { page, place };
  }

  test('B20 only bins that are finished, empty or skipped are handed in; pressing twice hands in once', async () => {
    const { page, place } = await handedIn();
    const [first, second] = await Promise.all([
      page.ledger.submit(place.stocktake, 1),
      page.ledger.submit(place.stocktake, 1),
    ]);
    expect([code(first), code(second)]).toEqual(['ok', 'nothing_to_submit']);
    expect(page.ledger.batches().map((batch) => batch.bins)).toEqual([['A-1']]);
  });

  test('B21 from count to book: handed in, approved by somebody else, posted once however often it is pressed', async () => {
    const { page, place } = await handedIn();
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    await page.enter('approver');
    expect(code(await page.ledger.post(batch))).toBe('nothing_to_post');
    const { lines, notCounted } = unwrap(page.ledger.review(batch));
    expect([lines.map((line) => line.variance), notCounted]).toEqual([[-200_000n], []]);
    unwrap(await page.ledger.decide(batch, lines, 'approve', 'shrinkage'));
    const posted = await Promise.all([page.ledger.post(batch), page.ledger.post(batch)]);
    expect(posted.map(code)).toEqual(['ok', 'nothing_to_post']);
    expect(unwrap(page.ledger.bookOf('tea'))).toEqual([{ bin: 'A-1', lot: undefined, book: 800_000n }]);
    await expectSame(page);
  });

  test('B22 whoever counted a line does not approve it', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await page.enter('approver');
    unwrap(await page.ledger.recordCount(place, scan()));
    unwrap(await page.ledger.finishBin(place));
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    const { lines } = unwrap(page.ledger.review(batch));
    expect(code(await page.ledger.decide(batch, lines, 'approve'))).toBe('own_count');
  });

  test('B23 a count below zero cannot be posted, and does not keep the others from it', async () => {
    const { page, place } = await handedIn();
    unwrap(await page.ledger.openBin(place));
    unwrap(await page.ledger.recordCount(place, { ...scan('SALT', -100_000n), how: 'typed' }));
    unwrap(await page.ledger.finishBin(place));
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    await page.enter('approver');
    unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'approve'));
    expect(unwrap(await page.ledger.post(batch))).toEqual({ posted: 1 });
  });

  test('B604 a decision about thousands of lines is taken back with one press, also after a restart', async () => {
    const laptop = await newLaptop();
    const before = await startPage(laptop);
    const place = await openedStocktake(before);
    await before.enter('counter');
    const items = Array.from({ length: 5003 }, (_, at) => `I${at}`);
    await Promise.all(items.map((item) => before.ledger.recordCount(place, scan(item))));
    unwrap(await before.ledger.finishBin(place));
    const { batch } = unwrap(await before.ledger.submit(place.stocktake, 1));
    await before.enter('approver');
    const { lines } = unwrap(before.ledger.review(batch));
    unwrap(await before.ledger.decide(batch, lines.slice(0, 1), 'approve'));
    unwrap(await before.ledger.decide(batch, lines, 'hold'));
    await before.close();

    const page = await startPage(laptop);
    await page.enter('approver');
    const decisions = () => unwrap(page.ledger.review(batch)).lines.map(({ decision }) => decision?.decision);
    expect(new Set(decisions())).toEqual(new Set(['hold']));
    const undone = unwrap(await page.ledger.undoDecision(batch));
    expect([undone.lines.length, undone.left]).toEqual([5003, 0]);
    expect(decisions().filter((one) => one !== undefined)).toEqual(['approve']);
    unwrap(await page.ledger.undoDecision(batch));
    expect(new Set(decisions())).toEqual(new Set([undefined]));
    expect(code(await page.ledger.undoDecision(batch))).toBe('nothing_to_undo');
  });

  test('B24 a recount is asked for by name, counted in the next pass and posted in place of the first', async () => {
    const { page, place } = await handedIn();
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    await page.enter('approver');
    unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'recount'));
    await page.enter('lead');
    const again = { ...place, pass: 2 };
    expect(page.ledger.notSeen(again)).toEqual([{ item: 'TEA', lot: undefined }]);
    unwrap(await page.ledger.recordCount(again, scan('TEA', 1_000_000n)));
    unwrap(await page.ledger.finishBin(again));
    const second = unwrap(await page.ledger.submit(place.stocktake, 2));
    await page.enter('approver');
    const { lines } = unwrap(page.ledger.review(second.batch));
    expect(lines).toMatchObject([{ passes: [800_000n, 1_000_000n], variance: 0n }]);
    unwrap(await page.ledger.decide(second.batch, lines, 'approve'));
    unwrap(await page.ledger.post(second.batch));
    unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'approve'));
    expect(code(await page.ledger.post(batch))).toBe('nothing_to_post');
  });

  /** Of each decision that they hear of: what, and where. */
  async function heardOn(page: Page): Promise<string[]> {
    const { entries } = await does(page.running, 'readJournal', { fromSeq: 1, limit: 1000 });
    return entries.flatMap(({ fact }) =>
      fact.kind === 'lines_decided' && isOpen(fact)
        ? [`${fact.decision} ${fact.lines.map(({ bin }) => bin).join()} ${JSON.stringify(fact.recount)}`]
        : [],
    );
  }

  test('L861 they hear where to count again, and of nothing else, and when it is not wanted any more, also when that is taken back', async () => {
    const { page, place } = await handedIn();
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    const pass = JSON.stringify({ pass: 1, stocktake: place.stocktake });
    const [told, spared] = [`recount A-1 ${pass}`, `undecided A-1 ${pass}`];
    await page.enter('approver');
    const decide = async (decision: 'approve' | 'recount' | 'hold' | 'undecided') =>
      unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, decision));
    const stands = () => unwrap(page.ledger.review(batch)).lines.map(({ decision }) => decision?.decision);
    await decide('approve');
    expect(await heardOn(page)).toEqual([]);
    await decide('recount');
    expect(await heardOn(page)).toEqual([told]);
    // Decided otherwise before anybody went: nobody need go.
    await decide('approve');
    expect([stands(), await heardOn(page)]).toEqual([['approve'], [told, spared]]);
    // One press takes back both.
    unwrap(await page.ledger.undoDecision(batch));
    expect([stands(), await heardOn(page)]).toEqual([['recount'], [told, spared, told]]);
    unwrap(await page.ledger.undoDecision(batch));
    expect([stands(), (await heardOn(page)).slice(3)]).toEqual([['approve'], [spared]]);
    await decide('recount');
    await decide('undecided');
    expect([stands(), (await heardOn(page)).slice(4)]).toEqual([[undefined], [told, spared]]);
    await decide('hold');
    expect((await heardOn(page)).slice(6)).toEqual([]);
    await expectSame(page);
  });

  test('U882 what is expected in a bin is told by name where no book is, in every pass, and gone once it was seen', async () => {
    const laptop = await newLaptop();
    const desk = await startPage(laptop, { tellsNames: true });
    const before = await openedStocktake(desk);
    unwrap(await desk.ledger.recordCount(before, scan('TEA')));
    unwrap(await desk.ledger.recordCount(before, scan('OIL', 900_000n)));
    unwrap(await desk.ledger.finishBin(before));
    const { batch: counted } = unwrap(await desk.ledger.submit(before.stocktake, 1));
    await desk.enter('approver');
    unwrap(await desk.ledger.decide(counted, unwrap(desk.ledger.review(counted)).lines, 'approve'));
    unwrap(await desk.ledger.post(counted));
    await desk.enter('lead');
    const { stocktake } = unwrap(
      await desk.ledger.createStocktake({ name: 'Next', blind: true, bins: ['A-1', 'A-2'] }),
    );
    const inBook = desk.ledger.notSeen({ stocktake, pass: 1, bin: 'A-1' });
    expect(inBook.map(({ item }) => item).toSorted()).toEqual(['OIL', 'TEA']);
    await desk.close();

    const page = await startPage(laptop, { holdsBooks: false });
    const place = { stocktake, pass: 1, bin: 'a-1' };
    expect(page.ledger.notSeen(place)).toEqual(inBook);
    expect(page.ledger.notSeen({ ...place, bin: 'A-2' })).toEqual([]);
    unwrap(await page.ledger.openBin(place));
    unwrap(await page.ledger.recordCount(place, scan('tea')));
    expect(page.ledger.notSeen(place)).toEqual([{ item: 'OIL', lot: undefined }]);
    unwrap(await page.ledger.recordCount(place, scan('OIL')));
    expect(page.ledger.notSeen(place)).toEqual([]);
    unwrap(await page.ledger.finishBin(place));
    const { batch } = unwrap(await page.ledger.submit(stocktake, 1));
    await page.close();

    const again = await startPage(laptop);
    await again.enter('approver');
    const oil = unwrap(again.ledger.review(batch)).lines.filter(({ item }) => item === 'OIL');
    unwrap(await again.ledger.decide(batch, oil, 'recount'));
    await again.close();
    const second = await startPage(laptop, { holdsBooks: false });
    expect(second.ledger.notSeen({ ...place, pass: 2 })).toEqual([{ item: 'OIL', lot: undefined }]);
    await expectSame(second);
  });

  test('U880 a laptop that counts shows no figure of a book that it does not hold, and warns of none', async () => {
    const page = await freshPage({ holdsBooks: false });
    const place = await openedStocktake(page);
    await page.enter('counter');
    unwrap(await page.ledger.recordCount(place, scan()));
    unwrap(await page.ledger.finishBin(place));
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    const moved = await page.ledger.moveStock({ item: 'TEA', from: 'B-9', to: 'A-1', quantity: 900_000n });
    expect(unwrap(moved).fromBookNegative).toBe(false);
    await page.enter('approver');
    expect([code(page.ledger.review(batch)), code(page.ledger.bookOf('TEA'))]).toEqual(['no_book', 'no_book']);
  });
});

describe('a blind count', () => {
  test('V20 hides the book and the review from whoever counts, until what was handed in is decided', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await page.enter('counter');
    expect(code(page.ledger.bookOf('TEA'))).toBe('hidden');
    unwrap(await page.ledger.recordCount(place, scan('TEA', 800_000n)));
    unwrap(await page.ledger.finishBin(place));
    expect(code(page.ledger.bookOf('TEA'))).toBe('hidden');
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    expect(code(page.ledger.review(batch))).toBe('hidden');
    expect(code(page.ledger.bookOf('TEA'))).toBe('hidden');
    await page.enter('approver');
    expect(code(page.ledger.review(batch))).toBe('ok');
    unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'recount'));
    await page.enter('counter');
    expect(code(page.ledger.bookOf('TEA'))).toBe('hidden');
  });

  test('V21 hides nothing where the count is not blind', async () => {
    const page = await freshPage();
    await openedStocktake(page, { blind: false });
    await page.enter('counter');
    expect(unwrap(page.ledger.bookOf('TEA'))).toEqual([{ bin: 'A-1', lot: undefined, book: 1_000_000n }]);
  });
});
