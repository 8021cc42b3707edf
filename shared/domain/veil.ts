import { canonicalJson, entryText, type Fact, type LedgerEntry } from './ledger-entry.ts';

/** What stands in the place of what is not told. */
export const VEILED: Fact = { kind: 'veiled' };

/** The text whose SHA-256 is an entry's veil. The salt keeps anybody from finding a figure by trying all of them. */
export function saidText(fact: Fact, salt: string): string {
  return `{"fact":${canonicalJson(fact)},"salt":${JSON.stringify(salt)}}`;
}

/**
 * Every text that must have a certain SHA-256 for an entry to be what it says, with that digest; null: it cannot be one,
 * whatever the hashes are.
 */
export function textsOf(entry: LedgerEntry): readonly (readonly [text: string, sha256: string])[] | null {
  const { fact, hash, veil, salt } = entry;
  const own = [entryText(entry), hash] as const;
  if ((fact.kind === 'veiled') !== (veil !== undefined && salt === undefined)) return null;
  if (veil === undefined) return salt === undefined ? [own] : null;
  return salt === undefined ? [own] : [own, [saidText(fact, salt), veil]];
}

/** An entry without what it says; one that has no veil is given as it is. */
export function veiled(entry: LedgerEntry): LedgerEntry {
  if (entry.veil === undefined) return entry;
  const { salt: _salt, ...rest } = entry;
  return { ...rest, fact: VEILED };
}
