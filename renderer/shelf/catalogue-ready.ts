import type { Ledger } from '../ledger/ledger.ts';

/** Resolves when items and bins can be looked up: a scan that comes before waits, and is not called unknown. */
export function catalogueReady(ledger: Pick<Ledger, 'catalogueReady' | 'subscribe'>): Promise<void> {
  if (ledger.catalogueReady()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = ledger.subscribe(() => {
      if (!ledger.catalogueReady()) return;
      stop();
      resolve();
    });
  });
}
