import type { Person } from '../../shared/domain/person.ts';
import { err, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { openCopy, type Copy } from './copy.ts';
import { openDatabase } from './database.ts';
import type { HealProgress } from './heal.ts';
import type { Ledger, LedgerError } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import { createDexieStorage } from './storage/dexie.ts';

const NAME = 'tallybook';
/** A read of a damaged IndexedDB can hang for good instead of failing. */
const OPEN_LIMIT_MS = 15_000;

export type PageLedgerOptions = {
  host: Host;
  journal: JournalStatus;
  person(): Person | undefined;
  newId(): string;
  checkAll: boolean;
  progress: HealProgress;
};

/**
 * Opens the ledger on this page's own IndexedDB. A copy that cannot be opened is thrown away and filled from the journal,
 * if the journal is whole: otherwise the copy may be the only one there is.
 */
export async function openPageLedger(options: PageLedgerOptions): Promise<Result<Ledger, LedgerError>> {
  let copy = await tryOpen();
  if (!copy && options.journal.state === 'whole') await deleteCopy();
  copy ??= await tryOpen();
  if (!copy) return err({ code: 'not_stored', detail: 'the page’s copy cannot be opened' });
  return openLedger({ ...options, copy });
}

async function tryOpen(): Promise<Copy | undefined> {
  const storage = createDexieStorage();
  try {
    const copy = openCopy(await inTime(openDatabase(storage, NAME)), storage);
    await inTime(copy.last());
    return copy;
  } catch {
    return undefined;
  }
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
