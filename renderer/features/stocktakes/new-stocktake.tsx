import type { TFunction } from 'i18next';
import { useMemo, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { bookNow, linesInBin } from '../../../shared/domain/balance.ts';
import { nearBins } from '../../../shared/domain/bin-name.ts';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { binKey, type Bin } from '../../../shared/domain/location.ts';
import { ZERO } from '../../../shared/domain/quantity.ts';
import { hasRole } from '../../../shared/domain/person.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox, TextInput } from '../../ui/field.tsx';
import { useFormats } from '../../ui/format.ts';
import { Banner, EmptyState } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { Where } from '../../ui/where.tsx';
import { ScopeChips } from './scope-chips.tsx';
import {
  binsInScope,
  binsToCount,
  NO_SCOPE,
  overlaps,
  scopeProblem,
  zoneChips,
  type Scope,
  type ScopeProblem,
} from './scope.ts';

/**
 * A new stocktake on one page: name, scope, blind, and what it comes to before it is made. One piece: a form is its fields
 * in their order, judged together.
 */
export function NewStocktake(): ReactElement {
  const { t } = useTranslation('stocktakes');
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const [, navigate] = useLocation();
  const catalogue = useLedger((asked) => asked.catalogue());
  const known = catalogue.bins();
  const bins = useMemo(() => {
    const { books } = ledger.state();
    const holds = (bin: string): boolean => linesInBin(books, bin).some((line) => bookNow(line) !== ZERO);
    return binsToCount(known, holds);
  }, [known, ledger]);
  const [name, setName] = useState('');
  const [blind, setBlind] = useState(true);
  const [scope, setScope] = useState<Scope>(NO_SCOPE);
  const [problem, setProblem] = useState<string>();
  const [tried, setTried] = useState(false);
  const busy = useRef(false);

  const zones = useMemo(() => zoneChips(bins), [bins]);
  const chosen = useMemo(() => binsInScope(bins, scope), [bins, scope]);
  const scopeIs = useMemo(() => scopeProblem(bins, scope), [bins, scope]);
  const wrong = scopeIs?.code === 'no_such_bin' ? scopeIs.parts : [];
  const shared = useLedger((asked) => overlaps(asked.stocktakes(), chosen));
  const nameMissing = name.trim() === '';
  const binProblem = scopeIs === undefined ? undefined : scopeText(t, scopeIs);

  async function create(): Promise<void> {
    setTried(true);
    if (busy.current || nameMissing || binProblem !== undefined) return;
    busy.current = true;
    const made = await ledger.createStocktake({ name: name.trim(), blind, bins: chosen.map((bin) => bin.code) });
    busy.current = false;
    if (made.ok) navigate(`/stocktakes/${made.value.stocktake}`);
    else setProblem(errorText(made.error));
  }

  if (bins.length === 0) {
    return (
      <div className="page">
        <Where title={t('new')} />
        <EmptyState
          action={
            <Link className="button main" href="/items/import">
              {t('form.toImport')}
            </Link>
          }
        >
          {t('form.noBins')}
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="page">
      <Where title={t('new')} />
      <form
        className="new-stocktake"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <TextInput
          label={t('form.name')}
          placeholder={t('form.namePlaceholder')}
          value={name}
          maxLength={120}
          autoFocus
          error={tried && nameMissing ? t('form.nameMissing') : undefined}
          onChange={(event) => setName(event.target.value)}
        />
        <ScopeChips scope={scope} zones={zones} onScope={setScope} />
        {!scope.all && (
          <TextInput
            label={t('form.range')}
            hint={t('form.rangeHint')}
            mono
            value={scope.range}
            error={wrong.length > 0 ? noBinText(t, wrong, bins, catalogue) : undefined}
            onChange={(event) => setScope({ ...scope, range: event.target.value })}
          />
        )}
        <div>
          <Checkbox label={t('form.blind')} checked={blind} onChange={setBlind} />
          <p className="muted small">{t('form.blindHint')}</p>
        </div>
        {shared.map(({ stocktake, bins: count }) => (
          <Banner key={stocktake.id} tone="attention" word={t('form.overlapWord')}>
            {t('form.overlap', { count, name: stocktake.name })}
          </Banner>
        ))}
        {problem !== undefined && (
          <p className="error-text" role="alert">
            {problem}
          </p>
        )}
        <footer>
          <Estimate chosen={chosen} />
          {tried && binProblem !== undefined && (
            <p className="error-text" role="alert">
              {binProblem}
            </p>
          )}
          <Link className="button" href="/stocktakes">
            {t('back')}
          </Link>
          <Button type="submit" variant="main" keyCap="Enter">
            {t('form.create')}
          </Button>
        </footer>
      </form>
    </div>
  );
}

/** What the stocktake comes to: bins and, for whoever may know it, the lines that the book has in them. */
function Estimate({ chosen }: { chosen: readonly Bin[] }): ReactElement {
  const { t } = useTranslation('stocktakes');
  const { person } = useTallybook();
  const formats = useFormats();
  // How many lines the book has is itself an expected figure: only people who may see those are told.
  const maySee = hasRole(person, ['approver', 'lead', 'admin']);
  const lines = useLedger((asked) => {
    const { bins: known } = asked.state().books;
    return maySee ? chosen.reduce((sum, bin) => sum + (known.get(binKey(bin.code))?.lines.size ?? 0), 0) : 0;
  });
  return (
    <p className="estimate" role="status" data-testid="estimate">
      <b className="num">{formats.whole(chosen.length)}</b> {t('form.estimateBins', { count: chosen.length })}
      {maySee && chosen.length > 0 && (
        <>
          {' · '}
          <b className="num">{formats.whole(lines)}</b> {t('form.estimateLines', { count: lines })}
        </>
      )}
    </p>
  );
}

function scopeText(t: TFunction<'stocktakes'>, what: ScopeProblem): string {
  switch (what.code) {
    case 'no_such_bin':
      return t('form.rangeStops', { count: what.parts.length, parts: what.parts.join(', ') });
    case 'nothing_chosen':
      return t('form.chooseBins');
    case 'too_many':
      return t('form.tooMany');
  }
}

/** Parts of a range that name no bin, with bins of a name near to theirs. */
function noBinText(
  t: TFunction<'stocktakes'>,
  parts: readonly string[],
  bins: readonly Bin[],
  catalogue: Pick<Catalogue, 'binName'>,
): string {
  const near = [...new Set(parts.flatMap((part) => nearBins(part, bins, 1)))].map(({ code }) =>
    catalogue.binName(code),
  );
  const values = { parts: parts.join(', '), bins: near.join(', ') };
  return near.length === 0 ? t('form.rangeNothing', values) : t('form.rangeNear', values);
}
