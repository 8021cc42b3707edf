import { hash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { canonicalJson } from '../../../shared/domain/ledger-entry.ts';
import { ok } from '../../../shared/domain/result.ts';
import type { HttpClient } from '../../../shared/ports/http-client.ts';
import { remotes } from '../../../shared/remotes/remotes.ts';
import type { RemoteConnector } from '../../../shared/ports/remote-inventory.ts';
import { sandboxHttpClient } from '../../sandbox/chassis/http-client.ts';
import { createShipheroSandbox } from '../../sandbox/shiphero/shiphero.ts';
import { createSquareSandbox } from '../../sandbox/square/square-sandbox.ts';
import { createZettleSandbox } from '../../sandbox/zettle/zettle-sandbox.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';
import { createVirtualClock, createVirtualLaptop, type Job } from '../sending/virtual-laptop.ts';

const NOON = '2026-03-02T12:00:00.000Z';
const skuOf = (at: number) => `SKU-${String(at).padStart(6, '0')}`;

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Megabytes in use after everything that is no longer held was given back. */
function heapMb(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed / 1e6;
}

function connectorOf(id: string): RemoteConnector {
  const found = remotes.find((connector) => connector.id === id);
  if (found === undefined) throw new Error(`There is no connector ${id}`);
  return found;
}

/** Milliseconds in which each of these is written as one canonical text and hashed: the least that a ledger does for a line. */
function sealedMs(lines: readonly object[]): number {
  const began = performance.now();
  let last = '';
  for (const [at, line] of lines.entries()) last = hash('sha256', canonicalJson({ ...line, at, last }), 'hex');
  return performance.now() - began;
}

/** Lines a second through plan, outbox and connector, where the remote answers at once; and what stays in memory. */
export async function measureThroughput(figures: Figures, scale: Scale): Promise<void> {
  const connector = connectorOf('square');
  const items = Array.from({ length: scale.sentLines }, (_, at) => {
    return { sku: skuOf(at), remoteItem: `VAR${at}`, remoteLocation: 'MAIN' };
  });
  const atOnce: HttpClient = () => Promise.resolve(ok({ status: 200, headers: {}, body: '{"counts":[]}' }));
  const settings = { baseUrl: 'https://square.invalid', mode: 'token', accessToken: 'token' };
  for (let round = 0; round < scale.importRounds; round += 1) {
    const clock = createVirtualClock(NOON);
    const heap = new Map<number, number>();
    const requests = Math.ceil(items.length / connector.abilities.maxLinesPerRequest);
    const marks = [Math.ceil(requests / 5), requests];
    const laptop = createVirtualLaptop({
      connector,
      settings,
      http: atOnce,
      items,
      clock,
      isPaced: false,
      onSettled: (settled) => void (marks.includes(settled) && heap.set(settled, heapMb())),
    });
    laptop.post();
    const began = performance.now();
    const plan = laptop.plan();
    const planned = performance.now();
    await laptop.freeze(plan);
    const frozen = performance.now();
    await laptop.send();
    const sent = performance.now();
    figures.note('S1', (items.length / (sent - began)) * 1000);
    figures.note('S1-seal', (sent - began) / sealedMs(items));
    figures.tell('plan ms of S1', planned - began);
    figures.tell('freeze ms of S1', frozen - planned);
    figures.tell('send ms of S1', sent - frozen);
    const [early, late] = marks.map((mark) => heap.get(mark) ?? 0);
    figures.note('S2', (late ?? 0) / (early ?? 1));
    figures.tell('heap MB at the end of S2', late ?? 0);
  }
}

type Limited = Omit<Job, 'clock' | 'isPaced' | 'connector'> & {
  readonly id: string;
  /** Seconds that the remote's own limit leaves as the shortest for what has to be asked. */
  idealSeconds(): number;
};

/** Where the remote's own limit rules: the shortest time that it allows ÷ the time taken, on a virtual clock. */
export async function measureLimits(figures: Figures, scale: Scale): Promise<void> {
  for (const prepare of [squareLimited, zettleLimited, shipheroLimited]) {
    const clock = createVirtualClock(NOON);
    const { id, idealSeconds, ...job } = prepare(scale, clock.now);
    const laptop = createVirtualLaptop({ ...job, connector: connectorOf(id), clock, isPaced: true });
    laptop.post();
    await laptop.freeze(laptop.plan());
    const began = clock.now();
    await laptop.send();
    figures.note(`S3-${id}`, idealSeconds() / ((clock.now() - began) / 1000));
  }
}

function squareLimited(scale: Scale, now: () => number): Limited {
  const items = Array.from({ length: scale.sentLines / 2 }, (_, at) => {
    return { sku: skuOf(at), remoteItem: `VAR${at}`, remoteLocation: 'MAIN' };
  });
  const variations = items.map(({ sku, remoteItem }) => ({ id: remoteItem, item: sku, sku, stock: { MAIN: '5' } }));
  const sandbox = createSquareSandbox(
    { tokens: { token: 'ok' }, square: { locations: [{ id: 'MAIN', name: 'Main' }], variations } },
    now,
  );
  const { requests, perMs } = connectorOf('square').abilities.pace;
  const needed = Math.ceil(items.length / 100);
  return {
    id: 'square',
    items,
    settings: { baseUrl: 'https://square.invalid', mode: 'token', accessToken: 'token' },
    http: sandboxHttpClient(sandbox),
    idealSeconds: () => (Math.ceil(needed / requests - 1) * perMs) / 1000,
  };
}

function zettleLimited(scale: Scale, now: () => number): Limited {
  const uuid = (kind: string, at: number) => `${kind}-0000-1000-8000-${String(at).padStart(12, '0')}`;
  const count = scale.sentLines / 5;
  const products = Array.from({ length: count }, (_, at) => ({
    uuid: uuid('cccc0000', at),
    variants: [{ uuid: uuid('bbbb0000', at), sku: skuOf(at), balance: 5 }],
  }));
  const locations = (['STORE', 'BIN', 'SOLD', 'SUPPLIER'] as const).map((type, at) => ({
    uuid: uuid('aaaa0000', at),
    type,
  }));
  const behaviour = { rateLimit: { perSecond: 4, windowMs: 1000 } };
  const sandbox = createZettleSandbox({ zettle: { locations, products, apiKeys: { key: 'ok' }, behaviour } }, now);
  const place = ['v2', ...locations.map((location) => location.uuid)].join(':');
  return {
    id: 'zettle',
    items: products.map((product, at) => ({
      sku: skuOf(at),
      remoteItem: `${product.uuid}:${product.variants[0]?.uuid ?? ''}`,
      remoteLocation: place,
    })),
    settings: { address: 'https://zettle.invalid', generation: 'v2', clientId: 'bench', apiKey: 'key' },
    http: sandboxHttpClient(sandbox),
    // Each hundred lines need the figures before them, then the movements; four requests a second, the first four at once.
    idealSeconds: () => Math.ceil((2 * Math.ceil(count / 100)) / 4 - 1),
  };
}

function shipheroLimited(scale: Scale, now: () => number): Limited {
  const count = scale.sentLines / 50;
  const perSecond = 60;
  const max = 300;
  const sandbox = createShipheroSandbox(
    {
      shiphero: {
        credits: { max, perSecond },
        warehouses: [{ id: 'W1', identifier: 'Main' }],
        locations: [{ id: 'L1', warehouse: 'W1', name: 'A-1' }],
        products: Array.from({ length: count }, (_, at) => ({ sku: skuOf(at), stock: { L1: 5 } })),
      },
    },
    now,
  );
  return {
    id: 'shiphero',
    items: Array.from({ length: count }, (_, at) => {
      return { sku: skuOf(at), remoteItem: skuOf(at), remoteLocation: 'W1|L1|A-1' };
    }),
    settings: { baseUrl: 'https://shiphero.invalid', refreshToken: 'sandbox-refresh-token' },
    http: sandboxHttpClient(sandbox),
    idealSeconds() {
      const spent = sandbox.control
        .log()
        .filter(({ answer }) => answer.includes('inventory_add'))
        .reduce((sum, { answer }) => sum + Number(/"complexity":(\d+)/.exec(answer)?.[1] ?? 0), 0);
      return Math.max((spent - max) / perSecond, 0.001);
    },
  };
}
