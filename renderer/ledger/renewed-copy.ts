import type { Copy } from './copy.ts';

/** A copy that another may take the place of while it is in use. */
export type RenewedCopy = Copy & {
  /** From now on this one is asked. */
  use(next: Copy): void;
};

/** Stands for `first` until told otherwise: whoever holds it need not know that the database was opened anew. */
export function renewedCopy(first: Copy): RenewedCopy {
  let now = first;
  return {
    insert: (entries) => now.insert(entries),
    devices: () => now.devices(),
    last: (device) => now.last(device),
    countAfter: (afterId) => now.countAfter(afterId),
    entriesAfter: (afterId, limit) => now.entriesAfter(afterId, limit),
    nextRows: (afterId, count) => now.nextRows(afterId, count),
    at: (id) => now.at(id),
    bySubject: (sku) => now.bySubject(sku),
    byPlace: (place) => now.byPlace(place),
    byBins: (binKeys) => now.byBins(binKeys),
    sending: () => now.sending(),
    dropAfter: (afterId) => now.dropAfter(afterId),
    takeBack: (entries) => now.takeBack(entries),
    tidy: (pause) => now.tidy(pause),
    readCheckpoint: () => now.readCheckpoint(),
    writeCheckpoint: (pages) => now.writeCheckpoint(pages),
    clear: () => now.clear(),
    close: () => now.close(),
    use(next) {
      now = next;
    },
  };
}
