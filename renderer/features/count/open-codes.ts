import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { binsToHandIn } from '../../../shared/domain/pass.ts';
import { findSheet, type Stocktake } from '../../../shared/domain/stocktake.ts';
import { unresolved } from '../../../shared/domain/unknown-code.ts';

/** Codes of bins about to be handed in that nobody has said what they are: each once, with its bin. */
export function openCodes(
  stocktake: Stocktake,
  pass: number,
  { binName }: Pick<Catalogue, 'binName'>,
): readonly string[] {
  return binsToHandIn(stocktake, pass).flatMap((bin) => {
    const sheet = findSheet(stocktake, pass, bin);
    return sheet === undefined ? [] : unresolved(sheet).map(({ code }) => `${code} (${binName(bin)})`);
  });
}
