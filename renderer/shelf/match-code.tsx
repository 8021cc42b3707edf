import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { parseBarcode } from '../../shared/domain/barcode.ts';
import type { Item } from '../../shared/domain/item.ts';
import { formatQuantity, hasPrecision, UNIT, type Quantity } from '../../shared/domain/quantity.ts';
import { matchOf } from '../../shared/domain/unknown-code.ts';
import type { CodeAnswer, CodeAt } from '../ledger/ledger.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, TextInput } from '../ui/field.tsx';
import { announce } from '../ui/live.tsx';
import { useErrorText } from '../ui/use-error-text.ts';
import { useLedger, useTallybook } from '../tallybook/tallybook-context.tsx';
import { ItemSearch } from './item-search.tsx';
import { StandingMatch } from './standing-match.tsx';
import { barcodeToTeach } from './barcode-to-teach.ts';
import { readPackFactor } from './pack-factor.ts';
import { useMayMatch } from './use-may-match.ts';

/** A code to be matched, with how much of it was scanned there. */
export type CodeToMatch = CodeAt & { readonly quantity: Quantity };

/** Says what codes are that nobody knew: search for the item, then confirm what one scan of them stands for. */
export function MatchCode({ codes, onClose }: { codes: readonly CodeToMatch[]; onClose: () => void }): ReactElement {
  const { t } = useTranslation('count');
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [item, setItem] = useState<Item>();
  const [isAsking, setAsking] = useState(false);
  const [only] = codes;
  const standing = useLedger((ledger) =>
    only && codes.length === 1 ? ledger.sheet(only.place)?.unknowns.get(only.code) : undefined,
  );
  const names = [...new Set(codes.map(({ code }) => code))];
  const title = t('match.title', { count: names.length, code: names[0] ?? '' });
  if (!isAsking && standing && (matchOf(standing) ?? standing.proposals.length > 0) && only)
    return (
      <StandingMatch at={only} title={title} unknown={standing} onOther={() => setAsking(true)} onClose={onClose} />
    );
  return item === undefined ? (
    <ItemSearch catalogue={catalogue} title={title} hint={t('match.hint')} onPick={setItem} onClose={onClose} />
  ) : (
    <Confirm codes={codes} title={title} item={item} onClose={onClose} />
  );
}

/** What the code is to mean, before it is said. One piece: factor, lot and taught code are read together. */
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
  // One lot for all codes can be typed; labels that name several keep each its own.
  const lots = new Set(codes.map(({ code }) => lotOn(code)));
  const [typedLot, setLot] = useState<string>();
  const lotOf = (code: string): string => (lots.size > 1 ? lotOn(code) : (typedLot ?? lotOn(code)));
  const lot = lotOf(codes[0]?.code ?? '');
  const [isTaught, setTaught] = useState(true);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const scans = codes.reduce((sum, { quantity }) => sum + quantity, 0n);

  async function answer(): Promise<void> {
    if (isBusy) return;
    const factor = readPackFactor(factorText);
    if (factor === undefined || !codes.every(({ quantity }) => fits(quantity, factor, item))) {
      setProblem(t('match.badFactor', { unit: item.unit }));
      return;
    }
    setBusy(true);
    const answers = codes.map(({ place, code }): CodeAnswer => {
      const teaches = isTaught && mayMatch ? barcodeToTeach(code, factor) : undefined;
      return {
        place,
        code,
        item: item.sku,
        factor,
        ...(lotOf(code) !== '' && { lot: lotOf(code) }),
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
        <strong>{ledger.catalogue().name(item.sku)}</strong>
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
      {item.tracking === 'lot' && lots.size === 1 && (
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
