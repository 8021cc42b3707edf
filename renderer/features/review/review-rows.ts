import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { Item } from '../../../shared/domain/item.ts';
import type { ItemName } from '../../../shared/domain/item-name.ts';
import { UNIT, ZERO, type Quantity } from '../../../shared/domain/quantity.ts';
import type { ReviewLine } from '../../../shared/domain/variance.ts';
import { costOf, NO_MONEY, valueOf, type Money } from './line-value.ts';

/** A review line with what the catalogue knows of its item. An item that no import names stands under its SKU. */
export type ReviewRow = {
  readonly line: ReviewLine;
  readonly named: ItemName;
  /** What its figures count, where it is not pieces. */
  readonly unit: string | undefined;
  /** What its figures are not complete without, as the item is tracked by it. */
  readonly missing: 'lot' | 'serial' | undefined;
  /** Decimals of the item's quantities. */
  readonly precision: number;
  /** variance × cost; absent without a cost. */
  readonly value: Money | undefined;
};

/** The rows of a batch, in the order given by the ledger, with the figures the order needs as plain arrays. */
export type ReviewRows = {
  readonly lines: readonly ReviewLine[];
  readonly rows: readonly ReviewRow[];
  /** |value| and |variance| as doubles: for ordering only, never shown, never summed. */
  readonly worth: Float64Array;
  readonly units: Float64Array;
  /** Most decimals of any row: how far a column of figures reaches to the right of the point. */
  readonly decimals: number;
  /** How many lines each tab has. */
  readonly counts: Readonly<Record<LineTab, number>>;
  /** Places of all rows, largest absolute value first, then largest absolute variance, then as counted. */
  readonly order: Uint32Array;
};

/** Tabs over lines. The sixth tab, what was not counted, has rows of another kind. */
export const LINE_TABS = ['to_decide', 'differences', 'swaps', 'overlaps', 'matched', 'decided'] as const;
export type LineTab = (typeof LINE_TABS)[number];

type About = Pick<ReviewRow, 'named' | 'unit' | 'precision'> & {
  readonly tracking: Item['tracking'];
  readonly cost: Quantity | undefined;
};

/** Something was counted of an item that is tracked by lot, and no lot was said. Serials are told apart one by one. */
function missingPart(line: ReviewLine, tracking: Item['tracking']): 'lot' | 'serial' | undefined {
  if (line.counted === ZERO) return undefined;
  if (tracking === 'lot' && line.lot === undefined) return 'lot';
  return tracking === 'serial' && BigInt(line.serials) * UNIT < line.counted ? 'serial' : undefined;
}

/**
 * Rows of the ledger's review lines. `before`: rows made of the same catalogue earlier; those of lines that did not change
 * are taken over, so that a decision costs the lines it is about and not fifty thousand others.
 */
export function reviewRows(
  lines: readonly ReviewLine[],
  catalogue: Pick<Catalogue, 'item' | 'named' | 'unit'>,
  before?: ReviewRows,
): ReviewRows {
  const known = new Map<string, About>();
  const about = (sku: string): About => {
    const found = known.get(sku) ?? aboutOf(sku, catalogue);
    known.set(sku, found);
    return found;
  };
  const old = before?.lines.length === lines.length ? before : undefined;
  const worth = old ? old.worth.slice() : new Float64Array(lines.length);
  const units = old ? old.units.slice() : new Float64Array(lines.length);
  const counts = old ? { ...old.counts } : noCounts();
  let decimals = old?.decimals ?? 0;
  let isSameOrder = old !== undefined;
  const rows = lines.map((line, at): ReviewRow => {
    const was = old?.rows[at];
    if (was?.line === line) return was;
    const { named, unit, precision, tracking, cost } = about(line.item);
    const value = valueOf(line.variance, cost);
    const [ownWorth, ownUnits] = [Math.abs(Number(value ?? NO_MONEY)), Math.abs(Number(line.variance))];
    isSameOrder &&= worth[at] === ownWorth && units[at] === ownUnits;
    worth[at] = ownWorth;
    units[at] = ownUnits;
    decimals = Math.max(decimals, precision);
    if (was) countTabs(counts, was.line, -1);
    countTabs(counts, line, 1);
    return { line, named, unit, missing: missingPart(line, tracking), precision, value };
  });
  const order = old && isSameOrder ? old.order : orderOf(worth, units);
  return { lines, rows, worth, units, decimals, counts, order };
}

function aboutOf(sku: string, catalogue: Pick<Catalogue, 'item' | 'named' | 'unit'>): About {
  const found = catalogue.item(sku);
  return {
    named: catalogue.named(sku),
    unit: catalogue.unit(sku),
    tracking: found?.tracking ?? 'none',
    precision: found?.precision ?? 0,
    cost: costOf(found?.cost),
  };
}

function orderOf(worth: Float64Array, units: Float64Array): Uint32Array {
  return Uint32Array.from(worth, (_, at) => at).toSorted(
    (left, right) =>
      (worth[right] ?? 0) - (worth[left] ?? 0) || (units[right] ?? 0) - (units[left] ?? 0) || left - right,
  );
}

/** Whether a line belongs in a tab. A posted line is decided, whatever else it is. */
export function inTab(line: ReviewLine, tab: LineTab): boolean {
  switch (tab) {
    case 'to_decide':
      return isOpen(line);
    case 'differences':
      return line.variance !== ZERO;
    case 'swaps':
      return line.flags.includes('swap');
    case 'overlaps':
      return line.flags.includes('overlap');
    case 'matched':
      return line.variance === ZERO;
    case 'decided':
      return !isOpen(line);
  }
}

/** Nobody has decided the line. Held lines are decided: somebody said to wait. A line that a later posted count has overtaken asks for nothing. */
export function isOpen(line: ReviewLine): boolean {
  return line.decision === undefined && !isPast(line);
}

/** Posted, or overtaken by a later count that was posted: no decision about it has an effect. */
export function isPast(line: ReviewLine): boolean {
  return line.posted || line.flags.includes('superseded');
}

/** Posted, and not taken back yet. */
export function isReversible(line: ReviewLine): boolean {
  return line.posted && line.reversed === undefined;
}

function noCounts(): Record<LineTab, number> {
  return { to_decide: 0, differences: 0, swaps: 0, overlaps: 0, matched: 0, decided: 0 };
}

function countTabs(counts: Record<LineTab, number>, line: ReviewLine, by: 1 | -1): void {
  for (const tab of LINE_TABS) if (inTab(line, tab)) counts[tab] += by;
}

/**
 * Places (in `rows`) of a tab's lines, in their order. `kept` are keys of lines that stay although they left the tab: a line
 * decided a moment ago must not vanish from under the hand that decided it.
 */
export function orderedPlaces({ rows, order }: ReviewRows, tab: LineTab, kept: ReadonlySet<string>): Uint32Array {
  return order.filter((at) => {
    const row = rows[at];
    return row !== undefined && (inTab(row.line, tab) || kept.has(row.line.key));
  });
}

export type ReviewTotals = {
  readonly lines: number;
  /** Net units; meaningful as a sum only because a person chose the lines. */
  readonly units: Quantity;
  readonly net: Money;
  /** Sum of absolute values: net alone hides swaps. */
  readonly gross: Money;
  /** Lines whose item has no cost; they are not in net and gross. */
  readonly withoutCost: number;
};

/** Totals of a selection, exact. */
export function totals(rows: Iterable<ReviewRow>): ReviewTotals {
  let lines = 0;
  let units = ZERO;
  let net = NO_MONEY;
  let gross = NO_MONEY;
  let withoutCost = 0;
  for (const { line, value } of rows) {
    lines += 1;
    units += line.variance;
    if (value === undefined) withoutCost += 1;
    else {
      net += value;
      gross += value < NO_MONEY ? -value : value;
    }
  }
  return { lines, units, net, gross, withoutCost };
}

/** What posting now would do, for the summary that is read before it is done. */
export type PostSummary = {
  readonly approved: readonly ReviewRow[];
  readonly recount: number;
  readonly rejected: number;
  readonly held: number;
  readonly undecided: number;
  /** Value of approved surpluses and shortages, both as they are signed. */
  readonly up: Money;
  readonly down: Money;
  /** Approved lines that set a book quantity to zero. */
  readonly zeroed: readonly ReviewRow[];
};

/** Sums up a batch's decisions. Lines posted before, or overtaken, are past it and left out. */
export function postSummary(rows: readonly ReviewRow[]): PostSummary {
  const open = rows.filter(({ line }) => !isPast(line));
  const having = (decision: string) => open.filter(({ line }) => line.decision?.decision === decision);
  const approved = having('approve');
  const values = approved.map(({ value }) => value ?? NO_MONEY);
  return {
    approved,
    recount: having('recount').length,
    rejected: having('reject').length,
    held: having('hold').length,
    undecided: open.filter(({ line }) => line.decision === undefined).length,
    up: values.reduce((sum, value) => (value > NO_MONEY ? sum + value : sum), NO_MONEY),
    down: values.reduce((sum, value) => (value < NO_MONEY ? sum + value : sum), NO_MONEY),
    zeroed: approved.filter(({ line }) => line.counted === ZERO && line.bookThen !== ZERO),
  };
}

/** Lines whose decision may still change, split into those that may be approved as they are and those with two tallies. */
export function approvable(rows: readonly ReviewRow[]): {
  plain: readonly ReviewRow[];
  overlapping: readonly ReviewRow[];
} {
  const open = rows.filter(({ line }) => !isPast(line));
  return {
    plain: open.filter(({ line }) => !line.flags.includes('overlap')),
    overlapping: open.filter(({ line }) => line.flags.includes('overlap')),
  };
}
