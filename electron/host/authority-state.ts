import type { Decision, Fact, Outcome } from '../../shared/domain/ledger-entry.ts';
import { lineKey, type LineKey } from '../../shared/domain/line-key.ts';
import { binKey } from '../../shared/domain/location.ts';
import type { Person } from '../../shared/domain/person.ts';
import { lineOutcome } from '../../shared/sync/open-lines.ts';

/** A batch and a line, or a connection and a reference, as one key. */
export type PairKey = string;

export function pairKey(left: string, right: string): PairKey {
  return `${left}\u001E${right}`;
}

/** What the host must know of one stocktake to refuse a wrong decision. Grows with its lines, so it is kept a file each. */
export type StocktakeMarks = {
  /** Who counted a line, in any pass; a count taken back still counts as having counted. */
  readonly counters: Map<LineKey, Set<string>>;
  /** Who declared a bin empty: they counted every line of it. */
  readonly emptiers: Map<string, Set<string>>;
  /** By batch and line. */
  readonly decisions: Map<PairKey, Decision>;
  readonly posted: Set<PairKey>;
  /** Entries taken back. */
  readonly voided: Set<string>;
  /** By connection and reference: the request that carries it; '' when it may be frozen anew. */
  readonly frozen: Map<PairKey, string>;
  readonly requests: Set<string>;
};

export type KnownBatch = {
  readonly stocktake: string;
  readonly pass: number;
  readonly bins: readonly string[];
  /** Sequence of the first entry that posted lines of it. */
  readonly postedFrom?: number;
};
export type KnownConnection = {
  readonly remote: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
};

/** A frozen request that is not settled for good. Its bytes stay in the journal, in entry `seq` at `index`. */
export type OpenRequest = {
  readonly connection: string;
  readonly batch: string;
  readonly seq: number;
  readonly index: number;
  readonly refs: readonly string[];
  readonly frozenAt: string;
  readonly attempts: number;
  readonly state: 'queued' | 'sending' | 'unknown';
  readonly code?: string;
  readonly firstAttemptAt?: string;
  readonly attemptedAt?: string;
};

/** Everything the host's checks read: a fold of the journal, small but for the marks of stocktakes. */
export type AuthorityState = {
  readonly people: Map<string, Person>;
  readonly stocktakes: Set<string>;
  readonly batches: Map<string, KnownBatch>;
  readonly marks: Map<string, StocktakeMarks>;
  readonly connections: Map<string, KnownConnection>;
  /** By connection: our site → their location. */
  readonly sites: Map<string, Map<string, string>>;
  readonly outbox: Map<string, OpenRequest>;
  /** SHA-256 of the newest catalogue files, newest last, three a kind. */
  readonly catalogues: { items: readonly string[]; bins: readonly string[] };
};

export function emptyMarks(): StocktakeMarks {
  return {
    counters: new Map(),
    emptiers: new Map(),
    decisions: new Map(),
    posted: new Set(),
    voided: new Set(),
    frozen: new Map(),
    requests: new Set(),
  };
}

export function emptyState(): AuthorityState {
  return {
    people: new Map(),
    stocktakes: new Set(),
    batches: new Map(),
    marks: new Map(),
    connections: new Map(),
    sites: new Map(),
    outbox: new Map(),
    catalogues: { items: [], bins: [] },
  };
}

/** The marks of a stocktake, made when it has none yet. */
export function marksOf(state: AuthorityState, stocktake: string): StocktakeMarks {
  const known = state.marks.get(stocktake);
  if (known !== undefined) return known;
  const made = emptyMarks();
  state.marks.set(stocktake, made);
  return made;
}

function note<Key>(map: Map<Key, Set<string>>, key: Key, person: string): void {
  const people = map.get(key);
  if (people === undefined) map.set(key, new Set([person]));
  else people.add(person);
}

/** Where a fact stands: what an entry says beside its fact. */
export type Place = { readonly by: string; readonly at: string; readonly seq: number };

function settle(
  state: AuthorityState,
  id: string,
  request: OpenRequest,
  marks: StocktakeMarks | undefined,
  outcome: Outcome,
): void {
  switch (outcome.state) {
    case 'retry':
      state.outbox.set(id, { ...request, state: 'queued', code: outcome.code });
      return;
    case 'unknown':
      state.outbox.set(id, { ...request, state: 'unknown', code: outcome.code });
      return;
    case 'confirmed':
      state.outbox.delete(id);
      return;
    case 'rejected':
      state.outbox.delete(id);
      for (const ref of request.refs) {
        if (lineOutcome(outcome, ref) !== 'confirmed') marks?.frozen.set(pairKey(request.connection, ref), '');
      }
  }
}

/**
 * Folds one fact in. Every step may be repeated in order without changing the result, so that marks saved a little later
 * than the rest do no harm. `batches` are looked up in `known`, which holds the same state unless a draft is folded.
 */
export function applyFact(state: AuthorityState, fact: Fact, place: Place, known: AuthorityState = state): void {
  const marksOfBatch = (batch: string): StocktakeMarks | undefined => {
    const found = state.batches.get(batch) ?? known.batches.get(batch);
    return found === undefined ? undefined : marksOf(state, found.stocktake);
  };
  switch (fact.kind) {
    case 'person_changed':
      state.people.set(fact.person, { id: fact.person, name: fact.name, roles: fact.roles, active: fact.active });
      return;
    case 'catalogue_imported': {
      const others = state.catalogues[fact.what].filter((sha256) => sha256 !== fact.sha256);
      state.catalogues[fact.what] = [...others, fact.sha256].slice(-3);
      return;
    }
    case 'stocktake_created':
      state.stocktakes.add(fact.stocktake);
      return;
    case 'counted':
      note(marksOf(state, fact.stocktake).counters, lineKey(fact), place.by);
      return;
    case 'bin_confirmed_empty':
      note(marksOf(state, fact.stocktake).emptiers, binKey(fact.bin), place.by);
      return;
    case 'count_voided':
      marksOf(state, fact.stocktake).voided.add(fact.voids);
      return;
    case 'batch_submitted':
      if (!state.batches.has(fact.batch))
        state.batches.set(fact.batch, { stocktake: fact.stocktake, pass: fact.pass, bins: fact.bins });
      return;
    case 'lines_decided':
      for (const line of fact.lines)
        marksOfBatch(fact.batch)?.decisions.set(pairKey(fact.batch, lineKey(line)), fact.decision);
      return;
    case 'lines_posted': {
      const marks = marksOfBatch(fact.batch);
      for (const line of fact.lines) marks?.posted.add(pairKey(fact.batch, lineKey(line)));
      const batch = state.batches.get(fact.batch);
      if (batch !== undefined && batch.postedFrom === undefined)
        state.batches.set(fact.batch, { ...batch, postedFrom: place.seq });
      return;
    }
    case 'connection_saved':
      state.connections.set(fact.connection, { remote: fact.remote, name: fact.name, settings: fact.settings });
      return;
    case 'mapping_set': {
      const sites = new Map(state.sites.get(fact.connection));
      for (const { site, remoteLocation } of fact.sites) {
        if (remoteLocation === '') sites.delete(site);
        else sites.set(site, remoteLocation);
      }
      state.sites.set(fact.connection, sites);
      return;
    }
    case 'send_frozen': {
      const { connection, batch } = fact;
      const marks = marksOfBatch(batch);
      for (const [index, request] of fact.requests.entries()) {
        const refs = request.lines.map((line) => line.ref);
        state.outbox.set(request.id, {
          connection,
          batch,
          seq: place.seq,
          index,
          refs,
          frozenAt: place.at,
          attempts: 0,
          state: 'queued',
        });
        marks?.requests.add(request.id);
        for (const ref of refs) marks?.frozen.set(pairKey(connection, ref), request.id);
      }
      return;
    }
    case 'send_attempted': {
      const request = state.outbox.get(fact.request);
      if (request === undefined) return;
      const { code: _code, ...rest } = request;
      const firstAttemptAt = request.firstAttemptAt ?? place.at;
      const attempts = Math.max(request.attempts, fact.attempt);
      state.outbox.set(fact.request, { ...rest, state: 'sending', attempts, firstAttemptAt, attemptedAt: place.at });
      return;
    }
    case 'send_settled': {
      const request = state.outbox.get(fact.request);
      if (request !== undefined) settle(state, fact.request, request, marksOfBatch(request.batch), fact.outcome);
      return;
    }
    case 'barcode_taught':
    case 'stock_changed':
    case 'stock_moved':
    case 'bin_opened':
    case 'unknown_scanned':
    case 'bin_skipped':
    case 'bin_finished':
    case 'remote_observed':
      return;
  }
}
