import { bookNow, type BookLine } from '../../shared/domain/balance.ts';
import { skuKey } from '../../shared/domain/item.ts';
import type { LedgerEntry, PostedLine } from '../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../shared/domain/line-key.ts';
import { binKey } from '../../shared/domain/location.ts';
import { ZERO } from '../../shared/domain/quantity.ts';
import { NO_MAPPING } from '../../shared/sync/mapping.ts';
import { lastFrozenAt, openElsewhere, openLines } from '../../shared/sync/open-lines.ts';
import type { PlanInput } from '../../shared/sync/plan.ts';
import type { RemoteAbilities } from '../../shared/ports/remote-inventory.ts';
import type { Ledger } from '../ledger/ledger.ts';

/**
 * Gathers what the plan of one batch needs to know from the ledger. The evidence of an item is read only where several
 * bins of it were counted: only then can a movement lie between two counts.
 */
export async function gatherPlanInput(
  ledger: Ledger,
  query: { connection: string; batch: string; abilities: RemoteAbilities; now: string },
): Promise<PlanInput> {
  const { connection, batch } = query;
  const { marks, mappings, observations } = ledger.sending();
  const catalogue = ledger.catalogue();
  const binSite = (bin: string) => catalogue.bin(bin)?.site;
  const posted = openLines(marks, { connection, batch }).lines;
  const lines = groupBy(posted, (line) => placeKey(line.item, binSite(line.bin)));
  const books = groupBy([...ledger.state().books.lines.values()], (line) => placeKey(line.item, binSite(line.bin)));
  const moved = await findMovedDuring(ledger, lines);
  const figures = observations.get(connection)?.figures;
  return {
    ...query,
    posted,
    mapping: mappings.get(connection) ?? NO_MAPPING,
    binSite,
    wholeLocation: (item, site) =>
      holdsAll(books.get(placeKey(item, site)) ?? [], lines.get(placeKey(item, site)) ?? []),
    movedDuring: (item, site) => moved.has(placeKey(item, site)),
    openElsewhere: openElsewhere(marks, { connection, batch, binSite }),
    lastFrozenAt: lastFrozenAt(marks, connection),
    ...(figures !== undefined && { remoteNow: figures }),
  };
}

function placeKey(item: string, site: string | undefined): string {
  return `${skuKey(item)}\u001F${site ?? ''}`;
}

/** Whether every bin and lot in which the book has the item is among the posted lines. */
function holdsAll(books: readonly BookLine[], posted: readonly PostedLine[]): boolean {
  const counted = new Set(posted.map(lineKey));
  return books.every((line) => counted.has(lineKey(line)) || bookNow(line) === ZERO);
}

async function findMovedDuring(
  ledger: Ledger,
  groups: ReadonlyMap<string, readonly PostedLine[]>,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [key, lines] of groups) {
    const [first] = lines;
    if (!first || lines.length < 2) continue;
    const times = lines.map((line) => line.countedAt).toSorted();
    const bins = new Set(lines.map((line) => binKey(line.bin)));
    const evidence = await ledger.evidence(first.item);
    if (evidence.some(({ entry }) => movesBetween(entry, bins, times[0] ?? '', times.at(-1) ?? ''))) found.add(key);
  }
  return found;
}

function movesBetween({ at, fact }: LedgerEntry, bins: ReadonlySet<string>, from: string, to: string): boolean {
  if (fact.kind !== 'stock_changed' && fact.kind !== 'stock_moved') return false;
  const touched = fact.kind === 'stock_changed' ? [fact.bin] : [fact.from, fact.to];
  return touched.some((bin) => bins.has(binKey(bin))) && within(fact.happenedAt ?? at, from, to);
}

function within(at: string, from: string, to: string): boolean {
  return at >= from && at <= to;
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
