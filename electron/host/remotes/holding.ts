import type { Fact, FactOf } from '../../../shared/domain/ledger-entry.ts';
import { isMovementTaken, MOVEMENT_TAKEN } from '../../../shared/domain/movement-log.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { mappedPlaces } from '../../../shared/sync/desk/desk-state.ts';
import {
  besideOf,
  isNamedAlike,
  isSameRemote,
  stoppedBy,
  type AccountLook,
} from '../../../shared/sync/seen/accounts.ts';
import { maySayHolder } from '../../../shared/team/trust.ts';
import type { Ledger } from '../authority/ledger.ts';

type Parts = {
  readonly ledger: Pick<Ledger, 'state' | 'team'>;
  readonly device: () => string;
  readonly connectors: readonly { readonly id: string; readonly title: string }[];
  /** What this laptop is called where no site has named it. */
  readonly laptop: string;
};
type Form = Pick<AccountLook, 'remote' | 'settings'>;
type Look = AccountLook & { readonly name: string };

/** Which laptop sends over which connection, and what is refused here because of that. */
export type Holding = {
  /** Why nothing new may be begun over a connection here: freezing, deciding about differences, taking over movements. */
  whyNotBegin(connection: string): HostError | null;
  /** Why what was frozen here may not even be brought to its end: this laptop never held the connection by right. */
  whyNotFinish(connection: string): HostError | null;
  /** Why facts may not be sealed here now; asked at the very moment of sealing. */
  refusal(facts: readonly Fact[]): HostError | null;
  /** Why a connection may not be saved so: another laptop has connected the account already. */
  whyNotSave(form: Form, connection: string | undefined): HostError | null;
  /** What is said of an account that another connection leads to. */
  knownBy(connection: string): HostError;
  /** Other connections to the same account. */
  beside(connection: string): readonly string[];
  /** The connection over which the account of this one is sent to; undefined: it goes on itself. */
  stopped(connection: string): string | undefined;
  /** Whether another laptop may still bring to its end what it froze over a connection. */
  mayFinish(laptop: string, connection: string): boolean;
  /** What a laptop is called. */
  nameOf(laptop: string): string;
};

/** Reads who sends from what counts, in ledger order; see `shared/team/holders.ts`. One closure over the ledger. */
export function createHolding({ ledger, device, connectors, laptop: own }: Parts): Holding {
  const trust = () => ledger.team().trust;

  function nameOf(laptop: string): string {
    return trust().laptops.get(laptop)?.name ?? (laptop === device() ? own : laptop.slice(0, 8));
  }

  /** Every connection, the first saved first. */
  function looks(): readonly Look[] {
    const { connections, desk } = ledger.state();
    return [...trust().holders].flatMap(([id, { held }]) => {
      const known = connections.get(id);
      return known === undefined ? [] : [{ id, ...known, laptop: held[0] ?? '', places: mappedPlaces(desk, id) }];
    });
  }

  function knownBy(connection: string): HostError {
    const { name = '', remote = '' } = ledger.state().connections.get(connection) ?? {};
    const sender = trust().holders.get(connection)?.laptop ?? device();
    const title = connectors.find(({ id }) => id === remote)?.title ?? remote;
    return { code: 'account_known', laptop: nameOf(sender), name, remote: title };
  }

  function isRevoked(laptop: string): boolean {
    return trust().laptops.get(laptop)?.revokedAt !== undefined;
  }

  const stopped = (connection: string) => stoppedBy(looks(), connection)?.id;

  function whyNot(connection: string, may: (laptop: string) => boolean): HostError | null {
    const known = trust().holders.get(connection);
    if (trust().root === null || known === undefined) return null;
    if (isRevoked(device())) return { code: 'laptop_revoked' };
    const first = stopped(connection);
    if (first !== undefined) return knownBy(first);
    return may(device()) ? null : { code: 'held_elsewhere', laptop: nameOf(known.laptop) };
  }

  const holds = (connection: string, laptop: string) => trust().holders.get(connection)?.laptop === laptop;
  const held = (connection: string, laptop: string) => trust().holders.get(connection)?.held.includes(laptop) === true;
  const whyNotBegin = (connection: string) => whyNot(connection, (laptop) => holds(connection, laptop));
  const whyNotFinish = (connection: string) => whyNot(connection, (laptop) => held(connection, laptop));

  /** What another laptop froze is taken over by the one that sends to the account now: to say what arrived, never to send it. */
  function isTakenOver(fact: FactOf<'send_frozen'>, facts: readonly Fact[]): boolean {
    return fact.requests.every(({ id }) => facts.some((one) => one.kind === 'send_settled' && one.request === id));
  }

  function whyNotMatch(fact: FactOf<'mapping_set'>): HostError | null {
    const all = looks();
    const at = all.findIndex(({ id }) => id === fact.connection);
    const known = all[at];
    if (known === undefined) return null;
    const named = [...fact.sites, ...(fact.bins ?? [])].map(({ remoteLocation }) => remoteLocation);
    const places = new Set(named.filter((place) => place !== ''));
    const isThere = (other: Look) => isSameRemote(other, known) && [...other.places].some((place) => places.has(place));
    // Two of one laptop are its own business.
    const first = all.slice(0, at).find((other) => other.laptop !== known.laptop && isThere(other));
    return first === undefined ? null : knownBy(first.id);
  }

  function refusalOf(fact: Fact, facts: readonly Fact[]): HostError | null {
    switch (fact.kind) {
      case 'connection_held': {
        if (trust().root === null) return { code: 'no_site' };
        const holder = trust().holders.get(fact.connection)?.laptop ?? '';
        return maySayHolder(trust(), device(), fact) ? null : { code: 'held_elsewhere', laptop: nameOf(holder) };
      }
      case 'send_frozen':
        return isTakenOver(fact, facts) && fact.requests.length > 0
          ? whyNotBegin(stopped(fact.connection) ?? fact.connection)
          : whyNotBegin(fact.connection);
      case 'drift_decided':
      case 'remote_moved':
        return whyNotBegin(fact.connection);
      case 'send_attempted':
        return whyNotFinish(fact.connection);
      case 'mapping_set':
        return whyNotMatch(fact);
      case 'stock_changed': {
        if (!isMovementTaken(fact)) return null;
        const of = [...trust().holders.keys()].find((id) => fact.reference.startsWith(`${MOVEMENT_TAKEN}${id} `));
        return of === undefined ? null : whyNotBegin(of);
      }
      default:
        return null;
    }
  }

  return {
    whyNotBegin,
    whyNotFinish,
    refusal(facts) {
      for (const fact of facts) {
        const refused = refusalOf(fact, facts);
        if (refused !== null) return refused;
      }
      return null;
    },
    whyNotSave(form, connection) {
      const all = looks();
      const at = all.findIndex(({ id }) => id === connection);
      const before = at === -1 ? all : all.slice(0, at);
      const by = all[at]?.laptop ?? device();
      const first = before.find((other) => other.laptop !== by && isNamedAlike(other, form));
      return first === undefined ? null : knownBy(first.id);
    },
    knownBy,
    beside: (connection) => besideOf(looks(), connection).map(({ id }) => id),
    stopped,
    mayFinish: (laptop, connection) =>
      !isRevoked(laptop) && held(connection, laptop) && stopped(connection) === undefined,
    nameOf,
  };
}
