import { HOST_KEPT } from '../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { Copy } from './copy.ts';
import type { HealProgress, LedgerError } from './ledger.ts';

type Parts = { host: Pick<Host, 'readJournal'>; copy: Pick<Copy, 'insert'>; progress: HealProgress };
/** `device`: another laptop's chain; absent: the journal. `to`: where it ends, for progress alone. */
type Part = { readonly device?: string; readonly from: number; readonly to: number };
/** How many were read; `told`: those among them that a page is told of when they are sealed. */
type Taken = { readonly entries: number; readonly told: number };

type JournalPage = Awaited<ReturnType<Host['readJournal']>>;

const PAGE = 5000;

/** Copies the entries of a chain from the host into the page's copy; rows it holds already are left as they are. */
export async function takeChain(
  { host, copy, progress }: Parts,
  { device, from, to }: Part,
): Promise<Result<Taken, LedgerError>> {
  const read = (fromSeq: number): Promise<JournalPage> =>
    host.readJournal({ fromSeq, limit: PAGE, ...(device !== undefined && { device }) });
  let reading: Promise<JournalPage> | undefined = read(from);
  let taken: Taken = { entries: 0, told: 0 };
  while (reading !== undefined) {
    const page: JournalPage = await reading;
    if (!page.ok) return page;
    const { entries } = page.value;
    const nextSeq: number | undefined = page.value.nextSeq;
    // The host reads the next page while this one is written.
    reading = nextSeq === undefined ? undefined : read(nextSeq);
    const stored = entries.length === 0 ? ok(null) : await copy.insert(entries);
    if (!stored.ok) return stored;
    const told = entries.filter(({ fact }) => !HOST_KEPT.has(fact.kind)).length;
    taken = { entries: taken.entries + entries.length, told: taken.told + told };
    progress(taken.entries, to - from + 1);
  }
  return ok(taken);
}
