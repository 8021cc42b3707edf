import { createCatalogue, type Catalogue } from '../../../shared/domain/catalogue.ts';
import { bookLine, bookNow, itemsOfLot, linesInBin } from '../../../shared/domain/balance.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { entryId, FIRST_PREV, type Fact, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, fold } from '../../../shared/domain/ledger-state.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { binKey, type Bin } from '../../../shared/domain/location.ts';
import { formatQuantity, quantityOf, ZERO } from '../../../shared/domain/quantity.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import { findSheet, type Sheet } from '../../../shared/domain/stocktake.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { Ledger, Place } from '../../../renderer/ledger/ledger.ts';

const DEVICE = 'd1';

export type PaperLedger = Pick<
  Ledger,
  | 'catalogue'
  | 'stocktakes'
  | 'sheet'
  | 'notSeen'
  | 'itemsOfLot'
  | 'openBin'
  | 'recordCount'
  | 'setCount'
  | 'recordUnknown'
  | 'noteUnknown'
  | 'undo'
  | 'confirmEmpty'
  | 'finishBin'
  | 'moveStock'
> & {
  readonly entries: readonly LedgerEntry[];
  /** Seals a fact as this device's next entry. */
  say(fact: Fact): LedgerEntry;
  /** From now on every fact is refused with this, as a full disk or a dead journal would. */
  refuse(error: HostError | undefined): void;
};

/** A ledger on paper: the real folding of entries and the same refusals, kept in memory and sealed by nobody. */
export function paperLedger({ items, bins }: { items: readonly Item[]; bins: readonly Bin[] }): PaperLedger {
  const state = emptyLedgerState();
  const entries: LedgerEntry[] = [];
  const catalogue: Catalogue = createCatalogue(items, bins);
  let refusal: HostError | undefined;

  function say(fact: Fact): LedgerEntry {
    const seq = entries.length + 1;
    const at = new Date(Date.UTC(2026, 10, 22, 8, 0, seq)).toISOString();
    const entry: LedgerEntry = {
      id: entryId(DEVICE, seq),
      device: DEVICE,
      seq,
      at,
      by: 'ana',
      v: 1,
      prev: FIRST_PREV,
      hash: FIRST_PREV,
      fact,
    };
    fold(state, entry);
    entries.push(entry);
    return entry;
  }

  function sheet(place: Place): Sheet | undefined {
    const stocktake = state.stocktakes.get(place.stocktake);
    return stocktake && findSheet(stocktake, place.pass, place.bin);
  }

  function trySay(place: Place, fact: Fact) {
    if (refusal) return err(refusal);
    if (sheet(place)?.state === 'submitted') return err({ code: 'bin_submitted' as const, bin: place.bin });
    return ok(say(fact));
  }

  const totalOf = (place: Place, item: string, lot: string | undefined) =>
    sheet(place)?.lines.get(lineKey({ item, bin: place.bin, lot }))?.counted ?? ZERO;

  async function silent(place: Place, fact: Fact) {
    const said = trySay(place, fact);
    return said.ok ? ok(null) : said;
  }

  return {
    entries,
    say,
    refuse: (error) => {
      refusal = error;
    },
    catalogue: () => catalogue,
    stocktakes: () => [...state.stocktakes.values()],
    sheet,
    itemsOfLot: (lot) => itemsOfLot(state.books, lot),
    notSeen(place) {
      const seen = sheet(place)?.lines;
      return linesInBin(state.books, place.bin)
        .filter((line) => bookNow(line) !== ZERO && !seen?.has(lineKey(line)))
        .map(({ item, lot }) => ({ item, lot }));
    },
    async openBin(place) {
      const said = trySay(place, { kind: 'bin_opened', ...place });
      if (!said.ok) return said;
      const opened = sheet(place);
      return opened ? ok(opened) : err({ code: 'host_failed' as const });
    },
    async recordCount(place, { quantity, ...count }) {
      for (const line of sheet(place)?.lines.values() ?? []) {
        if (count.serial !== undefined && line.serials.includes(count.serial))
          return err({ code: 'serial_seen', serial: count.serial, bin: place.bin });
      }
      const said = trySay(place, { kind: 'counted', ...place, ...count, quantity: formatQuantity(quantity) });
      return said.ok
        ? ok({
            entry: said.value.id,
            line: { item: count.item, lot: count.lot, added: quantity, total: totalOf(place, count.item, count.lot) },
          })
        : said;
    },
    async setCount(place, { item, lot, quantity, entered }) {
      const added = quantity - totalOf(place, item, lot);
      const said = trySay(place, {
        kind: 'counted',
        ...place,
        item,
        ...(lot === undefined ? {} : { lot }),
        quantity: formatQuantity(added),
        how: 'typed',
        entered,
      });
      return said.ok ? ok({ entry: said.value.id, line: { item, lot, added, total: quantity } }) : said;
    },
    async recordUnknown(place, code, quantity) {
      const said = trySay(place, {
        kind: 'unknown_scanned',
        ...place,
        code,
        quantity: formatQuantity(quantity),
      });
      return said.ok ? ok({ entry: said.value.id }) : said;
    },
    async noteUnknown(code, quantity, { where, ...known }) {
      if (refusal) return err(refusal);
      const told = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
      say({ kind: 'unknown_noted', where, code, quantity: formatQuantity(quantity), ...told });
      return ok(null);
    },
    async undo(place) {
      const last = entries.findLast(
        ({ id, fact }) =>
          fact.kind === 'counted' &&
          fact.bin === place.bin &&
          state.books.bins.get(binKey(place.bin))?.voided?.has(id) !== true,
      );
      if (last?.fact.kind !== 'counted') return err({ code: 'nothing_to_undo' });
      const { item, lot, quantity, serial } = last.fact;
      const was = {
        kind: 'counted' as const,
        item,
        quantity,
        ...(lot === undefined ? {} : { lot }),
        ...(serial === undefined ? {} : { serial }),
      };
      const said = trySay(place, { kind: 'count_voided', ...place, voids: last.id, was });
      return said.ok ? ok({ undone: last }) : said;
    },
    confirmEmpty: (place) => silent(place, { kind: 'bin_confirmed_empty', ...place }),
    finishBin: (place) => silent(place, { kind: 'bin_finished', ...place }),
    async moveStock(move) {
      if (refusal) return err(refusal);
      const { quantity, ...rest } = move;
      const { at } = say({ kind: 'stock_moved', ...rest, quantity: formatQuantity(quantity) });
      return ok({
        at,
        fromBookNegative: bookNow(bookLine(state.books, { item: move.item, bin: move.from, lot: move.lot })) < ZERO,
      });
    },
  };
}

const piece = { unit: 'pcs', precision: 0, tracking: 'none' as const };

/** A few items of a shop: one with a case barcode, one by lot, one by serial, one by weight, two that share a code. */
export const ITEMS: readonly Item[] = [
  {
    ...piece,
    sku: 'CUP-BLUE',
    name: 'Blue cup 350 ml',
    barcodes: [{ code: '4006381333931' }, { code: '14006381333938', pack: 'case', factor: '12' }],
  },
  { ...piece, sku: 'OIL', name: 'Coconut oil', barcodes: [{ code: '3017620422003' }], tracking: 'lot' },
  { ...piece, sku: 'DRILL', name: 'Drill', barcodes: [{ code: '5000112548167' }], tracking: 'serial' },
  { ...piece, sku: 'RICE', name: 'Rice, loose', barcodes: [{ code: '2000000000008' }], unit: 'kg', precision: 3 },
  { ...piece, sku: 'TWIN-A', name: 'Twin A', barcodes: [{ code: 'TWIN' }] },
  { ...piece, sku: 'TWIN-B', name: 'Twin B', barcodes: [{ code: 'TWIN' }] },
];

export const BINS: readonly Bin[] = [
  { code: 'A-01', label: '900100', site: 'Main', zone: 'A', walk: 1 },
  { code: 'A-02', label: '900200', site: 'Main', zone: 'A', walk: 2 },
  { code: 'B-01', label: 'SHARED', site: 'Main', zone: 'B', walk: 3 },
  { code: 'B-02', label: 'SHARED', site: 'Annex', zone: 'B', walk: 4 },
];

export const STOCKTAKE = 'st';
export const PLACE: Place = { stocktake: STOCKTAKE, pass: 1, bin: 'A-01' };

/** That shop with one stocktake over being open. */
export function openShop(): PaperLedger {
  const ledger = paperLedger({ items: ITEMS, bins: BINS });
  ledger.say({ kind: 'stocktake_created', stocktake: STOCKTAKE, name: 'Zone A', blind: true, bins: ['A-01', 'A-02'] });
  ledger.say({ kind: 'bin_opened', ...PLACE });
  return ledger;
}

/** The entered quantity of a text. */
export const q = quantityOf;
