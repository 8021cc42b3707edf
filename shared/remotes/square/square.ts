import { ok } from '../../domain/result.ts';
import type { RemoteConnector } from '../../ports/remote-inventory.ts';
import { listLocations, readMerchant } from './account.ts';
import type { SquareAccount } from './call.ts';
import { listItems } from './catalog.ts';
import { readBackChanges } from './changes.ts';
import { listCounts } from './counts.ts';
import { freeze, MAX_CHANGES } from './freeze.ts';
import { pushChanges } from './push.ts';

const DAY_MS = 24 * 3_600_000;

/** Square: absolute counts and changes per location, back-dated up to a day, one idempotency key a request; no bins. */
export const square: RemoteConnector = {
  id: 'square',
  title: 'Square',
  abilities: {
    absoluteCounts: true,
    backDatingMs: DAY_MS,
    maxLinesPerRequest: MAX_CHANGES,
    maxPrecision: 5,
    idempotencyKeys: true,
    binLevel: false,
    readOnly: false,
  },
  fields: [
    { name: 'baseUrl', label: 'Address', secret: false, required: true, initial: 'https://connect.squareup.com' },
    { name: 'accessToken', label: 'Access token', secret: true, required: true },
  ],
  freeze,
  origin: ({ baseUrl = '' }) => /^https?:\/\/[^/?#]+/i.exec(baseUrl)?.[0] ?? '',
  open(settings, http) {
    const account: SquareAccount = {
      baseUrl: settings['baseUrl'] ?? '',
      accessToken: settings['accessToken'] ?? '',
      http,
    };
    return {
      async test() {
        const merchant = await readMerchant(account);
        if (!merchant.ok) return merchant;
        const locations = await listLocations(account);
        return locations.ok ? ok({ account: merchant.value.name }) : locations;
      },
      locations: () => listLocations(account),
      items: (cursor) => listItems(account, cursor),
      push: (request) => pushChanges(account, request),
      readBack: (request, since) => readBackChanges(account, request, since),
      counts: (query) => listCounts(account, query),
    };
  },
};
