import { z } from 'zod';
import { laptopKeySchema } from '../../../shared/domain/ledger-entry.ts';
import type { Login } from '../../../shared/ports/carrier.ts';
import type { Mended } from '../../../shared/ports/host.ts';
import type { Disk } from '../disk/disk.ts';
import { openKept } from '../disk/kept-file.ts';
import { publicText, SEED_BYTES, signerOf, signText } from '../secrets/ed25519.ts';
import { openWithKeyring, type Cipher } from '../secrets/secret-key.ts';

const fileSchema = z.object({
  /** The public half. */
  key: laptopKeySchema,
  /** Base64 of the seed; through the keyring as well where the system has one. */
  sealed: z.string(),
  keyring: z.boolean(),
  /** The name under which this laptop has asked to join a site. */
  asked: z.string().exactOptional(),
});

/** What stands for this laptop: an Ed25519 key that never leaves it. */
export type LaptopKey = {
  /** Null: it was never needed, or it is lost. */
  publicKey(): string | null;
  /** The name under which this laptop has asked to join a site; null: it has not. */
  asked(): string | null;
  /** The key, made at the first need, and anew where the keyring does not know it any more. `asked`: the name to ask under. Throws when the disk does not take it. */
  make(asked?: string): Promise<string>;
  /** Signature of a text, base64url; null where there is no key, or the keyring does not know it any more. */
  sign(text: string): Promise<string | null>;
  /**
   * Proves to a server who this laptop is; null where there is no key. Whoever runs the server chooses the challenge: only
   * what cannot be the text of a head is signed.
   */
  login(): Promise<Login | null>;
};

/** What a NATS server sends: random letters and digits, on one line. */
const CHALLENGE = /^[\w-]{11,64}$/;

type LaptopKeyOptions = {
  disk: Disk;
  profile: string;
  device: () => string;
  isDeviceSure: boolean;
  cipher: Cipher | null;
  randomBytes: (length: number) => Uint8Array;
  onMended: (mended: Mended) => void;
};

/** Opens `laptop.json` and its copy. One closure: the seed is in nobody else's reach. */
export async function openLaptopKey(options: LaptopKeyOptions): Promise<LaptopKey> {
  const { disk, profile: folder, cipher, onMended } = options;
  const of = options.isDeviceSure ? { device: options.device() } : {};
  const kept = await openKept({ disk, folder, name: 'laptop', schema: fileSchema, ...of, onMended });
  // A file without a checksum was never written by us.
  let file = kept.found === 'whole' ? kept.content() : null;

  async function seedOf(): Promise<Buffer | null> {
    if (file === null) return null;
    const seed = file.keyring ? await openWithKeyring(cipher, file.sealed) : file.sealed;
    const bytes = seed === null ? null : Buffer.from(seed, 'base64');
    return bytes?.length === SEED_BYTES ? bytes : null;
  }

  return {
    publicKey: () => file?.key ?? null,
    asked: () => file?.asked ?? null,
    async make(asked) {
      const name = asked === undefined ? {} : { asked };
      if (file === null || (await seedOf()) === null) {
        const seed = options.randomBytes(SEED_BYTES);
        const text = Buffer.from(seed).toString('base64');
        const sealed = cipher === null ? text : Buffer.from(await cipher.encrypt(text)).toString('base64');
        const made = { key: publicText(seed), sealed, keyring: cipher !== null, ...name };
        await kept.save(made, options.device());
        file = made;
      } else if (asked !== undefined && asked !== file.asked) {
        const renamed = { ...file, ...name };
        await kept.save(renamed, options.device());
        file = renamed;
      }
      return file.key;
    },
    async sign(text) {
      const seed = await seedOf();
      return seed === null ? null : signText(seed, text);
    },
    async login() {
      const seed = await seedOf();
      if (seed === null) return null;
      const { key, sign } = signerOf(seed);
      return { key, answer: (challenge) => (CHALLENGE.test(challenge) ? sign(challenge) : null) };
    },
  };
}
