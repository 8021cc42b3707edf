import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { Stocktake } from '../../../shared/domain/stocktake.ts';
import { unresolved } from '../../../shared/domain/unknown-code.ts';

/** Codes of bins about to be handed in that nobody has said what they are: each once, with its bin. */
export function openCodes(
  stocktake: Stocktake,
  pass: number,
  { binName }: Pick<Catalogue, 'binName'>,
): readonly string[] {
  return [...stocktake.sheets.values()]
    .filter((sheet) => sheet.pass === pass && sheet.state !== 'open' && sheet.state !== 'submitted')
    .flatMap((sheet) => unresolved(sheet).map(({ code }) => `${code} (${binName(sheet.bin)})`));
}
