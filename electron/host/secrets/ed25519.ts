import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** What PKCS #8 puts before the 32 bytes of an Ed25519 seed (RFC 8410). */
const BEFORE_SEED = Buffer.from('302e020100300506032b657004220420', 'hex');
export const SEED_BYTES = 32;

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([BEFORE_SEED, seed]), format: 'der', type: 'pkcs8' });
}

/** The public half of the key of a seed, base64url. */
export function publicText(seed: Uint8Array): string {
  return createPublicKey(privateKey(seed)).export({ format: 'jwk' }).x ?? '';
}

/** What the key of a seed makes of a text, base64url. */
export function signText(seed: Uint8Array, text: string): string {
  return sign(null, Buffer.from(text), privateKey(seed)).toString('base64url');
}

/** The key of a seed: its public half, and what signs. The seed itself cannot be got back from it. */
export function signerOf(seed: Uint8Array): { readonly key: string; readonly sign: (text: string) => string } {
  const held = privateKey(seed);
  return { key: publicText(seed), sign: (text) => sign(null, Buffer.from(text), held).toString('base64url') };
}

/** Whether `signature` is what the key with this public half made of the text. */
export function isSigned(key: string, text: string, signature: string): boolean {
  try {
    const held = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
    return verify(null, Buffer.from(text), held, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
