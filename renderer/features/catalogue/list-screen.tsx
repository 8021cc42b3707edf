import { useRef, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { Button } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { CatalogueTabs, type CatalogueList } from './catalogue-tabs.tsx';
import './catalogue.css';

/** What a list of the catalogue is opened with. */
export type OpenList = {
  readonly catalogue: Catalogue;
  /** The list is there and cannot be read: that is not the same as none. */
  readonly unreadable?: boolean;
  readonly mayImport: boolean;
  readonly onImport: () => void;
  readonly onShow: (list: CatalogueList) => void;
};

export type ListScreenProps<Row> = OpenList & {
  readonly list: CatalogueList;
  /** How many there are, found or not. */
  readonly count: number;
  readonly text: string;
  /** What the rows were found by. */
  readonly asked: string;
  readonly onText: (text: string) => void;
  /** What narrows the list beside the search. */
  readonly narrowing?: ReactNode;
  /** What the search found, in words; '' where nothing was asked. */
  readonly found: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowTestId: string;
  readonly active: string | undefined;
  readonly onActive: (key: string) => void;
  /** What is known of the row one stands on. */
  readonly detail: ReactNode;
};

/**
 * One list of the catalogue: search as you type, walk by keyboard, and what is known of the row you stand on. One piece:
 * search, list and detail share the row one stands on.
 */
export function ListScreen<Row>({
  catalogue,
  unreadable = false,
  mayImport,
  onImport,
  onShow,
  list,
  count,
  text,
  asked,
  onText,
  narrowing,
  found,
  columns,
  rows,
  rowKey,
  rowTestId,
  active,
  onActive,
  detail,
}: ListScreenProps<Row>): ReactElement {
  const { t } = useTranslation('catalogue');
  const search = useRef<HTMLInputElement>(null);
  useKeys([
    { key: '/', label: t(`${list}.search`), run: () => search.current?.focus() },
    ...(mayImport ? [{ key: 'I', label: t('items.import'), run: onImport }] : []),
  ]);
  const importButton = (
    <Button compact variant="main" keyCap="I" onClick={onImport}>
      {t('items.import')}
    </Button>
  );
  return (
    <>
      <Where
        title={t(`${list}.title`)}
        sub={<CatalogueTabs catalogue={catalogue} shown={list} onShow={onShow} />}
        right={mayImport && count > 0 ? importButton : undefined}
      />
      {count === 0 ? (
        <EmptyState action={mayImport ? importButton : undefined}>
          {t(`${list}.${unreadable ? 'unreadable' : mayImport ? 'empty' : 'emptyAsk'}`)}
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
                aria-label={t(`${list}.search`)}
                placeholder={t(`${list}.placeholder`)}
                value={text}
                onChange={(event) => onText(event.target.value)}
              />
              {narrowing}
              <span role="status">{found}</span>
            </div>
            {rows.length === 0 ? (
              <EmptyState>{t(`${list}.nothing`, { text: asked })}</EmptyState>
            ) : (
              <DataGrid
                label={t(`${list}.title`)}
                columns={columns}
                rows={rows}
                rowKey={rowKey}
                active={active}
                onActive={onActive}
                rowTestId={rowTestId}
              />
            )}
          </div>
          {detail}
        </div>
      )}
    </>
  );
}
