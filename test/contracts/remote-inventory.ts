import { afterEach, beforeEach, describe } from 'vitest';
import type { ObservedCount } from '../../shared/domain/ledger-entry.ts';
import type { RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import { addQuantities, type Proof } from './remote-proof.ts';
import { proveReads } from './remote-reads.ts';
import type { RemoteDriver, RemoteStand } from './remote-stand.ts';
import { proveTokens } from './remote-tokens.ts';
import { proveWrites } from './remote-writes.ts';

export type { RemoteDriver, RemoteFault, RemoteLack, RemoteStand } from './remote-stand.ts';

/** What every remote connector must do, whichever vendor is behind it. Its abilities say which rules there are to keep. */
export function remoteInventoryContract(name: string, driver: RemoteDriver): void {
  const { connector } = driver;
  describe(`remote contract: ${name}`, () => {
    let stand: RemoteStand;
    let remote: RemoteInventory;
    beforeEach(async () => {
      stand = await driver.start();
      remote = stand.open('full');
    });
    afterEach(() => stand.close());

    const line: Proof['line'] = (ref, item, quantity, more = {}) => ({
      ref,
      item: ref,
      remoteItem: item,
      remoteLocation: stand.place,
      change: 'adjust',
      quantity,
      bins: ['A-01'],
      occurredAt: stand.now(),
      ...more,
    });
    const proof: Proof = {
      connector,
      stand: () => stand,
      remote: () => remote,
      has: (lack) => driver.lacks?.includes(lack) !== true,
      renews: driver.renews === true,
      line,
      freezeOne: (quantity) => connector.freeze([line('ref-1', stand.items.whole, quantity)]),
      plus: (quantity) => addQuantities(stand.items.stock, quantity),
      since: () => new Date(Date.parse(stand.now()) - 3_600_000).toISOString(),
      async figures({ lines }) {
        const items = [...new Set(lines.map((one) => one.remoteItem))];
        const places = [...new Set(lines.map((one) => one.remoteLocation))];
        const counts: ObservedCount[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await remote.counts({ locations: places, items, ...(cursor === undefined ? {} : { cursor }) });
          if (!page.ok) throw new Error(page.error.detail);
          counts.push(...page.value.counts);
          cursor = page.value.cursor;
          if (cursor === undefined) return counts;
        }
      },
    };
    proveReads(proof);
    proveTokens(proof);
    if (!connector.abilities.readOnly) proveWrites(proof);
  });
}
