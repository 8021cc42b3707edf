import type { TFunction } from 'i18next';
import { useDeferredValue, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import type { Item } from '../../../shared/domain/item.ts';
import type { Column } from '../../ui/data-grid.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';
import { ItemDetail, type BookOf } from './item-detail.tsx';
import { ListScreen, type OpenList } from './list-screen.tsx';

const MOST_FOUND = 500;

export type ItemsScreenProps = OpenList & {
  /** The book quantities of an item; refused to whoever may not see them. Absent: not asked for. */
  readonly bookOf?: BookOf;
  /** Says something of an item, for whoever may. */
  readonly onSay?: (fact: CatalogueFact) => void;
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

/** Every item, and what is known of the one you stand on. */
export function ItemsScreen({ bookOf, onSay, ...open }: ItemsScreenProps): ReactElement {
  const { catalogue } = open;
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const [text, setText] = useState('');
  const [active, setActive] = useState<string>();
  const asked = useDeferredValue(text);
  const rows = useMemo(
    () => (asked.trim() === '' ? catalogue.items() : catalogue.search(asked, MOST_FOUND)),
    [catalogue, asked],
  );
  const item = active === undefined ? undefined : catalogue.item(active);
  const found = t(rows.length >= MOST_FOUND ? 'items.foundMany' : 'items.found', { count: rows.length });
  return (
    <ListScreen
      {...open}
      list="items"
      count={catalogue.itemCount}
      text={text}
      asked={asked.trim()}
      onText={setText}
      found={asked.trim() === '' ? '' : found}
      columns={itemColumns(t, formats)}
      rows={rows}
      rowKey={({ sku }) => sku}
      rowTestId="item-row"
      active={active}
      onActive={setActive}
      detail={
        item !== undefined && (
          <ItemDetail key={item.sku} item={item} bookOf={bookOf} onSay={onSay} onClose={() => setActive(undefined)} />
        )
      }
    />
  );
}
