import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { ConnectionSetup } from './connection-setup.tsx';
import { DriftTable } from './drift-table.tsx';
import { Progress } from './progress.tsx';
import { SendPlans } from './send-plans.tsx';
import type { Vault } from './use-vault.tsx';

const TABS = ['send', 'progress', 'drift', 'setup'] as const;
type SendTab = (typeof TABS)[number];

export type ConnectionPageProps = { connection: Connection; card: ConnectorCard | undefined; vault: Vault };

/** One connection: what is ready to send, what is on the way, how ours and theirs compare, and how it is set up. */
export function ConnectionPage({ connection, card, vault }: ConnectionPageProps): ReactElement {
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const matched = useLedger(() => sending.mapping(connection.id).items.size);
  const moving = useLedger(
    () =>
      sending.outbox().filter((request) => request.connection === connection.id && request.state !== 'confirmed')
        .length,
  );
  // Until items are matched there is nothing to send: the set-up comes first.
  const [tab, setTab] = useState<SendTab>(matched > 0 ? 'send' : 'setup');

  return (
    <div className="connection">
      <Tabs
        label={t('tabsLabel')}
        tabs={TABS.map((id) => ({
          id,
          name: t(`tab.${id}`),
          ...(id === 'progress' && moving > 0 ? { count: moving } : {}),
        }))}
        shown={tab}
        onShow={setTab}
      />
      {tab === 'send' && (
        <SendPlans
          connection={connection}
          title={card?.title ?? connection.remote}
          vault={vault}
          onSent={() => setTab('progress')}
        />
      )}
      {tab === 'progress' && <Progress connection={connection} vault={vault} />}
      {tab === 'drift' && <DriftTable connection={connection} title={card?.title ?? connection.remote} vault={vault} />}
      {tab === 'setup' && <ConnectionSetup connection={connection} card={card} vault={vault} />}
    </div>
  );
}
