import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { UnknownSite } from '../../../shared/domain/import/conversion.ts';
import { RESTORABLE, type ImportChoices } from '../../../shared/domain/import/choices.ts';
import type { ImportKind } from '../../../shared/domain/import/fields.ts';
import type { ConvertedTable } from '../../import/import-session.ts';
import { Checkbox, Select } from '../../ui/field.tsx';

export type ImportChoiceListProps = {
  readonly what: ImportKind;
  readonly result: ConvertedTable;
  readonly choices: ImportChoices;
  readonly onChange: (choices: ImportChoices) => void;
};

function withoutMark({ decimalMark: _, ...choices }: ImportChoices): ImportChoices {
  return choices;
}

function withoutMoved({ movedCodes: _, ...choices }: ImportChoices): ImportChoices {
  return choices;
}

const DECIMALS = [0, 1, 2, 3, 4, 5] as const;

/**
 * What can be done about the problems found; only choices that would change something are shown. One piece: one choice
 * after the other, in the order in which they are made.
 */
export function ImportChoiceList({ what, result, choices, onChange }: ImportChoiceListProps): ReactElement | null {
  const { t } = useTranslation('catalogue');
  const { problemCounts, counts, numbers } = result;
  const sites = [...result.unknownSites, ...answeredSites(result, choices)];
  const unclear = (problemCounts.price_ambiguous ?? 0) + (problemCounts.quantity_ambiguous ?? 0);
  const restorable = RESTORABLE.filter((damage) => (problemCounts[`code_${damage}`] ?? 0) > 0);
  const marks = [
    { value: '', label: t(unclear > 0 ? 'import.mark.open' : 'import.mark.seen') },
    { value: '.', label: t('import.mark.point') },
    { value: ',', label: t('import.mark.comma') },
  ];
  const marked = unclear > 0 || numbers.length > 0 || choices.decimalMark !== undefined;
  const moves = (problemCounts.barcode_moves ?? 0) + (problemCounts.barcode_moved ?? 0);
  const back = problemCounts.is_out_of_use ?? 0;
  const asked =
    Number(marked) +
    restorable.length +
    counts.leftOut +
    moves +
    counts.missing +
    back +
    result.unknownUnits.length +
    sites.length;
  if (asked === 0 && choices.movedCodes === undefined) return null;
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
      {result.unknownUnits.map(({ key, unit, items }) => (
        <UnitDecimals key={key} unitKey={key} unit={unit} items={items} choices={choices} onChange={onChange} />
      ))}
      {answeredUnits(result, choices).map((key) => (
        <UnitDecimals key={key} unitKey={key} unit={key} items={0} choices={choices} onChange={onChange} />
      ))}
      {sites.map((site) => (
        <SiteChoice key={site.key} site={site} choices={choices} onChange={onChange} />
      ))}
      {(moves > 0 || choices.movedCodes !== undefined) && (
        <Select
          label={t('import.moved.label', { count: moves })}
          value={choices.movedCodes ?? ''}
          options={[
            { value: '', label: t('import.mark.open') },
            { value: 'move', label: t('import.moved.move') },
            { value: 'keep', label: t('import.moved.keep') },
          ]}
          onChange={(value) =>
            onChange(value === 'move' || value === 'keep' ? { ...choices, movedCodes: value } : withoutMoved(choices))
          }
        />
      )}
      {back > 0 && (
        <Checkbox
          label={t('import.bringBack', { count: back })}
          checked={choices.bringBack === true}
          onChange={(bringBack) => onChange({ ...choices, bringBack })}
        />
      )}
      {what !== 'stock' && counts.missing > 0 && (
        <Checkbox
          label={t(`import.retireMissing.${what}`, { count: counts.missing })}
          checked={choices.retireMissing === true}
          onChange={(retireMissing) => onChange({ ...choices, retireMissing })}
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

/** Units that were unknown until a person said their decimals a moment ago: the answer can still be changed. */
function answeredUnits(result: ConvertedTable, choices: ImportChoices): readonly string[] {
  return Object.keys(choices.unitDecimals ?? {}).filter((key) => !result.unknownUnits.some((one) => one.key === key));
}

/** Buildings that a person decided about a moment ago. */
function answeredSites(result: ConvertedTable, choices: ImportChoices): readonly UnknownSite[] {
  return Object.entries(choices.sites ?? {})
    .filter(([key]) => !result.unknownSites.some((one) => one.key === key))
    .map(([key, from]) => ({ key, site: key, from: from === '' ? [] : [from], bins: 0 }));
}

function SiteChoice({
  site: { key, site, from, bins },
  choices,
  onChange,
}: {
  site: UnknownSite;
  choices: ImportChoices;
  onChange: (choices: ImportChoices) => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const said = choices.sites?.[key];
  const { [key]: _, ...others } = choices.sites ?? {};
  return (
    <Select
      label={
        bins > 0 ? t('import.site.ask', { site, count: bins, from: from.join(', ') }) : t('import.site.said', { site })
      }
      value={said === undefined ? '' : said === '' ? ANOTHER : `${RENAMED}${said}`}
      options={[
        { value: '', label: t('import.mark.open') },
        { value: ANOTHER, label: t('import.site.another') },
        ...from.map((old) => ({ value: `${RENAMED}${old}`, label: t('import.site.renamed', { from: old }) })),
      ]}
      onChange={(value) => {
        if (value === '') onChange({ ...choices, sites: others });
        else
          onChange({ ...choices, sites: { ...others, [key]: value === ANOTHER ? '' : value.slice(RENAMED.length) } });
      }}
    />
  );
}

const ANOTHER = 'another';
const RENAMED = 'renamed:';

function UnitDecimals({
  unitKey,
  unit,
  items,
  choices,
  onChange,
}: {
  unitKey: string;
  unit: string;
  items: number;
  choices: ImportChoices;
  onChange: (choices: ImportChoices) => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const said = choices.unitDecimals?.[unitKey];
  return (
    <Select
      label={items > 0 ? t('import.unit.ask', { unit, count: items }) : t('import.unit.said', { unit })}
      value={said === undefined ? '' : String(said)}
      options={[
        { value: '', label: t('import.mark.open') },
        ...DECIMALS.map((decimals) => ({
          value: String(decimals),
          label: t('import.unit.decimals', { count: decimals }),
        })),
      ]}
      onChange={(value) => {
        const { [unitKey]: _, ...others } = choices.unitDecimals ?? {};
        onChange({ ...choices, unitDecimals: value === '' ? others : { ...others, [unitKey]: Number(value) } });
      }}
    />
  );
}
