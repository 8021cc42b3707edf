import { z } from 'zod';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Host, HostError, Mended } from '../../../shared/ports/host.ts';
import { systemCode, type Disk } from '../disk/disk.ts';
import { openKept } from '../disk/kept-file.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import { createTurns, instantOf, type Clock } from '../disk/turns.ts';
import { removeOldCopies } from './old-copies.ts';
import { bringCopy, readCopy, writeCopy, type CopyFacts } from './whole-copy.ts';

type CopyCalls = Pick<Host, 'copyEverything' | 'keepDailyCopy' | 'copyStatus' | 'chooseCopy' | 'restoreCopy'>;

type CopyCallsOptions = {
  disk: Disk;
  profile: string;
  journal: Journal;
  clock: Clock;
  laptop: string;
  log: Log;
  /** Whether nobody and nothing is here yet. */
  isNew: () => boolean;
  /** Asks the person for a folder; null when they think better of it. */
  chooseFolder: () => Promise<string | null>;
  /** Starts the app anew. */
  restart: () => void;
  onMended: (mended: Mended) => void;
};

const DAY_MS = 24 * 3_600_000;
/** A copy that could not be made is tried again after this long. */
const AGAIN_MS = 3_600_000;
const keptSchema = z.object({
  folder: z.string(),
  lastAt: z.string().nullable(),
  problem: z.string().nullable(),
  /** Daily copies of this laptop in the folder, when one was made last. */
  copies: z.number().int().min(0).default(0),
});
type Kept = z.infer<typeof keptSchema>;

/**
 * Copies of everything: by hand, daily, and back. `copyIfDue` is told whenever something happens, and never makes anybody
 * wait. One closure: all calls take turns over one folder.
 */
export async function createCopyCalls(options: CopyCallsOptions): Promise<CopyCalls & { copyIfDue(): void }> {
  const { disk, profile, journal, clock, laptop, log } = options;
  const file = await openKept({
    disk,
    folder: profile,
    name: 'daily-copy',
    schema: keptSchema,
    onMended: options.onMended,
  });
  const inTurn = createTurns();
  let kept: Kept | null = file.found === 'whole' ? file.content() : null;
  let triedAt = Number.NEGATIVE_INFINITY;
  /** The folder that a person chose to restore from, and has seen what is in it. */
  let chosen: string | null = null;

  async function copyTo(target: string, isDaily: boolean): Promise<Result<CopyFacts & { folder: string }, HostError>> {
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    const madeAt = instantOf(clock);
    const copied = await writeCopy({ disk, profile, head: journal.head, laptop, madeAt, isDaily }, target);
    log(copied.ok ? 'info' : 'warn', copied.ok ? 'copied' : 'copy_failed', copied.ok ? {} : { ...copied.error });
    return copied;
  }

  /** A copy that is no longer needed and cannot be removed is in nobody's way. */
  async function removeOld(target: string, before: number): Promise<number> {
    const { device } = journal.status();
    const hashAt = async (seq: number) => {
      const page = await journal.read(seq, 1);
      const entry = page.ok ? page.value.entries[0] : undefined;
      return entry?.seq === seq ? entry.hash : undefined;
    };
    try {
      return await removeOldCopies({ disk, target, device, hashAt });
    } catch (problem) {
      log('warn', 'old_copies_stay', { problem: systemCode(problem) });
      return before + 1;
    }
  }

  async function copyDaily(): Promise<void> {
    if (kept === null) return;
    const { folder, lastAt, copies } = kept;
    const copied = await copyTo(folder, true);
    kept = copied.ok
      ? { folder, lastAt: instantOf(clock), problem: null, copies: await removeOld(folder, copies) }
      : { folder, lastAt, problem: copied.error.code, copies };
    await file.save(kept, journal.status().device).catch(() => undefined);
  }

  function copyIfDue(): void {
    if (kept === null || clock.steady() - triedAt < AGAIN_MS) return;
    const ageMs = kept.lastAt === null ? DAY_MS : Math.abs(clock.now() - Date.parse(kept.lastAt));
    if (ageMs < DAY_MS) return;
    triedAt = clock.steady();
    void inTurn(copyDaily).catch(() => undefined);
  }

  return {
    copyIfDue,
    copyEverything: () =>
      inTurn(async () => {
        const target = await options.chooseFolder();
        if (target === null) return ok({ outcome: 'cancelled' as const });
        const copied = await copyTo(target, false);
        if (!copied.ok) return copied;
        const { folder, entries } = copied.value;
        return ok({ outcome: 'copied' as const, folder, entries });
      }),
    async keepDailyCopy({ on }) {
      if (on) {
        const folder = await options.chooseFolder();
        if (folder !== null) {
          const begun = { folder, lastAt: null, problem: null, copies: 0 };
          await file.save(begun, journal.status().device);
          kept = begun;
        }
        triedAt = Number.NEGATIVE_INFINITY;
        await inTurn(copyDaily);
      } else {
        await file.remove();
        kept = null;
      }
      return ok({ daily: kept });
    },
    copyStatus: async () => ok({ daily: kept }),

    chooseCopy: () =>
      inTurn(async () => {
        if (!options.isNew()) return err({ code: 'people_exist' });
        chosen = null;
        const folder = await options.chooseFolder();
        if (folder === null) return ok({ outcome: 'cancelled' as const });
        const read = await readCopy(disk, folder);
        if (!read.ok) return read;
        chosen = folder;
        const { people, stocktakes, ...facts } = read.value;
        return ok({ outcome: 'chosen' as const, copy: { ...facts, people: [...people], stocktakes: [...stocktakes] } });
      }),
    restoreCopy: () =>
      inTurn(async () => {
        if (!options.isNew()) return err({ code: 'people_exist' });
        if (chosen === null) return err({ code: 'not_found', what: 'copy' });
        const brought = await bringCopy(disk, chosen, profile);
        if (!brought.ok) return brought;
        log('warn', 'copy_restored', { entries: brought.value.entries, laptop: brought.value.laptop });
        options.restart();
        return ok({});
      }),
  };
}
