import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { FIELDS_OF, REPEATED_FIELDS, type ImportField, type ImportKind } from '../../../shared/domain/import/fields.ts';
import type { ColumnMapping } from '../../../shared/domain/import/mapping.ts';
import { columnLetter } from '../../../shared/domain/import/table.ts';
import type { OpenedTable } from '../../import/import-messages.ts';
import { Select } from '../../ui/field.tsx';

/** Cells that are shown of each column. */
const CELLS_SHOWN = 3;
/** Rows that may head the columns. */
const ROWS_OFFERED = 20;
const NOT_TAKEN = '';

/** A row as a choice shows it. */
function rowText(cells: readonly string[]): string {
  const text = cells
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join(' · ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export type ColumnListProps = {
  readonly what: ImportKind;
  readonly table: OpenedTable;
  readonly mapping: ColumnMapping;
  readonly onChange: (mapping: ColumnMapping) => void;
  readonly onHeaderRow: (headerRow: number) => void;
};

/** The mapping with one column changed; a field that is not repeated leaves the column that had it. */
function withColumn(mapping: ColumnMapping, column: number, field: ImportField | null): ColumnMapping {
  const columns = mapping.columns.map((there, at) => {
    if (at === column) return field;
    return there === field && there !== null && !REPEATED_FIELDS.has(there) ? null : there;
  });
  return { ...mapping, columns };
}

/** What each column of the file is called: its head, or its letter. */
export function columnHeads(table: OpenedTable, mapping: ColumnMapping): readonly string[] {
  const heads = mapping.headerRow === 0 ? [] : (table.sample.find(({ row }) => row === mapping.headerRow)?.cells ?? []);
  return mapping.columns.map((_, column) => (heads[column] ?? '').trim() || columnLetter(column));
}

/** Every column of the file, one below the other: its head, its first cells, and what it is taken for. */
export function ColumnList({ what, table, mapping, onChange, onHeaderRow }: ColumnListProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const fields = FIELDS_OF[what];
  const rowsAbove = table.sample.filter((row) => row.row < mapping.headerRow).length;
  const rows = table.sample.filter((row) => row.row > mapping.headerRow);
  const columns = columnHeads(table, mapping).map((head, column) => ({
    head,
    column,
    letter: columnLetter(column),
    field: mapping.columns[column] ?? null,
    cells: rows
      .map(({ cells }) => (cells[column] ?? '').trim())
      .filter((cell) => cell !== '')
      .slice(0, CELLS_SHOWN),
  }));
  return (
    <section className="import-columns" aria-label={t('import.columns')}>
      <h2>{t('import.columns')}</h2>
      <Select
        label={t('import.headerRow')}
        value={String(mapping.headerRow)}
        hint={rowsAbove > 0 ? t('import.rowsAbove', { count: rowsAbove }) : undefined}
        options={[
          { value: '0', label: t('import.noHeader') },
          ...table.sample.slice(0, ROWS_OFFERED).map(({ row, cells }) => ({
            value: String(row),
            label: t('import.headerIs', { row, text: rowText(cells) }),
          })),
        ]}
        onChange={(value) => onHeaderRow(Number(value))}
      />
      <ul>
        {columns.map(({ field, column, letter, head, cells }) => (
          <li key={letter} data-taken={field !== null}>
            <div className="import-head">
              <strong>{head}</strong>
              <span title={cells.join(' · ')}>{cells.length === 0 ? t('import.blank') : cells.join(' · ')}</span>
            </div>
            <select
              className="input"
              aria-label={t('import.columnIs', { column: head })}
              value={field ?? NOT_TAKEN}
              onChange={(event) =>
                onChange(withColumn(mapping, column, fields.find((one) => one === event.target.value) ?? null))
              }
            >
              <option value={NOT_TAKEN}>{t('import.notTaken')}</option>
              {fields.map((one) => (
                <option key={one} value={one}>
                  {t(`field.${one}`)}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </section>
  );
}
