import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError, JournalStatus } from '../../../shared/ports/host.ts';
import { diskError, type Disk } from '../disk/disk.ts';
import { instantOf, type Clock } from '../disk/turns.ts';
import type { Appender } from './appender.ts';
import { isCounting, type Heads } from './heads.ts';
import { closedOf, type JournalPicture } from './open.ts';
import { setAside } from './repair.ts';
import { writeManifest } from './segments.ts';
import { openSurvivors } from './survivors.ts';
import { removeUnfinished, type Unfinished } from './unfinished.ts';
import { createWeaver, type Proof, type Weaver } from './weaver.ts';
import { keepWitness } from './witness.ts';

/** The journal that is given back what it lost: as it stands at each moment, and how it becomes another. */
export type Mending = {
  picture(): JournalPicture;
  /** Says of the journal what a finished restore found. */
  setPicture(picture: JournalPicture): void;
  appender(): Appender;
  isBroken(): boolean;
  status(): JournalStatus;
  /** Begins anew over what stands on disk. */
  start(found: JournalPicture): void;
  /** Remembers a sequence as acknowledged. */
  acknowledge(seq: number): Promise<void>;
  /** Remembers the newest entry outside of the journal. */
  remember(): Promise<void>;
};

type RestoringOptions = {
  disk: Disk;
  profile: string;
  /** The journal's own. */
  folder: string;
  clock: Clock;
  heads: Heads;
  mayHaveWritten: (entry: LedgerEntry) => boolean;
};

/** Takes lost entries back, in as many calls as it takes. */
export type Restoring = {
  /** A restore was begun and has not come to its end. */
  isUnderWay(): boolean;
  /** See `restoreJournal` in the host's contract. One call at a time. */
  give(entries: readonly LedgerEntry[], last: boolean, holes: boolean): Promise<Result<JournalStatus, HostError>>;
};

const NOTHING_SET_ASIDE: Unfinished = { known: 0, asides: [] };

/**
 * Restoring of one journal. A call that fails is forgotten: the next begins anew with what is on disk. One closure: one
 * restore is under way at a time, and every step changes it.
 */
export function createRestoring(options: RestoringOptions, journal: Mending): Restoring {
  const { disk, profile, folder, clock, heads } = options;
  let underWay: { weaver: Weaver; unfinished: Unfinished } | null = null;

  /** What entries are held to that somebody gives back. */
  async function proofOf(): Promise<Proof> {
    const closed = await closedOf(disk, folder, journal.picture().device.device);
    const known = new Map(closed.map(({ lastSeq, lastHash }) => [lastSeq, lastHash]));
    for (const { seq, hash } of heads.all()) known.set(seq, hash);
    return {
      isPossible: known.size > 0,
      hashAt: (seq) => known.get(seq),
      mayStand: (entry) => isCounting(entry) && options.mayHaveWritten(entry),
    };
  }

  /** Sets the damage aside, if there is any, and makes ready to take entries. */
  async function begin(first: LedgerEntry | undefined): Promise<NonNullable<typeof underWay>> {
    const proof = await proofOf();
    let unfinished = NOTHING_SET_ASIDE;
    if (journal.isBroken()) {
      await journal.appender().close();
      const picture = { ...journal.picture(), active: journal.appender().active() };
      const aside = await setAside({ disk, profile, picture, at: instantOf(clock) });
      ({ unfinished } = aside);
      journal.start(aside.picture);
    }
    if (first !== undefined && journal.status().state === 'new' && first.seq === 1) {
      // A laptop that lost its device file with its journal is still the device that its entries name.
      const { device } = first;
      const picture = journal.picture();
      journal.start({ ...picture, device: { ...picture.device, device }, head: { ...picture.head, device } });
    }
    const survivors = openSurvivors(disk, folder, journal.appender().sealedHead().device, unfinished);
    return { weaver: createWeaver(journal.appender(), survivors, proof), unfinished };
  }

  /** Everything is back: what is remembered beside the journal is made to say so, and what was found is told. */
  async function end(weaver: Weaver): Promise<void> {
    const appender = journal.appender();
    await appender.idle();
    const { seq, device } = appender.durableHead();
    await journal.acknowledge(seq);
    await journal.remember();
    const leftOut = weaver.leftOut();
    if (leftOut.length > 0) await keepWitness(disk, profile, instantOf(clock), 'not-proven', leftOut);
    await writeManifest(disk, folder, { device, segments: [...appender.closed()] });
    if (journal.isBroken()) await removeUnfinished(disk, folder);
    underWay = null;
    const { damage: _healed, ...rest } = journal.picture();
    const [first] = leftOut;
    const unproven = first && { unproven: { fromSeq: first.seq, entries: leftOut.length } };
    const onTrust = weaver.onTrust();
    const doubts = { ...unproven, ...(onTrust !== null && { onTrust: { ...onTrust } }) };
    journal.setPicture({ ...rest, state: seq === 0 ? 'new' : 'whole', tail: [], ...doubts });
  }

  async function give(
    entries: readonly LedgerEntry[],
    last: boolean,
    holes: boolean,
  ): Promise<Result<JournalStatus, HostError>> {
    if (journal.picture().damage?.code === 'newer_version')
      return err({ code: 'journal_failed', detail: 'newer_version' });
    try {
      underWay ??= await begin(entries[0]);
      const { weaver, unfinished } = underWay;
      const given = await weaver.give(entries, holes);
      if (!given.ok && given.error.code === 'broken_chain' && journal.isBroken()) return given;
      const reserved = journal.picture().device.reserved ?? 0;
      const finished = given.ok && last ? await weaver.finish(unfinished.known, reserved) : given;
      // What was taken from the files and not written is still there: the next call begins anew.
      if (!finished.ok) {
        underWay = null;
        return finished;
      }
      if (last) await end(weaver);
      return ok(journal.status());
    } catch (problem) {
      underWay = null;
      return err(diskError(problem));
    }
  }

  return { isUnderWay: () => underWay !== null, give };
}
