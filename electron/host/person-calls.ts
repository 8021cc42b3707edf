import type { Fact, LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { Person } from '../../shared/domain/person.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host, HostError } from '../../shared/ports/host.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { People } from './people.ts';
import type { Session } from './session.ts';
import { createTurns } from './turns.ts';

type PersonCalls = Pick<Host, 'createFirstPerson' | 'signIn' | 'signOut' | 'savePerson'>;
type PersonCallsOptions = {
  ledger: Ledger;
  journal: Journal;
  people: People;
  session: Session;
  randomId: () => string;
};

function factOf(person: Person): Fact {
  return { kind: 'person_changed', person: person.id, name: person.name, roles: person.roles, active: person.active };
}

function isActiveAdmin(person: Person): boolean {
  return person.active && person.roles.includes('admin');
}

/**
 * People. Who they are is a fold of the journal, their PINs are not in it. When no active admin has a PIN that can be
 * checked (people.json lost, or sealed by a keyring that is gone), the first sign-in of an admin sets a new one, and that
 * is written into the ledger under their name for everyone to see; everybody else waits for an admin to give them one.
 */
export function createPersonCalls(options: PersonCallsOptions): PersonCalls {
  const { ledger, journal, people, session } = options;
  // Two first persons, or two last admins, must not slip past each other.
  const inTurn = createTurns();

  async function setPinAndSeal(
    by: string,
    person: Person,
    pin: string | undefined,
  ): Promise<Result<readonly LedgerEntry[], HostError>> {
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    if (pin !== undefined) {
      const set = await people.setPin(person.id, pin);
      if (!set.ok) return set;
    }
    const sealed = await ledger.record(by, [factOf(person)]);
    if (!sealed.ok && pin !== undefined) await people.undoPin(person.id);
    return sealed;
  }

  async function isNobodyAbleToLetIn(): Promise<boolean> {
    for (const person of ledger.state().people.values()) {
      if (isActiveAdmin(person) && (await people.hasPin(person.id))) return false;
    }
    return true;
  }

  return {
    createFirstPerson: (input) =>
      inTurn(async () => {
        const refused = journal.refusal();
        if (refused !== null) return err(refused);
        if (ledger.state().people.size > 0) return err({ code: 'people_exist' });
        const person: Person = {
          id: options.randomId(),
          name: input.name,
          roles: ['counter', 'lead', 'approver', 'admin'],
          active: true,
        };
        const sealed = await setPinAndSeal(person.id, person, input.pin);
        if (!sealed.ok) return sealed;
        session.signIn(person.id);
        return ok({ person, entries: [...sealed.value] });
      }),

    signIn: (input) =>
      inTurn(async () => {
        const person = ledger.state().people.get(input.person);
        if (person?.active !== true) return err({ code: 'not_found', what: 'person' });
        if (isActiveAdmin(person) && (await isNobodyAbleToLetIn())) {
          if (input.pin.length < 4) return err({ code: 'bad_request', reason: 'a PIN has at least four characters' });
          const sealed = await setPinAndSeal(person.id, person, input.pin);
          if (!sealed.ok) return sealed;
        } else {
          const checked = await people.checkPin(person.id, input.pin);
          if (!checked.ok) return checked;
        }
        session.signIn(person.id);
        return ok({ person });
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
        const others = [...everyone.values()].filter((one) => one.id !== person.id);
        if (![...others, person].some(isActiveAdmin))
          return err({ code: 'bad_request', reason: 'somebody must stay admin' });
        const sealed = await setPinAndSeal(admin.value.id, person, input.pin);
        return sealed.ok ? ok({ person, entries: [...sealed.value] }) : sealed;
      }),
  };
}
