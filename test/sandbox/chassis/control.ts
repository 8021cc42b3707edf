import { z } from 'zod';
import type { SandboxClock } from './clock.ts';
import { faultSchema, type FaultInput, type Faults } from './faults.ts';
import type { LoggedRequest, RequestLog } from './log.ts';
import type { SandboxSystem } from './messages.ts';

/** Turns a sandbox's switches, in a test directly and from outside through `/_sandbox/`. */
export type SandboxControl = {
  /** ISO-8601, UTC. */
  now(): string;
  advance(byMs: number): void;
  fault(fault: FaultInput): void;
  clearFaults(): void;
  expireToken(): void;
  restoreToken(): void;
  /** Stock sold by others at this moment, in the system's own words. */
  sale(input: unknown): void;
  /** Any switch by its `kind`, those of the system included. Throws a schema's error for what it does not know. */
  turn(input: unknown): unknown;
  /** What the system shows beside its API. */
  views(): Readonly<Record<string, () => unknown>>;
  log(): readonly LoggedRequest[];
};

const kindSchema = z.object({ kind: z.string() });
const creditsSchema = z.object({ remaining: z.number() });

export function createControl(parts: {
  system: SandboxSystem;
  clock: SandboxClock;
  faults: Faults;
  log: RequestLog;
}): SandboxControl {
  const { system, clock, faults, log } = parts;
  const known = (input: unknown) => {
    const fault = faultSchema.parse(input);
    if (fault.kind === 'errorsIn200' && system.errorsIn200 === undefined) refuseSwitch(system, fault.kind);
    faults.add(fault);
  };
  const turn = (input: unknown): unknown => {
    const { kind } = kindSchema.parse(input);
    const extra = system.extra !== undefined && Object.hasOwn(system.extra, kind) ? system.extra[kind] : undefined;
    if (extra !== undefined) return extra(input);
    if (kind === 'clear') faults.clear();
    else if (kind === 'expireToken') system.expireToken();
    else if (kind === 'restoreToken') system.restoreToken();
    else if (kind === 'sale') system.sale(input);
    else if (kind !== 'setCredits') known(input);
    else if (system.setCredits === undefined) refuseSwitch(system, kind);
    else system.setCredits(creditsSchema.parse(input).remaining);
    return undefined;
  };
  return {
    now: () => new Date(clock.now()).toISOString(),
    advance: (byMs) => clock.advance(byMs),
    fault: known,
    clearFaults: () => faults.clear(),
    expireToken: () => system.expireToken(),
    restoreToken: () => system.restoreToken(),
    sale: (input) => system.sale(input),
    turn,
    views: () => system.views ?? {},
    log: () => log.read(),
  };
}

function refuseSwitch(system: SandboxSystem, kind: string): never {
  throw new z.ZodError([{ code: 'custom', path: ['kind'], message: `${system.system} has no ${kind}`, input: kind }]);
}
