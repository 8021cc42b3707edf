import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { sealFacts } from '../../../electron/host/journal/line.ts';
import type { EntryRow } from '../../../renderer/ledger/collections.ts';
import { heal, mendJournal } from '../../../renderer/ledger/heal.ts';
import { rebuild } from '../../../renderer/ledger/projection.ts';
import { readable, spanOf } from '../../../renderer/ledger/rows.ts';
import { entryId } from '../../../shared/domain/ledger-entry.ts';
import { changed, counted } from '../../shared/domain/history.ts';
import { does, hostAt } from '../../electron/host/bench.ts';
import { heldChains, minuteOf, type HeldChains } from './held-chains.ts';
import {
  code,
  expectSame,
  newLaptop,
  openedStocktake,
  openPageCopy,
  scan,
  startPage,
  unwrap,
  type Laptop,
  type Page,
} from './page.ts';

// Before and after every random id in the order of text.
const [BEFORE, AFTER] = ['!ben', '~cem'];

/** A laptop that counted, and holds what two others counted in the same stocktake; started and closed twice. */
async function laptopOfThree(): Promise<{ laptop: Laptop; chains: HeldChains; device: string }> {
  const laptop = await newLaptop();
  const chains = heldChains();
  const page = await startPage(laptop, chains.between);
  const place = await openedStocktake(page);
  const base = minuteOf(laptop.clock.now());
  for (let at = 0; at < 12; at += 1) {
    for (const device of [BEFORE, AFTER])
      chains.say(device, base + at, { ...counted('1', { item: 'TEA', bin: 'A-2' }), stocktake: place.stocktake });
    laptop.clock.pass(60_000);
    unwrap(await page.ledger.recordCount(place, scan()));
  }
  const { journal } = unwrap(await page.host.whoIsHere({}));
  unwrap(await page.ledger.takeChains(journal));
  await page.close();
  const again = await startPage(laptop, chains.between);
  expect(again.ledger.healing()).toEqual([]);
  await again.close();
  return { laptop, chains, device: journal.device };
}

/** Changes rows behind everybody's back. */
async function tamper(laptop: Laptop, change: (rows: readonly EntryRow[]) => readonly string[]): Promise<void> {
  const { copy, storage } = await openPageCopy(laptop.factory);
  const raw = storage.rows<EntryRow>('ledger');
  await raw.delete(change(await raw.after('', 10_000)));
  await copy.close();
}

/** All chains are as the host holds them, the state is that of all entries, and nothing is left to heal. */
async function expectWhole(page: Page, chains: HeldChains): Promise<void> {
  await expectSame(page);
  for (const { device } of chains.list())
    expect(readable(await page.copy.entriesAfter(entryId(device, 0), 100_000))).toEqual(chains.of(device));
  expect(page.ledger.state()).toEqual(await rebuild(page.copy));
  const { journal } = unwrap(await page.host.whoIsHere({}));
  expect(unwrap(await heal(page.host, page.copy, journal, true, () => undefined)).found).toEqual([]);
}

/** Rows of a device by what they hold. */
const rowsOf = (rows: readonly EntryRow[], device: string) => rows.filter(({ id }) => spanOf(id).device === device);
const ids = (rows: readonly EntryRow[]) => rows.map(({ id }) => id);

describe('several laptops’ chains at a start', () => {
  test('L810 a lost row of this laptop comes back from the journal, and no other laptop’s row is touched', async () => {
    const { laptop, chains, device } = await laptopOfThree();
    const others = new Set<string>();
    await tamper(laptop, (rows) => {
      for (const row of rows) if (spanOf(row.id).device !== device) others.add(row.id);
      return ids(rowsOf(rows, device).slice(4, 7));
    });
    const page = await startPage(laptop, chains.between);
    expect(page.ledger.healing()).toMatchObject([{ from: 'journal', note: 'page_copy_damaged' }]);
    await expectWhole(page, chains);
    const rows = await page.storage.rows<EntryRow>('ledger').after('', 10_000);
    expect(new Set(ids(rows).filter((id) => spanOf(id).device !== device))).toEqual(others);
  });

  test('L811 a lost row of another laptop comes back from its chain beside the journal', async () => {
    const { laptop, chains } = await laptopOfThree();
    for (const device of [BEFORE, AFTER])
      for (let at = 0; at < 3; at += 1)
        chains.say(device, minuteOf(laptop.clock.now()) + at, changed('1', { bin: 'A-2', reason: 'receipt' }));
    const page = await startPage(laptop, chains.between);
    // What was taken in and not come to yet is no damage, so nothing is said of it.
    expect(page.ledger.healing()).toEqual([]);
    await expectWhole(page, chains);
    await page.close();
    await tamper(laptop, (rows) => [...ids(rowsOf(rows, BEFORE).slice(0, 1)), ...ids(rowsOf(rows, AFTER).slice(-1))]);
    const again = await startPage(laptop, chains.between);
    expect(again.ledger.healing()).toMatchObject([{ from: 'journal', note: 'page_copy_damaged' }]);
    await expectWhole(again, chains);
  });

  test('L811 a page’s copy that is gone comes back from the journal and every chain beside it', async () => {
    const { laptop, chains, device } = await laptopOfThree();
    const page = await startPage({ ...laptop, factory: new IDBFactory() }, chains.between);
    const restored = page.ledger.state().devices.get(device)?.seq;
    expect(page.ledger.healing()).toEqual([{ from: 'journal', restored, note: 'page_copy_lost' }]);
    await expectWhole(page, chains);
  });

  test('L106 rows of a laptop whose chain is not held go, and no other is touched', async () => {
    const { laptop, chains } = await laptopOfThree();
    chains.gone.add(AFTER);
    const page = await startPage(laptop, chains.between);
    expect(page.ledger.healing()).toEqual([{ from: 'journal', restored: 0, note: 'page_copy_damaged' }]);
    expect(page.ledger.state().devices.has(AFTER)).toBe(false);
    await expectWhole(page, chains);
    await page.close();
    chains.gone.delete(AFTER);
    const again = await startPage(laptop, chains.between);
    await expectWhole(again, chains);
    expect(again.ledger.state().devices.get(AFTER)?.seq).toBe(12);
  });

  test('L812 rows behind the end of a chain go, and a chain that says something else is taken anew', async () => {
    const { laptop, chains } = await laptopOfThree();
    chains.upTo.set(BEFORE, 7);
    const shorter = await startPage(laptop, chains.between);
    expect(shorter.ledger.healing()).toEqual([{ from: 'journal', restored: 0, note: 'page_copy_damaged' }]);
    await expectWhole(shorter, chains);
    await shorter.close();
    // The same laptop, another history: as after its backup was put back and it was enrolled anew under its name.
    const other = heldChains();
    for (const device of [BEFORE, AFTER])
      for (let at = 0; at < 9; at += 1) other.say(device, at, counted('2', { bin: 'A-2' }));
    const page = await startPage(laptop, other.between);
    expect(page.ledger.healing()).toEqual([{ from: 'journal', restored: 18, note: 'page_copy_damaged' }]);
    await expectWhole(page, other);
  });

  test('L813 a laptop that lost journal and device file is told by what it had heard of the others', async () => {
    const { laptop, chains, device } = await laptopOfThree();
    const page = await startPage(laptop, chains.between);
    // What the host seals when it has taken a hand-over.
    const heads = chains.list().map(({ device: of, seq, hash }) => ({ device: of, seq, hash }));
    const { copy } = page;
    const last = (await copy.last(device))?.entry;
    await page.close();
    await loseRecords(laptop);
    const { sealed } = await sealedHere(last?.seq ?? 0, last?.hash ?? '', device, heads, laptop);
    const opened = await openPageCopy(laptop.factory);
    unwrap(await opened.copy.insert(sealed));
    await opened.copy.close();
    const none = { ...chains, list: () => [] };
    const back = await startPage(laptop);
    expect(back.ledger.healing()).toMatchObject([
      { from: 'ledger', note: 'journal_on_trust' },
      // No chain is held beside the journal any more: they come back with the next hand-over.
      { from: 'journal', restored: 0, note: 'page_copy_damaged' },
    ]);
    expect((await does(back.running, 'whoIsHere', {})).journal.device).toBe(device);
    await expectWhole(back, none);
  });

  test('L814 where it cannot be told which rows are this laptop’s own, nothing is guessed or touched, and it is said', async () => {
    const { laptop, device } = await laptopOfThree();
    await loseRecords(laptop);
    const { copy } = await openPageCopy(laptop.factory);
    const before = await Promise.all([BEFORE, AFTER, device].map((of) => copy.countAfter(entryId(of, 0))));
    const running = await hostAt({ folder: laptop.folder });
    const { journal } = await does(running, 'start', {});
    const parts = { host: running.host, copy, progress: () => undefined };
    expect(code(await mendJournal(parts, journal))).toBe('own_rows_unknown');
    expect(code(await heal(running.host, copy, journal, false, () => undefined))).toBe('own_rows_unknown');
    expect(await Promise.all([BEFORE, AFTER, device].map((of) => copy.countAfter(entryId(of, 0))))).toEqual(before);
    await copy.close();
    await running.close();
  });

  test('L816 a journal that is lost comes back from this laptop’s own rows, and the others’ stay as they are', async () => {
    const { laptop, chains, device } = await laptopOfThree();
    const before = new Set<string>();
    await tamper(laptop, (rows) => {
      for (const { id } of rows) before.add(id);
      return [];
    });
    await rm(join(laptop.folder, 'journal'), { recursive: true });
    const page = await startPage(laptop, chains.between);
    const own = page.ledger.state().devices.get(device)?.seq ?? 0;
    expect(page.ledger.healing()).toMatchObject([{ from: 'ledger', note: 'journal_missing' }]);
    expect(own).toBeGreaterThan(12);
    await expectWhole(page, chains);
    const rows = ids(await page.storage.rows<EntryRow>('ledger').after('', 10_000));
    expect([...before].filter((id) => spanOf(id).device !== device && !rows.includes(id))).toEqual([]);
  });

  test('L815 twenty laptops’ chains are opened, lost and opened again', async () => {
    const laptop = await newLaptop();
    const chains = heldChains();
    const base = minuteOf(laptop.clock.now());
    for (let at = 0; at < 30; at += 1)
      for (let number = 0; number < 20; number += 1)
        chains.say(`${number % 2 === 0 ? '!' : '~'}${String.fromCodePoint(97 + number)}`, base + at, changed('1'));
    const page = await startPage(laptop, chains.between);
    expect(page.ledger.state().devices.size).toBe(21);
    await expectWhole(page, chains);
    await page.close();
    await tamper(laptop, (rows) => ids(rows.filter((_, at) => at % 3 === 0)));
    const again = await startPage(laptop, { ...chains.between, checkAll: true });
    await expectWhole(again, chains);
    expect(again.ledger.status().entries).toBe(again.ledger.state().entries);
  });
});

/** Takes away the journal and whatever says which laptop this is. */
async function loseRecords(laptop: Laptop): Promise<void> {
  for (const name of await readdir(laptop.folder))
    if (/^(journal|device|heads|authority)/.test(name)) await rm(join(laptop.folder, name), { recursive: true });
}

/** What the host seals once it has taken these in. */
async function sealedHere(
  seq: number,
  hash: string,
  device: string,
  heads: { device: string; seq: number; hash: string }[],
  laptop: Laptop,
) {
  const at = new Date(laptop.clock.now()).toISOString();
  const lines = sealFacts({ device, seq, hash }, 'engine', at, [{ kind: 'heard', heads, at }]);
  return { sealed: lines.map(({ entry }) => entry) };
}
