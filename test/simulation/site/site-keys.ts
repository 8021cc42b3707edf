import { createHash } from 'node:crypto';
import type { Ledger } from '../../../electron/host/authority/ledger.ts';
import type { Signer } from '../../../electron/host/authority/session.ts';
import { isSigned, signerOf } from '../../../electron/host/secrets/ed25519.ts';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { rememberActs, type IsAct } from '../../../shared/team/act.ts';
import { keyOn } from '../../../shared/team/trust.ts';

/** Signatures that were looked at, of all laptops of all sites of a run: an entry is what it is. */
export const isAct: IsAct = rememberActs(isSigned);

const signers = new Map<string, Signer>();

/** What a name signs with: the same in every run. */
function signerNamed(name: string): Signer {
  const known = signers.get(name) ?? signerOf(createHash('sha256').update(name).digest());
  signers.set(name, known);
  return known;
}

/** What somebody signs with on a laptop. Here nobody forgets a PIN. */
export function signerOn(device: string, person: string): Signer {
  return signerNamed(`${device} ${person}`);
}

/** What goes with the recovery code of the site. */
const RECOVERY = signerNamed('recovery code');

/** What was said before the site: the code, and that everybody had a PIN on the first laptop. */
export function beforeTheSite(people: readonly string[]): Fact[] {
  const digest = '0'.repeat(64);
  const stretch = { salt: '0'.repeat(16), memoryKib: 8192, passes: 1 };
  return [
    { kind: 'recovery_code_set', stretch, digest, key: RECOVERY.key },
    ...people.map((person): Fact => ({ kind: 'pin_set', person, digest, how: 'set' })),
  ];
}

/**
 * Gives everybody who is known on a laptop that supervises what they sign with there: an admin first, on the first laptop
 * by the PIN of before, elsewhere by the recovery code; then the others, for whom the admin vouches. What is given already is
 * not given again.
 */
export async function giveKeys(
  ledger: Pick<Ledger, 'state' | 'team' | 'record'>,
  device: string,
  admin: string,
): Promise<readonly LedgerEntry[]> {
  const { trust } = ledger.team();
  const isKeyed = (person: string) => keyOn(ledger.team().trust, device, person)?.key === signerOn(device, person).key;
  if (trust.root === null || trust.laptops.get(device)?.role !== 'supervising' || !trust.people.has(admin)) return [];
  const sealed: LedgerEntry[] = [];
  if (!isKeyed(admin)) {
    const begins = keyOn(trust, device, admin)?.begins === true;
    const how = begins ? 'first' : 'recovered';
    const fact: Fact = { kind: 'person_key_added', person: admin, key: signerOn(device, admin).key, how };
    const given = await ledger.record(admin, [fact], begins ? undefined : () => RECOVERY);
    if (!given.ok) return sealed;
    sealed.push(...given.value);
  }
  const others = [...ledger.state().people.keys()].filter((person) => !isKeyed(person)).toSorted();
  if (others.length === 0) return sealed;
  const facts = others.map((person): Fact => {
    return { kind: 'person_key_added', person, key: signerOn(device, person).key, how: 'first' };
  });
  const given = await ledger.record(admin, facts);
  return given.ok ? [...sealed, ...given.value] : sealed;
}
