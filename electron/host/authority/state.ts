import type { Decision, Fact, FactOf } from '../../../shared/domain/ledger-entry.ts';
import { binOf, lineKey, type LineKey } from '../../../shared/domain/line-key.ts';
import { binKey } from '../../../shared/domain/location.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { sheetKey } from '../../../shared/domain/stocktake.ts';
import { emptyDesk, foldDesk, type DeskState } from '../../../shared/sync/desk/desk-state.ts';
import { emptyAccess, foldAccess, type AccessState } from './access-state.ts';

/** A batch and a line as one key. */
export type PairKey = string;

const PAIR = '\u001E';

export function pairKey(left: string, right: string): PairKey {
  return `${left}${PAIR}${right}`;
}

/** What the host must know of one stocktake to refuse a wrong decision. Grows with its lines, so it is kept a file each. */
export type StocktakeMarks = {
  /** Who counted a line, in any pass; a count taken back still counts as having counted. */
  readonly counters: Map<LineKey, Set<string>>;
  /** Who declared a bin empty: they counted every line of it. */
  readonly emptiers: Map<string, Set<string>>;
  /** By batch and line. */
  readonly decisions: Map<PairKey, Decision>;
  /** Who approved a line that is approved. */
  readonly approvers: Map<PairKey, string>;
  readonly posted: Set<PairKey>;
  /** Entries taken back. */
  readonly voided: Set<string>;
  /** Who scanned a code that nobody knew, by sheet and code: what it is matched to, they have counted. */
  readonly seers: Map<PairKey, Set<string>>;
  /** The matches of such a code, taken back or not: entry and line as one key. */
  readonly matched: Map<PairKey, Set<PairKey>>;
};

export type KnownBatch = {
  readonly stocktake: string;
  readonly pass: number;
  readonly bins: readonly string[];
  /** It is not known here what was handed in: only that something of it is to be counted again. */
  readonly isAsked?: true;
  /** Sequence of the first entry that posted lines of it. */
  readonly postedFrom?: number;
  /** The batch whose posted lines it takes back. */
  readonly reverses?: string;
};
export type KnownConnection = {
  readonly remote: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
};

/** Everything the host's checks read: a fold of the journal, small but for the marks of stocktakes. */
export type AuthorityState = {
  readonly people: Map<string, Person>;
  readonly access: AccessState;
  readonly stocktakes: Set<string>;
  readonly batches: Map<string, KnownBatch>;
  readonly marks: Map<string, StocktakeMarks>;
  readonly connections: Map<string, KnownConnection>;
  readonly desk: DeskState;
  /** SHA-256 of the newest catalogue files, newest last, three a kind. */
  readonly catalogues: { items: readonly string[]; bins: readonly string[] };
};

export function emptyMarks(): StocktakeMarks {
  return {
    counters: new Map(),
    emptiers: new Map(),
    decisions: new Map(),
    approvers: new Map(),
    posted: new Set(),
    voided: new Set(),
    seers: new Map(),
    matched: new Map(),
  };
}

/** Bins of batches with a line that is to be counted again, worked out anew after a decision. */
const askedOf = new WeakMap<StocktakeMarks, ReadonlySet<PairKey>>();

/** Batch and bin wherever a line of them was sent for another count. */
export function askedAgain(marks: StocktakeMarks): ReadonlySet<PairKey> {
  const known = askedOf.get(marks);
  if (known !== undefined) return known;
  const asked = new Set<PairKey>();
  for (const [key, decision] of marks.decisions) {
    const [batch = '', line = ''] = key.split(PAIR);
    if (decision === 'recount') asked.add(pairKey(batch, binOf(line)));
  }
  askedOf.set(marks, asked);
  return asked;
}

/** What a code on a sheet is kept under. */
export function codeKey({ pass, bin, code }: { pass: number; bin: string; code: string }): PairKey {
  return pairKey(sheetKey(pass, bin), code);
}

/** The entry and the line of a match. */
export function readMatched(key: PairKey): { id: string; line: LineKey } {
  const [id = '', line = ''] = key.split(PAIR);
  return { id, line };
}

export function emptyState(): AuthorityState {
  return {
    people: new Map(),
    access: emptyAccess(),
    stocktakes: new Set(),
    batches: new Map(),
    marks: new Map(),
    connections: new Map(),
    desk: emptyDesk(),
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

/** Where a fact stands: what an entry says beside its fact. Without an id it is a draft. */
export type Place = {
  readonly by: string;
  readonly at: string;
  readonly seq: number;
  readonly id?: string;
  /** It stands in the chain of another laptop, so `seq` is no place in this journal. */
  readonly isForeign?: true;
};

/** A match, or its withdrawal, changed what was counted: who approved the line looks again. It may also make a batch. */
function changeFigure(
  state: AuthorityState,
  known: AuthorityState,
  fact: FactOf<'unknown_matched' | 'match_withdrawn'>,
  line: LineKey,
): void {
  const { stocktake, pass, bin, batch } = fact;
  for (const [id, other] of [...known.batches, ...state.batches]) {
    const isHere =
      other.stocktake === stocktake && other.pass === pass && other.bins.some((one) => binKey(one) === binKey(bin));
    if (!isHere) continue;
    const marks = marksOf(state, stocktake);
    marks.decisions.set(pairKey(id, line), 'undecided');
    askedOf.delete(marks);
  }
  if (!state.batches.has(batch)) state.batches.set(batch, { stocktake, pass, bins: [bin] });
}

/**
 * Folds one fact in. Every step may be repeated in order without changing the result, so that marks saved a little later
 * than the rest do no harm. `batches` are looked up in `known`, which holds the same state unless a draft is folded.
 * One switch, so that the compiler names every kind of fact that nobody thought about.
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
    case 'pin_set':
    case 'sign_in_refused':
    case 'tries_cleared':
    case 'recovery_code_set':
    case 'pin_lengths_set':
    case 'checkpoint_kept':
      foldAccess(state.access, fact);
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
    case 'unknown_scanned': {
      const marks = marksOf(state, fact.stocktake);
      note(marks.seers, codeKey(fact), place.by);
      for (const match of marks.matched.get(codeKey(fact)) ?? [])
        note(marks.counters, readMatched(match).line, place.by);
      return;
    }
    case 'unknown_matched': {
      const marks = marksOf(state, fact.stocktake);
      note(marks.matched, codeKey(fact), pairKey(place.id ?? '', lineKey(fact)));
      const seers = new Set([
        ...(marks.seers.get(codeKey(fact)) ?? []),
        ...(known.marks.get(fact.stocktake)?.seers.get(codeKey(fact)) ?? []),
      ]);
      for (const person of seers) note(marks.counters, lineKey(fact), person);
      changeFigure(state, known, fact, lineKey(fact));
      return;
    }
    case 'match_withdrawn':
      marksOf(state, fact.stocktake).voided.add(fact.withdraws);
      changeFigure(state, known, fact, lineKey({ ...fact.was, bin: fact.bin }));
      return;
    case 'bin_confirmed_empty':
      note(marksOf(state, fact.stocktake).emptiers, binKey(fact.bin), place.by);
      return;
    case 'count_voided':
      marksOf(state, fact.stocktake).voided.add(fact.voids);
      return;
    case 'batch_submitted':
      if (state.batches.get(fact.batch)?.isAsked ?? !state.batches.has(fact.batch))
        state.batches.set(fact.batch, { stocktake: fact.stocktake, pass: fact.pass, bins: fact.bins });
      return;
    case 'lines_decided': {
      const { recount } = fact;
      if (recount !== undefined && !state.batches.has(fact.batch) && !known.batches.has(fact.batch))
        state.batches.set(fact.batch, { ...recount, bins: fact.lines.map(({ bin }) => bin), isAsked: true });
      const marks = marksOfBatch(fact.batch);
      if (marks === undefined) return;
      for (const line of fact.lines) {
        const key = pairKey(fact.batch, lineKey(line));
        marks.decisions.set(key, fact.decision);
        if (fact.decision === 'approve') marks.approvers.set(key, place.by);
        else marks.approvers.delete(key);
      }
      askedOf.delete(marks);
      return;
    }
    case 'lines_posted': {
      const marks = marksOfBatch(fact.batch);
      for (const line of fact.lines) marks?.posted.add(pairKey(fact.batch, lineKey(line)));
      const batch = state.batches.get(fact.batch);
      // What another laptop posted is sent from there.
      if (batch !== undefined && batch.postedFrom === undefined && place.isForeign === undefined)
        state.batches.set(fact.batch, { ...batch, postedFrom: place.seq });
      return;
    }
    case 'lines_reversed': {
      const reversed = state.batches.get(fact.reverses) ?? known.batches.get(fact.reverses);
      if (reversed === undefined) return;
      const before = state.batches.get(fact.batch)?.bins ?? [];
      const bins = [...new Set([...before, ...fact.lines.map(({ bin }) => bin)])];
      state.batches.set(fact.batch, { ...reversed, bins, reverses: fact.reverses });
      return;
    }
    case 'connection_saved':
      state.connections.set(fact.connection, { remote: fact.remote, name: fact.name, settings: fact.settings });
      return;
    case 'mapping_set':
    case 'send_frozen':
    case 'send_attempted':
    case 'send_settled':
    case 'doubt_settled':
    case 'drift_decided':
    case 'file_job_started':
      foldDesk(state.desk, fact, place);
      return;
    case 'person_key_added':
    case 'site_created':
    case 'laptop_enrolled':
    case 'laptop_named':
    case 'laptop_revoked':
    case 'heard':
    case 'connection_held':
    case 'overlap_settled':
    case 'barcode_taught':
    case 'barcode_retired':
    case 'item_retired':
    case 'bin_retired':
    case 'bin_made':
    case 'stock_changed':
    case 'stock_moved':
    case 'expected_named':
    case 'bin_opened':
    case 'serial_repeated':
    case 'unknown_noted':
    case 'unknown_proposed':
    case 'bin_skipped':
    case 'bin_finished':
    case 'remote_observed':
    case 'remote_moved':
    case 'veiled':
      return;
  }
}
