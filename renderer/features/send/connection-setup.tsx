import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { hasRole } from '../../../shared/domain/person.ts';
import type { ConnectorCard, HostOutput } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Abilities } from './abilities.tsx';
import { ConnectionForm } from './connection-form.tsx';
import type { ConnectionPageProps } from './connection-page.tsx';
import { TaskSaid } from './task-said.tsx';
import { useTask } from './use-task.ts';

const LISTED = 100;

/** Settings of a connection, proof that it works without writing anything, and matching of items. */
export function ConnectionSetup({ connection, card, vault }: ConnectionPageProps): ReactElement {
  const { t } = useTranslation('send');
  const { host, sending, ledger, person } = useTallybook();
  const [editing, setEditing] = useState(false);
  const test = useTask<HostOutput<'testConnection'>>();
  const match = useTask<{ matched: number; unmatched: readonly string[]; sites: number }>();
  const mapping = useLedger(() => sending.mapping(connection.id));
  const title = card?.title ?? connection.remote;
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
        <TaskSaid task={test} running={t('test.running', { remote: title })}>
          {({ account, locations }) => (
            <>
              <p>
                <b>{t('test.fine')}</b> {t('test.account', { account })}
              </p>
              <h3>{t('test.locations')}</h3>
              <ul className="plain-list">
                {locations.map((location) => (
                  <li key={location.id}>
                    {location.name} <span className="code muted">{location.id}</span>{' '}
                    {!location.active && <span className="muted">{t('test.inactive')}</span>}
                  </li>
                ))}
              </ul>
            </>
          )}
        </TaskSaid>
      </section>
      {hasRole(person, ['admin', 'approver']) && (
        <section aria-label={t('match.do')}>
          <div className="row">
            <Button
              variant={mapping.items.size === 0 ? 'main' : 'plain'}
              onClick={() => void match.run(() => vault.opened(() => sending.matchItems(connection.id)))}
              disabled={match.running}
            >
              {t('match.do')}
            </Button>
            {match.value === undefined && (
              <span className="muted">
                {mapping.items.size === 0
                  ? t('notMatched')
                  : [t('matched', { count: mapping.items.size }), t('sites', { count: mapping.sites.size })].join(
                      ' · ',
                    )}
              </span>
            )}
          </div>
          <TaskSaid task={match} running={t('match.running', { remote: title })}>
            {({ matched, unmatched, sites }) => (
              <>
                <p>
                  <b>{t('match.done', { count: matched })}</b> · {t('match.sites', { count: sites })} ·{' '}
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
      )}
      {card && <Abilities card={card} />}
      {editing && card && (
        <ConnectionForm
          connectors={[card] satisfies readonly ConnectorCard[]}
          connection={connection}
          vault={vault}
          onClose={() => setEditing(false)}
          onSaved={() => setEditing(false)}
        />
      )}
    </div>
  );
}
