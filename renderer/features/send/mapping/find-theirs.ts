import type { RemoteItem, RemoteLocation } from '../../../../shared/ports/remote-inventory.ts';
import { searchText, wordsOf } from './item-rows.ts';

/** Choices shown at once; typing narrows them. */
const LISTED = 60;

type Found<Thing> = (text: string) => readonly Thing[];

/** Looks for theirs by every typed word. Without a word, what is most likely comes first. */
function finder<Thing>(
  things: readonly Thing[],
  textOf: (thing: Thing) => string,
  likely: (thing: Thing) => boolean,
): Found<Thing> {
  const texts = things.map((thing) => ({ thing, text: textOf(thing) }));
  const first = things.filter(likely);
  return (text) => {
    const words = wordsOf(text);
    if (words.length === 0) return [...first, ...things.filter((thing) => !likely(thing))].slice(0, LISTED);
    const found: Thing[] = [];
    for (const one of texts) {
      if (words.every((word) => one.text.includes(word))) found.push(one.thing);
      if (found.length === LISTED) break;
    }
    return found;
  };
}

/** Their items by name, SKU, barcode or id; `likely` ids first. */
export function findTheirItems(items: readonly RemoteItem[], likely: ReadonlySet<string>): Found<RemoteItem> {
  return finder(
    items,
    ({ id, name, sku, barcode, cases }) =>
      searchText([name, sku, barcode, id, ...(cases ?? []).map(({ code }) => code)]),
    ({ id }) => likely.has(id),
  );
}

/** Their places by name, id or what they belong to; those of the same name first. A place that is closed is no choice. */
export function findTheirPlaces(places: readonly RemoteLocation[], name: string): Found<RemoteLocation> {
  const own = name.trim().toLowerCase();
  return finder(
    places.filter(({ active }) => active),
    (place) => searchText([place.name, place.id, place.site]),
    (place) => place.name.trim().toLowerCase() === own,
  );
}
