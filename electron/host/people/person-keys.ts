import { z } from 'zod';
import { stretchSchema } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError, Mended } from '../../../shared/ports/host.ts';
import type { Signer } from '../authority/session.ts';
import { diskRefusal, type Disk } from '../disk/disk.ts';
import { openKept } from '../disk/kept-file.ts';
import { createTurns } from '../disk/turns.ts';
import { SEED_BYTES, signerOf } from '../secrets/ed25519.ts';
import { saltedStretch } from '../secrets/recovery-code.ts';
import {
  openText,
  openWithKeyring,
  sealText,
  stretchSecret,
  type Cipher,
  type StretchCost,
} from '../secrets/secret-key.ts';

const recordSchema = z.object({
  person: z.string(),
  /** How the PIN is stretched to open it: with a salt of its own, so what checks the PIN opens nothing. */
  stretch: stretchSchema,
  /** Base64 of the seed under the stretched PIN; through the keyring as well where the system has one. */
  sealed: z.string(),
  keyring: z.boolean(),
});
const fileSchema = z.object({
  /** By public half. Which of them is a person's stands in the ledger. */
  keys: z.record(z.string(), recordSchema),
});
type File = z.infer<typeof fileSchema>;

/** What people sign with on this laptop: the seeds never leave it, and only their PINs open them. */
export type PersonKeys = {
  /** Opens the key with this public half; null: it is not kept, or neither this PIN nor the keyring opens it. */
  open(person: string, key: string, pin: string): Promise<Signer | null>;
  /** Makes a key that this PIN opens, and keeps it beside the one before. */
  make(person: string, pin: string): Promise<Result<Signer, HostError>>;
  /** The key that the ledger names is the only one of the person that stays. */
  settle(person: string, key: string): Promise<void>;
};

type PersonKeysOptions = {
  disk: Disk;
  profile: string;
  device: () => string;
  isDeviceSure: boolean;
  cipher: Cipher | null;
  randomBytes: (length: number) => Uint8Array;
  cost: StretchCost;
  onMended: (mended: Mended) => void;
};

/** A record is good for nobody else, and for no other key. */
function placeOf(person: string, key: string): string {
  return `person key ${person} ${key}`;
}

/** Opens `keys.json` and its copy. One closure: no seed is in anybody else's reach. */
export async function openPersonKeys(options: PersonKeysOptions): Promise<PersonKeys> {
  const { disk, profile: folder, cipher, onMended } = options;
  const inTurn = createTurns();
  const of = options.isDeviceSure ? { device: options.device() } : {};
  const kept = await openKept<File>({ disk, folder, name: 'keys', schema: fileSchema, ...of, onMended });
  // A file without a checksum was never written by us.
  let file: File = (kept.found === 'whole' ? kept.content() : null) ?? { keys: {} };

  async function save(next: File): Promise<HostError | null> {
    try {
      await kept.save(next, options.device());
    } catch (problem) {
      return diskRefusal(problem);
    }
    file = next;
    return null;
  }

  async function make(person: string, pin: string): Promise<Result<Signer, HostError>> {
    const seed = options.randomBytes(SEED_BYTES);
    const signer = signerOf(seed);
    const stretch = saltedStretch(options.cost, options.randomBytes);
    const nonce = options.randomBytes(12);
    const text = sealText(
      await stretchSecret(pin, stretch),
      placeOf(person, signer.key),
      Buffer.from(seed).toString('base64'),
      nonce,
    );
    const sealed = cipher === null ? text : Buffer.from(await cipher.encrypt(text)).toString('base64');
    const record = { person, stretch, sealed, keyring: cipher !== null };
    const refused = await save({ keys: { ...file.keys, [signer.key]: record } });
    return refused === null ? ok(signer) : err(refused);
  }

  return {
    async open(person, key, pin) {
      const record = Object.hasOwn(file.keys, key) ? file.keys[key] : undefined;
      if (record?.person !== person) return null;
      const text = record.keyring ? await openWithKeyring(cipher, record.sealed) : record.sealed;
      if (text === null) return null;
      const opened = openText(await stretchSecret(pin, record.stretch), placeOf(person, key), text);
      const seed = Buffer.from(opened ?? '', 'base64');
      const signer = seed.length === SEED_BYTES ? signerOf(seed) : null;
      return signer?.key === key ? signer : null;
    },
    make: (person, pin) => inTurn(() => make(person, pin)),
    settle: (person, key) =>
      inTurn(async () => {
        const others = Object.entries(file.keys).filter(([name, record]) => record.person !== person || name === key);
        // What stays behind when the disk refuses opens nothing that counts.
        if (others.length < Object.keys(file.keys).length) await save({ keys: Object.fromEntries(others) });
      }),
  };
}
