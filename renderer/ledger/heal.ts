import { entryId } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { checkedFirst, findHole, forget, healChains } from './heal-chains.ts';
import { keepOther } from './keep-other.ts';
import type { Copy } from './copy.ts';
import { restoreFromCopy } from './restore-from-copy.ts';
import type { Healing, HealProgress, LedgerError } from './ledger.ts';
import { takeChain } from './take-chain.ts';
import { whoseRows } from './whose-rows.ts';

/** What was mended, and the journal as it stands now. */
export type Healed = { readonly found: readonly Healing[]; readonly journal: JournalStatus };

type MendParts = { host: Pick<Host, 'restoreJournal'>; copy: Copy; progress: HealProgress };
type Parts = MendParts & { host: Pick<Host, 'readJournal' | 'restoreJournal' | 'keepWitness'> };

/**
 * Makes the journal and the page's copy hold the same entries, before the first screen that shows any. `since`: the sequence that the
 * journal had when the page was loaded. First the journal is given what it
 * lost and the copy still has; then the copy is made an index of the journal again, and of the chains of other laptops that
 * are held beside it. What neither holds is not invented:
 * the journal declares it as a gap, and what came after it stays. Run twice, the second run finds nothing to do. A journal of a newer Tallybook is left alone.
 */
export async function heal(
  host: Parts['host'],
  copy: Copy,
  journal: JournalStatus,
  checkAll: boolean,
  progress: HealProgress,
  since = journal.seq,
): Promise<Result<Healed, LedgerError>> {
  if (journal.damage?.code === 'newer_version')
    return err({ code: 'journal_incomplete', fromSeq: journal.damage.fromSeq });
  const parts = { host, copy, progress };
  const mended = await mendJournal(parts, journal);
  if (!mended.ok) return mended;
  // A host that gives its journal back need not say again what it holds of others.
  const status: JournalStatus = { ...(journal.chains && { chains: journal.chains }), ...mended.value.journal };
  // Rows that the journal gave up, or never had, may stand anywhere in the copy.
  const own = await copy.last(status.device);
  const filled = await mendCopy(parts, status, checkAll || newGaps(journal, status).length > 0);
  if (!filled.ok) return filled;
  const chains = await healChains(parts, status, checkAll);
  if (!chains.ok) return chains;
  // Whoever signed in was sealed after the page was loaded: their entries are no news.
  const isFilled = filled.value?.note === 'page_copy_lost' || filled.value?.note === 'page_copy_short';
  const isNews = filled.value !== undefined && !(isFilled && (own?.seq ?? 0) >= since);
  const found = together([...(isNews && filled.value ? [filled.value] : []), ...chains.value]);
  return ok({ found: [...mended.value.found, ...found], journal: status });
}

/** One word for what was done to several chains alike. */
function together(healings: readonly Healing[]): readonly Healing[] {
  return healings.reduce<readonly Healing[]>((told, one) => {
    const same = told.find(({ note }) => note === one.note || note === 'page_copy_lost');
    if (same === undefined) return [...told, one];
    return told.map((known) => (known === same ? { ...known, restored: known.restored + one.restored } : known));
  }, []);
}

/** Gives the journal what it lost, as far as the page's copy has it; the host adds what survived of the damaged part. */
export async function mendJournal(parts: MendParts, journal: JournalStatus): Promise<Result<Healed, LedgerError>> {
  const { host, copy } = parts;
  // Asked first: as long as it cannot be told what is ours, nothing is touched.
  const whose = await whoseRows(copy, journal);
  if (!whose.ok) return whose;
  const isBroken = journal.state === 'damaged' || journal.state === 'missing';
  // What was computed from entries that may be lost now is not a beginning any more.
  if (isBroken) await copy.writeCheckpoint([]).catch(() => undefined);
  // Setting the damage aside may take good entries with it, so what is missing is known only afterwards.
  const begun = isBroken ? await host.restoreJournal({ entries: [], last: false }) : ok({ journal });
  if (!begun.ok) return begun;
  let status = begun.value.journal;
  // A laptop that lost its device file with its journal is still the device that its entries name.
  const device = whose.value ?? status.device;
  const own = await copy.last(device);
  if (own && own.seq > status.seq) {
    const given = await restoreFromCopy(parts, { journal: status, device, to: own.seq, holes: isBroken });
    if (!given.ok && !(await isInUse(host, status, given.error))) return given;
    if (given.ok) status = given.value;
    // A page loaded anew behind the same host: what that host has not kept was never said to be saved.
    else await copy.dropAfter(entryId(device, status.seq));
  }
  if (isBroken && status === begun.value.journal) {
    const settled = await host.restoreJournal({ entries: [], last: true });
    if (!settled.ok) return settled;
    status = settled.value.journal;
  }
  if (status === journal) return ok({ found: [], journal });
  const note =
    journal.state === 'damaged' ? 'journal_damaged' : journal.state === 'whole' ? 'journal_short' : 'journal_missing';
  const restored = Math.max(0, status.entries - journal.entries);
  const lost = newGaps(journal, status)
    .filter((gap) => gap.knownSeq >= gap.fromSeq)
    .map(({ fromSeq, knownSeq }) => ({ fromSeq, toSeq: knownSeq }));
  const doubts = doubtsOf(status);
  // What is only believed is no good news.
  const isMended = restored > (status.onTrust?.entries ?? 0) || lost.length > 0 || doubts.length === 0;
  const healing: Healing = { from: 'ledger', restored, note, ...(lost.length > 0 && { lost }) };
  return ok({ found: [...(isMended ? [healing] : []), ...doubts], journal: status });
}

/** What cannot be proven of a journal that was given back what it lost: it is said until the app is closed. */
export function doubtsOf({ unproven, onTrust }: JournalStatus): readonly Healing[] {
  const doubt = (note: Healing['note'], of: JournalStatus['onTrust']): Healing[] =>
    of === undefined ? [] : [{ from: 'ledger', restored: of.entries, note, fromSeq: of.fromSeq }];
  return [...doubt('journal_unproven', unproven), ...doubt('journal_on_trust', onTrust)];
}

/** Whether the host gives its journal to somebody at work already, and therefore takes nothing back. */
async function isInUse(host: MendParts['host'], journal: JournalStatus, refusal: LedgerError): Promise<boolean> {
  if (journal.state !== 'whole' || refusal.code !== 'bad_request') return false;
  const asked = await host.restoreJournal({ entries: [], last: false });
  return !asked.ok && asked.error.code === 'bad_request';
}

/** What the journal declared as lost since. */
function newGaps(before: JournalStatus, now: JournalStatus): NonNullable<JournalStatus['gaps']> {
  const known = new Set(before.gaps?.map((gap) => gap.fromSeq));
  return (now.gaps ?? []).filter((gap) => !known.has(gap.fromSeq));
}

/** Makes the page's copy say what the journal says. */
async function mendCopy(
  parts: Parts,
  journal: JournalStatus,
  checkAll: boolean,
): Promise<Result<Healing | undefined, LedgerError>> {
  const { copy } = parts;
  const { device } = journal;
  const own = await copy.last(device);
  if (!own) {
    if (journal.seq === 0) return ok(undefined);
    return filled(await takeChain(parts, { from: 1, to: journal.seq }), 'page_copy_lost');
  }
  // Rows after the end of the journal, or other than the journal's: the copy is only an index of it.
  const other = own.seq > journal.seq ? ok(true) : await differs(parts.host, journal, own);
  if (!other.ok) return other;
  if (other.value) {
    const differsFrom = await keepOther(parts, journal, own);
    if (!differsFrom.ok) return differsFrom;
    const anew = await fillAnew(parts, journal);
    if (!anew.ok || anew.value === undefined || differsFrom.value === undefined) return anew;
    return ok({ ...anew.value, note: 'history_differs', fromSeq: differsFrom.value });
  }

  const look = { own, device, checkAll: checkAll || checkedFirst(journal).has(device), gaps: journal.gaps ?? [] };
  const hole = await findHole(copy, look);
  if (hole !== undefined) {
    if ((await copy.at(entryId(journal.device, hole))) !== undefined) return fillAnew(parts, journal);
    const taken = await takeChain(parts, { from: hole, to: journal.seq });
    if (!taken.ok) return taken;
    return (await findHole(copy, look)) === undefined ? filled(taken, 'page_copy_damaged') : fillAnew(parts, journal);
  }
  if (own.seq === journal.seq) return ok(undefined);
  const missed = await takeChain(parts, { from: own.seq + 1, to: journal.seq });
  if (!missed.ok) return missed;
  // What the host seals for itself, at its close for one, no page was ever told of: that is no news.
  const { told } = missed.value;
  return ok(told === 0 ? undefined : { from: 'journal', restored: told, note: 'page_copy_short' });
}

async function fillAnew(parts: Parts, journal: JournalStatus): Promise<Result<Healing | undefined, LedgerError>> {
  await forget(parts.copy, journal.device);
  const none = ok({ entries: 0 });
  return filled(journal.seq === 0 ? none : await takeChain(parts, { from: 1, to: journal.seq }), 'page_copy_damaged');
}

function filled(taken: Result<{ entries: number }, LedgerError>, note: Healing['note']): Result<Healing, LedgerError> {
  return taken.ok ? ok({ from: 'journal', restored: taken.value.entries, note }) : taken;
}

/** Whether the journal says something else at the newest row of the copy. */
async function differs(
  host: Parts['host'],
  journal: JournalStatus,
  own: { seq: number; hash: string },
): Promise<Result<boolean, LedgerError>> {
  if (own.seq === journal.seq) return ok(own.hash !== journal.hash);
  const page = await host.readJournal({ fromSeq: own.seq, limit: 1 });
  return page.ok ? ok(page.value.entries[0]?.hash !== own.hash) : page;
}
