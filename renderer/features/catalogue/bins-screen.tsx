import type { TFunction } from 'i18next';
import { useDeferredValue, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { BinHold } from '../../../shared/domain/bin-hold.ts';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import { Tag } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-grid.tsx';
import { BinDetail } from './bin-detail.tsx';
import { findBins, sitesOf } from './find-bins.ts';
import { ListScreen, type OpenList } from './list-screen.tsx';

export type BinsScreenProps = OpenList & {
  /** What keeps a bin in use. */
  readonly holdOf: (bin: string) => BinHold | undefined;
  /** Says something of a bin, for whoever may. */
  readonly onSay?: (fact: CatalogueFact) => void;
};

const EVERY_SITE = 'every';
const SITE = 'site:';

function binColumns(t: TFunction<'catalogue'>, catalogue: Catalogue): readonly Column<Bin>[] {
  return [
    {
      id: 'bin',
      header: t('field.bin'),
      width: 'minmax(150px, 1.4fr)',
      cell: ({ code }) => <span className="code">{catalogue.binName(code)}</span>,
    },
    { id: 'label', header: t('field.label'), width: 'minmax(120px, 1fr)', cell: ({ label }) => label },
    { id: 'site', header: t('field.site'), width: 'minmax(110px, 1fr)', cell: (row) => row.site },
    { id: 'zone', header: t('field.zone'), width: 'minmax(90px, 1fr)', cell: ({ zone }) => zone },
    {
      id: 'state',
      header: t('bins.state'),
      width: '150px',
      cell: ({ retired }) => (retired === true ? <Tag tone="look">{t('field.archived')}</Tag> : ''),
    },
  ];
}

/** Every bin by building, in walking order: find one, and take it out of use or back. */
export function BinsScreen({ holdOf, onSay, ...open }: BinsScreenProps): ReactElement {
  const { catalogue } = open;
  const { t } = useTranslation('catalogue');
  const [text, setText] = useState('');
  const [site, setSite] = useState<string>();
  const [active, setActive] = useState<string>();
  const asked = useDeferredValue(text);
  const sites = useMemo(() => sitesOf(catalogue.bins()), [catalogue]);
  // A building that is gone after an import shows every bin again.
  const shown = site !== undefined && sites.includes(site) ? site : undefined;
  const rows = useMemo(() => findBins(catalogue.bins(), asked, shown), [catalogue, asked, shown]);
  const bin = active === undefined ? undefined : catalogue.bin(active);
  return (
    <ListScreen
      {...open}
      list="bins"
      count={catalogue.binCount}
      text={text}
      asked={asked.trim()}
      onText={setText}
      narrowing={sites.length > 1 && <SiteChoice sites={sites} chosen={shown} onChoose={setSite} />}
      found={asked.trim() === '' && shown === undefined ? '' : t('bins.found', { count: rows.length })}
      columns={binColumns(t, catalogue)}
      rows={rows}
      rowKey={({ code }) => code}
      rowTestId="bin-row"
      active={active}
      onActive={setActive}
      detail={
        bin !== undefined && (
          <BinDetail
            key={bin.code}
            bin={bin}
            name={catalogue.binName(bin.code)}
            hold={onSay === undefined ? undefined : holdOf(bin.code)}
            onSay={onSay}
            onClose={() => setActive(undefined)}
          />
        )
      }
    />
  );
}

/** One building, or every one (undefined). */
function SiteChoice({
  sites,
  chosen,
  onChoose,
}: {
  sites: readonly string[];
  chosen: string | undefined;
  onChoose: (site: string | undefined) => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  return (
    <select
      className="input"
      aria-label={t('field.site')}
      value={chosen === undefined ? EVERY_SITE : `${SITE}${chosen}`}
      onChange={({ target: { value } }) => onChoose(value === EVERY_SITE ? undefined : value.slice(SITE.length))}
    >
      <option value={EVERY_SITE}>{t('bins.everySite')}</option>
      {sites.map((one) => (
        <option key={one} value={`${SITE}${one}`}>
          {one === '' ? t('bins.noSite') : one}
        </option>
      ))}
    </select>
  );
}
