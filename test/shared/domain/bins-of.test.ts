import { expect, test } from 'vitest';
import { binsOf } from '../../../shared/domain/bins-of.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { changed, counted, created, emptied, submitted } from './history.ts';

const line = (bin: string) => ({ item: 'TEA', bin });
const spot = { stocktake: 's1', pass: 1, bin: 'A-1' };

const NAMED: readonly (readonly [Fact, readonly string[]])[] = [
  [changed('1', { bin: ' a-1 ' }), ['A-1']],
  [{ kind: 'stock_moved', item: 'TEA', from: 'A-1', to: 'b-2', quantity: '1' }, ['A-1', 'B-2']],
  [counted('1', { bin: 'A-2' }), ['A-2']],
  [emptied(), ['A-1']],
  [{ kind: 'serial_repeated', ...spot, item: 'TEA', serial: 'S', countedIn: 'A-9' }, ['A-1', 'A-9']],
  [submitted('b1', { bins: ['A-1', 'a-1', 'A-2'] }), ['A-1', 'A-2']],
  [
    { kind: 'lines_decided', batch: 'b1', decision: 'approve', lines: [line('A-1'), line('A-2'), line('A-1')] },
    ['A-1', 'A-2'],
  ],
  [
    {
      kind: 'overlap_settled',
      ...spot,
      item: 'TEA',
      person: 'ana',
      saw: [
        { person: 'ana', counted: '1' },
        { person: 'ben', counted: '2' },
      ],
    },
    ['A-1'],
  ],
  [created(), []],
  [{ kind: 'unknown_noted', where: 'move', code: 'c', quantity: '1', from: 'A-1' }, []],
  [{ kind: 'bin_retired', bin: 'A-1', retired: true }, []],
];

test.each(NAMED)('L803 a fact names the bins that it speaks of, each once, by key: %o', (fact, bins) => {
  expect(binsOf(fact).map((key) => key.toUpperCase())).toEqual(bins);
});
