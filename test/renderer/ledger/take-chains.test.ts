import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntryRow } from '../../../renderer/ledger/collections.ts';
import type { Copy } from '../../../renderer/ledger/copy.ts';
import { openProjection, rebuild } from '../../../renderer/ledger/projection.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { bookLine, bookNow } from '../../../shared/domain/balance.ts';
import { err } from '../../../shared/domain/result.ts';
import { changed, counted } from '../../shared/domain/history.ts';
import { does } from '../../electron/host/bench.ts';
import { heldChains, minuteOf, type HeldChains } from './held-chains.ts';
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
  type Page,
} from './page.ts';

const [BEN, CEM] = ['!ben', '~cem'];

/** Takes in what the host holds now, as after a hand-over. */
async function takeAll(page: Page): Promise<number> {
  return unwrap(await page.ledger.takeChains(unwrap(await page.host.whoIsHere({})).journal));
}

async function opened(between: HeldChains['between'] & { copy?: (copy: Copy) => Copy } = {}) {
  const laptop = await newLaptop();
  const page = await startPage(laptop, between);
  const place = await openedStocktake(page, { blind: false });
  return { laptop, page, place, base: minuteOf(laptop.clock.now()) };
}

const book = (page: Page, bin: string) =>
  formatQuantity(bookNow(bookLine(page.ledger.state().books, { item: 'TEA', bin, lot: undefined })));

describe('taking other laptops’ chains into the running page', () => {
  test('L820 what was taken from others is counted in at once, whatever their clocks, and so is what is said after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.constantFrom('ben', 'cem', 'own', 'take', 'pass', 'undo'), fc.integer({ min: -90, max: 90 })),
          {
            minLength: 4,
            maxLength: 16,
          },
        ),
        async (script) => {
          const chains = heldChains();
          const { laptop, page, place } = await opened(chains.between);
          for (const [what, skew] of script) {
            const at = minuteOf(laptop.clock.now()) + skew;
            const there = { stocktake: place.stocktake };
            if (what === 'ben') chains.say(BEN, at, { ...counted('1'), ...there });
            else if (what === 'cem') chains.say(CEM, at, changed('2', { reason: 'receipt' }));
            else if (what === 'own') unwrap(await page.ledger.recordCount(place, scan()));
            else if (what === 'undo') await page.ledger.undo(place);
            else if (what === 'pass') laptop.clock.pass(60_000);
            else await takeAll(page);
          }
          await takeAll(page);
          expect(page.ledger.state()).toEqual(await rebuild(page.copy));
          expect(await takeAll(page)).toBe(0);
          await expectSame(page);
          const seen = page.ledger.lines(place).map((line) => line.counted);
          expect(seen).toEqual([...(page.ledger.sheet(place)?.lines.values() ?? [])].map((line) => line.counted));
          await page.close();
          const again = await startPage(laptop, chains.between);
          expect(again.ledger.healing()).toEqual([]);
          expect(again.ledger.state()).toEqual(await rebuild(again.copy));
          await again.close();
        },
      ),
      { numRuns: 8 },
    );
  });

  test('L821 scans go on while a long chain is taken in, and none is lost or shown twice', async () => {
    const chains = heldChains();
    const { page, place, base } = await opened(chains.between);
    for (let at = 0; at < 6000; at += 1)
      chains.say(BEN, base + at / 100, changed('1', { bin: 'A-2', reason: 'receipt' }));
    const taken = takeAll(page);
    const scans = await Promise.all(Array.from({ length: 40 }, () => page.ledger.recordCount(place, scan())));
    expect(scans.map(code)).toEqual(scans.map(() => 'ok'));
    expect(await taken).toBe(6000);
    expect([total(page, place), book(page, 'A-2')]).toEqual([40, '6000']);
    expect(page.ledger.state()).toEqual(await rebuild(page.copy));
  });

  test('L822 a start from a checkpoint, and the entries of every chain after it, equals a start from every entry', async () => {
    const chains = heldChains();
    const { laptop, page, place, base } = await opened(chains.between);
    for (let at = 0; at < 10; at += 1) chains.say(BEN, base + at, { ...counted('1'), stocktake: place.stocktake });
    await takeAll(page);
    await page.close();
    // Between the two starts: what belongs after the checkpoint, and what belongs before it.
    chains.say(BEN, base + 100, changed('3', { reason: 'receipt' }));
    const later = await startPage(laptop, chains.between);
    expect(later.ledger.state()).toEqual(await rebuild(later.copy));
    expect(book(later, 'A-1')).toBe('13');
    await later.close();
    chains.say(CEM, base + 1, changed('4', { reason: 'receipt' }));
    const late = await startPage(laptop, chains.between);
    expect(late.ledger.state()).toEqual(await rebuild(late.copy));
    expect(book(late, 'A-1')).toBe('17');
    await late.close();
  });

  test('L843 more late entries than are held at once give the same, from every row in the order of the ledger', async () => {
    const chains = heldChains();
    const { laptop, page, place, base } = await opened(chains.between);
    for (let at = 0; at < 30; at += 1)
      chains.say(at % 2 === 0 ? BEN : CEM, base - at, { ...counted('1'), stocktake: place.stocktake });
    await page.close();
    const later = await startPage(laptop, chains.between);
    const { device } = unwrap(await later.host.whoIsHere({})).journal;
    const whole = await rebuild(later.copy);
    const before = new Map<string, number>();
    for (const most of [0, 7, 29, 30]) {
      const projection = await openProjection(
        { ...later.copy, readCheckpoint: async () => undefined },
        device,
        () => undefined,
        undefined,
        most,
      );
      expect(projection.ledger()).toEqual(whole);
      before.set(String(most), projection.ledger().entries);
    }
    expect(new Set(before.values()).size).toBe(1);
    await later.close();
  });

  test('L823 what is refused of a laptop never counts, from the moment the host says so, and is known all the same', async () => {
    const chains = heldChains();
    const { laptop, page, base } = await opened(chains.between);
    for (let at = 0; at < 6; at += 1) chains.say(BEN, base + at, changed('1', { bin: 'A-2', reason: 'receipt' }));
    chains.refused.set(BEN, { refused: [2] });
    expect(await takeAll(page)).toBe(6);
    expect([book(page, 'A-2'), page.ledger.state().devices.get(BEN)?.seq]).toEqual(['5', 6]);
    await page.close();
    const again = await startPage(laptop, chains.between);
    expect(book(again, 'A-2')).toBe('5');
    // Its laptop is revoked: what it said since the fourth entry counts no more.
    chains.refused.set(BEN, { refused: [2], refusedFrom: 4 });
    expect(await takeAll(again)).toBe(0);
    expect(book(again, 'A-2')).toBe('2');
    await again.close();
    // A checkpoint of what counted then is of no use once it does not.
    chains.refused.set(BEN, { refusedFrom: 2 });
    const last = await startPage(laptop, chains.between);
    expect([book(last, 'A-2'), last.ledger.state().devices.get(BEN)?.seq]).toEqual(['1', 6]);
    chains.refused.delete(BEN);
    await takeAll(last);
    expect(last.ledger.state()).toEqual(await rebuild(last.copy));
    expect(book(last, 'A-2')).toBe('6');
  });

  test('L824 a person takes back on a laptop only what they said on it, in the order in which they said it', async () => {
    const chains = heldChains();
    const { laptop, page, place, base } = await opened(chains.between);
    const me = laptop.crew.byRole.lead;
    unwrap(await page.ledger.recordCount(place, scan()));
    laptop.clock.pass(60_000);
    const there = chains.say(BEN, base + 5, { ...counted('7'), stocktake: place.stocktake }, me);
    await takeAll(page);
    expect(total(page, place)).toBe(8);
    const { undone } = unwrap(await page.ledger.undo(place));
    expect([undone.device === there.device, total(page, place)]).toEqual([false, 7]);
    expect(code(await page.ledger.undo(place))).toBe('nothing_to_undo');
    const { redone } = unwrap(await page.ledger.redo(place));
    expect([redone.device === there.device, total(page, place)]).toEqual([false, 8]);
    expect(code(await page.ledger.redo(place))).toBe('nothing_to_undo');
  });

  test('L825 the entries of all chains are told, without the numbers that any laptop lost', async () => {
    const chains = heldChains();
    const { page, base } = await opened(chains.between);
    const before = page.ledger.status().entries;
    for (let at = 0; at < 5; at += 1) chains.say(BEN, base + at, changed('1', { reason: 'receipt' }));
    const { journal } = unwrap(await page.host.whoIsHere({}));
    const prev = '0'.repeat(64);
    const listed = (journal.chains ?? []).map((chain) => ({
      ...chain,
      gaps: [{ fromSeq: 2, toSeq: 3, knownSeq: 3, prev }],
    }));
    expect(unwrap(await page.ledger.takeChains({ ...journal, chains: listed }))).toBe(5);
    expect(page.ledger.status().entries).toBe(before + 3);
  });

  test('L826 a page that missed a hand-over catches up with it, and shows it in its evidence', async () => {
    const chains = heldChains();
    const { page, place, base } = await opened(chains.between);
    chains.say(BEN, base + 1, { ...counted('2'), stocktake: place.stocktake });
    chains.say(CEM, base - 200, changed('1', { reason: 'receipt' }));
    const sealed = await does(page.running, 'append', {
      facts: [{ kind: 'stock_changed', item: 'TEA', bin: 'A-1', quantity: '5', reason: 'receipt' }],
    });
    expect(sealed.entries).toHaveLength(1);
    expect(unwrap(await page.ledger.catchUp())).toBe(3);
    expect(unwrap(await page.ledger.catchUp())).toBe(0);
    expect([book(page, 'A-1'), total(page, place)]).toEqual(['16', 2]);
    const said = (await page.ledger.evidence('tea')).map(({ entry }) => entry.device);
    expect([said[0], said.at(-1)]).toEqual([CEM, BEN]);
    expect((await page.ledger.movementsOf('TEA')).map(({ device }) => device)[0]).toBe(CEM);
    expect(page.ledger.state()).toEqual(await rebuild(page.copy));
  });

  test('L827 a copy that takes nothing refuses a hand-over, shows nothing of it, and takes it in later', async () => {
    const chains = heldChains();
    let isFull = false;
    const copy = (real: Copy): Copy => ({
      ...real,
      insert: async (entries) => (isFull ? err({ code: 'not_stored', detail: 'quota' }) : real.insert(entries)),
    });
    const { page, place, base } = await opened({ ...chains.between, copy });
    // Ben's clock is ahead, so what is said here belongs before it.
    chains.say(BEN, base + 90, changed('1', { reason: 'receipt' }));
    await takeAll(page);
    chains.say(BEN, base + 91, changed('1', { reason: 'receipt' }));
    isFull = true;
    const { journal } = unwrap(await page.host.whoIsHere({}));
    expect(code(await page.ledger.takeChains(journal))).toBe('not_stored');
    expect(page.ledger.state().devices.get(BEN)?.seq).toBe(1);
    // Saved in the journal, and shown, though it belongs before what was folded and the copy does not have it.
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('ok');
    expect([total(page, place), book(page, 'A-1')]).toEqual([1, '11']);
    isFull = false;
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('ok');
    expect(await takeAll(page)).toBe(1);
    expect([total(page, place), book(page, 'A-1'), page.ledger.status().problem]).toEqual([2, '12', undefined]);
    expect(page.ledger.state()).toEqual(await rebuild(page.copy));
    await expectSame(page);
  });

  test('L828 chains too long for the first screen are checked behind it, each from its beginning to its end', async () => {
    const chains = heldChains();
    const { laptop, page, base } = await opened(chains.between);
    for (let at = 0; at < 5100; at += 1) chains.say(BEN, base + at / 100, changed('1', { reason: 'receipt' }));
    chains.say(CEM, base, changed('1', { reason: 'receipt' }));
    await takeAll(page);
    await page.close();
    const asked: string[] = [];
    const whole = await startPage(laptop, {
      ...chains.between,
      checkAside: async ({ device }) => {
        asked.push(device);
        return undefined;
      },
    });
    await expect.poll(() => asked).toEqual([BEN]);
    await whole.close();
    const { copy, storage } = await openPageCopy(laptop.factory);
    const rows = storage.rows<EntryRow>('ledger');
    const [first] = await rows.after('', 1);
    if (first)
      await rows.replace([first.id], [{ ...first, text: first.text.replace('"quantity":"1"', '"quantity":"9"') }]);
    await copy.close();
    const altered = await startPage(laptop, chains.between);
    await expect.poll(() => altered.ledger.healing()).toMatchObject([{ note: 'page_copy_damaged', restored: 0 }]);
    await altered.close();
    const mended = await startPage(laptop, { ...chains.between, checkAll: true });
    expect(mended.ledger.healing()).toEqual([{ from: 'journal', restored: 5100, note: 'page_copy_damaged' }]);
    expect(mended.ledger.state()).toEqual(await rebuild(mended.copy));
  });

  test('L829 what belongs before others’ entries while the copy cannot be read is saved, and shown once it can be', async () => {
    const chains = heldChains();
    let isBroken = false;
    const copy = (real: Copy): Copy => ({
      ...real,
      entriesAfter: async (afterId, limit) => {
        if (isBroken) throw new Error('planted');
        return real.entriesAfter(afterId, limit);
      },
      byBins: async (bins) => {
        if (isBroken) throw new Error('planted');
        return real.byBins(bins);
      },
    });
    const { page, place, base } = await opened({ ...chains.between, copy });
    chains.say(BEN, base + 90, changed('1', { reason: 'receipt' }));
    await takeAll(page);
    isBroken = true;
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('not_stored');
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('not_stored');
    expect(total(page, place)).toBeUndefined();
    isBroken = false;
    // The first was saved before the copy failed; the second was not taken, and nothing of it is anywhere.
    expect(code(await page.ledger.recordCount(place, scan()))).toBe('ok');
    expect([total(page, place), page.ledger.status().problem]).toEqual([2, undefined]);
    expect(page.ledger.state()).toEqual(await rebuild(page.copy));
    await expectSame(page);
  });
});
