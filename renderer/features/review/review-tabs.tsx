import type { KeyboardEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/format.ts';
import type { LineTab } from './review-rows.ts';

export type ReviewTab = LineTab | 'not_counted';
const TABS: readonly ReviewTab[] = [
  'to_decide',
  'differences',
  'swaps',
  'overlaps',
  'not_counted',
  'matched',
  'decided',
];

/** Saved views as tabs, each with how many lines it has. Arrows walk, as in every tab list. */
export function ReviewTabs({
  tab,
  counts,
  onTab,
}: {
  tab: ReviewTab;
  counts: Record<ReviewTab, number>;
  onTab: (tab: ReviewTab) => void;
}): ReactElement {
  const { t } = useTranslation('review');
  const formats = useFormats();
  function press(event: KeyboardEvent<HTMLElement>): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const forward = document.documentElement.dir === 'rtl' ? -step : step;
    const next = TABS[(TABS.indexOf(tab) + forward + TABS.length) % TABS.length];
    if (next === undefined) return;
    onTab(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  }
  return (
    <div className="tabs" role="tablist" tabIndex={-1} aria-label={t('tabsLabel')} onKeyDown={press}>
      {TABS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          data-tab={one}
          aria-selected={one === tab}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onTab(one)}
        >
          {t(`tab.${one}`)} <span className="num">{formats.whole(counts[one])}</span>
        </button>
      ))}
    </div>
  );
}
