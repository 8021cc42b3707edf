import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useLedger } from '../../tallybook/tallybook-context.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Where } from '../../ui/where.tsx';
import { BatchList } from './batch-list.tsx';
import { ReviewBatch } from './review-batch.tsx';
import './review.css';

/** /review and /review/:batch. */
export function ReviewScreen({ batch: id }: { batch?: string | undefined }): ReactElement {
  const { t } = useTranslation('review');
  const batch = useLedger((ledger) => (id === undefined ? undefined : ledger.state().batches.get(id)));
  if (id === undefined) return <BatchList />;
  if (batch) return <ReviewBatch key={batch.id} batch={batch} />;
  return (
    <div className="page">
      <Where title={t('title')} />
      <EmptyState
        action={
          <Link className="button" href="/review">
            {t('back')}
          </Link>
        }
      >
        {t('unknownBatch')}
      </EmptyState>
    </div>
  );
}
