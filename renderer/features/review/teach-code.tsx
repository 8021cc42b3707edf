import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Item } from '../../../shared/domain/item.ts';
import { hasPrecision } from '../../../shared/domain/quantity.ts';
import { barcodeToTeach } from '../../shelf/barcode-to-teach.ts';
import { ItemSearch } from '../../shelf/item-search.tsx';
import { readPackFactor } from '../../shelf/pack-factor.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/** Says which item a code finds from now on, and how many of it one scan is: it may be on a case. */
export function TeachCode({ code, onClose }: { code: string; onClose: () => void }): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const catalogue = useLedger((known) => known.catalogue());
  const [item, setItem] = useState<Item>();
  const [factorText, setFactor] = useState('1');
  const [problem, setProblem] = useState<string>();
  const title = t('match.title', { count: 1, code });
  if (item === undefined)
    return <ItemSearch catalogue={catalogue} title={title} hint={t('match.hint')} onPick={setItem} onClose={onClose} />;
  const { sku, unit, precision } = item;

  async function teach(): Promise<void> {
    const factor = readPackFactor(factorText);
    const isFactor = factor !== undefined && hasPrecision(factor, precision);
    const barcode = isFactor ? barcodeToTeach(code, factor) : undefined;
    if (barcode === undefined) return setProblem(t('match.badFactor', { unit }));
    const done = await ledger.appendFacts([{ kind: 'barcode_taught', item: sku, barcode }]);
    if (!done.ok) return setProblem(errorText(done.error));
    await ledger.reloadCatalogue();
    announce(t('match.done', { name: ledger.catalogue().name(sku) }));
    onClose();
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      onConfirm={() => void teach()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('ui:back')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter">
            {t('match.do')}
          </Button>
        </>
      }
    >
      <p>
        <strong>{catalogue.name(sku)}</strong>
      </p>
      <TextInput
        label={t('match.factor', { unit })}
        inputMode="decimal"
        value={factorText}
        autoFocus
        error={problem}
        onChange={(event) => setFactor(event.target.value)}
      />
    </Dialog>
  );
}
