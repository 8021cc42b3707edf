import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { lineProgress, type LineProgress, type OutboxRequest } from '../../../shared/sync/outbox.ts';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Button, Tag, type Tone } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { EmptyState } from '../../ui/states.tsx';
import type { Vault } from './use-vault.tsx';

const TONE: Readonly<Record<LineProgress, Tone>> = {
  queued: 'plain',
  sending: 'info',
  confirmed: 'ok',
  rejected: 'stop',
  unknown: 'look',
  again: 'look',
};
/** Lines of an opened request in the document at once. */
const LISTED = 200;

/** Every request of a connection, newest first, in the same few words for each. */
export function Progress({ connection, vault }: { connection: Connection; vault: Vault }): ReactElement {
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const requests = useLedger(() => sending.outbox().filter((request) => request.connection === connection.id));
  const waiting = requests.some(({ state }) => state !== 'confirmed' && state !== 'rejected');
  if (requests.length === 0) return <EmptyState>{t('progress.nothing')}</EmptyState>;

  async function retry(): Promise<void> {
    await vault.opened(async () => {
      await sending.flush();
      return { ok: true as const, value: null };
    });
  }

  return (
    <div className="requests">
      {waiting && (
        <div className="row">
          <Button desk onClick={() => void retry()}>
            {t('progress.retrySafe')}
          </Button>
          <span className="muted small">{t('progress.retryWhy')}</span>
        </div>
      )}
      <ol aria-label={t('progress.label')}>
        {requests.map((request, at) => <Request key={request.id} request={request} number={at + 1} />).toReversed()}
      </ol>
    </div>
  );
}

function Request({ request, number }: { request: OutboxRequest; number: number }): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const [open, setOpen] = useState(request.state === 'rejected');
  const [now] = useState(() => new Date().toISOString());
  const { state, notBefore, detail } = request;
  const { lines } = request.request;
  const facts = [
    t('progress.lines', { count: lines.length }),
    ...(request.attempts > 0 ? [t('progress.attempts', { count: request.attempts })] : []),
    ...(request.receipts.length > 0 ? [t('progress.receipts', { count: request.receipts.length })] : []),
    ...(notBefore !== undefined && state !== 'confirmed' && state !== 'rejected'
      ? [t('progress.notBefore', { time: formats.time(notBefore) })]
      : []),
  ];
  return (
    <li data-testid="request-row" data-state={state}>
      <div className="head">
        <Tag tone={TONE[state]}>{t(`progress.state.${state}`)}</Tag>
        <b>{t('progress.request', { number })}</b>
        <span className="muted">{facts.join(' · ')}</span>
        <span className="muted small push">{formats.moment(request.frozenAt, now)}</span>
        <Button desk variant="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t('progress.hide') : t('progress.show')}
        </Button>
      </div>
      {state === 'rejected' && (
        <p>
          {detail !== undefined && <b>{t('progress.remoteSays', { detail })} </b>}
          {t('progress.todo')}
        </p>
      )}
      {state === 'unknown' && <p>{t('progress.unknownTodo')}</p>}
      {open && <Lines request={request} />}
    </li>
  );
}

function Lines({ request }: { request: OutboxRequest }): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const receipts = new Map(request.receipts.map(({ ref, remoteId }) => [ref, remoteId]));
  const { lines } = request.request;
  return (
    <table className="lines">
      <thead>
        <tr>
          {(['item', 'change', 'quantity', 'state', 'receipt'] as const).map((column) => (
            <th key={column} scope="col" className={column === 'quantity' ? 'n' : undefined}>
              {t(`progress.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.slice(0, LISTED).map((line) => {
          const state = lineProgress(request, line.ref);
          return (
            <tr key={line.ref} data-testid="send-line" data-state={state}>
              <td>{catalogue.item(line.item)?.name ?? line.item}</td>
              <td>{t(`plan.change.${line.change}`)}</td>
              <td className="n num">{formats.quantity(line.quantity, { signed: line.change === 'adjust' })}</td>
              <td>
                <Tag tone={TONE[state]}>{t(`progress.state.${state}`)}</Tag>
              </td>
              <td className="code small">
                {receipts.has(line.ref) ? (receipts.get(line.ref) ?? t('progress.taken')) : ''}
              </td>
            </tr>
          );
        })}
        {lines.length > LISTED && (
          <tr>
            <td colSpan={5} className="muted">
              {t('match.more', { count: lines.length - LISTED })}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
