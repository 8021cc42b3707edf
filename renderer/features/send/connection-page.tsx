import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ConnectionHolder, ConnectorCard } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { needsOf } from '../../sync/needs.ts';
import type { Connection, RemoteCatalogue } from '../../sync/sending.ts';
import { useFormats } from '../../ui/format.ts';
import { Loading } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ConnectionSetup } from './connection-setup.tsx';
import { DriftTable } from './drift/drift-table.tsx';
import { History } from './history.tsx';
import { MappingPage } from './mapping/mapping-page.tsx';
import { mayTake, movedRows } from './moved/moved-rows.ts';
import { MovedList } from './moved/moved-list.tsx';
import { SendPlans } from './plan/send-plans.tsx';
import { Sender } from './sender.tsx';
import { useHolder } from './use-holder.ts';
import { Progress } from './progress/progress.tsx';
import { isOver } from './progress/sent-lines.ts';
import type { Vault } from './use-vault.tsx';

export const PARTS = ['send', 'progress', 'history', 'drift', 'moved', 'mapping', 'setup'] as const;
export type Part = (typeof PARTS)[number];

export type ConnectionPageProps = {
  connection: Connection;
  /** Absent until the host has said what it has. */
  card: ConnectorCard | undefined;
  vault: Vault;
  /** What the address asks for. */
  part: string | undefined;
  onPart: (part: Part) => void;
  remote: RemoteCatalogue | undefined;
  onRead: (remote: RemoteCatalogue) => void;
};

/** One connection: what is ready to send, what is on the way, how ours and theirs compare, and how it is set up. */
export function ConnectionPage(props: ConnectionPageProps): ReactElement {
  const { connection, card, vault, part: asked, onPart, remote, onRead } = props;
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const formats = useFormats();
  const matched = useLedger(() => sending.mapping(connection.id).items.size);
  const moving = useLedger(
    () => sending.outbox().filter((request) => request.connection === connection.id && !isOver(request)).length,
  );
  const needs = useLedger(
    (ledger) => needsOf(ledger.sending()).filter((need) => need.connection === connection.id).length,
  );
  const movements = useLedger((ledger) => ledger.sending().movements);
  const moved = useMemo(
    () => movedRows(sending.movements(connection.id)).filter(mayTake).length,
    // oxlint-disable-next-line react/exhaustive-deps -- only new movements change their number
    [sending, connection.id, movements, matched],
  );
  // Until items are matched there is nothing to send: the set-up comes first, and stays while it is worked on.
  const [opensAt] = useState<Part>(matched > 0 ? 'send' : 'setup');
  const holder = useHolder(connection.id);
  const part = PARTS.find((one) => one === asked) ?? opensAt;
  if (!card) return <Loading>{t('loading')}</Loading>;

  const counts: Partial<Record<Part, number>> = { progress: moving, moved };
  const parts = PARTS.filter(
    (one) =>
      (one !== 'moved' || card.abilities.movements) &&
      (!card.abilities.readOnly || (one !== 'progress' && one !== 'history')),
  );
  return (
    <div className="connection">
      <Tabs
        label={t('tabsLabel')}
        tabs={parts.map((id) => ({
          id,
          name: t(`tab.${id}`),
          ...((counts[id] ?? 0) > 0 ? { count: formats.whole(counts[id] ?? 0) } : {}),
        }))}
        shown={part}
        onShow={onPart}
      />
      {holder !== undefined && (
        <Sender holder={holder} connection={connection} title={card.title} onDoubts={() => onPart('progress')} />
      )}
      {needs > 0 && (
        <p className="needs-note" role="status">
          {t('needs.here', { count: needs })} <Link href="/send/needs">{t('needs.show')}</Link>
        </p>
      )}
      {part === 'send' && (
        <SendPlans
          connection={connection}
          card={card}
          vault={vault}
          notHere={notHere(holder)}
          onSent={() => onPart('progress')}
        />
      )}
      {part === 'progress' && <Progress connection={connection} card={card} vault={vault} />}
      {part === 'history' && <History connection={connection} title={card.title} />}
      {part === 'drift' && <DriftTable connection={connection} card={card} vault={vault} />}
      {part === 'moved' && <MovedList connection={connection} card={card} vault={vault} />}
      {part === 'mapping' && (
        <MappingPage connection={connection} card={card} vault={vault} remote={remote} onRead={onRead} />
      )}
      {part === 'setup' && <ConnectionSetup connection={connection} card={card} vault={vault} />}
    </div>
  );
}

/** Why nothing is sent over a connection from here; undefined: it is. */
function notHere(holder: ConnectionHolder | undefined): 'elsewhere' | 'untaken' | undefined {
  if (holder === undefined || (holder.isHere && holder.stoppedBy === null)) return undefined;
  return holder.mayTake ? 'untaken' : 'elsewhere';
}
