import { binsOf } from '../../../shared/domain/bins-of.ts';
import { skuKey } from '../../../shared/domain/item.ts';
import { entryId, entrySubject, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { ok } from '../../../shared/domain/result.ts';
import { entryPlace, SENDING_PLACE } from '../../../renderer/ledger/collections.ts';
import type { Copy } from '../../../renderer/ledger/copy.ts';
import { inLedgerOrder } from '../../../renderer/ledger/in-ledger-order.ts';
import { spanOf, type KeptEntry } from '../../../renderer/ledger/rows.ts';

function kept(entry: LedgerEntry): KeptEntry {
  return { id: entry.id, seq: entry.seq, hash: entry.hash, entry };
}

/** The page's copy without a database: a chain of entries for each laptop, and the same questions. */
export function createMemoryCopy(): Copy {
  const chains = new Map<string, LedgerEntry[]>();
  let pages: readonly string[] | undefined;

  const chainOf = (device: string): LedgerEntry[] => chains.get(device) ?? [];
  const found = (isMeant: (entry: LedgerEntry) => boolean) =>
    inLedgerOrder([...chains.keys()].toSorted().flatMap((device) => chainOf(device).filter(isMeant)));

  function insertOne(entry: LedgerEntry): void {
    const chain = chains.get(entry.device) ?? [];
    chains.set(entry.device, chain);
    if ((chain.at(-1)?.seq ?? 0) < entry.seq) {
      chain.push(entry);
      return;
    }
    const at = chain.findIndex(({ seq }) => seq >= entry.seq);
    if (chain[at]?.seq !== entry.seq) chain.splice(at, 0, entry);
  }

  function dropAfter(afterId: string): void {
    const { device, to } = spanOf(afterId);
    const left = chainOf(device).filter(({ seq }) => seq <= to);
    if (left.length > 0) chains.set(device, left);
    else chains.delete(device);
  }

  function after(afterId: string, limit: number): KeptEntry[] {
    const { device, to } = spanOf(afterId);
    const chain = chainOf(device);
    // Nearly always nothing was lost: then an entry's place follows from its sequence.
    const from = chain[to]?.seq === to + 1 ? to : chain.findIndex(({ seq }) => seq > to);
    return from === -1 ? [] : chain.slice(from, from + limit).map(kept);
  }

  return {
    async insert(entries) {
      for (const entry of entries) insertOne(entry);
      return ok(null);
    },
    devices: async () => [...chains.keys()].toSorted(),
    async last(device) {
      const entry = chainOf(device).at(-1);
      return entry && kept(entry);
    },
    countAfter: async (afterId) => after(afterId, Infinity).length,
    entriesAfter: async (afterId, limit) => after(afterId, limit),
    nextRows: async (afterId, count) => after(afterId, count),
    async at(id) {
      const { device } = spanOf(id);
      const entry = chainOf(device).find((one) => one.id === id);
      return entry && kept(entry);
    },
    bySubject: async (sku) => found(({ fact }) => skuKey(entrySubject(fact)) === skuKey(sku)),
    byPlace: async (place) => found(({ fact }) => entryPlace(fact) === place),
    byBins: async (bins) => found(({ fact }) => binsOf(fact).some((bin) => bins.has(bin))),
    sending: async () => found(({ fact }) => entryPlace(fact) === SENDING_PLACE),
    async dropAfter(afterId) {
      dropAfter(afterId);
    },
    async takeBack([first]) {
      if (first !== undefined) dropAfter(entryId(first.device, first.seq - 1));
      return ok(null);
    },
    tidy: async () => undefined,
    readCheckpoint: async () => pages,
    async writeCheckpoint(texts) {
      pages = texts;
    },
    async clear() {
      chains.clear();
      pages = undefined;
    },
    close: async () => undefined,
  };
}
