import { entryId } from '../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { firstBroken } from './chain.ts';
import type { Copy } from './copy.ts';
import type { Healing, HealProgress, LedgerError } from './ledger.ts';
import { takeChain } from './take-chain.ts';

type Parts = { host: Pick<Host, 'readJournal'>; copy: Copy; progress: HealProgress };
type Chain = NonNullable<JournalStatus['chains']>[number];
type Mended = Pick<Healing, 'restored' | 'note'>;

/** Up to here every row is read and its hash computed before the first screen (a quarter of a second); what is more, behind it. */
export const CHECK_ALL_UP_TO = 5_000;
/** So many of the newest rows of a chain are counted before the first screen: that finds holes, in some ten milliseconds. */
const COUNT_UP_TO = 10_000;

/** The chains that are short enough, all together, to be checked whole before the first screen; the own one comes first. */
export function checkedFirst(journal: JournalStatus): ReadonlySet<string> {
  const checked = new Set<string>();
  let entries = 0;
  for (const { device, seq } of [journal, ...(journal.chains ?? [])]) {
    entries += seq;
    if (entries <= CHECK_ALL_UP_TO) checked.add(device);
    else entries -= seq;
  }
  return checked;
}

export type Look = {
  own: { id: string; seq: number };
  device: string;
  checkAll: boolean;
  gaps: NonNullable<JournalStatus['gaps']>;
};

/** The first row of a chain that is missing or wrong; in a long one that is asked of its end only, where a crash leaves holes. */
export async function findHole(copy: Copy, { own, device, checkAll, gaps }: Look): Promise<number | undefined> {
  if (checkAll) return firstBroken(copy, { device, gaps });
  const from = Math.max(0, own.seq - COUNT_UP_TO);
  const id = entryId(device, from);
  const lost = gaps.reduce(
    (sum, gap) => sum + Math.max(0, Math.min(gap.toSeq, own.seq) - Math.max(gap.fromSeq - 1, from)),
    0,
  );
  if ((await copy.countAfter(id)) === own.seq - from - lost) return undefined;
  const after = await copy.at(id);
  return firstBroken(copy, { device, gaps, ...(after && { after }) });
}

/**
 * Makes the copy hold other laptops' chains as they are held beside the journal: what is missing is taken, what differs is
 * taken anew, what is held of no listed chain goes. Each chain by itself; this laptop's own is not looked at. Answers what
 * was mended, at most once a note. Run twice, the second run finds nothing to do.
 */
export async function healChains(
  parts: Parts,
  journal: JournalStatus,
  checkAll: boolean,
): Promise<Result<readonly Healing[], LedgerError>> {
  const { copy } = parts;
  const chains = journal.chains ?? [];
  const mended: Mended[] = [];
  const listed = new Set([journal.device, ...chains.map(({ device }) => device)]);
  for (const device of await copy.devices()) {
    if (listed.has(device)) continue;
    await forget(copy, device);
    mended.push({ restored: 0, note: 'page_copy_damaged' });
  }
  const first = checkedFirst(journal);
  for (const chain of chains) {
    const done = await healChain(parts, chain, checkAll || first.has(chain.device));
    if (!done.ok) return done;
    if (done.value) mended.push(done.value);
  }
  return ok(byNote(mended));
}

/** Forgets what is held of a laptop, and what was computed from it. */
export async function forget(copy: Copy, device: string): Promise<void> {
  await copy.writeCheckpoint([]);
  await copy.dropAfter(entryId(device, 0));
}

function byNote(mended: readonly Mended[]): readonly Healing[] {
  const restored = new Map<Healing['note'], number>();
  for (const one of mended) restored.set(one.note, (restored.get(one.note) ?? 0) + one.restored);
  return [...restored].map(([note, number]) => ({ from: 'journal', restored: number, note }));
}

/** What the host took from another laptop, and the page had not come to yet, is no damage. */
async function silently(
  taking: Promise<Result<Mended | undefined, LedgerError>>,
): Promise<Result<Mended | undefined, LedgerError>> {
  const taken = await taking;
  return taken.ok ? ok(undefined) : taken;
}

async function healChain(
  parts: Parts,
  chain: Chain,
  checkAll: boolean,
): Promise<Result<Mended | undefined, LedgerError>> {
  const { host, copy, progress } = parts;
  const { device, gaps = [] } = chain;
  const take = async (from: number, note: Healing['note']): Promise<Result<Mended | undefined, LedgerError>> => {
    const taken = await takeChain({ host, copy, progress }, { device, from, to: chain.seq });
    return taken.ok ? ok({ restored: taken.value.entries, note }) : taken;
  };
  const anew = async () => {
    await forget(copy, device);
    return take(1, 'page_copy_damaged');
  };
  // What stands behind the chain's end is in it nowhere.
  const isBeyond = ((await copy.last(device))?.seq ?? 0) > chain.seq;
  if (isBeyond) await copy.dropAfter(entryId(device, chain.seq));
  const own = await copy.last(device);
  if (own === undefined) return isBeyond ? take(1, 'page_copy_damaged') : silently(take(1, 'page_copy_short'));
  if (own.entry === undefined) return anew();
  const page =
    own.seq === chain.seq ? ok({ entries: [chain] }) : await host.readJournal({ device, fromSeq: own.seq, limit: 1 });
  if (!page.ok) return page;
  if (page.value.entries[0]?.hash !== own.hash) return anew();
  const look = { own, device, checkAll, gaps };
  const hole = await findHole(copy, look);
  if (hole !== undefined) {
    if ((await copy.at(entryId(device, hole))) !== undefined) return anew();
    const taken = await take(hole, 'page_copy_damaged');
    if (!taken.ok) return taken;
    return (await findHole(copy, look)) === undefined ? taken : anew();
  }
  if (own.seq < chain.seq) return silently(take(own.seq + 1, 'page_copy_short'));
  return ok(isBeyond ? { restored: 0, note: 'page_copy_damaged' } : undefined);
}
