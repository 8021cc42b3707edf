import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { TEXT_ENCODINGS } from '../../../shared/domain/import/encoding.ts';
import { SEPARATORS } from '../../../shared/domain/import/separator.ts';
import type { OpenedTable } from '../../import/import-messages.ts';
import type { ReadOptions } from '../../import/read-table.ts';
import { Select } from '../../ui/field.tsx';
import { useFormats } from '../../ui/format.ts';

const SEPARATOR_NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' } as const;

/** How the file was read; a person who sees odd letters or one wide column says so here. */
export function FormatLine({
  table,
  onChange,
}: {
  table: OpenedTable;
  onChange: (options: ReadOptions) => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const { format } = table;
  return (
    <div className="import-format">
      <p>
        <strong className="code">{table.name}</strong>
        <span>{t('import.rows', { count: table.rowCount, rows: formats.whole(table.rowCount) })}</span>
      </p>
      {format.kind === 'csv' ? (
        <>
          <Select
            label={t('import.encoding')}
            hint={
              table.letters.length === 0
                ? undefined
                : table.letters.map(({ row, text }) => t('import.sampleCell', { row, text })).join('\n')
            }
            value={format.encoding}
            options={TEXT_ENCODINGS.map((encoding) => ({ value: encoding, label: t(`import.encodings.${encoding}`) }))}
            onChange={(value) => {
              const encoding = TEXT_ENCODINGS.find((one) => one === value);
              if (encoding !== undefined) onChange({ encoding, separator: format.separator });
            }}
          />
          <Select
            label={t('import.separator')}
            value={format.separator}
            options={SEPARATORS.map((separator) => ({
              value: separator,
              label: t(`import.separators.${SEPARATOR_NAMES[separator]}`),
            }))}
            onChange={(value) => {
              const separator = SEPARATORS.find((one) => one === value);
              if (separator !== undefined) onChange({ encoding: format.encoding, separator });
            }}
          />
        </>
      ) : (
        <Select
          label={t('import.sheet')}
          hint={format.sheets.length > 1 ? t('import.oneSheet', { count: format.sheets.length - 1 }) : undefined}
          value={format.sheet}
          options={format.sheets.map((sheet) => ({
            value: sheet,
            label: format.hidden?.includes(sheet) === true ? t('import.hiddenSheet', { sheet }) : sheet,
          }))}
          onChange={(sheet) => onChange({ sheet })}
        />
      )}
    </div>
  );
}
