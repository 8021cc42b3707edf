import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { LedgerError } from './ledger.ts';

const PAGE = 1_000;

/** `isOther`: another laptop's chain, which is held beside the journal. */
type Asked = { device: string; isOther?: boolean; before?: number };

/**
 * What is held safely of a device after sequence `newest`, and before `before` where that is given, in order.
 * Numbers that were lost hold nothing.
 */
export async function sealedAfter(
  host: Pick<Host, 'readJournal'>,
  newest: number,
  { device, isOther = false, before = Number.MAX_SAFE_INTEGER }: Asked,
): Promise<Result<LedgerEntry[], LedgerError>> {
  const found: LedgerEntry[] = [];
  let next: number | undefined = newest + 1;
  while (next !== undefined && next < before) {
    const limit = Math.min(PAGE, before - next);
    const page: Awaited<ReturnType<Host['readJournal']>> = await host.readJournal({
      fromSeq: next,
      limit,
      ...(isOther && { device }),
    });
    if (!page.ok) return page;
    for (const entry of page.value.entries)
      if (entry.device === device && entry.seq > newest && entry.seq < before) found.push(entry);
    next = page.value.nextSeq;
  }
  return ok(found);
}
