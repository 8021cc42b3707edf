import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { hasRole } from '../../../shared/domain/person.ts';
import { passesOf } from '../../../shared/domain/pass.ts';
import type { Stocktake } from '../../../shared/domain/stocktake.ts';
import { countPath } from '../../tallybook/place-path.ts';
import { SaveEvidence } from '../../tallybook/save-evidence.tsx';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import { Button, Tag } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { BinList } from './bin-list.tsx';
import { BinMap } from './bin-map.tsx';
import { countStates, zoneMaps } from './bin-states.ts';
import { CoverageBar } from './coverage-bar.tsx';
import { CountingLaptops } from './counting-laptops.tsx';
import { laptopShares } from './laptop-shares.ts';
import { SubmitDialog } from './submit-dialog.tsx';

/**
 * One stocktake: where every bin of a pass stands, and handing in what is done. One piece: map, list and coverage show the
 * same bins.
 */
export function StocktakePage({ stocktake }: { stocktake: Stocktake }): ReactElement {
  const { t } = useTranslation('stocktakes');
  const { ledger, person } = useTallybook();
  const [, navigate] = useLocation();
  const version = useLedger((asked) => asked.version());
  const passes = useMemo(
    () => passesOf(stocktake),
    // oxlint-disable-next-line react/exhaustive-deps -- sheets are changed in place; `version` tells that they were
    [stocktake, version],
  );
  const [pass, setPass] = useState(passes.at(-1) ?? 1);
  const [asList, setAsList] = useState(false);
  const [submitting, setSubmitting] = useState(false);
  const maps = useMemo(
    () => zoneMaps(stocktake, pass, ledger.catalogue()),
    // oxlint-disable-next-line react/exhaustive-deps -- as above
    [stocktake, pass, ledger, version],
  );
  const { team, ask } = useTeam();
  // What is known of laptops may have changed since it was asked last.
  useEffect(() => void ask(), [ask]);
  const shares = useMemo(() => laptopShares(team, maps, new Date().toISOString()), [team, maps]);
  const counts = countStates(maps);
  const mayCount = hasRole(person, ['counter', 'lead', 'approver']);
  const handedIn =
    maps.length > 0 &&
    counts.open + counts.finished + counts.confirmed_empty + counts.skipped + counts.not_visited === 0;
  const open = (bin: string) => navigate(countPath(stocktake.id, pass, bin));
  useKeys([
    { key: 'L', label: asList ? t('page.asMap') : t('page.asList'), run: () => setAsList((list) => !list) },
    ...(mayCount && !handedIn ? [{ key: 'F10', label: t('submit.open'), run: () => setSubmitting(true) }] : []),
  ]);

  return (
    <div className="page">
      <Where
        title={stocktake.name}
        sub={
          <>
            {t('bins', { count: stocktake.bins.length })}
            {stocktake.blind && <Tag>{t('blind')}</Tag>}
          </>
        }
        right={
          <>
            <SaveEvidence stocktake={stocktake.id} />
            <Link className="button quiet compact" href="/stocktakes">
              {t('back')}
            </Link>
          </>
        }
      />
      <div className="stocktake-head">
        {passes.length > 1 && (
          <div className="passes" role="group" aria-label={t('passes')}>
            {passes.map((one) => (
              <Button key={one} compact aria-pressed={one === pass} onClick={() => setPass(one)}>
                {one === 1 ? t('firstCount') : t('laterCount', { pass: one })}
              </Button>
            ))}
          </div>
        )}
        <CoverageBar counts={counts} />
      </div>
      <div className="stocktake-body">
        <CountingLaptops shares={shares} />
        {maps.length === 0 ? (
          <EmptyState>{t('page.noneInPass')}</EmptyState>
        ) : asList ? (
          <BinList maps={maps} shares={shares} onOpen={open} />
        ) : (
          <BinMap maps={maps} shares={shares} onOpen={open} />
        )}
      </div>
      <footer className="stocktake-foot">
        <Button compact keyCap="L" onClick={() => setAsList((list) => !list)}>
          {asList ? t('page.asMap') : t('page.asList')}
        </Button>
        <span className="muted small">{t('page.mapHint')}</span>
        {mayCount && (
          <Link className="button push" href={countPath(stocktake.id, pass)}>
            {t('page.count')}
          </Link>
        )}
        {handedIn && hasRole(person, ['approver']) && (
          <Link className="button main" href="/review">
            {t('page.toReview')}
          </Link>
        )}
        {mayCount && !handedIn && (
          <Button variant="main" keyCap="F10" onClick={() => setSubmitting(true)}>
            {t('submit.open')}
          </Button>
        )}
      </footer>
      {submitting && (
        <SubmitDialog stocktake={stocktake} pass={pass} maps={maps} onClose={() => setSubmitting(false)} />
      )}
    </div>
  );
}
