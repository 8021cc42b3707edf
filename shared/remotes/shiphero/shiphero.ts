import { ok } from '../../domain/result.ts';
import type { RemoteConnector, RemoteMeans } from '../../ports/remote-inventory.ts';
import { baseUrlOf, createAccess } from './access.ts';
import { describeAccount } from './account.ts';
import type { ShipheroAccount } from './call.ts';
import { listMovements } from './changes.ts';
import { listCounts } from './counts.ts';
import { abortFile, startFile } from './files.ts';
import { createFileMemory, followFile } from './follow-file.ts';
import { fileGroup, freezeFile, MAX_FILE_LINES } from './freeze-file.ts';
import { freeze, MAX_LINES } from './freeze.ts';
import { createPlace, listPlaces } from './locations.ts';
import { listItems } from './products.ts';
import { pushLines } from './push.ts';
import { readBackLines, type Waits } from './read-back.ts';
import { SNAPSHOT_ORIGIN } from './snapshots.ts';

/** ShipHero: figures by bin, set or changed one line a request, found again by the reason; no keys, no times, whole pieces. */
export const shiphero: RemoteConnector = {
  id: 'shiphero',
  title: 'ShipHero',
  abilities: {
    absoluteCounts: true,
    backDatingMs: 0,
    maxLinesPerRequest: MAX_LINES,
    maxPrecision: 0,
    idempotencyKeys: false,
    readBack: 'reference',
    binLevel: true,
    readOnly: false,
    tracking: false,
    createsLocations: true,
    movements: true,
    files: true,
    // Beside its credits (contracts: ShipHero 4).
    pace: { requests: 7000, perMs: 300_000 },
  },
  fields: [
    { name: 'baseUrl', label: 'Address', secret: false, required: true, initial: 'https://public-api.shiphero.com' },
    { name: 'username', label: 'E-mail', secret: false, required: false },
    { name: 'password', label: 'Password', secret: true, required: false },
    { name: 'refreshToken', label: 'Refresh token', secret: true, required: false },
    { name: 'customerAccountId', label: 'Client account (3PL)', secret: false, required: false },
  ],
  reasons: 'text',
  freeze,
  freezeFile,
  fileGroup,
  maxLinesPerFile: MAX_FILE_LINES,
  origins({ baseUrl = '' }) {
    const origin = /^https?:\/\/[^/?#]+/i.exec(baseUrl)?.[0];
    return origin === undefined ? [] : [origin, SNAPSHOT_ORIGIN];
  },
  open(settings, means) {
    const account = accountOf(settings, means);
    const waits: Waits = new Map();
    const memory = createFileMemory();
    return {
      test: () => describeAccount(account),
      locations: (cursor) => listPlaces(account, cursor),
      items: (cursor) => listItems(account, cursor),
      push: (request) => pushLines(account, request),
      readBack: (request, { since }) => readBackLines(account, request, { since, waits }),
      counts: (query) => listCounts(account, query),
      createLocation: (wanted) => createPlace(account, wanted),
      movements: (query) => listMovements(account, query),
      startFile: (request, url) => startFile(account, request, url),
      followFile: (request, job) => followFile(account, request, { job, memory }),
      async abortFile(job) {
        const stopped = await abortFile(account, job);
        if (!stopped.ok) return stopped;
        if (stopped.value.status !== '') memory.stopped.set(job, stopped.value.status);
        return ok(null);
      },
    };
  },
};

/** The account of a connection, for the operations that are not of the port. */
export function accountOf(settings: Readonly<Record<string, string>>, means: RemoteMeans): ShipheroAccount {
  const customer = settings['customerAccountId'] ?? '';
  return {
    baseUrl: baseUrlOf(settings),
    access: createAccess(settings, means),
    http: means.http,
    now: means.now,
    customer: customer === '' ? undefined : customer,
    heard: {},
  };
}
