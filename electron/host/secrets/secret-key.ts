import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { argon2id } from 'hash-wasm';
import type { Stretch } from '../../../shared/domain/ledger-entry.ts';

/** How much work one guess at a stretched secret is: memory in KiB, and how often it is gone through. */
export type StretchCost = Pick<Stretch, 'memoryKib' | 'passes'>;

/** For PINs and passphrases alike: a guess costs a third of a second, also to a thief at home. */
export const STRETCH_COST: StretchCost = { memoryKib: 65_536, passes: 3 };

/** 32 bytes from a PIN or passphrase. */
export async function stretchSecret(secret: string, { salt, memoryKib, passes }: Stretch): Promise<Buffer> {
  const bytes = await argon2id({
    password: secret.normalize('NFKC'),
    salt: Buffer.from(salt, 'base64'),
    memorySize: memoryKib,
    iterations: passes,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  });
  return Buffer.from(bytes);
}

/** Compares without telling by its duration where the difference is. */
export function isSameKey(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM; `place` is bound in, so that a sealed text cannot be moved to another field. Base64. */
export function sealText(key: Buffer, place: string, text: string, nonce: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(place));
  return Buffer.concat([
    nonce.subarray(0, NONCE_BYTES),
    cipher.update(text, 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString('base64');
}

/** The text again; null when the key or the place is another, or a byte was changed. */
export function openText(key: Buffer, place: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

/**
 * The system's keyring, where it has a real one. `null` in its place means: none, or one that protects nothing
 * (Electron's `basic_text`).
 */
export type Cipher = { encrypt(text: string): Promise<Uint8Array>; decrypt(bytes: Uint8Array): Promise<string> };

/** Through the keyring and back; null when the keyring does not know the bytes (another user, another machine). */
export async function openWithKeyring(cipher: Cipher | null, sealed: string): Promise<string | null> {
  try {
    return cipher === null ? null : await cipher.decrypt(Buffer.from(sealed, 'base64'));
  } catch {
    return null;
  }
}
