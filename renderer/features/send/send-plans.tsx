import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Batch } from '../../../shared/domain/batch.ts';
import { hasRole } from '../../../shared/domain/person.ts';
import { openLines } from '../../../shared/sync/open-lines.ts';
import type { SendPlan } from '../../../shared/sync/plan.ts';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { PlanPreview } from './plan-preview.tsx';
import { TaskSaid } from './task-said.tsx';
import { useTask } from './use-task.ts';
import type { Vault } from './use-vault.tsx';

type Ready = { readonly batch: Batch; readonly name: string; readonly lines: number; readonly again: boolean };

/** Posted batches that this connection has still to be told of; each shows its plan before anything is sent. */
export function SendPlans({
  connection,
  title,
  vault,
  onSent,
}: {
  connection: Connection;
  title: string;
  vault: Vault;
  onSent: () => void;
}): ReactElement {
  const { t } = useTranslation('send');
  const { sending, person } = useTallybook();
  const formats = useFormats();
  const [asked, setAsked] = useState<string>();
  const [now] = useState(() => new Date().toISOString());
  const plan = useTask<SendPlan>();
  const send = useTask<{ requests: number }>();
  const ready = useLedger((ledger): readonly Ready[] => {
    const { marks, outbox } = ledger.sending();
    const told = new Set(
      [...outbox.values()].filter((request) => request.connection === connection.id).map((request) => request.batch),
    );
    return ledger.batches().flatMap((batch) => {
      const { lines, again } = openLines(marks, { connection: connection.id, batch: batch.id });
      // Lines that agreed need no sending and stay open for good: alone they are nothing to do, once the rest is on its way.
      const left = told.has(batch.id) ? lines.filter((line) => line.variance !== '0').length : lines.length;
      return left === 0
        ? []
        : [
            {
              batch,
              name: ledger.state().stocktakes.get(batch.stocktake)?.name ?? batch.stocktake,
              lines: left,
              again,
            },
          ];
    });
  });
  const maySend = hasRole(person, ['approver']);

  function preview(batch: string): void {
    setAsked(batch);
    send.forget();
    void plan.run(() => vault.opened(() => sending.plan(connection.id, batch)));
  }

  async function go(batch: string): Promise<void> {
    await send.run(async () => {
      const sent = await vault.opened(() => sending.send(connection.id, batch));
      if (sent.ok) {
        announce(t('plan.frozen', { count: sent.value.requests }));
        plan.forget();
        setAsked(undefined);
        onSent();
      }
      return sent;
    });
  }

  if (ready.length === 0) return <EmptyState>{t('plan.nothing')}</EmptyState>;
  return (
    <div className="plans">
      <ul className="batches">
        {ready.map(({ batch, name, lines, again }) => (
          <li key={batch.id} data-testid="ready-batch">
            <span>
              <b>{t('plan.batch', { stocktake: name, pass: batch.pass })}</b>
              <span className="muted">
                {' '}
                {[
                  formats.moment(batch.at, now),
                  t('plan.lines', { count: lines }),
                  ...(again ? [t('plan.again')] : []),
                ].join(' · ')}
              </span>
            </span>
            <Button
              variant={asked === undefined ? 'main' : 'plain'}
              desk
              onClick={() => preview(batch.id)}
              disabled={plan.running || !maySend}
            >
              {t('plan.preview')}
            </Button>
          </li>
        ))}
      </ul>
      {!maySend && <p className="muted">{t('onlyApprovers')}</p>}
      <TaskSaid task={plan} running={t('plan.running')} />
      <TaskSaid task={send} running={t('plan.freezing')} />
      {plan.value && asked !== undefined && (
        <PlanPreview
          plan={plan.value}
          title={t('plan.planOf', { remote: title, name: connection.name })}
          sending={send.running}
          onSend={() => void go(asked)}
          onClose={() => {
            plan.forget();
            setAsked(undefined);
          }}
        />
      )}
    </div>
  );
}
