import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { HostError } from '../../shared/ports/host.ts';
import { isDiskFull, readJson, writeWhole, type Disk } from './disk.ts';
import { PIN_STRETCH, isSameKey, openWithKeyring, stretchSchema, stretchSecret, type Cipher } from './secret-key.ts';
import { createTurns, type Clock } from './turns.ts';

const TRIES = 5;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 3_600_000;

const pinSchema = z.object({
  stretch: stretchSchema,
  /** Base64 of the stretched PIN; through the keyring as well where the system has one. */
  sealed: z.string(),
  keyring: z.boolean(),
});
const lockSchema = z.object({
  /** Wrong tries since the last right one. */
  wrong: z.number().int().min(0),
  /** Wall clock ms; 0 when never locked. */
  lockedAt: z.number(),
  lockedForMs: z.number().min(0),
});
const fileSchema = z.object({ pins: z.record(z.string(), pinSchema), locks: z.record(z.string(), lockSchema) });
type File = z.infer<typeof fileSchema>;
type Lock = z.infer<typeof lockSchema>;

/** PINs of people, and the waiting time after wrong ones. Who the people are is in the journal; this is only how they prove it. */
export type People = {
  /** Whether a PIN that can be checked is kept for this person. */
  hasPin(person: string): Promise<boolean>;
  setPin(person: string, pin: string): Promise<Result<null, HostError>>;
  /** Puts back what stood before `setPin`, when the change could not be sealed. */
  undoPin(person: string): Promise<void>;
  /** Counts the try on disk before it looks, so that nothing the guesser does gives it back. */
  checkPin(person: string, pin: string): Promise<Result<null, HostError>>;
};

type PeopleOptions = {
  disk: Disk;
  profile: string;
  cipher: Cipher | null;
  clock: Clock;
  randomBytes: (length: number) => Uint8Array;
};

/** Opens `people.json`. A file that is gone or damaged holds no PINs; it never makes anybody else's PIN valid. */
export async function openPeople(options: PeopleOptions): Promise<People> {
  const { disk, cipher, clock } = options;
  const path = join(options.profile, 'people.json');
  const inTurn = createTurns();
  const parsed = fileSchema.safeParse(await readJson(disk, path));
  let file: File = parsed.success ? parsed.data : { pins: {}, locks: {} };
  const before = new Map<string, File['pins'][string] | undefined>();
  /** When a lock was last seen, by the clock that cannot be set. */
  const steadySince = new Map<string, number>();

  async function save(next: File): Promise<Result<null, HostError>> {
    try {
      await writeWhole(disk, path, JSON.stringify(next));
    } catch (problem) {
      return err(isDiskFull(problem) ? { code: 'disk_full' } : { code: 'host_failed' });
    }
    file = next;
    return ok(null);
  }

  function lockOf(person: string): Lock {
    return file.locks[person] ?? { wrong: 0, lockedAt: 0, lockedForMs: 0 };
  }

  /** Milliseconds still to wait. A clock set back starts the wait again; one set forward while we run ends nothing early. */
  function remainingMs(person: string, lock: Lock): number {
    if (lock.lockedForMs === 0) return 0;
    const wall = clock.now() < lock.lockedAt ? lock.lockedForMs : lock.lockedAt + lock.lockedForMs - clock.now();
    const since = steadySince.get(person);
    const steady = since === undefined ? 0 : since + lock.lockedForMs - clock.steady();
    return Math.max(0, wall, steady);
  }

  async function refusalWhileLocked(person: string): Promise<HostError | null> {
    const lock = lockOf(person);
    const waitMs = remainingMs(person, lock);
    if (waitMs === 0) return null;
    if (clock.now() < lock.lockedAt) {
      // Written anew under the clock as it is now: the wait is served once, and never forgotten.
      const saved = await save({ ...file, locks: { ...file.locks, [person]: { ...lock, lockedAt: clock.now() } } });
      if (!saved.ok) return saved.error;
      steadySince.set(person, clock.steady());
    }
    return { code: 'locked_out', until: new Date(clock.now() + waitMs).toISOString() };
  }

  async function keptKey(person: string): Promise<Buffer | null> {
    const pin = file.pins[person];
    if (pin === undefined) return null;
    const text = pin.keyring ? await openWithKeyring(cipher, pin.sealed) : pin.sealed;
    return text === null ? null : Buffer.from(text, 'base64');
  }

  async function check(person: string, pin: string): Promise<Result<null, HostError>> {
    const key = await keptKey(person);
    const stretch = file.pins[person]?.stretch;
    if (key === null || stretch === undefined) return err({ code: 'not_found', what: 'pin' });
    const locked = await refusalWhileLocked(person);
    if (locked !== null) return err(locked);
    const wrong = lockOf(person).wrong + 1;
    const lockedForMs = wrong < TRIES ? 0 : Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** Math.min(wrong - TRIES, 20));
    const counted = await save({
      ...file,
      locks: { ...file.locks, [person]: { wrong, lockedAt: lockedForMs === 0 ? 0 : clock.now(), lockedForMs } },
    });
    if (!counted.ok) return counted;
    if (lockedForMs > 0) steadySince.set(person, clock.steady());
    if (isSameKey(await stretchSecret(pin, stretch), key)) {
      const { [person]: _served, ...locks } = file.locks;
      steadySince.delete(person);
      return save({ ...file, locks });
    }
    if (lockedForMs > 0) return err({ code: 'locked_out', until: new Date(clock.now() + lockedForMs).toISOString() });
    return err({ code: 'wrong_pin', triesLeft: TRIES - wrong });
  }

  async function set(person: string, pin: string): Promise<Result<null, HostError>> {
    const stretch = { ...PIN_STRETCH, salt: Buffer.from(options.randomBytes(16)).toString('base64') };
    const key = (await stretchSecret(pin, stretch)).toString('base64');
    const sealed = cipher === null ? key : Buffer.from(await cipher.encrypt(key)).toString('base64');
    before.set(person, file.pins[person]);
    const { [person]: _served, ...locks } = file.locks;
    return save({ pins: { ...file.pins, [person]: { stretch, sealed, keyring: cipher !== null } }, locks });
  }

  return {
    hasPin: async (person) => (await keptKey(person)) !== null,
    setPin: (person, pin) => inTurn(() => set(person, pin)),
    undoPin: (person) =>
      inTurn(async () => {
        const { [person]: _refused, ...others } = file.pins;
        const old = before.get(person);
        await save({ ...file, pins: old === undefined ? others : { ...others, [person]: old } });
      }),
    checkPin: (person, pin) => inTurn(() => check(person, pin)),
  };
}
