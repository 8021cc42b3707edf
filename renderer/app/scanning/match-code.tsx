import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { parseBarcode } from '../../../shared/domain/barcode.ts';
import type { Item, ItemBarcode } from '../../../shared/domain/item.ts';
import { WRITERS } from '../../../shared/domain/ledger-entry.ts';
import { hasRole } from '../../../shared/domain/person.ts';
import {
  formatQuantity,
  hasPrecision,
  ONE,
  parseQuantity,
  UNIT,
  type Quantity,
} from '../../../shared/domain/quantity.ts';
import type { CodeAnswer, CodeAt } from '../../ledger/ledger.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, TextInput } from '../../ui/field.tsx';
import { ItemName } from '../../ui/item-name.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useLedger, useTallybook } from '../tallybook-context.tsx';
import { ItemSearch } from './item-search.tsx';

/** A code to be matched, with how much of it was scanned there. */
export type CodeToMatch = CodeAt & { readonly quantity: Quantity };

/** Whether the signed-in person may say what a code is, or only propose it. */
export function useMayMatch(): boolean {
  const { person } = useTallybook();
  return WRITERS.unknown_matched.some((role) => role !== 'engine' && hasRole(person, [role]));
}

/** Says what codes are that nobody knew: search for the item, then confirm what one scan of them stands for. */
export function MatchCode({ codes, onClose }: { codes: readonly CodeToMatch[]; onClose: () => void }): ReactElement {
  const { t } = useTranslation('count');
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [item, setItem] = useState<Item>();
  const names = [...new Set(codes.map(({ code }) => code))];
  const title = t('match.title', { count: names.length, code: names[0] ?? '' });
  return item === undefined ? (
    <ItemSearch catalogue={catalogue} title={title} hint={t('match.hint')} onPick={setItem} onClose={onClose} />
  ) : (
    <Confirm codes={codes} title={title} item={item} onClose={onClose} />
  );
}

function Confirm(props: {
  codes: readonly CodeToMatch[];
  title: string;
  item: Item;
  onClose: () => void;
}): ReactElement {
  const { codes, title, item, onClose } = props;
  const { t } = useTranslation(['count', 'ui']);
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const mayMatch = useMayMatch();
  const [factorText, setFactor] = useState('1');
  const [lot, setLot] = useState(() => lotOn(codes[0]?.code));
  const [isTaught, setTaught] = useState(true);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const scans = codes.reduce((sum, { quantity }) => sum + quantity, 0n);

  async function answer(): Promise<void> {
    if (isBusy) return;
    const factor = parseQuantity(factorText.trim().replace(',', '.'));
    if (!factor.ok || factor.value <= 0n || !codes.every(({ quantity }) => fits(quantity, factor.value, item))) {
      setProblem(t('match.badFactor', { unit: item.unit }));
      return;
    }
    setBusy(true);
    const answers = codes.map(({ place, code }): CodeAnswer => {
      const teaches = isTaught && mayMatch ? barcodeOf(code, factor.value) : undefined;
      return {
        place,
        code,
        item: item.sku,
        factor: factor.value,
        ...(lot !== '' && { lot }),
        ...(teaches && { teaches }),
      };
    });
    const done = mayMatch ? await ledger.matchUnknown(answers) : await ledger.proposeUnknown(answers);
    setBusy(false);
    if (!done.ok) {
      setProblem(errorText(done.error));
      return;
    }
    announce(t(mayMatch ? 'match.done' : 'match.proposed', { name: ledger.catalogue().name(item.sku) }));
    onClose();
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      onConfirm={() => void answer()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('ui:back')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={isBusy}>
            {t(mayMatch ? 'match.do' : 'match.propose')}
          </Button>
        </>
      }
    >
      <p>
        <strong>
          <ItemName name={ledger.catalogue().named(item.sku)} />
        </strong>
      </p>
      <p className="muted">{t('match.scans', { count: codes.length, quantity: formatQuantity(scans) })}</p>
      <TextInput
        label={t('match.factor', { unit: item.unit })}
        inputMode="decimal"
        value={factorText}
        autoFocus
        error={problem}
        onChange={(event) => setFactor(event.target.value)}
      />
      {item.tracking === 'lot' && (
        <TextInput
          label={t('match.lot')}
          hint={lot === '' ? t('match.noLot') : undefined}
          mono
          value={lot}
          maxLength={64}
          onChange={(event) => setLot(event.target.value.trim())}
        />
      )}
      {item.tracking === 'serial' && <p className="muted">{t('match.noSerial')}</p>}
      {mayMatch ? (
        <Checkbox label={t('match.teach')} checked={isTaught} onChange={setTaught} />
      ) : (
        <p className="muted">{t('match.onlyProposed')}</p>
      )}
    </Dialog>
  );
}

function fits(quantity: Quantity, factor: Quantity, item: Item): boolean {
  const product = quantity * factor;
  return product % UNIT === 0n && hasPrecision(product / UNIT, item.precision);
}

function lotOn(code: string | undefined): string {
  const parsed = parseBarcode(code ?? '', { today: { year: new Date().getFullYear() } });
  return parsed.kind === 'gs1' ? (parsed.lot ?? '') : '';
}

/** The code to be taught: of a label that says more, the item's number on it. */
function barcodeOf(code: string, factor: Quantity): ItemBarcode | undefined {
  const parsed = parseBarcode(code, { today: { year: new Date().getFullYear() } });
  const taught = parsed.kind === 'gs1' && parsed.gtin14 !== undefined ? parsed.gtin14 : code;
  if (taught.length > 128) return undefined;
  return { code: taught, ...(factor !== ONE && { factor: formatQuantity(factor) }) };
}
