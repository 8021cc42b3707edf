import type { Fact, FactOf, FrozenRequest, ObservedCount, Outcome } from '../../domain/ledger-entry.ts';
import { binKey } from '../../domain/location.ts';
import {
  addAgain,
  emptyAgain,
  frozenNow,
  isReplaced,
  type Again,
  type LineName,
  type Replacing,
} from '../outbox/again.ts';
import { isFinal, isHalved, type FinalOutcome } from '../outbox/line-outcome.ts';
import { CANNOT_READ_BACK, NOT_THERE, REFUSED_EARLY } from '../outbox/outcomes.ts';
import { byEnding, FROZEN, stepped, toldOf, type Progress } from '../outbox/request-steps.ts';
import { restOfWait } from '../outbox/waits.ts';
import { figureKey } from '../../ports/figure-key.ts';

type OpenOutcome = Exclude<Outcome, FinalOutcome>;
type Stepping = 'send_attempted' | 'send_settled' | 'file_job_started';

/** A frozen request that is not settled for good. Its bytes stay in the journal, in entry `seq` at `index`. */
export type OpenRequest = Progress & {
  readonly state: 'queued' | 'sending' | 'unknown';
  readonly connection: string;
  readonly batch: string;
  readonly seq: number;
  readonly index: number;
  readonly lines: readonly LineName[];
  readonly frozenAt: string;
  /** How often it did not come to an end so far: waits grow with it. */
  readonly failures: number;
  readonly delivery?: 'file';
  /** An attempt may have taken effect, and nothing has shown since that it did not. */
  readonly unresolved?: true;
  /** The last attempt of which nobody heard how it ended: it may still be on its way. */
  readonly lostAt?: string;
  /** When the last reading began that found nothing of it. */
  readonly lookedAt?: string;
  /** The remote's figures just before the last attempt. */
  readonly before?: readonly ObservedCount[];
};

/** A finished request of which lines go again, or are in doubt. */
export type LeftRequest = Pick<OpenRequest, 'connection' | 'batch' | 'seq' | 'index' | 'lines' | 'delivery'> & {
  /** The lines go again in two halves. */
  readonly halved: boolean;
  readonly doubtful: readonly string[];
};

/** What the desk must know to send: a fold of the journal that forgets what is done. */
export type DeskState = {
  readonly open: Map<string, OpenRequest>;
  readonly left: Map<string, LeftRequest>;
  /** By connection. */
  readonly again: Map<string, Again>;
  /** By connection: our site or bin → the remote's place. */
  readonly places: Map<string, Map<string, string>>;
  /** Differences that were decided. */
  readonly decisions: Set<string>;
};

/** Nothing frozen yet. */
export function emptyDesk(): DeskState {
  return { open: new Map(), left: new Map(), again: new Map(), places: new Map(), decisions: new Set() };
}

/** Where a fact stands: what its entry says beside it. */
export type FactPlace = { readonly at: string; readonly seq: number };

/** Folds one fact in, in place. Repeating the entries of a stretch in order changes nothing. */
export function foldDesk(state: DeskState, fact: Fact, place: FactPlace): void {
  switch (fact.kind) {
    case 'mapping_set':
      return mapPlaces(state, fact);
    case 'send_frozen':
      for (const [index, request] of fact.requests.entries()) freeze(state, fact, request, { ...place, index });
      return;
    case 'send_attempted':
      return attempt(state, fact, place);
    case 'send_settled':
      return settle(state, fact, place);
    case 'file_job_started':
      return keep(state, fact.request, stepOf(state, fact, place));
    case 'doubt_settled':
      return settleDoubt(state, fact);
    case 'drift_decided':
      state.decisions.add(fact.decision);
      return;
    // Nothing that is sent depends on these.
    case 'person_changed':
    case 'pin_set':
    case 'sign_in_refused':
    case 'tries_cleared':
    case 'recovery_code_set':
    case 'pin_lengths_set':
    case 'person_key_added':
    case 'checkpoint_kept':
    case 'catalogue_imported':
    case 'barcode_taught':
    case 'barcode_retired':
    case 'item_retired':
    case 'bin_retired':
    case 'bin_made':
    case 'site_created':
    case 'laptop_enrolled':
    case 'laptop_named':
    case 'laptop_revoked':
    case 'heard':
    case 'overlap_settled':
    case 'stock_changed':
    case 'stock_moved':
    case 'stocktake_created':
    case 'expected_named':
    case 'bin_opened':
    case 'veiled':
    case 'counted':
    case 'serial_repeated':
    case 'unknown_scanned':
    case 'unknown_noted':
    case 'unknown_matched':
    case 'unknown_proposed':
    case 'match_withdrawn':
    case 'count_voided':
    case 'bin_confirmed_empty':
    case 'bin_skipped':
    case 'bin_finished':
    case 'batch_submitted':
    case 'lines_decided':
    case 'lines_posted':
    case 'lines_reversed':
    case 'connection_saved':
    case 'connection_held':
    case 'remote_observed':
    case 'remote_moved':
      return;
  }
}

function mapPlaces(state: DeskState, fact: FactOf<'mapping_set'>): void {
  const places = new Map(state.places.get(fact.connection));
  const named = [
    ...fact.sites.map(({ site, remoteLocation }) => [`site ${site}`, remoteLocation] as const),
    ...(fact.bins ?? []).map(({ bin, remoteLocation }) => [`bin ${binKey(bin)}`, remoteLocation] as const),
  ];
  for (const [ours, remoteLocation] of named) {
    if (remoteLocation === '') places.delete(ours);
    else places.set(ours, remoteLocation);
  }
  state.places.set(fact.connection, places);
}

function nameOf({ ref, item, bins, remoteItem, remoteLocation }: LineName): LineName {
  return { ref, item, bins, remoteItem, remoteLocation };
}

function freeze(
  state: DeskState,
  { connection, batch }: { connection: string; batch: string },
  request: FrozenRequest,
  { at, seq, index }: FactPlace & { index: number },
): void {
  const again = state.again.get(connection);
  if (again !== undefined) {
    for (const line of request.lines) frozenNow(again, batch, line);
    forgetDone(state, connection);
  }
  state.open.set(request.id, {
    connection,
    batch,
    seq,
    index,
    lines: request.lines.map(nameOf),
    frozenAt: at,
    ...FROZEN,
    state: 'queued',
    failures: 0,
    ...(request.delivery === undefined ? {} : { delivery: request.delivery }),
  });
}

/** An open request after a fact about it that is not its final word; undefined: it is not open. */
function stepOf(state: DeskState, fact: FactOf<Stepping>, { at }: FactPlace): OpenRequest | undefined {
  const request = state.open.get(fact.request);
  return request && stepped(request, { fact, at });
}

function keep(state: DeskState, id: string, next: OpenRequest | undefined): void {
  if (next !== undefined) state.open.set(id, next);
}

function attempt(state: DeskState, fact: FactOf<'send_attempted'>, place: FactPlace): void {
  const next = stepOf(state, fact, place);
  if (next === undefined) return;
  const { code: _code, before: _before, ...rest } = next;
  keep(state, fact.request, { ...rest, ...(fact.before !== undefined && { before: fact.before }) });
}

function settle(state: DeskState, fact: FactOf<'send_settled'>, place: FactPlace): void {
  const { request: id, outcome } = fact;
  const request = state.open.get(id);
  if (request === undefined) return;
  if (isFinal(outcome)) return finish(state, id, request, outcome);
  const next = stepOf(state, fact, place);
  if (next === undefined) return;
  const { unresolved: before, lostAt: _lost, lookedAt: _looked, ...rest } = next;
  const lostAt = lostAfter(request, outcome, place.at);
  const lookedAt = outcome.code === NOT_THERE ? outcome.notBefore : request.lookedAt;
  const unresolved = outcome.code !== NOT_THERE && (before === true || mayBeThere(outcome));
  keep(state, id, {
    ...rest,
    ...(unresolved ? { unresolved } : {}),
    ...(lostAt === undefined || isSettled(lostAt, outcome) ? {} : { lostAt }),
    ...(lookedAt === undefined ? {} : { lookedAt }),
    failures: request.failures + 1,
  });
}

/** When the last attempt was made that nobody heard of. It is past by the time of a refusal, even if the clock was put back. */
function lostAfter(request: OpenRequest, outcome: OpenOutcome, at: string): string | undefined {
  if (isLost(request, outcome)) return request.attemptedAt;
  const { lostAt } = request;
  return outcome.code === REFUSED_EARLY && (lostAt === undefined || lostAt > at) ? at : lostAt;
}

/** Whether a reading that found nothing began when nothing could be on its way any more. */
function isSettled(lostAt: string, { code, notBefore }: OpenOutcome): boolean {
  return code === NOT_THERE && restOfWait(lostAt, notBefore) <= 0;
}

/** Whether an outcome is the first word on an attempt whose answer was lost. */
function isLost(
  request: OpenRequest,
  { state, code }: { state: 'retry' | 'unknown'; code: string },
): request is OpenRequest & { attemptedAt: string } {
  const isUnheard = code === NOT_THERE || (state === 'unknown' && code !== REFUSED_EARLY);
  return request.state === 'sending' && request.attemptedAt !== undefined && isUnheard;
}

/** Whether an outcome that is not final leaves open that the request took effect. */
function mayBeThere(outcome: { state: 'retry' | 'unknown'; code: string }): boolean {
  return outcome.state === 'unknown' || outcome.code === CANNOT_READ_BACK;
}

function finish(state: DeskState, id: string, request: OpenRequest, outcome: FinalOutcome): void {
  state.open.delete(id);
  const { connection, batch, seq, index, lines, delivery } = request;
  const { doubtful: inDoubt, again: missing } = byEnding(outcome, lines);
  const doubtful = inDoubt.map((line) => line.ref);
  if (doubtful.length === 0 && missing.length === 0) return;
  const kind = delivery === undefined ? {} : { delivery };
  state.left.set(id, { connection, batch, seq, index, lines, ...kind, halved: isHalved(outcome), doubtful });
  goAgain(state, id, missing);
}

function goAgain(state: DeskState, id: string, lines: readonly LineName[]): void {
  const left = state.left.get(id);
  if (left === undefined) return;
  const again = state.again.get(left.connection) ?? emptyAgain();
  state.again.set(left.connection, again);
  for (const line of lines) addAgain(again, { ...line, request: id, batch: left.batch });
}

function settleDoubt(state: DeskState, fact: FactOf<'doubt_settled'>): void {
  const left = state.left.get(fact.request);
  if (left === undefined) return;
  const told = toldOf(left.doubtful, fact);
  state.left.set(fact.request, { ...left, doubtful: told.left });
  goAgain(
    state,
    fact.request,
    left.lines.filter((line) => told.missing.includes(line.ref)),
  );
  forgetDone(state, left.connection);
}

/** Forgets finished requests that nothing is left of. */
function forgetDone(state: DeskState, connection: string): void {
  const pending = new Set([...(state.again.get(connection)?.lines.values() ?? [])].map((line) => line.request));
  for (const [id, left] of state.left) {
    if (left.connection === connection && left.doubtful.length === 0 && !pending.has(id)) state.left.delete(id);
  }
}

/** The remote's places that a connection is mapped to. */
export function mappedPlaces(state: DeskState, connection: string): readonly string[] {
  return [...new Set(state.places.get(connection)?.values())];
}

/** Whether a change of ours is on its way to a place, goes again by itself, or is in doubt. What is left of a file is not: a person plans it anew. Nor is a line that `plan` takes the place of. */
export function isUnderWay(
  state: DeskState,
  connection: string,
  plan?: Replacing,
): (place: { remoteItem: string; remoteLocation: string }) => boolean {
  const held = new Set<string>();
  const hold = (line: LineName) => held.add(figureKey(line.remoteItem, line.remoteLocation));
  for (const request of state.open.values()) if (request.connection === connection) request.lines.forEach(hold);
  for (const line of state.again.get(connection)?.lines.values() ?? [])
    if (state.left.get(line.request)?.delivery !== 'file' && !isReplaced(line, plan)) hold(line);
  for (const left of state.left.values()) {
    if (left.connection === connection) left.lines.filter((line) => left.doubtful.includes(line.ref)).forEach(hold);
  }
  return ({ remoteItem, remoteLocation }) => held.has(figureKey(remoteItem, remoteLocation));
}
