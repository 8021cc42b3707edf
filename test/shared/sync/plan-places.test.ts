import { describe, expect, test } from 'vitest';
import type { PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { quantityOf } from '../../../shared/domain/quantity.ts';
import { square } from '../../../shared/remotes/square/square.ts';
import type { RemoteAbilities } from '../../../shared/ports/remote-inventory.ts';
import { planSend, type PlanInput } from '../../../shared/sync/plan/plan.ts';
import { at, posted } from './entries.ts';
import { figureKey } from '../../../shared/ports/figure-key.ts';

const BINS: RemoteAbilities = { ...square.abilities, binLevel: true, backDatingMs: 0, maxPrecision: 0, files: true };
const TRACKING: RemoteAbilities = { ...square.abilities, absoluteCounts: false, backDatingMs: 0, tracking: true };
const MAIN = figureKey('R-TEA', 'MAIN');

function input(lines: readonly PostedLine[], more: Partial<PlanInput> = {}): PlanInput {
  return {
    connection: 'c1',
    batch: 'b1',
    posted: lines,
    mapping: {
      items: new Map(['TEA', 'CUP'].map((sku) => [sku, { item: sku, remoteItem: `R-${sku}`, precision: 0 }])),
      sites: new Map([['Main', 'MAIN']]),
      bins: new Map([
        ['A', 'BIN-A'],
        ['B', 'BIN-B'],
      ]),
      reasons: new Map([['damaged', 'Damaged goods']]),
    },
    binSite: () => 'Main',
    abilities: square.abilities,
    now: at(3_600_000),
    wholeLocation: () => true,
    movedDuring: () => false,
    openElsewhere: () => false,
    lastFrozenAt: () => undefined,
    ...more,
  };
}

const figure = (quantity: string | null, more = {}) =>
  new Map([[MAIN, { remoteItem: 'R-TEA', remoteLocation: 'MAIN', quantity, ...more }]]);
const codes = (plan: ReturnType<typeof planSend>) => plan.stopped.map((line) => line.code);

describe('a remote that knows bins', () => {
  test('O113 each bin of an item is a change of its own, its lots summed; a bin without a match is stopped', () => {
    const plan = planSend(
      input(
        [
          posted('TEA', 'A', '4', '1', { lot: 'L1' }),
          posted('TEA', 'a', '5', '2', { lot: 'L2' }),
          posted('TEA', 'B', '9', '-3'),
          posted('CUP', 'C', '1', '1'),
        ],
        { abilities: BINS },
      ),
    );
    expect(plan.lines.map((line) => [line.remoteLocation, line.change, line.quantity])).toEqual([
      ['BIN-A', 'adjust', '3'],
      ['BIN-B', 'adjust', '-3'],
    ]);
    expect(codes(plan)).toEqual(['bin_not_mapped']);
    expect(plan.summary.reasons).toEqual([{ code: 'changes_only', lines: 2 }]);
  });

  test('O114 in a file a row stands on the figure read just now, and is stopped where there is none, or ours is on its way', () => {
    const lines = [posted('TEA', 'A', '4', '-2')];
    const key = figureKey('R-TEA', 'BIN-A');
    const remoteNow = new Map([[key, { remoteItem: 'R-TEA', remoteLocation: 'BIN-A', quantity: '7' }]]);
    const file = { abilities: BINS, delivery: 'file' as const };
    const plan = planSend(input(lines, { ...file, remoteNow }));
    expect(plan.lines).toMatchObject([{ quantity: '-2', from: '7' }]);
    expect(plan.summary.rows).toMatchObject([{ reason: 'file', theirs: '7', after: '5' }]);
    expect(codes(planSend(input(lines, file)))).toEqual(['figure_not_read']);
    expect(codes(planSend(input(lines, { ...file, remoteNow, underWay: (place) => place === key })))).toEqual([
      'waiting_there',
    ]);
    const low = new Map([[key, { remoteItem: 'R-TEA', remoteLocation: 'BIN-A', quantity: '1' }]]);
    expect(planSend(input(lines, { ...file, remoteNow: low })).stopped).toMatchObject([
      { code: 'below_zero', detail: '-1' },
    ]);
  });
});

describe('a remote that must be told to keep a figure', () => {
  const lines = [posted('TEA', 'A', '9', '2')];

  test('O115 what it does not track is stopped until tracking is started', () => {
    const untracked = figure(null, { tracked: false });
    expect(codes(planSend(input(lines, { abilities: TRACKING, remoteNow: untracked })))).toEqual(['not_tracked']);
  });

  test('O116 the first figure that comes to light is answered with counted less that figure, the next with a variance', () => {
    const first = { abilities: TRACKING, remoteNow: figure('30', { first: true }) };
    expect(planSend(input(lines, first)).lines).toMatchObject([{ change: 'adjust', quantity: '-21', from: '30' }]);
    expect(planSend(input(lines, first)).summary.reasons).toEqual([{ code: 'first_figure', lines: 1 }]);
    const later = planSend(input(lines, { ...first, lastFrozenAt: () => at(0) })).lines;
    expect(later).toMatchObject([{ quantity: '2' }]);
    expect(later[0]).not.toHaveProperty('from');
  });

  test.each([
    ['a part was counted', { wholeLocation: () => false }],
    ['something moved between the counts', { movedDuring: () => true }],
    ['something moved since', { book: () => ({ now: quantityOf('8'), before: quantityOf('8') }) }],
    ['another batch has still to arrive', { openElsewhere: () => true }],
  ])('O117 a first figure is not answered where %s', (_, more) => {
    const plan = planSend(input(lines, { abilities: TRACKING, remoteNow: figure('30', { first: true }), ...more }));
    expect(codes(plan)).toEqual(['first_figure_part_counted']);
  });
});

describe('what the preview knows', () => {
  test('O118 the remote’s word goes with a change when all its lines were given the same reason', () => {
    const reasons: Record<string, string> = { A: 'damaged', B: 'damaged', C: 'theft' };
    const word = (...some: PostedLine[]) =>
      planSend(input(some, { reasonOf: (line) => reasons[line.bin] })).lines[0]?.reason;
    expect(word(posted('TEA', 'A', '1', '-1'), posted('TEA', 'B', '1', '-2'))).toBe('Damaged goods');
    expect(word(posted('TEA', 'A', '1', '-1'), posted('TEA', 'C', '1', '-2'))).toBeUndefined();
    expect(word(posted('TEA', 'C', '1', '-2'))).toBeUndefined();
    // A line that changed nothing needs no reason.
    expect(word(posted('TEA', 'A', '1', '-1'), posted('TEA', 'D', '1', '0'))).toBe('Damaged goods');
  });

  test('O119 what others changed since is shown beside what the remote will hold', () => {
    const book = () => ({ now: quantityOf('9'), before: quantityOf('7') });
    const rows = (quantity: string) =>
      planSend(input([posted('TEA', 'A', '9', '2')], { remoteNow: figure(quantity), fresh: true, book })).summary.rows;
    expect(rows('7')[0]).not.toHaveProperty('drift');
    expect(rows('4')).toMatchObject([{ theirs: '4', drift: '-3' }]);
  });
});
