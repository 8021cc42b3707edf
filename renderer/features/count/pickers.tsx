import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';
import { PickDialog } from '../../ui/pick-dialog.tsx';

const SHOWN = 12;

/** Count something whose label cannot be scanned: by name, SKU or typed code. */
export function ItemSearch({
  catalogue,
  onPick,
  onClose,
}: {
  catalogue: Catalogue;
  onPick: (item: Item) => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('count');
  return (
    <PickDialog
      title={t('search.title')}
      label={t('search.label')}
      hint={t('search.hint')}
      nothing={t('search.nothing')}
      find={(text) =>
        catalogue.search(text, SHOWN).map((item) => ({
          key: item.sku,
          name: item.name,
          detail: item.brand,
          end: <span className="code small muted">{item.sku}</span>,
          item,
        }))
      }
      onPick={({ item }) => onPick(item)}
      onClose={onClose}
    />
  );
}

/** Type the lot of the item counted last. */
export function LotEntry({ onLot, onClose }: { onLot: (lot: string) => void; onClose: () => void }): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const [lot, setLot] = useState('');
  return (
    <Dialog
      title={t('lot')}
      onClose={onClose}
      onConfirm={() => lot.trim() !== '' && onLot(lot.trim())}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('ui:back')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter">
            {t('lotSave')}
          </Button>
        </>
      }
    >
      <TextInput
        label={t('lotLabel')}
        hint={t('lotHint')}
        mono
        autoFocus
        maxLength={64}
        value={lot}
        onChange={(event) => setLot(event.target.value)}
      />
    </Dialog>
  );
}
