import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry, ObservedCount } from '../../../shared/domain/ledger-entry.ts';
import { foldMappings, type Mappings } from '../../../shared/sync/seen/mapping.ts';
import { foldObservations, nextWatermark, NO_OBSERVATIONS } from '../../../shared/sync/seen/pull.ts';
import { drift } from '../../../shared/sync/seen/reconcile.ts';
import { isReadAfter } from '../../../shared/sync/seen/stamp.ts';
import { at, createChain, T0 } from './entries.ts';
import { figureKey } from '../../../shared/ports/figure-key.ts';

const fold = (entries: readonly LedgerEntry[]) => entries.reduce(foldObservations, NO_OBSERVATIONS);
const seen = (quantity: string | null, calculatedAt?: string, remoteItem = 'R-TEA'): ObservedCount => ({
  remoteItem,
  remoteLocation: 'MAIN',
  quantity,
  ...(calculatedAt === undefined ? {} : { calculatedAt }),
});
const observed = (requestedAt: string, counts: ObservedCount[], complete = true) => ({
  kind: 'remote_observed' as const,
  connection: 'c1',
  requestedAt,
  counts,
  complete,
});
const mapping = {
  items: new Map([['TEA', { item: 'TEA', remoteItem: 'R-TEA', precision: 0 }]]),
  sites: new Map([['Main', 'MAIN']]),
  bins: new Map(),
  reasons: new Map(),
};
const TEA = figureKey('R-TEA', 'MAIN');

describe('pull', () => {
  test('O174 after the clock was put back, what is read later is newer all the same', () => {
    const chain = createChain();
    const figure = () => fold(chain.entries).get('c1')?.figures.get(TEA);
    const DAY_MS = 86_400_000;
    chain.add(observed(at(DAY_MS), [seen('1')]), at(DAY_MS));
    const arrival = { seq: 1, at: at(DAY_MS + 60_000) };
    chain.add(observed(at(0), [seen('2')]), at(1000));
    expect(figure()?.quantity).toBe('2');
    // Begun before it and sealed after it, with a clock that went on: the older one.
    chain.add(observed(at(-5000), [seen('3')]), at(2000));
    expect(figure()?.quantity).toBe('2');
    const read = { seenAt: at(0), sealed: { seq: 2, at: at(1000) } };
    expect(isReadAfter(read, arrival)).toBe(true);
    expect(isReadAfter({ ...read, sealed: { seq: 1, at: at(1000) } }, arrival)).toBe(false);
    expect(isReadAfter(read, { seq: 1, at: at(500) })).toBe(false);
    expect(isReadAfter({ ...read, seenAt: at(600) }, { seq: 1, at: at(500) })).toBe(true);
  });

  test('O28 the newest figure of each thing and place is kept, in whatever order pulls are learned', () => {
    const pulls = [
      observed(at(0), [seen('1', at(0))]),
      observed(at(1000), [seen('2', at(900))]),
      observed(at(2000), [seen(null)]),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(pulls, { minLength: 3 }), (order) => {
        const chain = createChain();
        for (const pull of order.slice(0, 3)) chain.add(pull);
        expect(fold(chain.entries).get('c1')?.figures.get(TEA)?.quantity).toBeNull();
      }),
    );
    const chain = createChain();
    chain.add(observed(at(5000), [seen('2', '2026-03-02T12:00:00+02:00')]));
    chain.add(observed(at(1000), [seen('1', '2026-03-02T09:59:59Z')]));
    expect(fold(chain.entries).get('c1')?.figures.get(TEA)?.quantity).toBe('2');
  });

  test('O29 the next pull starts before the last whole one began, never after a row, and only once one was whole', () => {
    const chain = createChain();
    chain.add(observed(at(0), [seen('1', at(-1000))], false));
    expect(nextWatermark(fold(chain.entries), 'c1')).toBeUndefined();
    chain.add(observed(at(0), [seen('2', at(3_600_000), 'R-CUP')]));
    expect(nextWatermark(fold(chain.entries), 'c1')).toBe(at(-600_000));
  });

  test('O30 a laptop whose clock runs ahead asks from the newest time that the remote has shown', () => {
    const chain = createChain();
    chain.add(observed(at(48 * 3_600_000), [seen('1', T0)]));
    expect(nextWatermark(fold(chain.entries), 'c1')).toBe(at(-600_000));
  });

  test('O31 what a pull does not name stays as it was', () => {
    const chain = createChain();
    chain.add(observed(at(0), [seen('1', T0)]));
    chain.add(observed(at(1000), []));
    expect(fold(chain.entries).get('c1')?.figures.get(TEA)?.quantity).toBe('1');
  });
});

describe('reconcile', () => {
  const compare = (ours: string | undefined, counts: ObservedCount[], waiting = false) => {
    const chain = createChain();
    chain.add(observed(T0, counts));
    const books =
      ours === undefined
        ? []
        : [
            { item: 'TEA', site: 'Main', quantity: ours },
            { item: 'UNKNOWN', site: 'Main', quantity: '1' },
          ];
    return drift({
      books,
      figures: fold(chain.entries).get('c1')?.figures ?? new Map(),
      mapping,
      waiting: () => waiting,
    });
  };

  test('O32 drift is the remote’s figure less our book; no record is shown as none and counts as nothing', () => {
    expect(compare('5', [seen('5')])).toMatchObject([{ ours: '5', theirs: '5', difference: '0', state: 'reconciled' }]);
    expect(compare('5', [seen('3.5')])).toMatchObject([{ difference: '-1.5', state: 'differs' }]);
    expect(compare('5', [seen(null)])).toMatchObject([{ theirs: null, difference: '-5', state: 'differs' }]);
    expect(compare('0', [seen(null)])).toMatchObject([{ theirs: null, state: 'reconciled' }]);
    expect(compare('5', [])).toMatchObject([{ theirs: null, state: 'not_seen' }]);
    expect(compare('5', [seen('3')], true)).toMatchObject([{ state: 'waiting' }]);
  });

  test('O33 stock that only the remote knows is drift too, and what is not matched is left out', () => {
    expect(compare(undefined, [seen('4'), seen('9', undefined, 'R-OTHER')])).toMatchObject([
      { item: 'TEA', ours: '0', theirs: '4', state: 'differs' },
    ]);
  });

  test('O34 newer matches replace older ones one by one, and an empty one takes a match away', () => {
    const chain = createChain();
    chain.add({
      kind: 'mapping_set',
      connection: 'c1',
      items: [
        { item: 'tea', remoteItem: 'R1', precision: 0 },
        { item: 'cup', remoteItem: 'R2', precision: 0 },
      ],
      sites: [{ site: 'Main', remoteLocation: 'MAIN' }],
    });
    chain.add({
      kind: 'mapping_set',
      connection: 'c1',
      items: [
        { item: 'TEA', remoteItem: 'R3', precision: 2 },
        { item: 'CUP', remoteItem: '', precision: 0 },
      ],
      sites: [],
    });
    const state = chain.entries.reduce(foldMappings, new Map<string, never>() as Mappings).get('c1');
    expect([...(state?.items.values() ?? [])]).toEqual([{ item: 'TEA', remoteItem: 'R3', precision: 2 }]);
    expect(state?.sites.get('Main')).toBe('MAIN');
  });
});
