import { join } from 'node:path';
import { LEDGER_VERSION, type Fact, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { HostError, JournalStatus } from '../../shared/ports/host.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import { diskError, type Disk } from './disk.ts';
import { createAppender, type Appender } from './journal-appender.ts';
import { writeDevice } from './journal-device.ts';
import { continueWith, sealFacts, sha256, type Head } from './journal-line.ts';
import { pictureJournal, readThoroughly, type Damage, type JournalPicture } from './journal-open.ts';
import { createReader } from './journal-reader.ts';
import { setAside } from './journal-repair.ts';
import { writeManifest } from './journal-segments.ts';
import { instantOf, type Clock } from './turns.ts';

export type JournalOptions = {
  disk: Disk;
  /** The profile's folder; the journal lives in `journal/` below it, the device file beside that. */
  folder: string;
  clock: Clock;
  randomId: () => string;
  /** A segment is closed once it is this big; 4 MB unless given. */
  segmentBytes?: number;
};

/** What the rest of the host hears from the journal. */
export type JournalListener = { onTakenBack: () => void; onCommitted: (rolled: boolean) => Promise<void> };

export type Journal = {
  status(): JournalStatus;
  /** The newest durable entry. */
  head(): Head;
  /** Whether facts may be sealed now; the refusal otherwise. */
  refusal(): HostError | null;
  /** Sequence of the newest entry given a place, durable or still on its way. */
  sealedSeq(): number;
  /** Gives facts their place and hash at once, in order; `synced` answers when they are safe on disk, all or none. */
  seal(
    by: string,
    facts: readonly Fact[],
  ): Result<{ entries: readonly LedgerEntry[]; synced: Promise<Result<readonly LedgerEntry[], HostError>> }, HostError>;
  read(
    fromSeq: number,
    limit: number,
  ): Promise<Result<{ entries: readonly LedgerEntry[]; nextSeq?: number }, HostError>>;
  /** Entries of the newest segment as read when the journal was opened; given once. */
  takeTail(): readonly LedgerEntry[];
  /** Reads everything again. What it finds stands in the status from then on. */
  check(): Promise<JournalStatus>;
  /** Takes back lost entries; see `restoreJournal` in the host's contract. */
  restore(entries: readonly LedgerEntry[], last: boolean): Promise<Result<JournalStatus, HostError>>;
  listen(listener: JournalListener): void;
  /** Once everything sealed is durable or refused. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the append-only, hash-chained journal of a profile, making it at the first start. Never fails for damage: the
 * status names it, what stands before it can be read, and nothing can be sealed until it is restored.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { disk, folder: profile, clock, segmentBytes = 4_000_000 } = options;
  const folder = join(profile, 'journal');
  await disk.makeFolder(folder);
  const reader = createReader(disk, folder);
  let listener: JournalListener = { onTakenBack: () => undefined, onCommitted: async () => undefined };
  let picture: JournalPicture;
  let appender: Appender;
  let tail: readonly LedgerEntry[];
  let isRestoring = false;

  async function saveDevice(acknowledged: number): Promise<void> {
    picture = { ...picture, device: { ...picture.device, v: LEDGER_VERSION, acknowledged } };
    await writeDevice(disk, profile, picture.device);
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
      async onCommitted(rolled) {
        // The first entry is marked at once, so that a journal that vanishes later is not taken for a new one.
        const isFirst = picture.device.acknowledged === 0;
        if ((rolled || isFirst) && !isRestoring) await saveDevice(appender.durableHead().seq);
        await listener.onCommitted(rolled);
      },
    });
  }

  async function open(): Promise<void> {
    start(await pictureJournal(disk, profile, { device: options.randomId(), createdAt: instantOf(clock) }));
    if (!picture.stale || picture.damage?.code === 'newer_version') return;
    try {
      await writeDevice(disk, profile, picture.device);
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
    const head = appender.durableHead();
    const state = picture.state === 'new' && head.seq > 0 ? 'whole' : picture.state;
    const damage = picture.damage === undefined ? {} : { damage: picture.damage };
    return {
      device: head.device,
      seq: head.seq,
      hash: head.hash,
      entries: head.seq,
      state,
      tornBytes: picture.tornBytes,
      ...damage,
    };
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
    const chain = await readThoroughly(disk, folder, head.device);
    start({ ...picture, ...chain, state: 'whole' });
    if (chain.damage !== undefined) return foundDamage(chain.damage);
    if (chain.head.seq < head.seq) {
      return foundDamage({ fromSeq: chain.head.seq + 1, segment: chain.active.name, code: 'missing_segment' });
    }
    await writeManifest(disk, folder, { device: head.device, segments: [...chain.closed] }).catch(() => undefined);
  }

  async function isAsWritten(): Promise<boolean> {
    const { bytes, name, hash } = appender.active();
    const digest = hash.copy().digest('hex');
    for (const segment of appender.closed()) {
      const content = await disk.read(join(folder, segment.name));
      if (content?.length !== segment.bytes || sha256(content) !== segment.sha256) return false;
    }
    const content = bytes === 0 ? Buffer.alloc(0) : ((await disk.read(join(folder, name))) ?? Buffer.alloc(0));
    return content.length >= bytes && sha256(content.subarray(0, bytes)) === digest;
  }

  await open();

  return {
    status,
    head: () => appender.durableHead(),
    refusal,
    sealedSeq: () => appender.sealedHead().seq,
    seal(by, facts) {
      const refused = refusal();
      if (refused !== null) return err(refused);
      const lines = sealFacts(appender.sealedHead(), by, instantOf(clock), facts);
      return ok({ entries: lines.map(({ entry }) => entry), synced: appender.append(lines) });
    },
    async read(fromSeq, limit) {
      const layout = { closed: appender.closed(), active: appender.active(), lastSeq: appender.durableHead().seq };
      const found = await reader.read(layout, fromSeq, limit);
      if (!found.ok) {
        await lookAgain();
        return err({ code: 'journal_incomplete', fromSeq: picture.damage?.fromSeq ?? fromSeq });
      }
      const last = found.value.at(-1);
      const hasMore = last !== undefined && last.seq < layout.lastSeq;
      return ok({ entries: found.value, ...(hasMore ? { nextSeq: last.seq + 1 } : {}) });
    },
    takeTail() {
      const given = tail;
      tail = [];
      return given;
    },
    async check() {
      if (!isBroken() && !(await isAsWritten())) await lookAgain();
      return status();
    },
    async restore(entries, last) {
      if (picture.damage?.code === 'newer_version') return err({ code: 'journal_failed', detail: 'newer_version' });
      try {
        if (isBroken() && !isRestoring) {
          await appender.close();
          start(
            await setAside({ disk, profile, picture: { ...picture, active: appender.active() }, at: instantOf(clock) }),
          );
        }
        isRestoring = true;
        const [first] = entries;
        if (first !== undefined && status().state === 'new' && first.seq === 1) {
          // A laptop that lost its device file with its journal is still the device that its entries name.
          start({
            ...picture,
            device: { ...picture.device, device: first.device },
            head: { ...picture.head, device: first.device },
          });
        }
        let head = appender.sealedHead();
        const lines = [];
        for (const entry of entries) {
          const line = continueWith(head, entry);
          if (line === null) return err({ code: 'broken_chain', seq: entry.seq });
          lines.push(line);
          head = { device: entry.device, seq: entry.seq, hash: entry.hash };
        }
        const written = await appender.append(lines);
        if (!written.ok) return written;
        if (!last) return ok(status());
        isRestoring = false;
        const { damage: _healed, ...rest } = picture;
        const seq = appender.durableHead().seq;
        picture = { ...rest, state: seq === 0 ? 'new' : 'whole' };
        await saveDevice(seq);
        await writeManifest(disk, folder, { device: head.device, segments: [...appender.closed()] });
        return ok(status());
      } catch (problem) {
        return err(diskError(problem));
      }
    },
    listen(heard) {
      listener = heard;
    },
    idle: () => appender.idle(),
    async close() {
      await appender.close();
      const { seq } = appender.durableHead();
      if (isBroken() || isRestoring || seq === picture.device.acknowledged) return;
      // What cannot be noted now is only a later mark: the journal itself is synced.
      await saveDevice(seq).catch(() => undefined);
    },
  };
}
