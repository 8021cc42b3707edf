import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/format.ts';
import { Tabs } from '../../ui/tabs.tsx';
import type { LineTab } from './review-rows.ts';

export type ReviewTab = LineTab | 'unknown' | 'not_counted';
const TABS: readonly ReviewTab[] = [
  'to_decide',
  'differences',
  'swaps',
  'overlaps',
  'unknown',
  'not_counted',
  'matched',
  'decided',
];

/** Saved views as tabs, each with how many lines it has. */
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
  return (
    <Tabs
      label={t('tabsLabel')}
      tabs={TABS.map((id) => ({ id, name: t(`tab.${id}`), count: formats.whole(counts[id]) }))}
      shown={tab}
      onShow={onTab}
    />
  );
}
