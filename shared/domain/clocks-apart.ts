import type { BookLine } from './balance.ts';
import type { EntryOf } from './ledger-entry.ts';
import type { Anchor } from './statement.ts';

/** A movement of a line as another laptop's clock told it. `isLate`: it was recorded late, and `ms` is when it happened. */
export type NearMovement = {
  readonly device: string;
  readonly seq: number;
  readonly ms: number;
  readonly isLate: boolean;
};

/** At this sequence of its own a laptop took in another one up to that sequence, whose clock was ahead by so many ms at least. */
type Hearing = readonly [own: number, heard: number, aheadMs: number];

/** By laptop how far it heard each other, when, and what that showed of the other's clock; in its own sequence. */
export type ClocksApart = Map<string, Map<string, Hearing[]>>;

/** Clocks that differ by less are as good as right. */
export const APART_MS = 2 * 60_000;
/** So many movements of a line are kept, the newest: a count is looked at within days, and busy lines move all the time. */
const NEAR_KEPT = 8;
export const NONE_NEAR: readonly NearMovement[] = [];

/** Folds that a laptop heard others, in place. Of one laptop in its own sequence; of several in any order. */
export function noteHearing(clocks: ClocksApart, { device, seq, fact }: EntryOf<'heard'>): void {
  const of = clocks.get(device) ?? new Map<string, Hearing[]>();
  clocks.set(device, of);
  for (const head of fact.heads) {
    const known = of.get(head.device) ?? [];
    of.set(head.device, known);
    const ms = fact.ahead?.find((one) => one.device === head.device)?.ms ?? 0;
    if (head.seq > (known.at(-1)?.[1] ?? 0)) known.push([seq, head.seq, ms]);
  }
}

/** Keeps a movement of a line with the laptop that told it, beside the newest others. */
export function noteNear(line: BookLine, movement: NearMovement): void {
  line.near = [...line.near, movement].slice(-NEAR_KEPT);
}

type Told = { readonly device: string; readonly seq: number };

/** How a laptop came to hear an entry of another one; undefined: it did not yet. */
function hearingOf(clocks: ClocksApart, device: string, other: Told): Hearing | undefined {
  return clocks
    .get(device)
    ?.get(other.device)
    ?.find(([, heard]) => heard >= other.seq);
}

/** Whether a laptop had heard an entry of another one when it said an entry of its own: then it came after it. */
function hadHeard(clocks: ClocksApart, own: Told, other: Told): boolean {
  const [at = Number.POSITIVE_INFINITY] = hearingOf(clocks, own.device, other) ?? [];
  return at < own.seq;
}

/**
 * By how many ms, at least, clocks differ that decide whether a movement came before a count or after it; 0: none do. The
 * movement was told on another laptop, neither had heard of the other, and the clock that is ahead puts its own behind what
 * may really have come after it. Known is only what two laptops found out when one heard the other: a clock that is right
 * by the next time says nothing of what was told before.
 */
export function apartAt({ near }: Pick<BookLine, 'near'>, anchor: Anchor, clocks: ClocksApart): number {
  const dash = anchor.id.lastIndexOf('-');
  const count = { device: anchor.id.slice(0, dash), seq: Number(anchor.id.slice(dash + 1)) };
  const countMs = Date.parse(anchor.at);
  let most = 0;
  for (const movement of near) {
    if (movement.device === count.device) continue;
    const isLater = movement.ms >= countMs;
    const [earlier, later] = isLater ? [count, movement] : [movement, count];
    const [, , apart = 0] = hearingOf(clocks, earlier.device, later) ?? [];
    if (apart <= APART_MS || Math.abs(movement.ms - countMs) > apart) continue;
    // What was heard before it was said came before it, whatever clocks show; a time that a person tells is a time all the same.
    const isKnown = hadHeard(clocks, count, movement) || hadHeard(clocks, movement, count);
    if (isKnown && !movement.isLate) continue;
    most = Math.max(most, apart);
  }
  return most;
}
