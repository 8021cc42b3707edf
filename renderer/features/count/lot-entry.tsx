import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useScans, type CapturedScan } from '../../scan/scans.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';

/** Type the lot of the item counted last. */
export function LotEntry({
  onLot,
  onScan,
  onClose,
}: {
  onLot: (lot: string) => void;
  /** A label of the lot answers as well as typing it does. */
  onScan: (scan: CapturedScan) => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const [lot, setLot] = useState('');
  useScans(onScan);
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
