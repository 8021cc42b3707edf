import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PostedLine } from '../../shared/domain/ledger-entry.ts';
import { binKey } from '../../shared/domain/location.ts';
import { placeId } from '../../shared/remotes/shiphero/place-id.ts';
import { shiphero } from '../../shared/remotes/shiphero/shiphero.ts';
import { foldSendMarks, lastFrozenAt, NO_SEND_MARKS, openLines } from '../../shared/sync/outbox/open-lines.ts';
import { planSend } from '../../shared/sync/plan/plan.ts';
import type { FaultInput } from '../sandbox/chassis/faults.ts';
import { sandboxHttpClient } from '../sandbox/chassis/http-client.ts';
import { createShipheroSandbox } from '../sandbox/shiphero/shiphero.ts';
import { createDelivery, type CrashPoint, type Delivery } from './delivery.ts';
import { testMeans } from './remote-means.ts';

const CLOCK = '2026-03-02T10:00:00.000Z';
const HOUR = 3_600_000;
const ITEMS = ['S0', 'S1', 'S2'];
const BINS = ['A', 'B'];
const OPENING = 60;
const place = (bin: string): string => placeId({ warehouse: 'W', location: `bin ${bin}`, name: bin }) ?? '';

const FAULTS: readonly FaultInput[] = [
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, retryAfterSeconds: 9 },
  { kind: 'status', status: 503 },
  { kind: 'applyThenFail', status: 500 },
  { kind: 'applyThenFail', status: 429 },
  { kind: 'applyHalfThenFail', status: 502 },
  { kind: 'drop' },
  { kind: 'applyThenDrop' },
  { kind: 'hang' },
  { kind: 'hang', apply: true },
  { kind: 'truncate' },
  { kind: 'errorsIn200' },
  { kind: 'html' },
  { kind: 'drop', path: '/auth' },
];

const runOf = fc.record({
  counted: fc.uniqueArray(
    fc.record({
      item: fc.constantFrom(...ITEMS),
      bin: fc.constantFrom(...BINS),
      quantity: fc.integer({ min: 45, max: 90 }),
    }),
    { minLength: 1, maxLength: 6, selector: ({ item, bin }) => `${item} ${bin}` },
  ),
  steps: fc.array(
    fc.record({
      fault: fc.option(fc.constantFrom(...FAULTS), { nil: null, freq: 2 }),
      trouble: fc.constantFrom('none', 'none', 'none', 'expireToken', 'noCredits'),
      crash: fc.constantFrom<CrashPoint>('none', 'none', 'none', 'after_attempt', 'before_settle'),
      sale: fc.option(fc.record({ item: fc.constantFrom(...ITEMS), bin: fc.constantFrom(...BINS) }), { nil: null }),
    }),
    { maxLength: 20 },
  ),
  /** Hours between counting and the plan. */
  offline: fc.constantFrom(0, 1, 30),
  behaviour: fc.record({
    creditsStatus: fc.constantFrom(200, 429),
    creditsMembers: fc.constantFrom('beside', 'extensions', 'none'),
    tokenError: fc.constantFrom('401', '403', 'errors'),
    refreshRotates: fc.boolean(),
    changesLagMs: fc.constantFrom(0, 0, 5000, 400_000),
    previousOnHand: fc.constantFrom('warehouse', 'location'),
    refusalCodes: fc.boolean(),
    reasonLength: fc.constantFrom(1000, 30),
    order: fc.constantFrom('oldest', 'newest'),
  }),
});
type Run = typeof runOf extends fc.Arbitrary<infer Value> ? Value : never;

function post(run: Run, delivery: Delivery, now: string): void {
  const lines = run.counted.map(({ item, bin, quantity }): PostedLine => ({
    item,
    bin,
    counted: String(quantity),
    bookThen: String(OPENING),
    variance: String(quantity - OPENING),
    anchor: `d1-${item}${bin}`,
    countedAt: now,
  }));
  delivery.add({ kind: 'lines_posted', batch: 'b1', lines });
}

async function plan(delivery: Delivery, now: string): Promise<void> {
  const marks = delivery.entries.reduce(foldSendMarks, NO_SEND_MARKS);
  const { lines } = openLines(marks, { connection: 'c1', batch: 'b1', withRejected: false });
  const planned = planSend({
    connection: 'c1',
    batch: 'b1',
    posted: lines,
    mapping: {
      items: new Map(ITEMS.map((sku) => [sku, { item: sku, remoteItem: sku, precision: 0 }])),
      sites: new Map(),
      bins: new Map(BINS.map((bin) => [binKey(bin), place(bin)])),
      reasons: new Map(),
    },
    binSite: () => 'Main',
    abilities: shiphero.abilities,
    now,
    // Changes only: what others sell meanwhile then stays on top, so that the sum must come out.
    wholeLocation: () => false,
    movedDuring: () => false,
    openElsewhere: () => false,
    lastFrozenAt: lastFrozenAt(marks, 'c1'),
  });
  expect(await delivery.freeze('b1', planned.lines)).toBe(true);
}

async function deliver(run: Run): Promise<void> {
  const sandbox = createShipheroSandbox(
    {
      clock: CLOCK,
      shiphero: {
        warehouses: [{ id: 'W', identifier: 'Main' }],
        locations: BINS.map((bin) => ({ id: `bin ${bin}`, warehouse: 'W', name: bin })),
        products: ITEMS.map((sku) => ({ sku, stock: Object.fromEntries(BINS.map((bin) => [`bin ${bin}`, OPENING])) })),
        behaviour: run.behaviour,
      },
    },
    () => 0,
  );
  const { control } = sandbox;
  const means = testMeans({ http: sandboxHttpClient(sandbox), now: control.now });
  const settings = { baseUrl: 'http://sandbox.invalid', username: 'stock@example.com', password: 'sandbox-password' };
  const remote = shiphero.open(settings, means);
  const delivery = createDelivery({ connector: shiphero, now: control.now, random: () => 0.5, wait: control.advance });
  const wanted = new Map<string, number>(
    ITEMS.flatMap((item) => BINS.map((bin) => [`${item} ${bin}`, OPENING] as const)),
  );
  const add = (key: string, pieces: number) => wanted.set(key, (wanted.get(key) ?? 0) + pieces);
  post(run, delivery, control.now());
  control.advance(run.offline * HOUR + 1);
  await plan(delivery, control.now());
  for (const { fault, trouble, crash, sale } of run.steps) {
    control.clearFaults();
    if (fault) control.fault(fault);
    if (trouble === 'expireToken') control.expireToken();
    if (trouble === 'noCredits') control.turn({ kind: 'setCredits', remaining: 0 });
    if (sale !== null) {
      control.sale({ sku: sale.item, location: `bin ${sale.bin}`, quantity: 1 });
      add(`${sale.item} ${sale.bin}`, -1);
      control.advance(1000);
    }
    await delivery.step(remote, crash);
  }
  control.clearFaults();
  for (let rounds = 0; rounds < 400; rounds += 1) if ((await delivery.step(remote, 'none')) === 'nothing') break;
  const settled = [...delivery.outbox().values()];
  expect(settled.map((one) => one.state).filter((state) => state !== 'confirmed' && state !== 'split')).toEqual([]);
  for (const { item, bin, quantity } of run.counted) add(`${item} ${bin}`, quantity - OPENING);
  for (const item of ITEMS)
    for (const bin of BINS)
      expect([item, bin, control.quantity(item, `bin ${bin}`)]).toEqual([item, bin, wanted.get(`${item} ${bin}`)]);
  const ours = control.changes().filter((change) => / tb-/.test(change.reason));
  expect(new Set(ours.map((change) => change.reason)).size).toBe(ours.length);
}

describe('delivery to ShipHero', () => {
  test('R372 without any key, whatever fails and wherever the power goes, each difference takes effect once', async () => {
    await fc.assert(fc.asyncProperty(runOf, deliver), { numRuns: 200 });
  });
});
