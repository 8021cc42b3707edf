import { HOST_KEPT, entryId } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { firstBroken } from './chain.ts';
import { keepOther } from './keep-other.ts';
import type { Copy } from './copy.ts';
import { restoreFromCopy } from './restore-from-copy.ts';
import type { Healing, HealProgress, LedgerError } from './ledger.ts';

/** What was mended, and the journal as it stands now. */
export type Healed = { readonly found: readonly Healing[]; readonly journal: JournalStatus };

type MendParts = { host: Pick<Host, 'restoreJournal'>; copy: Copy; progress: HealProgress };
type Parts = MendParts & { host: Pick<Host, 'readJournal' | 'restoreJournal' | 'keepWitness'> };

type Look = { own: { id: string; seq: number }; checkAll: boolean; gaps: NonNullable<JournalStatus['gaps']> };

type JournalPage = Awaited<ReturnType<Host['readJournal']>>;

const PAGE = 5000;
/** Up to here every row is read and its hash computed before the first screen (a quarter of a second); a longer ledger behind it. */
export const CHECK_ALL_UP_TO = 5_000;
/** So many of the newest rows are counted before the first screen: that finds holes, in some ten milliseconds. */
const COUNT_UP_TO = 10_000;

/**
 * Makes the journal and the page's copy hold the same entries, before the first screen that shows any. `since`: the sequence that the
 * journal had when the page was loaded. First the journal is given what it
 * lost and the copy still has; then the copy is made an index of the journal again. What neither holds is not invented:
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
  const status = mended.value.journal;
  // Rows that the journal gave up, or never had, may stand anywhere in the copy.
  const own = await copy.last();
  const filled = await mendCopy(parts, status, checkAll || newGaps(journal, status).length > 0);
  if (!filled.ok) return filled;
  // Whoever signed in was sealed after the page was loaded: their entries are no news.
  const isFilled = filled.value?.note === 'page_copy_lost' || filled.value?.note === 'page_copy_short';
  if (isFilled && (own?.seq ?? 0) >= since) return ok({ found: mended.value.found, journal: status });
  return ok({ found: [...mended.value.found, ...(filled.value ? [filled.value] : [])], journal: status });
}

/** Whether who there is can only be known once the page's copy was looked at. */
export function mayNeedCopy(journal: JournalStatus): boolean {
  return journal.state !== 'whole';
}

/** Gives the journal what it lost, as far as the page's copy has it; the host adds what survived of the damaged part. */
export async function mendJournal(parts: MendParts, journal: JournalStatus): Promise<Result<Healed, LedgerError>> {
  const { host, copy } = parts;
  const own = await copy.last();
  const isBroken = journal.state === 'damaged' || journal.state === 'missing';
  // What was computed from entries that may be lost now is not a beginning any more.
  if (isBroken) await copy.writeCheckpoint([]).catch(() => undefined);
  // Setting the damage aside may take good entries with it, so what is missing is known only afterwards.
  const begun = isBroken ? await host.restoreJournal({ entries: [], last: false }) : ok({ journal });
  if (!begun.ok) return begun;
  let status = begun.value.journal;
  // A laptop that lost its device file with its journal is still the device that its entries name.
  const device = own && deviceOf(own.id);
  const isOurs = device === status.device || (status.state === 'new' && status.seq === 0);
  if (own && device !== undefined && isOurs && own.seq > status.seq) {
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
  const own = await copy.last();
  if (!own) {
    if (journal.seq === 0) return ok(undefined);
    return filled(await takeFrom(parts, 1, journal.seq), 'page_copy_lost');
  }
  // Rows of another device, or after the end of the journal, or other than the journal's: the copy is only an index of it.
  const foreign = deviceOf(own.id) !== journal.device || own.seq > journal.seq;
  const other = foreign ? ok(true) : await differs(parts.host, journal, own);
  if (!other.ok) return other;
  if (other.value) {
    const differsFrom = await keepOther(parts, journal, own);
    if (!differsFrom.ok) return differsFrom;
    const anew = await fillAnew(parts, journal);
    if (!anew.ok || anew.value === undefined || differsFrom.value === undefined) return anew;
    return ok({ ...anew.value, note: 'history_differs', fromSeq: differsFrom.value });
  }

  const look = { own, checkAll, gaps: journal.gaps ?? [] };
  const hole = await findHole(copy, look);
  if (hole !== undefined) {
    if ((await copy.at(entryId(journal.device, hole))) !== undefined) return fillAnew(parts, journal);
    const taken = await takeFrom(parts, hole, journal.seq);
    if (!taken.ok) return taken;
    return (await findHole(copy, look)) === undefined ? filled(taken, 'page_copy_damaged') : fillAnew(parts, journal);
  }
  if (own.seq === journal.seq) return ok(undefined);
  const missed = await takeFrom(parts, own.seq + 1, journal.seq, true);
  // What the host seals for itself, at its close for one, no page was ever told of: that is no news.
  return missed.ok && missed.value === 0 ? ok(undefined) : filled(missed, 'page_copy_short');
}

/** The first row that is missing or wrong; in a long ledger that is asked of its end only, where a crash leaves holes. */
async function findHole(copy: Copy, { own, checkAll, gaps }: Look): Promise<number | undefined> {
  if (checkAll || own.seq <= CHECK_ALL_UP_TO) return firstBroken(copy, { gaps });
  const from = Math.max(0, own.seq - COUNT_UP_TO);
  const id = entryId(deviceOf(own.id), from);
  const lost = gaps.reduce(
    (sum, gap) => sum + Math.max(0, Math.min(gap.toSeq, own.seq) - Math.max(gap.fromSeq - 1, from)),
    0,
  );
  if ((await copy.countAfter(id)) === own.seq - from - lost) return undefined;
  const after = await copy.at(id);
  return firstBroken(copy, { gaps, ...(after && { after }) });
}

async function fillAnew(parts: Parts, journal: JournalStatus): Promise<Result<Healing | undefined, LedgerError>> {
  await parts.copy.clear();
  return filled(journal.seq === 0 ? ok(0) : await takeFrom(parts, 1, journal.seq), 'page_copy_damaged');
}

function filled(taken: Result<number, LedgerError>, note: Healing['note']): Result<Healing, LedgerError> {
  return taken.ok ? ok({ from: 'journal', restored: taken.value, note }) : taken;
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

/**
 * Copies journal entries into the page's copy; rows it holds already are left as they are. Gives how many were read, with
 * `told` only of those that a page is told of when they are sealed.
 */
async function takeFrom(
  { host, copy, progress }: Parts,
  from: number,
  to: number,
  told = false,
): Promise<Result<number, LedgerError>> {
  let reading: Promise<JournalPage> | undefined = host.readJournal({ fromSeq: from, limit: PAGE });
  let taken = 0;
  while (reading !== undefined) {
    const page: JournalPage = await reading;
    if (!page.ok) return page;
    const { entries } = page.value;
    const nextSeq: number | undefined = page.value.nextSeq;
    // The host reads the next page while this one is written.
    reading = nextSeq === undefined ? undefined : host.readJournal({ fromSeq: nextSeq, limit: PAGE });
    const stored = entries.length === 0 ? ok(null) : await copy.insert(entries);
    if (!stored.ok) return stored;
    taken += told ? entries.filter(({ fact }) => !HOST_KEPT.has(fact.kind)).length : entries.length;
    progress(taken, to - from + 1);
  }
  return ok(taken);
}

function deviceOf(id: string): string {
  return id.slice(0, id.lastIndexOf('-'));
}
