import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry, RemoteMovement } from '../../../shared/domain/ledger-entry.ts';
import { foldMovements, movementReference, nextWindow, NO_MOVEMENTS } from '../../../shared/sync/seen/movements.ts';
import { at, createChain, T0 } from './entries.ts';

const moved = (key: string): RemoteMovement => ({
  key,
  remoteItem: 'R-TEA',
  remoteLocation: '',
  quantity: '-1',
  after: null,
  happenedAt: T0,
  what: '4',
});
const page = (run: string, keys: readonly string[], more: { from?: string; to?: string; complete?: boolean } = {}) => ({
  kind: 'remote_moved' as const,
  connection: 'c1',
  run,
  from: at(0),
  to: at(60_000),
  movements: keys.map(moved),
  complete: true,
  ...more,
});
const fold = (entries: readonly LedgerEntry[]) => entries.reduce(foldMovements, NO_MOVEMENTS);
const times = (entries: readonly LedgerEntry[]) =>
  Object.fromEntries(
    [...(fold(entries).connections.get('c1')?.byKey ?? [])].map(([key, { times: met }]) => [key, met]),
  );

describe('movements of others', () => {
  test('O120 a movement met in two windows is one; two that share a key within one reading are two', () => {
    const chain = createChain();
    chain.add(page('r1', ['a', 'b']));
    chain.add(page('r2', ['a'], { complete: false }));
    chain.add(page('r2', ['a', 'c']));
    chain.add(page('r3', ['a']));
    expect(times(chain.entries)).toEqual({ a: 2, b: 1, c: 1 });
  });

  test('O121 however readings are broken off and begun again, no movement is counted more often than it happened', () => {
    const happened = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(happened, fc.array(fc.nat({ max: 12 }), { maxLength: 5 }), (truth, breaks) => {
        const rows = Object.entries(truth).flatMap(([key, count]) => Array.from({ length: count }, () => key));
        const chain = createChain();
        for (const [run, end] of breaks.entries())
          chain.add(page(`broken ${run}`, rows.slice(0, end), { complete: false }));
        chain.add(page('whole', rows.slice(0, 2), { complete: false }));
        chain.add(page('whole', rows.slice(2)));
        expect(times(chain.entries)).toEqual(truth);
      }),
    );
  });

  test('O122 the next window begins before the end of the last whole one and ends before now; the first where it all began', () => {
    const chain = createChain();
    const query = { connection: 'c1', now: at(3_600_000), since: at(600_000) };
    expect(nextWindow(fold(chain.entries), query)).toEqual({ from: at(0), to: at(3_598_000) });
    chain.add(page('r1', [], { to: at(1_800_000), complete: false }));
    expect(nextWindow(fold(chain.entries), query)?.from).toBe(at(0));
    chain.add(page('r1', [], { to: at(1_800_000) }));
    expect(nextWindow(fold(chain.entries), query)?.from).toBe(at(1_200_000));
    // Read to a time that is still to come, by a clock that was put back since: read from where it all began.
    const early = { ...query, now: at(1_200_000) };
    expect(nextWindow(fold(chain.entries), early)).toEqual({ from: at(0), to: at(1_198_000) });
    expect(nextWindow(fold([]), { ...query, now: at(0) })).toBeUndefined();
  });

  test('O123 a movement is known again by its reference, which fits an entry however long its key is', () => {
    const chain = createChain();
    const reference = movementReference('c1', 'k'.repeat(300), 1);
    expect(reference.length).toBeLessThanOrEqual(120);
    expect(reference).not.toBe(movementReference('c1', 'k'.repeat(300), 0));
    expect(movementReference('c1', 'a', 0)).not.toBe(movementReference('c2', 'a', 0));
    chain.add({ kind: 'stock_changed', item: 'TEA', bin: 'A', quantity: '-1', reason: 'sale', reference });
    chain.add({ kind: 'stock_changed', item: 'TEA', bin: 'A', quantity: '-1', reason: 'sale', reference: 'till 4' });
    expect([...fold(chain.entries).taken]).toEqual([reference]);
  });
});
