import { cellKey, type Table } from './table.ts';

/** A cell as a person wrote it anew: `row` as a spreadsheet counts, `column` its index from 0. The file is not touched. */
export type Mend = { readonly row: number; readonly column: number; readonly text: string };

/** The mends with one more; the newest word about a cell stands. */
export function withMend(mends: readonly Mend[], mend: Mend): readonly Mend[] {
  return [...mends.filter(({ row, column }) => row !== mend.row || column !== mend.column), mend];
}

/** The table with the mended cells in it: text as it was typed, without the damage or the value that was in the file. */
export function mendTable(table: Table, mends: readonly Mend[]): Table {
  if (mends.length === 0) return table;
  const rows = [...table.rows];
  const kinds = table.cellKinds === undefined ? undefined : [...table.cellKinds];
  const values = table.values === undefined ? undefined : new Map(table.values);
  const mended = new Set<number>();
  for (const { row, column, text } of mends) {
    const at = row - 1;
    const cells = rows[at];
    if (cells === undefined || column >= table.columnCount) continue;
    const key = cellKey(at, column);
    mended.add(key);
    values?.delete(key);
    const width = Math.max(cells.length, column + 1);
    rows[at] = Array.from({ length: width }, (_, index) => (index === column ? text : (cells[index] ?? '')));
    if (kinds?.[at] !== undefined) {
      const letters = kinds[at].padEnd(width, ' ');
      kinds[at] = `${letters.slice(0, column)}t${letters.slice(column + 1)}`;
    }
  }
  return {
    ...table,
    rows,
    // An open quote has swallowed what follows: no cell can be mended there.
    problems: table.problems.filter(
      ({ row, column, code }) => code === 'unclosed_quote' || !mended.has(cellKey(row - 1, column)),
    ),
    ...(kinds === undefined ? {} : { cellKinds: kinds }),
    ...(values === undefined ? {} : { values }),
  };
}
