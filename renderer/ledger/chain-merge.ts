import { entryId, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { standsAt } from '../../shared/domain/ledger-order.ts';
import type { Copy } from './copy.ts';
import { readable, type KeptEntry } from './rows.ts';

/** Where reading a chain begins (after `seq`), the latest time it had shown by then, and where it ends; absent: at its end. */
export type ChainPart = {
  readonly device: string;
  readonly after: number;
  readonly orderedAt: string;
  readonly upTo?: number;
};

const PAGE = 5000;

type Source = Pick<Copy, 'entriesAfter'>;
/** What of a chain is read and not given yet, the first of it at `at`. */
type Open = {
  readonly device: string;
  readonly pages: AsyncGenerator<readonly KeptEntry[]>;
  entries: readonly LedgerEntry[];
  at: number;
  orderedAt: string;
};

/**
 * The entries of several chains in the order of the ledger, in pieces, read a page of each at a time: a ledger of a million
 * entries is never in memory at once. Rows that cannot be read are left out.
 */
export async function* mergeChains(copy: Source, parts: readonly ChainPart[]): AsyncGenerator<readonly LedgerEntry[]> {
  const open: Open[] = [];
  for (const part of parts) {
    const { device, orderedAt } = part;
    const chain: Open = { device, pages: pagesOf(copy, part), entries: [], at: 0, orderedAt };
    if (await turn(chain)) open.push(chain);
  }
  let piece: LedgerEntry[] = [];
  while (open.length > 0) {
    const next = open.reduce((first, chain) => (isBefore(chain, first) ? chain : first));
    const entry = next.entries[next.at];
    if (entry) piece.push(entry);
    const more = step(next);
    // Waiting for what is there already would cost a long ledger a turn an entry.
    if (more !== true && !(await more)) open.splice(open.indexOf(next), 1);
    if (piece.length < PAGE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

/** Goes to the next entry; false at the end of the chain. */
function step(chain: Open): boolean | Promise<boolean> {
  chain.at += 1;
  const entry = chain.entries[chain.at];
  if (entry === undefined) return turn(chain);
  chain.orderedAt = standsAt(chain.orderedAt, entry);
  return true;
}

/** Goes to the next page that holds an entry; false when there is none. */
async function turn(chain: Open): Promise<boolean> {
  for (;;) {
    const page = await chain.pages.next();
    if (page.done === true) return false;
    chain.entries = readable(page.value);
    chain.at = 0;
    const [entry] = chain.entries;
    if (entry === undefined) continue;
    chain.orderedAt = standsAt(chain.orderedAt, entry);
    return true;
  }
}

/** The rows of a chain, a page at a time; the next page is read while one is folded. */
async function* pagesOf(
  copy: Source,
  { device, after, upTo = Infinity }: ChainPart,
): AsyncGenerator<readonly KeptEntry[]> {
  let reading: Promise<readonly KeptEntry[]> | undefined = copy.entriesAfter(entryId(device, after), PAGE);
  while (reading !== undefined) {
    const rows: readonly KeptEntry[] = await reading;
    const last = rows.at(-1);
    const isLast = last === undefined || rows.length < PAGE || last.seq >= upTo;
    reading = isLast ? undefined : copy.entriesAfter(last.id, PAGE);
    yield last !== undefined && last.seq > upTo ? rows.filter(({ seq }) => seq <= upTo) : rows;
  }
}

function isBefore(left: Open, right: Open): boolean {
  return left.orderedAt === right.orderedAt ? left.device < right.device : left.orderedAt < right.orderedAt;
}
