import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moneyText, shareOfBook, valueOf } from '../../../../renderer/features/review/line-value.ts';
import {
  approvable,
  orderedPlaces,
  postSummary,
  inTab,
  LINE_TABS,
  reviewRows,
  totals,
} from '../../../../renderer/features/review/review-rows.ts';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import type { Item } from '../../../../shared/domain/item.ts';
import { lineKey } from '../../../../shared/domain/line-key.ts';
import { quantityOf } from '../../../../shared/domain/quantity.ts';
import type { ReviewLine } from '../../../../shared/domain/variance.ts';

const items = new Map<string, Item>(
  (
    [
      ['OIL', '4.90'],
      ['HONEY', '31.9'],
      ['TEA', undefined],
      ['BAD', 'about 3'],
    ] as const
  ).map(([sku, cost]) => [
    sku,
    {
      sku,
      name: `${sku} name`,
      barcodes: [],
      unit: 'each',
      precision: sku === 'TEA' ? 3 : 0,
      tracking: 'none',
      ...(cost !== undefined && { cost }),
    },
  ]),
);

type Given = Partial<Omit<ReviewLine, 'counted' | 'item'>> & { item: string; counted: string; book: string };

function line({ item, counted, book, ...more }: Given): ReviewLine {
  const bin = more.bin ?? 'A-01';
  return {
    key: lineKey({ item, bin }),
    item,
    bin,
    lot: undefined,
    counted: quantityOf(counted),
    bookThen: quantityOf(book),
    movedSince: 0n,
    resulting: quantityOf(counted),
    variance: quantityOf(counted) - quantityOf(book),
    passes: [quantityOf(counted)],
    people: [{ person: 'ana', quantity: quantityOf(counted) }],
    flags: [],
    decision: undefined,
    posted: false,
    reversed: undefined,
    settled: undefined,
    serials: 0,
    countedAt: '2026-11-20T10:00:00.000Z',
    anchor: 'd-1',
    clocksApartMs: 0,
    ...more,
  };
}

const decided = (decision: 'approve' | 'recount' | 'reject' | 'hold') => ({
  batch: 'b1',
  saw: undefined,
  decision,
  by: 'mia',
  at: '2026-11-20T11:00:00.000Z',
  reason: undefined,
});
const rowsOf = (lines: readonly ReviewLine[]) => reviewRows(lines, createCatalogue([...items.values()], []));
const NOTHING_KEPT: ReadonlySet<string> = new Set();

describe('review rows', () => {
  test('U50 the value of a line is variance × cost, exactly, and blank without a cost', () => {
    const { rows } = rowsOf([
      line({ item: 'OIL', counted: '9', book: '14' }),
      line({ item: 'TEA', counted: '1', book: '5' }),
      line({ item: 'BAD', counted: '1', book: '5' }),
      line({ item: 'NEW', counted: '1', book: '0' }),
    ]);
    expect(rows.map(({ value }) => (value === undefined ? undefined : moneyText(value)))).toEqual([
      '-24.50',
      undefined,
      undefined,
      undefined,
    ]);
    expect(rows[3]?.named.name).toBe('NEW');
  });

  test('U51 money is rounded only when it is written, halves away from zero, and never shows a minus on nothing', () => {
    expect(moneyText(valueOf(quantityOf('0.5'), quantityOf('0.01')) ?? 0n)).toBe('0.01');
    expect(moneyText(valueOf(quantityOf('-0.5'), quantityOf('0.01')) ?? 0n)).toBe('-0.01');
    expect(moneyText(valueOf(quantityOf('-0.1'), quantityOf('0.01')) ?? 0n)).toBe('0.00');
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), (cents) => {
        const text = moneyText(cents * 100_000_000n);
        return BigInt(text.replace('.', '')) === cents;
      }),
    );
  });

  test('U52 the share of the book has one decimal and its sign, and is blank where the book said nothing', () => {
    expect(shareOfBook(quantityOf('-5'), quantityOf('14'))).toBe(-357);
    expect(shareOfBook(quantityOf('5'), quantityOf('0'))).toBeUndefined();
    expect(shareOfBook(quantityOf('3'), quantityOf('-6'))).toBe(500);
    expect(Object.is(shareOfBook(quantityOf('-0.00001'), quantityOf('1000')), 0)).toBe(true);
  });

  test('U53 lines stand by largest absolute value, then by largest absolute variance, then as counted', () => {
    const review = rowsOf([
      line({ item: 'TEA', counted: '1', book: '3' }),
      line({ item: 'OIL', counted: '9', book: '14' }),
      line({ item: 'TEA', counted: '9', book: '3', bin: 'A-02' }),
      line({ item: 'HONEY', counted: '12', book: '3' }),
      line({ item: 'TEA', counted: '5', book: '3', bin: 'A-03' }),
    ]);
    expect([...orderedPlaces(review, 'to_decide', NOTHING_KEPT)]).toEqual([3, 1, 2, 0, 4]);
  });

  test('U54 every line is either to decide or decided, and either a difference or matched', () => {
    const given = fc.record({
      counted: fc.nat(3),
      book: fc.nat(3),
      posted: fc.boolean(),
      decision: fc.option(fc.constantFrom('approve', 'recount', 'reject', 'hold'), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(given), (all) => {
        const lines = all.map(({ counted, book, posted, decision }, at) =>
          line({
            item: 'OIL',
            counted: String(counted),
            book: String(book),
            bin: `A-${at}`,
            posted,
            decision: decision && decided(decision),
          }),
        );
        const { counts } = rowsOf(lines);
        return (
          counts.to_decide + counts.decided === lines.length && counts.differences + counts.matched === lines.length
        );
      }),
    );
  });

  test('U55 a line decided a moment ago stays in the tab, in its place', () => {
    const gone = line({ item: 'HONEY', counted: '12', book: '3', decision: decided('approve') });
    const review = rowsOf([line({ item: 'OIL', counted: '9', book: '14' }), gone]);
    expect([...orderedPlaces(review, 'to_decide', NOTHING_KEPT)]).toEqual([0]);
    expect([...orderedPlaces(review, 'to_decide', new Set([gone.key]))]).toEqual([1, 0]);
  });

  test('U56 totals give net and gross: two lines that cancel out are nothing net and twice the value gross', () => {
    const { rows } = rowsOf([
      line({ item: 'OIL', counted: '9', book: '14' }),
      line({ item: 'OIL', counted: '5', book: '0', bin: 'A-02' }),
      line({ item: 'TEA', counted: '2.5', book: '0' }),
    ]);
    const sum = totals(rows);
    expect({ ...sum, net: moneyText(sum.net), gross: moneyText(sum.gross) }).toEqual({
      lines: 3,
      units: quantityOf('2.5'),
      net: '0.00',
      gross: '49.00',
      withoutCost: 1,
    });
  });

  test('U57 the summary before posting names what is set to zero, and leaves out what is posted', () => {
    const zeroed = line({ item: 'OIL', counted: '0', book: '6', decision: decided('approve') });
    const { rows } = rowsOf([
      zeroed,
      line({ item: 'HONEY', counted: '2', book: '1', bin: 'A-02', decision: decided('approve') }),
      line({ item: 'HONEY', counted: '0', book: '1', bin: 'A-03', decision: decided('approve'), posted: true }),
      line({ item: 'HONEY', counted: '0', book: '0', bin: 'A-04', decision: decided('approve') }),
      line({ item: 'OIL', counted: '1', book: '1', bin: 'A-05', decision: decided('recount') }),
      line({ item: 'OIL', counted: '1', book: '1', bin: 'A-06', decision: decided('hold') }),
      line({ item: 'OIL', counted: '1', book: '1', bin: 'A-07' }),
    ]);
    const summary = postSummary(rows);
    expect(summary.zeroed.map((row) => row.line.key)).toEqual([zeroed.key]);
    expect({
      approved: summary.approved.length,
      recount: summary.recount,
      held: summary.held,
      rejected: summary.rejected,
      undecided: summary.undecided,
    }).toEqual({ approved: 3, recount: 1, held: 1, rejected: 0, undecided: 1 });
    expect([moneyText(summary.up), moneyText(summary.down)]).toEqual(['31.90', '-29.40']);
  });

  test('U58 a line with two tallies is never approved along with the others', () => {
    const { rows } = rowsOf([
      line({ item: 'OIL', counted: '12', book: '5', flags: ['overlap'] }),
      line({ item: 'TEA', counted: '1', book: '1' }),
      line({ item: 'HONEY', counted: '1', book: '1', posted: true }),
    ]);
    const split = approvable(rows);
    expect(split.plain.map((row) => row.line.item)).toEqual(['TEA']);
    expect(split.overlapping.map((row) => row.line.item)).toEqual(['OIL']);
  });

  test('U59 a line that a later posted count has overtaken asks for no decision and is not posted', () => {
    const { rows, counts } = rowsOf([
      line({ item: 'OIL', counted: '1', book: '5', flags: ['superseded'], decision: decided('approve') }),
      line({ item: 'TEA', counted: '1', book: '5', flags: ['superseded'] }),
    ]);
    expect(counts.to_decide).toBe(0);
    expect(postSummary(rows).approved).toEqual([]);
    expect(approvable(rows)).toEqual({ plain: [], overlapping: [] });
  });

  test('U654 rows of lines that did not change stay the same objects, and all are as if made anew', () => {
    const [oil, tea, honey] = [
      line({ item: 'OIL', counted: '12', book: '5' }),
      line({ item: 'TEA', counted: '1', book: '3', flags: ['swap'] }),
      line({ item: 'HONEY', counted: '2', book: '1' }),
    ];
    let shown = rowsOf([oil, tea, honey]);
    for (const lines of [
      [oil, { ...tea, decision: decided('approve') }, honey],
      [oil, { ...tea, decision: decided('hold'), flags: [] }, { ...honey, posted: true }],
      [{ ...oil, counted: quantityOf('900'), variance: quantityOf('895') }, tea, honey],
      [oil, tea],
    ]) {
      const next = reviewRows(lines, createCatalogue([...items.values()], []), shown);
      expect(next).toEqual(rowsOf(lines));
      expect(next.counts).toEqual(
        Object.fromEntries(LINE_TABS.map((tab) => [tab, lines.filter((one) => inTab(one, tab)).length])),
      );
      if (lines.length === shown.lines.length)
        for (const [at, row] of next.rows.entries())
          expect(row === shown.rows[at]).toBe(row.line === shown.rows[at]?.line);
      shown = next;
    }
  });
});
