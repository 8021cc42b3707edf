import { bookNow } from '../../shared/domain/balance.ts';
import { skuKey } from '../../shared/domain/item.ts';
import type { RemoteMovement } from '../../shared/domain/ledger-entry.ts';
import { binKey } from '../../shared/domain/location.ts';
import { formatQuantity, quantityOf, ZERO } from '../../shared/domain/quantity.ts';
import type { ConnectorCard, HostInput } from '../../shared/ports/host.ts';
import { NO_MAPPING, type Mapping } from '../../shared/sync/seen/mapping.ts';
import { movementStates } from '../../shared/sync/plan/open-movements.ts';
import { openElsewhere } from '../../shared/sync/outbox/open-lines.ts';
import { placesUnderWay } from '../../shared/sync/outbox/outbox.ts';
import { type Figure } from '../../shared/sync/seen/pull.ts';
import { drift, type DriftRow } from '../../shared/sync/seen/reconcile.ts';
import { isReadAfter } from '../../shared/sync/seen/stamp.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { remotePlaceOf } from './plan-input.ts';
import type { MovementRow } from './sending.ts';
import { figureKey } from '../../shared/ports/figure-key.ts';

/**
 * Our books against the figures of one connection, place by place. A row waits while a change of ours is on its way
 * there, and until a figure has been read that is newer than the last one that arrived.
 */
export function driftRows(ledger: Ledger, connection: string, card: ConnectorCard): readonly DriftRow[] {
  const { mappings, marks, observations, outbox } = ledger.sending();
  const mapping = mappings.get(connection) ?? NO_MAPPING;
  const placeOf = remotePlaceOf(ledger, card);
  const books = [...ledger.state().books.lines.values()].flatMap((line) => {
    const site = placeOf(line.bin);
    return site === undefined ? [] : [{ item: line.item, site, quantity: formatQuantity(bookNow(line)) }];
  });
  const figures = observations.get(connection)?.figures ?? new Map<string, Figure>();
  const underWay = placesUnderWay(outbox, connection);
  const arrivedAt = outbox.arrivedAt(connection);
  const elsewhere = openElsewhere(marks, { connection, batch: '', binSite: placeOf });
  const sites = card.abilities.binLevel ? mapping.bins : mapping.sites;
  return drift({
    books,
    figures,
    hidden: hiddenPlaces(ledger, { items: mapping.items, sites, placeOf }, figures),
    mapping: { ...mapping, sites },
    waiting(item, site) {
      const key = figureKey(mapping.items.get(skuKey(item))?.remoteItem ?? '', sites.get(site) ?? '');
      const arrived = arrivedAt.get(key);
      const figure = figures.get(key);
      const stale = arrived !== undefined && !(figure && isReadAfter(figure, arrived));
      // What is never sent is not waited for.
      return !card.abilities.readOnly && (stale || underWay.has(key) || elsewhere(item, site));
    },
  });
}

/**
 * Places whose figure tells what should lie in a bin that the person is counting blind: those that the book has such a bin
 * of, and those of a remote that keeps a figure of that very bin.
 */
function hiddenPlaces(
  ledger: Ledger,
  { items, sites, placeOf }: Pick<Mapping, 'items' | 'sites'> & { placeOf: (bin: string) => string | undefined },
  figures: ReadonlyMap<string, Figure>,
): ReadonlySet<string> {
  const bins = ledger.countedBlind();
  const hidden = new Set<string>();
  if (bins.size === 0) return hidden;
  for (const { item, bin } of ledger.state().books.lines.values()) {
    const there = sites.get(placeOf(bin) ?? '');
    if (bins.has(binKey(bin)) && there !== undefined)
      hidden.add(figureKey(items.get(skuKey(item))?.remoteItem ?? '', there));
  }
  const ofBins = new Set([...bins].flatMap((bin) => sites.get(bin) ?? []));
  for (const [key, { remoteLocation }] of figures) if (ofBins.has(remoteLocation)) hidden.add(key);
  return hidden;
}

type Corrections = HostInput<'decideDrift'>['corrections'];

/**
 * Corrections of our book that come to theirs − ours in the bin that was named: of one lot as far as it goes, and of the
 * next. What is left over, or added, goes to the first lot, or to none where the bin holds no lot of the item.
 */
export function correctionsOf(ledger: Ledger, rows: readonly { row: DriftRow; bin: string }[]): Corrections {
  const corrections: Corrections = [];
  for (const { row, bin } of rows) {
    const held = [...ledger.state().books.lines.values()]
      .filter((line) => skuKey(line.item) === skuKey(row.item) && binKey(line.bin) === binKey(bin))
      .map((line) => ({ lot: line.lot, quantity: bookNow(line) }))
      .filter((line) => line.quantity > ZERO);
    let open = quantityOf(row.difference);
    const byLot = new Map<string | undefined, bigint>();
    const add = (quantity: bigint, lot: string | undefined) => {
      open -= quantity;
      byLot.set(lot, (byLot.get(lot) ?? ZERO) + quantity);
    };
    if (open < ZERO) for (const { lot, quantity } of held) add(-open < quantity ? open : -quantity, lot);
    add(open, held[0]?.lot);
    for (const [lot, quantity] of byLot) {
      if (quantity === ZERO) continue;
      const ofLot = lot === undefined ? {} : { lot };
      corrections.push({ item: row.item, bin, ...ofLot, quantity: formatQuantity(quantity) });
    }
  }
  return corrections;
}

/** Movements of others, newest first, with the bins of ours that each may belong to. */
export function movementRows(ledger: Ledger, connection: string, card: ConnectorCard): readonly MovementRow[] {
  const { movements, mappings } = ledger.sending();
  const mapping = mappings.get(connection) ?? NO_MAPPING;
  const items = new Map([...mapping.items.values()].map((match) => [match.remoteItem, match.item]));
  const bins = binsOf(ledger, card, mapping);
  const rows: MovementRow[] = [];
  const stateOf = movementStates(ledger.sending(), connection);
  for (const seen of movements.connections.get(connection)?.byKey.values() ?? []) {
    const { movement, times } = seen;
    const item = items.get(movement.remoteItem);
    for (let nth = 0; nth < times; nth += 1) {
      const state = stateOf(seen, nth);
      rows.push({
        ...rowOf(movement),
        nth,
        ...(item === undefined ? { bins: [] } : { item, bins: bins(item, movement) }),
        taken: state === 'taken',
        covered: state === 'covered',
      });
    }
  }
  return rows.toSorted((left, right) => (left.happenedAt > right.happenedAt ? -1 : 1));
}

function rowOf({ key, remoteItem, remoteLocation, quantity, happenedAt, what }: RemoteMovement) {
  return { key, remoteItem, remoteLocation, quantity, happenedAt, what };
}

/** Bins where our book has the item and that belong to the movement's place; any, where the remote keeps one figure an item. */
function binsOf(
  ledger: Ledger,
  card: ConnectorCard,
  mapping: Mapping,
): (item: string, movement: RemoteMovement) => readonly string[] {
  const held = new Map<string, string[]>();
  for (const line of ledger.state().books.lines.values()) {
    const bins = held.get(skuKey(line.item));
    if (bins === undefined) held.set(skuKey(line.item), [line.bin]);
    else if (!bins.includes(line.bin)) bins.push(line.bin);
  }
  const placeOf = remotePlaceOf(ledger, card);
  const theirs = card.abilities.binLevel ? mapping.bins : mapping.sites;
  return (item, { remoteLocation }) =>
    (held.get(skuKey(item)) ?? []).filter(
      (bin) => remoteLocation === '' || theirs.get(placeOf(bin) ?? '') === remoteLocation,
    );
}
