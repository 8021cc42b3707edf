import { createHandOverCalls } from '../../../electron/host/team/hand-over-calls.ts';
import { createHolding, type Holding } from '../../../electron/host/remotes/holding.ts';
import type { Connections } from '../../../electron/host/remotes/connections.ts';
import { createSendMarksReader } from '../../../electron/host/remotes/posted-lines.ts';
import { createSending } from '../../../electron/host/remotes/sending.ts';
import type { Desk } from '../../../shared/sync/desk/desk.ts';
import type { OpenConnection } from '../../../shared/sync/desk/desk-ports.ts';
import { createTaking } from '../../../electron/host/team/taking.ts';
import { createTeamCalls } from '../../../electron/host/team/team-calls.ts';
import { openChains, type Chains } from '../../../electron/host/team/chains.ts';
import { openForks } from '../../../electron/host/team/forks.ts';
import { openLaptopKey } from '../../../electron/host/team/laptop-key.ts';
import { standing, withChains } from '../../../electron/host/team/standing.ts';
import { sayDisk } from '../../../electron/host/authority/access.ts';
import { createAppending } from '../../../electron/host/authority/early-answers.ts';
import { createJournalCalls } from '../../../electron/host/authority/journal-calls.ts';
import { openLedger, type Ledger } from '../../../electron/host/authority/ledger.ts';
import { createSession, type Session } from '../../../electron/host/authority/session.ts';
import { openCatalogueFiles } from '../../../electron/host/disk/catalogue-files.ts';
import type { Disk } from '../../../electron/host/disk/disk.ts';
import { openHistory } from '../../../electron/host/journal/history.ts';
import { openJournal, type Journal } from '../../../electron/host/journal/journal.ts';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import type { Host, HostError, JournalStatus, Mended, Team } from '../../../shared/ports/host.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { giveKeys, isAct, signerOn } from './site-keys.ts';
import type { SiteMutant } from './site-mutants.ts';
import { ADMIN } from './site-people.ts';

/** What the page asks of a host, and what of a team. */
export type SiteCalls = Pick<
  Host,
  | 'append'
  | 'synced'
  | 'readJournal'
  | 'whoIsHere'
  | 'checkDisk'
  | 'foundSite'
  | 'askToJoin'
  | 'enrolLaptop'
  | 'revokeLaptop'
  | 'saveHandOver'
  | 'giveHandOver'
  | 'lookAtHandOver'
  | 'takeHandOver'
>;

/** One run of the host of a laptop of a site: the production parts, put together as `createHost` does, without PINs. */
export type SiteHost = {
  readonly calls: SiteCalls;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly chains: Chains;
  readonly session: Session;
  /** What meets the remote; absent: nothing is sent from here. */
  readonly desk: Desk | undefined;
  /** Gives people what they sign with, where they sign; what was sealed for that. */
  giveKeys(): Promise<readonly LedgerEntry[]>;
  /** Facts that the host answers for itself, of people. */
  record(by: string, facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], HostError>>;
  here(): Team['here'];
  status(): JournalStatus;
  /** Every entry that is held, of all laptops, by laptop. */
  held(): Promise<ReadonlyMap<string, readonly LedgerEntry[]>>;
  close(): Promise<void>;
};

export type SiteHostParts = {
  readonly world: World;
  readonly disk: Disk;
  readonly device: string;
  readonly now: () => number;
  readonly random: Random;
  readonly mutant: SiteMutant | undefined;
  /** A file that somebody saves for others. */
  readonly saveFile: (content: Uint8Array) => void;
  readonly onMended: (mended: Mended) => void;
  /** Opens a connection, where this laptop sends. */
  readonly opener?: ((connection: string) => OpenConnection) | undefined;
  /** Entries that are safe on disk and were said to be. */
  readonly onAcknowledged: (entries: readonly LedgerEntry[]) => void;
};

export const PROFILE = '/profile';
const PAGE = 5_000;
const SEGMENT_BYTES = 16_000;

/** Opens everything, in the order in which the host does. One piece: the list of its parts. */
export async function openSiteHost(parts: SiteHostParts): Promise<SiteHost> {
  const { world, disk, device, random, mutant, onMended, onAcknowledged } = parts;
  const clock = { now: parts.now, steady: world.timeline.now };
  const randomId = () => device;
  const journal = await openJournal({ disk, folder: PROFILE, clock, randomId, segmentBytes: SEGMENT_BYTES, onMended });
  const files = await openCatalogueFiles(disk, PROFILE, randomId, onMended);
  let isTaking = false;
  const held = await openChains(disk, PROFILE, onMended);
  const forks = await openForks(disk, PROFILE);
  const chains = mutant?.chains?.(held, { world, device, isTaking: () => isTaking }) ?? held;
  const read = mutant?.reading;
  const ledger = await openLedger({
    journal: read === undefined ? journal : { ...journal, read: mapped(journal.read, read), takeTail: () => [] },
    disk,
    profile: PROFILE,
    clock,
    hasCatalogue: files.has,
    chains:
      read === undefined
        ? chains
        : { ...chains, read: (of, from, limit) => mapped((at, many) => chains.read(of, at, many), read)(from, limit) },
    isAct,
    signerOf: (person) => signerOn(device, person),
    // Asked when something is sealed.
    refusal: (facts) => holding.refusal(facts),
    onMended,
  });
  const byRight = createHolding({ ledger, device: () => device, connectors: [], laptop: device });
  const holding: Holding = mutant?.holding?.(byRight) ?? byRight;
  const key = await openLaptopKey({
    disk,
    profile: PROFILE,
    device: () => device,
    isDeviceSure: true,
    cipher: null,
    randomBytes: (length) => new Uint8Array(length).map(() => random.below(256)),
    onMended,
  });
  const session = createSession(clock, Infinity, (id) => ledger.state().people.get(id));
  const history = await openHistory({ disk, profile: PROFILE, clock, journal, onMended });
  const log = () => undefined;
  const seenAs = mutant?.status?.() ?? ((found: JournalStatus) => found);
  const status = () => seenAs(withChains(journal.status(), { ledger, chains }));
  const here = () => standing({ journal, ledger, key });
  const appending = createAppending(ledger);

  // Packing a file takes real time and none of the world's: while it lasts nothing else happens.
  let letGo: (() => void) | undefined;
  const release = () => {
    letGo?.();
    letGo = undefined;
  };
  async function atOnce<Value>(call: () => Promise<Value>, taking: boolean): Promise<Value> {
    isTaking = taking;
    try {
      return await call();
    } finally {
      isTaking = false;
      release();
    }
  }
  const taken = {
    journal: {
      ...journal,
      async idle() {
        await journal.idle();
        letGo ??= world.timeline.hold();
      },
    },
    ledger: mutant?.hearing?.(ledger) ?? ledger,
    chains: {
      ...chains,
      take(stretches: Parameters<typeof chains.take>[0]) {
        release();
        return chains.take(stretches);
      },
    },
    forks: {
      ...forks,
      note(found: Parameters<typeof forks.note>[0]) {
        release();
        return forks.note(found);
      },
    },
    key,
    files,
    clock,
    log,
  };
  const taking = createTaking({ ...taken, isAct });
  const handOver = createHandOverCalls({
    ...taken,
    session,
    status,
    taking,
    async saveFile(_, content) {
      parts.saveFile(content);
      release();
      return true;
    },
  });
  if (journal.refusal() === null) await taking.hearHeld();

  const { append, synced, readJournal } = createJournalCalls({
    journal,
    chains,
    withChains: (found) => withChains(found, { ledger, chains }),
    ledger,
    history,
    appending,
    session,
    log,
    onAppend: () => undefined,
    onRestored: async () => undefined,
  });
  /** What a page was told of before it was safe, by ticket. */
  const early = new Map<number, readonly LedgerEntry[]>();
  const team = createTeamCalls({
    journal,
    ledger,
    chains,
    forks,
    key,
    session,
    log,
    isNew: () => journal.status().state === 'new' && ledger.state().people.size === 0,
    async beginKey(person) {
      const signer = signerOn(device, person);
      return { signer, fact: { kind: 'person_key_added', person, key: signer.key, how: 'first' } };
    },
  });
  /** What an answer says was sealed is safe. */
  async function told<Answer extends Result<{ entries: readonly LedgerEntry[] }, HostError>>(
    call: Promise<Answer>,
  ): Promise<Answer> {
    const answer = await call;
    if (answer.ok) onAcknowledged(answer.value.entries);
    return answer;
  }
  const calls: SiteCalls = {
    async append(input) {
      const sealed = await append(input);
      if (!sealed.ok) return sealed;
      if (sealed.value.ticket === undefined) onAcknowledged(sealed.value.entries);
      else early.set(sealed.value.ticket, sealed.value.entries);
      return sealed;
    },
    async synced(input) {
      const safe = await synced(input);
      if (safe.ok) onAcknowledged(early.get(input.ticket) ?? []);
      early.delete(input.ticket);
      return safe;
    },
    readJournal,
    whoIsHere: async () =>
      ok({
        appVersion: '',
        laptop: device,
        lockAfterMs: 0,
        people: [...ledger.state().people.values()],
        signedIn: session.current(),
        journal: status(),
        vault: 'open' as never,
        dispute: history.dispute(),
      }),
    checkDisk: async () => ok({}),
    foundSite: (input) => told(team.foundSite(input)),
    askToJoin: team.askToJoin,
    enrolLaptop: (input) => told(team.enrolLaptop(input)),
    revokeLaptop: (input) => told(team.revokeLaptop(input)),
    saveHandOver: (input) => atOnce(() => handOver.saveHandOver(input), false),
    giveHandOver: handOver.giveHandOver,
    lookAtHandOver: (input) => atOnce(() => handOver.lookAtHandOver(input), true),
    takeHandOver: (input) => told(atOnce(() => handOver.takeHandOver(input), true)),
  };

  async function all(of: string): Promise<readonly LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    for (let next: number | undefined = 1; next !== undefined;) {
      const page: Awaited<ReturnType<Journal['read']>> = await (of === device
        ? journal.read(next, PAGE)
        : chains.read(of, next, PAGE));
      if (!page.ok) break;
      entries.push(...page.value.entries);
      next = page.value.nextSeq;
    }
    return entries;
  }

  async function record(by: string, facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], HostError>> {
    const sealed = await ledger.record(by, facts);
    if (sealed.ok) onAcknowledged(sealed.value);
    return sealed;
  }

  const { opener } = parts;
  const desk =
    opener &&
    createSending({
      ledger: { ...ledger, record },
      journal,
      chains,
      marks: createSendMarksReader(journal),
      // Signing in at a vendor, and forms, are no part of this world.
      connections: { open: async (connection: string) => ok(opener(connection)) } as unknown as Connections,
      holding,
      clock,
      random: () => random.next(),
    });

  // The door of the host says what a file system refused, of every call.
  const said: SiteCalls = {
    ...calls,
    foundSite: (input) => calls.foundSite(input).catch(sayDisk),
    askToJoin: (input) => calls.askToJoin(input).catch(sayDisk),
  };
  return {
    calls: mutant?.calls?.(said) ?? said,
    ledger,
    journal,
    chains,
    session,
    desk,
    record,
    async giveKeys() {
      if (journal.refusal() !== null) return [];
      const sealed = await giveKeys(ledger, device, ADMIN);
      onAcknowledged(sealed);
      return sealed;
    },
    here,
    status,
    async held() {
      const found = new Map([[device, await all(device)]]);
      for (const { device: of } of chains.heads()) found.set(of, await all(of));
      return found;
    },
    async close() {
      await files.close();
      await ledger.close();
    },
  };
}

type Read = Journal['read'];

/** Entries as a planted bug reads them. */
function mapped(read: Read, as: (entry: LedgerEntry) => LedgerEntry): Read {
  return async (fromSeq, limit) => {
    const page = await read(fromSeq, limit);
    return page.ok ? ok({ ...page.value, entries: page.value.entries.map(as) }) : page;
  };
}
