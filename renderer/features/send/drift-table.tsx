import type { TFunction } from 'i18next';
import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { DriftRow, DriftState } from '../../../shared/sync/reconcile.ts';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Button, Tag, type Tone } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';
import { EmptyState } from '../../ui/states.tsx';
import { countDrift, sortDrift } from './drift-order.ts';
import { TaskSaid } from './task-said.tsx';
import { useTask } from './use-task.ts';
import type { Vault } from './use-vault.tsx';

const TONE: Readonly<Record<DriftState, Tone>> = {
  reconciled: 'ok',
  differs: 'look',
  not_seen: 'plain',
  waiting: 'info',
};

/** Our book beside the remote's figures. It shows what differs and changes nothing. */
export function DriftTable({
  connection,
  title,
  vault,
}: {
  connection: Connection;
  title: string;
  vault: Vault;
}): ReactElement {
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const formats = useFormats();
  const pull = useTask<{ figures: number }>();
  const version = useLedger((ledger) => ledger.version());
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [only, setOnly] = useState(false);
  const [active, setActive] = useState<string>();
  const all = useMemo(
    () => sortDrift(sending.drift(connection.id)),
    // oxlint-disable-next-line react/exhaustive-deps -- `version` stands for all that the ledger knows
    [sending, connection.id, version],
  );
  const counts = countDrift(all);
  const rows = only ? all.filter(({ state }) => state === 'differs') : all;
  return (
    <div className="drift">
      <div className="row head">
        <Button
          variant="main"
          desk
          disabled={pull.running}
          onClick={() => void pull.run(() => vault.opened(() => sending.pull(connection.id)))}
        >
          {t('drift.pull')}
        </Button>
        <TaskSaid task={pull} running={t('drift.running', { remote: title })}>
          {({ figures }) => t('drift.pulled', { count: figures })}
        </TaskSaid>
        {all.length > 0 && (
          <span data-testid="drift-counts">
            {t('drift.counts', {
              reconciled: formats.whole(counts.reconciled),
              differs: formats.whole(counts.differs),
              notSeen: formats.whole(counts.not_seen),
              waiting: formats.whole(counts.waiting),
            })}
          </span>
        )}
        <span className="push">
          <Checkbox label={t('drift.onlyDifferences')} checked={only} onChange={setOnly} />
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState>{all.length === 0 ? t('drift.nothing') : t('drift.noDifference')}</EmptyState>
      ) : (
        <DataGrid
          label={t('drift.label')}
          columns={driftColumns({ t, formats, catalogue })}
          rows={rows}
          rowKey={(row) => `${row.remoteItem}\u001F${row.remoteLocation}`}
          active={active}
          onActive={setActive}
          rowTestId="drift-row"
          rowProps={({ state }) => ({ 'data-state': state })}
        />
      )}
      <p className="muted small note">{t('drift.never')}</p>
    </div>
  );
}

function driftColumns({
  t,
  formats,
  catalogue,
}: {
  t: TFunction<'send'>;
  formats: Formats;
  catalogue: Catalogue;
}): readonly Column<DriftRow>[] {
  const column = (id: string) => t(`drift.column.${id}`);
  return [
    {
      id: 'item',
      header: column('item'),
      width: 'minmax(220px, 2fr)',
      cell: ({ item }) => catalogue.item(item)?.name ?? item,
    },
    { id: 'site', header: column('site'), width: 'minmax(120px, 1fr)', cell: ({ site }) => site },
    { id: 'ours', header: column('ours'), align: 'end', width: '110px', cell: ({ ours }) => formats.quantity(ours) },
    {
      id: 'theirs',
      header: column('theirs'),
      align: 'end',
      width: '120px',
      cell: ({ theirs }) =>
        theirs === null ? <span className="muted">{t('drift.noRecord')}</span> : formats.quantity(theirs),
    },
    {
      id: 'difference',
      header: column('difference'),
      align: 'end',
      width: '120px',
      cell: ({ state, difference }) => (state === 'not_seen' ? '' : formats.quantity(difference, { signed: true })),
    },
    {
      id: 'state',
      header: column('state'),
      width: '160px',
      cell: ({ state }) => <Tag tone={TONE[state]}>{t(`drift.state.${state}`)}</Tag>,
    },
    {
      id: 'seen',
      header: column('seen'),
      align: 'end',
      width: '120px',
      cell: ({ seenAt }) => (seenAt === undefined ? '' : formats.time(seenAt)),
    },
  ];
}
