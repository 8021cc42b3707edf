import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/format.ts';
import { BIN_STATES, type BinState } from './bin-states.ts';

/** Bins by state, in words and numbers; the bar under them only repeats it. States that no bin is in are left out. */
export function CoverageBar({ counts }: { counts: Record<BinState, number> }): ReactElement {
  const { t } = useTranslation('stocktakes');
  const formats = useFormats();
  const shown = BIN_STATES.filter((state) => counts[state] > 0).toReversed();
  return (
    <div className="coverage">
      <dl aria-label={t('coverageLabel')}>
        {shown.map((state) => (
          <div key={state} data-state={state}>
            <dt>{t(`state.${state}`)}</dt>
            <dd className="num">{formats.whole(counts[state])}</dd>
          </div>
        ))}
      </dl>
      <div className="bar" aria-hidden="true">
        {shown.map((state) => (
          <span key={state} data-state={state} style={{ flexGrow: counts[state] }} />
        ))}
      </div>
    </div>
  );
}
