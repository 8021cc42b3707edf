import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Batch } from '../../../../shared/domain/batch.ts';
import type { LineProgress, OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';
import type { RequestState } from '../../../../shared/sync/outbox/request-steps.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { textOr } from '../../../texts/keys.ts';
import { Tag, type Tone } from '../../../ui/button.tsx';

const TONE: Readonly<Record<LineProgress | RequestState, Tone>> = {
  queued: 'plain',
  sending: 'info',
  confirmed: 'ok',
  rejected: 'stop',
  split: 'look',
  unknown: 'look',
  again: 'look',
  doubtful: 'look',
};

/** How far a line or a request has come, in one of the few words. */
export function StateWord({ state }: { state: LineProgress | RequestState }): ReactElement {
  const { t } = useTranslation('send');
  return <Tag tone={TONE[state]}>{t(`progress.state.${state}`)}</Tag>;
}

/** What a person calls a sending: its stocktake and pass, or that it set the remote right after a comparison. */
export function namesOf(t: TFunction<'send'>, ledger: Ledger): (batch: string) => string {
  const batches = new Map<string, Batch>(ledger.batches().map((batch) => [batch.id, batch]));
  const { stocktakes } = ledger.state();
  return (id) => {
    const batch = batches.get(id);
    if (!batch) return t('progress.ofComparison');
    return t(batch.reverses === undefined ? 'plan.batch' : 'plan.reversal', {
      stocktake: stocktakes.get(batch.stocktake)?.name ?? batch.stocktake,
      pass: batch.pass,
    });
  };
}

/** What a request carries: counts, adjustments, or both. */
export function cargo(t: TFunction<'send'>, { request }: OutboxRequest): string {
  const counts = request.lines.filter((line) => line.change === 'count').length;
  const adjustments = request.lines.length - counts;
  if (adjustments === 0) return t('plan.says.counts', { count: counts });
  if (counts === 0) return t('progress.adjustments', { count: adjustments });
  return t('progress.mixed', {
    counts: t('plan.says.counts', { count: counts }),
    adjustments: t('progress.adjustments', { count: adjustments }),
  });
}

/** Why the last attempt did not do it, in words; a code that an older or newer version wrote has a general sentence. */
export function problemWord(t: TFunction<'send'>, code: string): string {
  return textOr(t, `problem.${code}`, t('problem.other'));
}
