import { describe, expect, test } from 'vitest';
import { IDBFactory } from 'fake-indexeddb';
import { firstBroken } from '../../../renderer/ledger/chain.ts';
import type { Copy } from '../../../renderer/ledger/copy.ts';
import { readable } from '../../../renderer/ledger/rows.ts';
import { entryId, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { newLaptop, openedStocktake, openPageCopy, startPage, unwrap, type Laptop, type Page } from './page.ts';

/** A laptop with a ledger too long to be checked before the first screen. */
async function longLedger(): Promise<Laptop> {
  const laptop = await newLaptop();
  const page = await startPage(laptop);
  const place = await openedStocktake(page);
  for (let call = 0; call < 3; call += 1)
    unwrap(
      await page.ledger.appendFacts(
        Array.from({ length: 1900 }, (_, at) => ({
          kind: 'counted' as const,
          ...place,
          item: `I${at}`,
          quantity: '1',
          how: 'scan' as const,
        })),
      ),
    );
  await page.close();
  return laptop;
}

/** The laptop itself, as its entries name it. */
async function own(page: Page): Promise<string> {
  return (await page.copy.devices())[0] ?? '';
}

/** A copy that notes which sequences a check read from it, and tells when it has read all. */
function watched(): { watch(copy: Copy): Copy; readonly seen: number[]; readonly all: Promise<void> } {
  const seen: number[] = [];
  let isAll = (): void => undefined;
  const all = new Promise<void>((resolve) => (isAll = resolve));
  return {
    seen,
    all,
    watch: (copy) => ({
      ...copy,
      async nextRows(afterId, count) {
        const rows = await copy.nextRows(afterId, count);
        seen.push(...rows.map(({ seq }) => seq));
        if (rows.length === 0) isAll();
        return rows;
      },
    }),
  };
}

describe('the check behind the screens', () => {
  test('L652 reads every row once, and finds nothing in a whole copy', async () => {
    const laptop = await longLedger();
    const { watch, seen, all } = watched();
    const page = await startPage(laptop, { copy: watch });
    const { entries } = page.ledger.status();
    await all;
    expect(entries).toBeGreaterThan(5700);
    expect(seen).toEqual(Array.from({ length: entries }, (_, at) => at + 1));
    expect(page.ledger.healing()).toEqual([]);
    await page.close();
  });

  test('L652 what is done aside is not done here, and done here when it breaks off', async () => {
    const laptop = await longLedger();
    const first = watched();
    const asked: unknown[] = [];
    const aside = await startPage(laptop, {
      copy: first.watch,
      checkAside: async ({ gaps }) => {
        asked.push(gaps);
        return 17;
      },
    });
    await expect.poll(() => aside.ledger.healing()).toMatchObject([{ note: 'page_copy_damaged', restored: 0 }]);
    expect([asked, first.seen]).toEqual([[[]], []]);
    await aside.close();

    const second = watched();
    let isStopped = (): boolean => false;
    const again = await startPage(laptop, {
      copy: second.watch,
      checkAside: async (_, stop) => {
        isStopped = () => stop.aborted;
        throw new Error('no worker');
      },
    });
    await second.all;
    expect(second.seen).toHaveLength(again.ledger.status().entries);
    expect([again.ledger.healing(), isStopped()]).toEqual([[], false]);
    await again.close();
    expect(isStopped()).toBe(true);
  });

  test('L653 rows that are joined while they are read are read once all the same', async () => {
    const laptop = await longLedger();
    const page = await startPage(laptop);
    const entries = readable(await page.copy.entriesAfter(entryId(await own(page), 0), 700));
    const device = await own(page);
    await page.close();
    for (const joinAt of [1, 250, 333]) {
      const { copy } = await openPageCopy(new IDBFactory());
      for (const entry of entries) unwrap(await copy.insert([entry]));
      const read: LedgerEntry[] = [];
      let isJoined = false;
      for (let after = entryId(device, 0); ;) {
        const rows = await copy.nextRows(after, 7);
        read.push(...readable(rows));
        const last = rows.at(-1);
        if (!last) break;
        after = last.id;
        if (isJoined || last.seq < joinAt) continue;
        isJoined = true;
        await copy.tidy(async () => undefined);
      }
      expect(read).toEqual(entries);
      expect(await firstBroken(copy, { device })).toBeUndefined();
      await copy.dropAfter(entryId(device, 600));
      expect((await copy.nextRows(entryId(device, 590), 20)).map(({ seq }) => seq).at(-1)).toBe(600);
      await copy.close();
    }
  });
});
