import { WRITERS, type Fact, type FactOf, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { binKey } from '../../../shared/domain/location.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { parseQuantity } from '../../../shared/domain/quantity.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import {
  askedAgain,
  codeKey,
  pairKey,
  readMatched,
  type AuthorityState,
  type KnownBatch,
  type StocktakeMarks,
} from './state.ts';

/** What a proposal is judged by. `layers`: the newest first; facts of one append see the ones before them. */
export type Judgement = {
  readonly layers: readonly AuthorityState[];
  readonly person: Person;
  /** This laptop, whose clock it is. */
  readonly device: string;
  /** Wall clock, ms. */
  readonly nowMs: number;
  /** Entries that voids of this proposal name, by id; absent when the journal does not hold them. */
  readonly targets: ReadonlyMap<string, LedgerEntry>;
  /** Whether a sealed catalogue file is there. */
  readonly hasCatalogue: (sha256: string) => boolean;
};

function refuse(reason: string): HostError {
  return { code: 'bad_request', reason };
}

function first<Value>(
  layers: readonly AuthorityState[],
  find: (layer: AuthorityState) => Value | undefined,
): Value | undefined {
  for (const layer of layers) {
    const found = find(layer);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inMarks<Value>(
  layers: readonly AuthorityState[],
  stocktake: string,
  find: (marks: StocktakeMarks) => Value | undefined,
): Value | undefined {
  return first(layers, (layer) => {
    const marks = layer.marks.get(stocktake);
    return marks === undefined ? undefined : find(marks);
  });
}

type Line = { item: string; bin: string; lot?: string | undefined };

function countedBy(judgement: Judgement, stocktake: string, line: Line, id = judgement.person.id): boolean {
  const found = inMarks(judgement.layers, stocktake, (marks) => {
    const isCounter = marks.counters.get(lineKey(line))?.has(id) === true;
    return isCounter || marks.emptiers.get(binKey(line.bin))?.has(id) === true ? true : undefined;
  });
  return found === true;
}

/** The four-eyes rule: whoever counted a line, in any pass, neither approves nor posts it, whatever roles they hold. */
function ownCount(judgement: Judgement, batch: KnownBatch, lines: readonly Line[]): HostError | null {
  const own = lines.find((line) => countedBy(judgement, batch.stocktake, line));
  return own === undefined ? null : { code: 'own_count', item: own.item, bin: own.bin };
}

function linesOfBatch(judgement: Judgement, id: string, lines: readonly Line[]): KnownBatch | HostError {
  const batch = first(judgement.layers, (layer) => layer.batches.get(id));
  if (batch === undefined || batch.isAsked) return { code: 'not_found', what: 'batch' };
  const bins = new Set(batch.bins.map(binKey));
  if (batch.reverses !== undefined) return refuse('a reversal is posted as it is made');
  const stray = lines.find((line) => !bins.has(binKey(line.bin)));
  if (stray !== undefined) return refuse(`bin ${stray.bin} is not in the batch`);
  const keys = new Set(lines.map(lineKey));
  return keys.size === lines.length ? batch : refuse('a line is named twice');
}

function judgeDecision(judgement: Judgement, fact: FactOf<'lines_decided'>): HostError | null {
  const batch = linesOfBatch(judgement, fact.batch, fact.lines);
  if ('code' in batch) return batch;
  const { recount } = fact;
  if (recount !== undefined && (recount.stocktake !== batch.stocktake || recount.pass !== batch.pass))
    return refuse('the recount is of another pass');
  for (const line of fact.lines) {
    const key = pairKey(fact.batch, lineKey(line));
    if (inMarks(judgement.layers, batch.stocktake, (marks) => marks.posted.has(key) || undefined))
      return refuse('a line is posted already');
  }
  return fact.decision === 'approve' ? ownCount(judgement, batch, fact.lines) : null;
}

/** Whose count of a pile stands says somebody who counted it in no pass, as with a decision about it. */
function judgeSettling(judgement: Judgement, fact: FactOf<'overlap_settled'>): HostError | null {
  const people = new Set(fact.saw.map(({ person }) => person));
  if (people.size !== fact.saw.length) return refuse('a person is named twice');
  if (!people.has(fact.person)) return refuse('who is believed is none of those who counted');
  const isOwn = people.has(judgement.person.id) || countedBy(judgement, fact.stocktake, fact);
  return isOwn ? { code: 'own_count', item: fact.item, bin: fact.bin } : null;
}

function judgePosting(judgement: Judgement, fact: FactOf<'lines_posted'>): HostError | null {
  const batch = linesOfBatch(judgement, fact.batch, fact.lines);
  if ('code' in batch) return batch;
  for (const line of fact.lines) {
    const key = pairKey(fact.batch, lineKey(line));
    if (inMarks(judgement.layers, batch.stocktake, (marks) => marks.posted.has(key) || undefined))
      return refuse('a line is posted already');
    if (inMarks(judgement.layers, batch.stocktake, (marks) => marks.decisions.get(key)) !== 'approve')
      return refuse('a line is not approved');
    // Who approved it may have counted it on another laptop, as was heard since.
    const approver = inMarks(judgement.layers, batch.stocktake, (marks) => marks.approvers.get(key));
    if (approver !== undefined && countedBy(judgement, batch.stocktake, line, approver))
      return { code: 'own_count', item: line.item, bin: line.bin };
    const [counted, book, variance] = [line.counted, line.bookThen, line.variance].map(parseQuantity);
    if (!counted?.ok || !book?.ok || !variance?.ok) return refuse('a figure is no quantity');
    if (counted.value < 0n) return refuse('a counted figure is below zero');
    if (counted.value - book.value !== variance.value) return refuse('a variance is not counted less book');
    // Another laptop's clock may be ahead of this one's: its figures are held to its own entries all the same.
    const isOurs = line.anchor.startsWith(`${judgement.device}-`);
    if (isOurs && Date.parse(line.countedAt) > judgement.nowMs) return refuse('a line was counted later than now');
  }
  return ownCount(judgement, batch, fact.lines);
}

/** Whoever counted a line does not take its posting back. Whether it may be, and with what figures, the books say. */
function judgeReversal(judgement: Judgement, fact: FactOf<'lines_reversed'>): HostError | null {
  const batch = linesOfBatch(judgement, fact.reverses, fact.lines);
  if ('code' in batch) return batch;
  const { layers } = judgement;
  // One of many lines takes several entries.
  const isGoingOn = first(layers, (layer) => layer.batches.get(fact.batch))?.reverses === fact.reverses;
  return (isGoingOn ? null : newBatch(layers, fact.batch)) ?? ownCount(judgement, batch, fact.lines);
}

/** A later pass counts the bins that somebody asked to have counted again, and no others. */
function judgePass({ layers }: Judgement, fact: { stocktake: string; pass: number; bin: string }): HostError | null {
  if (fact.pass === 1) return null;
  const isAsked = layers.some((known) =>
    [...known.batches].some(
      ([id, batch]) =>
        batch.stocktake === fact.stocktake &&
        batch.pass === fact.pass - 1 &&
        inMarks(
          layers,
          fact.stocktake,
          (marks) => askedAgain(marks).has(pairKey(id, binKey(fact.bin))) || undefined,
        ) === true,
    ),
  );
  return isAsked ? null : { code: 'not_asked_for', bin: fact.bin };
}

function saysTheSame(target: LedgerEntry, fact: FactOf<'count_voided'>): boolean {
  const said = target.fact;
  const { was } = fact;
  if (said.kind !== was.kind || !('stocktake' in said) || said.stocktake !== fact.stocktake) return false;
  if (!('pass' in said) || said.pass !== fact.pass || binKey(said.bin) !== binKey(fact.bin)) return false;
  if (said.kind === 'counted' && was.kind === 'counted') {
    return (
      lineKey(said) === lineKey({ ...was, bin: fact.bin }) &&
      said.quantity === was.quantity &&
      said.serial === was.serial
    );
  }
  if (said.kind === 'unknown_scanned' && was.kind === 'unknown_scanned')
    return said.code === was.code && said.quantity === was.quantity;
  return true;
}

function judgeVoid(judgement: Judgement, fact: FactOf<'count_voided'>): HostError | null {
  const target = judgement.targets.get(fact.voids);
  if (target === undefined) return { code: 'not_found', what: 'entry' };
  if (!saysTheSame(target, fact)) return refuse('the entry taken back says something else');
  if (inMarks(judgement.layers, fact.stocktake, (marks) => marks.voided.has(fact.voids) || undefined))
    return refuse('taken back already');
  const others = ['lead', 'approver', 'admin'] as const;
  const mayVoidOthers = judgement.person.roles.some((role) => others.some((other) => other === role));
  if (target.by === judgement.person.id || mayVoidOthers) return null;
  return { code: 'role_missing', kind: 'count_voided', roles: [...others] };
}

/** One code on one sheet stands for one item: another match needs the first to be taken back. */
function judgeMatch({ layers }: Judgement, fact: FactOf<'unknown_matched'>): HostError | null {
  const isTakenBack = (id: string) =>
    inMarks(layers, fact.stocktake, (marks) => marks.voided.has(id) || undefined) === true;
  const stands = inMarks(
    layers,
    fact.stocktake,
    (marks) =>
      [...(marks.matched.get(codeKey(fact)) ?? [])].some((match) => !isTakenBack(readMatched(match).id)) || undefined,
  );
  if (stands) return refuse('this code is matched already');
  return newBatch(layers, fact.batch);
}

function newBatch(layers: Judgement['layers'], batch: string): HostError | null {
  return first(layers, (layer) => layer.batches.get(batch)) ? refuse('this batch is there already') : null;
}

function judgeFactor(fact: FactOf<'unknown_matched' | 'unknown_proposed'>): HostError | null {
  const factor = parseQuantity(fact.factor ?? '1');
  return factor.ok && factor.value > 0n ? null : refuse('a pack holds more than nothing');
}

/** A match is taken back by who may match, a proposal also by whoever made it. */
function judgeWithdrawal({ layers, targets, person }: Judgement, fact: FactOf<'match_withdrawn'>): HostError | null {
  const target = targets.get(fact.withdraws);
  const said = target?.fact;
  if (!target || (said?.kind !== 'unknown_matched' && said?.kind !== 'unknown_proposed'))
    return { code: 'not_found', what: 'entry' };
  const isSame =
    said.stocktake === fact.stocktake &&
    codeKey(said) === codeKey({ ...fact, code: fact.was.code }) &&
    lineKey(said) === lineKey({ ...fact.was, bin: fact.bin });
  if (!isSame) return refuse('the entry taken back says something else');
  if (inMarks(layers, fact.stocktake, (marks) => marks.voided.has(fact.withdraws) || undefined))
    return refuse('taken back already');
  const isOwnProposal = said.kind === 'unknown_proposed' && target.by === person.id;
  const refused = isOwnProposal ? null : roleRefusal(person, 'unknown_matched');
  return refused ?? newBatch(layers, fact.batch);
}

/** A person's word is taken on lines that are in doubt, once for each. */
function judgeDoubt(layers: readonly AuthorityState[], fact: FactOf<'doubt_settled'>): HostError | null {
  const left = first(layers, (layer) => layer.desk.left.get(fact.request));
  if (left?.connection !== fact.connection) return { code: 'not_found', what: 'request' };
  const told = [...fact.arrived, ...fact.missing];
  if (told.length === 0 || new Set(told).size !== told.length) return refuse('a line is named twice, or none is');
  return told.every((ref) => left.doubtful.includes(ref)) ? null : refuse('a line is not in doubt');
}

/** A bin made by hand is in a building, and its code is one that a label can carry. */
function judgeBin({ bin }: FactOf<'bin_made'>): HostError | null {
  if (bin.site.trim() === '') return refuse('a bin made by hand names its building');
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return bin.code.trim() === bin.code && !/[\u0000-\u001f]/.test(bin.code) ? null : refuse('this is no code of a bin');
}

function judgeKind(judgement: Judgement, fact: Fact): HostError | null {
  const { layers, nowMs } = judgement;
  switch (fact.kind) {
    case 'stock_changed':
    case 'stock_moved':
      return fact.happenedAt !== undefined && Date.parse(fact.happenedAt) > nowMs
        ? refuse('happenedAt is later than now')
        : null;
    case 'catalogue_imported':
      return judgement.hasCatalogue(fact.sha256) ? null : { code: 'not_found', what: 'catalogue file' };
    case 'stocktake_created':
      return first(layers, (layer) => layer.stocktakes.has(fact.stocktake) || undefined)
        ? refuse('this stocktake is there already')
        : null;
    case 'expected_named':
      return first(layers, (layer) => layer.stocktakes.has(fact.stocktake) || undefined)
        ? null
        : { code: 'not_found', what: 'stocktake' };
    case 'batch_submitted': {
      if (!first(layers, (layer) => layer.stocktakes.has(fact.stocktake) || undefined))
        return { code: 'not_found', what: 'stocktake' };
      const known = first(layers, (layer) => layer.batches.get(fact.batch));
      return known === undefined || known.isAsked ? null : refuse('this batch is there already');
    }
    case 'count_voided':
      return judgeVoid(judgement, fact);
    case 'lines_decided':
      return judgeDecision(judgement, fact);
    case 'lines_posted':
      return judgePosting(judgement, fact);
    case 'lines_reversed':
      return judgeReversal(judgement, fact);
    case 'bin_made':
      return judgeBin(fact);
    case 'mapping_set':
      return first(layers, (layer) => layer.connections.get(fact.connection))
        ? null
        : { code: 'not_found', what: 'connection' };
    case 'doubt_settled':
      return judgeDoubt(layers, fact);
    case 'unknown_matched':
      return judgeFactor(fact) ?? judgeMatch(judgement, fact);
    case 'unknown_proposed':
      return judgeFactor(fact);
    case 'match_withdrawn':
      return judgeWithdrawal(judgement, fact);
    case 'unknown_noted':
    case 'barcode_taught':
    case 'barcode_retired':
    case 'item_retired':
    case 'bin_retired':
    case 'bin_finished':
    case 'pin_lengths_set':
      return null;
    case 'overlap_settled':
      return judgeSettling(judgement, fact);
    case 'bin_opened':
    case 'counted':
    case 'serial_repeated':
    case 'unknown_scanned':
    case 'bin_confirmed_empty':
    case 'bin_skipped':
      return judgePass(judgement, fact);
    case 'person_changed':
    case 'person_key_added':
    case 'pin_set':
    case 'sign_in_refused':
    case 'tries_cleared':
    case 'recovery_code_set':
    case 'checkpoint_kept':
    case 'site_created':
    case 'laptop_enrolled':
    case 'laptop_named':
    case 'laptop_revoked':
    case 'heard':
    case 'connection_saved':
    case 'connection_held':
    case 'send_frozen':
    case 'send_attempted':
    case 'send_settled':
    case 'remote_observed':
    case 'drift_decided':
    case 'remote_moved':
    case 'file_job_started':
    case 'veiled':
      return refuse(`${fact.kind} is made by the host`);
  }
}

/** Whether a person holds one of the roles that may write this kind of fact. */
export function roleRefusal(person: Person, kind: Fact['kind']): HostError | null {
  const writers = WRITERS[kind];
  return person.roles.some((role) => writers.includes(role))
    ? null
    : { code: 'role_missing', kind, roles: [...writers] };
}

/** Why `person` may not write `fact`, or null. Roles first, then the rules of the kind. */
export function judgeFact(judgement: Judgement, fact: Fact): HostError | null {
  return roleRefusal(judgement.person, fact.kind) ?? judgeKind(judgement, fact);
}
