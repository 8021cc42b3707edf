import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../../shared/domain/catalogue.ts';
import { hasRole } from '../../../../shared/domain/person.ts';
import { ok } from '../../../../shared/domain/result.ts';
import type { OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { DataGrid, type Column } from '../../../ui/data-grid.tsx';
import { useFormats } from '../../../ui/format.ts';
import { ItemName } from '../../../ui/item-name.tsx';
import { announce } from '../../../ui/live.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useSelection } from '../use-selection.ts';
import { useTask } from '../use-task.ts';
import type { Vault } from '../use-vault.tsx';
import { answersByRequest, doubtRows, type DoubtRow } from './doubtful-lines.ts';

function named(catalogue: Pick<Catalogue, 'named'>, item: string): ReactElement {
  return <ItemName name={catalogue.named(item)} />;
}

/**
 * Lines of which the figures do not say whether they arrived: both numbers, and a person's answer. One piece: list,
 * keys and answer are about one selection.
 */
export function Doubts({ requests, vault }: { requests: readonly OutboxRequest[]; vault: Vault }): ReactElement {
  const { t } = useTranslation('send');
  const { sending, person } = useTallybook();
  const formats = useFormats();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const rows = useMemo(() => doubtRows(requests), [requests]);
  const [active, setActive] = useState<string>();
  const selection = useSelection(rows);
  const settling = useTask<null>();
  const maySettle = hasRole(person, ['approver']);
  const about = selection.chosen.length > 0 ? selection.chosen : rows.filter(({ key }) => key === active);

  async function settle(answer: 'arrived' | 'missing'): Promise<void> {
    if (about.length === 0) return;
    await settling.run(async () => {
      for (const { connection, request, found } of answersByRequest(about, answer)) {
        const done = await vault.opened(() => sending.settleDoubt(connection, request, found));
        if (!done.ok) return done;
      }
      announce(t(`doubt.said.${answer}`, { count: about.length }));
      selection.clear();
      return ok(null);
    });
  }

  const figure = (value: string | null, item: string) =>
    value === null ? t('drift.noRecord') : formats.quantity(value, { unit: catalogue.unit(item) });
  const columns: readonly Column<DoubtRow>[] = [
    {
      id: 'item',
      header: t('progress.column.item'),
      width: 'minmax(180px, 2fr)',
      cell: ({ line }) => named(catalogue, line.item),
    },
    {
      id: 'sent',
      header: t('doubt.column.sent'),
      align: 'end',
      width: '120px',
      cell: ({ line }) =>
        formats.quantity(line.quantity, { signed: line.change === 'adjust', unit: catalogue.unit(line.item) }),
    },
    {
      id: 'before',
      header: t('doubt.column.before'),
      align: 'end',
      width: '130px',
      cell: (row) => figure(row.before, row.line.item),
    },
    {
      id: 'wouldBe',
      header: t('doubt.column.wouldBe'),
      align: 'end',
      width: '150px',
      cell: (row) => formats.quantity(row.wouldBe, { unit: catalogue.unit(row.line.item) }),
    },
    {
      id: 'now',
      header: t('doubt.column.now'),
      align: 'end',
      width: '130px',
      cell: (row) => figure(row.now, row.line.item),
    },
  ];

  return (
    <section className="doubts" aria-label={t('doubt.title', { count: rows.length })}>
      <h2>{t('doubt.title', { count: rows.length })}</h2>
      <p>{t('doubt.text')}</p>
      <DataGrid
        label={t('doubt.title', { count: rows.length })}
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        active={active}
        onActive={setActive}
        selected={selection.keys}
        onSelect={selection.toggle}
        rowTestId="doubt-row"
      />
      <div className="row">
        <span className="muted" role="status">
          {about.length === 0 ? t('doubt.choose') : t('doubt.about', { count: about.length })}
        </span>
        <Button
          compact
          disabled={about.length === 0 || !maySettle || settling.running}
          onClick={() => void settle('arrived')}
        >
          {t('doubt.arrived')}
        </Button>
        <Button
          compact
          disabled={about.length === 0 || !maySettle || settling.running}
          onClick={() => void settle('missing')}
        >
          {t('doubt.missing')}
        </Button>
        <Button compact variant="quiet" onClick={() => selection.set(rows)}>
          {t('select.all')}
        </Button>
        <TaskSaid task={settling} running={t('doubt.saving')} />
      </div>
    </section>
  );
}
