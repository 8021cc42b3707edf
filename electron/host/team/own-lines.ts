import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { sealGap, type SealedGap } from '../journal/gap.ts';
import { firstHead, headOf, lineAlone } from '../journal/line.ts';
import type { Journal } from '../journal/journal.ts';

type OwnJournal = Pick<Journal, 'read' | 'status'>;

const PAGE = 5_000;

/** Thrown where what is held here cannot be read to the end while a file is written. */
export class Unreadable extends Error {
  readonly error: HostError;
  constructor(error: HostError) {
    super(error.code);
    this.error = error;
  }
}

/** The numbers that the own journal declares as lost below its newest entry, sealed as they are carried; oldest first. */
export async function sealedGaps(journal: OwnJournal): Promise<readonly SealedGap[]> {
  const { device, seq, gaps = [] } = journal.status();
  const sealed: SealedGap[] = [];
  for (const { fromSeq, toSeq: to, knownSeq: known, prev } of gaps) {
    if (to >= seq) continue;
    const page = fromSeq === 1 ? undefined : await journal.read(fromSeq - 1, 1);
    if (page?.ok === false) throw new Unreadable(page.error);
    const before = page?.value.entries[0];
    const head = before === undefined ? firstHead(device) : headOf(before);
    const alone = sealGap(head, { to, known });
    sealed.push(alone.gap.prev === prev ? alone : sealGap(head, { to, known, next: prev }));
  }
  return sealed;
}

/** The hash of a declaration, as its line begins. */
export function gapHash({ line }: SealedGap): string {
  return line.toString('utf8', 9, 73);
}

/** A line of the own journal as it is carried; `entry` absent: it declares lost numbers. */
export type OwnLine = { readonly line: Buffer; readonly entry?: LedgerEntry };

/** The lines of the own journal from entry `from` to entry `to`, read a page at a time; each loss stands before what follows it. */
export async function* ownLines(
  journal: OwnJournal,
  { from, to, gaps }: { from: number; to: number; gaps: readonly SealedGap[] },
): AsyncGenerator<OwnLine> {
  let next: number | undefined = from;
  while (next !== undefined && next <= to) {
    const page: Awaited<ReturnType<OwnJournal['read']>> = await journal.read(next, PAGE);
    if (!page.ok) throw new Unreadable(page.error);
    for (const entry of page.value.entries) {
      if (entry.seq > to) return;
      const loss = gaps.find(({ gap }) => gap.to === entry.seq - 1);
      if (loss !== undefined) yield { line: loss.line };
      yield { line: lineAlone(entry), entry };
    }
    next = page.value.nextSeq;
  }
}
