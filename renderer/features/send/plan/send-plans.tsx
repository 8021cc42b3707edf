import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Batch } from '../../../../shared/domain/batch.ts';
import { hasRole } from '../../../../shared/domain/person.ts';
import { openLines } from '../../../../shared/sync/outbox/open-lines.ts';
import type { SendPlan } from '../../../../shared/sync/plan/plan.ts';
import type { PlanDifference } from '../../../../shared/sync/plan/plan-difference.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import type { Ledger } from '../../../ledger/ledger.ts';
import { besideIn } from '../../../sync/accounts.ts';
import type { Sent } from '../../../sync/sending.ts';
import { Button } from '../../../ui/button.tsx';
import { useFormats } from '../../../ui/format.ts';
import { announce } from '../../../ui/live.tsx';
import { EmptyState } from '../../../ui/states.tsx';
import { useKeys } from '../../../ui/use-keys.ts';
import type { ConnectionPart } from '../connection-part.ts';
import { namesOf } from '../progress/words.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import { oneSite } from './plan-columns.tsx';
import { PlanPreview, type Delivery } from './plan-preview.tsx';

/** `lines` and `rejected`: still to be sent, and refused by name before. */
type Ready = { readonly batch: Batch; readonly lines: number; readonly rejected: number; readonly again: boolean };
type Asked = {
  readonly batch: string;
  readonly delivery: Delivery;
  readonly withRejected: boolean;
  readonly setFigures?: boolean;
  /** On the figures seen last: the remote takes its time. */
  readonly seen?: boolean;
};

/** The plan that is asked for, and what becomes of it: it is read, shown, asked for anew, sent. */
function usePlanning({ connection, vault, onSent }: SendPlansProps) {
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const [asked, setAsked] = useState<Asked>();
  const plan = useTask<SendPlan>();
  const reading = useRef<AbortController>(undefined);
  const send = useTask<Sent>();
  const [differences, setDifferences] = useState<readonly PlanDifference[]>([]);

  function preview(next: Asked): void {
    giveUp();
    setAsked(next);
    setDifferences([]);
    send.forget();
    const { signal } = (reading.current = new AbortController());
    const { batch, ...options } = next;
    void plan.run(() => vault.opened(() => sending.plan(connection.id, batch, { ...options, signal })));
  }

  function giveUp(): void {
    reading.current?.abort();
    plan.forget();
  }

  function close(): void {
    giveUp();
    setAsked(undefined);
  }

  async function go({ batch, seen: _, ...options }: Asked, shown: SendPlan): Promise<void> {
    await send.run(async () => {
      const sent = await vault.opened(() => sending.send(connection.id, batch, { ...options, shown }));
      if (!sent.ok && sent.error.code === 'plan_changed') {
        plan.take(sent.error.plan);
        setDifferences(sent.error.differences);
      }
      if (sent.ok) {
        announce(t(options.delivery === 'file' ? 'file.frozen' : 'plan.frozen', { count: sent.value.requests }));
        close();
        onSent();
      }
      return sent;
    });
  }

  return { asked, plan, send, differences, preview, close, go };
}

type SendPlansProps = ConnectionPart & {
  /** Why nothing is planned here: another laptop sends, or none does until somebody takes it over. */
  readonly notHere?: 'elsewhere' | 'untaken' | undefined;
  readonly onSent: () => void;
};

/** Posted batches that this connection has still to be told of; each shows its plan before anything is sent. */
export function SendPlans(props: SendPlansProps): ReactElement {
  const { connection, card, vault, notHere } = props;
  const { t } = useTranslation('send');
  const { person, ledger } = useTallybook();
  const { asked, plan, send, differences, preview, close, go } = usePlanning(props);
  const ready = useLedger((of) => readyBatches(of, connection.id));
  const maySend = hasRole(person, ['approver']) && notHere === undefined;
  const nameOf = namesOf(t, ledger);
  const first = ready[0];
  const isListed = asked === undefined || plan.problem !== undefined;
  useKeys([
    ...(isListed && first !== undefined && maySend
      ? [{ key: 'P', label: t('plan.preview'), run: () => begin(first) }]
      : []),
    ...(plan.running ? [{ key: 'Escape', label: t('plan.close'), run: close }] : []),
  ]);

  /** Refused lines go along only when they are all that is left; else a person says so. */
  function begin({ batch, lines }: Ready): void {
    preview({ batch: batch.id, delivery: 'request', withRejected: lines === 0 });
  }

  if (card.abilities.readOnly) return <NothingToSend connection={connection} card={card} />;
  if (notHere !== undefined) return <EmptyState>{t(`sender.${notHere}`)}</EmptyState>;
  if (ready.length === 0) return <EmptyState>{t('plan.nothing')}</EmptyState>;
  return (
    <div className="plans">
      {!isListed && asked !== undefined && (
        <PlanHeading
          name={nameOf(asked.batch)}
          to={[
            t('plan.to', { remote: card.title, name: connection.name }),
            ...(plan.value ? oneSite(plan.value.summary.rows) : []),
          ].join(' · ')}
        />
      )}
      {isListed && <ReadyList ready={ready} nameOf={nameOf} maySend={maySend} onBegin={begin} />}
      {!maySend && <p className="muted">{t('onlyApprovers')}</p>}
      <TaskSaid task={plan} running={t('plan.running', { remote: card.title })} />
      {plan.running && asked !== undefined && (
        <div className="row patience">
          <Button compact keyCap="Esc" onClick={close}>
            {t('plan.close')}
          </Button>
          {asked.seen !== true && (
            <Button compact onClick={() => preview({ ...asked, seen: true })}>
              {t('plan.useSeen')}
            </Button>
          )}
        </div>
      )}
      <TaskSaid task={send} running={t('plan.freezing')} />
      {plan.value && asked !== undefined && (
        <PlanPreview
          plan={plan.value}
          connection={connection}
          card={card}
          vault={vault}
          delivery={asked.delivery}
          seen={asked.seen === true}
          differences={differences}
          sending={send.running}
          rejected={ready.find(({ batch }) => batch.id === asked.batch)?.rejected ?? 0}
          withRejected={asked.withRejected}
          onRejected={(withRejected) => preview({ ...asked, withRejected })}
          setFigures={asked.setFigures === true}
          onSetFigures={(setFigures) => preview({ ...asked, setFigures })}
          onDelivery={(delivery) => preview({ ...asked, delivery })}
          onAgain={() => preview(asked)}
          onSend={() => plan.value && void go(asked, plan.value)}
          onClose={close}
        />
      )}
    </div>
  );
}

/** A remote that can only be read, and where its figures are looked at. */
function NothingToSend({ connection, card }: Pick<SendPlansProps, 'connection' | 'card'>): ReactElement {
  const { t } = useTranslation('send');
  const { movements } = card.abilities;
  return (
    <EmptyState
      action={
        <Link className="button main" href={`/send/${connection.id}/${movements ? 'moved' : 'drift'}`}>
          {t(movements ? 'tab.moved' : 'tab.drift')}
        </Link>
      }
    >
      {t(movements ? 'plan.readOnlyMovements' : 'plan.readOnly', { remote: card.title })}
    </EmptyState>
  );
}

/** The batches that can be planned, the next one first. */
function ReadyList({
  ready,
  nameOf,
  maySend,
  onBegin,
}: {
  ready: readonly Ready[];
  nameOf: (batch: string) => string;
  maySend: boolean;
  onBegin: (one: Ready) => void;
}): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const [now] = useState(() => new Date().toISOString());
  const { people } = useTallybook();
  const whoIs = (id: string): string => people.find((person) => person.id === id)?.name ?? id;
  return (
    <ul className="batches">
      {ready.map((one, at) => {
        const { batch, lines, rejected, again } = one;
        return (
          <li key={batch.id} data-testid="ready-batch">
            <span>
              <b>{nameOf(batch.id)}</b>
              <span className="muted">
                {' '}
                {[
                  // Several people may have handed in one pass.
                  whoIs(batch.by),
                  formats.moment(batch.at, now),
                  ...(lines > 0 ? [t('plan.lines', { count: lines })] : []),
                  ...(rejected > 0 ? [t('plan.rejected', { count: rejected })] : []),
                  ...(again ? [t('plan.again')] : []),
                ].join(' · ')}
              </span>
            </span>
            <Button
              variant={at === 0 ? 'main' : 'plain'}
              keyCap={at === 0 ? 'P' : undefined}
              compact
              onClick={() => onBegin(one)}
              disabled={!maySend}
            >
              {t('plan.preview')}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

/** Which batch goes where. Takes the focus, because the button that asked for the plan is gone. */
function PlanHeading({ name, to }: { name: string; to: string }): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {name} <span className="muted">{to}</span>
    </h2>
  );
}

function readyBatches(ledger: Ledger, connection: string): readonly Ready[] {
  const { marks, outbox } = ledger.sending();
  const beside = besideIn(ledger.sending(), connection);
  const told = new Set(
    [...outbox.values()].filter((request) => request.connection === connection).map((request) => request.batch),
  );
  return ledger.batches().flatMap((batch) => {
    const { lines, again } = openLines(marks, { connection, batch: batch.id, beside });
    const rejected =
      openLines(marks, { connection, batch: batch.id, beside, withRejected: true }).lines.length - lines.length;
    // Lines that agreed need no sending and stay open for good: alone they are nothing to do, once the rest is on its way.
    const left = told.has(batch.id) ? lines.filter((line) => line.variance !== '0').length : lines.length;
    return left + rejected === 0 ? [] : [{ batch, lines: left, rejected, again }];
  });
}
