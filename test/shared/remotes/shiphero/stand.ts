import { err, ok } from '../../../../shared/domain/result.ts';
import type { HttpClient, HttpFailure, HttpRequest } from '../../../../shared/ports/http-client.ts';
import type { PlannedLine, RemoteInventory } from '../../../../shared/ports/remote-inventory.ts';
import { accessOwner } from '../../../../shared/remotes/shiphero/access.ts';
import type { ShipheroAccount } from '../../../../shared/remotes/shiphero/call.ts';
import { placeId } from '../../../../shared/remotes/shiphero/place-id.ts';
import { accountOf, shiphero } from '../../../../shared/remotes/shiphero/shiphero.ts';
import { memoryTokens, testMeans, type MemoryTokens } from '../../../contracts/remote-means.ts';
import { sandboxHttpClient } from '../../../sandbox/chassis/http-client.ts';
import type { Sandbox } from '../../../sandbox/chassis/sandbox.ts';
import { createShipheroSandbox, type ShipheroControl } from '../../../sandbox/shiphero/shiphero.ts';

export const NOW = '2026-03-02T10:00:00.000Z';
export const BASE = 'http://shiphero.invalid';
export const SETTINGS = { baseUrl: BASE, username: 'stock@example.com', password: 'sandbox-password' };
export const MAIN = 'V2FyZWhvdXNlOjExNzkw';
export const BIN = 'QmluOjE0OTQxMDg=';
export const OTHER_BIN = 'QmluOjE0OTQxMTM=';
export const PLACE = placeId({ warehouse: MAIN, location: BIN, name: 'A-01' }) ?? '';
export const OTHER_PLACE = placeId({ warehouse: MAIN, location: OTHER_BIN, name: 'A-02' }) ?? '';

export const WORLD = {
  warehouses: [{ id: MAIN, identifier: 'Main' }],
  locations: [
    { id: BIN, warehouse: MAIN, name: 'A-01' },
    { id: OTHER_BIN, warehouse: MAIN, name: 'A-02' },
  ],
  products: [
    { sku: 'TEA', name: 'Tea', stock: { [BIN]: 12, [OTHER_BIN]: 5 } },
    { sku: 'CUP', name: 'Cups', stock: { [BIN]: 30 } },
    { sku: 'MAT', name: 'Mats' },
  ],
};

export type Stand = {
  readonly sandbox: Sandbox<ShipheroControl>;
  readonly account: ShipheroAccount;
  readonly remote: RemoteInventory;
  readonly tokens: MemoryTokens;
  /** Addresses and texts of the files that the vendor's worker finds. */
  readonly files: Map<string, string>;
};

/** A sandbox in process, signed in. `world` replaces members of the small world; `behaviour` its switches. */
export function start(
  world: object = {},
  behaviour: object = {},
  settings: Readonly<Record<string, string>> = {},
): Stand {
  const files = new Map<string, string>();
  const sandbox = createShipheroSandbox(
    { clock: NOW, tokens: { good: 'ok', old: 'expired' }, shiphero: { ...WORLD, ...world, behaviour } },
    () => 0,
    {
      fetchFile(url) {
        const text = files.get(url);
        return Promise.resolve(text === undefined ? { status: 404, text: '' } : { status: 200, text });
      },
    },
  );
  const tokens = memoryTokens(holding('good', { ...SETTINGS, ...settings }));
  const means = testMeans({ http: sandboxHttpClient(sandbox), now: sandbox.control.now, tokens });
  const all = { ...SETTINGS, ...settings };
  return { sandbox, tokens, files, account: accountOf(all, means), remote: shiphero.open(all, means) };
}

/** What the token store holds when that token is good for a day. */
export function holding(token: string, settings: Readonly<Record<string, string>> = SETTINGS): Record<string, string> {
  const endsAt = String(Date.parse(NOW) + 86_400_000);
  return { owner: accessOwner(settings), token, refreshToken: 'sandbox-refresh-token', endsAt };
}

export function line(ref: string, quantity: string, more: Partial<PlannedLine> = {}): PlannedLine {
  return {
    ref,
    item: 'TEA',
    remoteItem: 'TEA',
    remoteLocation: PLACE,
    change: 'adjust',
    quantity,
    bins: ['A-01'],
    occurredAt: NOW,
    ...more,
  };
}

/** A remote that gives one answer, whatever it is asked, and remembers what that was. */
export function answering(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): { account: ShipheroAccount; remote: RemoteInventory; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const http: HttpClient = (request) => {
    asked.push(request);
    return Promise.resolve(ok({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }));
  };
  return { asked, ...signedIn(http) };
}

/** A remote that never answers in full. */
export function failing(failure: HttpFailure): { account: ShipheroAccount; remote: RemoteInventory } {
  return signedIn(() => Promise.resolve(err(failure)));
}

/** A connection that holds a good token. `settings` beside the usual ones. */
export function signedIn(
  http: HttpClient,
  settings: Readonly<Record<string, string>> = {},
): { account: ShipheroAccount; remote: RemoteInventory } {
  const all = { ...SETTINGS, ...settings };
  const means = testMeans({ http, now: () => NOW, tokens: memoryTokens(holding('good', all)) });
  return { account: accountOf(all, means), remote: shiphero.open(all, means) };
}
