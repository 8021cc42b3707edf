import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bookNow } from '../../../shared/domain/balance.ts';
import { entryId, FIRST_PREV, type Fact, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, fold } from '../../../shared/domain/ledger-state.ts';

const folder = new URL('../../fixtures/retail/', import.meta.url);
const DAY_BEFORE = '2010-11-30T00:00:00.000Z';

/** The cells of a CSV line; quoted cells may hold commas and doubled quotes. */
function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}

describe('a year of a real shop', () => {
  test('L50 516,384 real movements fold to the sums that plain arithmetic gives, and to the net figures of the item list', async () => {
    const items = (await readFile(new URL('items.csv', folder), 'utf8')).trim().split('\n').slice(1).map(cells);
    const state = emptyLedgerState();
    const sums = new Map<string, number>();
    let seq = 0;
    let movements = 0;

    function take(at: string, fact: Fact & { kind: 'stock_changed' }): void {
      seq += 1;
      const entry: LedgerEntry = {
        id: entryId('shop', seq),
        device: 'shop',
        seq,
        at,
        by: 'import',
        v: 1,
        prev: FIRST_PREV,
        hash: FIRST_PREV,
        fact,
      };
      if (fold(state, entry) !== 'folded') throw new Error(`entry ${seq} was not folded`);
      const sku = fact.item.toUpperCase();
      sums.set(sku, (sums.get(sku) ?? 0) + Number(fact.quantity));
    }

    for (const row of items)
      take(DAY_BEFORE, {
        kind: 'stock_changed',
        item: row[0] ?? '',
        bin: 'SHOP',
        quantity: row[7] ?? '',
        reason: 'opening',
      });
    const lines = createInterface({
      input: createReadStream(new URL('movements.csv.gz', folder)).pipe(createGunzip()),
    });
    for await (const line of lines) {
      const [number, timestamp = '', , item = '', quantity = ''] = cells(line);
      if (number === 'seq') continue;
      movements += 1;
      take(`${timestamp}.000Z`, { kind: 'stock_changed', item, bin: 'SHOP', quantity, reason: 'sale' });
    }

    expect(movements).toBe(516_384);
    expect(state.entries).toBe(516_384 + items.length);
    expect(state.books.lines.size).toBe(items.length);
    const books = new Map(
      [...state.books.lines.values()].map((line) => [line.item.toUpperCase(), Number(bookNow(line)) / 100_000]),
    );
    expect(books).toEqual(sums);
    for (const row of items) expect(books.get((row[0] ?? '').toUpperCase())).toBe(Number(row[7]) - Number(row[8]));
  });
});
