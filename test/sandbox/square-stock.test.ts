import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeCount } from './square/count.ts';
import { createStockLedger } from './square/stock.ts';

const STATES = ['IN_STOCK', 'WASTE', 'SOLD', 'NONE'];
const changeOf = fc.record({
  isCount: fc.boolean(),
  from: fc.constantFrom(...STATES),
  to: fc.constantFrom(...STATES),
  quantity: fc.integer({ min: 0, max: 9 }),
  /** Between the moment of recording and that much before it. */
  late: fc.integer({ min: 0, max: 5 }),
  ask: fc.boolean(),
});

describe('stock of a Square', () => {
  test('R139 a count that is carried on says what computing it from all changes says', () => {
    fc.assert(
      fc.property(fc.array(changeOf, { maxLength: 30 }), (changes) => {
        const stock = createStockLedger();
        changes.forEach(({ isCount, from, to, quantity, late, ask }, at) => {
          const createdAt = 1000 + at;
          stock.append({
            variation: 'V',
            location: 'L',
            quantity: String(quantity),
            createdAt,
            occurredAt: createdAt - late,
            occurredAtText: '',
            ...(isCount
              ? { type: 'PHYSICAL_COUNT', state: 'IN_STOCK' }
              : { type: 'ADJUSTMENT', fromState: from, toState: to }),
          });
          if (!ask) return;
          for (const state of STATES)
            for (const asOf of [createdAt, createdAt - 3])
              expect(stock.count('V', 'L', state, asOf)).toEqual(computeCount(stock.of('V', 'L'), state, asOf));
        });
      }),
    );
  });
});
