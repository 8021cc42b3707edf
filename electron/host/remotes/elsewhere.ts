import { skuKey } from '../../../shared/domain/item.ts';
import type { EntryOf, LedgerEntry, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { isBefore, type Place } from '../../../shared/domain/ledger-order.ts';
import { placeOf, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { lineKey, type LineKey } from '../../../shared/domain/line-key.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { Sent } from '../../../shared/sync/desk/judge-plan.ts';
import type { Ledger } from '../authority/ledger.ts';
import { isRefused, type ForeignChains } from '../authority/union.ts';
import type { Journal } from '../journal/journal.ts';

const PAGE = 5_000;

type Parts = {
  readonly ledger: Pick<Ledger, 'state' | 'team' | 'figuresNow'>;
  readonly journal: Pick<Journal, 'read'>;
  readonly chains: ForeignChains;
};
type Theirs = {
  readonly frozen: readonly EntryOf<'send_frozen'>[];
  readonly posted: readonly EntryOf<'lines_posted'>[];
};

/** Whether a line that was posted here is another laptop's to send. */
export type IsElsewhere = (line: PostedLine) => boolean;

async function each(
  read: (from: number) => ReturnType<Journal['read']>,
  from: number,
  take: (entry: LedgerEntry) => void,
): Promise<HostError | null> {
  for (let next: number | undefined = from; next !== undefined;) {
    const page: Awaited<ReturnType<typeof read>> = await read(next);
    if (!page.ok) return page.error;
    for (const entry of page.value.entries) take(entry);
    next = page.value.nextSeq;
  }
  return null;
}

/** Whether two batches speak of the same sheets. */
function isSameCount({ batches }: LedgerState, one: string, other: string): boolean {
  const [left, right] = [batches.get(one), batches.get(other)];
  if (one === other) return true;
  if (left === undefined || right === undefined || left.apart || right.apart) return false;
  return left.stocktake === right.stocktake && left.pass === right.pass;
}

function shelfOf(item: string, bin: string): string {
  return `${skuKey(item)}\u001F${binKey(bin)}`;
}

/**
 * Two laptops may have posted one line before they heard of each other. The first posting in the order of the ledger stands,
 * and its laptop sends it, unless the other one has put it into a request already. Asked before anything is frozen.
 */
export function createElsewhere({
  ledger,
  journal,
  chains,
}: Parts): (sent: Sent) => Promise<Result<IsElsewhere, HostError>> {
  /** What other laptops have posted and frozen, as of their newest entries. */
  let known: Theirs & { readonly heads: string } = { heads: '', frozen: [], posted: [] };

  async function ofOthers(): Promise<Result<Theirs, HostError>> {
    const { trust, verdict } = ledger.team();
    const heads = chains.heads().filter(({ device }) => trust.laptops.get(device)?.role === 'supervising');
    const named = JSON.stringify(heads);
    if (known.heads === named) return ok(known);
    const frozen: EntryOf<'send_frozen'>[] = [];
    const posted: EntryOf<'lines_posted'>[] = [];
    for (const { device } of heads) {
      const refused = await each(
        (from) => chains.read(device, from, PAGE),
        1,
        (entry) => {
          const { fact } = entry;
          if (isRefused(verdict, entry)) return;
          if (fact.kind === 'send_frozen') frozen.push({ ...entry, fact });
          if (fact.kind === 'lines_posted') posted.push({ ...entry, fact });
        },
      );
      if (refused !== null) return { ok: false, error: refused };
    }
    known = { heads: named, frozen, posted };
    return ok(known);
  }

  return async ({ connection, batch }) => {
    if (chains.heads().length === 0) return ok(() => false);
    const others = await ofOthers();
    if (!others.ok) return others;
    const figures = await ledger.figuresNow();
    if (!figures.ok) return figures;
    const { state } = figures.value;
    const { frozen, posted } = others.value;
    const underWay = new Set(
      frozen
        .filter(({ fact }) => fact.connection === connection && isSameCount(state, fact.batch, batch))
        .flatMap(({ fact }) => fact.requests.flatMap(({ lines }) => lines))
        .flatMap(({ item, bins }) => bins.map((bin) => shelfOf(item, bin))),
    );
    /** Where each line was posted first, here and elsewhere. */
    const here = new Map<LineKey, Place>();
    const elsewhere = new Map<LineKey, Place>();
    const note = (first: Map<LineKey, Place>, entry: EntryOf<'lines_posted'>): void => {
      const place = placeOf(state, entry);
      for (const key of entry.fact.lines.map(lineKey)) {
        const before = first.get(key);
        if (before === undefined || isBefore(place, before)) first.set(key, place);
      }
    };
    for (const entry of posted) if (isSameCount(state, entry.fact.batch, batch)) note(elsewhere, entry);
    const refused = await each(
      (from) => journal.read(from, PAGE),
      ledger.state().batches.get(batch)?.postedFrom ?? 1,
      (entry) => {
        const { fact } = entry;
        if (fact.kind === 'lines_posted' && fact.batch === batch) note(here, { ...entry, fact });
      },
    );
    if (refused !== null) return { ok: false, error: refused };
    return ok((line) => {
      if (underWay.has(shelfOf(line.item, line.bin))) return true;
      const [ours, theirs] = [here.get(lineKey(line)), elsewhere.get(lineKey(line))];
      return ours !== undefined && theirs !== undefined && isBefore(theirs, ours);
    });
  };
}
