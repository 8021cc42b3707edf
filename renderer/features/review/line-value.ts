import { parseQuantity, ZERO, type Quantity } from '../../../shared/domain/quantity.ts';

/** Money, exact: a whole number of 10⁻¹⁰ of the currency's unit. That is what a quantity times a cost comes to. */
export type Money = bigint;

export const NO_MONEY: Money = 0n;
const ONE_CENT = 100_000_000n;
const HUNDRED = 100n;

/** A cost per unit, read once for each item; nothing when the item has none, or one that is not a plain decimal. */
export function costOf(cost: string | undefined): Quantity | undefined {
  if (cost === undefined) return undefined;
  const parsed = parseQuantity(cost.trim());
  return parsed.ok ? parsed.value : undefined;
}

/** variance × cost, exact and signed as the variance. No cost, no value: blank is not zero. */
export function valueOf(variance: Quantity, cost: Quantity | undefined): Money | undefined {
  return cost === undefined ? undefined : variance * cost;
}

/** Money as decimal text with two decimals, halves away from zero: "-24.50". Rounded only here, at the edge. */
export function moneyText(money: Money): string {
  const magnitude = money < NO_MONEY ? -money : money;
  const cents = (magnitude + ONE_CENT / 2n) / ONE_CENT;
  const text = `${cents / HUNDRED}.${String(cents % HUNDRED).padStart(2, '0')}`;
  return money < NO_MONEY && cents > 0n ? `-${text}` : text;
}

/**
 * The variance as a share of the book, in tenths of a percent, halves away from zero: -357 is −35.7 %. Nothing where
 * the book said nothing: a share of nothing is not a number.
 */
export function shareOfBook(variance: Quantity, bookThen: Quantity): number | undefined {
  if (bookThen === ZERO) return undefined;
  const book = bookThen < ZERO ? -bookThen : bookThen;
  const magnitude = variance < ZERO ? -variance : variance;
  const tenths = Number((magnitude * 2000n + book) / (book * 2n));
  if (tenths === 0) return 0;
  return variance < ZERO ? -tenths : tenths;
}
