import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { hasRole } from '../../../shared/domain/person.ts';
import type { ConnectorCard, HostOutput } from '../../../shared/ports/host.ts';
import { goesFor } from '../../../shared/ports/remote-inventory.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Button } from '../../ui/button.tsx';
import { Abilities } from './abilities.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { TaskSaid } from './task-said.tsx';
import { useTask } from './use-task.ts';
import type { Vault } from './use-vault.tsx';
import { VendorSignIn } from './vendor-sign-in.tsx';

const LISTED = 100;

type SetupProps = { connection: Connection; card: ConnectorCard; vault: Vault };
type Matched = { matched: number; unmatched: readonly string[]; sites: number; bins: number };

/** Settings of a connection, signing in, proof that it works without writing anything, and what it can do. */
export function ConnectionSetup({ connection, card, vault }: SetupProps): ReactElement {
  const { t } = useTranslation('send');
  const { host, person } = useTallybook();
  const [editing, setEditing] = useState(false);
  const test = useTask<HostOutput<'testConnection'>>();
  return (
    <div className="setup">
      <section aria-label={t('test.do')}>
        <div className="row">
          <Button
            onClick={() => void test.run(() => vault.opened(() => host.testConnection({ connection: connection.id })))}
            disabled={test.running}
          >
            {t('test.do')}
          </Button>
          {hasRole(person, ['admin']) && (
            <Button variant="quiet" onClick={() => setEditing(true)}>
              {t('edit')}
            </Button>
          )}
        </div>
        <TaskSaid task={test} running={t('test.running', { remote: card.title })}>
          {({ account }) => (
            <p>
              <b>{t('test.fine')}</b> {t('test.account', { account })}
            </p>
          )}
        </TaskSaid>
      </section>
      {card.signIn && goesFor(card.signIn.only, connection.settings) && hasRole(person, ['admin']) && (
        <VendorSignIn connection={connection} title={card.title} vault={vault} />
      )}
      {hasRole(person, ['admin', 'approver']) && <MatchBeyondDoubt connection={connection} card={card} vault={vault} />}
      <Abilities card={card} />
      {editing && (
        <ConnectionForm
          connectors={[card]}
          connection={connection}
          vault={vault}
          onClose={() => setEditing(false)}
          onSaved={() => setEditing(false)}
        />
      )}
    </div>
  );
}

/** Matches at once whatever the codes leave no doubt about; the rest is matched by hand. */
function MatchBeyondDoubt({ connection, card, vault }: SetupProps): ReactElement {
  const { t } = useTranslation('send');
  const { sending, ledger } = useTallybook();
  const match = useTask<Matched>();
  const mapping = useLedger(() => sending.mapping(connection.id));
  const places = card.abilities.binLevel
    ? t('bins', { count: mapping.bins.size })
    : t('sites', { count: mapping.sites.size });
  return (
    <section aria-label={t('match.do')}>
      <div className="row">
        <Button
          variant={mapping.items.size === 0 ? 'main' : 'plain'}
          onClick={() => void match.run(() => vault.opened(() => sending.matchItems(connection.id)))}
          disabled={match.running}
        >
          {t('match.do')}
        </Button>
        <Link href={`/send/${connection.id}/mapping`}>{t('match.byHand')}</Link>
        {match.value === undefined && (
          <span className="muted">
            {mapping.items.size === 0
              ? t('notMatched')
              : [t('matched', { count: mapping.items.size }), places].join(' · ')}
          </span>
        )}
      </div>
      <TaskSaid task={match} running={t('match.running', { remote: card.title })}>
        {({ matched, unmatched, sites, bins }) => (
          <>
            <p>
              <b>{t('match.done', { count: matched })}</b> ·{' '}
              {card.abilities.binLevel ? t('match.bins', { count: bins }) : t('match.sites', { count: sites })} ·{' '}
              {t('match.unmatched', { count: unmatched.length })}
            </p>
            {unmatched.length > 0 && <p className="muted">{t('match.unmatchedText')}</p>}
            <ul className="plain-list">
              {unmatched.slice(0, LISTED).map((sku) => (
                <li key={sku}>
                  <span className="code">{sku}</span> {ledger.catalogue().item(sku)?.name}
                </li>
              ))}
              {unmatched.length > LISTED && (
                <li className="muted">{t('match.more', { count: unmatched.length - LISTED })}</li>
              )}
            </ul>
          </>
        )}
      </TaskSaid>
    </section>
  );
}
