import { skuKey } from './item.ts';
import type { EntryOf, LedgerEntry } from './ledger-entry.ts';
import { comparePlaces, isBefore, type Place } from './ledger-order.ts';
import { binKey } from './location.ts';
import { quantityOf, type Quantity } from './quantity.ts';

/** A code nobody knew, met where nothing is counted. It is in no figure; its neighbours say where the thing lies. */
export type NotedCode = {
  readonly id: string;
  readonly told: Place;
  readonly code: string;
  readonly quantity: Quantity;
  readonly where: 'no_bin' | 'move';
  readonly by: string;
  readonly at: string;
  readonly stocktake: string | undefined;
  /** The bin that the move started from. */
  readonly from: string | undefined;
  /** The item taken just before it in the move, and the one just after. */
  readonly after: string | undefined;
  before: string | undefined;
  /** The bin this person opened next: the thing lies there, more likely than not. */
  nextBin: string | undefined;
  /** What came after it is not known yet. */
  isOpen: boolean;
};

/** Keeps a code that was met where nothing is counted, in the order of the ledger. */
export function noteCode(noted: NotedCode[], { id, by, at, fact }: EntryOf<'unknown_noted'>, told: Place): void {
  const { code, where, stocktake, from, after } = fact;
  for (const one of noted)
    if (one.isOpen && one.by === by && one.told.device === told.device && one.where !== where) one.isOpen = false;
  const last = noted.at(-1);
  noted.push({
    id,
    told,
    code,
    quantity: quantityOf(fact.quantity),
    where,
    by,
    at,
    stocktake,
    from,
    after,
    before: undefined,
    nextBin: undefined,
    isOpen: true,
  });
  if (last && isBefore(told, last.told)) noted.sort((one, other) => comparePlaces(one.told, other.told));
}

/**
 * Tells noted codes what the same person did next on the same laptop: which bin they opened, or what else the move took. A move is recorded
 * item by item, the one taken last first: the one recorded last before the item it was noted after came right after it.
 * A movement told late, such as a move taken back, is nothing that they did there now.
 */
export function tellNoted(noted: readonly NotedCode[], { by, device, fact }: LedgerEntry): void {
  for (let at = noted.length - 1; at >= 0; at -= 1) {
    const one = noted[at];
    if (!one?.isOpen || one.by !== by || one.told.device !== device) continue;
    if (fact.kind === 'bin_opened') {
      if (one.where === 'no_bin') one.nextBin = fact.bin;
      one.isOpen = false;
    } else if (fact.kind === 'stock_moved' && fact.happenedAt === undefined && one.where === 'move') {
      const isSame = one.from !== undefined && binKey(fact.from) === binKey(one.from);
      const isBehind = one.after !== undefined && skuKey(fact.item) === skuKey(one.after);
      if (isSame && !isBehind) one.before = fact.item;
      else one.isOpen = false;
    }
  }
}
