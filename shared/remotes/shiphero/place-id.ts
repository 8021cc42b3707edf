/**
 * A place of ours at ShipHero: the warehouse's id, the location's id ("" = the warehouse keeps one figure), and the
 * location's name, which a file needs where a request needs the id. Ids are opaque: they are carried, never read.
 */
export type Place = { readonly warehouse: string; readonly location: string; readonly name: string };

/** The longest place id that a ledger entry holds. */
const LONGEST = 200;

/** One text for a place, at most 200 characters; null: its ids are longer than that. A name that does not fit is left out. */
export function placeId({ warehouse, location, name }: Place): string | null {
  const ids = `${escaped(warehouse)}|${escaped(location)}|`;
  const whole = ids + escaped(name);
  if (whole.length <= LONGEST) return whole;
  return ids.length <= LONGEST ? ids : null;
}

/** The place that a text of `placeId` names; null for any other text. */
export function readPlaceId(text: string): Place | null {
  const parts = text.split('|');
  const [warehouse, location, name] = parts.map((part) => part.replaceAll('%7C', '|').replaceAll('%25', '%'));
  if (parts.length !== 3 || !warehouse || location === undefined || name === undefined) return null;
  return { warehouse, location, name };
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('|', '%7C');
}
