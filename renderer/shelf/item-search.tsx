import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../shared/domain/catalogue.ts';
import type { Item } from '../../shared/domain/item.ts';
import { ItemName } from '../ui/item-name.tsx';
import { PickDialog } from '../ui/pick-dialog.tsx';

const SHOWN = 12;

/** Take something whose label cannot be scanned: by name, SKU or typed code. */
export function ItemSearch({
  catalogue,
  title,
  hint,
  onPick,
  onClose,
}: {
  catalogue: Catalogue;
  /** What is asked, where it is not simply an item to take. */
  title?: string;
  hint?: string;
  onPick: (item: Item) => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('count');
  return (
    <PickDialog
      title={title ?? t('search.title')}
      label={t('search.label')}
      hint={hint ?? t('search.hint')}
      nothing={t('search.nothing')}
      find={(text) =>
        catalogue.search(text, SHOWN).map((item) => ({
          key: item.sku,
          name: <ItemName name={catalogue.named(item.sku)} />,
          detail: item.category,
          end: <span className="code small muted">{item.sku}</span>,
          item,
        }))
      }
      onPick={({ item }) => onPick(item)}
      onClose={onClose}
    />
  );
}
