import type { TFunction } from 'i18next';
import { useDeferredValue, useMemo, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { BinHold } from '../../../shared/domain/bin-hold.ts';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import { Button, Tag } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { BinDetail } from './bin-detail.tsx';
import { findBins, sitesOf } from './find-bins.ts';
import { CatalogueTabs, type CatalogueList } from './catalogue-tabs.tsx';
import './catalogue.css';

export type BinsScreenProps = {
  readonly catalogue: Catalogue;
  /** The list is there and cannot be read: that is not the same as none. */
  readonly unreadable?: boolean;
  /** What keeps a bin in use. */
  readonly holdOf: (bin: string) => BinHold | undefined;
  /** Says something of a bin, for whoever may. */
  readonly onSay?: (fact: CatalogueFact) => void;
  readonly mayImport: boolean;
  readonly onImport: () => void;
  readonly onShow: (list: CatalogueList) => void;
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
export function BinsScreen({
  catalogue,
  unreadable = false,
  holdOf,
  onSay,
  mayImport,
  onImport,
  onShow,
}: BinsScreenProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const search = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [site, setSite] = useState<string>();
  const [active, setActive] = useState<string>();
  const asked = useDeferredValue(text);
  const sites = useMemo(() => sitesOf(catalogue.bins()), [catalogue]);
  // A building that is gone after an import shows every bin again.
  const shown = site !== undefined && sites.includes(site) ? site : undefined;
  const rows = useMemo(() => findBins(catalogue.bins(), asked, shown), [catalogue, asked, shown]);
  const bin = active === undefined ? undefined : catalogue.bin(active);
  useKeys([
    { key: '/', label: t('bins.search'), run: () => search.current?.focus() },
    ...(mayImport ? [{ key: 'I', label: t('items.import'), run: onImport }] : []),
  ]);
  const siteName = (one: string): string => (one === '' ? t('bins.noSite') : one);
  const importButton = (
    <Button compact variant="main" keyCap="I" onClick={onImport}>
      {t('items.import')}
    </Button>
  );
  return (
    <>
      <Where
        title={t('bins.title')}
        sub={<CatalogueTabs catalogue={catalogue} shown="bins" onShow={onShow} />}
        right={mayImport && catalogue.binCount > 0 ? importButton : undefined}
      />
      {catalogue.binCount === 0 ? (
        <EmptyState action={mayImport ? importButton : undefined}>
          {t(unreadable ? 'bins.unreadable' : mayImport ? 'bins.empty' : 'bins.emptyAsk')}
        </EmptyState>
      ) : (
        <div className="items">
          <div className="items-list">
            <div className="items-search">
              <input
                ref={search}
                className="input"
                type="search"
                autoFocus
                autoComplete="off"
                spellCheck={false}
                aria-label={t('bins.search')}
                placeholder={t('bins.placeholder')}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              {sites.length > 1 && (
                <select
                  className="input"
                  aria-label={t('field.site')}
                  value={shown === undefined ? EVERY_SITE : `${SITE}${shown}`}
                  onChange={({ target: { value } }) =>
                    setSite(value === EVERY_SITE ? undefined : value.slice(SITE.length))
                  }
                >
                  <option value={EVERY_SITE}>{t('bins.everySite')}</option>
                  {sites.map((one) => (
                    <option key={one} value={`${SITE}${one}`}>
                      {siteName(one)}
                    </option>
                  ))}
                </select>
              )}
              <span role="status">
                {asked.trim() === '' && shown === undefined ? '' : t('bins.found', { count: rows.length })}
              </span>
            </div>
            {rows.length === 0 ? (
              <EmptyState>{t('bins.nothing', { text: asked.trim() })}</EmptyState>
            ) : (
              <DataGrid
                label={t('bins.title')}
                columns={binColumns(t, catalogue)}
                rows={rows}
                rowKey={(row) => row.code}
                active={active}
                onActive={setActive}
                rowTestId="bin-row"
              />
            )}
          </div>
          {bin !== undefined && (
            <BinDetail
              key={bin.code}
              bin={bin}
              name={catalogue.binName(bin.code)}
              hold={onSay === undefined ? undefined : holdOf(bin.code)}
              onSay={onSay}
              onClose={() => setActive(undefined)}
            />
          )}
        </div>
      )}
    </>
  );
}
