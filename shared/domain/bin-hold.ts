import { bookNow, linesInBin, type Books } from './balance.ts';
import { decisionOn, sheetIn, type Batches } from './batch.ts';
import { binKey } from './location.ts';
import { ZERO } from './quantity.ts';
import { isBeingCounted } from './pass.ts';
import type { Stocktakes } from './stocktake.ts';

/**
 * Why a bin stays in use: it is being counted, what was counted in it is not decided yet, or something lies in it by the
 * books. `stocktake` by name; `items` how many.
 */
export type BinHold =
  | { readonly code: 'bin_being_counted'; readonly stocktake: string }
  | { readonly code: 'bin_undecided'; readonly stocktake: string }
  | { readonly code: 'bin_not_empty'; readonly items: number };

/** What keeps a bin from being taken out of use by hand; undefined: nothing does. What is counted blind is told before what is there. */
export function binHold(
  bin: string,
  { books, stocktakes, batches }: { readonly books: Books; readonly stocktakes: Stocktakes; readonly batches: Batches },
): BinHold | undefined {
  const key = binKey(bin);
  for (const stocktake of stocktakes.values())
    if (isBeingCounted(stocktake, bin)) return { code: 'bin_being_counted', stocktake: stocktake.name };
  for (const batch of batches.values()) {
    if (!batch.bins.some((one) => binKey(one) === key)) continue;
    const stocktake = stocktakes.get(batch.stocktake);
    const sheet = stocktake === undefined ? undefined : sheetIn(stocktake, batch, bin);
    const isOpen = [...(sheet?.lines.values() ?? [])].some(
      (line) =>
        line.counted !== ZERO &&
        !sheet?.posted.has(line.key) &&
        sheet &&
        decisionOn(sheet, line)?.decision !== 'reject',
    );
    if (stocktake !== undefined && isOpen) return { code: 'bin_undecided', stocktake: stocktake.name };
  }
  const items = linesInBin(books, bin).filter((line) => bookNow(line) !== ZERO).length;
  return items > 0 ? { code: 'bin_not_empty', items } : undefined;
}
