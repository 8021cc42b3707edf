import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { packState } from '../../../shared/domain/checkpoint.ts';
import { rebuild } from '../../../renderer/ledger/projection.ts';
import { nextTask } from '../../../renderer/ledger/next-task.ts';
import type { Copy } from '../../../renderer/ledger/copy.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { err } from '../../../shared/domain/result.ts';
import { does } from '../../electron/host/bench.ts';
import { code, expectSame, freshPage, newLaptop, openedStocktake, scan, startPage, total, unwrap } from './page.ts';

describe('opening the ledger', () => {
  test('L120 a start from a checkpoint, and the entries after it, equals a start from every entry', async () => {
    const laptop = await newLaptop();
    const first = await startPage(laptop);
    const place = await openedStocktake(first);
    for (let at = 0; at < 30; at += 1) unwrap(await first.ledger.recordCount(place, scan(`I${at}`)));
    await first.close();
    // What the host sealed at its close comes in with the next start.
    await (await startPage(laptop)).close();
    const second = await startPage(laptop);
    expect(await second.copy.readCheckpoint()).toEqual(packState(await rebuild(second.copy)));
    unwrap(await second.ledger.undo(place));
    unwrap(await second.ledger.moveStock({ item: 'TEA', from: 'A-1', to: 'A-2', quantity: 100_000n }));
    expect(second.ledger.state()).toEqual(await rebuild(second.copy));
    await second.close();
  });

  test('L845 a start that had to fold much keeps what it computed, before anything is said', async () => {
    const laptop = await newLaptop();
    const first = await startPage(laptop);
    const place = await openedStocktake(first);
    const facts = Array.from({ length: 2_000 }, (_, at): Fact => {
      return { kind: 'counted', ...place, item: `I${at}`, quantity: '1', how: 'scan' };
    });
    // Sealed, and heard by no page before the next start.
    await does(first.running, 'append', { facts });
    await first.close();
    const second = await startPage(laptop);
    await vi.waitFor(async () =>
      expect(await second.copy.readCheckpoint()).toEqual(packState(await rebuild(second.copy))),
    );
    await second.close();
  });

  test('L121 a checkpoint of another ledger, or one that cannot be read, is not used', async () => {
    const laptop = await newLaptop();
    const first = await startPage(laptop);
    const place = await openedStocktake(first);
    unwrap(await first.ledger.recordCount(place, scan()));
    await first.copy.writeCheckpoint(['{"torn']);
    await first.running.close();
    await first.copy.close();
    const second = await startPage(laptop);
    expect(total(second, place)).toBe(1);
    const foreign = packState(second.ledger.state()).map((page) =>
      page.replaceAll(/"hash":"[0-9a-f]{64}"/g, `"hash":"${'0'.repeat(64)}"`),
    );
    await second.copy.writeCheckpoint(foreign);
    await second.running.close();
    await second.copy.close();
    const third = await startPage(laptop);
    expect(third.ledger.state()).toEqual(await rebuild(third.copy));
  });

  test('L122 the books of the running page equal the books computed anew, whatever was done', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const action = fc.constantFrom(
      'scan',
      'type',
      'undo',
      'redo',
      'empty',
      'skip',
      'move',
      'unknown',
      'open',
      'finish',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(action, fc.nat(2)), { maxLength: 25 }), async (script) => {
        await Promise.all(
          script.map(([what, item]) => {
            const name = ['TEA', 'OIL', 'tea'][item] ?? '';
            switch (what) {
              case 'scan':
                return page.ledger.recordCount(place, scan(name));
              case 'type':
                return page.ledger.setCount(place, { item: name, quantity: 500_000n, entered: '5' });
              case 'undo':
                return page.ledger.undo(place);
              case 'redo':
                return page.ledger.redo(place);
              case 'empty':
                return page.ledger.confirmEmpty(place);
              case 'skip':
                return page.ledger.skipBin(place, 'blocked');
              case 'move':
                return page.ledger.moveStock({ item: name, from: 'A-2', to: 'A-1', quantity: 100_000n });
              case 'unknown':
                return page.ledger.recordUnknown(place, `c${item}`, 100_000n);
              case 'open':
                return page.ledger.openBin(place);
              default:
                return page.ledger.finishBin(place);
            }
          }),
        );
        expect(page.ledger.state()).toEqual(await rebuild(page.copy));
      }),
      { numRuns: 30 },
    );
    await expectSame(page);
  });

  test('L123 a copy that stops taking entries: what the journal has is saved, the rest waits, and it goes on without a restart', async () => {
    const laptop = await newLaptop();
    let isFull = false;
    const copy = (real: Copy): Copy => ({
      ...real,
      insert: async (entries) => (isFull ? err({ code: 'not_stored', detail: 'quota' }) : real.insert(entries)),
    });
    const page = await startPage(laptop, { copy });
    const place = await openedStocktake(page);
    isFull = true;
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('ok');
    expect(total(page, place)).toBe(1);
    expect(page.ledger.status().problem).toMatchObject({ code: 'not_stored' });
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('not_stored');
    isFull = false;
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('ok');
    expect([total(page, place), page.ledger.status().problem]).toEqual([2, undefined]);
    await expectSame(page);
    await page.close();
    const again = await startPage(laptop);
    expect(again.ledger.healing()).toEqual([]);
    expect(total(again, place)).toBe(2);
  });

  test('L124 screens hear of every change, once for all that happens in one turn', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    let heard = 0;
    const stop = page.ledger.subscribe(() => (heard += 1));
    const before = page.ledger.version();
    await Promise.all(Array.from({ length: 50 }, () => page.ledger.recordCount(place, scan())));
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThan(50);
    expect(page.ledger.version()).toBeGreaterThan(before);
    stop();
    heard = 0;
    unwrap(await page.ledger.recordCount(place, scan()));
    expect(heard).toBe(0);
    expect(page.ledger.status()).toMatchObject({ pending: 0, waitingToSend: 0 });
  });

  test('L650 a scan tells the screens once, and nothing of it is waiting any more by then', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await nextTask();
    const told: { pending: number; total: number | undefined }[] = [];
    page.ledger.subscribe(() => told.push({ pending: page.ledger.status().pending, total: total(page, place) }));
    for (let scans = 1; scans <= 5; scans += 1) {
      unwrap(await page.ledger.recordCount(place, scan()));
      await nextTask();
      expect(told).toHaveLength(scans);
      expect(told.at(-1)).toEqual({ pending: 0, total: scans });
    }
    unwrap(await page.ledger.recordCount(place, scan()));
    page.ledger.tell();
    expect(told.at(-1)).toEqual({ pending: 0, total: 6 });
    await nextTask();
    expect(told).toHaveLength(6);
    await does(page.running, 'signOut', {});
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('not_signed_in');
    await nextTask();
    expect(told).toHaveLength(7);
  });

  test('L125 the catalogue is the newest imported files, with the codes taught since', async () => {
    const page = await freshPage();
    const item = (sku: string, code: string) => ({
      sku,
      name: sku,
      barcodes: [{ code }],
      unit: 'each',
      precision: 0,
      tracking: 'none',
    });
    async function take(what: 'items' | 'bins', rows: readonly unknown[]) {
      const { file } = await does(page.running, 'beginCatalogueFile', { what });
      await does(page.running, 'appendCatalogueRows', {
        file,
        lines: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
        rows: rows.length,
      });
      const { sha256 } = await does(page.running, 'sealCatalogueFile', { file });
      unwrap(
        await page.ledger.appendFacts([
          { kind: 'catalogue_imported', what, sha256, rows: rows.length, source: 'test.csv' },
        ]),
      );
      await page.ledger.reloadCatalogue();
    }
    await take('items', [item('TEA', '4006381333931')]);
    await take('bins', [{ code: 'A-1', label: 'A-1', site: 'Main', zone: 'A', walk: 1 }]);
    await take('items', [item('TEA', '4006381333931'), item('OIL', '5000112637922')]);
    unwrap(await page.ledger.appendFacts([{ kind: 'barcode_taught', item: 'OIL', barcode: { code: 'OLD-1' } }]));
    await page.ledger.reloadCatalogue();
    const catalogue = page.ledger.catalogue();
    expect([catalogue.itemCount, catalogue.bin('a-1')?.site, page.ledger.catalogueReady()]).toEqual([2, 'Main', true]);
    expect(catalogue.find(['c:OLD-1']).map((match) => match.item.sku)).toEqual(['OIL']);
  });

  test('L126 the evidence of an item is everything that was said about it, what was taken back too', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    unwrap(await page.ledger.recordCount(place, scan()));
    unwrap(await page.ledger.undo(place));
    unwrap(await page.ledger.recordCount(place, scan('OIL')));
    // Whoever counts the bin blind is told nothing of it.
    await page.enter('approver');
    expect((await page.ledger.evidence('tea')).map(({ entry }) => entry.fact.kind)).toEqual([
      'stock_changed',
      'counted',
      'count_voided',
    ]);
  });
});
