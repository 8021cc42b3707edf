import { bookLine, postedIn, type Books } from './balance.ts';
import { apartSheetKey, type Batches } from './batch.ts';
import { dropLine, lineOf, newLine, place, retell } from './count-line.ts';
import type { FactOf } from './ledger-entry.ts';
import type { Place } from './ledger-order.ts';
import { lineKey, type LineKey } from './line-key.ts';
import { movedBeforeEntry } from './movement-log.ts';
import { ONE, quantityOf, UNIT, type Quantity } from './quantity.ts';
import { insertStatement, joined, runOf, sayingAt, type Saying } from './statement.ts';
import { emptySheet, type Sheet, type Stocktake } from './stocktake.ts';
import { forgetEmpty, matchOf, unknownOn } from './unknown-code.ts';
import type { CodeMatch, CodeMeaning, UnknownCode, UnknownScan } from './unknown-scan.ts';

/** The facts that say what a code is. */
export type MatchFact = FactOf<'unknown_matched' | 'unknown_proposed' | 'match_withdrawn'>;

/** Where such a fact is told. */
export type MatchScene = {
  readonly stocktake: Stocktake;
  readonly sheet: Sheet;
  readonly books: Books;
  readonly batches: Batches;
  /** Where what is folded stands. */
  readonly told: Place;
};

type Matched = { readonly scan: UnknownScan; readonly quantity: Quantity };

/**
 * Folds a match, a proposal or its withdrawal. A match turns the scans of the code on this sheet into quantity of the item,
 * each at the place in the ledger where it was scanned; nothing is typed again. One code on one sheet has one match: the
 * first in ledger order stands, and one told beside it is a proposal.
 */
export function applyMatch(scene: MatchScene, fact: MatchFact, saying: Saying): void {
  switch (fact.kind) {
    case 'unknown_proposed':
      propose(unknownOn(scene.sheet, fact.code), meaningOf(fact, saying));
      return;
    case 'unknown_matched': {
      const unknown = unknownOn(scene.sheet, fact.code);
      const meaning = meaningOf(fact, saying);
      if (matchOf(unknown)) propose(unknown, meaning);
      else match(scene, unknown, meaning, fact, saying);
      return;
    }
    case 'match_withdrawn':
      withdraw(scene, fact, saying);
  }
}

/** The line that is posted or blended is known by this key. */
function keyOf(sheet: Sheet, { item, lot }: CodeMeaning): LineKey {
  return lineKey({ item, bin: sheet.bin, lot });
}

function meaningOf(fact: FactOf<'unknown_matched' | 'unknown_proposed'>, { id, by, at }: Saying): CodeMeaning {
  const factor = fact.factor === undefined ? ONE : quantityOf(fact.factor);
  return { id, item: fact.item, lot: fact.lot, factor, by, at };
}

function propose(unknown: UnknownCode, meaning: CodeMeaning): void {
  unknown.proposals = [...unknown.proposals, meaning];
}

function apartSheet({ stocktake, sheet }: MatchScene, batch: string): Sheet | undefined {
  return stocktake.sheets.get(apartSheetKey(sheet.pass, sheet.bin, batch));
}

/** Who decided about a figure that is another one now has to look again. A recount that was asked for, and a hold, stay. */
function askAgain({ decisions }: Sheet, key: LineKey): void {
  const decision = decisions.get(key)?.decision;
  if (decision === 'approve' || decision === 'reject') decisions.delete(key);
}

function match(
  scene: MatchScene,
  unknown: UnknownCode,
  meaning: CodeMeaning,
  { batch, taught }: FactOf<'unknown_matched'>,
  saying: Saying,
): void {
  const key = keyOf(scene.sheet, meaning);
  const apart = scene.sheet.posted.has(key) ? batch : undefined;
  unknown.matches = [...unknown.matches, { ...meaning, apart, kept: false, taught }];
  if (apart === undefined) {
    blend(scene.sheet, scene.books, key);
    askAgain(scene.sheet, key);
  } else standApart(scene, unknown, meaning, apart, 1n, saying);
}

function withdraw(scene: MatchScene, fact: FactOf<'match_withdrawn'>, saying: Saying): void {
  const { sheet, books, batches, stocktake } = scene;
  const unknown = sheet.unknowns.get(fact.was.code);
  if (!unknown) return;
  unknown.proposals = unknown.proposals.filter(({ id }) => id !== fact.withdraws);
  const taken = unknown.matches.find(({ id, kept }) => id === fact.withdraws && !kept);
  if (!taken) return forgetEmpty(sheet, unknown);
  const key = keyOf(sheet, taken);
  const others = unknown.matches.filter((one) => one !== taken);
  const posted = (taken.apart === undefined ? sheet : apartSheet(scene, taken.apart))?.posted.get(key);
  if (posted) {
    unknown.matches = [...others, { ...taken, kept: true }];
    // What was reversed is out of the book already.
    if (!posted.reversed) standApart(scene, unknown, taken, fact.batch, -1n, saying);
    return;
  }
  unknown.matches = others;
  if (taken.apart === undefined) {
    blend(sheet, books, key);
    askAgain(sheet, key);
  } else {
    const apart = apartSheet(scene, taken.apart);
    for (const line of apart?.lines.values() ?? []) if (apart) dropLine(apart, bookLine(books, line), line);
    stocktake.sheets.delete(apartSheetKey(sheet.pass, sheet.bin, taken.apart));
    batches.delete(taken.apart);
  }
  forgetEmpty(sheet, unknown);
}

/**
 * A posted line never changes. What a match adds to it, or its withdrawal takes off again, is a batch of its own with one
 * line, still to be decided: at the anchor of what was posted, so much more or less was there.
 */
function standApart(
  { stocktake, sheet, books, batches, told }: MatchScene,
  unknown: UnknownCode,
  meaning: CodeMeaning,
  batch: string,
  sign: 1n | -1n,
  saying: Saying,
): void {
  if (batches.has(batch)) return;
  const key = keyOf(sheet, meaning);
  const under = sheet.posted.get(key)?.batch;
  const book = bookLine(books, { item: meaning.item, bin: sheet.bin, lot: meaning.lot });
  const posted = under === undefined ? undefined : postedIn(book, under);
  if (!posted || under === undefined) return;
  const line = newLine(book);
  const by = sign * unitsOf(unknown.quantity, meaning.factor);
  line.amends = { batch: under, by, from: undefined };
  line.runs = unknown.scans.map((scan) =>
    runOf(
      sayingAt(posted.anchor, posted.order, scan.by),
      { quantity: unitsOf(scan.quantity, meaning.factor), said: { isMatched: true } },
      { moved: posted.movedBefore, moves: 0 },
    ),
  );
  retell(line);
  const apart = {
    ...emptySheet(sheet.bin, sheet.pass, saying),
    state: 'submitted' as const,
    batches: [batch],
    scans: unknown.times,
  };
  for (const { by } of unknown.scans) apart.people.add(by);
  apart.lines.set(line.key, line);
  stocktake.sheets.set(apartSheetKey(sheet.pass, sheet.bin, batch), apart);
  batches.set(batch, {
    id: batch,
    stocktake: stocktake.id,
    pass: sheet.pass,
    named: [sheet.bin],
    bins: [sheet.bin],
    by: saying.by,
    at: saying.at,
    place: told,
    apart: true,
    acts: [],
  });
}

/** Units of an item in a quantity of a code. Below 10⁻⁵ nothing is kept: a match is made for whole scans. */
export function unitsOf(quantity: Quantity, factor: Quantity): Quantity {
  return (quantity * factor) / UNIT;
}

/** Folded after each scan, or void, of a code: the line of the item it stands for is worked out anew. */
export function blendMatches(scene: MatchScene, unknown: UnknownCode): void {
  for (const one of unknown.matches) {
    if (one.apart !== undefined) continue;
    const key = keyOf(scene.sheet, one);
    if (scene.sheet.posted.has(key)) continue;
    blend(scene.sheet, scene.books, key);
    askAgain(scene.sheet, key);
  }
}

/** Works the line out anew from what its own codes said and from the scans that were matched to it. */
export function blend(sheet: Sheet, books: Books, key: LineKey): void {
  const matched = matchedScans(sheet, key);
  const known = sheet.lines.get(key) ?? sheet.quiet.get(key) ?? sheet.withdrawn.get(key);
  const about = known ?? aboutOf(sheet, key);
  if (!about || (!known && matched.length === 0)) return;
  const book = bookLine(books, about);
  const line = lineOf(sheet, book);
  let runs = joined(line.runs.filter(({ said }) => !said?.isMatched));
  for (const { scan, quantity } of matched) {
    const before = movedBeforeEntry(books, about, scan);
    runs = insertStatement(runs, runOf(scan, { quantity, said: { isMatched: true } }, before));
  }
  line.runs = runs;
  retell(line);
  place(sheet, book, line);
}

/** An item and lot that a match names under this key. */
function aboutOf(sheet: Sheet, key: LineKey): { item: string; bin: string; lot: string | undefined } | undefined {
  for (const { matches } of sheet.unknowns.values()) {
    const found = matches.find((one) => keyOf(sheet, one) === key);
    if (found) return { item: found.item, bin: sheet.bin, lot: found.lot };
  }
  return undefined;
}

function matchedScans(sheet: Sheet, key: LineKey): Matched[] {
  const isHere = (one: CodeMatch) => one.apart === undefined && keyOf(sheet, one) === key;
  return [...sheet.unknowns.values()]
    .flatMap(({ matches, scans }) =>
      matches
        .filter(isHere)
        .flatMap(({ factor }) => scans.map((scan) => ({ scan, quantity: unitsOf(scan.quantity, factor) }))),
    )
    .toSorted((left, right) => left.scan.order - right.scan.order);
}
