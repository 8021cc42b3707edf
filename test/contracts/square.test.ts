import { createHttpClient } from '../../electron/host/remotes/http-client.ts';
import { square } from '../../shared/remotes/square/square.ts';
import type { FaultInput } from '../sandbox/chassis/faults.ts';
import { startSquareSandbox } from '../sandbox/square/square-sandbox.ts';
import { remoteInventoryContract, type RemoteFault, type RemoteStand } from './remote-inventory.ts';
import { memoryTokens, testMeans } from './remote-means.ts';

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

remoteInventoryContract('Square', {
  connector: square,
  renews: true,
  async start(): Promise<RemoteStand> {
    const sandbox = await startSquareSandbox({
      clock: '2026-03-02T10:00:00.000Z',
      tokens: { full: 'ok', read_only: ['INVENTORY_READ', 'ITEMS_READ', 'MERCHANT_PROFILE_READ'], expired: 'expired' },
      square: {
        locations: [{ id: 'MAIN', name: 'Main Street' }],
        variations: [
          { id: 'WHOLE', item: 'Tea', sku: 'TEA', upc: '012345678905', stock: { MAIN: '12' } },
          { id: 'OTHER', item: 'Cups', sku: 'CUP', stock: { MAIN: '30' } },
          { id: 'UNSEEN', item: 'Mats', sku: 'MAT' },
          { id: 'KILOS', item: 'Flour', sku: 'FLO', precision: 3 },
        ],
        behaviour: { catalogPageRows: 2 },
      },
    });
    const means = (baseUrl: string, tokens = memoryTokens()) =>
      testMeans({ http: createHttpClient({ origin: baseUrl, timeoutMs: 2000 }), now: sandbox.now, tokens });
    const open = (baseUrl: string, accessToken: string) => square.open({ baseUrl, accessToken }, means(baseUrl));
    const signIn = { baseUrl: sandbox.baseUrl, mode: 'sign-in', applicationId: 'sandbox-application' };
    const signedIn = memoryTokens();
    const desk = means(sandbox.baseUrl, signedIn);
    const page = await fetch((await square.signIn!.begin(signIn, desk)).url);
    await square.signIn!.finish(signIn, desk, /<p>(.*)<\/p>/.exec(await page.text())?.[1] ?? '');
    return {
      open: (token) => open(sandbox.baseUrl, token),
      openNowhere: () => open(NOBODY, 'full'),
      openEnded(tokens) {
        // Nothing says when it ends: Square's refusal does.
        const { accessExpiresAt: _, ...kept } = signedIn.kept();
        void tokens.save({ ...kept, accessToken: 'expired' });
        return square.open(signIn, means(sandbox.baseUrl, tokens));
      },
      tokensGiven: sandbox.tokensGiven,
      place: 'MAIN',
      items: { whole: 'WHOLE', stock: '12', other: 'OTHER', unseen: 'UNSEEN', kilos: 'KILOS' },
      now: sandbox.now,
      advance: sandbox.advance,
      fault: (fault) => sandbox.fault(FAULTS[fault]),
      sale: (variation, quantity) => sandbox.sale({ variation, location: 'MAIN', quantity }),
      quantity: (variation) => sandbox.quantity(variation, 'MAIN'),
      close: sandbox.close,
    };
  },
});
