import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import type { EntryRow } from '../../../renderer/ledger/collections.ts';
import { spanOf } from '../../../renderer/ledger/rows.ts';
import { heal } from '../../../renderer/ledger/heal.ts';
import { rebuild } from '../../../renderer/ledger/projection.ts';
import { entryId } from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, fold, foldLedger } from '../../../shared/domain/ledger-state.ts';
import { err } from '../../../shared/domain/result.ts';
import { reviewBatch } from '../../../shared/domain/variance.ts';
import { does, hostAt } from '../../electron/host/bench.ts';
import { morning, steps } from '../../shared/domain/random-history.ts';
import {
  code,
  expectSame,
  newLaptop,
  openedStocktake,
  openPageCopy,
  scan,
  startPage,
  total,
  unwrap,
  type Laptop,
} from './page.ts';

const COUNTS = 40;

/** A laptop where forty scans were taken, closed in good order. The page has not seen what the host seals at its close. */
async function closedLaptop(): Promise<{ laptop: Laptop; entries: number }> {
  const laptop = await newLaptop();
  const page = await startPage(laptop);
  const place = await openedStocktake(page);
  // One by one, so that each is a row of its own.
  for (let count = 0; count < COUNTS; count += 1) unwrap(await page.ledger.recordCount(place, scan()));
  const { entries } = page.ledger.status();
  await page.close();
  return { laptop, entries };
}

/** The same, opened and closed once more: both copies hold every entry. */
async function usedLaptop(): Promise<{ laptop: Laptop; entries: number }> {
  const { laptop } = await closedLaptop();
  const page = await startPage(laptop);
  const { entries } = page.ledger.status();
  await page.close();
  return { laptop, entries };
}

/** Changes rows of the page's copy behind everybody's back. */
async function tamper(
  laptop: Laptop,
  change: (
    rows: readonly EntryRow[],
    remove: (rows: readonly EntryRow[]) => Promise<void>,
    put: (row: EntryRow) => Promise<void>,
  ) => Promise<void>,
) {
  const { copy, storage } = await openPageCopy(laptop.factory);
  const raw = storage.rows<EntryRow>('ledger');
  const remove = (rows: readonly EntryRow[]) => raw.delete(rows.map((row) => row.id));
  await change(await raw.after('', 10_000), remove, async (row) => {
    await raw.delete([row.id]);
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = laptop.factory.open(storage.databaseName('ledger') ?? '');
      request.addEventListener('success', () => resolve(request.result));
    });
    await new Promise<void>((resolve) => {
      const transaction = database.transaction('docs', 'readwrite');
      transaction.objectStore('docs').put(row);
      transaction.addEventListener('complete', () => resolve());
    });
    database.close();
  });
  await copy.close();
}

async function journalFiles(laptop: Laptop): Promise<string[]> {
  const folder = join(laptop.folder, 'journal');
  return (await readdir(folder))
    .filter((name) => name.endsWith('.jsonl') || name.includes('segment'))
    .map((name) => join(folder, name));
}

/** Starts again, says what was healed, and that both copies are equal, the state right, and nothing is left to heal. */
async function restarted(laptop: Laptop, entries: number, options: { checkAll?: boolean } = {}) {
  const page = await startPage(laptop, options);
  await expectSame(page);
  expect(page.ledger.state().entries).toBe(entries);
  expect(page.ledger.state()).toEqual(await rebuild(page.copy));
  const found = page.ledger.healing();
  const { journal } = await does(page.running, 'start', {});
  expect(unwrap(await heal(page.running.host, page.copy, journal, true, () => undefined)).found).toEqual([]);
  await page.close();
  const again = await startPage(laptop);
  expect(again.ledger.healing()).toEqual([]);
  await again.close();
  return found;
}

describe('two copies', () => {
  test('L701 what the host seals at its close is taken into the copy at the next start without a word', async () => {
    const { laptop, entries } = await closedLaptop();
    const page = await startPage(laptop);
    expect(page.ledger.healing()).toEqual([]);
    expect(page.ledger.status().entries).toBe(entries + 1);
    expect(page.ledger.state()).toEqual(await rebuild(page.copy));
    await page.close();
  });

  test('L702 a journal that is lost after an orderly close has lost nothing that the copy does not have', async () => {
    const { laptop, entries } = await closedLaptop();
    await rm(join(laptop.folder, 'journal'), { recursive: true });
    const page = await startPage(laptop);
    expect(page.ledger.healing()).toEqual([{ from: 'ledger', restored: entries, note: 'journal_missing' }]);
    await page.close();
  });

  test('L100 nothing happened, nothing is healed', async () => {
    const { laptop, entries } = await usedLaptop();
    expect(await restarted(laptop, entries)).toEqual([]);
  });

  test('L101 a page’s copy that is gone comes back from the journal', async () => {
    const { laptop, entries } = await usedLaptop();
    const emptied = { ...laptop, factory: new IDBFactory() };
    expect(await restarted(emptied, entries)).toEqual([{ from: 'journal', restored: entries, note: 'page_copy_lost' }]);
  });

  test('L102 a copy that misses its end is completed', async () => {
    const { laptop, entries } = await usedLaptop();
    await tamper(laptop, (rows, remove) => remove(rows.slice(-7)));
    // The newest is one that the host sealed for itself.
    expect(await restarted(laptop, entries)).toEqual([{ from: 'journal', restored: 6, note: 'page_copy_short' }]);
  });

  test('L103 holes in the middle are filled', async () => {
    const { laptop, entries } = await usedLaptop();
    await tamper(laptop, (rows, remove) => remove([...rows.slice(10, 13), ...rows.slice(20, 21)]));
    expect(await restarted(laptop, entries)).toMatchObject([{ from: 'journal', note: 'page_copy_damaged' }]);
  });

  test('L104 a row that was altered is put right, though its hash and its neighbours still fit', async () => {
    const { laptop, entries } = await usedLaptop();
    await tamper(laptop, async (rows, _remove, put) => {
      const row = rows[25];
      if (row) await put({ ...row, text: row.text.replace('"quantity":"1"', '"quantity":"9"') });
    });
    expect(await restarted(laptop, entries)).toMatchObject([
      { from: 'journal', restored: entries, note: 'page_copy_damaged' },
    ]);
  });

  test('L105 an altered row beside a hole, and one that cannot be read, are put right', async () => {
    const { laptop, entries } = await usedLaptop();
    await tamper(laptop, async (rows, remove, put) => {
      await remove(rows.slice(12, 13));
      for (const row of rows.slice(30, 32)) await put({ ...row, text: '["torn' });
    });
    expect(await restarted(laptop, entries)).toMatchObject([{ note: 'page_copy_damaged' }]);
  });

  test('L106 rows of a laptop whose chain is not held go: the copy is an index of journal and chains', async () => {
    const { laptop, entries } = await usedLaptop();
    await tamper(laptop, async (rows, _remove, put) => {
      const row = rows.at(-1);
      if (row) await put({ ...row, id: 'zz-000000000001' });
    });
    expect(await restarted(laptop, entries)).toMatchObject([{ from: 'journal', note: 'page_copy_damaged' }]);
  });

  test('L107 a journal that is gone is written again from the page’s copy', async () => {
    const { laptop, entries } = await usedLaptop();
    await rm(join(laptop.folder, 'journal'), { recursive: true });
    expect(await restarted(laptop, entries)).toEqual([{ from: 'ledger', restored: entries, note: 'journal_missing' }]);
  });

  test('L108 a laptop that lost its device file with its journal is still the same device', async () => {
    const { laptop, entries } = await usedLaptop();
    await rm(join(laptop.folder, 'journal'), { recursive: true });
    for (const name of await readdir(laptop.folder)) if (name.startsWith('device')) await rm(join(laptop.folder, name));
    expect(await restarted(laptop, entries)).toEqual([{ from: 'ledger', restored: entries, note: 'journal_missing' }]);
  });

  test('L109 a journal with a damaged line is mended from the copy, from that line on', async () => {
    const { laptop, entries } = await usedLaptop();
    await damageJournal(laptop, 20);
    const found = await restarted(laptop, entries);
    expect(found).toMatchObject([{ from: 'ledger', note: 'journal_damaged' }]);
    expect(found[0]?.restored).toBe(entries - 19);
  });

  test('L110 what neither copy holds is not invented: it is named, what came after it stays, and counting goes on', async () => {
    const { laptop, entries } = await usedLaptop();
    await damageJournal(laptop, 27);
    await damageJournal(laptop, 40);
    await tamper(laptop, (rows, remove) =>
      remove(rows.filter(({ id }) => spanOf(id).from > 24 && spanOf(id).from <= 30)),
    );
    const found = await restarted(laptop, entries);
    expect(found).toMatchObject([
      { from: 'ledger', restored: entries - 27, note: 'journal_damaged', lost: [{ fromSeq: 27, toSeq: 27 }] },
      { from: 'journal', note: 'page_copy_damaged' },
    ]);
    const page = await startPage(laptop);
    expect(page.ledger.status().entries).toBe(entries - 1);
    const [stocktake] = page.ledger.stocktakes();
    const place = { stocktake: stocktake?.id ?? '', pass: 1, bin: 'A-1' };
    expect(total(page, place)).toBe(COUNTS - 1);
    unwrap(await page.ledger.recordCount(place, scan()));
    await expectSame(page);
    expect(page.ledger.state()).toEqual(await rebuild(page.copy));
  });

  test('L115 holes in different places of both copies leave nothing out', async () => {
    const { laptop, entries } = await usedLaptop();
    for (const line of [18, 30, 35]) await damageJournal(laptop, line);
    await tamper(laptop, (rows, remove) => remove([...rows.slice(12, 18), ...rows.slice(33, 37)]));
    const found = await restarted(laptop, entries);
    expect(found).toMatchObject([
      { from: 'ledger', restored: entries - 17, note: 'journal_damaged' },
      { from: 'journal', note: 'page_copy_damaged' },
    ]);
    expect(found[0]).not.toHaveProperty('lost');
  });

  test('L116 numbers that were lost at the end are never given again, and both copies agree on it', async () => {
    const { laptop, entries } = await usedLaptop();
    await rm(join(laptop.folder, 'journal'), { recursive: true });
    await tamper(laptop, (rows, remove) => remove(rows.slice(-5)));
    const found = await restarted(laptop, entries - 5);
    expect(found).toEqual([
      {
        from: 'ledger',
        restored: entries - 5,
        note: 'journal_missing',
        lost: [{ fromSeq: entries - 4, toSeq: entries - 1 }],
      },
    ]);
    const page = await startPage(laptop);
    const [stocktake] = page.ledger.stocktakes();
    const place = { stocktake: stocktake?.id ?? '', pass: 1, bin: 'A-1' };
    const { entry } = unwrap(await page.ledger.recordCount(place, scan()));
    expect(Number(entry.slice(-12))).toBeGreaterThan(entries);
    // The count, and what the host sealed at its close.
    expect(page.ledger.status().entries).toBe(entries - 3);
    await expectSame(page);
    await page.close();
    const again = await startPage(laptop, { checkAll: true });
    expect(again.ledger.healing()).toEqual([]);
    expect(again.ledger.state()).toEqual(await rebuild(again.copy));
  });

  test('L111 a row of the copy that was altered never gets into the journal', async () => {
    const { laptop, entries } = await usedLaptop();
    await damageJournal(laptop, 20);
    await tamper(laptop, async (rows, _remove, put) => {
      const row = rows[30];
      if (row) await put({ ...row, text: row.text.replace('"quantity":"1"', '"quantity":"9"') });
    });
    expect(await restarted(laptop, entries)).toMatchObject([
      { from: 'ledger', restored: entries - 19, note: 'journal_damaged' },
      { from: 'journal', note: 'page_copy_damaged' },
    ]);
  });

  test('L112 both gone: nothing is there, and it is said', async () => {
    const { laptop, entries } = await usedLaptop();
    await rm(join(laptop.folder, 'journal'), { recursive: true });
    const page = await openPageCopy(new IDBFactory());
    const running = await hostAt({ folder: laptop.folder });
    const { journal } = await does(running, 'start', {});
    const healed = unwrap(await heal(running.host, page.copy, journal, false, () => undefined));
    expect(healed.found).toEqual([
      { from: 'ledger', restored: 0, note: 'journal_missing', lost: [{ fromSeq: 1, toSeq: entries - 1 }] },
    ]);
    expect([healed.journal.seq, await page.copy.devices()]).toEqual([0, []]);
    await page.copy.close();
    await running.close();
  });

  test('L113 a journal that cannot be read leaves the page’s copy alone', async () => {
    const { laptop, entries } = await usedLaptop();
    const page = await startPage(laptop);
    const { journal } = await does(page.running, 'start', {});
    const host = {
      ...page.running.host,
      readJournal: async () => err({ code: 'journal_incomplete' as const, fromSeq: 1 }),
    };
    const longer = { ...journal, seq: journal.seq + 1 };
    expect(code(await heal(host, page.copy, longer, false, () => undefined))).toBe('journal_incomplete');
    expect(await page.copy.countAfter(entryId(journal.device, 0))).toBe(entries);
  });

  test('L114 a journal of a newer Tallybook is left alone, and so is the copy', async () => {
    const { laptop, entries } = await usedLaptop();
    const page = await startPage(laptop);
    const { journal } = await does(page.running, 'start', {});
    const asked: string[] = [];
    const host = {
      keepWitness: async () => err({ code: 'host_failed' as const }),
      readJournal: async () => err({ code: 'host_failed' as const }),
      restoreJournal: async () => {
        asked.push('restore');
        return err({ code: 'host_failed' as const });
      },
    };
    const newer = {
      ...journal,
      seq: 3,
      state: 'damaged',
      damage: { fromSeq: 4, segment: 's', code: 'newer_version' },
    } as const;
    expect(code(await heal(host, page.copy, newer, false, () => undefined))).toBe('journal_incomplete');
    expect([asked, await page.copy.countAfter(entryId(journal.device, 0))]).toEqual([[], entries]);
  });
});

describe('what is left of a ledger', () => {
  test('L117 whatever entries are lost, the state is computed from those that are left', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (script, keep) => {
        const left = morning(script).filter((_, at) => keep[at % keep.length]);
        const state = left.reduce((folded, entry) => (fold(folded, entry), folded), emptyLedgerState());
        expect(foldLedger(left.toReversed())).toEqual(state);
        for (const batch of state.batches.values()) reviewBatch(batch, state.stocktakes, state.books);
      }),
    );
  });
});

/** Makes the journal's line `number` say something else. */
async function damageJournal(laptop: Laptop, number: number): Promise<void> {
  const [file] = await journalFiles(laptop);
  const lines = (await readFile(file ?? '', 'utf8')).split('\n');
  lines[number - 1] = (lines[number - 1] ?? '').replace('"quantity":"1"', '"quantity":"7"');
  await writeFile(file ?? '', lines.join('\n'));
}
