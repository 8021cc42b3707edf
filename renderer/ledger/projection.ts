import { entryId, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { standsUnder } from '../../shared/domain/batch.ts';
import { packState, unpackState } from '../../shared/domain/checkpoint.ts';
import { binsOf } from '../../shared/domain/bins-of.ts';
import {
  emptyLedgerState,
  fold,
  foldLate,
  foldLedger,
  inOrderOf,
  refoldBins,
  type LedgerState,
} from '../../shared/domain/ledger-state.ts';
import { mergeChains, type ChainPart } from './chain-merge.ts';
import type { Copy } from './copy.ts';
import { NO_REFUSALS, type Refusals } from './refusals.ts';
import { spanOf, type KeptEntry } from './rows.ts';
import { foldSendingOf, NO_SENDING, type SendingState } from './sending-state.ts';

/** `added`: what was there is as it was, and some was added to it. `anew`: bins, or all of it, were folded again: nothing kept of the state before is right. */
export type Folding = 'added' | 'anew';

/** Everything that is computed from the entries of all chains, kept up to date entry by entry. */
export type Projection = {
  ledger(): LedgerState;
  sending(): SendingState;
  /**
   * Folds entries that the journal holds. `isHeld`: the page's copy has them too, and everything before them. Answers at
   * once, but where another laptop's later clock puts them before what is folded. @throws (late) when the copy cannot be read.
   */
  add(entries: readonly LedgerEntry[], isHeld?: boolean): Folding | Promise<Folding>;
  /**
   * Folds what the copy has of other laptops beyond what is folded, and leaves out what is refused from now on. Answers how
   * many entries there were. Nothing else may be folded meanwhile.
   */
  addChains(refusals: Refusals): Promise<{ folding: Folding; entries: number }>;
  /** Entries folded since the last checkpoint. */
  sinceCheckpoint(): number;
  saveCheckpoint(): Promise<void>;
};

/** So many entries that belong before what is folded are held at once; where there are more all is folded anew, row by row. */
const MOST_LATE = 50_000;

/** How the page of a checkpoint begins that says what was refused when it was made. */
const REFUSED = 'refused:';

/**
 * Opens the projection from the newest checkpoint and the entries of every chain after it. A checkpoint that does not belong
 * to this ledger, or cannot be read, or stands for entries that are refused now, costs a longer start and nothing else.
 * `device`: the laptop itself; `mostLate`: see `MOST_LATE`. One closure around the state that is kept.
 */
export async function openProjection(
  copy: Copy,
  device: string,
  progress: (done: number) => void,
  refusals: Refusals = NO_REFUSALS,
  mostLate = MOST_LATE,
): Promise<Projection> {
  let refused = refusals;
  /** What was refused when the state was computed: a checkpoint of it says so. */
  let mark = refusals.mark;
  /** Set while the copy could not be read to the end: what of sending was folded is not known then. */
  let isTorn = false;
  /** Folded, and not in the copy: it did not take them. */
  let unheld: readonly LedgerEntry[] = [];
  let ledger = (await loadCheckpoint(copy, refused)) ?? emptyLedgerState();
  let saved = ledger.entries;
  let sending = NO_SENDING;

  /** Folds entries in ledger order; answers those that are left when one belongs before what is folded already. */
  function foldOn(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
    for (const [at, entry] of entries.entries())
      if (fold(ledger, entry, refused.isRefused) === 'out_of_order') return entries.slice(at);
    return [];
  }

  /**
   * Folds entries that belong before what is folded: the bins that they name are read first, and folded anew in one go, so
   * that no screen sees them half done. They are in the copy, or among those that it did not take.
   */
  async function foldIn(late: readonly LedgerEntry[]): Promise<void> {
    const bins = new Set(late.flatMap(({ fact }) => binsOf(fact)));
    const others = unheld.filter(({ fact }) => binsOf(fact).some((bin) => bins.has(bin)));
    const named = new Map([...(await copy.byBins(bins)), ...others].map((entry) => [entry.id, entry]));
    const stale = foldLate(ledger, late, refused.isRefused);
    // A clock that was put right, or a stocktake heard of late, speaks of bins that the entries do not name.
    if ([...stale].every((bin) => bins.has(bin)))
      refoldBins(ledger, stale, [...named.values()].filter(isFolded), refused.isRefused);
    else ledger = await foldAll();
  }

  /** The state of all that is folded, and of all that is held of `devices`, computed from every row in ledger order. */
  async function foldAll(devices: readonly string[] = []): Promise<LedgerState> {
    const ends = new Map([...ledger.devices].map(([name, { seq }]) => [name, seq]));
    for (const name of devices) ends.set(name, Infinity);
    const parts = [...ends].map(([name, upTo]): ChainPart => ({ device: name, after: 0, orderedAt: '', upTo }));
    const state = emptyLedgerState();
    for await (const entries of mergeChains(withUnheld(copy, unheld), parts))
      for (const entry of entries) fold(state, entry, refused.isRefused);
    return state;
  }

  function isFolded({ device: name, seq }: LedgerEntry): boolean {
    return seq <= (ledger.devices.get(name)?.seq ?? 0);
  }

  const foldSent = (state: SendingState, entry: LedgerEntry): SendingState =>
    foldSendingOf(state, entry, (batch, line) => standsUnder(ledger, batch, line));

  async function foldSendingAnew(): Promise<SendingState> {
    const entries = [...(await copy.sending()), ...unheld].filter(
      (entry) => isFolded(entry) && !refused.isRefused(entry),
    );
    return inOrderOf(ledger, entries).reduce(foldSent, NO_SENDING);
  }

  /** Folds what the copy has of these laptops beyond what is folded; answers how much, and whether some of it came late. */
  async function foldBeyond(devices: readonly string[]): Promise<{ count: number; isLate: boolean }> {
    const parts = devices.map((name): ChainPart => {
      const { seq = 0, orderedAt = '' } = ledger.devices.get(name) ?? {};
      return { device: name, after: seq, orderedAt };
    });
    let count = 0;
    let late: readonly LedgerEntry[] = [];
    for await (const entries of mergeChains(copy, parts)) {
      count += entries.length;
      // Only counted from here on.
      if (late.length > mostLate) continue;
      late = late.length > 0 ? [...late, ...entries] : foldOn(entries);
      progress(ledger.entries);
    }
    if (late.length > mostLate) ledger = await foldAll(devices);
    else if (late.length > 0) await foldIn(late);
    return { count, isLate: late.length > 0 };
  }

  await foldBeyond(await copy.devices());
  sending = await foldSendingAnew();

  async function addLate(entries: readonly LedgerEntry[]): Promise<Folding> {
    isTorn = true;
    if (entries.length > 0) await foldIn(entries);
    if (mark !== refused.mark) ledger = await foldAll();
    mark = refused.mark;
    sending = await foldSendingAnew();
    isTorn = false;
    return 'anew';
  }

  return {
    ledger: () => ledger,
    sending: () => sending,
    add(entries, isHeld = true) {
      unheld = isHeld ? [] : [...unheld, ...entries];
      const fresh = entries.filter((entry) => !isFolded(entry));
      const rest = foldOn(fresh);
      if (rest.length > 0 || isTorn) return addLate(rest);
      sending = fresh.filter((entry) => !refused.isRefused(entry)).reduce(foldSent, sending);
      return 'added';
    },
    async addChains(next) {
      const isOther = next.mark !== mark;
      refused = next;
      const wasTorn = isTorn;
      isTorn = true;
      const beyond = await foldBeyond((await copy.devices()).filter((name) => name !== device));
      const isAnew = isOther || beyond.isLate;
      if (isOther) ledger = await foldAll();
      mark = next.mark;
      if (isAnew || wasTorn || beyond.count > 0) sending = await foldSendingAnew();
      isTorn = false;
      return { folding: isAnew ? 'anew' : 'added', entries: beyond.count };
    },
    sinceCheckpoint: () => ledger.entries - saved,
    async saveCheckpoint() {
      const { entries } = ledger;
      const pages = packState(ledger);
      await copy.writeCheckpoint(mark === '' ? pages : [...pages, `${REFUSED}${mark}`]);
      saved = entries;
    },
  };
}

/** The copy with entries in it that it did not take; they are the newest of their chains. */
function withUnheld(copy: Copy, unheld: readonly LedgerEntry[]): Pick<Copy, 'entriesAfter'> {
  if (unheld.length === 0) return copy;
  const kept = new Map(
    unheld.map((entry): [string, KeptEntry] => [entry.id, { id: entry.id, seq: entry.seq, hash: entry.hash, entry }]),
  );
  return {
    async entriesAfter(afterId, limit) {
      const rows = (await copy.entriesAfter(afterId, limit)).map((row) => kept.get(row.id) ?? row);
      if (rows.length === limit) return rows;
      const { device, to } = spanOf(rows.at(-1)?.id ?? afterId);
      return [...rows, ...[...kept.values()].filter((row) => row.entry?.device === device && row.seq > to)];
    },
  };
}

async function loadCheckpoint(copy: Copy, refused: Refusals): Promise<LedgerState | undefined> {
  try {
    const pages = await copy.readCheckpoint();
    if (!pages) return undefined;
    const last = pages.at(-1) ?? '';
    const mark = last.startsWith(REFUSED) ? last.slice(REFUSED.length) : '';
    const state = unpackState(mark === '' ? pages : pages.slice(0, -1));
    if (!state || mark !== refused.mark) return undefined;
    const rows = await Promise.all([...state.devices].map(([device, { seq }]) => copy.at(entryId(device, seq))));
    const isHere = [...state.devices.values()].every(({ hash }, at) => rows[at]?.hash === hash);
    return isHere ? state : undefined;
  } catch {
    // Damaged pages: the entries themselves are whole, so the state is computed again.
    return undefined;
  }
}

/** The state computed from every entry of every chain, without a checkpoint: what the running one must equal. */
export async function rebuild(copy: Copy): Promise<LedgerState> {
  const entries: LedgerEntry[] = [];
  for (const device of await copy.devices())
    for await (const piece of mergeChains(copy, [{ device, after: 0, orderedAt: '' }]))
      for (const entry of piece) entries.push(entry);
  return foldLedger(entries);
}
