import { join } from 'node:path';
import { LEDGER_VERSION, type Fact, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { HostError, JournalStatus, Mended } from '../../../shared/ports/host.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { diskError, type Disk } from '../disk/disk.ts';
import { createAppender, type Appender } from './appender.ts';
import { openDevice } from './device.ts';
import { isCounting, openHeads, type KnownHead } from './heads.ts';
import { sealFacts, type Head, type Sign } from './line.ts';
import { pictureJournal, readThoroughly, type Damage, type JournalPicture } from './open.ts';
import { createReader, isAsWritten, type Layout } from './reader.ts';
import { createRestoring, type Restoring } from './restoring.ts';
import { writeManifest } from './segments.ts';
import { newestOf, statusOf } from './status.ts';
import { createTurns, instantOf, type Clock } from '../disk/turns.ts';

export type JournalOptions = {
  disk: Disk;
  /** The profile's folder; the journal lives in `journal/` below it, the device file beside that. */
  folder: string;
  clock: Clock;
  randomId: () => string;
  /** A segment is closed once it is this big; 5.5 MB unless given, some 9,500 entries. */
  segmentBytes?: number;
  /** Told what beside the entries was not as it was written. */
  onMended?: (mended: Mended) => void;
  /** Whether somebody may have written an entry that nothing else vouches for; asked of facts of counting only. */
  mayHaveWritten?: (entry: LedgerEntry) => boolean;
};

/** Entries on their way to the disk. */
export type Sealed = {
  readonly entries: readonly LedgerEntry[];
  /** Resolves once the system has them; never, when it does not take them. They may still be taken back. */
  readonly written: Promise<void>;
  /** Answers when they are safe on disk, all or none. */
  readonly synced: Promise<Result<readonly LedgerEntry[], HostError>>;
};

/** What the rest of the host hears from the journal. */
export type JournalListener = { onTakenBack: () => void; onCommitted: (rolled: boolean) => Promise<void> };

export type Journal = {
  status(): JournalStatus;
  /** What the next entry follows: the newest durable entry, or the gap behind it. */
  head(): Head;
  /** Whether facts may be sealed now; the refusal otherwise. */
  refusal(): HostError | null;
  /** Sequence of the newest entry given a place, durable or still on its way. */
  sealedSeq(): number;
  /** Gives facts their place, signature and hash at once, in order. `isOpen`: whether everybody of the site may know one. */
  seal(
    by: string,
    facts: readonly Fact[],
    how?: { readonly sign?: Sign | undefined; readonly isOpen?: (fact: Fact) => boolean },
  ): Result<Sealed, HostError>;
  read(
    fromSeq: number,
    limit: number,
  ): Promise<Result<{ entries: readonly LedgerEntry[]; nextSeq?: number }, HostError>>;
  /** Entries of the newest segment as read when the journal was opened; given once. */
  takeTail(): readonly LedgerEntry[];
  /** Reads everything again. What it finds stands in the status from then on. */
  check(): Promise<JournalStatus>;
  /** Takes back lost entries; see `restoreJournal` in the host's contract. */
  restore(entries: readonly LedgerEntry[], last: boolean, holes?: boolean): Promise<Result<JournalStatus, HostError>>;
  /**
   * The sequence from which a whole journal is not what is remembered of it; null: it is. What is remembered is the
   * journal as it stands from then on, so it is said once.
   */
  findRewritten(): Promise<number | null>;
  /** Whether anything was sealed since it was opened. */
  isUsed(): boolean;
  listen(listener: JournalListener): void;
  /** Once everything sealed is durable or refused. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

/** So many sequences are reserved at a time: one small file is written before the first of them is given. */
const RESERVED_AHEAD = 1_000;

/**
 * Opens the append-only, hash-chained journal of a profile, making it at the first start. Never fails for damage: the
 * status names it, what stands before it can be read, and nothing can be sealed until it is restored.
 * One closure, for everything in it reads or replaces one picture of the files; how that is restored is in `restoring.ts`.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { disk, folder: profile, clock, segmentBytes = 5_500_000, onMended = () => undefined } = options;
  const folder = join(profile, 'journal');
  await disk.makeFolder(folder);
  const reader = createReader(disk, folder);
  const kept = await openDevice(disk, profile, onMended);
  let listener: JournalListener = { onTakenBack: () => undefined, onCommitted: async () => undefined };
  let picture: JournalPicture;
  let appender: Appender;
  let tail: readonly LedgerEntry[];
  /** The newest sequence that this run gave to something worth missing. */
  let toldSeq = 0;
  const heads = await openHeads(disk, profile, onMended);
  let isUsed = false;
  const inTurn = createTurns();

  async function saveDevice(marks: { acknowledged: number } | { reserved: number }): Promise<void> {
    const device = { ...picture.device, v: LEDGER_VERSION, ...marks };
    await kept.save(device, device.device);
    picture = { ...picture, device };
  }

  function start(found: JournalPicture): void {
    picture = found;
    tail = found.tail;
    reader.forget();
    appender = createAppender({
      disk,
      folder,
      segmentBytes,
      closed: found.closed,
      active: found.active,
      head: found.head,
      isTorn: found.tornBytes > 0,
      onTakenBack: () => listener.onTakenBack(),
      async reserve(seq) {
        if (seq > (picture.device.reserved ?? 0)) await saveDevice({ reserved: seq + RESERVED_AHEAD });
      },
      async onCommitted(rolled, entries) {
        // The first entry is marked at once, so that a journal that vanishes later is not taken for a new one.
        const isFirst = picture.device.acknowledged === 0;
        if ((rolled || isFirst) && !restoring.isUnderWay())
          await saveDevice({ acknowledged: appender.durableHead().seq });
        if ((rolled || isFirst || !entries.every(isCounting)) && !restoring.isUnderWay()) await remember();
        await listener.onCommitted(rolled);
      },
    });
  }

  /** Remembers the newest entry outside of the journal. */
  async function remember(): Promise<void> {
    const { device, seq, hash } = newestOf(appender);
    if (seq > 0) await heads.add(device, { seq, hash });
  }

  async function open(): Promise<void> {
    const fresh = { device: heads.device() ?? options.randomId(), createdAt: instantOf(clock) };
    const remembered = { device: heads.device(), seq: heads.newest()?.seq ?? 0 };
    start(await pictureJournal(disk, profile, kept, fresh, remembered));
    if (picture.isForeignDevice) onMended({ file: 'device', what: 'foreign_healed' });
    if (picture.isListMended === true) onMended({ file: 'manifest', what: 'healed' });
    // A journal of an earlier version is remembered from now on.
    if (picture.state === 'whole' && heads.newest() === undefined) {
      const closed = picture.closed.map(({ lastSeq, lastHash }) => ({ seq: lastSeq, hash: lastHash }));
      await heads
        .add(picture.device.device, ...closed)
        .then(remember)
        .catch(() => undefined);
    }
    if (!picture.stale || picture.damage?.code === 'newer_version') return;
    try {
      const ahead = appender.durableHead().seq + RESERVED_AHEAD;
      await saveDevice({ reserved: Math.max(picture.device.reserved ?? 0, ahead) });
      if (picture.state === 'whole')
        await writeManifest(disk, folder, { device: picture.device.device, segments: [...picture.closed] });
    } catch {
      // A full disk must not keep the app from opening: what could not be written is found out again next time.
    }
  }

  function isBroken(): boolean {
    return picture.state === 'damaged' || picture.state === 'missing';
  }

  function status(): JournalStatus {
    return statusOf(picture, appender);
  }

  function layout(): Layout {
    return { closed: appender.closed(), active: appender.active(), lastSeq: newestOf(appender).seq };
  }

  function refusal(): HostError | null {
    if (!isBroken()) return null;
    if (picture.damage?.code === 'newer_version') return { code: 'journal_failed', detail: 'newer_version' };
    return { code: 'journal_incomplete', fromSeq: appender.durableHead().seq + 1 };
  }

  function foundDamage(damage: Damage): void {
    picture = { ...picture, state: 'damaged', damage };
  }

  /** Opens the journal again as it stands on disk now, and says what is wrong with it. */
  async function lookAgain(): Promise<void> {
    await appender.close();
    const head = appender.durableHead();
    const chain = await readThoroughly(disk, folder, { device: head.device, acknowledged: head.seq });
    start({ ...picture, ...chain, tail: [], state: 'whole' });
    if (chain.damage !== undefined) return foundDamage(chain.damage);
    if (chain.head.seq < head.seq) {
      return foundDamage({ fromSeq: chain.head.seq + 1, segment: chain.active.name, code: 'missing_segment' });
    }
    await writeManifest(disk, folder, { device: head.device, segments: [...chain.closed] }).catch(() => undefined);
  }

  const restoring: Restoring = createRestoring(
    { disk, profile, folder, clock, heads, mayHaveWritten: options.mayHaveWritten ?? (() => true) },
    {
      picture: () => picture,
      setPicture(next) {
        picture = next;
      },
      appender: () => appender,
      isBroken,
      status,
      start,
      acknowledge: (seq) => saveDevice({ acknowledged: seq }),
      remember,
    },
  );

  await open();

  return {
    status,
    head: () => appender.durableHead(),
    refusal,
    sealedSeq: () => appender.sealedHead().seq,
    seal(by, facts, { sign, isOpen = () => true } = {}) {
      const refused = refusal();
      if (refused !== null) return err(refused);
      isUsed = true;
      const lines = sealFacts(appender.sealedHead(), by, instantOf(clock), facts, {
        ...(sign && { sign }),
        salt: (fact) => (isOpen(fact) ? undefined : options.randomId()),
      });
      if (facts.some(({ kind }) => kind !== 'checkpoint_kept')) toldSeq = lines.at(-1)?.entry.seq ?? toldSeq;
      let written = (): void => undefined;
      const isWritten = new Promise<void>((resolve) => {
        written = resolve;
      });
      const synced = appender.append(lines, written);
      return ok({ entries: lines.map(({ entry }) => entry), written: isWritten, synced });
    },
    async read(fromSeq, limit) {
      const at = layout();
      let found: Awaited<ReturnType<typeof reader.read>>;
      try {
        found = await reader.read(at, fromSeq, limit);
      } catch (problem) {
        return err(diskError(problem));
      }
      if (!found.ok) {
        await lookAgain();
        return err({ code: 'journal_incomplete', fromSeq: picture.damage?.fromSeq ?? fromSeq });
      }
      const last = found.value.at(-1);
      const hasMore = last !== undefined && last.seq < at.lastSeq;
      return ok({ entries: found.value, ...(hasMore ? { nextSeq: last.seq + 1 } : {}) });
    },
    takeTail() {
      const given = tail;
      tail = [];
      return given;
    },
    async check() {
      if (!isBroken() && !(await isAsWritten(disk, folder, layout()))) await lookAgain();
      return status();
    },
    restore: (entries, last, holes = false) => inTurn(() => restoring.give(entries, last, holes)),
    async findRewritten() {
      const newest = heads.newest();
      const { state, seq, hash, device } = status();
      if (state !== 'whole' || newest === undefined) return null;
      const isAsRemembered = async (head: KnownHead): Promise<boolean> => {
        if (head.seq === seq) return head.hash === hash;
        const found = await reader.read(layout(), head.seq, 1);
        const entry = found.ok ? found.value[0] : undefined;
        // What cannot be read, or was lost and declared so, is damage, and said as that.
        return entry?.seq !== head.seq || entry.hash === head.hash;
      };
      if (await isAsRemembered(newest)) return null;
      for (const head of heads.all()) {
        if (await isAsRemembered(head)) continue;
        await heads.startOver(device, { seq, hash }).catch(() => undefined);
        return head.seq;
      }
      return null;
    },
    isUsed: () => isUsed,
    listen(heard) {
      listener = heard;
    },
    idle: () => appender.idle(),
    async close() {
      await appender.close();
      // An entry that only vouches for a file says nothing that anybody would miss.
      const seq = Math.min(appender.durableHead().seq, toldSeq);
      if (isBroken() || restoring.isUnderWay()) return;
      // What cannot be noted now is only a later mark: the journal itself is synced.
      if (seq > picture.device.acknowledged) await saveDevice({ acknowledged: seq }).catch(() => undefined);
      await remember().catch(() => undefined);
    },
  };
}
