import type { TFunction } from 'i18next';
import type { OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';
import { Button } from '../../../ui/button.tsx';
import type { Column } from '../../../ui/data-grid.tsx';
import type { Formats } from '../../../ui/format.ts';
import { isOver } from './sent-lines.ts';
import { cargo, problemWord, StateWord } from './words.tsx';

type RequestLook = {
  readonly t: TFunction<'send'>;
  readonly formats: Formats;
  readonly now: string;
  readonly nameOf: (batch: string) => string;
  readonly openId: string | undefined;
  readonly onToggle: (id: string) => void;
};

/** How far a request is, what it carries, and what happens to it next. */
export function requestColumns(look: RequestLook): readonly Column<OutboxRequest>[] {
  const { t, formats, now, nameOf, openId, onToggle } = look;
  return [
    {
      id: 'state',
      header: t('progress.column.state'),
      width: '168px',
      cell: ({ state }) => <StateWord state={state} />,
    },
    {
      id: 'what',
      header: t('progress.column.what'),
      width: 'minmax(300px, 4fr)',
      cell: (request) => (
        <>
          <b>{nameOf(request.batch)}</b> <span className="muted">{cargo(t, request)}</span>
        </>
      ),
    },
    {
      id: 'next',
      header: t('progress.column.next'),
      width: 'minmax(160px, 3fr)',
      cell: (request) => nextWord(look, request),
    },
    {
      id: 'attempts',
      header: t('progress.column.attempts'),
      align: 'end',
      width: '76px',
      cell: ({ attempts }) => formats.whole(attempts),
    },
    {
      id: 'receipts',
      header: t('progress.column.receipts'),
      align: 'end',
      width: '80px',
      cell: ({ receipts }) => formats.whole(receipts.length),
    },
    {
      id: 'at',
      header: t('progress.column.frozen'),
      align: 'end',
      width: '80px',
      cell: ({ frozenAt }) => formats.moment(frozenAt, now),
    },
    {
      id: 'show',
      header: <span className="unseen">{t('progress.show')}</span>,
      width: '112px',
      cell: ({ id }) => (
        <Button compact variant="quiet" tabIndex={-1} aria-expanded={openId === id} onClick={() => onToggle(id)}>
          {openId === id ? t('progress.hide') : t('progress.show')}
        </Button>
      ),
    },
  ];
}

/** What happens next to a request, or what the last attempt ran into. */
function nextWord({ t, formats }: Pick<RequestLook, 't' | 'formats'>, request: OutboxRequest): string {
  const { state, code, notBefore, job, detail } = request;
  if (isOver(request)) return detail ?? '';
  if (job !== undefined) return t('file.working');
  if (request.request.delivery === 'file' && request.attempts === 0) return t('file.waits');
  const words = [
    ...(code === undefined || state === 'sending' ? [] : [problemWord(t, code)]),
    ...(notBefore === undefined ? [] : [t('progress.notBefore', { time: formats.time(notBefore) })]),
  ];
  return words.join(' · ');
}
