import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { hasRole } from '../../../shared/domain/person.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { NewStocktake } from './new-stocktake.tsx';
import { StocktakeCard } from './stocktake-card.tsx';
import { StocktakePage } from './stocktake-page.tsx';
import './stocktakes.css';

/** /stocktakes, /stocktakes/new and /stocktakes/:stocktake. */
export function StocktakesScreen({ stocktake: id }: { stocktake?: string | undefined }): ReactElement {
  const { t } = useTranslation('stocktakes');
  const stocktake = useLedger((ledger) => (id === undefined ? undefined : ledger.state().stocktakes.get(id)));
  if (id === undefined) return <StocktakeList />;
  if (id === 'new') return <NewStocktake />;
  if (stocktake) return <StocktakePage key={id} stocktake={stocktake} />;
  return (
    <div className="page">
      <Where title={t('title')} />
      <EmptyState
        action={
          <Link className="button" href="/stocktakes">
            {t('back')}
          </Link>
        }
      >
        {t('page.unknownStocktake')}
      </EmptyState>
    </div>
  );
}

function StocktakeList(): ReactElement {
  const { t } = useTranslation('stocktakes');
  const { person } = useTallybook();
  const [, navigate] = useLocation();
  const stocktakes = useLedger((ledger) => ledger.stocktakes()).toSorted((left, right) =>
    left.at < right.at ? 1 : -1,
  );
  const mayMake = hasRole(person, ['lead', 'approver', 'admin']);
  useKeys(mayMake ? [{ key: 'N', label: t('new'), run: () => navigate('/stocktakes/new') }] : []);
  const make = mayMake && (
    <Link className="button main" href="/stocktakes/new" aria-keyshortcuts="N">
      {t('new')}
      <kbd className="key" aria-hidden="true">
        N
      </kbd>
    </Link>
  );
  return (
    <div className="page">
      <Where title={t('title')} right={stocktakes.length > 0 && make} />
      {stocktakes.length === 0 ? (
        <EmptyState action={make || undefined}>{mayMake ? t('empty.text') : t('onlyLeads')}</EmptyState>
      ) : (
        <ul className="stocktake-list">
          {stocktakes.map((stocktake) => (
            <StocktakeCard key={stocktake.id} stocktake={stocktake} />
          ))}
        </ul>
      )}
    </div>
  );
}
