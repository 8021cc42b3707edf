import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { StoppedLine } from '../../../../shared/domain/ledger-entry.ts';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import type { SendPlan } from '../../../../shared/sync/plan/plan.ts';
import type { PlanDifference } from '../../../../shared/sync/plan/plan-difference.ts';
import type { PlanRow } from '../../../../shared/sync/plan/plan-summary.ts';
import { useLedger } from '../../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../../sync/sending.ts';
import { Button } from '../../../ui/button.tsx';
import { DataGrid } from '../../../ui/data-grid.tsx';
import { Checkbox } from '../../../ui/field.tsx';
import { useFormats } from '../../../ui/format.ts';
import { useKeys } from '../../../ui/use-keys.ts';
import { ChoiceRow } from '../choice-row.tsx';
import type { Vault } from '../use-vault.tsx';
import { oneSite, planColumns, planDriftColumns, reasonWord, stoppedColumns, stopWord } from './plan-columns.tsx';
import { planSentences, type PlanSentence } from './plan-sentences.ts';
import { PlanDifferences } from './plan-differences.tsx';
import { Questions } from './questions.tsx';
import { StoppedCures } from './stopped-cures.tsx';

export type Delivery = 'request' | 'file';
const DELIVERIES: readonly Delivery[] = ['request', 'file'];
type View = 'lines' | 'drift' | 'stopped';

/**
 * What sending would do, in words and line by line. Nothing is sent until the button here is pressed. One piece: it is read
 * from top to bottom before one press.
 */
export function PlanPreview(props: {
  plan: SendPlan;
  connection: Connection;
  card: ConnectorCard;
  vault: Vault;
  delivery: Delivery;
  /** Asked for on the figures that were seen last. */
  seen: boolean;
  /** Where the plan is another than the one that the person wanted to send. */
  differences: readonly PlanDifference[];
  sending: boolean;
  /** Lines that were refused by name before, and whether they are in the plan. */
  rejected: number;
  withRejected: boolean;
  onRejected: (withRejected: boolean) => void;
  /** Whether our figures take the place of theirs where these were never ours. */
  setFigures: boolean;
  onSetFigures: (setFigures: boolean) => void;
  onDelivery: (delivery: Delivery) => void;
  onAgain: () => void;
  onSend: () => void;
  onClose: () => void;
}): ReactElement {
  const {
    plan,
    connection,
    card,
    vault,
    delivery,
    seen,
    differences,
    sending,
    rejected,
    withRejected,
    onRejected,
    setFigures,
    onSetFigures,
    onDelivery,
    onAgain,
    onSend,
    onClose,
  } = props;
  const { t } = useTranslation('send');
  const differing = useMemo(() => plan.summary.rows.filter(({ drift }) => drift !== undefined), [plan]);
  const { rows, requests } = plan.summary;
  const maySend = requests > 0 && !sending;
  const sendWord = delivery === 'file' ? t('file.freeze', { count: requests }) : t('plan.send', { count: requests });
  useKeys([
    { key: 'S', label: sendWord, run: () => maySend && onSend() },
    { key: 'Escape', label: t('plan.close'), run: onClose },
  ]);
  return (
    <section
      className="plan"
      aria-label={t('plan.planOf', { remote: card.title, name: connection.name })}
      data-testid="plan"
    >
      <PlanDifferences differences={differences} />
      <Sentences plan={plan} remote={card.title} delivery={delivery} seen={seen} differing={differing.length} />
      <StoppedCures connection={connection} stopped={plan.stopped} vault={vault} onCured={onAgain} />
      <Questions
        connection={connection}
        questions={plan.questions}
        setFigures={setFigures}
        sets={rows.filter(({ reason }) => reason === 'figure_set').length}
        onSetFigures={onSetFigures}
        onAnswered={onAgain}
      />
      {rejected > 0 && (
        <Checkbox label={t('plan.withRejected', { count: rejected })} checked={withRejected} onChange={onRejected} />
      )}
      {card.abilities.files && <HowSent remote={card.title} delivery={delivery} onDelivery={onDelivery} />}
      <PlanLines plan={plan} differing={differing} />
      <footer>
        <Button keyCap="Esc" onClick={onClose}>
          {t('plan.close')}
        </Button>
        <Button variant="main" keyCap="S" disabled={!maySend} onClick={onSend}>
          {sendWord}
        </Button>
      </footer>
    </section>
  );
}

/** What the plan comes to, sentence by sentence. */
function Sentences({
  plan,
  remote,
  delivery,
  seen,
  differing,
}: {
  plan: SendPlan;
  remote: string;
  delivery: Delivery;
  seen: boolean;
  differing: number;
}): ReactElement {
  const { t } = useTranslation('send');
  return (
    <ul className="sentences">
      {planSentences(plan.summary).map((sentence) => (
        <li key={`${sentence.says} ${'why' in sentence ? sentence.why : ''}`} data-says={sentence.says}>
          {say(t, sentence, delivery)}
        </li>
      ))}
      {plan.summary.requests === 0 && <li>{t('plan.noneToSend')}</li>}
      {differing > 0 && <li data-says="drift">{t('plan.driftSays', { count: differing, remote })}</li>}
      {!plan.fresh && <li data-says="drift">{t(seen ? 'plan.asSeen' : 'plan.notFresh', { remote })}</li>}
    </ul>
  );
}

/** By requests, or as a file that the remote fetches. */
function HowSent({
  remote,
  delivery,
  onDelivery,
}: {
  remote: string;
  delivery: Delivery;
  onDelivery: (delivery: Delivery) => void;
}): ReactElement {
  const { t } = useTranslation('send');
  return (
    <div className="delivery">
      <ChoiceRow
        label={t('file.how')}
        choices={DELIVERIES.map((id) => ({ id, name: t(`file.delivery.${id}`) }))}
        chosen={delivery}
        onChoose={onDelivery}
      />
      <p className={delivery === 'file' ? 'warn' : 'muted small'}>{t(`file.about.${delivery}`, { remote })}</p>
    </div>
  );
}

/** The plan line by line: what goes, where theirs differs, what is stopped. */
function PlanLines({ plan, differing }: { plan: SendPlan; differing: readonly PlanRow[] }): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [wanted, setWanted] = useState<View>('lines');
  const [active, setActive] = useState<string>();
  const { rows } = plan.summary;
  const look = { t, formats, catalogue };
  const columns = useMemo(
    () => ({
      lines: planColumns(look, oneSite(rows).length > 0),
      drift: planDriftColumns(look),
      stopped: stoppedColumns(look),
    }),
    // oxlint-disable-next-line react/exhaustive-deps -- `look` is made of these
    [t, formats, catalogue, rows],
  );
  const views = (
    [
      { id: 'lines', name: t('plan.linesLabel'), length: rows.length },
      { id: 'drift', name: t('plan.driftLabel'), length: differing.length },
      { id: 'stopped', name: t('plan.stoppedLabel'), length: plan.stopped.length },
    ] as const
  ).filter(({ length }) => length > 0);
  const view = views.some(({ id }) => id === wanted) ? wanted : views[0]?.id;
  const grid = { active, onActive: setActive };
  return (
    <>
      {views.length > 1 && view !== undefined && (
        <ChoiceRow
          label={t('plan.view')}
          choices={views.map(({ id, name, length }) => ({ id, name, count: formats.whole(length) }))}
          chosen={view}
          onChoose={setWanted}
        />
      )}
      {view === 'stopped' && (
        <DataGrid
          {...grid}
          label={t('plan.stoppedLabel')}
          columns={columns.stopped}
          rows={plan.stopped}
          rowKey={stoppedKey}
          rowTestId="stopped-row"
        />
      )}
      {view === 'drift' && (
        <DataGrid
          {...grid}
          label={t('plan.driftLabel')}
          columns={columns.drift}
          rows={differing}
          rowKey={({ ref }) => ref}
          rowTestId="plan-drift-row"
        />
      )}
      {view === 'lines' && (
        <DataGrid
          {...grid}
          label={t('plan.linesLabel')}
          columns={columns.lines}
          rows={rows}
          rowKey={({ ref }) => ref}
          rowTestId="plan-row"
        />
      )}
    </>
  );
}

function say(t: TFunction<'send'>, sentence: PlanSentence, delivery: Delivery): string {
  switch (sentence.says) {
    case 'counts':
    case 'verified':
      return t(`plan.says.${sentence.says}`, { count: sentence.count });
    case 'requests':
      return t(delivery === 'file' ? 'plan.says.files' : 'plan.says.requests', { count: sentence.count });
    case 'adjustments':
      return t('plan.says.adjustments', { count: sentence.count, reason: reasonWord(t, sentence.why) });
    case 'stopped':
      return t('plan.says.stopped', { count: sentence.count, reason: stopWord(t, sentence.why) });
  }
}

function stoppedKey({ item, bin, lot }: StoppedLine): string {
  return `${item}\u001F${bin}\u001F${lot ?? ''}`;
}
