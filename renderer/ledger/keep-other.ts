import { entryId } from '../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { firstBroken } from './chain.ts';
import type { Copy } from './copy.ts';
import type { LedgerError } from './ledger.ts';
import { readable } from './rows.ts';

const PAGE = 5000;

type Parts = {
  host: Pick<Host, 'readJournal' | 'keepWitness'>;
  copy: Pick<Copy, 'at' | 'entriesAfter' | 'nextRows'>;
};

/**
 * Where the page's copy contradicts the journal although it is whole: one of the two was written anew, and the copy may be
 * the only witness. It is given to the host to keep before anything is overwritten. Answers the first sequence that
 * differs; undefined: the copy is merely damaged, or ahead. Only this laptop's own chain is compared.
 */
export async function keepOther(
  { host, copy }: Parts,
  journal: JournalStatus,
  own: { seq: number },
): Promise<Result<number | undefined, LedgerError>> {
  const { device, gaps = [] } = journal;
  const isWhole = async () => (await firstBroken(copy, { device, gaps })) === undefined;
  const newest = await copy.at(entryId(device, Math.min(own.seq, journal.seq)));
  if (newest === undefined || !(await isWhole())) return ok(undefined);

  /** Whether both say the same at a sequence, and so, by their hashes, before it; nothing where one of them holds none. */
  async function agrees(seq: number): Promise<Result<boolean | undefined, LedgerError>> {
    const row = await copy.at(entryId(device, seq));
    const page = await host.readJournal({ fromSeq: seq, limit: 1 });
    if (!page.ok) return page;
    const [entry] = page.value.entries;
    return ok(row === undefined || entry?.seq !== seq ? undefined : entry.hash === row.hash);
  }

  let same = 0;
  let other = newest.seq;
  const last = await agrees(other);
  if (!last.ok) return last;
  if (last.value !== false) return ok(undefined);
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    const asked = await agrees(middle);
    if (!asked.ok) return asked;
    // A number that was lost says nothing: what differs is looked for behind it.
    if (asked.value === false) other = middle;
    else same = middle;
  }
  for (let after = entryId(device, other - 1); ;) {
    const rows = await copy.entriesAfter(after, PAGE);
    const end = rows.at(-1);
    const isLast = rows.length < PAGE || end === undefined;
    const kept = await host.keepWitness({ entries: [...readable(rows)], fromSeq: other, last: isLast });
    if (!kept.ok) return kept;
    if (isLast) return ok(other);
    after = end.id;
  }
}
