import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IDBFactory } from 'fake-indexeddb';
import { firstHead, sealFacts, type SealedLine } from '../../../electron/host/journal/line.ts';
import { openLedgerOnCopy } from '../../../renderer/ledger/open-ledger-on-copy.ts';
import { entryId } from '../../../shared/domain/ledger-entry.ts';
import { does, entriesOn } from '../../electron/host/bench.ts';
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
} from './page.ts';

async function usedLaptop(): Promise<Laptop> {
  const laptop = await newLaptop();
  const page = await startPage(laptop);
  const place = await openedStocktake(page);
  for (let count = 0; count < 5; count += 1) unwrap(await page.ledger.recordCount(place, scan()));
  await page.close();
  return laptop;
}

/** The journal with another opening figure, every hash right. `fromSeq`: the first entry that says something else. */
async function rewritten(laptop: Laptop): Promise<{ fromSeq: number; sealed: readonly SealedLine[] }> {
  const entries = await entriesOn(laptop.folder);
  let head = firstHead(entries[0]?.device ?? '');
  let fromSeq = 0;
  const sealed = entries.flatMap(({ fact, by, at, seq, salt }) => {
    const isOpening = fact.kind === 'stock_changed';
    if (isOpening) fromSeq ||= seq;
    const lines = sealFacts(head, by, at, [isOpening ? { ...fact, quantity: '9999' } : fact], {
      salt: () => salt,
    });
    for (const { entry } of lines) head = { device: entry.device, seq: entry.seq, hash: entry.hash };
    return lines;
  });
  return { fromSeq, sealed };
}

/** Takes away what the host remembers of its journal outside of it. */
async function forgetHeads(laptop: Laptop): Promise<void> {
  for (const name of ['heads.json', 'heads.copy.json', 'authority'])
    await rm(join(laptop.folder, name), { recursive: true, force: true });
}

/** Writes the journal anew, and everything else that the host keeps of it. */
async function rewrite(laptop: Laptop): Promise<{ fromSeq: number; lines: number }> {
  const { fromSeq, sealed } = await rewritten(laptop);
  const text = sealed.map(({ line }) => line.toString('utf8')).join('');
  await writeFile(join(laptop.folder, 'journal', '000001.jsonl'), text);
  await forgetHeads(laptop);
  return { fromSeq, lines: sealed.length };
}

describe('a history that was written anew', () => {
  test('L740 journal and copy that are whole and differ are both kept, and nothing is called mended or posted', async () => {
    const laptop = await usedLaptop();
    const { fromSeq, lines } = await rewrite(laptop);
    const page = await startPage(laptop);
    expect(page.ledger.healing()).toMatchObject([{ note: 'history_differs', fromSeq, from: 'journal' }]);
    const { dispute } = await does(page.running, 'whoIsHere', {});
    // The page never had the entry that the host sealed at its close.
    expect(dispute).toMatchObject({ fromSeq, entries: lines - fromSeq });
    const kept = await readFile(join(laptop.folder, 'witness', dispute?.file ?? ''), 'utf8');
    expect(kept).toContain('"quantity":"10"');
    expect(kept.trimEnd().split('\n')).toHaveLength(lines - fromSeq);
    await expectSame(page);
    // Counting goes on.
    const [stocktake] = page.ledger.stocktakes();
    const place = { stocktake: stocktake?.id ?? '', pass: 1, bin: 'A-1' };
    unwrap(await page.ledger.recordCount(place, scan()));
    unwrap(await page.ledger.finishBin(place));
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    await page.enter('approver');
    unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'approve'));
    expect(code(await page.ledger.post(batch))).toBe('history_differs');
    await page.enter('admin');
    await does(page.running, 'settleHistory', {});
    await page.enter('approver');
    expect(code(await page.ledger.post(batch))).toBe('ok');
    await page.close();
    const again = await startPage(laptop);
    expect(again.ledger.healing()).toEqual([]);
    expect(await readdir(join(laptop.folder, 'witness'))).toHaveLength(1);
  });

  test('L744 a copy that is merely damaged is no witness, and is mended as before', async () => {
    const laptop = await usedLaptop();
    await rewrite(laptop);
    const { copy, storage } = await openPageCopy(laptop.factory);
    const raw = storage.rows<{ id: string }>('ledger');
    const [first] = await raw.after('', 1);
    await raw.delete([first?.id ?? '']);
    await copy.close();
    const page = await startPage(laptop);
    expect(page.ledger.healing()).toMatchObject([{ note: 'page_copy_damaged' }]);
    expect((await does(page.running, 'whoIsHere', {})).dispute).toBeNull();
  });

  test('L745 an older profile put back is told from damage: what only the page has, and nothing proves, is named and kept', async () => {
    const laptop = await usedLaptop();
    const old = { ...laptop, folder: `${laptop.folder}-old` };
    await cp(laptop.folder, old.folder, { recursive: true });
    const page = await startPage(laptop);
    const [stocktake] = page.ledger.stocktakes();
    const place = { stocktake: stocktake?.id ?? '', pass: 1, bin: 'A-1' };
    unwrap(await page.ledger.recordCount(place, scan()));
    unwrap(
      await page.ledger.appendFacts([
        { kind: 'stock_changed', item: 'TEA', bin: 'A-2', quantity: '3', reason: 'receipt' },
      ]),
    );
    const { entries } = page.ledger.status();
    await page.close();
    await rm(laptop.folder, { recursive: true });
    await cp(old.folder, laptop.folder, { recursive: true });
    await rm(old.folder, { recursive: true });
    const back = await startPage(laptop);
    // The count is taken back; the receipt would change the book, and nobody vouches for it.
    expect(back.ledger.healing()).toMatchObject([
      { note: 'journal_short', restored: 1 },
      { note: 'journal_unproven', restored: 1, fromSeq: entries },
      { note: 'page_copy_damaged' },
    ]);
    expect(back.ledger.status().entries).toBe(entries - 1);
    await expectSame(back);
    expect(await readdir(join(laptop.folder, 'witness'))).toHaveLength(1);
  });

  test('L748 what is taken from the page with nothing left to prove it is said to be unproven, until the app is closed', async () => {
    const laptop = await usedLaptop();
    // A whole profile written anew: no honest copy is left anywhere.
    const entries = (await rewritten(laptop)).sealed.map(({ entry }) => entry);
    const forged = { ...laptop, factory: new IDBFactory() };
    const { copy } = await openPageCopy(forged.factory);
    unwrap(await copy.insert(entries));
    await copy.close();
    await rm(join(laptop.folder, 'journal'), { recursive: true });
    await forgetHeads(laptop);
    const page = await startPage(forged);
    const said = { note: 'journal_on_trust', restored: entries.length, fromSeq: 1 };
    expect(page.ledger.healing()).toMatchObject([said]);
    expect(page.ledger.status().entries).toBe(entries.length);
    await expectSame(page);
    const reloaded = await openPageCopy(forged.factory);
    const anew = unwrap(
      await openLedgerOnCopy({
        host: page.running.host,
        copy: reloaded.copy,
        journal: (await does(page.running, 'start', {})).journal,
        person: () => undefined,
        newId: () => 'id',
        checkAll: false,
        progress: () => undefined,
      }),
    );
    expect(anew.healing()).toMatchObject([said]);
    await anew.close();
    await page.close();
    expect((await startPage(forged)).ledger.healing()).toEqual([]);
  });

  test('L749 a journal that is lost, and a copy that ends before what is remembered of it: what is left out is said', async () => {
    const laptop = await usedLaptop();
    const page = await startPage(laptop);
    const receipt = { kind: 'stock_changed', item: 'TEA', bin: 'A-2', quantity: '3', reason: 'receipt' } as const;
    unwrap(await page.ledger.appendFacts([receipt, receipt]));
    const { entries } = page.ledger.status();
    await page.close();
    const { copy } = await openPageCopy(laptop.factory);
    await copy.dropAfter(entryId((await entriesOn(laptop.folder))[0]?.device ?? '', entries - 1));
    await copy.close();
    await rm(join(laptop.folder, 'journal'), { recursive: true });
    const back = await startPage(laptop);
    expect(back.ledger.healing()).toMatchObject([
      { note: 'journal_missing', restored: entries - 2 },
      { note: 'journal_unproven', restored: 1, fromSeq: entries - 1 },
      { note: 'page_copy_damaged' },
    ]);
    await expectSame(back);
  });
});
