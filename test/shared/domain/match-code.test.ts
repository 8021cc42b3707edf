import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { foldLedger, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { findSheet, type CountLine } from '../../../shared/domain/stocktake.ts';
import { matchOf, neighbours, unresolved } from '../../../shared/domain/unknown-code.ts';
import {
  book,
  changed,
  counted,
  created,
  createHistory,
  figures,
  minute,
  place,
  posted,
  review,
  submitted,
  voidOf,
} from './history.ts';
import { morning, steps } from './random-history.ts';

const scanned = (code = 'X', quantity = '1', more: Parameters<typeof place>[0] = {}): Fact => ({
  kind: 'unknown_scanned',
  ...place(more),
  code,
  quantity,
});
const matched = (batch: string, more: { code?: string; item?: string; factor?: string; bin?: string } = {}) =>
  ({
    kind: 'unknown_matched',
    ...place(more),
    code: more.code ?? 'X',
    item: more.item ?? 'COFFEE',
    ...(more.factor !== undefined && { factor: more.factor }),
    batch,
  }) as const;
const withdrawn = ({ id, fact }: LedgerEntry, batch: string): Fact => {
  if (fact.kind !== 'unknown_matched' && fact.kind !== 'unknown_proposed') throw new Error('no match');
  const { code, item } = fact;
  return { kind: 'match_withdrawn', ...place(fact), withdraws: id, was: { code, item }, batch };
};

function sheet(state: LedgerState, bin = 'A-1') {
  const stocktake = state.stocktakes.get('s1');
  const found = stocktake && findSheet(stocktake, 1, bin);
  if (!found) throw new Error('no sheet');
  return found;
}

/** What a line says, without how it came about. */
function shown({ item, bin, counted: quantity, observations, by, runs, anchor, movedBefore, order }: CountLine) {
  return {
    item: item.toUpperCase(),
    bin,
    quantity,
    observations,
    by,
    first: runs[0]?.first,
    anchor,
    movedBefore,
    order,
  };
}

function lines(state: LedgerState): object[] {
  return [...state.stocktakes.values()].flatMap((stocktake) =>
    [...stocktake.sheets].flatMap(([key, { lines: some }]) =>
      [...some.values()]
        .map((line) => ({ stocktake: stocktake.id, key, ...shown(line) }))
        .toSorted((left, right) => (left.item + left.bin < right.item + right.bin ? -1 : 1)),
    ),
  );
}

/** The same morning in which the code had been known all along. */
function known(entries: readonly LedgerEntry[], code: string, item: string): LedgerEntry[] {
  return entries.map((entry) => {
    const { fact } = entry;
    if (fact.kind !== 'unknown_scanned' || fact.code !== code) return entry;
    const { stocktake, pass, bin, quantity } = fact;
    return { ...entry, fact: { kind: 'counted', stocktake, pass, bin, item, quantity, how: 'scan' } };
  });
}

describe('matching codes that nobody knew', () => {
  test('L540 scanned three times between two items and matched later, a code counts three of its item where it was scanned', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('10', { item: 'COFFEE', reason: 'opening' }));
    history.say(2, counted('1'));
    history.say(3, scanned());
    history.say(3, scanned());
    const last = history.say(3, scanned());
    history.say(4, counted('1', { item: 'OIL' }));
    history.say(5, changed('-2', { item: 'COFFEE' }));
    history.say(6, submitted());
    const before = history.state();
    expect(neighbours(unresolved(sheet(before))[0] ?? fail())).toEqual([{ after: 'TEA', before: 'OIL' }]);

    const match = history.say(10, matched('m1'), { by: 'lea' });
    expect(unresolved(sheet(history.state()))).toEqual([]);
    expect(sheet(history.state()).lines.size).toBe(3);
    expect(review(history.state()).find(({ item }) => item === 'COFFEE')).toMatchObject({
      counted: 300_000n,
      bookThen: 1_000_000n,
      movedSince: -200_000n,
      anchor: last.id,
      people: [{ person: 'ana', quantity: 300_000n }],
    });
    history.say(11, withdrawn(match, 'm2'), { by: 'lea' });
    expect(figures(history.state())).toEqual(figures(before));
    expect(sheet(history.state())).toEqual(sheet(before));
  });

  test('L540 matching is the same as having known the code, whatever else happened', () => {
    let met = 0;
    fc.assert(
      fc.property(steps, (script) => {
        // Nothing is taken back or posted here: that has rules of its own.
        const plain = morning(script).filter(({ fact }) =>
          ['stocktake_created', 'stock_changed', 'stock_moved', 'counted', 'unknown_scanned'].includes(fact.kind),
        );
        const history = createHistory();
        for (const { fact, device, by, at } of plain) history.say(minutesOf(at), fact, { device, by });
        const spots = new Set(
          plain.flatMap(({ fact }) =>
            fact.kind === 'unknown_scanned' && fact.code === 'c1' ? [JSON.stringify(place(fact))] : [],
          ),
        );
        met += spots.size;
        for (const [at, spot] of [...spots].entries())
          history.say(2000 + at, {
            kind: 'unknown_matched',
            ...(JSON.parse(spot) as ReturnType<typeof place>),
            code: 'c1',
            item: 'oil',
            batch: `m${at}`,
          });
        expect(lines(history.state())).toEqual(lines(foldLedger(known(history.entries, 'c1', 'oil'))));
      }),
      { numRuns: 1500 },
    );
    expect(met).toBeGreaterThan(100);
  });

  test('L541 a match and its withdrawal leave everything as if neither had been', () => {
    let met = 0;
    fc.assert(
      fc.property(steps, fc.nat(), (script, choice) => {
        const entries = morning(script);
        const state = foldLedger(entries);
        const open = [...state.stocktakes.values()].flatMap(({ id, sheets }) =>
          [...sheets.values()].flatMap((one) =>
            unresolved(one).map(({ code }) => ({ stocktake: id, pass: one.pass, bin: one.bin, code })),
          ),
        );
        const spot = open[choice % Math.max(open.length, 1)];
        if (!spot) return;
        const sheets = (of: LedgerState) => [...of.stocktakes.values()].flatMap((one) => [...one.sheets.values()]);
        if (sheets(state).some((one) => one.posted.size > 0)) return;
        met += 1;
        const history = createHistory();
        for (const { fact, device, by, at } of entries) history.say(minutesOf(at), fact, { device, by });
        const match = history.say(2000, { kind: 'unknown_matched', ...spot, item: 'OIL', factor: '6', batch: 'x1' });
        const matched = foldLedger(history.entries);
        history.say(2001, {
          kind: 'match_withdrawn',
          ...spot,
          withdraws: match.id,
          was: { code: spot.code, item: 'OIL' },
          batch: 'x2',
        });
        const after = history.state();
        // Only an approval or a refusal of the line it changed is gone.
        expect(sheets(after).map((one) => one.decisions)).toEqual(sheets(matched).map((one) => one.decisions));
        for (const one of [...sheets(after), ...sheets(state)]) one.decisions.clear();
        expect(after.stocktakes).toEqual(state.stocktakes);
      }),
      { numRuns: 1000 },
    );
    expect(met).toBeGreaterThan(100);
  });

  test('L542 what a match adds to a posted line is a line of its own, still to be decided; the posted one stays', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('10', { item: 'COFFEE', reason: 'opening' }));
    history.say(2, counted('6', { item: 'COFFEE' }));
    history.say(3, scanned('X', '1'));
    history.say(4, submitted());
    history.say(5, posted(review(history.state())));
    history.say(6, changed('-1', { item: 'COFFEE' }));
    const before = history.state();
    expect(book(before, { item: 'COFFEE' })).toBe('5');

    const match = history.say(7, matched('m1', { factor: '3' }), { by: 'lea' });
    expect(figures(history.state())).toEqual(figures(before));
    expect(book(history.state(), { item: 'COFFEE' })).toBe('5');
    expect(figures(history.state(), 'm1')).toMatchObject([
      { counted: '9', atCount: '6', variance: '3', since: '-1', resulting: '8' },
    ]);
    expect(review(history.state(), 'm1')[0]).toMatchObject({ posted: false, decision: undefined, flags: [] });

    history.say(8, posted(review(history.state(), 'm1'), 'm1'));
    expect(book(history.state(), { item: 'COFFEE' })).toBe('8');
    expect(figures(history.state(), 'm1')).toMatchObject([{ counted: '9', atCount: '6', variance: '3' }]);
    // A sale between the count and all this, learned late, is as late as ever: the count covers it.
    history.say(9, changed('-2', { item: 'COFFEE', happenedAt: '2026-11-20T08:01:30.000Z' }));
    expect(book(history.state(), { item: 'COFFEE' })).toBe('8');

    history.say(10, withdrawn(match, 'm2'), { by: 'lea' });
    expect(book(history.state(), { item: 'COFFEE' })).toBe('8');
    expect(figures(history.state(), 'm2')).toMatchObject([{ counted: '6', atCount: '9', variance: '-3' }]);
    expect(unresolved(sheet(history.state())).map(({ code }) => code)).toEqual(['X']);
    history.say(11, posted(review(history.state(), 'm2'), 'm2'));
    expect(book(history.state(), { item: 'COFFEE' })).toBe('5');
  });

  test('L542 such a line goes with its match while it is not posted, and says nothing after a later count', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(0, created('s2'));
    history.say(2, counted('6', { item: 'COFFEE' }));
    history.say(3, scanned());
    history.say(4, submitted());
    history.say(5, posted(review(history.state())));
    const match = history.say(7, matched('m1'), { by: 'lea' });
    history.say(8, withdrawn(match, 'm2'), { by: 'lea' });
    expect([...history.state().batches.keys()]).toEqual(['b1']);
    expect(history.state().stocktakes.get('s1')?.sheets.size).toBe(1);
    history.say(9, matched('m3'), { by: 'lea' });
    history.say(10, counted('7', { item: 'COFFEE', stocktake: 's2' }));
    history.say(11, submitted('b2', { stocktake: 's2' }));
    history.say(12, posted(review(history.state(), 'b2'), 'b2'));
    expect(review(history.state(), 'm3')[0]?.flags).toEqual(['superseded']);
    expect(book(history.state(), { item: 'COFFEE' })).toBe('7');
  });

  test('L543 a code has one match on a sheet: one told beside it is a proposal, and a proposal counts nothing', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, scanned());
    const proposal = history.say(2, { kind: 'unknown_proposed', ...place(), code: 'X', item: 'OIL' });
    expect(sheet(history.state()).lines.size).toBe(0);
    history.say(3, matched('m1'));
    history.say(4, matched('m2', { item: 'OIL' }), { device: 'd2', by: 'lea' });
    const [unknown] = [...sheet(history.state()).unknowns.values()];
    expect(unknown && matchOf(unknown)).toMatchObject({ item: 'COFFEE' });
    expect(unknown?.proposals.map(({ item, by }) => [item, by])).toEqual([
      ['OIL', 'ana'],
      ['OIL', 'lea'],
    ]);
    expect([...sheet(history.state()).lines.values()].map(({ item }) => item)).toEqual(['COFFEE']);
    history.say(5, withdrawn(proposal, 'm3'));
    expect([...sheet(history.state()).unknowns.values()][0]?.proposals.map(({ by }) => by)).toEqual(['lea']);
  });

  test('L544 scans of a matched code that follow count at once, and scans taken back go', () => {
    const history = createHistory();
    history.say(0, created());
    const first = history.say(1, scanned('X', '2'));
    history.say(2, matched('m1', { factor: '12' }));
    history.say(3, counted('1', { item: 'COFFEE' }));
    history.say(4, scanned('X', '1'));
    const total = () => [...sheet(history.state()).lines.values()].map((line) => formatQuantity(line.counted));
    expect(total()).toEqual(['37']);
    history.say(5, voidOf(first));
    expect(total()).toEqual(['13']);
  });

  test('L545 an unknown code lies between what its finder took before and after it, whatever came between', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, counted('1'));
    const wrong = history.say(2, counted('1', { item: 'WRONG' }));
    history.say(3, voidOf(wrong));
    history.say(4, scanned('X'));
    // Another code, and another person in the same bin, do not come between.
    history.say(5, scanned('Y'));
    history.say(6, counted('1', { item: 'SALT' }), { by: 'ben', device: 'd2' });
    history.say(7, counted('0', { item: 'NONE' }));
    const misread = history.say(8, counted('1', { item: 'WRONG' }));
    history.say(9, voidOf(misread));
    history.say(10, { ...counted('5', { item: 'OIL' }), how: 'typed' });
    history.say(11, scanned('X'));
    const [x, y] = [...sheet(history.state()).unknowns.values()].map(neighbours);
    expect(x).toEqual([
      { after: 'TEA', before: 'OIL' },
      { after: 'OIL', before: undefined },
    ]);
    expect(y).toEqual([{ after: 'TEA', before: 'OIL' }]);
  });

  test('L546 a code met with no bin open, or in a move, is kept with what came before and after', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, { kind: 'unknown_noted', where: 'no_bin', code: 'X', quantity: '2', stocktake: 's1' });
    history.say(2, { kind: 'bin_opened', ...place({ bin: 'A-2' }) });
    history.say(3, { kind: 'unknown_noted', where: 'move', code: 'Y', quantity: '1', from: 'A-1', after: 'TEA' });
    // A move is recorded with its to-bin, the item that was taken last first.
    for (const item of ['SALT', 'OIL', 'TEA', 'RICE'])
      history.say(4, { kind: 'stock_moved', item, from: 'A-1', to: 'A-2', quantity: '1' });
    history.say(5, { kind: 'bin_opened', ...place() });
    expect(history.state().noted).toMatchObject([
      { code: 'X', where: 'no_bin', quantity: 200_000n, nextBin: 'A-2', by: 'ana' },
      { code: 'Y', where: 'move', from: 'A-1', after: 'TEA', before: 'OIL' },
    ]);
  });

  test('L546 a move taken back is no neighbour of a code that was noted since', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, { kind: 'stock_moved', item: 'RICE', from: 'A-2', to: 'A-1', quantity: '1' });
    history.say(2, { kind: 'unknown_noted', where: 'move', code: 'Y', quantity: '1', from: 'A-1', after: 'TEA' });
    history.say(3, { kind: 'stock_moved', item: 'RICE', from: 'A-1', to: 'A-2', quantity: '1', happenedAt: minute(1) });
    expect(history.state().noted).toMatchObject([{ code: 'Y', before: undefined, isOpen: true }]);
  });

  test('L547 whoever decided about a line that a match changed has to look again', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, counted('6', { item: 'COFFEE' }));
    history.say(1, counted('6', { item: 'TEA' }));
    history.say(2, scanned());
    history.say(3, submitted());
    const approve = (decision: 'approve' | 'hold'): Fact => ({
      kind: 'lines_decided',
      batch: 'b1',
      decision,
      lines: [
        { item: 'COFFEE', bin: 'A-1' },
        { item: 'TEA', bin: 'A-1' },
      ],
    });
    const decisions = () => review(history.state()).map(({ item, decision }) => [item, decision?.decision]);
    history.say(4, approve('approve'));
    const match = history.say(5, matched('m1'), { by: 'lea' });
    expect(decisions()).toEqual([
      ['COFFEE', undefined],
      ['TEA', 'approve'],
    ]);
    history.say(6, approve('hold'));
    history.say(7, withdrawn(match, 'm2'), { by: 'lea' });
    expect(decisions()).toEqual([
      ['COFFEE', 'hold'],
      ['TEA', 'hold'],
    ]);
  });
});

function minutesOf(at: string): number {
  return (Date.parse(at) - Date.parse('2026-11-20T08:00:00.000Z')) / 60_000;
}

function fail(): never {
  throw new Error('not there');
}
