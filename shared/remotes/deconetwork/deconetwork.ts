import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteConnector, RemoteError } from '../../ports/remote-inventory.ts';
import { findEvents } from './events.ts';
import { listMovements } from './movements.ts';
import { originOf, siteOf } from './site.ts';
import { listCounts, listItems, listLocations } from './stock.ts';

const DAY_MS = 24 * 3_600_000;

const READ_ONLY: RemoteError = { code: 'forbidden', detail: 'DecoNetwork is only read here.' };
const refuse = (): Promise<Result<never, RemoteError>> => Promise.resolve(err(READ_ONLY));

/**
 * DecoNetwork: what others changed there, and its levels, one figure an item; nothing is ever written. The only operation
 * that could write, manage_inventory/update, is known from third parties alone: whether it sets or adds, whether it takes
 * several and what it answers is not known (contracts: inventory events 5), so it is not used.
 */
export const deconetwork: RemoteConnector = {
  id: 'deconetwork',
  title: 'DecoNetwork',
  abilities: {
    absoluteCounts: false,
    backDatingMs: 0,
    maxLinesPerRequest: 1,
    maxPrecision: 5,
    idempotencyKeys: false,
    readBack: 'none',
    binLevel: false,
    readOnly: true,
    tracking: false,
    createsLocations: false,
    movements: true,
    files: false,
    // No limit is published: two requests a second are our own choice.
    pace: { requests: 1, perMs: 500 },
  },
  fields: [
    { name: 'address', label: 'Address of the site', secret: false, required: true },
    { name: 'username', label: 'User name', secret: false, required: true },
    { name: 'password', label: 'Password', secret: true, required: true },
  ],
  reasons: 'none',
  freeze() {
    throw new Error('freeze: DecoNetwork is read only');
  },
  origins({ address = '' }) {
    const origin = originOf(address);
    return origin === '' ? [] : [origin];
  },
  open(settings, means) {
    const site = siteOf(settings, means.http);
    return {
      async test() {
        const yesterday = new Date(means.now() - DAY_MS).toISOString();
        const answer = await findEvents(site, { where: { field: 'created', is: '>=', at: yesterday }, limit: 0 });
        return answer.ok ? ok({ account: `${site.username}, ${site.host}` }) : answer;
      },
      locations: () => Promise.resolve(ok({ locations: listLocations(site) })),
      items: (cursor) => listItems(site, cursor, means.now()),
      push: refuse,
      readBack: refuse,
      counts: (query) => listCounts(site, query),
      movements: (query) => listMovements(site, query),
    };
  },
};
