import type { FactOf } from '../../../shared/domain/ledger-entry.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError, Team } from '../../../shared/ports/host.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { Opened, Session, Signer } from '../authority/session.ts';
import type { PersonKeys } from './person-keys.ts';

/** A key made with a PIN: the fact that names it, and what it opens once that is sealed. */
export type MadeKey = { readonly signer: Signer; readonly fact: FactOf<'person_key_added'> };

/** What a PIN opens beside the door: the key with which its person signs. */
export type Opening = {
  /** What somebody holds whose PIN was right just now. Where their PIN is older than keys are, they get one. */
  open(person: Person, pin: string): Promise<Opened>;
  /** A key that goes with a PIN about to be set; null where people have none: alone, or where a laptop counts. */
  make(person: string, pin: string, how?: 'recovered'): Promise<Result<MadeKey | null, HostError>>;
  /** Once a made key was sealed. */
  settle(person: string, made: MadeKey): Promise<void>;
  /** What a PIN that was set opens. */
  held(person: Pick<Person, 'roles'>, pin: string, made: MadeKey | null): Opened;
  /** The key of the admin who founds a site, if what they came in with is still held: it is made with the PIN of then. */
  begin(person: string): Promise<MadeKey | null>;
};

type OpeningOptions = {
  ledger: Pick<Ledger, 'team' | 'record'>;
  keys: PersonKeys;
  session: Session;
  device: () => string;
  /** What this laptop is in its site. */
  here: () => Team['here'];
};

/** Keys and PINs together: where people have keys, when they get one, and what is held while they are signed in. */
export function createOpening({ ledger, keys, session, device, here }: OpeningOptions): Opening {
  const hasKeys = () => ledger.team().trust.laptops.get(device())?.role === 'supervising';
  const known = (person: string) => ledger.team().trust.keys.get(device())?.get(person);

  async function made(person: string, pin: string, how: MadeKey['fact']['how']): Promise<Result<MadeKey, HostError>> {
    const signer = await keys.make(person, pin);
    if (!signer.ok) return signer;
    return ok({ signer: signer.value, fact: { kind: 'person_key_added', person, key: signer.value.key, how } });
  }

  async function settle(person: string, { signer }: MadeKey): Promise<void> {
    await keys.settle(person, signer.key);
  }

  function held({ roles }: Pick<Person, 'roles'>, pin: string, key: MadeKey | null): Opened {
    if (key !== null) return { signer: key.signer };
    return here() === 'none' && roles.includes('admin') ? { pin } : {};
  }

  /** The first key on a PIN that is older than keys are. Without it somebody may come in, count, and decide nothing. */
  async function first(person: string, pin: string): Promise<Opened> {
    const key = await made(person, pin, 'first');
    if (!key.ok) return {};
    const sealed = await ledger.record(person, [key.value.fact]);
    if (!sealed.ok) return {};
    await settle(person, key.value);
    return { signer: key.value.signer };
  }

  return {
    async open(person, pin) {
      const mine = known(person.id);
      if (!hasKeys() || mine === undefined) return held(person, pin, null);
      const signer = mine.key === null ? null : await keys.open(person.id, mine.key, pin);
      if (signer !== null) return { signer };
      return mine.begins ? first(person.id, pin) : {};
    },
    async make(person, pin, how) {
      if (!hasKeys()) return ok(null);
      return made(person, pin, how ?? (typeof known(person)?.key === 'string' ? 'changed' : 'first'));
    },
    settle,
    held,
    async begin(person) {
      const { pin } = session.opened(person);
      const key = pin === undefined ? undefined : await made(person, pin, 'first');
      return key?.ok === true ? key.value : null;
    },
  };
}
