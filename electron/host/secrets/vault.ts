import { z } from 'zod';
import { stretchSchema } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { vaultStateSchema, type HostError, type Mended } from '../../../shared/ports/host.ts';
import { diskRefusal, type Disk } from '../disk/disk.ts';
import { openKept } from '../disk/kept-file.ts';
import { saltedStretch } from './recovery-code.ts';
import { STRETCH_COST, openText, openWithKeyring, sealText, stretchSecret, type Cipher } from './secret-key.ts';
import { createTurns } from '../disk/turns.ts';

type VaultState = z.infer<typeof vaultStateSchema>;
type Secrets = Readonly<Record<string, string>>;

const fileSchema = z.object({
  mode: z.enum(['keyring', 'passphrase']),
  /** With a passphrase: how it is stretched, and a known text under its key, to tell a wrong one. */
  lock: z.object({ stretch: stretchSchema, check: z.string() }).exactOptional(),
  /** By connection: all its secrets as one sealed text. */
  secrets: z.record(z.string(), z.string()),
});
type File = z.infer<typeof fileSchema>;

const CHECK_PLACE = 'vault';
const CHECK_TEXT = 'tallybook vault';
const secretsSchema = z.record(z.string(), z.string());

/** Secrets of connections, on disk only in a form that this laptop's file alone does not open. */
export type Vault = {
  state(): VaultState;
  /** Whether what is kept has its checksum; an earlier version's file gets it when it is opened. */
  isSealed(): boolean;
  unlock(passphrase: string): Promise<Result<VaultState, HostError>>;
  /** Replaces what is kept for the connection. */
  save(connection: string, secrets: Secrets): Promise<Result<null, HostError>>;
  /** Empty when nothing is kept, or when the keyring no longer knows it: it is then asked for again. */
  read(connection: string): Promise<Result<Secrets, HostError>>;
};

type VaultOptions = {
  disk: Disk;
  profile: string;
  device: () => string;
  /** The journal says whose this profile is, so that a file of another one is noticed. */
  isDeviceSure: boolean;
  /** Whether a file without a checksum may still be what an earlier version wrote. */
  mayBeBare: boolean;
  onMended: (mended: Mended) => void;
  cipher: Cipher | null;
  randomBytes: (length: number) => Uint8Array;
  /** Told every secret in the clear, so that the log can keep it out. */
  onSecret: (secret: string) => void;
};

/**
 * Opens the vault: under the system's keyring where there is one, otherwise under a passphrase. One closure, so that the key
 * is in nobody else's reach.
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const { disk, cipher } = options;
  const inTurn = createTurns();
  const { onMended, profile: folder } = options;
  const of = options.isDeviceSure ? { device: options.device() } : {};
  const kept = await openKept<File>({ disk, folder, name: 'vault', schema: fileSchema, ...of, onMended });
  const empty: File = { mode: cipher === null ? 'passphrase' : 'keyring', secrets: {} };
  const isBelieved = kept.found !== 'bare' || options.mayBeBare;
  if (!isBelieved) onMended({ file: 'vault', what: 'lost' });
  const found = isBelieved ? kept.content() : null;
  let file = found ?? empty;
  let isSealed = kept.found !== 'bare';
  if (!isSealed && found !== null) {
    isSealed = await kept.save(found, options.device()).then(
      () => true,
      () => false,
    );
  }
  // A vault whose keyring is gone cannot be opened by anything; its secrets are asked for again, under a passphrase.
  if (file.mode === 'keyring' && cipher === null) file = empty;
  let key: Buffer | null = null;

  function state(): VaultState {
    if (file.mode === 'keyring') return 'keyring';
    if (file.lock === undefined) return 'passphrase_unset';
    return key === null ? 'passphrase_needed' : 'passphrase_open';
  }

  async function write(next: File): Promise<Result<null, HostError>> {
    try {
      await kept.save(next, options.device());
    } catch (problem) {
      return err(diskRefusal(problem));
    }
    file = next;
    return ok(null);
  }

  async function setPassphrase(passphrase: string): Promise<Result<VaultState, HostError>> {
    const stretch = saltedStretch(STRETCH_COST, options.randomBytes);
    const made = await stretchSecret(passphrase, stretch);
    const check = sealText(made, CHECK_PLACE, CHECK_TEXT, options.randomBytes(12));
    const written = await write({ mode: 'passphrase', lock: { stretch, check }, secrets: {} });
    if (!written.ok) return written;
    key = made;
    return ok(state());
  }

  async function unlock(passphrase: string): Promise<Result<VaultState, HostError>> {
    if (file.mode === 'keyring') return ok('keyring');
    if (file.lock === undefined) return setPassphrase(passphrase);
    const tried = await stretchSecret(passphrase, file.lock.stretch);
    if (openText(tried, CHECK_PLACE, file.lock.check) !== CHECK_TEXT) return err({ code: 'wrong_passphrase' });
    key = tried;
    return ok(state());
  }

  async function save(connection: string, secrets: Secrets): Promise<Result<null, HostError>> {
    for (const secret of Object.values(secrets)) options.onSecret(secret);
    const text = JSON.stringify(secrets);
    if (file.mode === 'keyring' && cipher !== null) {
      const sealed = Buffer.from(await cipher.encrypt(text)).toString('base64');
      return write({ ...file, secrets: { ...file.secrets, [connection]: sealed } });
    }
    if (key === null) return err({ code: 'vault_locked' });
    return write({
      ...file,
      secrets: { ...file.secrets, [connection]: sealText(key, connection, text, options.randomBytes(12)) },
    });
  }

  async function read(connection: string): Promise<Result<Secrets, HostError>> {
    if (file.mode === 'passphrase' && key === null) return err({ code: 'vault_locked' });
    const sealed = Object.hasOwn(file.secrets, connection) ? file.secrets[connection] : undefined;
    if (sealed === undefined) return ok({});
    const text = key === null ? await openWithKeyring(cipher, sealed) : openText(key, connection, sealed);
    if (text === null) return ok({});
    const secrets = secretsSchema.parse(JSON.parse(text));
    for (const secret of Object.values(secrets)) options.onSecret(secret);
    return ok(secrets);
  }

  return {
    state,
    isSealed: () => isSealed,
    unlock: (passphrase) => inTurn(() => unlock(passphrase)),
    save: (connection, secrets) => inTurn(() => save(connection, secrets)),
    read: (connection) => inTurn(() => read(connection)),
  };
}
