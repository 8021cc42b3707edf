import { NOT_FOUND, type Refusal } from './refusals.ts';
import { readSearch, type Fields } from './search.ts';
import type { Stock, StoredEvent } from './stock.ts';
import type { DecoBehaviour } from './world.ts';

export type Found = { readonly list: string; readonly rows: readonly unknown[]; readonly total: number };

const FIELDS: Fields<StoredEvent> = {
  1: { kind: 'date', of: (event) => event.created_at },
  2: { kind: 'number', of: (event) => event.inventory_id },
};

/** Finds events, sorted and cut to a page. */
export function findEvents(
  stock: Stock,
  parameters: ReadonlyMap<string, string>,
  behaviour: DecoBehaviour,
): Found | Refusal {
  const search = readSearch(parameters, FIELDS, behaviour);
  if ('severity' in search) return search;
  const records = new Set(stock.records().map((record) => record.inventory_id));
  const isUnknown = search.equals.some(({ field, number }) => field === 2 && !records.has(number));
  if (isUnknown && behaviour.unknownInventory === 'warning') return NOT_FOUND;
  const matching = stock.events().filter(search.matches);
  const sorted = sortRows(matching, search.sortBy, search.offset, behaviour);
  const { offset, limit } = search;
  const rows = sorted.slice(offset, offset + Math.min(limit, behaviour.pageRows));
  return { list: 'inventory_events', rows, total: matching.length };
}

function sortRows(
  events: readonly StoredEvent[],
  sortBy: number,
  offset: number,
  behaviour: DecoBehaviour,
): readonly StoredEvent[] {
  if (behaviour.sort === 'none') return events.toSorted((one, other) => scatter(one) - scatter(other));
  const falling = behaviour.sort === 'falling' ? -1 : 1;
  const recorded = new Map(events.map((event, at) => [event, at]));
  const tie = (event: StoredEvent) => {
    const at = recorded.get(event) ?? 0;
    return behaviour.shufflesTies ? (at * 7919 + offset * 104_729) % 1009 : falling * at;
  };
  const keyOf = (event: StoredEvent) => (sortBy === 2 ? event.inventory_id : event.created_at);
  return events.toSorted((one, other) => {
    const [key, otherKey] = [keyOf(one), keyOf(other)];
    if (key !== otherKey) return (key < otherKey ? -1 : 1) * falling;
    return tie(one) - tie(other);
  });
}

/** Some order that has nothing to do with time, the same each time. */
function scatter(event: StoredEvent): number {
  const seconds = Date.parse(`${event.created_at}Z`) / 1000;
  return (seconds * 7919 + event.inventory_id * 31 + event.new_qty) % 10_007;
}
