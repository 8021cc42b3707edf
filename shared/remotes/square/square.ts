import { ok } from '../../domain/result.ts';
import type { RemoteConnector, RemoteMeans } from '../../ports/remote-inventory.ts';
import { fixedAccess, signedInAccess } from './access.ts';
import { listLocations, readMerchant } from './account.ts';
import type { SquareAccount } from './call.ts';
import { listItems } from './catalog.ts';
import { readBackChanges } from './changes.ts';
import { listCounts } from './counts.ts';
import { freeze, MAX_CHANGES, SHORTAGE_STATES } from './freeze.ts';
import { listMovements } from './movements.ts';
import { pushChanges } from './push.ts';
import { baseUrlOf, BY_SIGN_IN, signIn } from './sign-in.ts';

const DAY_MS = 24 * 3_600_000;
/** How an account is opened: by a token that a person made, or by signing in at Square. */
const MODES = ['token', 'sign-in'] as const;
const BY_TOKEN = { field: 'mode', is: 'token' };

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
    readBack: 'reference',
    binLevel: false,
    readOnly: false,
    tracking: false,
    createsLocations: false,
    movements: true,
    files: false,
    // Square publishes no limit (contracts: Square 5): this is our own choice of a pace that disturbs nobody.
    pace: { requests: 10, perMs: 1000 },
  },
  fields: [
    { name: 'baseUrl', label: 'Address', secret: false, required: true, initial: 'https://connect.squareup.com' },
    { name: 'mode', label: 'Opened by', secret: false, required: true, initial: MODES[0], choices: MODES },
    { name: 'accessToken', label: 'Access token', secret: true, required: true, only: BY_TOKEN },
    { name: 'applicationId', label: 'Application ID', secret: false, required: true, only: BY_SIGN_IN },
    { name: 'redirectUrl', label: 'Redirect URL', secret: false, required: false, only: BY_SIGN_IN },
  ],
  reasons: SHORTAGE_STATES,
  freeze,
  origins({ baseUrl = '' }) {
    const origin = /^https?:\/\/[^/?#]+/i.exec(baseUrl)?.[0];
    return origin === undefined ? [] : [origin];
  },
  signIn,
  open(settings, means) {
    const account = accountOf(settings, means);
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
      readBack: (request, { since }) => readBackChanges(account, request, since),
      counts: (query) => listCounts(account, query),
      movements: (query) => listMovements(account, query),
    };
  },
};

/** The account of a connection, for the operations that are not of the port. */
export function accountOf(settings: Readonly<Record<string, string>>, means: RemoteMeans): SquareAccount {
  const baseUrl = baseUrlOf(settings);
  const access =
    settings['mode'] === 'sign-in'
      ? signedInAccess({ baseUrl, applicationId: settings['applicationId'] ?? '' }, means)
      : fixedAccess(settings['accessToken'] ?? '');
  return { baseUrl, access, http: means.http };
}
