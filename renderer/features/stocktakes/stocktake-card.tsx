import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { isUnderWay, passesOf } from '../../../shared/domain/pass.ts';
import type { Stocktake } from '../../../shared/domain/stocktake.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Tag } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { countStates, zoneMaps } from './bin-states.ts';
import { CoverageBar } from './coverage-bar.tsx';

/** One stocktake of the list: what it is, and how far each pass has come. */
export function StocktakeCard({ stocktake }: { stocktake: Stocktake }): ReactElement {
  const { t } = useTranslation('stocktakes');
  const { people } = useTallybook();
  const formats = useFormats();
  const [now] = useState(() => new Date().toISOString());
  const passes = useLedger((ledger) =>
    passesOf(stocktake).map((pass) => ({ pass, counts: countStates(zoneMaps(stocktake, pass, ledger.catalogue())) })),
  );
  const name = people.find((person) => person.id === stocktake.by)?.name ?? stocktake.by;
  return (
    <li data-testid="stocktake-row">
      <div className="head">
        <h2>
          <Link href={`/stocktakes/${stocktake.id}`}>{stocktake.name}</Link>
        </h2>
        <Tag tone={isUnderWay(stocktake) ? 'info' : 'ok'}>{isUnderWay(stocktake) ? t('underWay') : t('handedIn')}</Tag>
        {stocktake.blind && <Tag>{t('blind')}</Tag>}
        <span className="muted small push">{t('madeBy', { name, when: formats.moment(stocktake.at, now) })}</span>
      </div>
      {passes.map(({ pass, counts }) => (
        <div key={pass} className="pass">
          <span className="word">{pass === 1 ? t('firstCount') : t('laterCount', { pass })}</span>
          <CoverageBar counts={counts} />
        </div>
      ))}
    </li>
  );
}
