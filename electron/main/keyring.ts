import { safeStorage } from 'electron';
import type { Cipher } from '../host/secrets/secret-key.ts';

/** Electron 33 has only the synchronous calls, later ones prefer the others, and 46 has no synchronous ones left. */
type Storage = Partial<typeof safeStorage>;

async function isAvailable(storage: Storage): Promise<boolean> {
  // On Linux without a keyring Electron encrypts with a password that everybody knows: that is no protection.
  if (process.platform === 'linux' && storage.getSelectedStorageBackend?.() === 'basic_text') return false;
  if (storage.isAsyncEncryptionAvailable !== undefined) return storage.isAsyncEncryptionAvailable();
  return storage.isEncryptionAvailable?.() ?? false;
}

/** The system's keyring; null where there is none that protects anything. Ask after Electron is ready. */
export async function openKeyring(): Promise<Cipher | null> {
  const storage: Storage = safeStorage;
  if (!(await isAvailable(storage).catch(() => false))) return null;
  return {
    async encrypt(text) {
      const encrypted = (await storage.encryptStringAsync?.(text)) ?? storage.encryptString?.(text);
      if (encrypted === undefined) throw new Error('the keyring cannot encrypt');
      return encrypted;
    },
    async decrypt(bytes) {
      const given = Buffer.from(bytes);
      const opened = await storage.decryptStringAsync?.(given);
      const text = opened?.result ?? storage.decryptString?.(given);
      if (text === undefined) throw new Error('the keyring cannot decrypt');
      return text;
    },
  };
}
