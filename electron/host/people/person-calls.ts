import type { Fact, FactOf, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Host, HostError, HostInput, Team } from '../../../shared/ports/host.ts';
import { shortestPin } from '../authority/access-state.ts';
import type { Journal } from '../journal/journal.ts';
import type { Ledger, SignerOfFact } from '../authority/ledger.ts';
import type { MadeKey, Opening } from './opening.ts';
import type { People } from './people.ts';
import { newRecoveryCode, readCode, saltedStretch } from '../secrets/recovery-code.ts';
import type { StretchCost } from '../secrets/secret-key.ts';
import type { Opened, Session, Signer } from '../authority/session.ts';
import { createTurns } from '../disk/turns.ts';

type PersonCalls = Pick<
  Host,
  'createFirstPerson' | 'signIn' | 'signOut' | 'savePerson' | 'recoverAccess' | 'renewRecoveryCode' | 'setFirstPin'
>;
type PersonCallsOptions = {
  ledger: Ledger;
  journal: Journal;
  people: People;
  opening: Opening;
  session: Session;
  randomId: () => string;
  randomBytes: (length: number) => Uint8Array;
  cost: StretchCost;
  /** Whether files of this profile show that somebody worked here, though the ledger knows nobody. */
  hasRemains: () => boolean;
  /** What this laptop is in its site. */
  here: () => Team['here'];
};
type Sealed = Promise<Result<{ readonly entries: readonly LedgerEntry[]; readonly opened: Opened }, HostError>>;
/** A PIN to be set. `made`: the key that goes with it; `signers`: in the place of who is signed in. */
type NewPin = {
  readonly person: Pick<Person, 'id' | 'roles'>;
  readonly pin: string;
  readonly how: 'set' | 'recovered';
  readonly made: MadeKey | null;
  readonly signers?: SignerOfFact;
};

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
  const { ledger, journal, people, opening, session } = options;
  // Two first persons, or two last admins, must not slip past each other.
  const inTurn = createTurns();

  function tooShort(pin: string | undefined, roles: Person['roles']): HostError | null {
    const length = shortestPin(ledger.state().access.lengths, roles);
    return pin !== undefined && pin.length < length ? { code: 'pin_too_short', length } : null;
  }

  /** Seals the facts together with the new PIN and the key that goes with it, all or none. Facts come before, `after` behind. */
  async function sealWithPin(by: string, facts: readonly Fact[], pin: NewPin, after: readonly Fact[] = []): Sealed {
    const { person, made, signers } = pin;
    const prepared = await people.preparePin(person.id, pin.pin, pin.how);
    if (!prepared.ok) return prepared;
    const key = made === null ? [] : [made.fact];
    const sealed = await ledger.record(by, [...facts, prepared.value, ...key, ...after], signers);
    if (!sealed.ok) return sealed;
    await people.settle();
    if (made !== null) await opening.settle(person.id, made);
    const opened = opening.held(person, pin.pin, made);
    session.hold(person.id, opened);
    return ok({ entries: sealed.value, opened });
  }

  async function makeCode(): Promise<{ code: string; fact: Fact }> {
    const code = newRecoveryCode(options.randomBytes);
    const stretch = saltedStretch(options.cost, options.randomBytes);
    const { digest, signer } = await readCode(code, stretch);
    return { code, fact: { kind: 'recovery_code_set', stretch, digest, key: signer.key } };
  }

  /**
   * What signs an access that was recovered: the code vouches for the new key. A code that an earlier version made cannot, so
   * this once its word is taken, and from then on the code has a key: the new one signs that.
   */
  function recovering(
    made: MadeKey | null,
    code: Signer | undefined,
    known: FactOf<'recovery_code_set'>,
  ): { signers?: SignerOfFact; after: Fact[] } {
    if (made === null || code === undefined) return { after: [] };
    const isOlder = ledger.team().trust.recovery === null;
    const vouching = isOlder ? null : code;
    return {
      signers: ({ kind }) => (kind === 'person_key_added' ? vouching : made.signer),
      after: isOlder ? [{ ...known, key: code.key }] : [],
    };
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
    let code: Signer | undefined;
    const checked = await people.checkSecret(person.id, async () => {
      const { digest, signer } = await readCode(input.code, recovery.stretch);
      code = signer;
      return digest === recovery.digest;
    });
    if (!checked.ok && checked.error.code === 'wrong_pin')
      return err({ code: 'wrong_code' as const, triesLeft: checked.error.triesLeft });
    if (!checked.ok) return checked;
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    const made = await opening.make(person.id, input.pin, 'recovered');
    if (!made.ok) return made;
    const { stretch, digest } = recovery;
    const { after, ...signing } = recovering(made.value, code, { kind: 'recovery_code_set', stretch, digest });
    const pin: NewPin = { person, pin: input.pin, how: 'recovered', made: made.value, ...signing };
    const sealed = await sealWithPin(person.id, [], pin, after);
    if (!sealed.ok) return sealed;
    session.signIn(person.id, sealed.value.opened);
    return ok({ person, entries: [...sealed.value.entries] });
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
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    const sealed = await sealWithPin(person.id, [], { person, pin: input.pin, how: 'set', made: null });
    if (!sealed.ok) return sealed;
    session.signIn(person.id, sealed.value.opened);
    return ok({ person, entries: [...sealed.value.entries] });
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
        const pin: NewPin = { person, pin: input.pin, how: 'set', made: null };
        const sealed = await sealWithPin(person.id, [factOf(person), fact], pin);
        if (!sealed.ok) return sealed;
        session.signIn(person.id, sealed.value.opened);
        return ok({ person, recoveryCode: code, entries: [...sealed.value.entries] });
      }),

    signIn: (input) =>
      inTurn(async () => {
        const person = ledger.state().people.get(input.person);
        if (person?.active !== true) return err({ code: 'not_found', what: 'person' });
        const checked = await people.checkPin(person.id, input.pin);
        if (!checked.ok) return checked.error.code === 'not_found' ? err(await pinLost()) : checked;
        session.signIn(person.id, await opening.open(person, input.pin));
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
        // A PIN is a laptop's own: giving one says nothing about the person, so a laptop that counts may do it.
        const isPinOnly =
          options.here() === 'counting' &&
          input.pin !== undefined &&
          before !== undefined &&
          isSamePerson(before, person);
        const facts = isPinOnly ? [] : [factOf(person)];
        const refused = journal.refusal();
        if (refused !== null) return err(refused);
        if (input.pin === undefined) {
          const saved = await ledger.record(admin.value.id, facts);
          return saved.ok ? ok({ person, entries: [...saved.value] }) : saved;
        }
        const made = await opening.make(person.id, input.pin);
        if (!made.ok) return made;
        const pin: NewPin = { person, pin: input.pin, how: 'set', made: made.value };
        const sealed = await sealWithPin(admin.value.id, facts, pin);
        return sealed.ok ? ok({ person, entries: [...sealed.value.entries] }) : sealed;
      }),
  };
}
