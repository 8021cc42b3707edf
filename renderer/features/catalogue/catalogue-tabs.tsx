import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { useFormats } from '../../ui/format.ts';
import { Tabs } from '../../ui/tabs.tsx';

export type CatalogueList = 'items' | 'bins';

/** What there is on this laptop: items, and the bins they lie in. */
export function CatalogueTabs({
  catalogue,
  shown,
  onShow,
}: {
  catalogue: Catalogue;
  shown: CatalogueList;
  onShow: (list: CatalogueList) => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  return (
    <Tabs
      label={t('items.lists')}
      shown={shown}
      onShow={onShow}
      tabs={[
        { id: 'items', name: t('items.title'), count: formats.whole(catalogue.itemCount) },
        { id: 'bins', name: t('bins.title'), count: formats.whole(catalogue.binCount) },
      ]}
    />
  );
}
