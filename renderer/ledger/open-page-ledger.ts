import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { checkInWorker } from './check-in-worker.ts';
import { LEDGER_INDEXES } from './collections.ts';
import { openCopy, type Copy } from './copy.ts';
import { moveEarlierRows } from './earlier-rows.ts';
import { openDatabase } from './database.ts';
import { mendJournal } from './heal.ts';
import { mayNeedCopy } from './may-need-copy.ts';
import type { Healing, HealProgress, Ledger, LedgerError } from './ledger.ts';
import { openLedgerOnCopy, type OpenOptions } from './open-ledger-on-copy.ts';
import { createDexieStorage, type LedgerStorage } from './storage/dexie.ts';

const NAME = 'tallybook';
/** What earlier versions kept entries in. Everything in it is in the journal, from which this version was filled. */
const OUTDATED = [`rxdb-dexie-${NAME}--0--ledger`];
/** A read of a damaged IndexedDB can hang for good instead of failing. */
const OPEN_LIMIT_MS = 15_000;

export type PageLedgerOptions = Omit<OpenOptions, 'copy' | 'reopenCopy' | 'checkAside'>;

/**
 * Opens the ledger on this page's own IndexedDB. A copy that cannot be opened, or that can and then refuses to be read (a
 * damaged block is only noticed when it is reached), is thrown away and filled from the journal, if the journal is whole:
 * otherwise the copy may be the only one there is.
 */
export async function openPageLedger(options: PageLedgerOptions): Promise<Result<Ledger, LedgerError>> {
  const opened = await tryOpenLedger(options);
  if (opened) return opened;
  const here = await options.host.whoIsHere({});
  if (!here.ok) return here;
  const { journal } = here.value;
  if (journal.state === 'whole') await deleteCopy();
  const again = await tryOpenLedger({ ...options, journal });
  return again ?? err({ code: 'not_stored', detail: 'the page’s copy cannot be opened' });
}

/**
 * Gives a journal that lost something what this page's copy still has of it, before anybody has signed in: who may is
 * written in the journal. Nothing is read from the host. A copy that cannot be opened has nothing to give.
 */
export async function mendBeforeSignIn(
  host: Host,
  journal: JournalStatus,
  progress: HealProgress,
): Promise<Result<{ found: readonly Healing[] }, LedgerError>> {
  if (!mayNeedCopy(journal)) return ok({ found: [] });
  const opened = await tryOpen(createDexieStorage({ ledger: LEDGER_INDEXES }));
  if (!opened) return ok({ found: [] });
  if (!opened.ok) return opened;
  const copy = opened.value;
  try {
    return await mendJournal({ host, copy, progress }, journal);
  } finally {
    await inTime(copy.close()).catch(() => undefined);
  }
}

/** Nothing when the copy cannot be opened or read. */
async function tryOpenLedger(options: PageLedgerOptions): Promise<Result<Ledger, LedgerError> | undefined> {
  const storage = createDexieStorage({ ledger: LEDGER_INDEXES });
  const opened = await tryOpen(storage);
  if (!opened?.ok) return opened;
  const copy = opened.value;
  try {
    const checkAside: OpenOptions['checkAside'] = (chain, stop) =>
      checkInWorker({ database: storage.databaseName('ledger') ?? '', ...chain }, stop);
    const ledger = await openLedgerOnCopy({ ...options, copy, reopenCopy: createReopening(copy), checkAside });
    if (ledger.ok) for (const name of OUTDATED) indexedDB.deleteDatabase(name);
    return ledger;
  } catch {
    // What cannot be read may not close either.
    await inTime(copy.close()).catch(() => undefined);
    return undefined;
  }
}

/** Nothing when it cannot be opened or read; a refusal when what an earlier version held cannot be taken over: it is left alone. */
async function tryOpen(storage: LedgerStorage): Promise<Result<Copy, LedgerError> | undefined> {
  try {
    const copy = openCopy(await inTime(openDatabase(storage, NAME)), storage);
    await inTime(copy.devices());
    const moved = await moveEarlierRows(copy, storage, NAME, inTime);
    if (moved.ok) return ok(copy);
    await inTime(copy.close()).catch(() => undefined);
    return moved;
  } catch {
    return undefined;
  }
}

/**
 * The same database once more, after it refused to be written. What was open is closed first: the browser lets go of a
 * store that met a full disk only when nobody holds it. RxDB keeps a database that failed to open as failed, under its
 * name, for as long as the page lives: so it is asked only once the browser has shown that it can make one.
 */
function createReopening(first: Copy): () => Promise<Copy> {
  let open = first;
  return async () => {
    await inTime(open.close()).catch(() => undefined);
    await inTime(tryBrowserStore());
    const storage = createDexieStorage({ ledger: LEDGER_INDEXES });
    open = openCopy(await inTime(openDatabase(storage, NAME)), storage);
    return open;
  };
}

/** Makes a database and deletes it; throws what the browser refuses with. */
async function tryBrowserStore(): Promise<void> {
  const name = `${NAME}-room`;
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore('room'));
    request.addEventListener('success', () => {
      request.result.close();
      resolve();
    });
    request.addEventListener('error', () => reject(request.error ?? new Error('refused')));
  });
  indexedDB.deleteDatabase(name);
}

async function deleteCopy(): Promise<void> {
  for (const { name } of await indexedDB.databases().catch(() => [])) {
    if (name?.startsWith(`rxdb-dexie-${NAME}--`)) {
      await new Promise<void>((resolve) => {
        const request = indexedDB.deleteDatabase(name);
        request.addEventListener('success', () => resolve());
        request.addEventListener('error', () => resolve());
        request.addEventListener('blocked', () => resolve());
      });
    }
  }
}

function inTime<Value>(work: Promise<Value>): Promise<Value> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('timed out')), OPEN_LIMIT_MS)),
  ]);
}
