import { join } from 'node:path';
import { err, ok } from '../../shared/domain/result.ts';
import { ENGINE } from '../../shared/domain/person.ts';
import type { Host, HostInput } from '../../shared/ports/host.ts';
import { NO_CARRIER, type Carrier } from '../../shared/ports/carrier.ts';
import { NO_RUNNER, type SiteServerRunner } from '../../shared/ports/site-server.ts';
import type { RemoteConnector } from '../../shared/ports/remote-inventory.ts';
import { guard } from './authority/access.ts';
import { createCatalogueCalls } from './authority/catalogue-calls.ts';
import { createJournalCalls } from './authority/journal-calls.ts';
import { roleRefusal } from './authority/rules.ts';
import { openCatalogueFiles } from './disk/catalogue-files.ts';
import { createConnectionCalls } from './remotes/connection-calls.ts';
import { createConnections, type OpenHttp } from './remotes/connections.ts';
import { createCopyCalls } from './copies/copy-calls.ts';
import { isDiskFull, isReadOnly, realDisk, systemCode, tryDisk, type Disk } from './disk/disk.ts';
import { openHistory } from './journal/history.ts';
import { createHolding, type Holding } from './remotes/holding.ts';
import { createHoldingCalls } from './remotes/holding-calls.ts';
import { createHttpClient } from './remotes/http-client.ts';
import { createAppending } from './authority/early-answers.ts';
import { openJournal, type Journal } from './journal/journal.ts';
import { openLedger, type Ledger } from './authority/ledger.ts';
import { createLogs, type Log } from './log/log.ts';
import { createOpening } from './people/opening.ts';
import { openPeople } from './people/people.ts';
import { openPersonKeys } from './people/person-keys.ts';
import { createSendMarksReader } from './remotes/posted-lines.ts';
import { createLeftOver } from './remotes/left-over.ts';
import { createHereCalls } from './people/here-calls.ts';
import { createPersonCalls } from './people/person-calls.ts';
import { createRedaction } from './secrets/redact.ts';
import { createOurFigures } from './remotes/our-figures.ts';
import { createRemoteCalls } from './remotes/remote-calls.ts';
import { createMendedList } from './log/mended-list.ts';
import { STRETCH_COST, type Cipher, type StretchCost } from './secrets/secret-key.ts';
import { createSending } from './remotes/sending.ts';
import { createSession, type Session } from './authority/session.ts';
import type { Clock } from './disk/turns.ts';
import { openVault } from './secrets/vault.ts';
import { placeCopy } from './copies/whole-copy.ts';
import { createActs } from './team/acts.ts';
import { openChains } from './team/chains.ts';
import { openForks } from './team/forks.ts';
import { createEvidenceCalls } from './team/evidence-calls.ts';
import { createExchange, type FolderPlace, type ServerAccess, type ServerPlace } from './team/exchange.ts';
import { createHandOverCalls } from './team/hand-over-calls.ts';
import { openLaptopKey } from './team/laptop-key.ts';
import { standing, withChains } from './team/standing.ts';
import { createTaking } from './team/taking.ts';
import { createTeamCalls } from './team/team-calls.ts';

export type HostOptions = {
  /** The profile: everything the host keeps lies in this folder. */
  folder: string;
  clock: Clock;
  /** Unguessable, at most 64 characters. */
  randomId: () => string;
  randomBytes: (length: number) => Uint8Array;
  /** In [0, 1): spreads waiting times. */
  random: () => number;
  /** The system's keyring; null where there is none worth the name. */
  cipher: Cipher | null;
  connectors: readonly RemoteConnector[];
  /** Holds items.csv, bins.csv and stock.csv. */
  samplesFolder: string;
  /** Asks where to and writes text or bytes; answers false when the person thinks better of it. */
  saveFile: (suggestedName: string, content: string | Uint8Array) => Promise<boolean>;
  /**
   * Asks where to, writes pieces as they come, all of them or no file, and what checks the file beside it. Answers what that
   * is called; null, as when it is absent: the person thought better of it.
   */
  saveEvidence?: (suggestedName: string, pieces: AsyncIterable<Uint8Array>) => Promise<string | null>;
  appVersion: string;
  /** This laptop's name as its people know it. */
  laptop: string;
  lockAfterMs: number;
  /** Asks the person for a folder; null, as when it is absent: none. */
  chooseFolder?: () => Promise<string | null>;
  /** Starts the app anew. */
  restart?: () => void;
  /** Opens a vendor's page in the person's own browser; absent: nowhere. */
  openExternal?: (url: string) => Promise<void>;
  /** Lets time pass, ms; the machine's own unless given. */
  wait?: (ms: number) => Promise<void>;
  /** Where the laptops of a site exchange, as a person chose it; nowhere unless given. */
  openCarrier?: (place: FolderPlace) => Carrier;
  /** The site's server; nowhere unless given. */
  openServer?: (place: ServerPlace, access: ServerAccess) => Carrier;
  /** Runs a server on this machine, in this folder; none can unless given. */
  createRunner?: (folder: string) => SiteServerRunner;
  /** Names and addresses by which others may reach this machine. */
  ownAddresses?: () => readonly string[];
  /** Calls back after a time, ms, and answers how to call it off; the machine's own unless given. */
  after?: (ms: number, run: () => Promise<void>) => () => void;
  disk?: Disk;
  openHttp?: OpenHttp;
  segmentBytes?: number;
  /** What a guess at a PIN costs; the usual unless given. */
  pinCost?: StretchCost;
};

/** The host, the log it writes to, and its orderly end: `close` returns when everything is on disk. */
export type RunningHost = { readonly host: Host; readonly log: Log; close(): Promise<void> };

/** A name as a dialog may suggest it: no folders, nothing a file system chokes on. */
function plainName(name: string): string {
  const plain = Array.from(name, (letter) => (/[\\/:*?"<>|]/.test(letter) || letter < ' ' ? '-' : letter)).join('');
  return plain.replace(/^\.+/, '').slice(0, 120) || 'tallybook.txt';
}

/** The same disk, on which a folder that cannot be made is no reason not to open: what is there can still be read and shown. */
function forReading(disk: Disk): Disk {
  return {
    ...disk,
    async makeFolder(path) {
      try {
        await disk.makeFolder(path);
      } catch (problem) {
        if (!isReadOnly(problem) && !isDiskFull(problem)) throw problem;
      }
    },
  };
}

/** The machine's own time; what is waited for does not keep a process alive. */
function afterwards(ms: number, run: () => Promise<void>): () => void {
  const timer = setTimeout(() => void run(), ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/**
 * Opens a profile and everything in it. Damage never makes it fail; `start` says what was found. It is one long list on
 * purpose: the only place that knows every part, and the order in which they are opened is what it says.
 */
export async function createHost(options: HostOptions): Promise<RunningHost> {
  const { folder, clock, randomId, randomBytes, cipher, connectors } = options;
  const disk = forReading(options.disk ?? realDisk);
  await disk.makeFolder(folder);
  await placeCopy(disk, folder);
  const redaction = createRedaction();
  const { host: log, page: pageLog } = createLogs(folder, clock, redaction);
  const segment = options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes };
  const cost = options.pinCost ?? STRETCH_COST;
  const mended = createMendedList(log);
  const onMended = mended.note;
  const journal: Journal = await openJournal({
    disk,
    folder,
    clock,
    randomId,
    ...segment,
    onMended,
    // Asked when something is given back, long after the ledger was opened.
    mayHaveWritten: ({ by, fact }) => {
      const everyone = ledger.state().people;
      const writer = everyone.get(by);
      return everyone.size === 0 || (writer !== undefined && roleRefusal(writer, fact.kind) === null);
    },
  });
  const files = await openCatalogueFiles(disk, folder, randomId, onMended);
  const chains = await openChains(disk, folder, onMended);
  const forks = await openForks(disk, folder);
  const session: Session = createSession(clock, options.lockAfterMs, (id) => ledger.state().people.get(id));
  const isAct = createActs();
  const ledger: Ledger = await openLedger({
    journal,
    disk,
    profile: folder,
    clock,
    hasCatalogue: files.has,
    chains,
    isAct,
    signerOf: (person) => session.opened(person).signer ?? null,
    // Asked when something is sealed.
    refusal: (facts) => holding.refusal(facts),
    onMended,
  });
  const holding: Holding = createHolding({
    ledger,
    device: () => journal.status().device,
    connectors,
    laptop: options.laptop,
  });
  const status = () => withChains(journal.status(), { ledger, chains });
  const device = () => journal.status().device;
  const isDeviceSure = ['whole', 'damaged'].includes(journal.status().state);
  const small = { disk, profile: folder, device, isDeviceSure, cipher, randomBytes, onMended };
  const access = () => ledger.state().access;
  const people = await openPeople({
    ...small,
    clock,
    cost,
    access,
    persons: () => ledger.state().people.keys(),
    record: (facts) => ledger.record(ENGINE, facts),
    log,
  });
  const key = await openLaptopKey(small);
  const here = () => standing({ journal, ledger, key });
  const keys = await openPersonKeys({ ...small, cost });
  const opening = createOpening({ ledger, keys, session, device, here });
  const vault = await openVault({ ...small, mayBeBare: access().pins.size === 0, onSecret: redaction.add });
  // Once PINs are in the journal no file without a checksum is believed: so the vault comes first.
  const adopt = async () => (vault.isSealed() ? people.adopt() : undefined);
  if (journal.refusal() === null) await adopt();
  const openHttp = options.openHttp ?? ((origin) => createHttpClient({ origin }));
  const wait = options.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const connections = createConnections({
    connectors,
    ledger,
    vault,
    openHttp,
    now: () => clock.now(),
    pace: { now: () => clock.steady(), wait },
    randomBytes,
    redaction,
  });
  const history = await openHistory({ disk, profile: folder, clock, journal, onMended });
  const rewritten = await journal.findRewritten();
  if (rewritten !== null) {
    await history.raise(rewritten);
    log('error', 'history_rewritten', { fromSeq: rewritten });
  }
  const marks = createSendMarksReader(journal);
  const { random } = options;
  const sending = createSending({ ledger, journal, chains, marks, connections, holding, clock, random });
  const isNew = () => journal.status().state === 'new' && ledger.state().people.size === 0;
  const appending = createAppending(ledger);
  const opened = journal.status();
  log(opened.state === 'whole' || opened.state === 'new' ? 'info' : 'warn', 'journal_opened', { ...opened });

  const { copyIfDue, ...copyCalls } = await createCopyCalls({
    disk,
    profile: folder,
    journal,
    clock,
    laptop: options.laptop,
    log,
    isNew,
    chooseFolder: options.chooseFolder ?? (async () => null),
    restart: options.restart ?? (() => undefined),
    onMended,
  });

  const { appVersion, laptop, lockAfterMs } = options;
  const { hasRemains, ...hereCalls } = createHereCalls({
    journal,
    status,
    here,
    ledger,
    people,
    vault,
    history,
    files,
    session,
    appending,
    mended,
    laptop: { appVersion, laptop, lockAfterMs },
  });

  const taking = createTaking({ journal, ledger, chains, forks, key, files, clock, log, isAct });
  const handOverCalls = createHandOverCalls({
    journal,
    ledger,
    chains,
    key,
    files,
    session,
    clock,
    log,
    status,
    taking,
    saveFile: (name, content) => options.saveFile(plainName(name), content),
  });
  const evidenceCalls = createEvidenceCalls({
    journal,
    ledger,
    chains,
    forks,
    key,
    files,
    session,
    clock,
    log,
    taking,
    appVersion,
    laptop,
    saveEvidence: async (name, pieces) => options.saveEvidence?.(plainName(name), pieces) ?? null,
  });
  // Taken in before the power went, and not heard yet.
  if (journal.refusal() === null) await taking.hearHeld();
  const exchange = await createExchange({
    journal,
    ledger,
    chains,
    key,
    files,
    taking,
    clock,
    disk,
    profile: folder,
    here,
    openCarrier: options.openCarrier ?? (() => NO_CARRIER),
    openServer: options.openServer ?? (() => NO_CARRIER),
    server: options.createRunner?.(join(folder, 'server')) ?? NO_RUNNER,
    ownAddresses: options.ownAddresses ?? (() => []),
    saveFile: (name, content) => options.saveFile(plainName(name), content),
    chooseFolder: options.chooseFolder ?? (async () => null),
    after: options.after ?? afterwards,
    log,
    onMended,
  });

  const procedures: Host = {
    ...createPersonCalls({ ledger, journal, people, opening, session, randomId, randomBytes, cost, hasRemains, here }),
    ...createRemoteCalls({
      connectors,
      connections,
      sending,
      session,
      history,
      ours: createOurFigures({ ledger, files, connectors }),
      holding,
      isOurs: (request) => ledger.state().desk.open.has(request) || ledger.state().desk.left.has(request),
      isDecided: (decision) => ledger.state().desk.decisions.has(decision),
      openExternal: options.openExternal,
    }),
    ...createConnectionCalls({ vault, connections, ledger, holding, session, randomId }),
    ...createHoldingCalls({
      ledger,
      holding,
      leftOver: createLeftOver({ ledger, chains, holding }),
      session,
      device,
      log,
    }),
    ...createCatalogueCalls({ files, ledger, samplesFolder: options.samplesFolder, onMended }),
    ...createTeamCalls({
      journal,
      ledger,
      chains,
      forks,
      key,
      session,
      log,
      isNew: () => isNew() && !hasRemains(),
      beginKey: opening.begin,
    }),
    ...handOverCalls,
    ...evidenceCalls,
    ...exchange.calls,
    ...createJournalCalls({
      journal,
      chains,
      withChains: (found) => withChains(found, { ledger, chains }),
      ledger,
      history,
      appending,
      session,
      log,
      onAppend: copyIfDue,
      async onRestored() {
        marks.forget();
        await adopt();
        await taking.hearHeld();
      },
    }),
    ...copyCalls,
    ...hereCalls,

    async checkDisk() {
      const refused = await tryDisk(disk, folder);
      return refused === null ? ok({}) : err(refused);
    },

    async saveFile(input: HostInput<'saveFile'>) {
      try {
        const isSaved = await options.saveFile(plainName(input.suggestedName), input.text);
        return ok({ outcome: isSaved ? ('saved' as const) : ('cancelled' as const) });
      } catch (problem) {
        return err({ code: 'file_not_written', detail: systemCode(problem) });
      }
    },
    async log(input) {
      pageLog(input.level, `page_${input.event}`, input.facts);
      return ok({});
    },
  };

  return {
    host: guard(procedures, session, log),
    log,
    async close() {
      await exchange.close();
      await taking.hearQuiet();
      await files.close();
      await ledger.close();
      // Only a journal that is all there, and has been compared with the page's copy, knows which files nobody needs.
      if (session.wasUsed() && journal.refusal() === null)
        await files.tidy(new Set([...ledger.state().catalogues.items, ...ledger.state().catalogues.bins]));
    },
  };
}
