import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../shared/domain/result.ts';
import { ENGINE } from '../../shared/domain/person.ts';
import type { FilesFound, Host, HostInput, HostOutput } from '../../shared/ports/host.ts';
import type { RemoteConnector } from '../../shared/ports/remote-inventory.ts';
import { guard } from './authority/access.ts';
import { roleRefusal } from './authority/rules.ts';
import { openCatalogueFiles } from './disk/catalogue-files.ts';
import { createConnections, type OpenHttp } from './remotes/connections.ts';
import { createCopyCalls } from './copies/copy-calls.ts';
import { isDiskFull, isReadOnly, realDisk, systemCode, tryDisk, type Disk } from './disk/disk.ts';
import { openHistory } from './journal/history.ts';
import { createHttpClient } from './remotes/http-client.ts';
import { createAppending } from './authority/early-answers.ts';
import { openJournal, type Journal } from './journal/journal.ts';
import { openLedger, type Ledger } from './authority/ledger.ts';
import { createLogs, type Log } from './log/log.ts';
import { openPeople } from './people/people.ts';
import { createSendMarksReader } from './remotes/posted-lines.ts';
import { canAdminEnter, createPersonCalls } from './people/person-calls.ts';
import { createRedaction } from './secrets/redact.ts';
import { createOurFigures } from './remotes/our-figures.ts';
import { createRemoteCalls } from './remotes/remote-calls.ts';
import { createMendedList } from './log/mended-list.ts';
import { STRETCH_COST, type Cipher, type StretchCost } from './secrets/secret-key.ts';
import { createSending } from './remotes/sending.ts';
import { createSession } from './authority/session.ts';
import type { Clock } from './disk/turns.ts';
import { openVault } from './secrets/vault.ts';
import { placeCopy } from './copies/whole-copy.ts';

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
  /** Asks where to and writes; answers false when the person thinks better of it. */
  saveFile: (suggestedName: string, text: string) => Promise<boolean>;
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
  disk?: Disk;
  openHttp?: OpenHttp;
  segmentBytes?: number;
  /** What a guess at a PIN costs; the usual unless given. */
  pinCost?: StretchCost;
};

/** The host, the log it writes to, and its orderly end: `close` returns when everything is on disk. */
export type RunningHost = { readonly host: Host; readonly log: Log; close(): Promise<void> };

const SAMPLES = { items: 'items.csv', bins: 'bins.csv', stock: 'stock.csv' } as const;

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

/** Opens a profile and everything in it. Damage never makes it fail; `start` says what was found. */
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
  const ledger: Ledger = await openLedger({ journal, disk, profile: folder, clock, hasCatalogue: files.has, onMended });
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
  const sending = createSending({ ledger, journal, marks, connections, clock, random: options.random });
  const appending = createAppending(ledger);
  const session = createSession(clock, options.lockAfterMs, (id) => ledger.state().people.get(id));
  const opened = journal.status();
  log(opened.state === 'whole' || opened.state === 'new' ? 'info' : 'warn', 'journal_opened', { ...opened });

  /**
   * A journal may be given back what it lost: before anybody can sign in when who may is lost with it, otherwise to whoever
   * has signed in, and never once something new was written.
   */
  function mayRestore(): boolean {
    if (journal.refusal() !== null) return true;
    return !journal.isUsed() && (session.current() !== null || ledger.state().people.size === 0);
  }

  const { copyIfDue, ...copyCalls } = await createCopyCalls({
    disk,
    profile: folder,
    journal,
    clock,
    laptop: options.laptop,
    log,
    isNew: () => journal.status().state === 'new' && ledger.state().people.size === 0,
    chooseFolder: options.chooseFolder ?? (async () => null),
    restart: options.restart ?? (() => undefined),
    onMended,
  });

  /** The ledger knows nobody, yet other files were written by people: then they are missing, and nobody comes first. */
  function hasRemains(): boolean {
    const { state, gaps = [] } = journal.status();
    const isJournalGone = state === 'missing' || gaps.length > 0;
    return (
      ledger.state().people.size === 0 && (isJournalGone || people.wasUsed() || ledger.hadCheckpoint() || files.any())
    );
  }

  async function filesFound(): Promise<FilesFound> {
    const { recovery, lengths } = access();
    const hasRecoveryCode = recovery !== null;
    const isNobodyKnown = ledger.state().people.size === 0;
    const isOpen = isNobodyKnown || (await canAdminEnter(ledger, people));
    const closed = hasRecoveryCode ? 'recovery_code' : 'closed';
    const entry = hasRemains() ? 'records_missing' : isOpen ? 'open' : closed;
    return { mended: mended.list(), entry, hasRecoveryCode, pinLengths: lengths };
  }

  function here(): HostOutput<'whoIsHere'> {
    const { appVersion, laptop, lockAfterMs } = options;
    return {
      appVersion,
      laptop,
      people: [...ledger.state().people.values()],
      signedIn: session.current(),
      journal: journal.status(),
      vault: vault.state(),
      lockAfterMs,
      dispute: history.dispute(),
    };
  }

  const procedures: Host = {
    ...createPersonCalls({ ledger, journal, people, session, randomId, randomBytes, cost, hasRemains }),
    ...createRemoteCalls({
      connectors,
      connections,
      sending,
      session,
      history,
      ours: createOurFigures({ ledger, files, connectors }),
      isDecided: (decision) => ledger.state().desk.decisions.has(decision),
      openExternal: options.openExternal,
    }),
    ...copyCalls,

    async start() {
      // A page that was loaded anew compares its copy with what is safe: nothing may be on its way then.
      await journal.idle();
      appending.forget();
      return ok({ ...here(), files: await filesFound() });
    },
    whoIsHere: async () => ok(here()),
    filesFound: async () => ok(await filesFound()),

    async append(input) {
      const person = session.require();
      if (!person.ok) return person;
      const doubtful = input.facts.some(({ kind }) => kind === 'lines_posted') ? history.refusal() : null;
      if (doubtful !== null) return err(doubtful);
      copyIfDue();
      const sealed = await appending.append(person.value, input.facts, input.early ?? false);
      if (!sealed.ok)
        log('warn', 'append_refused', {
          code: sealed.error.code,
          by: person.value.id,
          kind: input.facts[0]?.kind ?? '',
        });
      return sealed;
    },
    synced: (input) => appending.synced(input.ticket),
    async readJournal(input) {
      const page = await journal.read(input.fromSeq, input.limit);
      if (!page.ok) return page;
      const { entries, nextSeq } = page.value;
      return ok({ entries: [...entries], ...(nextSeq === undefined ? {} : { nextSeq }) });
    },
    async restoreJournal(input) {
      if (!mayRestore()) return err({ code: 'bad_request', reason: 'a whole journal in use is not restored' });
      const status = await journal.restore(input.entries, input.last, input.holes);
      if (!status.ok) return status;
      if (input.last) {
        marks.forget();
        await ledger.rebuild();
        await adopt();
        log('warn', 'journal_restored', { ...status.value });
      }
      return ok({ journal: status.value });
    },
    async keepWitness(input) {
      const kept = await history.keep(input.entries, input.fromSeq, input.last);
      if (!kept.ok) return kept;
      if (input.last) log('error', 'history_differs', { ...history.dispute() });
      return ok({});
    },
    async settleHistory() {
      const admin = session.require();
      if (!admin.ok) return admin;
      const settled = await history.settle(admin.value.id);
      if (!settled.ok) return settled;
      log('warn', 'history_settled', { by: admin.value.id });
      return ok({});
    },
    async checkJournal() {
      const status = await journal.check();
      if (status.state === 'damaged') log('error', 'journal_damaged', { ...status.damage });
      return ok({ journal: status });
    },

    async checkDisk() {
      const refused = await tryDisk(disk, folder);
      return refused === null ? ok({}) : err(refused);
    },

    beginCatalogueFile: () => files.begin(),
    appendCatalogueRows: (input) => files.append(input.file, input.lines, input.rows),
    sealCatalogueFile: (input) => files.seal(input.file),
    discardCatalogueFile: (input) => files.discard(input.file),
    async readCatalogueFile(input) {
      const read = await files.read(input.sha256, input.offset);
      const { items, bins } = ledger.state().catalogues;
      const isNamed = [...items, ...bins].includes(input.sha256);
      if (!read.ok && read.error.code === 'not_found' && isNamed) onMended({ file: 'catalogue', what: 'lost' });
      return read;
    },
    async readSample(input) {
      const name = SAMPLES[input.what];
      try {
        return ok({ text: await readFile(join(options.samplesFolder, name), 'utf8'), name });
      } catch {
        return err({ code: 'not_found', what: 'sample' });
      }
    },

    async unlockVault(input) {
      const person = session.require();
      if (!person.ok) return person;
      // Whoever sends may open it; whoever sets the first passphrase holds every secret from then on.
      if (vault.state() === 'passphrase_unset' && !person.value.roles.includes('admin'))
        return err({ code: 'role_missing', kind: 'unlockVault', roles: ['admin'] });
      const unlocked = await vault.unlock(input.passphrase);
      return unlocked.ok ? ok({ vault: unlocked.value }) : unlocked;
    },
    async saveConnection(input) {
      const admin = session.require();
      if (!admin.ok) return admin;
      const kept = await connections.keep(input, randomId);
      if (!kept.ok) return kept;
      const { connection, settings } = kept.value;
      const sealed = await ledger.record(admin.value.id, [
        { kind: 'connection_saved', connection, remote: input.remote, name: input.name, settings },
      ]);
      return sealed.ok ? ok({ connection, entries: [...sealed.value] }) : sealed;
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
      await files.close();
      await ledger.close();
      // Only a journal that is all there, and has been compared with the page's copy, knows which files nobody needs.
      if (session.wasUsed() && journal.refusal() === null)
        await files.tidy(new Set([...ledger.state().catalogues.items, ...ledger.state().catalogues.bins]));
    },
  };
}
