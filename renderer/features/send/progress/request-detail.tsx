import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import type { OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';
import { useFormats } from '../../../ui/format.ts';
import type { Vault } from '../use-vault.tsx';
import { Doubts } from './doubts.tsx';
import { FileSteps } from './file-steps.tsx';
import { LineList } from './line-list.tsx';
import { isOver, sentLines } from './sent-lines.ts';
import { cargo, problemWord } from './words.tsx';

/** One request: what the remote said, what happens next and what to do, and its lines with their receipts. */
export function RequestDetail({
  request,
  name,
  card,
  vault,
}: {
  request: OutboxRequest;
  name: string;
  card: ConnectorCard;
  vault: Vault;
}): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const lines = useMemo(() => sentLines([request]), [request]);
  const { state, code, detail, notBefore, attempts } = request;
  const facts = [
    t('progress.attempts', { count: attempts }),
    t('progress.receipts', { count: request.receipts.length }),
    ...(notBefore !== undefined && !isOver(request)
      ? [t('progress.notBefore', { time: formats.time(notBefore) })]
      : []),
  ];
  return (
    <section className="detail" aria-label={t('progress.detail', { name })}>
      <div className="said">
        <p>
          <b>{name}</b> <span className="muted">{[cargo(t, request), ...facts].join(' · ')}</span>
        </p>
        {detail !== undefined && (
          <p>
            <b>{t('progress.remoteSays', { detail })}</b>
          </p>
        )}
        {state === 'queued' && code !== undefined && <p>{problemWord(t, code)}</p>}
        {state === 'rejected' && <p>{t('progress.todo')}</p>}
        {state === 'split' && <p>{t('progress.splitTodo')}</p>}
        {state === 'unknown' && <p>{t('progress.unknownTodo')}</p>}
        {request.request.delivery === 'file' && !isOver(request) && (
          <FileSteps request={request} name={name} title={card.title} vault={vault} />
        )}
      </div>
      {request.doubtful.length > 0 && <Doubts requests={[request]} vault={vault} />}
      <LineList lines={lines} label={t('progress.linesOf', { name })} />
    </section>
  );
}
