import type { FrozenRequest, ObservedCount, Outcome, SendLine } from '../../domain/ledger-entry.ts';
import { ENGINE } from '../../domain/person.ts';
import { ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { RemoteError, RemoteInventory } from '../../ports/remote-inventory.ts';
import { followFile } from './desk-files.ts';
import {
  ASKED_TO_WAIT,
  refuse,
  TIME_NOT_COME,
  type DeskTools,
  type OpenConnection,
  type Sealed,
  type Step,
} from './desk-ports.ts';
import type { OpenRequest } from './desk-state.ts';
import { inPieces } from './frozen-facts.ts';
import { isInDoubt, readBackSince } from '../outbox/next-due.ts';
import { pastThere } from '../seen/remote-clock.ts';
import { inDoubt } from '../outbox/outcomes.ts';
import { settleEarly, settleReadBack, settleRefused, settleUnread } from '../outbox/settle-read-back.ts';
import { settleLook, settlePush } from '../outbox/settle.ts';
import { LONGEST_WAIT_MS } from '../outbox/waits.ts';
import { figureKey } from '../../ports/figure-key.ts';

/** Items asked for in one reading of figures before an attempt. */
const LOOK_ITEMS = 100;
/** How long a look in vain stands while a request may still be on its way; far less than any key lives. */
const LOOK_HOLDS_MS = 60_000;
/** What is older by our clock is past there too, unless that clock is very wrong. */
const CLOCK_MATTERS_MS = 10 * 60_000;
/** One attempt bears this many figures. */
const MOST_FIGURES = 1_000;

export type SendingSteps = {
  /** One attempt at a request that is surely not at the remote. */
  push(input: Step): Sealed;
  /** Looks up what became of a request whose answer was lost, or how far a file has come. */
  readBack(input: Step): Sealed;
};

type Refused = {
  readonly open: OpenRequest;
  readonly request: FrozenRequest;
  readonly at: OpenConnection;
  readonly known: { readonly since: string; readonly before?: readonly ObservedCount[] };
};

/**
 * The part of the desk that sends, and finds out what became of it. One closure: its steps share what is known of the
 * request under way.
 */
export function createSendingSteps(tools: DeskTools): SendingSteps {
  const { ports, seen, heard, hearClock, heldUntil, seal, withRequest, settled, contextOf } = tools;

  async function push(input: Step): Sealed {
    return withRequest(input, async (open, request, at) => {
      const { connector, remote } = at;
      if (request.delivery === 'file') return refuse('a file is fetched by the remote');
      if (isInDoubt(open)) return refuse('it may have arrived: it must be read back first');
      const { connection } = input;
      const held = heldUntil(connection);
      if (held !== undefined)
        return settled(input, open, open.attempts, { state: 'retry', code: ASKED_TO_WAIT, notBefore: held });
      const early = await untilPast(connection, request, at);
      if (early !== undefined) {
        // A stamp of a clock that was days ahead: no wait is longer than the queue believes, and it is looked at again then.
        const notBefore = new Date(
          Math.min(Date.parse(early), Date.parse(tools.now()) + LONGEST_WAIT_MS - 1),
        ).toISOString();
        return settled(input, open, open.attempts, { state: 'retry', code: TIME_NOT_COME, notBefore });
      }
      if (connector.abilities.readBack !== 'none' && mayHaveArrivedSince(open, tools.now()))
        return lookUp(input, open, request, at);
      const isFigures = connector.abilities.readBack === 'figures';
      const before = isFigures ? heard(connection, await look(request, remote)) : undefined;
      if (before?.ok === false)
        return settled(input, open, open.attempts, settleLook(before.error, contextOf(open, request, at)));
      const attempt = open.attempts + 1;
      const figures = before === undefined ? {} : { before: before.value.slice(0, MOST_FIGURES) };
      const begun = await seal(ENGINE, [
        { kind: 'send_attempted', connection, request: input.request, attempt, ...figures },
      ]);
      if (!begun.ok) return begun;
      seen.forget(connection, open.lines);
      const result = heard(connection, await remote.push(request));
      const outcome = settlePush(result, contextOf(open, request, at));
      const isWhole = connector.abilities.idempotencyKeys || request.lines.length === 1;
      const known = { since: readBackSince(open), ...figures };
      const ended = await settled(
        input,
        open,
        attempt,
        outcome.state === 'rejected' && !isWhole ? await refusedInPart(outcome, { open, request, at, known }) : outcome,
      );
      return ended.ok ? ok({ entries: [...begun.value.entries, ...ended.value.entries] }) : ended;
    });
  }

  /** When all that a request says is past by the remote's clock; undefined: now. A second too early is refused as a whole. */
  async function untilPast(
    connection: string,
    { lines }: FrozenRequest,
    at: OpenConnection,
  ): Promise<string | undefined> {
    const newest = lines.reduce((last, { occurredAt = '' }) => (occurredAt > last ? occurredAt : last), '');
    if (at.connector.abilities.backDatingMs === 0 || newest === '') return undefined;
    const age = () => Date.parse(pastThere(ports.now(), at.clockAheadMs?.())) - Date.parse(newest);
    if (age() < CLOCK_MATTERS_MS) await hearClock(connection, at);
    return age() < 0 ? new Date(ports.now() - age()).toISOString() : undefined;
  }

  /**
   * What a refusal of several lines has come to where a remote keeps no keys: nobody has written down that it takes all or
   * nothing, so nothing goes again before it was looked up. It has answered: nothing is on its way any more.
   */
  async function refusedInPart(
    refusal: Extract<Outcome, { state: 'rejected' }>,
    { open, request, at, known }: Refused,
  ): Promise<Outcome> {
    const context = contextOf(open, request, at);
    if (at.connector.abilities.readBack === 'none') return inDoubt(request.lines);
    const found = heard(open.connection, await at.remote.readBack(request, known));
    if (found.ok) return settleRefused(refusal, found.value, context);
    return settleReadBack(found, { ...context, askedAt: context.now });
  }

  async function readBack(input: Step): Sealed {
    return withRequest(input, async (open, request, at) => {
      if (request.delivery === 'file') return followFile(tools, { input, open, request, at });
      if (!isInDoubt(open)) return refuse('nothing is in doubt about it');
      if (at.connector.abilities.readBack === 'none')
        return settled(input, open, open.attempts, settleUnread(contextOf(open, request, at)));
      const held = heldUntil(input.connection);
      if (held !== undefined)
        return settled(input, open, open.attempts, { state: 'unknown', code: ASKED_TO_WAIT, notBefore: held });
      return lookUp(input, open, request, at);
    });
  }

  async function lookUp(input: Step, open: OpenRequest, request: FrozenRequest, at: OpenConnection): Sealed {
    const { connector, remote } = at;
    const context = contextOf(open, request, at);
    // Figures say nothing while a request may still be on its way: the very same change may be somebody else's.
    const early = connector.abilities.readBack === 'figures' ? settleEarly(context) : undefined;
    if (early !== undefined) return settled(input, open, open.attempts, early);
    const { before } = open;
    const known = { since: readBackSince(open), ...(before !== undefined && { before }) };
    const result = heard(input.connection, await remote.readBack(request, known));
    const after = { ...contextOf(open, request, at), askedAt: context.now };
    return settled(input, open, open.attempts, settleReadBack(result, after));
  }

  return { push, readBack };
}

/**
 * Whether what was looked for in vain may be there all the same: an attempt nobody heard of was still on its way then, and
 * that is a while ago. The laptop was closed, perhaps for a day, and even a key does not live for ever.
 */
function mayHaveArrivedSince({ lostAt, lookedAt }: OpenRequest, now: string): boolean {
  if (lostAt === undefined || lookedAt === undefined) return false;
  const agoMs = Date.parse(now) - Date.parse(lookedAt);
  return agoMs < 0 || agoMs > LOOK_HOLDS_MS;
}

/** The figures of the request's places, read just now. */
async function look(
  request: FrozenRequest,
  remote: RemoteInventory,
): Promise<Result<readonly ObservedCount[], RemoteError>> {
  const found: ObservedCount[] = [];
  const items = [...new Set(request.lines.map((line) => line.remoteItem))];
  const locations = [...new Set(request.lines.map((line) => line.remoteLocation))];
  for (const some of inPieces(items, LOOK_ITEMS)) {
    const endless = watchPages();
    let cursor: string | undefined;
    do {
      const page = await remote.counts({ locations, items: some, ...(cursor !== undefined && { cursor }) });
      if (!page.ok) return page;
      found.push(...figuresOf(request.lines, page.value.counts));
      ({ cursor } = page.value);
      const refused = cursor === undefined ? undefined : endless(cursor);
      if (refused) return refused;
    } while (cursor !== undefined);
  }
  return ok(found);
}

/** The figures of exactly the places that the lines change, out of an answer that may hold more. */
function figuresOf(lines: readonly SendLine[], counts: readonly ObservedCount[]): ObservedCount[] {
  const places = new Set(lines.map((line) => figureKey(line.remoteItem, line.remoteLocation)));
  return counts.filter((count) => places.has(figureKey(count.remoteItem, count.remoteLocation)));
}
