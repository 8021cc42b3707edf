import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { firstHead, sealFacts } from '../../../electron/host/journal/line.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { does } from '../../electron/host/bench.ts';
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

/** Writes the journal anew with another opening figure, every hash right, and everything else that the host keeps of it. */
async function rewrite(laptop: Laptop): Promise<{ fromSeq: number; lines: number }> {
  const folder = join(laptop.folder, 'journal');
  const path = join(folder, '000001.jsonl');
  const entries = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEntry);
  let head = firstHead(entries[0]?.device ?? '');
  let fromSeq = 0;
  const lines = entries.flatMap(({ fact, by, at, seq }) => {
    const isOpening = fact.kind === 'stock_changed';
    if (isOpening) fromSeq ||= seq;
    return sealFacts(head, by, at, [isOpening ? { ...fact, quantity: '9999' } : fact]).map(({ entry, line }) => {
      head = { device: entry.device, seq: entry.seq, hash: entry.hash };
      return line.toString('utf8');
    });
  });
  await writeFile(path, lines.join(''));
  for (const name of ['heads.json', 'heads.copy.json', 'authority'])
    await rm(join(laptop.folder, name), { recursive: true, force: true });
  return { fromSeq, lines: lines.length };
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
});
