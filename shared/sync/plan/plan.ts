import { skuKey } from '../../domain/item.ts';
import type { PostedLine, StoppedLine } from '../../domain/ledger-entry.ts';
import { binKey } from '../../domain/location.ts';
import { formatQuantity, quantityOf, type Quantity } from '../../domain/quantity.ts';
import type { PlannedLine, RemoteAbilities } from '../../ports/remote-inventory.ts';
import { lineRef } from '../outbox/line-ref.ts';
import type { ItemMatch, Mapping } from '../seen/mapping.ts';
import { amountProblem, chooseAmount, type ChosenAmount, type PlanFigure } from './plan-amount.ts';
import { sharedMatches } from './plan-change.ts';
import {
  betweenCounts,
  binsOf,
  questionOf,
  sumOfOthers,
  type BetweenCounts,
  type OthersThere,
  type PlanQuestion,
} from './plan-questions.ts';
import { summarizePlan, type PlanRow, type PlanSummary } from './plan-summary.ts';
import { NOTHING_KNOWN, type BaseFacts } from './base.ts';
import { figureKey } from '../../ports/figure-key.ts';

/** Why a line cannot be sent. Each has one sentence for the person. */
export type StopCode =
  | 'read_only'
  | 'bin_not_found'
  | 'site_not_mapped'
  | 'bin_not_mapped'
  | 'item_not_mapped'
  | 'too_precise'
  | 'too_large'
  /** The remote keeps no figure of it before tracking is started. */
  | 'not_tracked'
  /** Only the count of a whole place may stand against a first figure. */
  | 'first_figure_part_counted'
  /** The remote's figure could not be read, or something of ours is on its way there and must arrive first. */
  | 'figure_not_read'
  | 'waiting_there'
  | 'below_zero'
  /** Their figure and our book were never one: a difference means nothing there. */
  | 'base_unknown'
  /** The remote keeps no figure there, and our book has one: a difference has nothing to differ from. */
  | 'no_figure_there'
  /** Others sold between the counts of two bins, and nobody can tell out of which. */
  | 'sold_between';

/** Our book at a place; `before`: there as a whole, whatever of ours meets in it, without what has still to arrive. */
export type PlaceBook = { readonly now: Quantity; readonly before: Quantity };

export type SendPlan = {
  readonly lines: readonly PlannedLine[];
  readonly stopped: readonly (StoppedLine & { code: StopCode })[];
  readonly summary: PlanSummary;
  readonly delivery: 'request' | 'file';
  /** Whether the remote's figures were read for this plan; else they are the last ones seen, or none. */
  readonly fresh: boolean;
  /** What should be read before this plan is believed: lines of it would go otherwise. */
  readonly unread: ReadonlySet<'figures' | 'movements'>;
  readonly questions: readonly PlanQuestion[];
};

/**
 * `posted`: the batch's open lines, see `openLines`. Items are asked for as posted. A place is what the remote keeps one
 * figure of: our site, or for a remote that knows bins the bin, by `binKey`.
 */
export type PlanInput = {
  readonly connection: string;
  readonly batch: string;
  readonly posted: readonly PostedLine[];
  readonly mapping: Mapping;
  readonly binSite: (bin: string) => string | undefined;
  readonly abilities: RemoteAbilities;
  readonly now: string;
  /** Every bin and lot that holds the item at the place is among the posted lines. */
  readonly wholeLocation: (item: string, place: string) => boolean;
  /** A movement of the item at the place lies between the first and the last of these counts. */
  readonly movedDuring: (item: string, place: string) => boolean;
  /** Another batch has posted lines of the item at the place that have not arrived at the remote. */
  readonly openElsewhere: (item: string, place: string) => boolean;
  /** The batch takes posted lines back. */
  readonly takesBack?: boolean;
  /** When a change of the item for the remote's place was last frozen. */
  readonly lastFrozenAt: (item: string, remoteLocation: string) => string | undefined;
  /** Figures read just now, by `figureKey`. */
  readonly remoteNow?: ReadonlyMap<string, PlanFigure>;
  readonly fresh?: boolean;
  /** Our book at the place: now, and as the remote should have it, without what has still to arrive there. */
  readonly book?: (item: string, place: string) => PlaceBook;
  /** What is known of the remote's figure there, beside the figure; absent: it is taken to be known. */
  readonly base?: (remoteItem: string, remoteLocation: string) => BaseFacts;
  /** A later count of a line there was sent before its book was put right: whether that holds these lines, their figure tells. */
  readonly sentSince?: (item: string, place: string) => boolean;
  /** What others did there and our book does not have, and how far that was read; undefined: the remote does not tell. */
  readonly others?: (remoteItem: string, remoteLocation: string) => OthersThere | undefined;
  /** What our book has learned since the posting of what happened before a line was counted. */
  readonly learned?: (line: PostedLine) => Quantity;
  /** Our figure takes the place of theirs where that was never known. */
  readonly setFigures?: boolean;
  /** The reason that was given for a line's variance. */
  readonly reasonOf?: (line: PostedLine) => string | undefined;
  /** Whether something of ours is on its way to a place, by `figureKey`. */
  readonly underWay?: (place: string) => boolean;
  readonly delivery?: 'request' | 'file';
  readonly maxLinesPerFile?: number;
  /** By how much this laptop's clock is ahead of the remote's, ms, where that is known. */
  readonly clockAheadMs?: number | undefined;
};

type Group = { readonly item: string; readonly site: string; readonly place: string; readonly lines: PostedLine[] };
type Planned = { readonly row: PlanRow; readonly line?: PlannedLine };
type Stopped = { readonly code: StopCode; readonly detail?: string; readonly question?: PlanQuestion | undefined };
type Planning = {
  readonly shared: (remoteItem: string, remoteLocation: string) => boolean;
  readonly unread: Set<'figures' | 'movements'>;
};

/**
 * Decides what the remote is told about a posted batch. The bins of one item at one place become one change: an absolute
 * count only where that is known to be true of the whole place at one instant, else the sum of variances. The same input
 * gives the same lines, references and order. Nothing is sent here.
 */
export function planSend(input: PlanInput): SendPlan {
  const lines: PlannedLine[] = [];
  const stopped: (StoppedLine & { code: StopCode })[] = [];
  const rows: PlanRow[] = [];
  const questions: PlanQuestion[] = [];
  const unread = new Set<'figures' | 'movements'>();
  const shared = sharedMatches(input.mapping, input.abilities.binLevel);
  for (const group of groupByPlace(input, (line) => stopped.push(stop(line, 'bin_not_found')))) {
    const planned = planGroup(input, group, { shared, unread });
    if ('code' in planned) {
      if (planned.question !== undefined) questions.push(planned.question);
      for (const line of group.lines) stopped.push(stop(line, planned.code, planned.detail));
      continue;
    }
    rows.push(planned.row);
    if (planned.line) lines.push(planned.line);
  }
  const delivery = input.delivery ?? 'request';
  const inFile = input.maxLinesPerFile ?? Math.max(1, lines.length);
  const maxLinesPerRequest = delivery === 'file' ? inFile : input.abilities.maxLinesPerRequest;
  return {
    lines,
    stopped,
    delivery,
    fresh: input.fresh === true,
    unread,
    questions,
    summary: summarizePlan({ rows, stopped, maxLinesPerRequest }),
  };
}

/** Where a group goes, and as what; or why it cannot. */
function targetOf(
  input: PlanInput,
  { item, site, place }: Group,
): { match: ItemMatch; remoteLocation: string } | Stopped {
  const { abilities, mapping } = input;
  if (abilities.readOnly) return { code: 'read_only' };
  const remoteLocation = abilities.binLevel ? mapping.bins.get(place) : mapping.sites.get(site);
  if (remoteLocation === undefined)
    return abilities.binLevel ? { code: 'bin_not_mapped' } : { code: 'site_not_mapped', detail: site };
  const match = mapping.items.get(skuKey(item));
  return match === undefined ? { code: 'item_not_mapped' } : { match, remoteLocation };
}

/** What goes out for one place. One piece: each question that may stop it is asked in the order in which it is told. */
function planGroup(input: PlanInput, group: Group, { shared, unread }: Planning): Planned | Stopped {
  const { item, site, place, lines } = group;
  const target = targetOf(input, group);
  if ('code' in target) return target;
  const { match, remoteLocation } = target;
  const { remoteItem } = match;
  const key = figureKey(remoteItem, remoteLocation);
  const isSentSince = input.sentSince?.(item, place) === true;
  if (isSentSince && input.underWay?.(key) === true) return { code: 'waiting_there' };
  const counted = sum(lines, 'counted');
  const book = input.book?.(item, place);
  const learned = lines.reduce((total, line) => total + (input.learned?.(line) ?? 0n), 0n);
  const variance = sum(lines, 'variance') - learned;
  const figure = input.remoteNow?.get(key);
  const others = input.others?.(remoteItem, remoteLocation);
  const agrees = figure !== undefined && book !== undefined && quantityOf(figure.quantity ?? '0') === book.before;
  const between = betweenCounts({ lines, others, agrees: agrees && input.fresh === true, aheadMs: input.clockAheadMs });
  const chosen = chooseAmount({
    lines,
    counted,
    variance,
    between: between.kind,
    isRead: input.fresh === true,
    reserved: figure?.reserved !== undefined,
    before: book?.before,
    base: isSentSince ? NOTHING_KNOWN : input.base?.(remoteItem, remoteLocation),
    others: sumOfOthers(others),
    setFigures: input.setFigures === true,
    abilities: input.abilities,
    now: input.now,
    whole: input.wholeLocation(item, place) && counted >= 0n,
    shared: shared(remoteItem, remoteLocation),
    moved: input.movedDuring(item, place),
    movedSince: book !== undefined && book.now !== counted,
    openElsewhere: input.openElsewhere(item, place),
    lastFrozenAt: input.lastFrozenAt(item, remoteLocation),
    takesBack: input.takesBack === true,
    clockAheadMs: input.clockAheadMs,
    figure,
    underWay: input.underWay?.(key) === true,
    isFile: input.delivery === 'file',
  });
  if (isUnsure(chosen, between, input.fresh === true))
    unread.add(input.fresh === true && others !== undefined ? 'movements' : 'figures');
  if ('code' in chosen) {
    const target = (book?.before ?? 0n) + variance;
    const known = { figure, target, sold: between.sold, aheadMs: input.clockAheadMs };
    return { ...chosen, question: questionOf(chosen.code, group, known) };
  }
  const { change, amount, reason, occurredAt, from } = chosen;
  const beside = chosen.beside ?? besideOf(chosen, { learned, counted });
  const problem = amountProblem(chosen, Math.min(match.precision, input.abilities.maxPrecision));
  if (problem !== undefined) return problem;
  const ref = lineRef(input.connection, input.batch, lines);
  const bins = binsOf(lines);
  const word = wordFor(input, lines);
  const line: PlannedLine = {
    ref,
    item,
    remoteItem,
    remoteLocation,
    change,
    quantity: formatQuantity(amount),
    bins,
    ...(from === undefined ? {} : { from: formatQuantity(from) }),
    ...(beside === undefined ? {} : { beside: formatQuantity(beside) }),
    ...(word === undefined ? {} : { reason: word }),
    occurredAt,
  };
  const { quantity } = line;
  const isVerified = change === 'adjust' && amount === 0n;
  const row: PlanRow = {
    ref,
    item,
    site,
    remoteItem,
    remoteLocation,
    quantity,
    reason,
    bins,
    ...fresh(input, line, amount, book?.before),
    change: isVerified ? 'verified' : change,
  };
  return isVerified ? { row } : { row, line };
}

/** Whether newer readings may make something else of it. No figure is none, whatever others are told to have done. */
function isUnsure(chosen: ChosenAmount | Stopped, between: BetweenCounts, isFresh: boolean): boolean {
  if ('code' in chosen) return chosen.code === 'base_unknown' || (chosen.code === 'no_figure_there' && !isFresh);
  return chosen.reason === 'others_not_read' || (chosen.change === 'count' && !between.isRead);
}

/** What is sent beside the posted variance because the book has learned of it since, or nothing; see `judgePlan`. */
function besideOf(
  { change, amount, from, reason }: ChosenAmount,
  { learned, counted }: { learned: Quantity; counted: Quantity },
): Quantity | undefined {
  if (change === 'count' || learned === 0n || reason === 'first_figure') return undefined;
  const beside = from === undefined ? -learned : from + amount - counted;
  return beside === 0n ? undefined : beside;
}

/** The remote's word for the reason that all lines share; none where they were given different ones. */
function wordFor({ mapping, reasonOf }: PlanInput, lines: readonly PostedLine[]): string | undefined {
  const changed = lines.filter((line) => line.variance !== '0');
  const [first] = changed;
  const reason = first && reasonOf?.(first);
  if (reason === undefined || changed.some((line) => line !== first && reasonOf?.(line) !== reason)) return undefined;
  return mapping.reasons.get(reason);
}

function fresh(
  input: PlanInput,
  line: PlannedLine,
  amount: Quantity,
  before: Quantity | undefined,
): Pick<PlanRow, 'theirs' | 'after' | 'drift'> {
  if (input.remoteNow === undefined) return {};
  const theirs = input.remoteNow.get(figureKey(line.remoteItem, line.remoteLocation))?.quantity ?? null;
  const held = quantityOf(theirs ?? '0');
  const drift = before === undefined || before === held ? {} : { drift: formatQuantity(held - before) };
  // A count stands at its own time, so what the remote sold since still comes off it: `after` is then only the counted figure.
  return { theirs, after: formatQuantity(line.change === 'count' ? amount : held + amount), ...drift };
}

function groupByPlace(input: PlanInput, lost: (line: PostedLine) => void): Group[] {
  const groups = new Map<string, Group>();
  for (const line of input.posted) {
    const site = input.binSite(line.bin);
    if (site === undefined) {
      lost(line);
      continue;
    }
    const place = input.abilities.binLevel ? binKey(line.bin) : site;
    const key = `${skuKey(line.item)}\u001F${place}`;
    const group = groups.get(key);
    if (group) group.lines.push(line);
    else groups.set(key, { item: line.item, site, place, lines: [line] });
  }
  return [...groups.keys()].toSorted().flatMap((key) => groups.get(key) ?? []);
}

function sum(lines: readonly PostedLine[], figure: 'counted' | 'variance'): Quantity {
  return lines.reduce((total, line) => total + quantityOf(line[figure]), 0n);
}

function stop(line: PostedLine, code: StopCode, detail?: string): StoppedLine & { code: StopCode } {
  const { item, bin, lot } = line;
  return { item, bin, ...(lot === undefined ? {} : { lot }), code, ...(detail === undefined ? {} : { detail }) };
}
