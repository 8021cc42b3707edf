import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../shared/domain/result.ts';
import type { Host, HostInput } from '../../shared/ports/host.ts';
import type { RemoteConnector } from '../../shared/ports/remote-inventory.ts';
import { openCatalogueFiles } from './catalogue-files.ts';
import { createConnections, type OpenHttp } from './connections.ts';
import { createCopyCalls } from './copy-calls.ts';
import { isDiskFull, isReadOnly, realDisk, systemCode, tryDisk, type Disk } from './disk.ts';
import { createHttpClient } from './http-client.ts';
import { createAppending } from './journal-early.ts';
import { openJournal } from './journal.ts';
import { openLedger } from './ledger.ts';
import { createLogs, type Log } from './log.ts';
import { openPeople } from './people.ts';
import { createSendMarksReader } from './posted-lines.ts';
import { createPersonCalls } from './person-calls.ts';
import { createRedaction } from './redact.ts';
import { createRemoteCalls } from './remote-calls.ts';
import type { Cipher } from './secret-key.ts';
import { createSending } from './sending.ts';
import { createSession } from './session.ts';
import type { Clock } from './turns.ts';
import { openVault } from './vault.ts';
import { placeCopy } from './whole-copy.ts';

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
  const journal = await openJournal({ disk, folder, clock, randomId, ...segment });
  const files = await openCatalogueFiles(disk, folder, randomId);
  const ledger = await openLedger({ journal, disk, profile: folder, clock, hasCatalogue: files.has });
  const people = await openPeople({ disk, profile: folder, cipher, clock, randomBytes });
  const vault = await openVault({ disk, profile: folder, cipher, randomBytes, onSecret: redaction.add });
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
  const marks = createSendMarksReader(journal);
  const sending = createSending({ ledger, journal, marks, connections, clock, random: options.random });
  const appending = createAppending(ledger);
  const session = createSession(clock, options.lockAfterMs, (id) => ledger.state().people.get(id));
  const opened = journal.status();
  log(opened.state === 'whole' || opened.state === 'new' ? 'info' : 'warn', 'journal_opened', { ...opened });

  /** A journal may be given back at the start, and when it is damaged; never behind the back of somebody at work. */
  function mayRestore(): boolean {
    return journal.refusal() !== null || !session.wasUsed();
  }

  const { copyIfDue, ...copyCalls } = await createCopyCalls({
    disk,
    profile: folder,
    journal,
    clock,
    laptop: options.laptop,
    session,
    log,
    isNew: () => journal.status().state === 'new' && ledger.state().people.size === 0,
    chooseFolder: options.chooseFolder ?? (async () => null),
    restart: options.restart ?? (() => undefined),
  });

  async function importing<Value>(work: () => Promise<Value>) {
    const person = session.require('catalogue_imported', ['admin', 'lead']);
    return person.ok ? work() : person;
  }

  const host: Host = {
    ...createPersonCalls({ ledger, journal, people, session, randomId }),
    ...createRemoteCalls({ connectors, connections, sending, session, openExternal: options.openExternal }),
    ...copyCalls,

    async start() {
      // A page that was loaded anew compares its copy with what is safe: nothing may be on its way then.
      await journal.idle();
      appending.forget();
      const everyone = [...ledger.state().people.values()];
      const { appVersion, laptop, lockAfterMs } = options;
      return ok({
        appVersion,
        laptop,
        people: everyone,
        signedIn: session.current(),
        journal: journal.status(),
        vault: vault.state(),
        lockAfterMs,
      });
    },

    async append(input) {
      const person = session.require('append');
      if (!person.ok) return person;
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
        log('warn', 'journal_restored', { ...status.value });
      }
      return ok({ journal: status.value });
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

    beginCatalogueFile: () => importing(() => files.begin()),
    appendCatalogueRows: (input) => importing(() => files.append(input.file, input.lines, input.rows)),
    sealCatalogueFile: (input) => importing(() => files.seal(input.file)),
    discardCatalogueFile: (input) => importing(() => files.discard(input.file)),
    readCatalogueFile: (input) => files.read(input.sha256, input.offset),
    async readSample(input) {
      const name = SAMPLES[input.what];
      try {
        return ok({ text: await readFile(join(options.samplesFolder, name), 'utf8'), name });
      } catch {
        return err({ code: 'not_found', what: 'sample' });
      }
    },

    async unlockVault(input) {
      const person = session.require('connection_saved');
      if (!person.ok) return person;
      const unlocked = await vault.unlock(input.passphrase);
      return unlocked.ok ? ok({ vault: unlocked.value }) : unlocked;
    },
    async saveConnection(input) {
      const admin = session.require('connection_saved', ['admin']);
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
      const person = session.require('save_file');
      if (!person.ok) return person;
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
    host,
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
