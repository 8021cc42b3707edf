import type { TFunction } from 'i18next';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { PlanRow } from '../../../shared/sync/plan-summary.ts';
import type { SendPlan } from '../../../shared/sync/plan.ts';
import { useLedger } from '../../app/tallybook-context.tsx';
import { Button, Tag } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';
import { planSentences, type PlanSentence } from './plan-sentences.ts';

type Stopped = SendPlan['stopped'][number];
type Look = { t: TFunction<'send'>; formats: Formats; catalogue: Catalogue };

/** What sending would do, in words and line by line. Nothing is sent until the button here is pressed. */
export function PlanPreview(props: {
  plan: SendPlan;
  title: string;
  sending: boolean;
  onSend: () => void;
  onClose: () => void;
}): ReactElement {
  const { plan, title, sending, onSend, onClose } = props;
  const { t } = useTranslation('send');
  const formats = useFormats();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [active, setActive] = useState<string>();
  const [activeStopped, setActiveStopped] = useState<string>();
  const { rows, requests } = plan.summary;
  const look = { t, formats, catalogue };
  return (
    <section className="plan" aria-label={title} data-testid="plan">
      <h2>{title}</h2>
      <ul className="sentences">
        {planSentences(plan.summary).map((sentence) => (
          <li key={`${sentence.says} ${'why' in sentence ? sentence.why : ''}`} data-says={sentence.says}>
            {say(t, sentence)}
          </li>
        ))}
        {requests === 0 && <li>{t('plan.noneToSend')}</li>}
      </ul>
      {plan.stopped.length > 0 && (
        <DataGrid
          label={t('plan.stoppedLabel')}
          columns={stoppedColumns(look)}
          rows={plan.stopped}
          rowKey={stoppedKey}
          active={activeStopped}
          onActive={setActiveStopped}
          rowTestId="stopped-row"
        />
      )}
      {rows.length > 0 && (
        <DataGrid
          label={t('plan.linesLabel')}
          columns={planColumns(look)}
          rows={rows}
          rowKey={({ ref }) => ref}
          active={active}
          onActive={setActive}
          rowTestId="plan-row"
        />
      )}
      <footer>
        <Button onClick={onClose}>{t('plan.close')}</Button>
        <Button variant="main" disabled={requests === 0 || sending} onClick={onSend}>
          {t('plan.send', { count: requests })}
        </Button>
      </footer>
    </section>
  );
}

function say(t: TFunction<'send'>, sentence: PlanSentence): string {
  switch (sentence.says) {
    case 'counts':
    case 'verified':
    case 'requests':
      return t(`plan.says.${sentence.says}`, { count: sentence.count });
    case 'adjustments':
      return t('plan.says.adjustments', { count: sentence.count, reason: t(`plan.reason.${sentence.why}`) });
    case 'stopped':
      return t('plan.says.stopped', { count: sentence.count, reason: t(`plan.stop.${sentence.why}`) });
  }
}

function stoppedKey({ item, bin, lot }: Stopped): string {
  return `${item}\u001F${bin}\u001F${lot ?? ''}`;
}

function planColumns({ t, formats, catalogue }: Look): readonly Column<PlanRow>[] {
  const column = (id: string) => t(`plan.column.${id}`);
  return [
    {
      id: 'item',
      header: column('item'),
      width: 'minmax(170px, 2fr)',
      cell: ({ item }) => catalogue.item(item)?.name ?? item,
    },
    { id: 'site', header: column('site'), width: 'minmax(84px, 1fr)', cell: ({ site }) => site },
    {
      id: 'change',
      header: column('change'),
      width: '96px',
      cell: ({ change }) => <Tag tone={change === 'verified' ? 'ok' : 'plain'}>{t(`plan.change.${change}`)}</Tag>,
    },
    {
      id: 'quantity',
      header: column('quantity'),
      align: 'end',
      width: '84px',
      cell: ({ change, quantity }) =>
        change === 'verified' ? '' : formats.quantity(quantity, { signed: change === 'adjust' }),
    },
    {
      id: 'theirs',
      header: column('theirs'),
      align: 'end',
      width: '96px',
      cell: ({ theirs }) =>
        theirs === undefined ? '' : theirs === null ? t('drift.noRecord') : formats.quantity(theirs),
    },
    {
      id: 'after',
      header: column('after'),
      align: 'end',
      width: '80px',
      cell: ({ after }) => (after === undefined ? '' : formats.quantity(after)),
    },
    {
      id: 'reason',
      header: column('reason'),
      width: 'minmax(190px, 3fr)',
      cell: ({ change, reason }) => (change === 'verified' ? '' : t(`plan.reason.${reason}`)),
    },
    {
      id: 'bins',
      header: column('bins'),
      width: 'minmax(120px, 1fr)',
      cell: ({ bins }) => <span className="code">{bins.join(', ')}</span>,
    },
  ];
}

function stoppedColumns({ t, catalogue }: Look): readonly Column<Stopped>[] {
  return [
    {
      id: 'item',
      header: t('plan.column.item'),
      width: 'minmax(200px, 1fr)',
      cell: ({ item }) => catalogue.item(item)?.name ?? item,
    },
    {
      id: 'bin',
      header: t('plan.column.bins'),
      width: '140px',
      cell: ({ bin }) => <span className="code">{bin}</span>,
    },
    {
      id: 'why',
      header: t('plan.stoppedWhy'),
      width: 'minmax(240px, 2fr)',
      cell: ({ code, detail }) => [t(`plan.stop.${code}`), ...(detail === undefined ? [] : [detail])].join(': '),
    },
  ];
}
