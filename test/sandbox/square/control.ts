import { z } from 'zod';
import type { Access } from './access.ts';
import { faultSchema, type Faults, type FaultInput } from './faults.ts';
import type { SquareState } from './state.ts';
import { computeCount, countText, type RecordedChange } from './stock.ts';

/** One request that the sandbox has seen. `outcome`: the status answered, or how the answer was withheld. */
export type LoggedRequest = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly version: string | null;
  readonly body: string;
  readonly outcome: number | 'drop' | 'hang';
  readonly fault?: string;
};

/** Turns the sandbox's switches, in a test directly and from outside through `/_sandbox/`. */
export type SandboxControl = {
  now(): string;
  advance(byMs: number): void;
  fault(fault: FaultInput): void;
  clearFaults(): void;
  expireToken(): void;
  restoreToken(): void;
  /** A sale at the till, at this moment. */
  sale(sale: { variation: string; location: string; quantity: string }): void;
  /** What is in stock now; undefined: no record. */
  quantity(variation: string, location: string): string | undefined;
  changes(): readonly RecordedChange[];
  log(): readonly LoggedRequest[];
};

export function createControl(parts: {
  state: SquareState;
  access: Access;
  faults: Faults;
  log: LoggedRequest[];
}): SandboxControl {
  const { state, access, faults, log } = parts;
  const now = () => new Date(state.clock.now()).toISOString();
  return {
    now,
    advance: (byMs) => state.clock.advance(byMs),
    fault: (fault) => faults.add(faultSchema.parse(fault)),
    clearFaults: () => faults.clear(),
    expireToken: () => access.expire(),
    restoreToken: () => access.restore(),
    sale({ variation, location, quantity }) {
      const at = state.clock.now();
      const states = { fromState: 'IN_STOCK', toState: 'SOLD' };
      state.stock.append({
        type: 'ADJUSTMENT',
        variation,
        location,
        ...states,
        quantity,
        occurredAt: at,
        createdAt: at,
        occurredAtText: now(),
      });
    },
    quantity(variation, location) {
      const count = computeCount(state.stock.of(variation, location), 'IN_STOCK', state.clock.now());
      return count === undefined ? undefined : countText(count);
    },
    changes: () => state.stock.all(),
    log: () => log,
  };
}

const switchSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('expireToken') }),
  z.object({ kind: z.literal('restoreToken') }),
  z.object({ kind: z.literal('clear') }),
  z.object({ kind: z.literal('sale'), variation: z.string(), location: z.string(), quantity: z.string() }),
  ...faultSchema.options,
]);
const advanceSchema = z.object({ ms: z.number().int() });

/** Answers `/_sandbox/…`: a status and a JSON value. */
export function answerControl(
  control: SandboxControl,
  method: string,
  path: string,
  text: string,
): { status: number; value: unknown } {
  const body: unknown = parseJson(text);
  if (method === 'GET' && path === '/_sandbox/now') return { status: 200, value: { now: control.now() } };
  if (method === 'GET' && path === '/_sandbox/log') return { status: 200, value: { requests: control.log() } };
  if (method === 'GET' && path === '/_sandbox/changes') return { status: 200, value: { changes: control.changes() } };
  if (method === 'POST' && path === '/_sandbox/advance') {
    const parsed = advanceSchema.safeParse(body);
    if (!parsed.success) return { status: 400, value: { error: parsed.error.message } };
    control.advance(parsed.data.ms);
    return { status: 200, value: { now: control.now() } };
  }
  if (method === 'POST' && path === '/_sandbox/fault') {
    const parsed = switchSchema.safeParse(body);
    if (!parsed.success) return { status: 400, value: { error: parsed.error.message } };
    turn(control, parsed.data);
    return { status: 200, value: {} };
  }
  return { status: 404, value: { error: 'no such switch' } };
}

function turn(control: SandboxControl, wanted: z.infer<typeof switchSchema>): void {
  if (wanted.kind === 'expireToken') control.expireToken();
  else if (wanted.kind === 'restoreToken') control.restoreToken();
  else if (wanted.kind === 'clear') control.clearFaults();
  else if (wanted.kind === 'sale') control.sale(wanted);
  else control.fault(wanted);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
