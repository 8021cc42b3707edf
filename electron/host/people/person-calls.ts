import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Host, HostError, HostInput, Team } from '../../../shared/ports/host.ts';
import { shortestPin } from '../authority/access-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { People } from './people.ts';
import { digestOfCode, newRecoveryCode, saltedStretch } from '../secrets/recovery-code.ts';
import type { StretchCost } from '../secrets/secret-key.ts';
import type { Session } from '../authority/session.ts';
import { createTurns } from '../disk/turns.ts';

type PersonCalls = Pick<
  Host,
  'createFirstPerson' | 'signIn' | 'signOut' | 'savePerson' | 'recoverAccess' | 'renewRecoveryCode' | 'setFirstPin'
>;
type PersonCallsOptions = {
  ledger: Ledger;
  journal: Journal;
  people: People;
  session: Session;
  randomId: () => string;
  randomBytes: (length: number) => Uint8Array;
  cost: StretchCost;
  /** Whether files of this profile show that somebody worked here, though the ledger knows nobody. */
  hasRemains: () => boolean;
  /** What this laptop is in its site. */
  here: () => Team['here'];
};
type Sealed = Promise<Result<readonly LedgerEntry[], HostError>>;

function factOf(person: Person): Fact {
  return { kind: 'person_changed', person: person.id, name: person.name, roles: person.roles, active: person.active };
}

function isSamePerson(left: Person, right: Person): boolean {
  const roles = new Set(left.roles);
  return (
    left.name === right.name &&
    left.active === right.active &&
    roles.size === new Set(right.roles).size &&
    right.roles.every((role) => roles.has(role))
  );
}

function isActiveAdmin(person: Person): boolean {
  return person.active && person.roles.includes('admin');
}

/** Whether an active admin is left whose PIN can still be checked. */
export async function canAdminEnter(ledger: Pick<Ledger, 'state'>, people: Pick<People, 'hasPin'>): Promise<boolean> {
  for (const person of ledger.state().people.values())
    if (isActiveAdmin(person) && (await people.hasPin(person.id))) return true;
  return false;
}

/**
 * People. Who they are, and which record proves whose PIN, is a fold of the journal. A PIN whose record is gone lets
 * nobody in: an admin gives a new one; where no admin can enter either, it takes the recovery code.
 * One closure: the calls share one turn, and each is a few lines.
 */
export function createPersonCalls(options: PersonCallsOptions): PersonCalls {
  const { ledger, journal, people, session } = options;
  // Two first persons, or two last admins, must not slip past each other.
  const inTurn = createTurns();

  function tooShort(pin: string | undefined, roles: Person['roles']): HostError | null {
    const length = shortestPin(ledger.state().access.lengths, roles);
    return pin !== undefined && pin.length < length ? { code: 'pin_too_short', length } : null;
  }

  /** Seals the facts together with the new PIN, if there is one, all or none. */
  async function sealWithPin(
    by: string,
    facts: readonly Fact[],
    pin: { person: string; pin: string; how: 'set' | 'recovered' } | undefined,
  ): Sealed {
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    if (pin === undefined) return ledger.record(by, facts);
    const prepared = await people.preparePin(pin.person, pin.pin, pin.how);
    if (!prepared.ok) return prepared;
    const sealed = await ledger.record(by, [...facts, prepared.value]);
    if (sealed.ok) await people.settle();
    return sealed;
  }

  async function makeCode(): Promise<{ code: string; fact: Fact }> {
    const code = newRecoveryCode(options.randomBytes);
    const stretch = saltedStretch(options.cost, options.randomBytes);
    return { code, fact: { kind: 'recovery_code_set', stretch, digest: await digestOfCode(code, stretch) } };
  }

  /** Why there is no PIN to check, and who can help. */
  async function pinLost(): Promise<HostError> {
    if (await canAdminEnter(ledger, people)) return { code: 'pin_lost', cure: 'admin' };
    return { code: 'pin_lost', cure: ledger.state().access.recovery === null ? 'none' : 'recovery_code' };
  }

  async function recover(input: { person: string; code: string; pin: string }) {
    const { access, people: everyone } = ledger.state();
    const person = everyone.get(input.person);
    if (person === undefined || !isActiveAdmin(person)) return err({ code: 'not_found' as const, what: 'person' });
    const { recovery } = access;
    if (recovery === null) return err({ code: 'not_found' as const, what: 'recovery code' });
    const short = tooShort(input.pin, person.roles);
    if (short !== null) return err(short);
    const checked = await people.checkSecret(
      person.id,
      async () => (await digestOfCode(input.code, recovery.stretch)) === recovery.digest,
    );
    if (!checked.ok && checked.error.code === 'wrong_pin')
      return err({ code: 'wrong_code' as const, triesLeft: checked.error.triesLeft });
    if (!checked.ok) return checked;
    const sealed = await sealWithPin(person.id, [], { person: person.id, pin: input.pin, how: 'recovered' });
    if (!sealed.ok) return sealed;
    session.signIn(person.id);
    return ok({ person, entries: [...sealed.value] });
  }

  /**
   * On a laptop that counts whoever picks a name may set its first PIN: what may be written there is bound by the laptop. On
   * one that supervises nobody may, for there the name would bring its roles along.
   */
  async function setFirstPin(input: HostInput<'setFirstPin'>) {
    if (options.here() !== 'counting') return err({ code: 'laptop_may_not' as const, kind: 'pin_set' });
    const { people: everyone, access } = ledger.state();
    const person = everyone.get(input.person);
    if (person?.active !== true) return err({ code: 'not_found' as const, what: 'person' });
    if (access.pins.has(person.id)) return err({ code: 'bad_request' as const, reason: 'this person has a PIN here' });
    const short = tooShort(input.pin, person.roles);
    if (short !== null) return err(short);
    const sealed = await sealWithPin(person.id, [], { person: person.id, pin: input.pin, how: 'set' });
    if (!sealed.ok) return sealed;
    session.signIn(person.id);
    return ok({ person, entries: [...sealed.value] });
  }

  return {
    createFirstPerson: (input) =>
      inTurn(async () => {
        const refused = journal.refusal();
        if (refused !== null) return err(refused);
        if (ledger.state().people.size > 0) return err({ code: 'people_exist' });
        // Its people come from the site.
        if (options.here() !== 'none') return err({ code: 'site_exists' });
        if (options.hasRemains()) return err({ code: 'records_missing' });
        const person: Person = {
          id: options.randomId(),
          name: input.name,
          roles: ['counter', 'lead', 'approver', 'admin'],
          active: true,
        };
        const { code, fact } = await makeCode();
        const pin = { person: person.id, pin: input.pin, how: 'set' } as const;
        const sealed = await sealWithPin(person.id, [factOf(person), fact], pin);
        if (!sealed.ok) return sealed;
        session.signIn(person.id);
        return ok({ person, recoveryCode: code, entries: [...sealed.value] });
      }),

    signIn: (input) =>
      inTurn(async () => {
        const person = ledger.state().people.get(input.person);
        if (person?.active !== true) return err({ code: 'not_found', what: 'person' });
        const checked = await people.checkPin(person.id, input.pin);
        if (!checked.ok) return checked.error.code === 'not_found' ? err(await pinLost()) : checked;
        session.signIn(person.id);
        return ok({ person });
      }),

    recoverAccess: (input) => inTurn(() => recover(input)),

    setFirstPin: (input) => inTurn(() => setFirstPin(input)),

    renewRecoveryCode: () =>
      inTurn(async () => {
        const admin = session.require();
        if (!admin.ok) return admin;
        const { code, fact } = await makeCode();
        const sealed = await ledger.record(admin.value.id, [fact]);
        return sealed.ok ? ok({ recoveryCode: code, entries: [...sealed.value] }) : sealed;
      }),

    async signOut() {
      session.signOut();
      return ok({});
    },

    savePerson: (input) =>
      inTurn(async () => {
        const admin = session.require();
        if (!admin.ok) return admin;
        const everyone = ledger.state().people;
        const before = input.id === undefined ? undefined : everyone.get(input.id);
        if (input.id !== undefined && before === undefined) return err({ code: 'not_found', what: 'person' });
        if (before === undefined && input.pin === undefined)
          return err({ code: 'bad_request', reason: 'a new person needs a PIN' });
        const person: Person = {
          id: before?.id ?? options.randomId(),
          name: input.name,
          roles: input.roles,
          active: input.active,
        };
        const short = tooShort(input.pin, person.roles);
        if (short !== null) return err(short);
        const others = [...everyone.values()].filter((one) => one.id !== person.id);
        if (![...others, person].some(isActiveAdmin))
          return err({ code: 'bad_request', reason: 'somebody must stay admin' });
        const pin = input.pin === undefined ? undefined : ({ person: person.id, pin: input.pin, how: 'set' } as const);
        // A PIN is a laptop's own: giving one says nothing about the person, so a laptop that counts may do it.
        const isPinOnly =
          options.here() === 'counting' && pin !== undefined && before !== undefined && isSamePerson(before, person);
        const sealed = await sealWithPin(admin.value.id, isPinOnly ? [] : [factOf(person)], pin);
        return sealed.ok ? ok({ person, entries: [...sealed.value] }) : sealed;
      }),
  };
}
