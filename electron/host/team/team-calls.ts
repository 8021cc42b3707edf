import type { Fact, FactOf, LaptopRole } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Host, HostError, HostOutput, Laptop } from '../../../shared/ports/host.ts';
import { readRequest, writeRequest, type JoinRequest } from '../../../shared/team/request.ts';
import { keysOf, type SiteLaptop } from '../../../shared/team/trust.ts';
import { wordsOf } from '../../../shared/team/words.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { Session, Signer } from '../authority/session.ts';
import { unsignedOf } from '../authority/union.ts';
import { sha256 } from '../disk/sha256.ts';
import { createTurns } from '../disk/turns.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import type { Chains } from './chains.ts';
import type { Forks } from './forks.ts';
import type { LaptopKey } from './laptop-key.ts';
import { standing } from './standing.ts';

type TeamCalls = Pick<
  Host,
  'team' | 'foundSite' | 'askToJoin' | 'readRequest' | 'enrolLaptop' | 'nameLaptop' | 'revokeLaptop'
>;
type TeamCallsOptions = {
  journal: Journal;
  ledger: Ledger;
  chains: Chains;
  forks: Forks;
  key: LaptopKey;
  session: Session;
  log: Log;
  /** Whether nobody and nothing is here yet. */
  isNew: () => boolean;
  /** What the admin who founds a site signs with from then on; null: they get it when they sign in again. */
  beginKey: (person: string) => Promise<FounderKey | null>;
};
type FounderKey = { readonly signer: Signer; readonly fact: FactOf<'person_key_added'> };

const REQUEST_SPOILED: HostError = { code: 'bad_request', reason: 'this is no request of a laptop' };

/** The words that stand for a key on both screens. */
function wordsFor(key: string): string[] {
  return wordsOf(sha256(Buffer.from(key, 'base64url')));
}

/**
 * The site and its laptops: who is one of them is a fold of the entries of all of them, and an admin's word on a laptop that
 * supervises. One closure: the calls share one turn, and each is a few lines.
 */
export function createTeamCalls(options: TeamCallsOptions): TeamCalls {
  const { journal, ledger, chains, forks, key, session, log } = options;
  const inTurn = createTurns();
  const self = () => journal.status().device;

  /** How many entries of a laptop are held and how many of them do not count. */
  function heldOf(device: string): Pick<Laptop, 'entries' | 'refused' | 'unsigned' | 'newestAt'> {
    const { verdict } = ledger.team();
    const own = journal.status();
    const held = chains.of(device);
    const { entries, seq } = device === own.device ? own : { entries: held?.entries ?? 0, seq: held?.seq ?? 0 };
    const from = verdict.from.get(device);
    const behind = from === undefined ? 0 : seq - from + 1;
    const refused = (verdict.refused.get(device)?.size ?? 0) + behind;
    return { entries, refused, unsigned: unsignedOf(verdict, device), newestAt: held?.newestAt ?? null };
  }

  async function laptopOf({ laptop, name, role, revokedAt }: SiteLaptop): Promise<Laptop> {
    const isHere = laptop === self();
    const heard = ledger.team().trust.heard.get(self())?.get(laptop);
    const state = revokedAt === undefined ? ('enrolled' as const) : ('revoked' as const);
    const held = { ...heldOf(laptop), ...(isHere && { newestAt: await ownNewestAt() }) };
    const stands = standingUpTo(laptop, revokedAt ?? Number.POSITIVE_INFINITY);
    const heardAt = isHere ? null : (heard?.at ?? null);
    const forkedAt = stands === null ? null : stands + 1;
    return { laptop, name, role, state, isHere, ...held, heardAt, forkedAt };
  }

  /** Where two histories of a laptop part, what both say still stands, up to here; null: nothing of it is in question. */
  function standingUpTo(laptop: string, believed: number): number | null {
    const forkedAt = forks.of(laptop);
    return forkedAt === undefined || forkedAt > believed ? null : forkedAt - 1;
  }

  function askedWith(publicKey: string, name: string): NonNullable<HostOutput<'team'>['asked']> {
    return { request: writeRequest({ laptop: self(), key: publicKey, name }), words: wordsFor(publicKey) };
  }

  async function ownNewestAt(): Promise<string | null> {
    const { seq } = journal.status();
    const page = seq > 0 ? await journal.read(seq, 1) : undefined;
    return page?.ok === true ? (page.value.entries[0]?.at ?? null) : null;
  }

  async function team(): Promise<HostOutput<'team'>> {
    const { trust } = ledger.team();
    const here = standing({ journal, ledger, key });
    const publicKey = key.publicKey();
    return {
      site: trust.root === null ? null : { id: trust.root.id, name: trust.name },
      here,
      asked: here === 'asked' && publicKey !== null ? askedWith(publicKey, key.asked() ?? '') : null,
      laptops: await Promise.all([...trust.laptops.values()].map(laptopOf)),
    };
  }

  /** Seals facts of an admin about the site. */
  async function seal(facts: readonly Fact[]): Promise<Result<HostOutput<'enrolLaptop'>, HostError>> {
    const admin = session.require();
    if (!admin.ok) return admin;
    const sealed = await ledger.record(admin.value.id, facts);
    if (sealed.ok) log('warn', 'team_changed', { kind: facts[0]?.kind ?? '', by: admin.value.id });
    return sealed.ok ? ok({ entries: [...sealed.value] }) : sealed;
  }

  function whyNotEnrol(asked: JoinRequest, role: LaptopRole): HostError | null {
    const { trust } = ledger.team();
    if (trust.root === null) return { code: 'no_site' };
    // One that counted holds no book, and anybody has set a PIN there: it never comes to supervise, nor the other way round.
    const known = trust.laptops.get(asked.laptop);
    if (known !== undefined && known.revokedAt === undefined && known.role !== role)
      return { code: 'other_role', role: known.role };
    // A laptop that lost its key is enrolled anew, with another one; what was shut out stays out.
    const isKnown =
      asked.laptop === self() ||
      trust.laptops.get(asked.laptop)?.revokedAt !== undefined ||
      [...trust.laptops.values()].some((laptop) => keysOf(laptop).includes(asked.key));
    return isKnown ? { code: 'bad_request', reason: 'this laptop is one of the site already' } : null;
  }

  return {
    team: async () => ok(await team()),

    foundSite: (input) =>
      inTurn(async () => {
        if (standing({ journal, ledger, key }) !== 'none') return err({ code: 'site_exists' });
        const refused = journal.refusal();
        if (refused !== null) return err(refused);
        const made = await key.make();
        const admin = session.require();
        if (!admin.ok) return admin;
        const begun = await options.beginKey(admin.value.id);
        const founded = await seal([
          { kind: 'site_created', site: input.site, laptop: self(), key: made, name: input.laptop },
          ...(begun === null ? [] : [begun.fact]),
        ]);
        if (founded.ok && begun !== null) session.hold(admin.value.id, { signer: begun.signer });
        return founded;
      }),

    askToJoin: (input) =>
      inTurn(async () => {
        const here = standing({ journal, ledger, key });
        // A laptop of a site that lost its key, as one does that goes on from a copy, asks again.
        const isKeyless = key.asked() !== null || (await key.sign('')) === null;
        if (ledger.team().trust.root !== null && !isKeyless) return err({ code: 'site_exists' });
        if (here === 'none' && !options.isNew()) return err({ code: 'people_exist' });
        const made = await key.make(input.laptop);
        return ok(askedWith(made, input.laptop));
      }),

    async readRequest(input) {
      const asked = readRequest(input.request);
      if (asked === null) return err(REQUEST_SPOILED);
      return ok({ laptop: asked.laptop, name: asked.name, words: wordsFor(asked.key) });
    },

    enrolLaptop: (input) =>
      inTurn(async () => {
        const asked = readRequest(input.request);
        if (asked === null) return err(REQUEST_SPOILED);
        const refused = whyNotEnrol(asked, input.role);
        if (refused !== null) return err(refused);
        const { laptop, key: theirs } = asked;
        return seal([{ kind: 'laptop_enrolled', laptop, key: theirs, name: input.name, role: input.role }]);
      }),

    nameLaptop: (input) =>
      inTurn(async () => {
        if (!ledger.team().trust.laptops.has(input.laptop)) return err({ code: 'not_found', what: 'laptop' });
        return seal([{ kind: 'laptop_named', laptop: input.laptop, name: input.name }]);
      }),

    revokeLaptop: (input) =>
      inTurn(async () => {
        const known = ledger.team().trust.laptops.get(input.laptop);
        if (known === undefined) return err({ code: 'not_found', what: 'laptop' });
        if (input.laptop === self()) return err({ code: 'bad_request', reason: 'another laptop shuts this one out' });
        const held = chains.of(input.laptop)?.seq ?? 0;
        // Shut out as of where its two histories part: otherwise each laptop would go on believing the one that it met.
        const seq = standingUpTo(input.laptop, Math.min(held, known.revokedAt ?? held)) ?? held;
        if (known.revokedAt !== undefined && known.revokedAt <= seq)
          return err({ code: 'bad_request', reason: 'shut out already' });
        const sealed = await seal([{ kind: 'laptop_revoked', laptop: input.laptop, seq }]);
        // What counted until now counts no more, and what followed from it.
        if (sealed.ok && seq < held) await ledger.rebuild();
        return sealed;
      }),
  };
}
