import type { TFunction } from 'i18next';
import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteItem } from '../../../../shared/ports/remote-inventory.ts';
import type { RemoteCatalogue } from '../../../sync/sending.ts';
import { Button, Tag, type Tone } from '../../../ui/button.tsx';
import type { Column } from '../../../ui/data-grid.tsx';
import { PickDialog } from '../../../ui/pick-dialog.tsx';
import { useKeys } from '../../../ui/use-keys.ts';
import { findTheirItems } from './find-theirs.ts';
import { countItems, findItems, ITEM_FILTERS, type ItemFilter, type ItemRow, type ItemState } from './item-rows.ts';
import { MatchTable, useMatchView } from './match-table.tsx';
import type { SaveMapping } from './save-mapping.ts';

const TONE: Readonly<Record<ItemState, Tone>> = {
  matched: 'ok',
  suggested: 'info',
  several: 'look',
  unmatched: 'plain',
};

/**
 * Our items and theirs, row by row: accept what the codes suggest, choose, or take a match away. One piece: table, keys and
 * dialog act on one selection.
 */
export function ItemsTab({
  title,
  rows,
  remote,
  save,
}: {
  title: string;
  rows: readonly ItemRow[];
  remote: RemoteCatalogue | undefined;
  save: SaveMapping;
}): ReactElement {
  const { t } = useTranslation('mapping');
  const [picking, setPicking] = useState(false);
  const theirs = useMemo(() => new Map((remote?.items ?? []).map((item) => [item.id, item])), [remote]);
  const counts = useMemo(() => countItems(rows), [rows]);
  const view = useMatchView<ItemRow, ItemFilter>(rows, 'all', remote?.readAt, (wanted) =>
    findItems(rows, { ...wanted, theirs: (id) => theirs.get(id) }),
  );
  const { row, shown } = view;
  const suggestions = rows.flatMap(({ suggestion }) => suggestion ?? []);

  function next(): void {
    const at = shown.findIndex(({ key }) => key === view.active);
    view.setActive((shown[at + 1] ?? shown[at])?.key);
  }
  function match(of: ItemRow, their: RemoteItem): void {
    const { id, precision, name } = their;
    void save(
      { items: [{ item: of.sku, remoteItem: id, precision }] },
      t('said.matched', { ours: of.name, theirs: name }),
    );
    next();
  }
  function accept(): void {
    if (row?.suggestion === undefined) return;
    const { item, remoteItem, precision } = row.suggestion;
    void save(
      { items: [{ item, remoteItem, precision }] },
      t('said.matched', { ours: row.name, theirs: theirs.get(remoteItem)?.name ?? remoteItem }),
    );
    next();
  }
  function takeAway(): void {
    if (row?.state !== 'matched') return;
    void save({ items: [{ item: row.sku, remoteItem: '', precision: 0 }] }, t('said.takenAway', { ours: row.name }));
  }
  function acceptAll(): void {
    if (suggestions.length === 0) return;
    void save(
      { items: suggestions.map(({ item, remoteItem, precision }) => ({ item, remoteItem, precision })) },
      t('said.accepted', { count: suggestions.length }),
    );
  }
  useKeys([
    { key: 'A', label: t('items.accept'), run: accept },
    { key: 'Delete', label: t('items.takeAway'), run: takeAway },
    ...(suggestions.length > 0
      ? [{ key: 'Shift+A', label: t('items.acceptAll', { count: suggestions.length }), run: acceptAll }]
      : []),
  ]);

  return (
    <div className="part">
      <MatchTable
        view={view}
        words={{
          label: t('items.label'),
          search: t('items.search'),
          nothing: t(rows.length === 0 ? 'items.none' : 'items.nothingFound'),
          hint:
            row === undefined ? t('items.chooseRow') : t(`items.hint.${row.state}`, { ours: row.name, remote: title }),
        }}
        filters={ITEM_FILTERS}
        counts={counts}
        acts={
          suggestions.length > 0 && (
            <Button compact variant="main" keyCap="Shift A" onClick={acceptAll}>
              {t('items.acceptAll', { count: suggestions.length })}
            </Button>
          )
        }
        rowActs={
          <Button compact keyCap="A" disabled={row?.suggestion === undefined} onClick={accept}>
            {t('items.accept')}
          </Button>
        }
        columns={itemColumns(t, theirs, remote !== undefined)}
        rowTestId="item-match-row"
        mayPick={remote !== undefined}
        onPick={() => row && remote && setPicking(true)}
        onTakeAway={takeAway}
      />
      {picking && row && remote && (
        <ItemPicker
          row={row}
          title={title}
          items={remote.items}
          onClose={() => setPicking(false)}
          onPick={(their) => {
            setPicking(false);
            match(row, their);
          }}
        />
      )}
    </div>
  );
}

function ItemPicker(props: {
  row: ItemRow;
  title: string;
  items: readonly RemoteItem[];
  onPick: (item: RemoteItem) => void;
  onClose: () => void;
}): ReactElement {
  const { row, title, items, onPick, onClose } = props;
  const { t } = useTranslation('mapping');
  const find = useMemo(() => {
    const likely = row.remoteItem === undefined ? row.candidates : [row.remoteItem, ...row.candidates];
    return findTheirItems(items, new Set(likely));
  }, [row, items]);
  return (
    <PickDialog
      title={t('items.pick', { ours: row.name })}
      label={t('items.pickLabel', { remote: title })}
      hint={t('items.pickHint')}
      nothing={t('items.pickNothing')}
      find={(text) =>
        find(text).map((item) => ({
          key: item.id,
          name: item.name,
          detail: [item.sku, item.barcode].filter((code) => code !== undefined && code !== '').join(' · ') || item.id,
          ...(row.candidates.includes(item.id) ? { end: t('items.sameCode') } : {}),
          item,
        }))
      }
      onPick={({ item }) => onPick(item)}
      onClose={onClose}
    />
  );
}

function itemColumns(
  t: TFunction<'mapping'>,
  theirs: ReadonlyMap<string, RemoteItem>,
  isRead: boolean,
): readonly Column<ItemRow>[] {
  const their = ({ remoteItem }: ItemRow) => (remoteItem === undefined ? undefined : theirs.get(remoteItem));
  return [
    { id: 'ours', header: t('items.column.ours'), width: 'minmax(170px, 2fr)', cell: ({ name }) => name },
    {
      id: 'sku',
      header: t('items.column.sku'),
      width: 'minmax(150px, 1fr)',
      cell: ({ sku }) => <span className="code">{sku}</span>,
    },
    {
      id: 'state',
      header: t('items.column.state'),
      width: '146px',
      cell: ({ state }) => <Tag tone={TONE[state]}>{t(`state.${state}`)}</Tag>,
    },
    {
      id: 'theirs',
      header: t('items.column.theirs'),
      width: 'minmax(170px, 2fr)',
      cell: (row) => {
        const name = their(row)?.name;
        if (name !== undefined) return name;
        if (row.remoteItem !== undefined)
          return isRead ? (
            <span className="muted">{t('items.gone')}</span>
          ) : (
            <span className="code">{row.remoteItem}</span>
          );
        return row.state === 'several' ? (
          <span className="muted">{t('items.candidates', { count: row.candidates.length })}</span>
        ) : (
          ''
        );
      },
    },
    {
      id: 'theirCode',
      header: t('items.column.theirCode'),
      width: 'minmax(150px, 1fr)',
      cell: (row) => <span className="code">{their(row)?.sku ?? their(row)?.barcode ?? ''}</span>,
    },
    {
      id: 'by',
      header: t('items.column.by'),
      width: '120px',
      cell: ({ suggestion }) => (suggestion === undefined ? '' : t(`by.${suggestion.by}`)),
    },
  ];
}
