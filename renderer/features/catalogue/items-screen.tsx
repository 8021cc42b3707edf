import type { TFunction } from 'i18next';
import { useDeferredValue, useMemo, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { Button } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';
import { EmptyState } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { CatalogueTabs, type CatalogueList } from './catalogue-tabs.tsx';
import { ItemDetail, type BookOf } from './item-detail.tsx';
import './catalogue.css';

const MOST_FOUND = 500;

export type ItemsScreenProps = {
  readonly catalogue: Catalogue;
  /** The list is there and cannot be read: that is not the same as none. */
  readonly unreadable?: boolean;
  /** The book quantities of an item; refused to whoever may not see them. Absent: not asked for. */
  readonly bookOf?: BookOf;
  /** Says something of an item, for whoever may. */
  readonly onSay?: (fact: CatalogueFact) => void;
  readonly mayImport: boolean;
  readonly onImport: () => void;
  readonly onShow: (list: CatalogueList) => void;
};

function itemColumns(t: TFunction<'catalogue'>, formats: Formats): readonly Column<Item>[] {
  return [
    {
      id: 'name',
      header: t('field.name'),
      width: 'minmax(240px, 3fr)',
      cell: ({ name }) => (name === '' ? <span className="muted">{t('items.noName')}</span> : name),
    },
    {
      id: 'sku',
      header: t('field.sku'),
      width: 'minmax(150px, 1fr)',
      cell: ({ sku }) => <span className="code">{sku}</span>,
    },
    { id: 'brand', header: t('field.brand'), width: 'minmax(110px, 1fr)', cell: ({ brand }) => brand ?? '' },
    { id: 'size', header: t('field.size'), width: 'minmax(90px, 1fr)', cell: ({ size }) => size ?? '' },
    {
      id: 'cost',
      header: t('field.cost'),
      align: 'end',
      width: '110px',
      cell: ({ cost }) => (cost === undefined ? '' : <span className="num">{formats.money(cost)}</span>),
    },
  ];
}

/** Every item: search as you type, walk by keyboard, and what is known of the one you stand on. */
export function ItemsScreen({
  catalogue,
  unreadable = false,
  bookOf,
  onSay,
  mayImport,
  onImport,
  onShow,
}: ItemsScreenProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const search = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [active, setActive] = useState<string>();
  const asked = useDeferredValue(text);
  const rows = useMemo(
    () => (asked.trim() === '' ? catalogue.items() : catalogue.search(asked, MOST_FOUND)),
    [catalogue, asked],
  );
  const item = active === undefined ? undefined : catalogue.item(active);
  useKeys([
    { key: '/', label: t('items.search'), run: () => search.current?.focus() },
    ...(mayImport ? [{ key: 'I', label: t('items.import'), run: onImport }] : []),
  ]);

  const columns = itemColumns(t, formats);
  const importButton = (
    <Button compact variant="main" keyCap="I" onClick={onImport}>
      {t('items.import')}
    </Button>
  );
  return (
    <>
      <Where
        title={t('items.title')}
        sub={<CatalogueTabs catalogue={catalogue} shown="items" onShow={onShow} />}
        right={mayImport && catalogue.itemCount > 0 ? importButton : undefined}
      />
      {catalogue.itemCount === 0 ? (
        <EmptyState action={mayImport ? importButton : undefined}>
          {t(unreadable ? 'items.unreadable' : mayImport ? 'items.empty' : 'items.emptyAsk')}
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
                aria-label={t('items.search')}
                placeholder={t('items.placeholder')}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              <span role="status">
                {asked.trim() === ''
                  ? ''
                  : t(rows.length >= MOST_FOUND ? 'items.foundMany' : 'items.found', { count: rows.length })}
              </span>
            </div>
            {rows.length === 0 ? (
              <EmptyState>{t('items.nothing', { text: asked.trim() })}</EmptyState>
            ) : (
              <DataGrid
                label={t('items.title')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.sku}
                active={active}
                onActive={setActive}
                rowTestId="item-row"
              />
            )}
          </div>
          {item !== undefined && (
            <ItemDetail key={item.sku} item={item} bookOf={bookOf} onSay={onSay} onClose={() => setActive(undefined)} />
          )}
        </div>
      )}
    </>
  );
}
