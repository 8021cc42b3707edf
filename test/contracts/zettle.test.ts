import { createHttpClient } from '../../electron/host/remotes/http-client.ts';
import type { Generation } from '../../shared/remotes/zettle/ids.ts';
import { zettle } from '../../shared/remotes/zettle/zettle.ts';
import type { FaultInput } from '../sandbox/chassis/faults.ts';
import { startZettleSandbox } from '../sandbox/zettle/zettle-sandbox.ts';
import { remoteInventoryContract, type RemoteFault, type RemoteStand } from './remote-inventory.ts';
import { memoryTokens, testMeans } from './remote-means.ts';
import { ITEMS, placeOf, zettleWorld } from './zettle-world.ts';

const NOBODY = 'http://127.0.0.1:9';

/** Faults of the inventory service; a fault without a path would meet the request for a token first. */
function faultsOf(path: string): Readonly<Record<RemoteFault, FaultInput>> {
  return {
    lost_before: { kind: 'drop', path },
    lost_after: { kind: 'applyThenDrop' },
    failed_after: { kind: 'applyThenFail', status: 500 },
    unavailable: { kind: 'status', status: 503, path },
    too_many: { kind: 'status', status: 429, retryAfterSeconds: 7, path },
    too_many_after_half: { kind: 'applyHalfThenFail', status: 429 },
    // The third generation's answer is bare: there is nothing to cut.
    cut_text: { kind: 'truncate', path },
    errors_in_success: { kind: 'errorsIn200', path },
    no_answer: { kind: 'hang', path },
  };
}

function startStand(generation: Generation): () => Promise<RemoteStand> {
  return async () => {
    const sandbox = await startZettleSandbox(
      zettleWorld({ generation, fractions: 'refused', productsPerPage: 2, pageRows: 2 }),
    );
    const faults = faultsOf(generation === 'v2' ? '/organizations/self/' : '/v3/');
    const open = (address: string, apiKey: string, tokens = memoryTokens()) =>
      zettle.open(
        { address, generation, clientId: 'client', apiKey },
        testMeans({ http: createHttpClient({ origin: address, timeoutMs: 2000 }), now: sandbox.now, tokens }),
      );
    return {
      open: (token) => open(sandbox.baseUrl, token),
      openNowhere: () => open(NOBODY, 'full'),
      openEnded(tokens) {
        void tokens.save({ accessToken: 'ended-long-ago' });
        return open(sandbox.baseUrl, 'full', tokens);
      },
      tokensGiven: sandbox.tokensGiven,
      place: placeOf(generation),
      items: {
        whole: ITEMS.tea,
        stock: '12',
        other: ITEMS.cups,
        unseen: ITEMS.candles,
        kilos: ITEMS.flour,
        untracked: ITEMS.candles,
        missing: ITEMS.missing,
      },
      now: sandbox.now,
      advance: sandbox.advance,
      fault: (fault) => sandbox.fault(faults[fault]),
      sale: (variant, quantity) => sandbox.sale({ kind: 'sale', variant, quantity }),
      quantity: (variant) => sandbox.quantity(variant),
      close: sandbox.close,
    };
  };
}

remoteInventoryContract('Zettle, second generation', {
  connector: zettle,
  renews: true,
  lacks: ['changed_since'],
  start: startStand('v2'),
});

remoteInventoryContract('Zettle, third generation', {
  connector: zettle,
  renews: true,
  lacks: ['changed_since', 'cut_text'],
  start: startStand('v3'),
});
