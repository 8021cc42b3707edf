import { z } from 'zod';
import { canonicalJson, stretchSchema, type Fact, type FactOf } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError, Mended } from '../../../shared/ports/host.ts';
import type { AccessState } from '../authority/access-state.ts';
import { diskRefusal, type Disk } from '../disk/disk.ts';
import { sha256 } from '../disk/sha256.ts';
import { openKept } from '../disk/kept-file.ts';
import type { Log } from '../log/log.ts';
import { saltedStretch } from '../secrets/recovery-code.ts';
import { isSameKey, openWithKeyring, stretchSecret, type Cipher, type StretchCost } from '../secrets/secret-key.ts';
import { createTurns, type Clock } from '../disk/turns.ts';

const TRIES = 5;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 3_600_000;

const pinSchema = z.object({
  stretch: stretchSchema,
  /** Base64 of the stretched PIN; through the keyring as well where the system has one. */
  sealed: z.string(),
  keyring: z.boolean(),
});
type Pin = z.infer<typeof pinSchema>;
const fileSchema = z.object({
  pins: z.record(z.string(), pinSchema),
  /** PINs about to be set: they prove nothing until the journal says so. */
  next: z.record(z.string(), pinSchema).default({}),
  /** The journal has said something about PINs. */
  isInUse: z.boolean().default(false),
  /** Wrong tries, where an earlier version kept them. */
  locks: z.record(z.string(), z.object({ wrong: z.number(), lockedForMs: z.number() })).exactOptional(),
});
type File = z.infer<typeof fileSchema>;

/**
 * How people prove who they are. Their PINs, stretched, are in a file; which record proves whose PIN is in the journal,
 * and so are wrong tries. So nobody gets in by changing the file, and no file put back gives tries back.
 */
export type People = {
  /** Whether a PIN that can be checked is kept for this person. */
  hasPin(person: string): Promise<boolean>;
  /** Whether PINs of people were kept here, whatever can still be read of them. */
  wasUsed(): boolean;
  /** Keeps a PIN aside; it counts once the fact it answers with is sealed. */
  preparePin(person: string, pin: string, how: FactOf<'pin_set'>['how']): Promise<Result<FactOf<'pin_set'>, HostError>>;
  /** Tidies up after PINs were sealed, or could not be. */
  settle(): Promise<void>;
  /** Answers when the PIN is right. A wrong one is sealed as such before it is answered. */
  checkPin(person: string, pin: string): Promise<Result<null, HostError>>;
  /** The same for a secret that somebody else compares. */
  checkSecret(person: string, isRight: () => Promise<boolean>): Promise<Result<null, HostError>>;
  /** Takes over PINs that an earlier version kept, once: afterwards the journal says which count. */
  adopt(): Promise<void>;
};

type PeopleOptions = {
  disk: Disk;
  profile: string;
  device: () => string;
  /** The journal says whose this profile is, so that a file of another one is noticed. */
  isDeviceSure: boolean;
  cipher: Cipher | null;
  clock: Clock;
  randomBytes: (length: number) => Uint8Array;
  cost: StretchCost;
  access: () => AccessState;
  persons: () => Iterable<string>;
  /** Seals facts that the host answers for. */
  record: (facts: readonly Fact[]) => Promise<Result<unknown, HostError>>;
  onMended: (mended: Mended) => void;
  log: Log;
};

/** What the journal keeps of a PIN's record: the record itself cannot be told from it. */
function digestOf(person: string, pin: Pin): string {
  return sha256(canonicalJson({ person, pin }));
}

/** Opens `people.json` and its copy. One closure: the file, the tries and the waits are judged together, a person at a time. */
export async function openPeople(options: PeopleOptions): Promise<People> {
  const { disk, cipher, clock, log, access, record } = options;
  const inTurn = createTurns();
  const kept = await openKept<File>({
    disk,
    folder: options.profile,
    name: 'people',
    schema: fileSchema,
    ...(options.isDeviceSure && { device: options.device() }),
    onMended: options.onMended,
  });
  // Once the journal says which records count, a file without a checksum is nobody's.
  const isBelieved = kept.found !== 'bare' || access().pins.size === 0;
  if (!isBelieved) options.onMended({ file: 'people', what: 'lost' });
  let file: File = (isBelieved ? kept.content() : null) ?? { pins: {}, next: {}, isInUse: false };
  const startedAt = clock.steady();
  /** When somebody is heard again, by the clock that cannot be set. */
  const heardAgainAt = new Map<string, number>();
  /** Wrong tries of this run, which count also where the journal could not take them. */
  const wrongNow = new Map<string, number>();

  async function save(next: File): Promise<Result<null, HostError>> {
    try {
      await kept.save(next, options.device());
    } catch (problem) {
      return err(diskRefusal(problem));
    }
    file = next;
    return ok(null);
  }

  /** A file of a Tallybook that sealed no PINs yet, in a journal that has none either. */
  function isOutdated(): boolean {
    return access().pins.size === 0 && (kept.found === 'bare' || kept.found === 'whole') && !file.isInUse;
  }

  /** The record that the journal names. */
  function recordOf(person: string): Pin | null {
    const digest = access().pins.get(person);
    for (const pins of [file.pins, file.next]) {
      const pin = Object.hasOwn(pins, person) ? pins[person] : undefined;
      if (pin !== undefined && digest === digestOf(person, pin)) return pin;
    }
    return null;
  }

  async function keyOf(pin: Pin | null): Promise<Buffer | null> {
    if (pin === null) return null;
    const text = pin.keyring ? await openWithKeyring(cipher, pin.sealed) : pin.sealed;
    return text === null ? null : Buffer.from(text, 'base64');
  }

  /** Milliseconds still to wait. What was to be waited before a start is waited again in full: no clock tells how long that was ago. */
  function waitOf(person: string): number {
    const since = heardAgainAt.get(person) ?? startedAt + (access().tries.get(person)?.waitMs ?? 0);
    return Math.max(0, since - clock.steady());
  }

  function lockedOut(waitMs: number): HostError {
    return { code: 'locked_out', until: new Date(clock.now() + waitMs).toISOString() };
  }

  async function countWrong(person: string): Promise<HostError> {
    const wrong = Math.max(wrongNow.get(person) ?? 0, access().tries.get(person)?.wrong ?? 0) + 1;
    const waitMs = wrong < TRIES ? 0 : Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** Math.min(wrong - TRIES, 20));
    wrongNow.set(person, wrong);
    heardAgainAt.set(person, clock.steady() + waitMs);
    const sealed = await record([{ kind: 'sign_in_refused', person, wrong, waitMs }]);
    log('warn', 'sign_in_refused', { person, wrong, waitMs, sealed: sealed.ok });
    return waitMs > 0 ? lockedOut(waitMs) : { code: 'wrong_pin', triesLeft: TRIES - wrong };
  }

  async function clearTries(person: string): Promise<void> {
    wrongNow.delete(person);
    heardAgainAt.delete(person);
    if (access().tries.has(person)) await record([{ kind: 'tries_cleared', person }]);
  }

  async function checkSecret(person: string, isRight: () => Promise<boolean>): Promise<Result<null, HostError>> {
    const waitMs = waitOf(person);
    if (waitMs > 0) {
      log('warn', 'sign_in_locked', { person, waitMs });
      return err(lockedOut(waitMs));
    }
    if (!(await isRight())) return err(await countWrong(person));
    await clearTries(person);
    return ok(null);
  }

  async function prepare(
    person: string,
    pin: string,
    how: FactOf<'pin_set'>['how'],
  ): Promise<Result<FactOf<'pin_set'>, HostError>> {
    const stretch = saltedStretch(options.cost, options.randomBytes);
    const key = (await stretchSecret(pin, stretch)).toString('base64');
    const sealed = cipher === null ? key : Buffer.from(await cipher.encrypt(key)).toString('base64');
    const made: Pin = { stretch, sealed, keyring: cipher !== null };
    const saved = await save({ ...file, next: { ...file.next, [person]: made } });
    return saved.ok ? ok({ kind: 'pin_set', person, digest: digestOf(person, made), how }) : saved;
  }

  /** Only records that the journal names stay. */
  async function settle(): Promise<void> {
    const names = new Set([...Object.keys(file.pins), ...Object.keys(file.next)]);
    const pins = Object.fromEntries(
      [...names].flatMap((person) => {
        const pin = recordOf(person);
        return pin === null ? [] : [[person, pin] as const];
      }),
    );
    await save({ pins, next: {}, isInUse: access().pins.size > 0 });
  }

  /** A PIN stretched less than it would be now is stretched anew: this is the only moment at which it is known. */
  async function strengthen(person: string, pin: string, { memoryKib, passes }: Pin['stretch']): Promise<void> {
    if (memoryKib * passes >= options.cost.memoryKib * options.cost.passes) return;
    const prepared = await prepare(person, pin, 'kept');
    if (prepared.ok && (await record([prepared.value])).ok) await settle();
  }

  async function check(person: string, pin: string): Promise<Result<null, HostError>> {
    const known = recordOf(person);
    const key = await keyOf(known);
    if (known === null || key === null) return err({ code: 'not_found', what: 'pin' });
    const checked = await checkSecret(person, async () => isSameKey(await stretchSecret(pin, known.stretch), key));
    if (checked.ok) await strengthen(person, pin, known.stretch);
    return checked;
  }

  async function adopt(): Promise<void> {
    if (!isOutdated()) return;
    const facts = [...options.persons()].flatMap((person): Fact[] => {
      const pin = Object.hasOwn(file.pins, person) ? file.pins[person] : undefined;
      if (pin === undefined) return [];
      const { wrong = 0, lockedForMs: waitMs = 0 } = file.locks?.[person] ?? {};
      const tries: Fact[] = wrong > 0 ? [{ kind: 'sign_in_refused', person, wrong, waitMs }] : [];
      return [{ kind: 'pin_set', person, digest: digestOf(person, pin), how: 'kept' }, ...tries];
    });
    if (facts.length === 0) return;
    const saved = await save(file);
    if (saved.ok && (await record(facts)).ok) await settle();
  }

  return {
    hasPin: async (person) => (await keyOf(recordOf(person))) !== null,
    wasUsed: () =>
      file.isInUse || kept.found === 'lost' || (kept.found === 'bare' && Object.keys(file.pins).length > 0),
    preparePin: (person, pin, how) => inTurn(() => prepare(person, pin, how)),
    settle: () => inTurn(settle),
    checkPin: (person, pin) => inTurn(() => check(person, pin)),
    checkSecret: (person, isRight) => inTurn(() => checkSecret(person, isRight)),
    adopt: () => inTurn(adopt),
  };
}
