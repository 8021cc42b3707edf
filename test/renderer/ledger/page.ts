import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterAll, expect, onTestFinished } from 'vitest';
import type { RunningHost } from '../../../electron/host/create-host.ts';
import type { Copy } from '../../../renderer/ledger/copy.ts';
import { LEDGER_INDEXES } from '../../../renderer/ledger/collections.ts';
import { openCopy } from '../../../renderer/ledger/copy.ts';
import { openDatabase } from '../../../renderer/ledger/database.ts';
import type { Ledger } from '../../../renderer/ledger/ledger.ts';
import { mendJournal } from '../../../renderer/ledger/heal.ts';
import { mayNeedCopy } from '../../../renderer/ledger/may-need-copy.ts';
import { openLedgerOnCopy, type OpenOptions } from '../../../renderer/ledger/open-ledger-on-copy.ts';
import { createDexieStorage, type LedgerStorage } from '../../../renderer/ledger/storage/dexie.ts';
import { entryId } from '../../../shared/domain/ledger-entry.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Result } from '../../../shared/domain/result.ts';
import type { Host, HostOutput } from '../../../shared/ports/host.ts';
import {
  does,
  freshFolder,
  hostAt,
  type HostSetting,
  type ManualClock,
  manualClock,
} from '../../electron/host/bench.ts';
import { hire, PIN, type Crew } from '../../electron/host/crew.ts';

/** The page's copy on an IndexedDB of its own, and its rows without RxDB, to do damage with. */
export async function openPageCopy(factory: IDBFactory): Promise<{ copy: Copy; storage: LedgerStorage }> {
  const storage = createDexieStorage({ ledger: LEDGER_INDEXES }, { indexedDB: factory, IDBKeyRange });
  return { copy: openCopy(await openDatabase(storage, 'tallybook'), storage), storage };
}

export type Page = {
  readonly ledger: Ledger;
  readonly copy: Copy;
  readonly storage: LedgerStorage;
  readonly running: RunningHost;
  /** As the page sees it. */
  readonly host: Host;
  readonly clock: ManualClock;
  readonly crew: Crew;
  /** Signs somebody of the crew in. */
  enter(role: keyof Crew['byRole'] | 'admin'): Promise<void>;
  close(): Promise<void>;
};

export type Laptop = { readonly factory: IDBFactory; readonly folder: string; readonly clock: ManualClock; crew: Crew };

// PINs are made slow to check on purpose, so the crew is hired once and each laptop starts from a copy.
let hired: Promise<{ folder: string; crew: Crew }> | undefined;
afterAll(async () => {
  if (hired) await rm((await hired).folder, { recursive: true, force: true });
});

async function hireOnce(): Promise<{ folder: string; crew: Crew }> {
  const folder = await mkdtemp(join(tmpdir(), 'tallybook-hired-'));
  const running = await hostAt({ folder, clock: manualClock() });
  const crew = await hire(running);
  await running.close();
  return { folder, crew };
}

/** A laptop whose profile knows a crew and nothing else, and whose IndexedDB is empty. */
export async function newLaptop(): Promise<Laptop> {
  hired ??= hireOnce();
  const { folder: template, crew } = await hired;
  const folder = await freshFolder();
  await cp(template, folder, { recursive: true });
  return { factory: new IDBFactory(), folder, clock: manualClock(), crew };
}

/** How a test may stand between page and host, or page and copy. */
export type Between = {
  host?: (host: Host) => Host;
  copy?: (copy: Copy) => Copy;
  setting?: Partial<HostSetting>;
  checkAll?: boolean;
  checkAside?: OpenOptions['checkAside'];
  holdsBooks?: boolean;
  tellsNames?: boolean;
};

/** Starts the app on a laptop: host, page copy, ledger. A lead is signed in. */
export async function startPage(laptop: Laptop, between: Between = {}): Promise<Page> {
  const running = await hostAt({ folder: laptop.folder, clock: laptop.clock, ...between.setting });
  const host = between.host?.(running.host) ?? running.host;
  let signedIn: Person | undefined;
  const { copy, storage } = await openPageCopy(laptop.factory);
  const started = unwrap(await host.start({}));
  const given = between.copy?.(copy) ?? copy;
  // Who may sign in stands in the journal, so that is mended first, as the app does it.
  const { found } = mayNeedCopy(started.journal)
    ? unwrap(await mendJournal({ host, copy: given, progress: () => undefined }, started.journal))
    : { found: [] };
  ({ person: signedIn } = await does(running, 'signIn', { person: laptop.crew.byRole.lead, pin: PIN }));
  const { journal } = unwrap(await host.whoIsHere({}));
  let number = 0;
  const opened = await openLedgerOnCopy({
    host,
    copy: given,
    journal,
    since: started.journal.seq,
    mended: found,
    person: () => signedIn,
    holdsBooks: () => between.holdsBooks !== false,
    tellsNames: () => between.tellsNames === true,
    newId: () => `${(number += 1)}-${laptop.clock.now()}-${laptop.clock.steady()}`,
    checkAll: between.checkAll === true || found.length > 0,
    progress: () => undefined,
    ...(between.checkAside && { checkAside: between.checkAside }),
  });
  const ledger = unwrap(opened);
  const { crew } = laptop;
  const page: Page = {
    ledger,
    copy,
    storage,
    running,
    host,
    clock: laptop.clock,
    crew,
    async enter(role) {
      ({ person: signedIn } = await does(running, 'signIn', {
        person: role === 'admin' ? crew.admin : crew.byRole[role],
        pin: PIN,
      }));
    },
    async close() {
      await ledger.close();
      await running.close();
    },
  };
  onTestFinished(() => page.close().catch(() => undefined));
  return page;
}

/** A new laptop, started. */
export async function freshPage(between: Between = {}): Promise<Page> {
  return startPage(await newLaptop(), between);
}

/** The value; a refusal fails the test. */
export function unwrap<Value, Problem>(result: Result<Value, Problem>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** The code of a refusal, or 'ok'. */
export function code(result: Result<unknown, { code: string }>): string {
  return result.ok ? 'ok' : result.error.code;
}

export const PLACE = { stocktake: '', pass: 1, bin: 'A-1' };

/** A stocktake of two bins, ten TEA in the first; answers the first bin. */
export async function openedStocktake(page: Page, { blind = true }: { blind?: boolean } = {}): Promise<typeof PLACE> {
  unwrap(
    await page.ledger.appendFacts([
      { kind: 'stock_changed', item: 'TEA', bin: 'A-1', quantity: '10', reason: 'opening' },
    ]),
  );
  const { stocktake } = unwrap(await page.ledger.createStocktake({ name: 'Autumn', blind, bins: ['A-1', 'A-2'] }));
  const place = { ...PLACE, stocktake };
  unwrap(await page.ledger.openBin(place));
  return place;
}

export const scan = (item = 'TEA', quantity = 100_000n) => ({ item, quantity, how: 'scan' }) as const;

/** What a line says, as a whole number of units. */
export function total(page: Page, place: typeof PLACE, item = 'TEA'): number | undefined {
  const line = [...(page.ledger.sheet(place)?.lines.values() ?? [])].find((one) => one.item === item);
  return line && Number(line.counted) / 100_000;
}

/** Both copies hold the same entries of this laptop and of the same laptops, and every one follows from the one before. */
export async function expectSame(page: Page): Promise<void> {
  const { journal: head } = unwrap(await page.host.whoIsHere({}));
  const others = (head.chains ?? []).map(({ device }) => device);
  expect(await page.copy.devices()).toEqual([...(head.seq === 0 ? [] : [head.device]), ...others].toSorted());
  const rows = await page.copy.entriesAfter(entryId(head.device, 0), 1_000_000);
  const journal = [];
  for (let next: number | undefined = 1; next !== undefined;) {
    const read: HostOutput<'readJournal'> = unwrap(await page.running.host.readJournal({ fromSeq: next, limit: 5000 }));
    journal.push(...read.entries);
    next = read.nextSeq;
  }
  expect(rows.map(({ entry }) => entry)).toEqual(journal);
}
