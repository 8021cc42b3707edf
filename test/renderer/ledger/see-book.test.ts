import { describe, expect, test } from 'vitest';
import { maySeeBook } from '../../../renderer/ledger/see-book.ts';
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
});
