import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { laptopName, useTeam } from '../../../tallybook/team.ts';
import { needsOf, type Need } from '../../../sync/needs.ts';
import { Button, Tag } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/states.tsx';
import { Doubts } from '../progress/doubts.tsx';
import { LineList } from '../progress/line-list.tsx';
import { sentLines } from '../progress/sent-lines.ts';
import { namesOf } from '../progress/words.tsx';
import type { Vault } from '../use-vault.tsx';

/** Everything about sending that waits for a person, over all connections, each with the one thing to do. */
export function NeedsList({ connectors, vault }: { connectors: readonly ConnectorCard[]; vault: Vault }): ReactElement {
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const needs = useLedger((ledger) => needsOf(ledger.sending()));
  const locked = vault.locked && sending.connections().length > 0;
  const doubtful = useMemo(() => needs.flatMap((need) => (need.kind === 'doubtful' ? [need.request] : [])), [needs]);
  if (needs.length === 0 && !locked) return <EmptyState>{t('needs.nothing')}</EmptyState>;
  return (
    <div className="needs">
      <p className="muted">{t('needs.text')}</p>
      <ul>
        {locked && (
          <li data-testid="need" data-kind="locked">
            <Tag tone="stop">{t('needs.word.locked')}</Tag>
            <span>{t('needs.locked')}</span>
            <Button compact variant="main" onClick={() => void vault.unlock()}>
              {t('vault.open')}
            </Button>
          </li>
        )}
        {needs.map((need) => (
          <NeedRow key={keyOf(need)} need={need} connectors={connectors} />
        ))}
      </ul>
      {doubtful.length > 0 && <Doubts requests={doubtful} vault={vault} />}
      <Refused needs={needs} />
    </div>
  );
}

function keyOf(need: Need): string {
  switch (need.kind) {
    case 'unauthorized':
      return `${need.kind} ${need.connection}`;
    case 'unsent':
    case 'twice':
      return `${need.kind} ${need.connection} ${need.batch}`;
    case 'doubtful':
    case 'rejected':
    case 'file':
      return `${need.kind} ${need.request.id}`;
  }
}

/** The part of the connection where it is dealt with. */
const WHERE = {
  unauthorized: 'setup',
  doubtful: 'progress',
  twice: 'drift',
  rejected: 'send',
  file: 'progress',
  unsent: 'send',
} as const;
const TONE = {
  unauthorized: 'stop',
  doubtful: 'look',
  twice: 'stop',
  rejected: 'stop',
  file: 'info',
  unsent: 'look',
} as const;

function NeedRow({ need, connectors }: { need: Need; connectors: readonly ConnectorCard[] }): ReactElement {
  const { t } = useTranslation('send');
  const { sending, ledger } = useTallybook();
  const { team } = useTeam();
  const nameOf = namesOf(t, ledger);
  const connection = sending.connections().find(({ id }) => id === need.connection);
  const remote = connectors.find(({ id }) => id === connection?.remote)?.title ?? connection?.remote ?? '';
  // Ours sent after a comparison is no batch: what was refused of it is compared again.
  const isCompared = need.kind === 'rejected' && !ledger.batches().some(({ id }) => id === need.request.batch);
  const where = isCompared ? 'drift' : WHERE[need.kind];
  const batch = 'request' in need ? need.request.batch : 'batch' in need ? need.batch : '';
  return (
    <li data-testid="need" data-kind={need.kind}>
      <Tag tone={TONE[need.kind]}>{t(`needs.word.${need.kind}`)}</Tag>
      <span>
        <b>{connection?.name ?? remote}</b>{' '}
        {t(`needs.${need.kind}`, {
          remote,
          name: batch === '' ? '' : nameOf(batch),
          count: 'lines' in need ? need.lines : 1,
          laptops: need.kind === 'twice' ? need.laptops.map((one) => laptopName(team, one)).join(', ') : '',
        })}
      </span>
      <Link href={`/send/${need.connection}/${where}`}>
        {t(isCompared ? 'needs.do.compared' : `needs.do.${need.kind}`)}
      </Link>
    </li>
  );
}

/** The refused lines with the remote's words on each. */
function Refused({ needs }: { needs: readonly Need[] }): ReactElement | null {
  const { t } = useTranslation('send');
  const lines = useMemo(
    () =>
      sentLines(needs.flatMap((need) => (need.kind === 'rejected' ? [need.request] : []))).filter(
        ({ state }) => state === 'rejected',
      ),
    [needs],
  );
  if (lines.length === 0) return null;
  return (
    <section className="refused" aria-label={t('needs.refused', { count: lines.length })}>
      <h2>{t('needs.refused', { count: lines.length })}</h2>
      <LineList lines={lines} label={t('needs.refused', { count: lines.length })} />
    </section>
  );
}
