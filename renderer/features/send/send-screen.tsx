import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { hasRole } from '../../../shared/domain/person.ts';
import type { ConnectorCard } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { needsOf } from '../../sync/needs.ts';
import type { RemoteCatalogue } from '../../sync/sending.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { ConnectionPage } from './connection-page.tsx';
import { NeedsList } from './needs/needs-list.tsx';
import { useVault } from './use-vault.tsx';
import './send.css';

/** In place of a connection's id: what needs a person, over all connections. */
const NEEDS = 'needs';

/**
 * /send, /send/needs, /send/:connection and /send/:connection/:part. One piece: it says which part stands under which
 * address.
 */
export function SendScreen({
  connection: asked,
  part,
}: {
  connection?: string | undefined;
  part?: string | undefined;
}): ReactElement {
  const { t } = useTranslation('send');
  const { sending, person } = useTallybook();
  const [, navigate] = useLocation();
  const connections = useLedger(() => sending.connections());
  const inLedger = useLedger((ledger) => needsOf(ledger.sending()).length);
  const connectors = useConnectors();
  const vault = useVault();
  const [adding, setAdding] = useState(false);
  const [read, setRead] = useState<Readonly<Record<string, RemoteCatalogue>>>({});
  const mayMake = hasRole(person, ['admin']);
  useKeys(mayMake ? [{ key: 'N', label: t('newConnection'), run: () => setAdding(true) }] : []);
  const open = connections.find(({ id }) => id === asked) ?? connections[0];
  const showsNeeds = asked === NEEDS && connections.length > 0;
  const needs = inLedger + (vault.locked && connections.length > 0 ? 1 : 0);
  const titleOf = (remote: string) => connectors.find(({ id }) => id === remote)?.title ?? remote;
  const make = mayMake && (
    <Button
      compact={connections.length > 0}
      variant={connections.length > 0 ? 'plain' : 'main'}
      keyCap="N"
      onClick={() => setAdding(true)}
    >
      {t('newConnection')}
    </Button>
  );
  return (
    <div className="page">
      <Where
        title={t('title')}
        sub={showsNeeds ? t('needs.title') : open && t('over', { name: open.name, remote: titleOf(open.remote) })}
        right={connections.length > 0 && make}
      />
      {open ? (
        <div className="send-body">
          <nav className="connections" aria-label={t('connections')}>
            {(needs > 0 || showsNeeds) && (
              <Link href={`/send/${NEEDS}`} className="needs-link" aria-current={showsNeeds ? 'page' : undefined}>
                <b>{t('needs.title')}</b>
                <span>{needs > 0 ? t('needs.count', { count: needs }) : t('needs.none')}</span>
              </Link>
            )}
            {connections.map(({ id, name, remote }) => (
              <Link key={id} href={`/send/${id}`} aria-current={!showsNeeds && id === open.id ? 'page' : undefined}>
                <b>{name}</b>
                <span>{titleOf(remote)}</span>
              </Link>
            ))}
          </nav>
          {showsNeeds ? (
            <NeedsList connectors={connectors} vault={vault} />
          ) : (
            <ConnectionPage
              key={open.id}
              connection={open}
              card={connectors.find(({ id }) => id === open.remote)}
              vault={vault}
              part={part}
              onPart={(chosen) => navigate(`/send/${open.id}/${chosen}`, { replace: true })}
              remote={read[open.id]}
              onRead={(remote) => setRead({ ...read, [open.id]: remote })}
            />
          )}
        </div>
      ) : (
        <EmptyState action={make || undefined}>{mayMake ? t('empty.text') : t('onlyAdmins')}</EmptyState>
      )}
      {adding && connectors.length > 0 && (
        <ConnectionForm
          connectors={connectors}
          vault={vault}
          onClose={() => setAdding(false)}
          onSaved={(id) => {
            setAdding(false);
            navigate(`/send/${id}`);
          }}
        />
      )}
      {vault.dialog}
    </div>
  );
}

function useConnectors(): readonly ConnectorCard[] {
  const { host } = useTallybook();
  const [connectors, setConnectors] = useState<readonly ConnectorCard[]>([]);
  useEffect(() => {
    let wanted = true;
    void host.connectors({}).then((answer) => {
      if (wanted && answer.ok) setConnectors(answer.value);
    });
    return () => {
      wanted = false;
    };
  }, [host]);
  return connectors;
}
