import { cp } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { heal } from '../../../renderer/ledger/heal.ts';
import { rebuild } from '../../../renderer/ledger/projection.ts';
import { entryId } from '../../../shared/domain/ledger-entry.ts';
import { does, faultyDisk, freshFolder, type FaultyDisk } from '../../electron/host/bench.ts';
import {
  code,
  expectSame,
  freshPage,
  newLaptop,
  openedStocktake,
  scan,
  startPage,
  total,
  unwrap,
  type Page,
} from './page.ts';

/** Fails every sync of the journal from the `first` one on, `count` of them. */
function failSyncs(disk: FaultyDisk, first: number, count: number): void {
  let seen = 0;
  disk.fault = (operation, path) => {
    if (operation !== 'datasync' || !path.endsWith('.jsonl')) return null;
    seen += 1;
    return seen >= first && seen < first + count ? 'ENOSPC' : null;
  };
}

async function expectNothingToHeal(page: Page, laptop: Awaited<ReturnType<typeof newLaptop>>): Promise<void> {
  await expectSame(page);
  expect(page.ledger.state()).toEqual(await rebuild(page.copy));
  await page.close();
  const again = await startPage(laptop, { checkAll: true });
  expect(again.ledger.healing()).toEqual([]);
  await again.close();
}

describe('a journal that cannot sync what the page holds already', () => {
  test('L165 an entry is in both copies, or after a refusal in none, whichever sync fails', async () => {
    for (const first of [1, 2, 3]) {
      for (const failing of [1, 2]) {
        const laptop = await newLaptop();
        const disk = faultyDisk();
        const page = await startPage(laptop, { setting: { disk } });
        const place = await openedStocktake(page);
        failSyncs(disk, first, failing);
        const answers: string[] = [];
        for (let count = 0; count < 5; count += 1) answers.push(code(await page.ledger.recordCount(place, scan())));
        const burst = await Promise.all(Array.from({ length: 30 }, () => page.ledger.recordCount(place, scan())));
        disk.fault = () => null;
        answers.push(...burst.map(code));
        expect(answers.filter((answer) => answer !== 'ok').length).toBeGreaterThan(0);
        expect(new Set(answers)).toEqual(new Set(['ok', 'disk_full']));
        expect(total(page, place)).toBe(answers.filter((answer) => answer === 'ok').length);
        expect(page.ledger.status()).toMatchObject({ pending: 0 });
        expect(page.ledger.status()).not.toHaveProperty('problem');
        unwrap(await page.ledger.recordCount(place, scan()));
        await expectNothingToHeal(page, laptop);
      }
    }
  });

  test('L166 what is sealed under the same sequences later meets no trace of what was refused', async () => {
    const laptop = await newLaptop();
    const disk = faultyDisk();
    const page = await startPage(laptop, { setting: { disk } });
    const place = await openedStocktake(page);
    failSyncs(disk, 1, 1);
    const answers = await Promise.all([
      page.ledger.recordCount(place, scan('OIL')),
      ...Array.from({ length: 600 }, () => page.ledger.recordCount(place, scan('TEA'))),
    ]);
    const kept = answers.map(code);
    expect(kept[0]).toBe('disk_full');
    expect(kept.at(-1)).toBe('ok');
    expect(total(page, place, 'OIL')).toBeUndefined();
    expect(total(page, place)).toBe(kept.filter((answer) => answer === 'ok').length);
    await expectNothingToHeal(page, laptop);
  });

  test('L167 a page loaded anew forgets what the running host has not kept, and holds the rest', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    unwrap(await page.ledger.recordCount(place, scan()));
    const { journal } = await does(page.running, 'start', {});
    const newest = (await page.copy.last((await page.copy.devices())[0] ?? ''))?.entry;
    if (!newest) throw new Error('nothing was counted');
    // As when the page ended between its own write and hearing that the journal had refused.
    const seq = journal.seq + 1;
    const orphan = { ...newest, seq, id: entryId(journal.device, seq), prev: journal.hash, hash: 'f'.repeat(64) };
    unwrap(await page.copy.insert([orphan]));
    const healed = unwrap(await heal(page.running.host, page.copy, journal, false, () => undefined));
    expect(healed.found).toEqual([]);
    await expectSame(page);
  });

  test('L168 a page that ended before it was told keeps what was written, and the next start finds both copies equal', async () => {
    const laptop = await newLaptop();
    const page = await startPage(laptop);
    const place = await openedStocktake(page);
    const facts = [{ kind: 'counted', ...place, item: 'TEA', quantity: '1', how: 'scan' }] as const;
    const early = await does(page.running, 'append', { facts: [...facts], early: true });
    expect(early.ticket).toBeGreaterThan(0);
    unwrap(await page.copy.insert(early.entries));
    await page.close();
    const again = await startPage(laptop);
    expect(again.ledger.healing()).toEqual([]);
    expect(total(again, place)).toBe(1);
    await expectSame(again);
  });

  test('L169 what a power cut took from the journal, and the page had stored, goes back at the next start', async () => {
    const laptop = await newLaptop();
    const page = await startPage(laptop);
    const place = await openedStocktake(page);
    unwrap(await page.ledger.recordCount(place, scan()));
    const before = await freshFolder();
    await cp(laptop.folder, before, { recursive: true });
    unwrap(await page.ledger.recordCount(place, scan()));
    await page.close();
    const again = await startPage({ ...laptop, folder: before });
    expect(again.ledger.healing()).toEqual([{ from: 'ledger', restored: 1, note: 'journal_short' }]);
    expect(total(again, place)).toBe(2);
    await expectSame(again);
  });
});
