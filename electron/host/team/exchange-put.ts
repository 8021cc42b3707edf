import { carriedName, MOST_COPIES, type Carried, type Carrier } from '../../../shared/ports/carrier.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { headText } from '../../../shared/team/head.ts';
import type { Clock } from '../disk/turns.ts';
import type { Journal } from '../journal/journal.ts';
import { veiledLine } from '../journal/line.ts';
import { peekLine } from './chain-lines.ts';
import type { Chains, HeldChain } from './chains.ts';
import { got, type Named, type Seen } from './exchange-seen.ts';
import type { LaptopKey } from './laptop-key.ts';
import { laptopKey, packSegment, stretchName, type Lane } from './segments.ts';
import { ownChain } from './write-hand-over.ts';

type PutParts = {
  readonly carrier: Carrier;
  readonly seen: Seen;
  readonly journal: Journal;
  readonly chains: Chains;
  readonly key: Pick<LaptopKey, 'sign'>;
  readonly clock: Clock;
};
type Site = { readonly id: string; readonly name: string };

/** Entries of one own stretch. */
const AT_ONCE = 20_000;
/** So many small own stretches in a row are said once more as one: whoever joins late reads few files, not thousands. */
const MANY = 16;
const SMALL = 500;
/** What is said in a larger own stretch as well goes after this: by then everybody has seen the larger one. */
const SPARE_MS = 600_000;

/** Puts something under the first name for it that was not spoiled. */
export async function putCarried(
  { carrier, seen }: Pick<PutParts, 'carrier' | 'seen'>,
  what: Exclude<Carried, { is: 'ask' }>,
  bytes: Uint8Array,
): Promise<void> {
  for (let { copy } = what; copy <= MOST_COPIES; copy += 1) {
    const name = carriedName({ ...what, copy });
    if (seen.has(name)) continue;
    await got(carrier.put(name, bytes));
    seen.added(name);
    return;
  }
}

/** Where the next own stretch begins: behind what lies there, or with the many small ones before it. */
function beginOwn(path: readonly Named[]): number {
  const large = path.findLastIndex(({ is }) => is.to - is.from >= SMALL);
  const small = path.slice(large + 1);
  return small.length >= MANY ? (small[0]?.is.from ?? 1) : (path.at(-1)?.is.to ?? 0) + 1;
}

/** What lies in the open lane is without what stays where the books are. */
function inLane(lines: readonly (string | Buffer)[], lane: Lane | undefined): readonly (string | Buffer)[] {
  if (lane === undefined) return lines;
  return lines.map((line) => veiledLine(typeof line === 'string' ? line : line.toString('utf8', 0, line.length - 1)));
}

/** Puts what was said here and does not lie there yet; a laptop that lost its key is refused. */
export async function putOwn(parts: PutParts, site: Site, lane?: Lane): Promise<HostError | null> {
  const { seen, journal, key } = parts;
  const self = journal.status().device;
  const own = laptopKey(self);
  for (;;) {
    const at = seen.coverage(own);
    if (at >= journal.status().seq) return null;
    const from = beginOwn(seen.path(own));
    const { lines, gaps, head, newestAt } = await ownChain({ journal }, from, AT_ONCE);
    if (head.seq <= at) return null;
    const signature = await key.sign(headText({ site: site.id, ...head }, gaps));
    if (signature === null) return { code: 'not_found', what: 'laptop key' };
    const { seq: to, hash } = head;
    const chain = { device: self, from, to, hash, signature, gaps: [...gaps], entries: lines.length };
    await putCarried(
      parts,
      stretchName(self, chain, lane),
      await packSegment(site, chain, newestAt, inLane(lines, lane)),
    );
    // All names for it were spoiled: it is not tried for ever.
    if (seen.coverage(own) <= at) return null;
  }
}

/** Lines of a chain behind an entry, with what is declared lost before them; null: it is damaged here. */
async function linesBehind(
  chains: Chains,
  { device, lines: count }: HeldChain,
  at: number,
): Promise<readonly string[] | null> {
  const behind: string[] = [];
  let read = 0;
  for await (const some of chains.lines(device)) {
    read += some.length;
    let declared: string[] = [];
    for (const line of some) {
      const seq = peekLine(line)?.seq;
      if (seq === undefined) declared.push(line);
      else {
        if (seq > at) behind.push(...declared, line);
        declared = [];
      }
    }
  }
  return read === count ? behind : null;
}

/** Puts what is held of other laptops and does not lie there: what came by a stick, or a file that was deleted. */
export async function forward(
  parts: PutParts,
  site: Site,
  { lane, isMeant }: { readonly lane?: Lane; readonly isMeant: (device: string) => boolean },
): Promise<void> {
  const { seen, chains } = parts;
  for (const held of chains.held()) {
    const { device, seq: to, hash, signature, gaps, newestAt } = held;
    if (!isMeant(device)) continue;
    const at = seen.coverage(laptopKey(device));
    if (at >= to) continue;
    const lines = await linesBehind(chains, held, at);
    if (lines === null || lines.length === 0) continue;
    const chain = { device, from: at + 1, to, hash, signature, gaps: [...gaps], entries: lines.length };
    const bytes = await packSegment(site, chain, newestAt, inLane(lines, lane));
    await putCarried(parts, stretchName(device, chain, lane), bytes);
  }
}

/** Takes away small stretches of a laptop's own that a larger one has said for a while. `since`: by name, kept between rounds. */
export async function removeSpare(
  { carrier, seen, journal, clock }: PutParts,
  since: Map<string, number>,
): Promise<void> {
  if (carrier.remove === undefined) return;
  const good = seen.good(laptopKey(journal.status().device));
  for (const { name, is } of good) {
    const length = is.to - is.from;
    const isSpare = good.some(
      ({ is: other }) => other.from <= is.from && other.to >= is.to && other.to - other.from > length,
    );
    if (!isSpare) continue;
    const from = since.get(name) ?? clock.steady();
    since.set(name, from);
    if (clock.steady() - from < SPARE_MS) continue;
    since.delete(name);
    // Who may not remove leaves it: it is in nobody's way.
    if ((await carrier.remove(name)).ok) seen.gone(name);
  }
}
