import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostOutput } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Button } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { Select } from '../../ui/field.tsx';
import { useFormats } from '../../ui/format.ts';
import { EmptyState } from '../../ui/states.tsx';
import { csvText } from '../../../shared/domain/csv-text.ts';
import { fileName } from '../../../shared/domain/file-name.ts';
import { historyTable, sendings, settledLines } from './history-rows.ts';
import { cargoColumns, outcomeColumns } from './progress/line-columns.tsx';
import type { SentLine } from './progress/sent-lines.ts';
import { namesOf } from './progress/words.tsx';
import { TaskSaid } from './task-said.tsx';
import { useTask } from './use-task.ts';

/**
 * What was sent over a connection, batch by batch: when, what became of each line, and its receipt; as a file too. One
 * piece: the filter, the list and the file speak of the same lines.
 */
export function History({ connection, title }: { connection: Connection; title: string }): ReactElement {
  const { t } = useTranslation('send');
  const { host, ledger, sending } = useTallybook();
  const formats = useFormats();
  const version = useLedger((of) => of.version());
  const catalogue = useLedger((of) => of.catalogue());
  const [batch, setBatch] = useState('');
  const [active, setActive] = useState<string>();
  const [now] = useState(() => new Date().toISOString());
  const saving = useTask<HostOutput<'saveFile'>>();
  const lines = useMemo(
    () => settledLines(sending.outbox(), connection.id),
    // oxlint-disable-next-line react/exhaustive-deps -- `version` stands for all that the ledger knows
    [sending, connection.id, version],
  );
  const batches = useMemo(() => sendings(lines), [lines]);
  const shown = batch === '' ? lines : lines.filter(({ request }) => request.batch === batch);
  const nameOf = namesOf(t, ledger);
  if (lines.length === 0) return <EmptyState>{t('history.nothing')}</EmptyState>;

  const chosen = batches.find(({ id }) => id === batch);
  const look = { t, formats, catalogue };
  const columns: readonly Column<SentLine>[] = [
    {
      id: 'at',
      header: t('history.column.at'),
      width: '96px',
      cell: ({ request }) => formats.moment(request.attemptedAt ?? request.frozenAt, now),
    },
    {
      id: 'batch',
      header: t('progress.column.sending'),
      width: 'minmax(118px, 1fr)',
      cell: ({ request }) => nameOf(request.batch),
    },
    ...cargoColumns(look),
    ...outcomeColumns(look),
  ];

  function save(): void {
    const table = historyTable(shown, {
      head: (id) => t(`history.csv.${id}`),
      change: (change) => t(`plan.change.${change}`),
      state: (state) => t(`progress.state.${state}`),
      item: (sku) => catalogue.name(sku),
      sending: nameOf,
      connection: connection.name,
    });
    const parts = [title, connection.name, chosen ? nameOf(chosen.id) : '', t('history.file')];
    void saving.run(() => host.saveFile({ suggestedName: fileName(parts, 'csv'), text: csvText(table) }));
  }

  return (
    <div className="part">
      <div className="row head narrow">
        <Select
          label={t('history.which')}
          value={batch}
          options={[
            { value: '', label: t('history.all', { count: lines.length }) },
            ...batches.map(({ id, lines: count, firstAt }) => ({
              value: id,
              label: t('history.one', { name: nameOf(id), when: formats.moment(firstAt, now), count }),
            })),
          ]}
          onChange={setBatch}
        />
        <Button compact variant="main" disabled={saving.running} onClick={save}>
          {t('history.save', { count: shown.length })}
        </Button>
        <TaskSaid task={saving} running={t('file.saving')}>
          {({ outcome }) => t(`file.${outcome}`)}
        </TaskSaid>
      </div>
      <DataGrid
        label={t('history.label')}
        columns={columns}
        rows={shown}
        rowKey={({ key }) => key}
        active={active}
        onActive={setActive}
        rowTestId="history-line"
        rowProps={({ state }) => ({ 'data-state': state })}
      />
    </div>
  );
}
