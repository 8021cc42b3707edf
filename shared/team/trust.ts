import {
  SIGNED,
  WRITERS,
  isSignedFact,
  type Fact,
  type FactKind,
  type FactOf,
  type LaptopRole,
  type LedgerEntry,
} from '../domain/ledger-entry.ts';
import { ENGINE, type Role } from '../domain/person.ts';
import type { IsAct } from './act.ts';
import { foldHolder, mayHold, type Holders } from './holders.ts';

/** Where a site begins: the founder's entry whose hash is its id. What the founder had said before it stands. */
export type SiteRoot = { readonly id: string; readonly founder: string; readonly seq: number };

/**
 * A laptop of the site. `revokedAt`: nothing it said after this sequence counts. `former`: keys it had before it was
 * enrolled anew; what was signed with them was its word. `since`: the version of the entry that made it one of the site.
 */
export type SiteLaptop = {
  readonly laptop: string;
  readonly key: string;
  readonly name: string;
  readonly role: LaptopRole;
  readonly revokedAt?: number;
  /** The entries that said so. */
  readonly revokedBy?: readonly { readonly device: string; readonly seq: number }[];
  readonly former?: readonly string[];
  readonly since?: number;
};

/** The newest entry of another laptop that a laptop had taken in, and when it did, by its own clock. */
export type HeardHead = { readonly seq: number; readonly hash: string; readonly at: string };

/** What a person signs with on a laptop. `begins`: they may come with another key, and it is believed by itself, once. */
export type PersonKey = { readonly key: string | null; readonly begins: boolean };

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
  /** By laptop and person. Without an entry a key needs somebody who vouches for it. */
  readonly keys: Map<string, Map<string, PersonKey>>;
  /** The public half that goes with the recovery code; null: the code was made by an earlier version; absent: there is none. */
  recovery?: string | null;
  /** By laptop: the newest version that an entry of it was written with. */
  readonly versions: Map<string, number>;
  /** By connection, the first saved first: the laptop that sends over it. */
  readonly holders: Holders;
};

/** What of an entry is judged. */
export type Claim = Pick<LedgerEntry, 'device' | 'seq' | 'by' | 'hash' | 'v'> & {
  readonly kind: FactKind;
  /** All of it, where the judge weighs what it says: facts that it remembers, and those that a person signs. */
  readonly entry?: LedgerEntry;
};

/** Who reads. `self`: this laptop, which goes on counting for itself after it was revoked. */
export type Reader = { readonly self?: string; readonly isAct: IsAct };

export type ClaimRefusal =
  | 'not_enrolled'
  | 'revoked'
  | 'second_site'
  | 'laptop_may_not'
  | 'unknown_person'
  | 'role_missing'
  /** Two admins took each other away, or themselves, before they heard of it: the second leaves nobody, and is not heard. */
  | 'last_admin'
  /** It does not carry the signature of the person whom it names: the laptop says so, and nobody's PIN was there. */
  | 'not_signed'
  /** It says to be of an earlier version than what the laptop had said before it. */
  | 'older_version'
  /** Another laptop holds the connection, and was not revoked as far as this one had heard. */
  | 'not_the_holder';

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
  'pin_set',
  'person_key_added',
  'recovery_code_set',
  'connection_saved',
  'connection_held',
] as const satisfies readonly FactKind[];
/** From this version on whoever decides on a laptop of a site signs it. */
const SIGNED_FROM = 5;
type PersonFact = FactOf<'person_changed'>;
type TrustFact = FactOf<(typeof FOLDED)[number]>;
const isFolded: ReadonlySet<FactKind> = new Set(FOLDED);

/** Before anything was said. `revoked`: what is known of revocations already. */
export function emptyTrust(root: SiteRoot | null, revoked: ReadonlyMap<string, number> = new Map()): Trust {
  return {
    root,
    name: '',
    laptops: new Map(),
    people: new Map(),
    heard: new Map(),
    revoked: new Map(revoked),
    holders: new Map(),
    keys: new Map(),
    versions: new Map(),
  };
}

/** What of an entry is judged, where all of it is at hand. */
export function claimOf(entry: LedgerEntry): Claim {
  const { device, seq, by, hash, v } = entry;
  return { device, seq, by, hash, v, kind: entry.fact.kind, entry };
}

/** Whether an entry pretends to be of a time before the ones of its chain; asked of every entry of a chain, in order. */
export function falls(
  { versions }: Pick<Trust, 'versions'>,
  { device, v }: Pick<LedgerEntry, 'device' | 'v'>,
): boolean {
  const newest = versions.get(device) ?? 0;
  if (v > newest) versions.set(device, v);
  return v < newest;
}

/** What a person signs with on a laptop; see `keys`. */
export function keyOn({ keys }: Trust, device: string, person: string): PersonKey | undefined {
  return keys.get(device)?.get(person);
}

/** Whether a laptop with this role may write this kind of fact at all. */
export function mayWrite(role: LaptopRole, kind: FactKind): boolean {
  return role === 'supervising' || COUNTING.has(kind);
}

/** Whether the judge remembers anything of such a fact. */
export function isTrustFact(fact: Fact): fact is TrustFact {
  return isFolded.has(fact.kind);
}

function isKnownTo({ heard }: Trust, device: string, change: { device: string; seq: number }): boolean {
  return change.device === device || (heard.get(device)?.get(change.device)?.seq ?? 0) >= change.seq;
}

function holdsRole(change: PersonChange | undefined, kind: FactKind): boolean {
  return change?.active === true && change.roles.some((role) => WRITERS[kind].includes(role));
}

/** What somebody could do as far as their laptop knew, and what is known of that by now. */
function changesOf(trust: Trust, { device, by }: Pick<Claim, 'device' | 'by'>) {
  const changes = trust.people.get(by) ?? [];
  return { known: changes.findLast((change) => isKnownTo(trust, device, change)), now: changes.at(-1) };
}

/** The person held the role as far as their laptop knew; what decides also needs it by what everybody else has said. */
function judgePerson(trust: Trust, { device, by, kind }: Claim): ClaimRefusal | null {
  if (WRITERS[kind].includes('engine')) return null;
  // What goes again by itself is frozen by nobody.
  if (by === ENGINE) return kind === 'send_frozen' ? null : 'role_missing';
  const { known, now } = changesOf(trust, { device, by });
  if (known === undefined) return 'unknown_person';
  return holdsRole(known, kind) && holdsRole(isShelf.has(kind) ? known : now, kind) ? null : 'role_missing';
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
  const fact = claim.entry?.fact;
  if (fact?.kind !== 'person_changed' || !isActiveAdmin(trust.people.get(fact.person)?.at(-1))) return false;
  if (isActiveAdmin(changeOf(trust, claim, fact))) return false;
  return ![...trust.people].some(([person, changes]) => person !== fact.person && isActiveAdmin(changes.at(-1)));
}

/** What an entry about a person says, less what it does not give back; folded before. */
export function asItStands(trust: Trust, { device, seq }: LedgerEntry, fact: PersonFact): PersonFact {
  const found = trust.people.get(fact.person)?.find((change) => change.device === device && change.seq === seq);
  return found === undefined ? fact : { ...fact, roles: [...found.roles], active: found.active };
}

function isBeforeSite({ root }: Trust, { device, seq }: Pick<Claim, 'device' | 'seq'>): boolean {
  return root === null || (device === root.founder && seq < root.seq);
}

/** Where people have keys: a laptop that supervises, and what it says since it knows of them. */
function hasKeys({ laptops }: Trust, { device, v }: Pick<Claim, 'device' | 'v'>): boolean {
  const laptop = laptops.get(device);
  return laptop?.role === 'supervising' && Math.max(v, laptop.since ?? 0) >= SIGNED_FROM;
}

/** A key is believed from the admin who gave the PIN, from the key before it, from the recovery code, or as the first one. */
function judgeKey(
  trust: Trust,
  { device, by }: Claim,
  fact: FactOf<'person_key_added'>,
  isSignedBy: (key: string | null | undefined) => boolean,
): ClaimRefusal | null {
  const change = changesOf(trust, { device, by });
  const isAdmin = isActiveAdmin(change.known) && isActiveAdmin(change.now);
  const isOwn = fact.person === by;
  if (fact.how === 'recovered') {
    if (!isOwn || !isAdmin) return 'role_missing';
    return trust.recovery === null || isSignedBy(trust.recovery) ? null : 'not_signed';
  }
  if (!isOwn && !isAdmin) return 'role_missing';
  const known = keyOn(trust, device, by);
  if (isOwn && known?.begins === true && fact.sig === undefined) return null;
  return isSignedBy(known?.key) ? null : 'not_signed';
}

/** What decides carries the person's own signature, and not only their laptop's. */
function judgeSignature(trust: Trust, claim: Claim, isAct: IsAct): ClaimRefusal | null {
  const { root } = trust;
  const { entry, device, by } = claim;
  if (root === null || !SIGNED.has(claim.kind) || !hasKeys(trust, claim)) return null;
  if (entry === undefined || !isSignedFact(entry.fact)) return 'not_signed';
  const isSignedBy = (key: string | null | undefined) => typeof key === 'string' && isAct(root.id, key, entry);
  if (entry.fact.kind === 'person_key_added') return judgeKey(trust, claim, entry.fact, isSignedBy);
  if (entry.fact.kind === 'recovery_code_set') {
    const { known, now } = changesOf(trust, claim);
    if (!isActiveAdmin(known) || !isActiveAdmin(now)) return 'role_missing';
  }
  return isSignedBy(keyOn(trust, device, by)?.key) ? null : 'not_signed';
}

/**
 * Why an entry does not count, or null. Asked of every entry in ledger order, by every laptop: all hold the same entries
 * and say the same.
 */
export function judge(trust: Trust, claim: Claim, { self, isAct }: Reader): ClaimRefusal | null {
  const { root, laptops, revoked } = trust;
  const { device, seq, kind, hash } = claim;
  if (root === null || isBeforeSite(trust, claim)) return null;
  if (kind === 'site_created') return hash === root.id ? null : 'second_site';
  const laptop = laptops.get(device);
  if (laptop === undefined) return 'not_enrolled';
  if (device !== self && seq > (revoked.get(device) ?? Number.POSITIVE_INFINITY)) return 'revoked';
  if (!mayWrite(laptop.role, kind)) return 'laptop_may_not';
  const refused =
    judgePerson(trust, claim) ??
    judgeSignature(trust, claim, isAct) ??
    (leavesNoAdmin(trust, claim) ? 'last_admin' : null);
  const fact = claim.entry?.fact;
  if (refused !== null || fact?.kind !== 'connection_held') return refused;
  return maySayHolder(trust, device, fact) ? null : 'not_the_holder';
}

/** Whether a laptop may say who sends over a connection, as far as it had heard. */
export function maySayHolder(trust: Trust, device: string, fact: FactOf<'connection_held'>): boolean {
  const { holders, laptops } = trust;
  const isRevoked = (laptop: string): boolean =>
    laptops.get(laptop)?.revokedBy?.some((said) => isKnownTo(trust, device, said)) === true;
  const maySend = (laptop: string): boolean => {
    const known = laptops.get(laptop);
    return known?.role === 'supervising' && known.revokedAt === undefined;
  };
  return mayHold(holders, { device, fact }, { isRevoked, maySend });
}

type Enrolment = Pick<SiteLaptop, 'laptop' | 'key' | 'name' | 'role'>;
type Enroller = { readonly by: string; readonly since: number };

/** Every key that stands for a laptop, the newest first. */
export function keysOf({ key, former = [] }: SiteLaptop): readonly string[] {
  return [key, ...former];
}

/**
 * A key stands for one laptop. A laptop that lost its key, as one does that goes on from a copy, is enrolled anew by another
 * one; one that was shut out is not. The keys of its people went the same way: they begin anew, and what they had signed
 * stands, whatever the clocks say about which came first.
 */
function enrol({ laptops, keys }: Trust, { laptop, key, name, role }: Enrolment, { by, since }: Enroller): void {
  if ([...laptops.values()].some((other) => keysOf(other).includes(key))) return;
  const known = laptops.get(laptop);
  if (known === undefined) laptops.set(laptop, { laptop, key, name, role, since });
  else if (by !== laptop && known.revokedAt === undefined) {
    const { since: first = since } = known;
    laptops.set(laptop, { laptop, key, name, role, former: keysOf(known), since: first });
    const people = keys.get(laptop);
    for (const [person, { key: theirs }] of people ?? []) people?.set(person, { key: theirs, begins: true });
  }
}

function setKey({ keys }: Trust, device: string, person: string, key: PersonKey): void {
  const people = keys.get(device) ?? new Map<string, PersonKey>();
  keys.set(device, people.set(person, key));
}

/** Whether a PIN was set on a laptop before people had keys there. On one that counts anybody sets one: that proves nothing. */
function isOlderPin(trust: Trust, entry: LedgerEntry): boolean {
  const isSupervising = trust.laptops.get(entry.device)?.role === 'supervising';
  return isBeforeSite(trust, entry) || (isSupervising && !hasKeys(trust, entry));
}

function revoke({ laptops, revoked }: Trust, entry: LedgerEntry, { laptop, seq }: FactOf<'laptop_revoked'>): void {
  const known = laptops.get(laptop);
  if (known === undefined) return;
  const at = Math.min(seq, revoked.get(laptop) ?? seq);
  revoked.set(laptop, at);
  const { revokedBy = [] } = known;
  const isNew = !revokedBy.some(({ device, seq: said }) => device === entry.device && said === entry.seq);
  const by = isNew ? [...revokedBy, { device: entry.device, seq: entry.seq }] : revokedBy;
  laptops.set(laptop, { ...known, revokedAt: at, revokedBy: by });
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
      enrol(
        trust,
        { laptop: device, key: fact.key, name: fact.name, role: 'supervising' },
        { by: device, since: entry.v },
      );
      return;
    case 'laptop_enrolled':
      enrol(trust, fact, { by: device, since: entry.v });
      return;
    case 'laptop_named': {
      const known = trust.laptops.get(fact.laptop);
      if (known !== undefined) trust.laptops.set(fact.laptop, { ...known, name: fact.name });
      return;
    }
    case 'laptop_revoked':
      revoke(trust, entry, fact);
      return;
    case 'connection_saved':
    case 'connection_held':
      foldHolder(trust.holders, device, fact);
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
    case 'pin_set':
      if (isOlderPin(trust, entry) && keyOn(trust, device, fact.person) === undefined)
        setKey(trust, device, fact.person, { key: null, begins: true });
      return;
    case 'person_key_added':
      if (!isBeforeSite(trust, entry)) setKey(trust, device, fact.person, { key: fact.key, begins: false });
      return;
    case 'recovery_code_set':
      if (isBeforeSite(trust, entry) || trust.laptops.get(device)?.role === 'supervising')
        trust.recovery = fact.key ?? null;
      return;
  }
}
