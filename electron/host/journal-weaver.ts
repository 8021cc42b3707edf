import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { AppendError, Appender } from './journal-appender.ts';
import { afterGap, sealGap } from './journal-gap.ts';
import { continueWith, headOf, type SealedLine } from './journal-line.ts';
import type { Survivors } from './journal-survivors.ts';

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
};

/** One append while restoring holds this many entries at most. */
const APPEND = 5_000;

/** Creates it over a journal whose damage was set aside. */
export function createWeaver(appender: Appender, survivors: Survivors): Weaver {
  let lines: SealedLine[] = [];
  let head = appender.sealedHead();

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
      if (entry.seq <= head.seq || isDenied) continue;
      const done = await put(entry);
      if (!done.ok && done.error.code !== 'broken_chain') return done;
      if (lines.length < APPEND) continue;
      const flushed = await flush();
      if (!flushed.ok) return flushed;
    }
  }

  async function take(entry: LedgerEntry, holes: boolean): Woven {
    if (holes) {
      const before = entry.seq > head.seq ? await putSurvivors(entry.seq) : ok(null);
      if (!before.ok || entry.seq <= head.seq) return before;
    } else if (entry.seq !== head.seq + 1) return err({ code: 'broken_chain', seq: entry.seq });
    return put(entry);
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
      const put = await putSurvivors(Infinity);
      const flushed = put.ok ? await flush() : put;
      if (!flushed.ok) return flushed;
      const end = Math.max(survivors.lastSeq(), known);
      // Where the end of the files is gone, what followed it is not known, even if the page gave back all it had.
      if (end <= head.seq && known <= survivors.lastSeq()) return ok(null);
      const to = Math.max(reserved, end);
      return to > head.seq ? declare(to, Math.max(end, head.seq)) : ok(null);
    },
  };
}
