import { formatQuantity, ZERO } from '../../../shared/domain/quantity.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { binsOfPass } from '../../../shared/domain/pass.ts';
import { findSheet } from '../../../shared/domain/stocktake.ts';
import type { Ledger, LedgerError, Place } from '../../ledger/ledger.ts';
import { askBeforeOpening } from './tasks.ts';

/** Questions about a bin; each resolves when the person has answered. */
export type AskBin = {
  notOnSheet(bin: string): Promise<boolean>;
  countedBefore(bin: string, by: string, at: string): Promise<boolean>;
  unseen(bin: string, names: readonly string[]): Promise<'not_here' | 'leave' | 'back'>;
  nothingCounted(bin: string): Promise<boolean>;
};

type BinLedger = Pick<
  Ledger,
  'stocktakes' | 'openBin' | 'sheet' | 'notSeen' | 'recordCount' | 'finishBin' | 'confirmEmpty' | 'catalogue'
>;

/** `went_back`: the person chose to, and nothing was changed. */
export type BinRefusal = LedgerError | { code: 'went_back' };

/** Opens a bin's sheet, asking first when it is not on this stocktake or was counted already. */
export async function openBin(place: Place, ledger: BinLedger, ask: AskBin): Promise<Result<null, BinRefusal>> {
  const stocktake = ledger.stocktakes().find(({ id }) => id === place.stocktake);
  if (stocktake === undefined) return err({ code: 'unknown_stocktake', stocktake: place.stocktake });
  const sheet = findSheet(stocktake, place.pass, place.bin);
  if (sheet?.state === 'open') return ok(null);
  const isKnown =
    sheet !== undefined ||
    ledger.catalogue().bin(place.bin) !== undefined ||
    stocktake.bins.some((bin) => binKey(bin) === binKey(place.bin));
  if (!isKnown) return err({ code: 'unknown_bin', bin: place.bin });
  const before = askBeforeOpening(sheet);
  if (before === 'submitted') return err({ code: 'bin_submitted', bin: place.bin });
  if (before === 'counted' && sheet !== undefined && !(await ask.countedBefore(place.bin, sheet.lastBy, sheet.lastAt)))
    return err({ code: 'went_back' });
  const onSheet = binsOfPass(stocktake, place.pass).some((bin) => binKey(bin) === binKey(place.bin));
  if (sheet === undefined && !onSheet && !(await ask.notOnSheet(place.bin))) return err({ code: 'went_back' });
  const opened = await ledger.openBin(place);
  return opened.ok ? ok(null) : opened;
}

/**
 * Finishes a bin: asks about items that were expected and not seen (recording zero only for "not here"), and whether a bin
 * in which nothing was counted is empty. Blank never becomes zero by itself.
 */
export async function finishBin(place: Place, ledger: BinLedger, ask: AskBin): Promise<Result<null, BinRefusal>> {
  const sheet = ledger.sheet(place);
  if (sheet !== undefined && sheet.state !== 'open') return ok(null);
  const untouched = sheet === undefined || (sheet.lines.size === 0 && sheet.unknowns.size === 0);
  if (untouched && place.pass === 1) {
    if (!(await ask.nothingCounted(place.bin))) return err({ code: 'went_back' });
    return ledger.confirmEmpty(place);
  }
  const notSeen = ledger.notSeen(place);
  if (notSeen.length > 0) {
    const names = notSeen.map(({ item }) => ledger.catalogue().name(item));
    const answer = await ask.unseen(place.bin, names);
    if (answer === 'back') return err({ code: 'went_back' });
    for (const { item, lot } of answer === 'not_here' ? notSeen : []) {
      const none = await ledger.recordCount(place, {
        item,
        quantity: ZERO,
        how: 'typed',
        entered: formatQuantity(ZERO),
        ...(lot === undefined ? {} : { lot }),
      });
      if (!none.ok) return none;
    }
  }
  return ledger.finishBin(place);
}
