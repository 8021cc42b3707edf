import type { Fact, FrozenRequest, LedgerEntry, Outcome } from '../../domain/ledger-entry.ts';
import { ENGINE } from '../../domain/person.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HostError } from '../../ports/host.ts';
import type { RemoteConnector, RemoteError, RemoteInventory } from '../../ports/remote-inventory.ts';
import type { DeskState, OpenRequest } from './desk-state.ts';
import type { Sent } from './judge-plan.ts';
import type { SendMarks } from '../outbox/open-lines.ts';
import { createSeenFigures, type SeenFigures } from './seen-figures.ts';
import type { SettleContext } from '../outbox/outcomes.ts';
import { LONGEST_WAIT_MS } from '../outbox/waits.ts';

/** What a step of the desk has sealed. */
export type Sealed = Promise<Result<{ entries: LedgerEntry[] }, HostError>>;
/** One frozen request on its connection. */
export type Step = { readonly connection: string; readonly request: string };

/** A connection ready for use; `name` is what people call it. */
export type OpenConnection = {
  readonly name: string;
  readonly connector: RemoteConnector;
  readonly remote: RemoteInventory;
  /** By how much this laptop's clock is ahead of the remote's, ms; absent, or undefined, where it is not known. */
  readonly clockAheadMs?: () => number | undefined;
};

/** What was done elsewhere. `isUnderWay`: something that another laptop froze has not come to its end at the place. */
export type Elsewhere = {
  /** Other connections to the same account. */
  readonly beside: readonly string[];
  readonly isUnderWay: (place: { remoteItem: string; remoteLocation: string }) => boolean;
};

/** What the desk stands on. Nothing else reaches it: no clock, no chance, no network of its own. */
export type DeskPorts = {
  /** Seals facts, all or none; answers when they are durable. */
  record(by: string, facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], HostError>>;
  /** Everything sealed so far, folded. */
  state(): DeskState;
  /** What was posted in a batch, and how far it was sent over the connection; `not_found` when there is no such batch. */
  marks(sent: Sent): Promise<Result<SendMarks, HostError>>;
  /** What other laptops have done with what would be sent; nothing unless given. */
  elsewhere?(sent: Sent): Promise<Result<Elsewhere, HostError>>;
  /** A frozen request as it was sealed. */
  frozenBytes(id: string, place: { seq: number; index: number }): Promise<Result<FrozenRequest, HostError>>;
  open(connection: string): Promise<Result<OpenConnection, HostError>>;
  /** Ms since 1970. */
  now(): number;
  /** In [0, 1): spreads waiting times. */
  random(): number;
};

/** What every part of the desk works with. */
export type DeskTools = {
  readonly ports: DeskPorts;
  readonly seen: SeenFigures;
  /** The present, ISO. */
  now(): string;
  /** Hears what a remote has answered, whoever asked: a wait that it asks for is kept by all. Gives the answer back. */
  heard<Value>(connection: string, answer: Result<Value, RemoteError>): Result<Value, RemoteError>;
  /** Asks a remote for something that is not sealed, unless it has asked to be left alone. */
  ask<Value>(
    connection: string,
    question: (remote: RemoteInventory) => Promise<Result<Value, RemoteError>>,
  ): Promise<Result<Value, HostError>>;
  /** Asks a remote that takes times how far our clock is off, where that is not known. Without an answer it stays unknown. */
  hearClock(connection: string, at: OpenConnection): Promise<void>;
  /** Until when the remote has asked to be left alone; undefined: it may be asked. */
  heldUntil(connection: string): string | undefined;
  seal(by: string, facts: readonly Fact[]): Sealed;
  /** Runs `work` for one open request, if none is under way on its connection. */
  withRequest(input: Step, work: (open: OpenRequest, request: FrozenRequest, at: OpenConnection) => Sealed): Sealed;
  /** Seals what an attempt has come to. */
  settled(input: Step, open: OpenRequest, attempt: number, outcome: Outcome): Sealed;
  contextOf(
    open: OpenRequest,
    request: FrozenRequest,
    at: OpenConnection,
  ): SettleContext & { readonly attemptedAt: string };
};

/** A refusal of what was asked. */
export function refuse(reason: string): { ok: false; error: HostError } {
  return err({ code: 'bad_request', reason });
}

/** The code of a step that was put off: the remote had asked for patience, whoever it was that asked too much. */
export const ASKED_TO_WAIT = 'asked_to_wait';

/** The code of a step that was put off: what the request says would still lie in the remote's future. */
export const TIME_NOT_COME = 'time_not_come';

/** What a remote that asked to be left alone is to the page. */
export function stillHeld(name: string, until: string, now: number): HostError {
  const retryAfterMs = Date.parse(until) - now;
  return remoteFailed(name, { code: 'rate_limited', retryAfterMs, detail: `asked to wait until ${until}` });
}

/** What a remote's refusal is to the page: the connection's name, its code, and the words for a person. */
export function remoteFailed(name: string, error: RemoteError): HostError {
  const { code: problem, detail } = error;
  const retryAfterMs = 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  const patience = retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) };
  return { code: 'remote_failed', remote: name, problem, detail: detail.slice(0, 500), ...patience };
}

/** A wait that a remote asked for, by this laptop's clock. */
type Wait = { heardAt: number; readonly waitMs: number };

function endOf(wait: Wait | undefined): number {
  return wait === undefined ? 0 : wait.heardAt + wait.waitMs;
}

/**
 * The tools over some ports. One request at a time is under way on a connection.
 * One piece: the tools share the waits and the turns.
 */
export function createDeskTools(ports: DeskPorts): DeskTools {
  const underWay = new Set<string>();
  const seen = createSeenFigures();
  const now = () => new Date(ports.now()).toISOString();

  async function seal(by: string, facts: readonly Fact[]): Sealed {
    if (facts.length === 0) return ok({ entries: [] });
    const sealed = await ports.record(by, facts);
    return sealed.ok ? ok({ entries: [...sealed.value] }) : sealed;
  }

  async function withRequest(
    input: Step,
    work: (open: OpenRequest, request: FrozenRequest, at: OpenConnection) => Sealed,
  ): Sealed {
    if (underWay.has(input.connection)) return err({ code: 'busy' });
    underWay.add(input.connection);
    try {
      const open = ports.state().open.get(input.request);
      if (open?.connection !== input.connection) return err({ code: 'not_found', what: 'request' });
      const request = await ports.frozenBytes(input.request, open);
      if (!request.ok) return request;
      const opened = await ports.open(input.connection);
      return opened.ok ? await work(open, request.value, opened.value) : opened;
    } finally {
      underWay.delete(input.connection);
    }
  }

  function settled(input: Step, open: OpenRequest, attempt: number, outcome: Outcome): Sealed {
    seen.forget(input.connection, open.lines);
    const { connection, request } = input;
    return seal(ENGINE, [{ kind: 'send_settled', connection, request, attempt: Math.max(1, attempt), outcome }]);
  }

  function contextOf(open: OpenRequest, request: FrozenRequest, { connector }: OpenConnection) {
    return {
      lines: request.lines,
      attempt: open.failures + 1,
      now: now(),
      random: ports.random(),
      idempotent: connector.abilities.idempotencyKeys,
      attemptedAt: open.attemptedAt ?? open.frozenAt,
      unresolved: open.unresolved === true,
      lostAt: open.lostAt,
      lastCode: open.code,
    };
  }

  const held = new Map<string, Wait>();

  function heard<Value>(connection: string, answer: Result<Value, RemoteError>): Result<Value, RemoteError> {
    if (answer.ok || answer.error.code !== 'rate_limited' || answer.error.retryAfterMs === undefined) return answer;
    const waitMs = Math.min(answer.error.retryAfterMs, LONGEST_WAIT_MS);
    const heardAt = ports.now();
    if (heardAt + waitMs > endOf(waitOf(connection))) held.set(connection, { heardAt, waitMs });
    return answer;
  }

  /** One begun under a clock that has been put back since begins anew: nobody knows how much of it has passed. */
  function waitOf(connection: string): Wait | undefined {
    const wait = held.get(connection);
    if (wait !== undefined) wait.heardAt = Math.min(wait.heardAt, ports.now());
    return wait;
  }

  function heldUntil(connection: string): string | undefined {
    const until = endOf(waitOf(connection));
    if (until > ports.now()) return new Date(until).toISOString();
    held.delete(connection);
    return undefined;
  }

  async function ask<Value>(
    connection: string,
    question: (remote: RemoteInventory) => Promise<Result<Value, RemoteError>>,
  ): Promise<Result<Value, HostError>> {
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const { name, remote } = opened.value;
    const until = heldUntil(connection);
    if (until !== undefined) return err(stillHeld(name, until, ports.now()));
    const answer = heard(connection, await question(remote));
    return answer.ok ? answer : err(remoteFailed(name, answer.error));
  }

  async function hearClock(connection: string, { connector, clockAheadMs }: OpenConnection): Promise<void> {
    if (connector.abilities.backDatingMs === 0 || clockAheadMs === undefined || clockAheadMs() !== undefined) return;
    await ask(connection, (remote) => remote.locations());
  }

  return { ports, seen, now, heard, ask, hearClock, heldUntil, seal, withRequest, settled, contextOf };
}
