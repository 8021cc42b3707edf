import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PostedLine } from '../../shared/domain/ledger-entry.ts';
import { square } from '../../shared/remotes/square/square.ts';
import {
  foldSendMarks,
  lastFrozenAt,
  NO_SEND_MARKS,
  openElsewhere,
  openLines,
} from '../../shared/sync/outbox/open-lines.ts';
import { planSend } from '../../shared/sync/plan/plan.ts';
import type { FaultInput } from '../sandbox/chassis/faults.ts';
import { sandboxHttpClient } from '../sandbox/chassis/http-client.ts';
import type { Sandbox } from '../sandbox/chassis/sandbox.ts';
import { createSquareSandbox, type SquareControl } from '../sandbox/square/square-sandbox.ts';
import { createDelivery, type CrashPoint, type Delivery } from './delivery.ts';
import { testMeans } from './remote-means.ts';

const CLOCK = '2026-03-02T10:00:00.000Z';
const ITEMS = ['V0', 'V1', 'V2', 'V3', 'V4'];
const BINS = ['A', 'B'];
const HOUR = 3_600_000;

const FAULTS: readonly FaultInput[] = [
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, retryAfterSeconds: 9 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 401 },
  { kind: 'applyThenFail', status: 500 },
  { kind: 'applyThenFail', status: 429 },
  { kind: 'applyHalfThenFail', status: 429 },
  { kind: 'applyHalfThenFail', status: 502 },
  { kind: 'drop' },
  { kind: 'applyThenDrop' },
  { kind: 'hang' },
  { kind: 'hang', apply: true },
  { kind: 'truncate' },
  { kind: 'errorsIn200' },
  { kind: 'html' },
];

type Step = { fault: FaultInput | null; crash: CrashPoint; sale: string | null };
const stepOf: fc.Arbitrary<Step> = fc.record({
  fault: fc.option(fc.constantFrom(...FAULTS), { nil: null, freq: 2 }),
  crash: fc.constantFrom<CrashPoint>('none', 'none', 'none', 'after_attempt', 'before_settle'),
  sale: fc.option(fc.constantFrom(...ITEMS), { nil: null }),
});
const runOf = fc.record({
  counted: fc.array(fc.record({ item: fc.constantFrom(...ITEMS), quantity: fc.integer({ min: 0, max: 40 }) }), {
    minLength: 1,
    maxLength: 8,
  }),
  steps: fc.array(stepOf, { maxLength: 25 }),
  /** Every bin counted, so that absolute counts are planned, or only one of two. */
  whole: fc.boolean(),
  /** Hours between counting and the plan, and between the plan and the first attempt. */
  offline: fc.tuple(fc.constantFrom(0, 1, 30), fc.constantFrom(0, 1, 30)),
  ghost: fc.boolean(),
  behaviour: fc.record({
    atomicBatches: fc.boolean(),
    ignoresIdempotencyKeys: fc.boolean(),
    answersChanges: fc.boolean(),
    pageRows: fc.constantFrom(1, 3, 1000),
    emptyPages: fc.boolean(),
    idempotencyKeyLifeMs: fc.constantFrom(0, 10_000, 24 * HOUR),
  }),
});
type Run = typeof runOf extends fc.Arbitrary<infer Value> ? Value : never;

function startEngine(behaviour: Run['behaviour']): Sandbox<SquareControl> {
  const variations = ITEMS.map((id) => ({ id, item: id, sku: id, stock: { MAIN: '20' } }));
  return createSquareSandbox(
    { clock: CLOCK, square: { locations: [{ id: 'MAIN', name: 'Main' }], variations, behaviour } },
    () => 0,
  );
}

/** Posts each item's bins as counted at this moment; the book agrees with the remote then, so the sum must come out there. */
function post(run: Run, delivery: Delivery, now: string): Map<string, number> {
  const wanted = new Map<string, number>();
  const lines: PostedLine[] = [];
  for (const { item, quantity } of run.counted) {
    if (wanted.has(item)) continue;
    for (const bin of run.whole ? BINS : BINS.slice(0, 1)) {
      const book = bin === 'A' ? 15 : 5;
      const counted = bin === 'A' ? quantity : 5;
      lines.push({
        item,
        bin,
        counted: String(counted),
        bookThen: String(book),
        variance: String(counted - book),
        anchor: `d1-${item}${bin}`,
        countedAt: now,
      });
    }
    wanted.set(item, quantity + 5);
  }
  if (run.ghost)
    lines.push({
      item: 'GHOST',
      bin: 'A',
      counted: '3',
      bookThen: '0',
      variance: '3',
      anchor: 'd1-ghost',
      countedAt: now,
    });
  // Approved in two goes, as a batch may be.
  for (const some of [lines.slice(0, 2), lines.slice(2)])
    if (some.length > 0) delivery.add({ kind: 'lines_posted', batch: 'b1', lines: some });
  return wanted;
}

async function planAgain(run: Run, delivery: Delivery, now: string, withRejected: boolean): Promise<void> {
  const marks = delivery.entries.reduce(foldSendMarks, NO_SEND_MARKS);
  const { lines } = openLines(marks, { connection: 'c1', batch: 'b1', withRejected });
  // A person who sends refused lines again has taken the match of the thing that is not there away.
  const skus = withRejected ? ITEMS : [...ITEMS, 'GHOST'];
  const binSite = () => 'Main';
  const plan = planSend({
    connection: 'c1',
    batch: 'b1',
    posted: lines,
    mapping: {
      items: new Map(skus.map((sku) => [sku, { item: sku, remoteItem: sku, precision: 0 }])),
      sites: new Map([['Main', 'MAIN']]),
      bins: new Map(),
      reasons: new Map(),
    },
    binSite,
    abilities: square.abilities,
    now,
    wholeLocation: (item) =>
      run.whole &&
      item !== 'GHOST' &&
      BINS.every((bin) => lines.some((line) => line.item === item && line.bin === bin)),
    movedDuring: () => false,
    openElsewhere: openElsewhere(marks, { connection: 'c1', batch: 'b1', binSite }),
    lastFrozenAt: lastFrozenAt(marks, 'c1'),
  });
  expect(await delivery.freeze('b1', plan.lines)).toBe(true);
}

async function deliver(run: Run): Promise<void> {
  const engine = startEngine(run.behaviour);
  const { control } = engine;
  const remote = square.open(
    { baseUrl: 'http://sandbox.invalid', accessToken: 'sandbox-token' },
    testMeans({ http: sandboxHttpClient(engine), now: control.now }),
  );
  const delivery = createDelivery({ connector: square, now: control.now, random: () => 0.5, wait: control.advance });
  const wanted = post(run, delivery, control.now());
  control.advance(run.offline[0] * HOUR + 1);
  await planAgain(run, delivery, control.now(), false);
  control.advance(run.offline[1] * HOUR);
  for (const step of run.steps) {
    control.clearFaults();
    if (step.fault) control.fault(step.fault);
    if (step.sale !== null) {
      control.sale({ variation: step.sale, location: 'MAIN', quantity: '1' });
      const left = wanted.get(step.sale);
      if (left !== undefined) wanted.set(step.sale, left - 1);
      control.advance(1000);
    }
    const done = await delivery.step(remote, step.crash);
    if (done === 'nothing') await planAgain(run, delivery, control.now(), false);
  }
  control.clearFaults();
  for (let rounds = 0; rounds < 300; rounds += 1) {
    if ((await delivery.step(remote, 'none')) !== 'nothing') continue;
    const before = delivery.entries.length;
    await planAgain(run, delivery, control.now(), true);
    if (delivery.entries.length === before) break;
  }
  expect([...delivery.outbox().values()].every((one) => ['confirmed', 'rejected', 'split'].includes(one.state))).toBe(
    true,
  );
  for (const [item, quantity] of wanted)
    expect([item, control.quantity(item, 'MAIN')]).toEqual([item, String(quantity)]);
  const references = control.changes().flatMap((change) => change.referenceId ?? []);
  if (!run.behaviour.ignoresIdempotencyKeys) expect(new Set(references).size).toBe(references.length);
}

describe('delivery to Square', () => {
  test('O35 whatever fails and wherever the power goes, each approved difference takes effect exactly once', async () => {
    await fc.assert(fc.asyncProperty(runOf, deliver), { numRuns: 500 });
  });
});
