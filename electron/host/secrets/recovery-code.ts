import type { Stretch } from '../../../shared/domain/ledger-entry.ts';
import { sha256 } from '../disk/sha256.ts';
import { signerOf } from './ed25519.ts';
import { stretchSecret, type StretchCost } from './secret-key.ts';

/** 32 signs that nobody mistakes for one another on paper: no I, L, O or U. Each carries 5 bits. */
const SIGNS = 'ABCDEFGHJKMNPQRSTVWXYZ0123456789';
const GROUPS = 5;
const GROUP = 5;

/** A new code of 25 signs, 125 bits, in groups of five: "7KQ2M-…". */
export function newRecoveryCode(randomBytes: (length: number) => Uint8Array): string {
  const signs = Array.from(randomBytes(GROUPS * GROUP), (byte) => SIGNS[byte % SIGNS.length]).join('');
  return Array.from({ length: GROUPS }, (_, at) => signs.slice(at * GROUP, (at + 1) * GROUP)).join('-');
}

/** A code as somebody typed it from paper: letter case, blanks and hyphens do not matter, nor O for 0, or I and L for 1. */
function asWritten(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
}

/**
 * What follows from a code: the digest that the journal keeps of it, and a key, so that whoever had the code can prove it to
 * laptops that never saw it. Neither can be got from the other.
 */
export async function readCode(
  code: string,
  stretch: Stretch,
): Promise<{ readonly digest: string; readonly signer: ReturnType<typeof signerOf> }> {
  const stretched = await stretchSecret(asWritten(code), stretch);
  const seed = Buffer.from(sha256(Buffer.concat([Buffer.from('tallybook recovery key\n'), stretched])), 'hex');
  return { digest: sha256(stretched), signer: signerOf(seed) };
}

/** A stretch with a salt of its own. */
export function saltedStretch(cost: StretchCost, randomBytes: (length: number) => Uint8Array): Stretch {
  return { ...cost, salt: Buffer.from(randomBytes(16)).toString('base64') };
}
