import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { FIELDS_OF, REPEATED_FIELDS, type ImportField, type ImportKind } from '../../../shared/domain/import/fields.ts';
import type { ColumnMapping } from '../../../shared/domain/import/mapping.ts';
import { columnLetter } from '../../../shared/domain/import/table.ts';
import type { OpenedTable } from '../../import/import-messages.ts';
import { Select } from '../../ui/field.tsx';

const ROWS_SHOWN = 6;
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

export type ColumnPreviewProps = {
  readonly what: ImportKind;
  readonly table: OpenedTable;
  readonly mapping: ColumnMapping;
  readonly onChange: (mapping: ColumnMapping) => void;
  readonly onHeaderRow: (headerRow: number) => void;
};

/** The mapping with one column changed; a field that is not repeated leaves the column that had it. */
export function withColumn(mapping: ColumnMapping, column: number, field: ImportField | null): ColumnMapping {
  const columns = mapping.columns.map((there, at) => {
    if (at === column) return field;
    return there === field && there !== null && !REPEATED_FIELDS.has(there) ? null : there;
  });
  return { ...mapping, columns };
}

/** The first rows as the file has them, and over each column what it is taken for. */
export function ColumnPreview({ what, table, mapping, onChange, onHeaderRow }: ColumnPreviewProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const fields = FIELDS_OF[what];
  const rowsAbove = table.sample.filter((row) => row.row < mapping.headerRow).length;
  const rows = table.sample.filter((row) => row.row > mapping.headerRow).slice(0, ROWS_SHOWN);
  const headers =
    mapping.headerRow === 0 ? [] : (table.sample.find((row) => row.row === mapping.headerRow)?.cells ?? []);
  const columns = mapping.columns.map((field, column) => ({
    field,
    column,
    letter: columnLetter(column),
    header: (headers[column] ?? '').trim(),
  }));
  return (
    <section className="import-preview" aria-label={t('import.columns')}>
      <div className="import-preview-head">
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
      </div>
      <div className="import-table">
        <table aria-label={t('import.preview')}>
          <thead>
            <tr>
              <th scope="col" className="num">
                {t('import.row')}
              </th>
              {columns.map(({ field, column, letter, header }) => (
                <th key={letter} scope="col" data-taken={field !== null}>
                  <span className="import-header">{header === '' ? letter : header}</span>
                  <select
                    className="input"
                    aria-label={t('import.columnIs', { column: header === '' ? letter : header })}
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
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.row}>
                <td className="num">{row.row}</td>
                {columns.map(({ column, letter, field }) => (
                  <td key={letter} data-taken={field !== null} title={row.cells[column] ?? ''}>
                    {row.cells[column] ?? ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
