import { useState, type KeyboardEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
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

  function press(event: KeyboardEvent<HTMLElement>): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    setTab(next);
    event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  }

  return (
    <div className="connection">
      <div className="tabs" role="tablist" aria-label={t('tabsLabel')}>
        {TABS.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            data-tab={one}
            aria-selected={one === tab}
            tabIndex={one === tab ? 0 : -1}
            onKeyDown={press}
            onClick={() => setTab(one)}
          >
            {t(`tab.${one}`)}
            {one === 'progress' && moving > 0 && <span className="num"> {moving}</span>}
          </button>
        ))}
      </div>
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
