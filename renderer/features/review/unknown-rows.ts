import type { TFunction } from 'i18next';
import { lookUpKeys, parseBarcode } from '../../../shared/domain/barcode.ts';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { ONE, quantityOf, type Quantity } from '../../../shared/domain/quantity.ts';
import { matchOf, neighbours } from '../../../shared/domain/unknown-code.ts';
import type { CodeMatch } from '../../../shared/domain/unknown-scan.ts';
import type { UnknownInBatch } from '../../../shared/domain/variance.ts';
import { between } from '../../shelf/between.ts';

/** What a code most likely is: what somebody proposed, or what the catalogue says by now. */
export type Suggestion = {
  readonly item: string;
  readonly lot: string | undefined;
  readonly factor: Quantity;
  readonly by: string | undefined;
};

/** A code that nobody knew when a bin was counted, with what is known of it now. */
export type UnknownRow = UnknownInBatch & {
  readonly key: string;
  /** Between which items it was met, in words. */
  readonly where: string;
  /** Ids of those who scanned it. */
  readonly people: readonly string[];
  readonly match: CodeMatch | undefined;
  readonly suggestion: Suggestion | undefined;
};

/** Rows of the codes of a batch, those still to be resolved first. */
export function unknownRows(
  unknown: readonly UnknownInBatch[],
  catalogue: Pick<Catalogue, 'name' | 'find'>,
  t: TFunction<'count'>,
  year: number,
): readonly UnknownRow[] {
  const rows = unknown.map((one): UnknownRow => {
    const match = matchOf(one);
    const places = neighbours(one).flatMap((pair) => between(t, catalogue, pair) ?? []);
    return {
      ...one,
      key: `${one.bin} ${one.code}`,
      where: places.join('; '),
      people: [...new Set(one.scans.map(({ by }) => by))],
      match,
      suggestion: match ? undefined : suggest(one, catalogue, year),
    };
  });
  return rows.toSorted((left, right) => Number(left.match !== undefined) - Number(right.match !== undefined));
}

function suggest(one: UnknownInBatch, catalogue: Pick<Catalogue, 'find'>, year: number): Suggestion | undefined {
  const proposal = one.proposals.at(-1);
  if (proposal) return proposal;
  const parsed = parseBarcode(one.code, { today: { year } });
  const found = catalogue.find(lookUpKeys(parsed));
  const [only] = found;
  if (only === undefined || found.length > 1) return undefined;
  const lot = parsed.kind === 'gs1' ? parsed.lot : undefined;
  const factor = only.barcode?.factor === undefined ? ONE : quantityOf(only.barcode.factor);
  return { item: only.item.sku, lot, factor, by: undefined };
}
