import type { TFunction } from 'i18next';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Batch } from '../../../shared/domain/batch.ts';
import { unfoundedNow } from '../../../shared/domain/unfounded.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Tag } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';
import { EmptyState } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { NotedCodes } from './noted-codes.tsx';
import { UnfoundedList } from './unfounded-list.tsx';
import { Where } from '../../ui/where.tsx';
import { batchStanding, type BatchStanding } from './use-review.ts';

type BatchRow = { batch: Batch; standing: BatchStanding; name: string };

/** Batches that were handed in: what is to decide first, newest first. */
export function BatchList(): ReactElement {
  const { t } = useTranslation('review');
  const { people } = useTallybook();
  const formats = useFormats();
  const [, navigate] = useLocation();
  const rows = useLedger((ledger) =>
    ledger
      .batches()
      // What was taken back is shown at the lines that it was taken back of.
      .filter(({ reverses }) => reverses === undefined)
      .map((batch): BatchRow => ({
        batch,
        standing: batchStanding(ledger.state(), batch),
        name: ledger.state().stocktakes.get(batch.stocktake)?.name ?? batch.stocktake,
      }))
      .toSorted(
        (left, right) =>
          Number(right.standing.toDecide > 0) - Number(left.standing.toDecide > 0) ||
          (left.batch.at < right.batch.at ? 1 : -1),
      ),
  );
  const unfounded = useLedger((ledger) => unfoundedNow(ledger.state()));
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [active, setActive] = useState(rows[0]?.batch.id);
  const [now] = useState(() => new Date().toISOString());
  const open = (row: BatchRow) => navigate(`/review/${row.batch.id}`);
  const activeRow = rows.find((row) => row.batch.id === active);
  useKeys([{ key: 'Enter', label: t('list.open'), run: () => activeRow && open(activeRow) }]);

  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  const columns = batchColumns({ t, formats, now, nameOf });

  return (
    <div className="page">
      <Where title={t('title')} />
      {rows.length === 0 ? (
        <EmptyState
          action={
            <Link className="button main" href="/stocktakes">
              {t('list.toStocktakes')}
            </Link>
          }
        >
          {t('list.emptyText')}
        </EmptyState>
      ) : (
        <DataGrid
          label={t('list.batches')}
          columns={columns}
          rows={rows}
          rowKey={({ batch }) => batch.id}
          active={active}
          onActive={setActive}
          onOpen={open}
          rowHeight={44}
          rowTestId="batch-row"
          autoFocus
        />
      )}
      <UnfoundedList
        postings={unfounded}
        itemName={(sku) => catalogue.name(sku)}
        binName={(bin) => catalogue.binName(bin)}
        nameOf={nameOf}
      />
      <NotedCodes />
    </div>
  );
}

type Look = { t: TFunction<'review'>; formats: Formats; now: string; nameOf: (id: string) => string };

function batchColumns({ t, formats, now, nameOf }: Look): readonly Column<BatchRow>[] {
  return [
    {
      id: 'batch',
      header: t('list.batch'),
      width: 'minmax(240px, 2fr)',
      cell: ({ batch, name }) => (
        <Link className="row-link" tabIndex={-1} href={`/review/${batch.id}`}>
          {t('list.name', { stocktake: name, pass: batch.pass })}
        </Link>
      ),
    },
    {
      id: 'by',
      header: t('list.by'),
      width: 'minmax(220px, 1fr)',
      cell: ({ batch }) => t('list.handedInBy', { name: nameOf(batch.by), when: formats.moment(batch.at, now) }),
    },
    {
      id: 'bins',
      header: t('list.bins'),
      align: 'end',
      width: '80px',
      cell: ({ batch }) => formats.whole(batch.bins.length),
    },
    {
      id: 'lines',
      header: t('list.linesHead'),
      align: 'end',
      width: '90px',
      cell: ({ standing }) => formats.whole(standing.lines),
    },
    {
      id: 'state',
      header: t('list.state'),
      width: 'minmax(260px, 1fr)',
      cell: ({ standing }) => <Standing standing={standing} />,
    },
  ];
}

function Standing({ standing }: { standing: BatchStanding }): ReactElement {
  const { t } = useTranslation('review');
  const { lines, toDecide, toPost, posted, reversed } = standing;
  return (
    <span className="tags">
      {toDecide > 0 && <Tag tone="look">{t('list.toDecide', { count: toDecide })}</Tag>}
      {toPost > 0 && <Tag tone="info">{t('list.toPost', { count: toPost })}</Tag>}
      {posted > 0 && (
        <Tag tone="ok">{posted === lines ? t('list.allPosted') : t('list.posted', { count: posted })}</Tag>
      )}
      {reversed > 0 && <Tag tone="look">{t('list.reversed', { count: reversed })}</Tag>}
    </span>
  );
}
