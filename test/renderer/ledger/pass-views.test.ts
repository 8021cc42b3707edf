import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binsOfPass, passCoverage } from '../../../shared/domain/pass.ts';
import { freshPage, openedStocktake, scan } from './page.ts';

describe('the bins of a pass on the screen', () => {
  test('L651 what a screen shows of a pass is what the state says, after every change', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const action = fc.constantFrom('scan', 'open', 'undo', 'empty', 'skip', 'finish', 'unknown', 'move', 'hand in');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(action, fc.nat(3)), { maxLength: 12 }), async (script) => {
        for (const [what, number] of script) {
          const at = { ...place, bin: ['A-1', 'a-2', 'A-2', 'B-9'][number] ?? '' };
          if (what === 'scan') await page.ledger.recordCount(at, scan());
          if (what === 'open') await page.ledger.openBin(at);
          if (what === 'undo') await page.ledger.undo(at);
          if (what === 'empty') await page.ledger.confirmEmpty(at);
          if (what === 'skip') await page.ledger.skipBin(at, 'blocked');
          if (what === 'finish') await page.ledger.finishBin(at);
          if (what === 'unknown') await page.ledger.recordUnknown(at, 'X', 100_000n);
          if (what === 'move') await page.ledger.moveStock({ item: 'TEA', from: 'A-1', to: at.bin, quantity: 1n });
          if (what === 'hand in' && number === 0) await page.ledger.submit(place.stocktake, 1);
          const stocktake = page.ledger.state().stocktakes.get(place.stocktake);
          if (!stocktake) throw new Error('no stocktake');
          for (const pass of [1, 2])
            expect(page.ledger.pass(place.stocktake, pass)).toEqual({
              bins: binsOfPass(stocktake, pass),
              coverage: passCoverage(stocktake, pass),
            });
        }
      }),
      { numRuns: 25 },
    );
  });

  test('L651 a scan in an open bin leaves what is shown of the pass as it is, object and all', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const before = page.ledger.pass(place.stocktake, 1);
    await page.ledger.recordCount(place, scan());
    await page.ledger.recordUnknown(place, 'X', 100_000n);
    expect(page.ledger.pass(place.stocktake, 1)).toBe(before);
    await page.ledger.finishBin(place);
    expect(page.ledger.pass(place.stocktake, 1)).not.toBe(before);
    expect(page.ledger.pass('no such stocktake', 1)).toBeUndefined();
  });
});
