import type { PostedLine, RemoteMovement } from '../../domain/ledger-entry.ts';
import { formatQuantity, quantityOf, ZERO, type Quantity } from '../../domain/quantity.ts';
import type { ObservedCount } from '../../domain/ledger-entry.ts';
import type { Between } from './plan-change.ts';

/** A movement of others that our book does not have. `nth`: how many of its key come before it. */
export type OpenMovement = { readonly movement: RemoteMovement; readonly nth: number };

/** What others did at a place and our book does not have. `readTo`: so far the remote was read, by its own clock. */
export type OthersThere = { readonly open: readonly OpenMovement[]; readonly readTo: string | undefined };

/** Codes of stopped lines that a person lets through by an answer. */
export const ASKING = ['base_unknown', 'no_figure_there', 'sold_between'] as const;

/** What only a person can say, with both numbers. */
export type PlanQuestion = {
  readonly code: (typeof ASKING)[number];
  readonly item: string;
  readonly site: string;
  readonly bins: readonly string[];
  /** Their figure; null: no record, undefined: never seen. */
  readonly theirs: string | null | undefined;
  /** What they will hold if ours stands. */
  readonly ours: string;
  /** What nobody can place, and what comes of it if it came out of (or into) each of the bins. */
  readonly sold: readonly OpenMovement[];
  readonly answers: readonly { readonly bin: string; readonly result: string }[];
};

/** `sold`: what cannot be placed. `isRead`: nothing that is still to be read could change it. */
export type BetweenCounts = {
  readonly kind: Between;
  readonly sold: readonly OpenMovement[];
  readonly isRead: boolean;
};

const NOTHING_BETWEEN: BetweenCounts = { kind: 'placed', sold: [], isRead: true };

/** Two clocks that were compared agree to about this. */
const CLOCKS_AGREE_MS = 2_000;

type Counts = {
  readonly lines: readonly PostedLine[];
  readonly others: OthersThere | undefined;
  /** Their figure, read just now, is our book: whatever others did is in it. */
  readonly agrees: boolean;
  /** By how much our clock is ahead of theirs, ms; not known: they are taken to agree. */
  readonly aheadMs: number | undefined;
};

/**
 * What others did between the first and the last of several counts. What happened before the first is in all of them, what
 * happened after the last is in none; in between it depends on the bin. A time at an edge may lie on either side of it.
 */
export function betweenCounts(counts: Counts): BetweenCounts {
  if (counts.lines.length === 1) return NOTHING_BETWEEN;
  const times = counts.lines.map((line) => Date.parse(line.countedAt));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  if (first === last) return NOTHING_BETWEEN;
  const sold = (counts.others?.open ?? []).filter(({ movement }) => {
    const at = ourTimeOf(movement, counts.aheadMs);
    return at > first - CLOCKS_AGREE_MS && at <= last + CLOCKS_AGREE_MS;
  });
  if (sold.length > 0) return { kind: 'told', sold, isRead: true };
  const readTo = Date.parse(counts.others?.readTo ?? '') + (counts.aheadMs ?? 0);
  const isRead = counts.others === undefined ? counts.agrees : readTo > last + CLOCKS_AGREE_MS;
  // What was sold and brought back meanwhile hides in a figure that agrees: only the movements tell.
  return { kind: isRead || counts.agrees ? 'placed' : 'unread', sold, isRead };
}

function ourTimeOf(movement: RemoteMovement, aheadMs: number | undefined): number {
  return Date.parse(movement.happenedAt) + (aheadMs ?? 0);
}

/** What the place held at the last of the counts if all that cannot be placed was in one bin: in it already, or after it. */
export function answersOf(
  lines: readonly PostedLine[],
  sold: readonly OpenMovement[],
  aheadMs: number | undefined,
): PlanQuestion['answers'] {
  const counted = lines.reduce((sum, line) => sum + quantityOf(line.counted), ZERO);
  const countedAt = new Map<string, number>();
  for (const { bin, countedAt: at } of lines)
    countedAt.set(bin, Math.max(countedAt.get(bin) ?? -Infinity, Date.parse(at)));
  return [...countedAt].map(([bin, at]) => {
    const after = sold.filter(({ movement }) => ourTimeOf(movement, aheadMs) > at);
    const moved = after.reduce((sum, { movement }) => sum + quantityOf(movement.quantity), ZERO);
    return { bin, result: formatQuantity(counted + moved) };
  });
}

/** What others did there altogether; undefined where it is not told, or was never read. */
export function sumOfOthers(others: OthersThere | undefined): Quantity | undefined {
  if (others?.readTo === undefined) return undefined;
  return others.open.reduce((sum, { movement }) => sum + quantityOf(movement.quantity), ZERO);
}

/** The bins of some lines, each once. */
export function binsOf(lines: readonly PostedLine[]): string[] {
  const [first, ...others] = lines;
  if (first !== undefined && others.length === 0) return [first.bin];
  return [...new Set(lines.map((line) => line.bin))].toSorted();
}

/** The question that a stopped group asks; none where an answer would not let it through. */
export function questionOf(
  code: string,
  group: { readonly item: string; readonly site: string; readonly lines: readonly PostedLine[] },
  known: {
    readonly figure: ObservedCount | undefined;
    readonly target: Quantity;
    readonly sold: readonly OpenMovement[];
    readonly aheadMs: number | undefined;
  },
): PlanQuestion | undefined {
  const asking = ASKING.find((one) => one === code);
  if (asking === undefined) return undefined;
  const { item, site, lines } = group;
  const sold = asking === 'sold_between' ? known.sold : [];
  return {
    code: asking,
    item,
    site,
    bins: binsOf(lines),
    theirs: known.figure?.quantity,
    ours: formatQuantity(known.target),
    sold,
    answers: asking === 'sold_between' ? answersOf(lines, sold, known.aheadMs) : [],
  };
}
