import type { DoubtfulLine, FrozenRequest, SendLine } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { ReadBack, Receipt, RemoteError } from '../../ports/remote-inventory.ts';
import { read, type ShipheroAccount } from './call.ts';
import { latestTimeOf, LONGEST_RANGE_MS } from './changes.ts';
import { LOOK_BACK } from './documents.ts';
import { figuresOf, isShelfOf, type Figures } from './figures.ts';
import { readPlaceId, type Place } from './place-id.ts';
import { compareReason } from './reason.ts';
import { lookBackAnswer, pageOf, type ShipheroChange, type ShipheroShelf } from './schemas.ts';

/** How long a history that is behind the figures is waited for before a person is asked. */
const PATIENCE_MS = 10 * 60_000;
const LOOK_AGAIN_MS = 30_000;
/** A row of the history may be written a little before its figure. */
const SAME_WRITE_MS = 5_000;
/** The remote's clock may be ahead of ours. */
const CLOCK_MARGIN_MS = 24 * 3_600_000;

/** When a request was first found to be neither there nor surely missing, by its id: ms. */
export type Waits = Map<string, number>;

/**
 * Which of a request's lines are there: by the history of each line's thing in its warehouse, where the reason bears our
 * reference. Only what the history has is sure, so it must be complete before a line counts as missing: its last entry has
 * to lead to the figure that stands there now, and nothing may have been written there since. Whether the history lags is
 * not known (contracts: ShipHero 2.6); one that stays behind leaves the line in doubt.
 */
export async function readBackLines(
  account: ShipheroAccount,
  request: FrozenRequest,
  known: { since: string; waits: Waits },
): Promise<Result<ReadBack, RemoteError>> {
  const receipts: Receipt[] = [];
  const doubtful: DoubtfulLine[] = [];
  for (const line of request.lines) {
    const place = readPlaceId(line.remoteLocation);
    if (place === null) continue;
    const past = await readPast(account, { sku: line.remoteItem, warehouse: place.warehouse }, known.since);
    if (!past.ok) return past;
    const found = judge(line, place, past.value, account.now());
    if (found === 'behind') {
      const firstSeen = known.waits.get(request.id) ?? account.now();
      known.waits.set(request.id, firstSeen);
      if (account.now() - firstSeen < PATIENCE_MS)
        return err({ code: 'unavailable', retryAfterMs: LOOK_AGAIN_MS, detail: 'the history is behind the figures' });
      doubtful.push({ ref: line.ref, before: null, now: textOf(past.value.figures.get(place.location)) });
    } else if (found !== 'missing') {
      if ('receipt' in found) receipts.push(found.receipt);
      else doubtful.push(found.doubtful);
    }
  }
  known.waits.delete(request.id);
  return ok({ receipts, doubtful });
}

type Past = {
  readonly changes: readonly ShipheroChange[];
  readonly shelf: ShipheroShelf | undefined;
  readonly figures: Figures;
  readonly since: string;
};
type Finding = { readonly receipt: Receipt } | { readonly doubtful: DoubtfulLine } | 'missing' | 'behind';

/** What one line has come to, by the history and the figures. */
function judge(line: SendLine, place: Place, past: Past, nowMs: number): Finding {
  const here = past.changes.filter((change) => (change.location_id ?? '') === place.location);
  const rows = (kind: 'ours' | 'maybe') => here.filter((one) => compareReason(one.reason ?? '', line) === kind);
  const now = past.figures.get(place.location);
  const ours = rows('ours');
  const amount = Number(line.quantity);
  if (ours.length > 0) {
    const sum = ours.reduce((total, one) => total + (one.change_in_on_hand ?? 0), 0);
    const id = ours[0]?.id;
    if (line.change === 'count' || sum === amount)
      return { receipt: { ref: line.ref, ...(id ? { remoteId: id } : {}) } };
    // Done by another amount: clipped there, or done twice.
    return { doubtful: { ref: line.ref, before: beforeOf(ours[0], here, now), now: textOf(now) } };
  }
  // Whether by us or not: the figure is what it is to be, and setting it would change nothing.
  if (line.change === 'count' && now === amount) return { receipt: { ref: line.ref } };
  const maybe = rows('maybe').find((one) => line.change === 'count' || one.change_in_on_hand === amount);
  if (maybe) return { doubtful: { ref: line.ref, before: beforeOf(maybe, here, now), now: textOf(now) } };
  return isComplete(past, place, nowMs) ? 'missing' : 'behind';
}

/**
 * Whether the history leads to the figures: its last entry, or nothing having changed since it. It may lead there by chance,
 * where ours and somebody's that undid it are both not listed yet: then what was written last is newer than the last entry.
 */
function isComplete({ changes, shelf, figures, since }: Past, place: Place, nowMs: number): boolean {
  if (shelf === undefined) return true;
  const updatedAt = Date.parse(shelf.updated_at ?? '');
  const last = changes.length === 0 ? Date.parse(since) : Math.max(...changes.map(latestTimeOf));
  const here = changes.filter((change) => change.location_id === place.location);
  if (!leadsTo(changes, shelf.on_hand) && !leadsTo(here, figures.get(place.location))) return updatedAt <= last;
  const isNewer = updatedAt > last + SAME_WRITE_MS;
  // Other things than stock are written there too; after a while the history would have shown it.
  return !isNewer || nowMs - updatedAt >= PATIENCE_MS;
}

/** Whether one of the newest entries ends in that figure; entries of one second have no order. */
function leadsTo(changes: readonly ShipheroChange[], figure: number | null | undefined): boolean {
  if (changes.length === 0 || figure == null) return false;
  const newest = Math.max(...changes.map(latestTimeOf));
  return changes.some(
    (one) =>
      latestTimeOf(one) === newest &&
      one.previous_on_hand != null &&
      one.previous_on_hand + (one.change_in_on_hand ?? 0) === figure,
  );
}

/** The figure before an entry: what stands there now, less everything since. */
function beforeOf(
  first: ShipheroChange | undefined,
  here: readonly ShipheroChange[],
  now: number | undefined,
): string | null {
  if (first === undefined || now === undefined) return null;
  const at = latestTimeOf(first);
  const since = here.filter((one) => latestTimeOf(one) >= at);
  return String(now - since.reduce((sum, one) => sum + (one.change_in_on_hand ?? 0), 0));
}

async function readPast(
  account: ShipheroAccount,
  what: { sku: string; warehouse: string },
  since: string,
): Promise<Result<Past, RemoteError>> {
  const changes = new Map<string, ShipheroChange>();
  let shelf: ShipheroShelf | undefined;
  const endMs = account.now() + CLOCK_MARGIN_MS;
  for (let fromMs = Date.parse(since); fromMs < endMs; fromMs += LONGEST_RANGE_MS) {
    const range = { from: instantOf(fromMs), to: instantOf(Math.min(fromMs + LONGEST_RANGE_MS, endMs)) };
    const endless = watchPages();
    for (let after: string | undefined; ;) {
      const variables = { ...what, ...range, customer: account.customer, after };
      const answer = await read(account, LOOK_BACK, variables, lookBackAnswer);
      if (!answer.ok) return answer;
      // The figures of the first answer: an entry that is written while the pages are read is then newer than they are.
      shelf ??= pageOf(answer.value.warehouse_products.data).rows.find((one) => isShelfOf(one, what));
      const page = pageOf(answer.value.inventory_changes.data);
      for (const row of page.rows) if (row.sku === what.sku) changes.set(row.id ?? JSON.stringify(row), row);
      if (page.next === undefined) break;
      const refused = endless(page.next);
      if (refused) return refused;
      after = page.next;
    }
  }
  const figures = shelf === undefined ? ok<Figures>(new Map()) : await figuresOf(account, shelf);
  return figures.ok ? ok({ changes: [...changes.values()], shelf, figures: figures.value, since }) : figures;
}

function textOf(pieces: number | undefined): string | null {
  return pieces === undefined ? null : String(pieces);
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}
