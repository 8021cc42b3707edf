import { describe, expect, test } from 'vitest';
import { binsCountedBlind, maySeeBook } from '../../../renderer/ledger/see-book.ts';
import { code, freshPage, openedStocktake, scan, unwrap, type Page } from './page.ts';

const BIN = 'A-1';

/** What a person is told wherever a figure of the book is shown: in Items, and when they move stock out of the bin. */
async function seen(page: Page, role: 'counter' | 'lead' | 'approver' | 'admin'): Promise<string> {
  await page.enter(role);
  const book = page.ledger.bookOf('TEA');
  return book.ok ? 'shown' : book.error.code;
}

/** Moves more than there is: whether that is said tells what the book has. */
async function isToldOfTooMuch(page: Page, role: 'counter' | 'approver'): Promise<boolean> {
  await page.enter(role);
  const moved = unwrap(await page.ledger.moveStock({ item: 'TEA', from: BIN, to: 'B-9', quantity: 9_900_000n }));
  unwrap(await page.ledger.moveStock({ item: 'TEA', from: 'B-9', to: BIN, quantity: 9_900_000n }));
  return moved.fromBookNegative;
}

describe('blindness', () => {
  test('L741 a blind bin shows no book to who counts it until what was handed in is decided', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await page.enter('counter');
    unwrap(await page.ledger.openBin(place));
    unwrap(await page.ledger.recordCount(place, scan()));
    expect([await seen(page, 'counter'), await seen(page, 'lead')]).toEqual(['hidden', 'hidden']);
    expect(await isToldOfTooMuch(page, 'counter')).toBe(false);
    expect(await isToldOfTooMuch(page, 'approver')).toBe(true);
    await page.enter('counter');
    unwrap(await page.ledger.finishBin(place));
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    expect([await seen(page, 'counter'), await seen(page, 'approver')]).toEqual(['hidden', 'shown']);
    expect(await isToldOfTooMuch(page, 'counter')).toBe(false);
    await page.enter('approver');
    const lines = unwrap(page.ledger.review(batch)).lines;
    unwrap(await page.ledger.decide(batch, lines, 'hold'));
    expect(await seen(page, 'counter')).toBe('hidden');
    await page.enter('approver');
    unwrap(await page.ledger.decide(batch, lines, 'recount'));
    expect(await seen(page, 'counter')).toBe('hidden');
    await page.enter('approver');
    unwrap(await page.ledger.decide(batch, lines, 'approve'));
    unwrap(await page.ledger.post(batch));
    expect([await seen(page, 'counter'), await seen(page, 'lead')]).toEqual(['shown', 'shown']);
    expect(await isToldOfTooMuch(page, 'counter')).toBe(true);
  });

  test('L742 an approver who counts a blind bin sees no book of it either, another approver does', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await page.enter('approver');
    expect(page.ledger.bookOf('TEA').ok).toBe(true);
    unwrap(await page.ledger.recordCount(place, scan()));
    expect(code(page.ledger.bookOf('TEA'))).toBe('hidden');
    expect(await isToldOfTooMuch(page, 'approver')).toBe(false);
    const other = { id: 'other', name: 'Other', roles: ['approver' as const], active: true };
    expect(maySeeBook(page.ledger.state(), other, BIN)).toBe(true);
    expect(maySeeBook(page.ledger.state(), undefined, BIN)).toBe(false);
    await page.enter('approver');
    unwrap(await page.ledger.finishBin(place));
    unwrap(await page.ledger.submit(place.stocktake, 1));
    expect(code(page.ledger.bookOf('TEA'))).toBe('hidden');
  });

  test('L743 an open stocktake shows the book to everybody', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page, { blind: false });
    await page.enter('counter');
    unwrap(await page.ledger.recordCount(place, scan()));
    expect([await seen(page, 'counter'), await isToldOfTooMuch(page, 'counter')]).toEqual(['shown', true]);
  });

  test('U776 while an approver counts a bin blind no review and no evidence shows it, until it is handed in', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const beside = { ...place, bin: 'A-2' };
    await page.enter('counter');
    for (const one of [place, beside]) {
      unwrap(await page.ledger.recordCount(one, scan('TEA', 700_000n)));
      unwrap(await page.ledger.finishBin(one));
    }
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    await page.enter('approver');
    const review = () => unwrap(page.ledger.review(batch));
    const evidence = async () => (await page.ledger.evidence('TEA')).map(({ entry }) => entry.fact);
    const whole = review();
    const told = await evidence();
    expect(whole.lines.map(({ bin }) => bin)).toEqual(['A-1', 'A-2']);
    const first = whole.lines.filter(({ bin }) => bin === 'A-1');
    unwrap(await page.ledger.decide(batch, first, 'recount'));
    unwrap(await page.ledger.decide(batch, whole.lines.slice(1), 'approve'));
    const again = { ...place, pass: 2 };
    unwrap(await page.ledger.openBin(again));
    const left = review();
    expect([left.lines.map(({ bin }) => bin), left.hidden]).toEqual([['A-2'], ['A-1']]);
    expect(review()).toBe(left);
    expect((await evidence()).filter((fact) => 'bin' in fact && fact.bin === 'A-1')).toEqual([]);
    expect(await evidence()).toHaveLength(told.filter((fact) => !('bin' in fact) || fact.bin !== 'A-1').length);
    // What is worked out from movements stands on all of them.
    expect((await page.ledger.movementsOf('TEA')).map(({ fact }) => fact.kind)).toEqual(['stock_changed']);
    unwrap(await page.ledger.recordCount(again, scan('TEA', 900_000n)));
    unwrap(await page.ledger.finishBin(again));
    expect(review().hidden).toEqual(['A-1']);
    // Another approver sees all of it.
    const other = { id: 'other', name: 'Other', roles: ['approver' as const], active: true };
    expect(binsCountedBlind(page.ledger.state(), other).size).toBe(0);
    unwrap(await page.ledger.submit(place.stocktake, 2));
    expect(review().lines.map(({ bin }) => bin)).toEqual(['A-1', 'A-2']);
    expect(review()).not.toHaveProperty('hidden');
    expect((await evidence()).length).toBeGreaterThan(told.length);
  });

  test('U777 what is hidden in a review is not posted along with the rest, and an open stocktake hides nothing', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await page.enter('counter');
    unwrap(await page.ledger.recordCount(place, scan()));
    unwrap(await page.ledger.finishBin(place));
    const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
    await page.enter('approver');
    unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'approve'));
    const bins = ['A-1'];
    const blind = unwrap(await page.ledger.createStocktake({ name: 'Spot', blind: true, bins })).stocktake;
    unwrap(await page.ledger.openBin({ ...place, stocktake: blind }));
    expect(code(await page.ledger.post(batch))).toBe('nothing_to_post');
    unwrap(await page.ledger.skipBin({ ...place, stocktake: blind }, 'blocked'));
    unwrap(await page.ledger.submit(blind, 1));
    const open = unwrap(await page.ledger.createStocktake({ name: 'Open', blind: false, bins })).stocktake;
    unwrap(await page.ledger.openBin({ ...place, stocktake: open }));
    expect(code(await page.ledger.post(batch))).toBe('ok');
  });
});
