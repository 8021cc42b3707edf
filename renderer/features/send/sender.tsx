import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { hasRole } from '../../../shared/domain/person.ts';
import type { ConnectionHolder } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Button } from '../../ui/button.tsx';
import { Banner } from '../../ui/states.tsx';
import { ChangeSender } from './change-sender.tsx';
import { TaskSaid } from './task-said.tsx';
import { useTask } from './use-task.ts';

type SenderProps = {
  holder: ConnectionHolder;
  connection: Connection;
  /** What the remote is called. */
  title: string;
  /** Shows what is in doubt. */
  onDoubts: () => void;
};

/** Which laptop sends over a connection, and what may be done about it: given away, or taken from one that was revoked. */
export function Sender({ holder, connection, title, onDoubts }: SenderProps): ReactElement {
  const { t } = useTranslation('send');
  const { person } = useTallybook();
  const [changing, setChanging] = useState(false);
  const { name, isHere, mayTake, mayGive, stoppedBy, left } = holder;
  const mayChange = hasRole(person, ['admin', 'approver']) && stoppedBy === null && (mayTake || mayGive.length > 0);
  return (
    <section className="sender" aria-label={t('sender.label')}>
      {stoppedBy === null ? (
        <p className="row" data-testid="sender">
          <span>{isHere ? t('sender.here') : t(mayTake ? 'sender.gone' : 'sender.other', { name })}</span>
          {mayChange && (
            <Button compact variant={mayTake ? 'main' : 'quiet'} onClick={() => setChanging(true)}>
              {t(mayTake ? 'sender.take' : 'sender.give')}
            </Button>
          )}
        </p>
      ) : (
        <Banner tone="stop" word={t('sender.stoppedWord')}>
          <span data-testid="sender">
            {t('sender.stopped', { laptop: stoppedBy.laptop, name: stoppedBy.name, remote: title })}
          </span>
        </Banner>
      )}
      {left.length > 0 && <LeftOver left={left} connection={connection} title={title} onDoubts={onDoubts} />}
      {changing && <ChangeSender holder={holder} connection={connection} onClose={() => setChanging(false)} />}
    </section>
  );
}

/** What other laptops may have sent and will not bring to an end: put in doubt, so that somebody says what arrived. */
function LeftOver({
  left,
  connection,
  title,
  onDoubts,
}: Pick<SenderProps, 'connection' | 'title' | 'onDoubts'> & { left: ConnectionHolder['left'] }): ReactElement {
  const { t } = useTranslation('send');
  const { host, ledger, person } = useTallybook();
  const taking = useTask<null>();

  async function takeOver(): Promise<void> {
    await taking.run(async () => {
      const taken = await host.takeOverRequests({ connection: connection.id });
      if (!taken.ok) return taken;
      const kept = await ledger.takeIn(taken.value.entries);
      if (kept.ok) onDoubts();
      return kept;
    });
  }

  return (
    <Banner
      tone="attention"
      word={t('sender.leftWord')}
      action={
        hasRole(person, ['approver']) && (
          <Button compact variant="main" disabled={taking.running} onClick={() => void takeOver()}>
            {t('sender.leftDo')}
          </Button>
        )
      }
    >
      {left.map(({ name, lines }) => (
        <p key={name} data-testid="left-over">
          {t('sender.left', { name, count: lines, remote: title })}
        </p>
      ))}
      <TaskSaid task={taking} running={t('doubt.saving')} />
    </Banner>
  );
}
