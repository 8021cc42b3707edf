import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyLedgerState, fold, foldLedger, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { orderEntries } from '../../../shared/domain/ledger-order.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { bookNow } from '../../../shared/domain/balance.ts';
import { slowBook } from './book-oracle.ts';
import { book, changed, counted, created, createHistory, figures, minute, review, submitted } from './history.ts';
import { morning, steps } from './random-history.ts';

const skews = fc.tuple(
  fc.integer({ min: -30, max: 30 }),
  fc.integer({ min: -30, max: 30 }),
  fc.integer({ min: -30, max: 30 }),
);

/** The same entries, each device's in its sequence, devices interleaved as `order` says. */
function delivered(entries: readonly LedgerEntry[], order: readonly number[]): LedgerEntry[] {
  const devices = [...new Set(entries.map((entry) => entry.device))];
  const chains = devices.map((device) => entries.filter((entry) => entry.device === device));
  return entries.flatMap((_, at) => {
    const waiting = chains.filter((chain) => chain.length > 0);
    return waiting[(order[at] ?? 0) % waiting.length]?.shift() ?? [];
  });
}

/** Takes entries in as they arrive, rebuilding when one belongs before what is known. */
function takenIn(arriving: readonly LedgerEntry[]): LedgerState {
  let state = emptyLedgerState();
  const known: LedgerEntry[] = [];
  for (const entry of arriving) {
    known.push(entry);
    if (fold(state, entry) === 'out_of_order') state = foldLedger(known);
  }
  return state;
}

describe('the ledger as a whole', () => {
  test('L20 the books end at the last posted count and what moved after it, whatever happened in between', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const entries = morning(script);
        const state = foldLedger(entries);
        for (const line of state.books.lines.values()) expect(Number(bookNow(line))).toBe(slowBook(entries, line));
      }),
      { numRuns: 1000 },
    );
  });

  test('L21 every variance stands on the book as of its own count, as known by now', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const entries = morning(script);
        const state = foldLedger(entries);
        for (const [batch, { apart }] of state.batches) {
          // What a match changed after the posting stands on what was posted.
          for (const line of apart ? [] : review(state, batch))
            expect(Number(line.bookThen)).toBe(slowBook(entries, line, line.anchor));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('L22 what was counted is the sum of the statements that stand', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const entries = morning(script).filter(({ fact }) => !fact.kind.startsWith('unknown_matched'));
        const taken = new Set(entries.flatMap(({ fact }) => (fact.kind === 'count_voided' ? [fact.voids] : [])));
        const standing = new Map<string, number>();
        const created = new Set<string>();
        for (const { id, fact } of entries) {
          if (fact.kind === 'stocktake_created') created.add(fact.stocktake);
          if (fact.kind !== 'counted' || taken.has(id) || !created.has(fact.stocktake)) continue;
          const key = [fact.stocktake, fact.pass, fact.item, fact.bin].join(' ').toUpperCase();
          standing.set(key, (standing.get(key) ?? 0) + Math.round(Number(fact.quantity) * 100_000));
        }
        const found = new Map<string, number>();
        for (const stocktake of foldLedger(entries).stocktakes.values()) {
          for (const sheet of stocktake.sheets.values()) {
            for (const line of sheet.lines.values()) {
              expect(line.observations).toBeGreaterThan(0);
              const key = [stocktake.id, sheet.pass, line.item, line.bin].join(' ').toUpperCase();
              // A zero that nobody counted comes from a bin confirmed empty.
              if (line.counted !== 0n || standing.has(key)) found.set(key, Number(line.counted));
            }
          }
        }
        expect(found).toEqual(standing);
      }),
      { numRuns: 500 },
    );
  });

  test('L23 entries given in any order, and twice, make the same state', () => {
    fc.assert(
      fc.property(steps, skews, fc.nat(), (script, skew, seed) => {
        const entries = morning(script, skew);
        const mixed = [...entries, ...entries].toSorted((left, right) => mix(left.hash, seed) - mix(right.hash, seed));
        expect(foldLedger(mixed)).toEqual(foldLedger(entries));
      }),
      { numRuns: 300 },
    );
  });

  test('L24 chains that arrive in any order, folded as they come and rebuilt when told to, make the same state', () => {
    fc.assert(
      fc.property(steps, skews, fc.array(fc.nat(2), { maxLength: 50 }), (script, skew, order) => {
        const entries = morning(script, skew);
        expect(takenIn(delivered(entries, order))).toEqual(foldLedger(entries));
      }),
      { numRuns: 300 },
    );
  });

  test('L25 an entry met before changes nothing, and one that belongs earlier is refused unchanged', () => {
    const history = createHistory();
    const late = history.say(5, changed('1'), { device: 'd2' });
    const first = history.say(10, changed('2'));
    const state = emptyLedgerState();
    expect(fold(state, first)).toBe('folded');
    expect(fold(state, first)).toBe('known');
    expect(fold(state, late)).toBe('out_of_order');
    expect(state).toEqual(foldLedger([first]));
  });

  test('L26 a clock set back does not reorder a chain: sequence is the order', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('10', { reason: 'opening' }));
    history.say(120, counted('8'));
    history.say(60, changed('-3'));
    history.say(61, submitted());
    history.say(50, changed('9'), { device: 'd2' });
    const ordered = orderEntries(history.entries.toReversed()).map(({ device, seq }) => `${device} ${seq}`);
    expect(ordered).toEqual(['d1 1', 'd1 2', 'd2 1', 'd1 3', 'd1 4', 'd1 5']);
    expect(figures(history.state())[0]).toMatchObject({ counted: '8', atCount: '19', since: '-3' });
  });

  test('L27 what the host seals while it sends may come in late: the count of entries is the same', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, { kind: 'send_attempted', connection: 'c', request: 'r', attempt: 1 }, { by: 'engine' });
    history.say(2, changed('4'));
    const [open, attempted, last] = history.entries;
    const state = emptyLedgerState();
    for (const entry of [open, last, attempted]) if (entry) fold(state, entry);
    expect(state.entries).toBe(3);
    expect(state).toEqual(history.state());
  });

  test('L28 letter case and blanks make no second item and no second bin', () => {
    const history = createHistory();
    history.say(0, changed('4', { item: 'Tea', bin: 'a-1' }));
    history.say(1, changed('3', { item: ' TEA', bin: 'A-1 ' }));
    expect(book(history.state())).toBe('7');
    expect(history.state().books.lines.size).toBe(1);
  });

  test('L29 the newest snapshot of items and of bins is the catalogue, and codes taught are kept in order', () => {
    const history = createHistory();
    const file = (what: 'items' | 'bins', digit: string) =>
      ({ kind: 'catalogue_imported', what, sha256: digit.repeat(64), rows: 1, source: `${digit}.csv` }) as const;
    history.say(0, file('items', 'a'));
    history.say(1, file('bins', 'b'));
    history.say(2, file('items', 'c'));
    history.say(3, { kind: 'barcode_taught', item: 'TEA', barcode: { code: '1' } });
    const { catalogue, said } = history.state();
    expect(catalogue.get('items')).toMatchObject({ sha256: 'c'.repeat(64), rows: 1, source: 'c.csv', at: minute(2) });
    expect(catalogue.get('bins')?.source).toBe('b.csv');
    expect([...said.values()]).toMatchObject([
      { fact: { kind: 'barcode_taught', item: 'TEA', barcode: { code: '1' } } },
    ]);
  });
});

/** A number that looks random and is not. */
function mix(hash: string, seed: number): number {
  return (Number.parseInt(hash.slice(0, 8), 16) ^ seed) >>> 0;
}
