import { entryId } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { Copy } from './copy.ts';
import { sealedAfter } from './in-sequence.ts';
import type { LedgerError } from './ledger.ts';
import type { RenewedCopy } from './renewed-copy.ts';

/** Entries put into the copy at a time. */
const PIECE = 2_000;

type Mending = {
  readonly host: Pick<Host, 'readJournal' | 'checkDisk'>;
  readonly copy: RenewedCopy;
  /** Opens the database anew; absent: the one that is open is tried again. */
  readonly reopen: (() => Promise<Copy>) | undefined;
  /** The laptop itself. */
  readonly device: string;
  /** Sequence of the newest entry that was folded, by laptop: all of them are safe in the journal, or beside it. */
  newest(): ReadonlyMap<string, { readonly seq: number }>;
};

/**
 * Makes the page's copy hold just what was folded, after it refused a write: a browser closes a database for good when the
 * disk is full. It is opened anew, loses what the journal has not kept, and is completed from the journal. Refusals say
 * what the matter is with the disk, where that is it.
 */
export async function mendCopy({ host, copy, reopen, device, newest }: Mending): Promise<Result<null, LedgerError>> {
  // As long as the disk takes nothing, what is open is left alone: it can still be read.
  const disk = await host.checkDisk({});
  if (!disk.ok) return disk;
  try {
    if (reopen !== undefined) copy.use(await reopen());
    for (const [name, { seq }] of new Map([[device, { seq: 0 }], ...newest()])) {
      const held = (await copy.last(name))?.seq ?? 0;
      if (held > seq && name === device) await copy.dropAfter(entryId(name, seq));
      for (let from = Math.min(held, seq); from < seq; from += PIECE) {
        const asked = { device: name, isOther: name !== device, before: Math.min(from + PIECE, seq) + 1 };
        const missing = await sealedAfter(host, from, asked);
        if (!missing.ok) return missing;
        const stored = await copy.insert(missing.value);
        if (!stored.ok) return stored;
      }
    }
    return ok(null);
  } catch (cause) {
    return err({ code: 'not_stored', detail: cause instanceof Error ? cause.name : 'unknown' });
  }
}
