import { describe, expect, test } from 'vitest';
import { mendTable, withMend } from '../../../../shared/domain/import/mending.ts';
import { cellKey, type Table } from '../../../../shared/domain/import/table.ts';

const sheet: Table = {
  name: 'list.xlsx',
  format: { kind: 'xlsx', sheet: 'A', sheets: ['A'] },
  rows: [['sku', 'cost'], ['A', '#N/A'], ['B'], ['"C', 'swallowed']],
  columnCount: 2,
  cellKinds: ['tt', 'te', 'n', 'tt'],
  values: new Map([[cellKey(2, 0), '42']]),
  problems: [
    { row: 2, column: 1, code: 'cell_error', severity: 'stop', value: '#N/A' },
    { row: 4, column: 0, code: 'unclosed_quote', severity: 'stop', value: '"C' },
  ],
};

describe('mended cells', () => {
  test('I596 a mended cell is text as it was typed, whatever the file held there; an open quote cannot be mended', () => {
    const mended = mendTable(sheet, [
      { row: 2, column: 1, text: '1.000' },
      { row: 3, column: 1, text: '2' },
      { row: 3, column: 0, text: 'B-1' },
      { row: 4, column: 0, text: 'C' },
      { row: 9, column: 0, text: 'below the list' },
      { row: 2, column: 5, text: 'beside the list' },
    ]);
    expect(mended.rows).toEqual([
      ['sku', 'cost'],
      ['A', '1.000'],
      ['B-1', '2'],
      ['C', 'swallowed'],
    ]);
    expect(mended.cellKinds).toEqual(['tt', 'tt', 'tt', 'tt']);
    expect(mended.values?.size).toBe(0);
    expect(mended.problems.map(({ code }) => code)).toEqual(['unclosed_quote']);
    // The file as it was read is what it was.
    expect([sheet.rows[1]?.[1], sheet.cellKinds?.[2], sheet.values?.size]).toEqual(['#N/A', 'n', 1]);
  });

  test('I596 the newest word about a cell stands', () => {
    const once = withMend([], { row: 2, column: 1, text: '1' });
    expect(withMend(withMend(once, { row: 2, column: 0, text: 'A' }), { row: 2, column: 1, text: '2' })).toEqual([
      { row: 2, column: 0, text: 'A' },
      { row: 2, column: 1, text: '2' },
    ]);
  });
});
