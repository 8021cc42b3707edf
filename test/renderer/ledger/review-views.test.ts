import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notCounted, reviewBatch, unknownCodes } from '../../../shared/domain/variance.ts';
import { ONE, quantityOf } from '../../../shared/domain/quantity.ts';
import { freshPage, openedStocktake, scan, unwrap, type Page, type PLACE } from './page.ts';

const ITEMS = ['TEA', 'OIL', 'RICE', 'WAX'];

/** A batch of two bins; OIL lies swapped between them, and a code nobody knows was met. An approver looks at it. */
async function handedIn(): Promise<{ page: Page; place: typeof PLACE; batch: string }> {
  const page = await freshPage();
  const place = await openedStocktake(page);
  const other = { ...place, bin: 'A-2' };
  for (const [bin, quantity] of [
    ['A-1', '3'],
    ['A-2', '4'],
  ] as const)
    unwrap(await page.ledger.appendFacts([{ kind: 'stock_changed', item: 'OIL', bin, quantity, reason: 'opening' }]));
  for (const item of ITEMS) unwrap(await page.ledger.recordCount(place, scan(item, quantityOf('4'))));
  for (const item of ['OIL', 'WAX']) unwrap(await page.ledger.recordCount(other, scan(item, quantityOf('3'))));
  unwrap(await page.ledger.recordUnknown(place, 'X-1', quantityOf('1')));
  for (const at of [place, other]) unwrap(await page.ledger.finishBin(at));
  const { batch } = unwrap(await page.ledger.submit(place.stocktake, 1));
  await page.enter('approver');
  return { page, place, batch };
}

/** What there is to review, computed from nothing but the state. */
function reviewedAnew(page: Page, id: string) {
  const { batches, stocktakes, books } = page.ledger.state();
  const batch = batches.get(id);
  if (!batch) throw new Error('no batch');
  return {
    lines: reviewBatch(batch, stocktakes, books),
    notCounted: notCounted(batch, stocktakes, books),
    unknown: unknownCodes(batch, stocktakes),
  };
}

describe('the review on the screen', () => {
  test('L654 what a screen shows of a batch is what the state says, after every change', async () => {
    const { page, place, batch } = await handedIn();
    expect(unwrap(page.ledger.review(batch)).lines.some(({ flags }) => flags.includes('swap'))).toBe(true);
    const action = fc.constantFrom(
      ...(['approve', 'hold', 'recount', 'undecided', 'post', 'move', 'stock', 'late', 'again'] as const),
      ...(['match', 'unmatch', 'propose'] as const),
    );
    const code = { place, code: 'X-1' };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(action, fc.nat(5)), { maxLength: 8 }), async (script) => {
        for (const [what, number] of script) {
          const { lines } = unwrap(page.ledger.review(batch));
          const line = lines[number];
          if (!line) throw new Error('no line');
          const { item, bin } = line;
          if (what === 'post') await page.ledger.post(batch);
          else if (what === 'move') await page.ledger.moveStock({ item, from: 'A-1', to: 'A-2', quantity: 100_000n });
          else if (what === 'late') {
            // Somebody else: who counts a bin blind does not see its review.
            await page.enter('counter');
            await page.ledger.recordCount({ ...place, pass: 2 }, scan(item));
            await page.enter('approver');
          } else if (what === 'again') await page.ledger.recordCount({ ...place, bin: 'B-7' }, scan(item));
          else if (what === 'match') await page.ledger.matchUnknown([{ ...code, item, factor: ONE }]);
          else if (what === 'propose') await page.ledger.proposeUnknown([{ ...code, item, factor: ONE }]);
          else if (what === 'unmatch') await page.ledger.withdrawMatch([code], 'match');
          else if (what === 'stock')
            await page.ledger.appendFacts([{ kind: 'stock_changed', item, bin, quantity: '1', reason: 'correction' }]);
          else await page.ledger.decide(batch, [line], what);
          expect(unwrap(page.ledger.review(batch))).toEqual(reviewedAnew(page, batch));
        }
      }),
      { numRuns: 12 },
    );
  });

  test('L654 a code that is matched or taken back changes its line in the review', async () => {
    const { page, place, batch } = await handedIn();
    const code = { place, code: 'X-1' };
    const tea = () => unwrap(page.ledger.review(batch)).lines.find(({ item }) => item === 'TEA')?.counted;
    expect(tea()).toBe(quantityOf('4'));
    unwrap(await page.ledger.matchUnknown([{ ...code, item: 'TEA', factor: quantityOf('12') }]));
    expect(tea()).toBe(quantityOf('16'));
    unwrap(await page.ledger.withdrawMatch([code], 'match'));
    expect(tea()).toBe(quantityOf('4'));
    expect(unwrap(page.ledger.review(batch))).toEqual(reviewedAnew(page, batch));
  });

  test('L654 a decision leaves the lines that it does not name, and everything else, as the same objects', async () => {
    const { page, place, batch } = await handedIn();
    const before = unwrap(page.ledger.review(batch));
    const [first, second] = before.lines;
    if (!first || !second) throw new Error('no lines');
    unwrap(await page.ledger.decide(batch, [first], 'approve'));
    const after = unwrap(page.ledger.review(batch));
    expect(after.lines[0]).toMatchObject({ key: first.key, decision: { decision: 'approve' } });
    for (const at of before.lines.keys()) if (at > 0) expect(after.lines[at]).toBe(before.lines[at]);
    expect([after.notCounted, after.unknown]).toEqual([before.notCounted, before.unknown]);
    expect(after.notCounted === before.notCounted && after.unknown === before.unknown).toBe(true);
    // Nothing was said about the batch: the view itself is the same.
    await page.enter('lead');
    unwrap(await page.ledger.recordCount({ ...place, bin: 'B-9' }, scan()));
    await page.enter('approver');
    expect(unwrap(page.ledger.review(batch))).toBe(after);
    expect(unwrap(await page.ledger.post(batch))).toEqual({ posted: 1 });
    const posted = unwrap(page.ledger.review(batch));
    expect(posted.lines[0]?.posted).toBe(true);
    expect(posted.lines.at(-1)).toBe(after.lines.at(-1));
  });

  test('U779 a line of a later pass that nobody asked for says so to whoever decides', async () => {
    const { page, place, batch } = await handedIn();
    const [tea] = unwrap(page.ledger.review(batch)).lines;
    if (!tea) throw new Error('no line');
    unwrap(await page.ledger.decide(batch, [tea], 'recount'));
    const again = { ...place, pass: 2 };
    await page.enter('counter');
    for (const item of ['TEA', 'OIL']) unwrap(await page.ledger.recordCount(again, scan(item)));
    unwrap(await page.ledger.finishBin(again));
    const second = unwrap(await page.ledger.submit(place.stocktake, 2)).batch;
    await page.enter('approver');
    const asked = (id: string) =>
      unwrap(page.ledger.review(id)).lines.map(({ item, flags }) => [item, !flags.includes('not_asked_for')]);
    expect(asked(second)).toEqual([
      ['TEA', true],
      ['OIL', false],
    ]);
    expect(asked(batch).every(([, isAsked]) => isAsked)).toBe(true);
    expect(asked(second)).toHaveLength(2);
    unwrap(await page.ledger.decide(batch, [tea], 'hold'));
    expect(asked(second)).toEqual([
      ['TEA', false],
      ['OIL', false],
    ]);
    unwrap(await page.ledger.decide(batch, [tea], 'recount'));
    expect(asked(second)[0]).toEqual(['TEA', true]);
  });
});
