import { createHttpClient } from '../../electron/host/remotes/http-client.ts';
import { placeId, readPlaceId } from '../../shared/remotes/shiphero/place-id.ts';
import { accessOwner } from '../../shared/remotes/shiphero/access.ts';
import { shiphero } from '../../shared/remotes/shiphero/shiphero.ts';
import type { FaultInput } from '../sandbox/chassis/faults.ts';
import { serveSandbox } from '../sandbox/chassis/server.ts';
import { createShipheroSandbox } from '../sandbox/shiphero/shiphero.ts';
import { remoteInventoryContract, type RemoteFault, type RemoteStand } from './remote-inventory.ts';
import { memoryTokens, testMeans, type MemoryTokens } from './remote-means.ts';

const FAULTS: Readonly<Record<RemoteFault, FaultInput>> = {
  lost_before: { kind: 'drop' },
  lost_after: { kind: 'applyThenDrop' },
  failed_after: { kind: 'applyThenFail', status: 500 },
  unavailable: { kind: 'status', status: 503 },
  too_many: { kind: 'status', status: 429, retryAfterSeconds: 7 },
  too_many_after_half: { kind: 'applyHalfThenFail', status: 429 },
  cut_text: { kind: 'truncate' },
  errors_in_success: { kind: 'errorsIn200' },
  no_answer: { kind: 'hang' },
};

const NOBODY = 'http://127.0.0.1:9';
const MAIN = 'V2FyZWhvdXNlOjExNzkw';
const USER = { username: 'stock@example.com', password: 'sandbox-password' };
const place = (location: string, name: string): string => placeId({ warehouse: MAIN, location, name }) ?? '';

remoteInventoryContract('ShipHero', {
  connector: shiphero,
  renews: true,
  // No scopes are documented; one line a request is done or not.
  lacks: ['read_only_token', 'too_many_after_half', 'atomic_requests'],
  async start(): Promise<RemoteStand> {
    const sandbox = await serveSandbox(
      createShipheroSandbox({
        clock: '2026-03-02T10:00:00.000Z',
        tokens: { full: 'ok', expired: 'expired' },
        shiphero: {
          warehouses: [{ id: MAIN, identifier: 'Main' }],
          locations: [
            { id: 'QmluOjE=', warehouse: MAIN, name: 'A-01' },
            { id: 'QmluOjI=', warehouse: MAIN, name: 'A-02' },
          ],
          products: [
            { sku: 'TEA', name: 'Tea', barcode: '012345678905', stock: { 'QmluOjE=': 12, 'QmluOjI=': 5 } },
            { sku: 'CUP', name: 'Cups', stock: { 'QmluOjE=': 30 } },
            { sku: 'MAT', name: 'Mats' },
          ],
        },
      }),
    );
    const open = (baseUrl: string, tokens: MemoryTokens, password = USER.password) =>
      shiphero.open(
        { baseUrl, ...USER, password },
        testMeans({ http: createHttpClient({ origin: baseUrl, timeoutMs: 2000 }), now: sandbox.now, tokens }),
      );
    const holding = (token: string, baseUrl: string) => {
      const owner = accessOwner({ baseUrl, ...USER });
      const endsAt = String(Date.parse(sandbox.now()) + 3_600_000);
      return { owner, token, refreshToken: '', endsAt };
    };
    return {
      open: (token) =>
        token === 'expired'
          ? open(sandbox.baseUrl, memoryTokens(holding('expired', sandbox.baseUrl)), 'changed since')
          : open(sandbox.baseUrl, memoryTokens(holding(token, sandbox.baseUrl))),
      openNowhere: () => open(NOBODY, memoryTokens(holding('full', NOBODY))),
      openEnded(tokens) {
        void tokens.save(holding('expired', sandbox.baseUrl));
        return open(sandbox.baseUrl, tokens);
      },
      tokensGiven: sandbox.tokensGiven,
      place: place('QmluOjE=', 'A-01'),
      otherPlace: place('QmluOjI=', 'A-02'),
      items: { whole: 'TEA', stock: '12', other: 'CUP', unseen: 'MAT', missing: 'NO-SUCH-SKU' },
      now: sandbox.now,
      advance: sandbox.advance,
      fault: (fault) => sandbox.fault(FAULTS[fault]),
      sale: (sku, quantity) => sandbox.sale({ sku, location: 'QmluOjE=', quantity }),
      quantity: (sku, at = place('QmluOjE=', 'A-01')) => {
        const pieces = sandbox.quantity(sku, readPlaceId(at)?.location ?? '');
        return pieces === undefined ? undefined : String(pieces);
      },
      close: sandbox.close,
    };
  },
});
