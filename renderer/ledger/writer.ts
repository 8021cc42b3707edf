import type { Fact, LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import { sealedAfter } from './in-sequence.ts';
import type { LedgerError } from './ledger.ts';

/** Puts sealed entries into the page's copy. Entries it holds already are no error. */
export type InsertEntries = (
  entries: readonly LedgerEntry[],
) => Promise<Result<null, { code: 'not_stored'; detail: string }>>;

/** Removes from the page's copy entries that the journal did not keep; they are the newest of both. */
export type TakeBack = (
  entries: readonly LedgerEntry[],
) => Promise<Result<null, { code: 'not_stored'; detail: string }>>;

export type Writer = {
  /** Resolves when the journal and the page's copy both hold the facts; all of them or none. */
  append(facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], LedgerError>>;
  /** The same for entries that the host has sealed already. Those that the page has are left out. */
  takeIn(entries: readonly LedgerEntry[]): Promise<Result<null, LedgerError>>;
  /** Facts proposed and not yet in both copies. */
  pending(): number;
  /** Set while the page's copy does not take entries: the journal has them, and nothing more is accepted until it is mended. */
  problem(): LedgerError | undefined;
  idle(): Promise<void>;
  /** Does something while nothing else is stored or folded. */
  between<Value>(work: () => Promise<Value>): Promise<Value>;
};

type Synced = Promise<Result<unknown, LedgerError>>;

type Proposal = { facts: readonly Fact[]; settle(result: Result<readonly LedgerEntry[], LedgerError>): void };

const SAFE: Synced = Promise.resolve(ok(null));
/** Facts that share one journal write at most; beyond it a refusal of one would repeat too much work. */
const GROUP = 200;
const TRIES = 3;
/** So many groups may be on their way: one is written while the one before it is stored. */
const GROUPS_AHEAD = 2;
/**
 * Refusals of what one fact says: then nothing was sealed, and the other proposals may be tried without it. After any
 * other failure they may be in the journal already, or would fail alike, and are not sent a second time.
 */
const ABOUT_ONE_FACT: ReadonlySet<LedgerError['code']> = new Set([
  'bad_request',
  'role_missing',
  'own_count',
  'not_found',
  'not_posted',
  'not_the_posted_amount',
  'not_as_counted',
  'bin_not_done',
  'bin_handed_in',
  'not_asked_for',
]);

/**
 * The one way a fact is saved. Proposals made while a write is under way share the next one, so a burst of scans pays
 * for a few disk syncs instead of one each. The journal's sync of a group runs beside the page's insert of it. It counts
 * only when both are done: if the journal could not keep it, the page's copy is made to forget it first, then it is
 * refused. Groups are stored one after the other, so what comes later under the same sequences meets no trace of it.
 *
 * Where the journal has an entry and the page's copy does not take it, it is saved, and said to be: the copy is only an
 * index, and is completed from the journal. Before anything more is accepted the copy is mended; as long as that fails,
 * facts are refused before they reach the journal, so that what is called not taken is nowhere.
 *
 * The host seals entries of its own, and answers with them when it pleases: entries are folded in the order of their
 * sequence whatever the order of the answers. Where one is missing before those that have come, the journal is asked for it.
 * One piece: order, batches and mending share one queue.
 */
export function createWriter(options: {
  host: Pick<Host, 'append' | 'synced' | 'readJournal'>;
  insert: InsertEntries;
  takeBack: TakeBack;
  /**
   * Is given every entry once, in the order of its sequence. `isHeld`: the page's copy has them, and all before them. Takes
   * its time, and may fail, only where they belong before what another laptop had said.
   */
  fold(entries: readonly LedgerEntry[], isHeld: boolean): void | Promise<void>;
  /** Sequence of the newest entry of a device that was folded; 0: none. */
  newest(device: string): number;
  /** Opens the page's copy anew and makes it hold just what was folded; a refusal says why it cannot be written. */
  mend(): Promise<Result<null, LedgerError>>;
}): Writer {
  const queue: Proposal[] = [];
  let waiting = 0;
  const ahead: Promise<unknown>[] = [];
  let pumping = false;
  let storing: Promise<unknown> = Promise.resolve();
  /** Why the page's copy does not hold all that was folded. */
  let behind: LedgerError | undefined;
  /** The device of which the journal holds entries that could not be read, and so were not folded. */
  let unread: string | undefined;
  const idlers: (() => void)[] = [];

  /** Stores in order, and tries again when the page's copy refuses. */
  function store(entries: readonly LedgerEntry[], synced: Synced): Promise<Result<null, LedgerError>> {
    const next = storing.then(() => storeNow(entries, synced));
    storing = next.catch(() => undefined);
    return next;
  }

  async function storeNow(entries: readonly LedgerEntry[], synced: Synced): Promise<Result<null, LedgerError>> {
    const fresh = entries.filter(({ device, seq }) => seq > options.newest(device));
    const [first] = fresh;
    // Read from the journal because something later came first: then all of them are safe there.
    if (first === undefined) return synced.then(() => ok(null));
    const newest = options.newest(first.device);
    if (first.seq === newest + 1) return keep(fresh, synced);
    // What is safe in the journal has everything before it safe there.
    const safe = await synced;
    if (!safe.ok) return safe;
    const between = await stubbornly(() =>
      sealedAfter(options.host, newest, { device: first.device, before: first.seq }),
    );
    if (between.ok) return keep([...between.value, ...fresh], SAFE);
    // Behind a lock nothing is read: whoever signs in next takes in what is missing.
    if (between.error.code === 'not_signed_in') return between;
    // A page that folded past a hole would show, and keep, figures that never were.
    unread = first.device;
    behind ??= between.error;
    return between;
  }

  async function keep(entries: readonly LedgerEntry[], synced: Synced): Promise<Result<null, LedgerError>> {
    await mended();
    const insert = behind ? Promise.resolve(err(behind)) : stubbornly(() => options.insert(entries));
    const [stored, safe] = await Promise.all([insert, synced]);
    if (safe.ok) {
      // The journal holds the entries whatever happened here: they are facts, and the screen must show them.
      const isFolded = await folded(entries, stored.ok);
      if (!stored.ok) await fallBehind(stored.error);
      return isFolded ? ok(null) : err(behind ?? { code: 'host_failed' });
    }
    const forgotten = stored.ok ? await stubbornly(() => options.takeBack(entries)) : ok(null);
    if (!stored.ok) await fallBehind(stored.error);
    if (forgotten.ok) return safe;
    await fallBehind(forgotten.error);
    // Whether it comes back is open until the copies are compared: nobody may be told that it is gone.
    return behind ? err(behind) : safe;
  }

  /** Whether entries could be folded: it takes the copy where they belong before others, and that may not be readable. */
  async function folded(entries: readonly LedgerEntry[], isHeld: boolean): Promise<boolean> {
    const folding = options.fold(entries, isHeld);
    if (folding === undefined) return true;
    try {
      await folding;
      return true;
    } catch (cause) {
      // The journal has them, and is asked again before anything more is accepted.
      unread = entries[0]?.device;
      behind ??= { code: 'not_stored', detail: cause instanceof Error ? cause.name : 'unknown' };
      return false;
    }
  }

  /** The copy does not hold what it should: it is mended at once, or before the next fact. */
  async function fallBehind(why: LedgerError): Promise<void> {
    behind ??= why;
    await mended();
  }

  /** Whether the copy holds what was folded; tried now where it does not. */
  async function mended(): Promise<boolean> {
    if (behind === undefined) return true;
    if (unread !== undefined) {
      const missed = await sealedAfter(options.host, options.newest(unread), { device: unread });
      if (!missed.ok) {
        behind = missed.error;
        return false;
      }
      unread = undefined;
      if (missed.value.length > 0 && !(await folded(missed.value, false))) return false;
    }
    const done = await options.mend();
    behind = done.ok ? undefined : done.error;
    return done.ok;
  }

  async function stubbornly<Value>(
    work: () => Promise<Result<Value, LedgerError>>,
  ): Promise<Result<Value, LedgerError>> {
    let result = await work();
    for (let tries = 1; !result.ok && tries < TRIES; tries += 1) result = await work();
    return result;
  }

  async function send(group: readonly Proposal[]): Promise<void> {
    const sealed = await options.host.append({ facts: group.flatMap((proposal) => proposal.facts), early: true });
    if (!sealed.ok) {
      if (group.length === 1 || !ABOUT_ONE_FACT.has(sealed.error.code)) return settle(group, () => sealed);
      // One refused proposal must not take the others with it.
      for (const proposal of group) await send([proposal]);
      return;
    }
    const { entries, ticket } = sealed.value;
    const synced: Synced = ticket === undefined ? SAFE : options.host.synced({ ticket });
    const stored = store(entries, synced).catch(() => err({ code: 'host_failed' as const }));
    ahead.push(stored);
    void stored.then((result) => {
      let from = 0;
      settle(group, (proposal) => {
        const own = entries.slice(from, from + proposal.facts.length);
        from += proposal.facts.length;
        return result.ok ? ok(own) : result;
      });
    });
  }

  function settle(
    group: readonly Proposal[],
    result: (proposal: Proposal) => Result<readonly LedgerEntry[], LedgerError>,
  ): void {
    for (const proposal of group) {
      waiting -= proposal.facts.length;
      proposal.settle(result(proposal));
    }
    if (waiting === 0) for (const wake of idlers.splice(0)) wake();
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    while (queue.length > 0) {
      const group: Proposal[] = [];
      let facts = 0;
      while (queue[0] && (group.length === 0 || facts + queue[0].facts.length <= GROUP)) {
        const proposal = queue.shift();
        if (!proposal) break;
        group.push(proposal);
        facts += proposal.facts.length;
      }
      while (ahead.length >= GROUPS_AHEAD) await ahead.shift();
      if (behind !== undefined) await storing;
      if (await mended()) await send(group);
      else settle(group, () => err(behind ?? { code: 'host_failed' }));
    }
    pumping = false;
  }

  return {
    append: (facts) =>
      new Promise((resolve) => {
        waiting += facts.length;
        queue.push({ facts, settle: resolve });
        void pump();
      }),
    takeIn: (entries) => store(entries, SAFE),
    between(work) {
      const next = storing.then(work);
      storing = next.catch(() => undefined);
      return next;
    },
    pending: () => waiting,
    problem: () => behind,
    idle: async () => {
      if (waiting > 0) await new Promise<void>((resolve) => idlers.push(resolve));
      await storing;
    },
  };
}
