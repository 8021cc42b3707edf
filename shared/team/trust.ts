import {
  WRITERS,
  type Fact,
  type FactKind,
  type FactOf,
  type LaptopRole,
  type LedgerEntry,
} from '../domain/ledger-entry.ts';
import { ENGINE, type Role } from '../domain/person.ts';

/** Where a site begins: the founder's entry whose hash is its id. What the founder had said before it stands. */
export type SiteRoot = { readonly id: string; readonly founder: string; readonly seq: number };

/**
 * A laptop of the site. `revokedAt`: nothing it said after this sequence counts. `former`: keys it had before it was
 * enrolled anew; what was signed with them was its word.
 */
export type SiteLaptop = {
  readonly laptop: string;
  readonly key: string;
  readonly name: string;
  readonly role: LaptopRole;
  readonly revokedAt?: number;
  readonly former?: readonly string[];
};

/** The newest entry of another laptop that a laptop had taken in, and when it did, by its own clock. */
export type HeardHead = { readonly seq: number; readonly hash: string; readonly at: string };

type PersonChange = {
  readonly device: string;
  readonly seq: number;
  readonly roles: readonly Role[];
  readonly active: boolean;
};

/** Everything that the judge reads: a fold of the entries that counted, in ledger order. */
export type Trust = {
  /** Null: this laptop works alone, and everything it holds is its own. */
  root: SiteRoot | null;
  name: string;
  readonly laptops: Map<string, SiteLaptop>;
  /** What was said of each person, in ledger order. */
  readonly people: Map<string, PersonChange[]>;
  /** By laptop: what it had heard of each other. */
  readonly heard: Map<string, Map<string, HeardHead>>;
  /** By laptop: the sequence it is believed up to. May be known before the fold meets the entry that says so. */
  readonly revoked: Map<string, number>;
};

/** What of an entry is judged. */
export type Claim = Pick<LedgerEntry, 'device' | 'seq' | 'by' | 'hash'> & {
  readonly kind: FactKind;
  /** What it says, where the judge weighs that as well: a change of a person. */
  readonly fact?: Fact;
};

export type ClaimRefusal =
  | 'not_enrolled'
  | 'revoked'
  | 'second_site'
  | 'laptop_may_not'
  | 'unknown_person'
  | 'role_missing'
  /** Two admins took each other away, or themselves, before they heard of it: the second leaves nobody, and is not heard. */
  | 'last_admin';

/** Facts of the shelf. Who could say them when they were sealed could say them: what is decided elsewhere meanwhile takes nothing away. */
const SHELF: readonly FactKind[] = [
  'stock_moved',
  'bin_opened',
  'counted',
  'serial_repeated',
  'unknown_scanned',
  'unknown_noted',
  'unknown_matched',
  'unknown_proposed',
  'match_withdrawn',
  'count_voided',
  'bin_confirmed_empty',
  'bin_skipped',
  'bin_finished',
  'batch_submitted',
];
const isShelf: ReadonlySet<FactKind> = new Set(SHELF);
/** A laptop's own business: it grants nothing anywhere else. */
const OWN_BUSINESS: readonly FactKind[] = [
  'heard',
  'pin_set',
  'sign_in_refused',
  'tries_cleared',
  'recovery_code_set',
  'checkpoint_kept',
];
const COUNTING: ReadonlySet<FactKind> = new Set([...SHELF, ...OWN_BUSINESS]);
const FOLDED = [
  'site_created',
  'laptop_enrolled',
  'laptop_named',
  'laptop_revoked',
  'person_changed',
  'heard',
] as const satisfies readonly FactKind[];
type PersonFact = FactOf<'person_changed'>;
type TrustFact = FactOf<(typeof FOLDED)[number]>;
const isFolded: ReadonlySet<FactKind> = new Set(FOLDED);

/** Before anything was said. `revoked`: what is known of revocations already. */
export function emptyTrust(root: SiteRoot | null, revoked: ReadonlyMap<string, number> = new Map()): Trust {
  return { root, name: '', laptops: new Map(), people: new Map(), heard: new Map(), revoked: new Map(revoked) };
}

/** Whether a laptop with this role may write this kind of fact at all. */
export function mayWrite(role: LaptopRole, kind: FactKind): boolean {
  return role === 'supervising' || COUNTING.has(kind);
}

/** Whether the judge remembers anything of such a fact. */
export function isTrustFact(fact: Fact): fact is TrustFact {
  return isFolded.has(fact.kind);
}

function isKnownTo({ heard }: Trust, device: string, change: PersonChange): boolean {
  return change.device === device || (heard.get(device)?.get(change.device)?.seq ?? 0) >= change.seq;
}

function holdsRole(change: PersonChange | undefined, kind: FactKind): boolean {
  return change?.active === true && change.roles.some((role) => WRITERS[kind].includes(role));
}

/** The person held the role as far as their laptop knew; what decides also needs it by what everybody else has said. */
function judgePerson(trust: Trust, { device, by, kind }: Claim): ClaimRefusal | null {
  if (WRITERS[kind].includes('engine')) return null;
  // What goes again by itself is frozen by nobody.
  if (by === ENGINE) return kind === 'send_frozen' ? null : 'role_missing';
  const changes = trust.people.get(by);
  if (changes === undefined) return 'unknown_person';
  const then = changes.findLast((change) => isKnownTo(trust, device, change));
  if (then === undefined) return 'unknown_person';
  const now = isShelf.has(kind) ? then : changes.at(-1);
  return holdsRole(then, kind) && holdsRole(now, kind) ? null : 'role_missing';
}

/**
 * What a change leaves of a person's rights. A change names all of them, also those that its admin did not touch: what was
 * taken away on another laptop meanwhile is not given back by that. Whoever has heard of it may give it back.
 */
function changeOf(trust: Trust, { device, seq }: Pick<LedgerEntry, 'device' | 'seq'>, fact: PersonFact): PersonChange {
  const changes = trust.people.get(fact.person) ?? [];
  const at = changes.findLastIndex((change) => isKnownTo(trust, device, change));
  const known = changes[at];
  const meanwhile = known === undefined ? [] : changes.slice(at + 1);
  const isTaken = (role: Role): boolean =>
    known?.roles.includes(role) === true && meanwhile.some(({ roles }) => !roles.includes(role));
  const isMadeInactive = known?.active === true && meanwhile.some(({ active }) => !active);
  const roles = fact.roles.filter((role) => !isTaken(role));
  // Nobody is without a role: whom none is left to does not come in.
  if (roles.length === 0) return { device, seq, roles: fact.roles, active: false };
  return { device, seq, roles, active: fact.active && !isMadeInactive };
}

function isActiveAdmin(change: PersonChange | undefined): boolean {
  return change?.active === true && change.roles.includes('admin');
}

/** Whether a change takes the last admin away. */
function leavesNoAdmin(trust: Trust, claim: Claim): boolean {
  const { fact } = claim;
  if (fact?.kind !== 'person_changed' || !isActiveAdmin(trust.people.get(fact.person)?.at(-1))) return false;
  if (isActiveAdmin(changeOf(trust, claim, fact))) return false;
  return ![...trust.people].some(([person, changes]) => person !== fact.person && isActiveAdmin(changes.at(-1)));
}

/** What an entry about a person says, less what it does not give back; folded before. */
export function asItStands(trust: Trust, { device, seq }: LedgerEntry, fact: PersonFact): PersonFact {
  const found = trust.people.get(fact.person)?.find((change) => change.device === device && change.seq === seq);
  return found === undefined ? fact : { ...fact, roles: [...found.roles], active: found.active };
}

/**
 * Why an entry does not count, or null. Asked of every entry in ledger order, by every laptop: all hold the same entries
 * and say the same. `self`: this laptop, which goes on counting for itself after it was revoked.
 */
export function judge(trust: Trust, claim: Claim, self?: string): ClaimRefusal | null {
  const { root, laptops, revoked } = trust;
  const { device, seq, kind, hash } = claim;
  if (root === null || (device === root.founder && seq < root.seq)) return null;
  if (kind === 'site_created') return hash === root.id ? null : 'second_site';
  const laptop = laptops.get(device);
  if (laptop === undefined) return 'not_enrolled';
  if (device !== self && seq > (revoked.get(device) ?? Number.POSITIVE_INFINITY)) return 'revoked';
  if (!mayWrite(laptop.role, kind)) return 'laptop_may_not';
  return judgePerson(trust, claim) ?? (leavesNoAdmin(trust, claim) ? 'last_admin' : null);
}

type Enrolment = Pick<SiteLaptop, 'laptop' | 'key' | 'name' | 'role'>;

/** Every key that stands for a laptop, the newest first. */
export function keysOf({ key, former = [] }: SiteLaptop): readonly string[] {
  return [key, ...former];
}

/**
 * A key stands for one laptop. A laptop that lost its key, as one does that goes on from a copy, is enrolled anew by another
 * one; one that was shut out is not.
 */
function enrol({ laptops }: Trust, { laptop, key, name, role }: Enrolment, by: string): void {
  if ([...laptops.values()].some((other) => keysOf(other).includes(key))) return;
  const known = laptops.get(laptop);
  if (known === undefined) laptops.set(laptop, { laptop, key, name, role });
  else if (by !== laptop && known.revokedAt === undefined)
    laptops.set(laptop, { laptop, key, name, role, former: keysOf(known) });
}

function revoke({ laptops, revoked }: Trust, { laptop, seq }: FactOf<'laptop_revoked'>): void {
  const known = laptops.get(laptop);
  if (known === undefined) return;
  const at = Math.min(seq, revoked.get(laptop) ?? seq);
  revoked.set(laptop, at);
  laptops.set(laptop, { ...known, revokedAt: at });
}

function hear(trust: Trust, device: string, fact: FactOf<'heard'>, at: string): void {
  const heads = trust.heard.get(device) ?? new Map<string, HeardHead>();
  trust.heard.set(device, heads);
  for (const head of fact.heads)
    if (head.seq > (heads.get(head.device)?.seq ?? 0)) heads.set(head.device, { seq: head.seq, hash: head.hash, at });
}

/** Folds an entry that counts into what the judge knows, in place; again in order it changes nothing. */
export function foldTrust(trust: Trust, entry: LedgerEntry): void {
  const { fact, device, seq } = entry;
  if (!isTrustFact(fact)) return;
  switch (fact.kind) {
    case 'site_created':
      trust.root ??= { id: entry.hash, founder: device, seq };
      if (trust.root.id !== entry.hash) return;
      trust.name = fact.site;
      enrol(trust, { laptop: device, key: fact.key, name: fact.name, role: 'supervising' }, device);
      return;
    case 'laptop_enrolled':
      enrol(trust, fact, device);
      return;
    case 'laptop_named': {
      const known = trust.laptops.get(fact.laptop);
      if (known !== undefined) trust.laptops.set(fact.laptop, { ...known, name: fact.name });
      return;
    }
    case 'laptop_revoked':
      revoke(trust, fact);
      return;
    case 'person_changed': {
      const changes = trust.people.get(fact.person) ?? [];
      trust.people.set(fact.person, changes);
      const isKnown = changes.some((change) => change.device === device && change.seq === seq);
      if (!isKnown) changes.push(changeOf(trust, entry, fact));
      return;
    }
    case 'heard':
      hear(trust, device, fact, entry.at);
      return;
  }
}
