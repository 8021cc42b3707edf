import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { useFormats } from '../../../ui/format.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { useKeys } from '../../../ui/use-keys.ts';
import type { ConnectionPart } from '../connection-part.ts';
import { ChoiceRow } from '../choice-row.tsx';
import { LineList } from './line-list.tsx';
import { RequestList } from './request-list.tsx';
import { countWords, isOver, LINE_WORDS, sentLines } from './sent-lines.ts';

/** Everything of a connection that was frozen to be sent, newest first: by request, or line by line. */
export function Progress({ connection, card, vault }: ConnectionPart): ReactElement {
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const formats = useFormats();
  const version = useLedger((ledger) => ledger.version());
  const [view, setView] = useState<'requests' | 'lines'>('requests');
  const requests = useMemo(
    () =>
      sending
        .outbox()
        .filter((request) => request.connection === connection.id)
        .toReversed(),
    // oxlint-disable-next-line react/exhaustive-deps -- `version` stands for all that the ledger knows
    [sending, connection.id, version],
  );
  const lines = useMemo(() => sentLines(requests), [requests]);
  const counts = useMemo(() => countWords(lines), [lines]);
  // A file waits for a person, not for another attempt.
  const waiting = requests.some(
    (request) => !isOver(request) && (request.request.delivery !== 'file' || request.job !== undefined),
  );

  async function retry(): Promise<void> {
    if (!waiting) return;
    await vault.opened(async () => {
      await sending.flush();
      return { ok: true as const, value: null };
    });
  }
  useKeys(waiting ? [{ key: 'R', label: t('progress.retrySafe'), run: () => void retry() }] : []);
  if (requests.length === 0) return <EmptyState>{t('progress.nothing')}</EmptyState>;

  return (
    <div className="part">
      <div className="row head">
        <ChoiceRow
          label={t('progress.view')}
          choices={[
            { id: 'requests', name: t('progress.byRequest'), count: formats.whole(requests.length) },
            { id: 'lines', name: t('progress.byLine'), count: formats.whole(lines.length) },
          ]}
          chosen={view}
          onChoose={setView}
        />
        <span role="status" data-testid="line-counts">
          {LINE_WORDS.filter((word) => counts[word] > 0)
            .map((word) =>
              t('progress.count', { number: formats.whole(counts[word]), word: t(`progress.state.${word}`) }),
            )
            .join(' · ')}
        </span>
        {waiting && (
          <span className="push row">
            <span className="muted small why">
              {t(card.abilities.idempotencyKeys ? 'progress.retryWhy' : 'progress.retryWhyRead')}
            </span>
            <Button compact keyCap="R" onClick={() => void retry()}>
              {t('progress.retrySafe')}
            </Button>
          </span>
        )}
      </div>
      {view === 'requests' ? (
        <RequestList requests={requests} card={card} vault={vault} />
      ) : (
        <LineList lines={lines} label={t('progress.linesLabel')} showRequest />
      )}
    </div>
  );
}
