import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { RESTORABLE, type ImportChoices } from '../../../shared/domain/import/conversion.ts';
import type { ImportKind } from '../../../shared/domain/import/fields.ts';
import type { ConvertedTable } from '../../import/import-session.ts';
import { Checkbox, Select } from '../../ui/field.tsx';

export type ImportChoiceListProps = {
  readonly what: ImportKind;
  readonly result: ConvertedTable;
  readonly choices: ImportChoices;
  readonly onChange: (choices: ImportChoices) => void;
};

function withoutMark({ leaveOutStopped, restore }: ImportChoices): ImportChoices {
  return { leaveOutStopped, restore };
}

/** What can be done about the problems found; only choices that would change something are shown. */
export function ImportChoiceList({ what, result, choices, onChange }: ImportChoiceListProps): ReactElement | null {
  const { t } = useTranslation('catalogue');
  const { problemCounts, counts, numbers } = result;
  const unclear = (problemCounts.price_ambiguous ?? 0) + (problemCounts.quantity_ambiguous ?? 0);
  const restorable = RESTORABLE.filter((damage) => (problemCounts[`code_${damage}`] ?? 0) > 0);
  const marks = [
    { value: '', label: t(unclear > 0 ? 'import.mark.open' : 'import.mark.seen') },
    { value: '.', label: t('import.mark.point') },
    { value: ',', label: t('import.mark.comma') },
  ];
  const marked = unclear > 0 || numbers.length > 0 || choices.decimalMark !== undefined;
  if (!marked && restorable.length === 0 && counts.leftOut === 0) return null;
  return (
    <section className="import-choices" aria-label={t('import.choices')}>
      <h2>{t('import.choices')}</h2>
      {restorable.map((damage) => (
        <Checkbox
          key={damage}
          label={t(`import.restore.${damage}`, { count: problemCounts[`code_${damage}`] ?? 0 })}
          checked={choices.restore.includes(damage)}
          onChange={(on) =>
            onChange({
              ...choices,
              restore: on ? [...choices.restore, damage] : choices.restore.filter((one) => one !== damage),
            })
          }
        />
      ))}
      {marked && (
        <Select
          label={t(what === 'stock' ? 'import.mark.quantity' : 'import.mark.price')}
          value={choices.decimalMark ?? ''}
          hint={
            numbers.length === 0
              ? undefined
              : numbers
                  .map(({ row, text, value }) =>
                    value === null
                      ? t('import.sampleOpen', { row, text })
                      : t('import.sampleNumber', { row, text, value }),
                  )
                  .join('\n')
          }
          options={marks}
          onChange={(value) =>
            onChange(value === '.' || value === ',' ? { ...choices, decimalMark: value } : withoutMark(choices))
          }
        />
      )}
      {counts.leftOut > 0 && (
        <Checkbox
          label={t('import.leaveOut', { count: counts.leftOut })}
          checked={choices.leaveOutStopped}
          onChange={(leaveOutStopped) => onChange({ ...choices, leaveOutStopped })}
        />
      )}
    </section>
  );
}
