import { formatQuantity, ZERO } from '../../../shared/domain/quantity.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { binsOfPass } from '../../../shared/domain/pass.ts';
import { findSheet } from '../../../shared/domain/stocktake.ts';
import type { Ledger, LedgerError, Place } from '../../ledger/ledger.ts';
import { askBeforeOpening } from './tasks.ts';

/** An item that is expected in a bin and was not seen there yet. */
export type Unseen = { readonly item: string; readonly lot: string | undefined; readonly name: string };

/** `found`: something was scanned meanwhile; `take` counts it, and then the rest is asked about again. */
export type UnseenAnswer =
  | { readonly kind: 'not_here'; readonly unseen: readonly Unseen[] }
  | { readonly kind: 'found'; take(): Promise<void> }
  | { readonly kind: 'leave' | 'back' };

/** Questions about a bin; each resolves when the person has answered. */
export type AskBin = {
  notOnSheet(bin: string): Promise<boolean>;
  countedBefore(bin: string, by: string, at: string): Promise<boolean>;
  unseen(bin: string, unseen: readonly Unseen[]): Promise<UnseenAnswer>;
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
  // A later pass is for the bins that somebody asked about.
  const onSheet = binsOfPass(stocktake, place.pass).some((bin) => binKey(bin) === binKey(place.bin));
  if (!onSheet && place.pass > 1) return err({ code: 'not_asked_for', bin: place.bin });
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
  const asked = await askUnseen(place, ledger, ask);
  if (!asked.ok) return asked;
  return ledger.finishBin(place);
}

/** Asks until nothing is left to ask about. What is scanned meanwhile is counted, and never becomes a zero. */
async function askUnseen(place: Place, ledger: BinLedger, ask: AskBin): Promise<Result<null, BinRefusal>> {
  const named = (): readonly Unseen[] =>
    ledger.notSeen(place).map(({ item, lot }) => ({ item, lot, name: ledger.catalogue().name(item) }));
  for (let unseen = named(); unseen.length > 0; unseen = named()) {
    const answer = await ask.unseen(place.bin, unseen);
    switch (answer.kind) {
      case 'back':
        return err({ code: 'went_back' });
      case 'leave':
        return ok(null);
      case 'found':
        await answer.take();
        // Whoever still finds things has not finished: the bin stays open, and is finished on purpose.
        if (ledger.notSeen(place).length === 0) return err({ code: 'went_back' });
        break;
      case 'not_here':
        for (const line of answer.unseen) {
          const none = await recordNone(place, line, ledger);
          if (!none.ok) return none;
        }
    }
  }
  return ok(null);
}

async function recordNone(place: Place, { item, lot }: Unseen, ledger: BinLedger): Promise<Result<null, BinRefusal>> {
  const seen = ledger.sheet(place)?.lines.has(lineKey({ item, bin: place.bin, lot })) ?? false;
  if (seen) return ok(null);
  const none = await ledger.recordCount(place, {
    item,
    quantity: ZERO,
    how: 'typed',
    entered: formatQuantity(ZERO),
    ...(lot === undefined ? {} : { lot }),
  });
  return none.ok ? ok(null) : none;
}
