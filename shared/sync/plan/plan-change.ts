import type { PostedLine } from '../../domain/ledger-entry.ts';
import type { RemoteAbilities } from '../../ports/remote-inventory.ts';
import type { Mapping } from '../seen/mapping.ts';
import { isClockWrong, pastThere, timeThere } from '../seen/remote-clock.ts';
import { WINDOW_MARGIN_MS } from '../outbox/goes-again.ts';

/** Why a change is sent as it is. `whole_location` is the only one that stands for an absolute count. */
export type PlanReason =
  | 'whole_location'
  | 'part_of_location'
  | 'older_than_24h'
  | 'counted_in_future'
  /** This laptop's clock is not the remote's: a count would be stamped with a time at which nobody counted. */
  | 'clock_wrong'
  | 'moved_while_counted'
  /** Its figures, or what others did while the bins were counted, could not be read. */
  | 'others_not_read'
  /** A part of the stock is reserved there: a count would be taken for what is free of it. */
  | 'part_reserved'
  | 'other_lines_waiting'
  | 'sent_since_counted'
  | 'shared_match'
  | 'changes_only'
  /** Counted less the first figure that came to light there. */
  | 'first_figure'
  /** A person lets our figure take the place of theirs. */
  | 'figure_set'
  /** A posted line is taken back: what was sent of it goes back, whatever was counted there since. */
  | 'reversed'
  /** A row of a file: the figure read just now, and the change. */
  | 'file';

/** What is known of one item at one site; see `PlanInput`. */
export type ChangeFacts = {
  readonly lines: readonly PostedLine[];
  readonly abilities: RemoteAbilities;
  readonly now: string;
  readonly whole: boolean;
  readonly shared: boolean;
  readonly moved: boolean;
  /** What others did between the first and the last of these counts; `placed`: nothing that our book does not have. */
  readonly between: Between;
  /** Their figure was read just now; and whether a part of it is reserved. */
  readonly isRead: boolean;
  readonly reserved: boolean;
  readonly openElsewhere: boolean;
  /** These lines take posted ones back that have arrived. */
  readonly takesBack?: boolean;
  readonly lastFrozenAt: string | undefined;
  /** By how much our clock is ahead of the remote's, where that is known. */
  readonly clockAheadMs?: number | undefined;
};

/** `told`: the remote tells of it, and it stands in none of our bins. `unread`: nobody knows. */
export type Between = 'placed' | 'told' | 'unread';

export type ChosenChange = {
  readonly change: 'count' | 'adjust';
  readonly reason: PlanReason;
  readonly occurredAt: string;
};

/**
 * Chooses between an absolute count and a change (contracts: Square 2.7). A count is stamped with the last of its bins'
 * times, by the remote's clock as far as that is known: a second in its future is refused there. A change bears that time too while the remote takes it, so that a newer count made there still wins; an older
 * one is stamped now. Never both: whatever is unsure is sent as a change, because changes add up in any order.
 */
export function chooseChange(facts: ChangeFacts): ChosenChange {
  // At the time of the count it would stand beside what it takes back, and a count there would swallow it.
  if (facts.takesBack === true) return { change: 'adjust', reason: 'reversed', occurredAt: remoteNow(facts) };
  const times = facts.lines.map((line) => line.countedAt).toSorted();
  const first = times[0] ?? facts.now;
  const last = times.at(-1) ?? facts.now;
  const reason = reasonOf(facts, first, last);
  const ageMs = Date.parse(facts.now) - Date.parse(last);
  const young = ageMs >= 0 && ageMs <= facts.abilities.backDatingMs - WINDOW_MARGIN_MS;
  const change = reason === 'whole_location' ? 'count' : 'adjust';
  const clock = { now: Date.parse(facts.now), aheadMs: facts.clockAheadMs };
  return {
    change,
    reason,
    occurredAt: young && !isClockWrong(clock.aheadMs) ? timeThere(last, clock) : remoteNow(facts),
  };
}

/** The present by the remote's clock. */
export function remoteNow({ now, clockAheadMs }: Pick<ChangeFacts, 'now' | 'clockAheadMs'>): string {
  return pastThere(Date.parse(now), clockAheadMs);
}

function reasonOf(facts: ChangeFacts, first: string, last: string): PlanReason {
  if (!facts.abilities.absoluteCounts || facts.abilities.backDatingMs === 0) return 'changes_only';
  if (isClockWrong(facts.clockAheadMs)) return 'clock_wrong';
  if (last > facts.now) return 'counted_in_future';
  if (Date.parse(facts.now) - Date.parse(first) > facts.abilities.backDatingMs - WINDOW_MARGIN_MS)
    return 'older_than_24h';
  if (facts.shared) return 'shared_match';
  if (!facts.whole) return 'part_of_location';
  if (facts.moved) return 'moved_while_counted';
  if (facts.openElsewhere) return 'other_lines_waiting';
  // A change of ours that bears a later time would come on top of the count, which already holds it.
  if (facts.lastFrozenAt !== undefined && facts.lastFrozenAt >= first) return 'sent_since_counted';
  if (facts.between === 'unread' || !facts.isRead) return 'others_not_read';
  return facts.reserved ? 'part_reserved' : 'whole_location';
}

/** Whether several items of ours, or several sites, meet in one figure of the remote: then no count of one is the whole. */
export function sharedMatches(
  mapping: Mapping,
  binLevel = false,
): (remoteItem: string, remoteLocation: string) => boolean {
  const items = repeated([...mapping.items.values()].map((match) => match.remoteItem));
  const locations = repeated([...(binLevel ? mapping.bins : mapping.sites).values()]);
  return (remoteItem, remoteLocation) => items.has(remoteItem) || locations.has(remoteLocation);
}

function repeated(ids: readonly string[]): ReadonlySet<string> {
  const once = new Set<string>();
  return new Set(ids.filter((id) => once.has(id) || !once.add(id)));
}
