import { entryText, isSignedFact, type LedgerEntry } from '../domain/ledger-entry.ts';

/** An entry before it has its hash. */
type Draft = Omit<LedgerEntry, 'hash' | 'id'>;

/** Whether an entry carries the signature that this key makes of it in this site. */
export type IsAct = (site: string, key: string, entry: LedgerEntry) => boolean;

/**
 * The text that a person signs: the site, and all that the entry says but the signature. Its place in the chain and the hash
 * of the entry before it are part of that, so it stands for nothing anywhere else, and for nothing that was said otherwise.
 */
export function actText(site: string, { fact, veil: _veil, ...draft }: Draft): string {
  const said = isSignedFact(fact) ? { ...fact, sig: undefined } : fact;
  return ['tallybook act 1', site, entryText({ ...draft, fact: said })].join('\n');
}

/** So many answers are remembered; a site has some thousands of such entries. */
const REMEMBERED = 50_000;

/**
 * Asks `isSigned` about an entry once for each key, however often the ledger is folded. The hash stands for the entry: hashes
 * are checked before anything is judged.
 */
export function rememberActs(isSigned: (key: string, text: string, signature: string) => boolean): IsAct {
  const known = new Map<string, boolean>();
  return (site, key, entry) => {
    const { fact } = entry;
    if (!isSignedFact(fact) || fact.sig === undefined) return false;
    const name = `${site} ${key} ${entry.hash}`;
    const answer = known.get(name) ?? isSigned(key, actText(site, entry), fact.sig);
    if (known.size >= REMEMBERED) known.clear();
    known.set(name, answer);
    return answer;
  };
}
