import { ok } from '../../domain/result.ts';
import type { RemoteConnector, RemoteMeans } from '../../ports/remote-inventory.ts';
import { createAccessTokens } from './access-tokens.ts';
import type { ZettleAccount } from './account.ts';
import { listCounts } from './counts.ts';
import { freeze, MAX_MOVEMENTS, SHORTAGE_PLACES } from './freeze.ts';
import { hostsOf, originsOf, ZETTLE_ADDRESS } from './hosts.ts';
import { listItems } from './library.ts';
import { listPlaces } from './locations.ts';
import { readUser } from './oauth.ts';
import { pushMovements } from './push.ts';
import { readBackFigures } from './read-back.ts';
import { startTracking } from './tracking.ts';

/** Zettle: only movements between a STORE and virtual places, without time, key or bins; products must be tracked. */
export const zettle: RemoteConnector = {
  id: 'zettle',
  title: 'Zettle',
  abilities: {
    absoluteCounts: false,
    backDatingMs: 0,
    maxLinesPerRequest: MAX_MOVEMENTS,
    maxPrecision: 5,
    idempotencyKeys: false,
    readBack: 'figures',
    binLevel: false,
    readOnly: false,
    tracking: true,
    createsLocations: false,
    movements: false,
    files: false,
    // The inventory service measures four a second, as an average (contracts: Zettle 1).
    pace: { requests: 4, perMs: 1000 },
  },
  fields: [
    { name: 'address', label: 'Address', secret: false, required: true, initial: ZETTLE_ADDRESS },
    {
      name: 'generation',
      label: 'Inventory service',
      secret: false,
      required: true,
      initial: 'v2',
      choices: ['v2', 'v3'],
    },
    { name: 'clientId', label: 'Client ID', secret: false, required: true },
    { name: 'apiKey', label: 'API key', secret: true, required: true },
  ],
  reasons: SHORTAGE_PLACES,
  freeze,
  origins: ({ address = '' }) => originsOf(address),
  open(settings, means) {
    const account = openAccount(settings, means);
    return {
      async test() {
        const user = await readUser(account);
        // A key for stock alone may not be told whose it is.
        if (!user.ok && user.error.code !== 'forbidden') return user;
        const places = await listPlaces(account);
        return places.ok ? ok({ account: `Zettle ${user.ok ? user.value.organization : ''}`.trim() }) : places;
      },
      async locations() {
        const places = await listPlaces(account);
        return places.ok ? ok({ locations: places.value }) : places;
      },
      items: (cursor) => listItems(account, cursor),
      push: (request) => pushMovements(account, request),
      readBack: (request, known) => readBackFigures(account, request, known.before),
      counts: (query) => listCounts(account, query),
      startTracking: (query) => startTracking(account, query),
    };
  },
};

/** An account as the form describes it: also for what only this folder offers. */
export function openAccount(
  settings: Readonly<Record<string, string>>,
  means: Pick<RemoteMeans, 'http' | 'tokens' | 'now'>,
): ZettleAccount {
  const { address = '', generation = '', clientId = '', apiKey = '', clientSecret } = settings;
  const hosts = hostsOf(address);
  const login = { hosts, clientId, apiKey, ...(clientSecret === undefined ? {} : { clientSecret }) };
  return {
    hosts,
    generation: generation === 'v3' ? 'v3' : 'v2',
    http: means.http,
    tokens: createAccessTokens(login, means),
  };
}
