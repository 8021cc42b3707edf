import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { formatQuantity, quantityOf } from '../../../shared/domain/quantity.ts';
import { square } from '../../../shared/remotes/square/square.ts';
import { chunkLines } from '../../../shared/sync/plan/plan-summary.ts';
import { planSend, type PlanInput } from '../../../shared/sync/plan/plan.ts';
import { at, posted, T0 } from './entries.ts';
import { figureKey } from '../../../shared/ports/figure-key.ts';

const HOUR = 3_600_000;

function input(lines: readonly PostedLine[], more: Partial<PlanInput> = {}): PlanInput {
  const skus = ['TEA', 'CUP', 'FLOUR'];
  return {
    connection: 'c1',
    batch: 'b1',
    posted: lines,
    mapping: {
      items: new Map(
        skus.map((sku) => [sku, { item: sku, remoteItem: `R-${sku}`, precision: sku === 'FLOUR' ? 3 : 0 }]),
      ),
      sites: new Map([['Main', 'MAIN']]),
      bins: new Map(),
      reasons: new Map(),
    },
    binSite: (bin) => (bin.startsWith('X') ? undefined : bin.startsWith('N') ? 'Annex' : 'Main'),
    abilities: square.abilities,
    now: at(HOUR),
    wholeLocation: () => false,
    movedDuring: () => false,
    openElsewhere: () => false,
    lastFrozenAt: () => undefined,
    fresh: true,
    ...more,
  };
}

const whole = { wholeLocation: () => true };

describe('plan', () => {
  test('O1 the variances of all bins of one item at one place become one adjustment', () => {
    const plan = planSend(
      input([posted('TEA', 'A', '10', '2'), posted('tea', 'B', '4', '-5'), posted('CUP', 'A', '3', '1')]),
    );
    expect(
      plan.lines.map((line) => [line.remoteItem, line.remoteLocation, line.change, line.quantity, line.bins]),
    ).toEqual([
      ['R-CUP', 'MAIN', 'adjust', '1', ['A']],
      ['R-TEA', 'MAIN', 'adjust', '-3', ['A', 'B']],
    ]);
    expect(plan.summary).toMatchObject({
      counts: 0,
      adjustments: 2,
      verified: 0,
      requests: 1,
      reasons: [{ code: 'part_of_location', lines: 2 }],
    });
  });

  test('O2 a count is sent only when every bin of the item at the place was counted, stamped with the last count', () => {
    const plan = planSend(
      input([posted('TEA', 'A', '10', '2'), posted('TEA', 'B', '4', '0', { countedAt: at(60_000) })], {
        ...whole,
        others: () => ({ open: [], readTo: at(HOUR) }),
      }),
    );
    expect(plan.lines).toMatchObject([{ change: 'count', quantity: '14', occurredAt: at(60_000) }]);
    expect(plan.summary.reasons).toEqual([{ code: 'whole_location', lines: 1 }]);
  });

  test.each([
    ['older_than_24h', { now: at(23 * HOUR + 56 * 60_000) }],
    ['counted_in_future', { now: at(-1000) }],
    ['moved_while_counted', { movedDuring: () => true }],
    ['other_lines_waiting', { openElsewhere: () => true }],
    ['sent_since_counted', { lastFrozenAt: () => T0 }],
    [
      'shared_match',
      {
        mapping: {
          ...input([]).mapping,
          sites: new Map([
            ['Main', 'MAIN'],
            ['Old', 'MAIN'],
          ]),
        },
      },
    ],
    ['changes_only', { abilities: { ...square.abilities, absoluteCounts: false } }],
    ['part_of_location', { wholeLocation: () => false }],
  ])('O3 where a count would not be safe, the change is sent instead: %s', (reason, more) => {
    const plan = planSend(input([posted('TEA', 'A', '10', '2')], { ...whole, ...more }));
    expect(plan.lines).toMatchObject([{ change: 'adjust', quantity: '2' }]);
    expect(plan.summary.reasons).toEqual([{ code: reason, lines: 1 }]);
  });

  test('O154 with a clock that is known to be wrong no count is stamped: the change is sent, at the remote’s present', () => {
    const lines = [posted('TEA', 'A', '10', '2')];
    const ahead = 16 * HOUR;
    expect(planSend(input(lines, { ...whole, clockAheadMs: ahead })).lines).toMatchObject([
      { change: 'adjust', quantity: '2', occurredAt: at(HOUR - ahead - 2_000) },
    ]);
    expect(planSend(input(lines, { ...whole, clockAheadMs: -ahead })).summary.reasons).toEqual([
      { code: 'clock_wrong', lines: 1 },
    ]);
    expect(planSend(input(lines, { ...whole, clockAheadMs: 90_000 })).lines).toMatchObject([
      { change: 'count', occurredAt: at(-90_000) },
    ]);
  });

  test('O4 a change bears the time of its count while the remote takes it, and the present one after that', () => {
    expect(planSend(input([posted('TEA', 'A', '10', '2')])).lines[0]?.occurredAt).toBe(T0);
    expect(planSend(input([posted('TEA', 'A', '10', '2')], { now: at(30 * HOUR) })).lines[0]?.occurredAt).toBe(
      at(30 * HOUR - 2_000),
    );
    expect(planSend(input([posted('TEA', 'A', '10', '2')], { now: at(-HOUR) })).lines[0]?.occurredAt).toBe(
      at(-HOUR - 2_000),
    );
  });

  test('O5 no difference sends no adjustment and is shown as verified; a matching count is still sent', () => {
    const same = [posted('TEA', 'A', '10', '2'), posted('TEA', 'B', '4', '-2')];
    expect(planSend(input(same))).toMatchObject({
      lines: [],
      stopped: [],
      summary: { verified: 1, requests: 0, reasons: [], rows: [{ change: 'verified', quantity: '0' }] },
    });
    expect(planSend(input([posted('TEA', 'A', '10', '0')], whole)).lines).toMatchObject([
      { change: 'count', quantity: '10' },
    ]);
  });

  test('O6 a line that the remote cannot take is stopped with its code, and the others go', () => {
    const plan = planSend(
      input([
        posted('TEA', 'A', '2.5', '2.5'),
        posted('MUG', 'A', '1', '1'),
        posted('CUP', 'N1', '1', '1'),
        posted('CUP', 'X1', '1', '1'),
        posted('FLOUR', 'A', '2.125', '0.125'),
      ]),
    );
    expect(new Set(plan.stopped.map((line) => `${line.item}/${line.bin} ${line.code}`))).toEqual(
      new Set(['CUP/N1 site_not_mapped', 'CUP/X1 bin_not_found', 'MUG/A item_not_mapped', 'TEA/A too_precise']),
    );
    expect(plan.lines).toMatchObject([{ item: 'FLOUR', quantity: '0.125' }]);
    expect(
      planSend(input([posted('CUP', 'A', '1', '1')], { abilities: { ...square.abilities, readOnly: true } })).stopped,
    ).toMatchObject([{ code: 'read_only' }]);
  });

  test('O7 250 lines make three requests, and each keeps its key however often it is planned', () => {
    const skus = Array.from({ length: 250 }, (_, one) => `S${one}`);
    const mapping = {
      items: new Map(skus.map((sku) => [sku, { item: sku, remoteItem: `R${sku}`, precision: 0 }])),
      sites: new Map([['Main', 'MAIN']]),
      bins: new Map(),
      reasons: new Map(),
    };
    const lines = skus.map((sku) => posted(sku, 'A', '1', '1'));
    const keys = (order: readonly PostedLine[]) =>
      chunkLines(planSend(input(order, { mapping })).lines, 100).map((chunk) => square.freeze(chunk).idempotencyKey);
    expect(new Set(keys(lines)).size).toBe(3);
    expect(keys(lines.toReversed())).toEqual(keys(lines));
  });

  test('O8 after a fresh read the preview says what the remote holds and what it will hold', () => {
    const remoteNow = new Map([
      [figureKey('R-TEA', 'MAIN'), { remoteItem: 'R-TEA', remoteLocation: 'MAIN', quantity: '7' }],
    ]);
    const rows = planSend(input([posted('TEA', 'A', '10', '2'), posted('CUP', 'A', '10', '2')], { remoteNow })).summary
      .rows;
    expect(rows.map((row) => [row.item, row.theirs, row.after])).toEqual([
      ['CUP', null, '2'],
      ['TEA', '7', '9'],
    ]);
  });

  test('O9 planned and stopped lines together hold every posted line once, and nothing of the difference is lost', () => {
    const quantity = fc.integer({ min: -5000, max: 5000 }).map((steps) => formatQuantity(BigInt(steps) * 100n));
    const lineOf = fc.record({
      item: fc.constantFrom('TEA', 'CUP', 'FLOUR', 'MUG'),
      bin: fc.constantFrom('A', 'B', 'C', 'N1', 'X1'),
      variance: quantity,
      hours: fc.integer({ min: 0, max: 48 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(lineOf, { selector: (line) => `${line.item}|${line.bin}`, maxLength: 20 }),
        fc.boolean(),
        (some, isWhole) => {
          const lines = some.map(({ item, bin, variance, hours }) =>
            posted(item, bin, '500', variance, { countedAt: at(-hours * HOUR) }),
          );
          const plan = planSend(input(lines, { wholeLocation: () => isWhole }));
          const stopped = new Set(plan.stopped.map((line) => `${line.item}|${line.bin}`));
          for (const item of ['TEA', 'CUP', 'FLOUR', 'MUG']) {
            const kept = lines.filter((line) => line.item === item && !stopped.has(`${item}|${line.bin}`));
            const change = plan.lines.find((line) => line.item === item);
            const text =
              change?.change === 'count' ? kept.map((line) => line.counted) : kept.map((line) => line.variance);
            expect(quantityOf(change?.quantity ?? '0')).toBe(text.reduce((total, one) => total + quantityOf(one), 0n));
            expect(change?.bins ?? []).toEqual(change ? kept.map((line) => line.bin).toSorted() : []);
          }
          expect(new Set(plan.lines.map((line) => line.ref)).size).toBe(plan.lines.length);
          expect(planSend(input(lines.toReversed(), { wholeLocation: () => isWhole })).lines).toEqual(plan.lines);
        },
      ),
    );
  });
});
