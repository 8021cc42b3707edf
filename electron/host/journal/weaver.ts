import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { AppendError, Appender } from './appender.ts';
import { afterGap, sealGap } from './gap.ts';
import { continueWith, headOf, type Head, type SealedLine } from './line.ts';
import type { Survivors } from './survivors.ts';

/** What a restored entry is held to. */
export type Proof = {
  /** Whether anything was remembered of the journal outside of it; if not, nothing can be proven and all is taken. */
  isPossible: boolean;
  /** The hash that the entry of this sequence surely had, where that is remembered. */
  hashAt(seq: number): string | undefined;
  /** Whether an entry that nothing vouches for is taken all the same. */
  mayStand(entry: LedgerEntry): boolean;
};

type WeaveError = AppendError | { code: 'broken_chain'; seq: number };
type Woven = Promise<Result<null, WeaveError>>;

/** Puts a journal together again from what the page gives back and what still stands in the files set aside. */
export type Weaver = {
  /**
   * Takes entries that continue the chain exactly. With `holes` numbers may be missing between them: what survived in
   * the files is put there, and what is in neither is declared as a gap; entries that are there already are passed over.
   */
  give(entries: readonly LedgerEntry[], holes: boolean): Woven;
  /**
   * Puts what survived behind that. `known`: a sequence surely acknowledged, `reserved`: one never passed. Numbers at the
   * end that are lost, or may have been given, are declared as a gap, so that none is given twice.
   */
  finish(known: number, reserved: number): Woven;
  /** What was given and is not believed: nothing vouches for it, or what is remembered denies it. */
  leftOut(): readonly LedgerEntry[];
  /** What was given and taken though nothing was left that could prove it; null: nothing was. */
  onTrust(): OnTrust | null;
};

/** Entries from `fromSeq` on; not necessarily without others between them. */
export type OnTrust = { readonly fromSeq: number; readonly entries: number };

/** So much of what waits for its proof, and of what got none, is kept in memory. */
const MOST_WAITING = 100_000;

/** One append while restoring holds this many entries at most. */
const APPEND = 5_000;

/**
 * Creates it over a journal whose damage was set aside. What the page gives is written once it is proven: it leads up to
 * a hash that is remembered, or to an entry that still stands on disk. The page is believed nothing else but counting.
 * One closure: what waits, what survived and the head of the chain change together with every entry.
 */
export function createWeaver(appender: Appender, files: Survivors, proof: Proof): Weaver {
  let lines: SealedLine[] = [];
  let head = appender.sealedHead();
  /** Given entries that follow each other and wait for their proof. */
  let run: LedgerEntry[] = [];
  const leftOut: LedgerEntry[] = [];
  /** The newest entry that was left out: what continues it is left out as well. */
  let refused: Head | null = null;
  /** Taken without proof, and behind no gap: what still stands on disk and follows it proves it after all. */
  let waiting: OnTrust | null = null;
  /** Taken without proof, and followed by a gap. */
  let onTrust: OnTrust | null = null;
  /** Survivors that were looked at and not used yet. */
  let held: LedgerEntry[] = [];
  const survivors: Survivors = {
    peek: async () => held[0] ?? (await files.peek()),
    take: async () => held.shift() ?? (await files.take()),
    lastSeq: files.lastSeq,
  };

  async function flush(): Woven {
    const written = await appender.append(lines);
    lines = [];
    head = appender.sealedHead();
    return written.ok ? ok(null) : written;
  }

  async function declare(to: number, known: number, next?: string): Woven {
    const flushed = await flush();
    if (!flushed.ok) return flushed;
    const gap = sealGap(head, { to, known, ...(next === undefined ? {} : { next }) });
    const declared = await appender.declare(gap);
    if (declared.ok) head = afterGap(head, gap.gap);
    return declared;
  }

  /** Puts an entry behind the newest, after a gap when numbers between them are missing. */
  async function put(entry: LedgerEntry): Woven {
    const isAfterGap = entry.seq > head.seq + 1;
    if (isAfterGap) [onTrust, waiting] = [sumOf(onTrust, waiting), null];
    const before = isAfterGap ? { device: head.device, seq: entry.seq - 1, hash: entry.prev } : head;
    const line = continueWith(before, entry);
    if (line === null) return err({ code: 'broken_chain', seq: entry.seq });
    if (isAfterGap) {
      const declared = await declare(before.seq, before.seq, entry.prev);
      if (!declared.ok) return declared;
    }
    lines.push(line);
    head = headOf(entry);
    return ok(null);
  }

  /** Puts what survived with a smaller sequence. An entry whose successor names another before it is left out. */
  async function putSurvivors(below: number): Woven {
    for (;;) {
      const next = await survivors.peek();
      if (next === undefined || next.seq >= below) return ok(null);
      const entry = (await survivors.take()) ?? next;
      let after = await survivors.peek();
      while (after?.hash === entry.hash) {
        await survivors.take();
        after = await survivors.peek();
      }
      const isDenied = after?.seq === entry.seq + 1 && after.prev !== entry.hash;
      if (entry.seq === head.seq && entry.hash === head.hash) waiting = null;
      if (entry.seq <= head.seq || isDenied) continue;
      const isNext = entry.seq === head.seq + 1;
      const done = await put(entry);
      if (!done.ok && done.error.code !== 'broken_chain') return done;
      if (done.ok && isNext) waiting = null;
      if (lines.length < APPEND) continue;
      const flushed = await flush();
      if (!flushed.ok) return flushed;
    }
  }

  /** How many of the entries that wait are proven, and whether the rest is denied by what is remembered. */
  async function judgeRun(): Promise<{ proven: number; isDenied: boolean }> {
    const end = run.at(-1)?.seq ?? -1;
    const standing: LedgerEntry[] = [];
    for (let next = await survivors.peek(); next && next.seq <= end + 1; next = await survivors.peek()) {
      standing.push(next);
      await survivors.take();
    }
    held = [...standing, ...held];
    const onDisk = new Set(standing.flatMap(({ seq, hash, prev }) => [`${seq} ${hash}`, `${seq - 1} ${prev}`]));
    let proven = 0;
    for (const [at, { seq, hash }] of run.entries()) {
      const known = proof.hashAt(seq);
      if (known !== undefined && known !== hash) return { proven, isDenied: true };
      if (known === hash || onDisk.has(`${seq} ${hash}`)) proven = at + 1;
    }
    return { proven, isDenied: false };
  }

  function leaveOut(entries: readonly LedgerEntry[]): void {
    const last = entries.at(-1);
    if (last === undefined) return;
    leftOut.push(...entries.slice(0, MOST_WAITING - leftOut.length));
    refused = headOf(last);
  }

  /** Writes what waits, as far as it is proven or may stand without. */
  async function settleRun(): Woven {
    const { proven, isDenied } = await judgeRun();
    const taken = isDenied ? run.slice(0, proven) : run.filter((entry, at) => at < proven || proof.mayStand(entry));
    const end = taken.findIndex((entry, at) => entry !== run[at]);
    const good = end < 0 ? taken : taken.slice(0, end);
    leaveOut(run.slice(good.length));
    run = [];
    for (const entry of good) {
      const done = await put(entry);
      if (!done.ok) return done;
      if (lines.length < APPEND) continue;
      const flushed = await flush();
      if (!flushed.ok) return flushed;
    }
    return ok(null);
  }

  /** Keeps an entry until it is known whether it is proven. */
  async function wait(entry: LedgerEntry): Woven {
    const last = run.at(-1);
    const before = last === undefined ? head : headOf(last);
    const isAfterGap = last === undefined && entry.seq > head.seq + 1;
    const follows = isAfterGap ? { device: head.device, seq: entry.seq - 1, hash: entry.prev } : before;
    if (continueWith(follows, entry) === null) return err({ code: 'broken_chain', seq: entry.seq });
    run.push(entry);
    return proof.hashAt(entry.seq) !== undefined || run.length >= MOST_WAITING ? settleRun() : ok(null);
  }

  async function takeToProve(entry: LedgerEntry, holes: boolean): Woven {
    const last = run.at(-1);
    if (refused !== null && entry.seq <= refused.seq + 1 && entry.seq > head.seq && last === undefined) {
      if (entry.seq === refused.seq + 1 && entry.prev === refused.hash) leaveOut([entry]);
      if (refused.seq >= entry.seq) return ok(null);
    }
    if (last !== undefined) {
      const known = run[entry.seq - (run[0]?.seq ?? 0)];
      if (known?.hash === entry.hash) return ok(null);
      if (entry.seq === last.seq + 1 && entry.prev === last.hash) return wait(entry);
      if (!holes) return err({ code: 'broken_chain', seq: entry.seq });
      const settled = await settleRun();
      if (!settled.ok) return settled;
    }
    if (!holes) return entry.seq === head.seq + 1 ? wait(entry) : err({ code: 'broken_chain', seq: entry.seq });
    const before = entry.seq > head.seq ? await putSurvivors(entry.seq) : ok(null);
    if (!before.ok || entry.seq <= head.seq) return before;
    return wait(entry);
  }

  async function take(entry: LedgerEntry, holes: boolean): Woven {
    if (proof.isPossible) return takeToProve(entry, holes);
    if (holes) {
      const before = entry.seq > head.seq ? await putSurvivors(entry.seq) : ok(null);
      if (!before.ok || entry.seq <= head.seq) return before;
    } else if (entry.seq !== head.seq + 1) return err({ code: 'broken_chain', seq: entry.seq });
    const done = await put(entry);
    if (done.ok) waiting = sumOf(waiting, { fromSeq: entry.seq, entries: 1 });
    return done;
  }

  return {
    async give(entries, holes) {
      head = appender.sealedHead();
      for (const entry of entries) {
        const taken = await take(entry, holes);
        if (taken.ok) continue;
        // What the files held was taken from them and must be written; what was given is given again.
        if (holes) await flush();
        lines = [];
        head = appender.sealedHead();
        return taken;
      }
      return flush();
    },
    async finish(known, reserved) {
      const settled = await settleRun();
      const put = settled.ok ? await putSurvivors(Infinity) : settled;
      const flushed = put.ok ? await flush() : put;
      if (!flushed.ok) return flushed;
      const end = Math.max(survivors.lastSeq(), known);
      // Where the end of the files is gone, what followed it is not known, even if the page gave back all it had.
      if (end <= head.seq && known <= survivors.lastSeq()) return ok(null);
      const to = Math.max(reserved, end);
      return to > head.seq ? declare(to, Math.max(end, head.seq)) : ok(null);
    },
    leftOut: () => leftOut,
    onTrust: () => sumOf(onTrust, waiting),
  };
}

function sumOf(earlier: OnTrust | null, later: OnTrust | null): OnTrust | null {
  if (earlier === null || later === null) return earlier ?? later;
  return { fromSeq: earlier.fromSeq, entries: earlier.entries + later.entries };
}
