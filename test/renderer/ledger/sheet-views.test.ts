import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookNow, linesInBin } from '../../../shared/domain/balance.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { freshPage, openedStocktake, scan, type Page, type PLACE } from './page.ts';

/** What a screen shows of a sheet, computed from nothing but the state. */
function shownAnew(page: Page, place: typeof PLACE) {
  const seen = page.ledger.sheet(place)?.lines;
  const expected = linesInBin(page.ledger.state().books, place.bin).filter((line) => bookNow(line) !== 0n);
  return {
    lines: [...(seen?.values() ?? [])].toSorted((left, right) => right.order - left.order),
    notSeen: expected.filter((line) => !seen?.has(lineKey(line))).map(({ item, lot }) => ({ item, lot })),
  };
}

describe('the sheet on the screen', () => {
  test('L170 what a screen shows of a sheet is what the state says, after every change', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const other = { ...place, bin: 'A-2' };
    const action = fc.constantFrom('scan', 'type', 'undo', 'redo', 'empty', 'move', 'stock', 'other', 'away');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(action, fc.nat(3)), { maxLength: 12 }), async (script) => {
        for (const [what, number] of script) {
          const item = ['TEA', 'OIL', 'tea', 'RICE'][number] ?? '';
          if (what === 'scan') await page.ledger.recordCount(place, scan(item));
          if (what === 'type') await page.ledger.setCount(place, { item, quantity: 500_000n, entered: '5' });
          if (what === 'undo') await page.ledger.undo(place);
          if (what === 'redo') await page.ledger.redo(place);
          if (what === 'empty') await page.ledger.confirmEmpty(place);
          if (what === 'move') await page.ledger.moveStock({ item, from: 'A-1', to: 'A-2', quantity: 100_000n });
          if (what === 'stock')
            await page.ledger.appendFacts([
              { kind: 'stock_changed', item, bin: 'A-1', quantity: '1', reason: 'correction' },
            ]);
          if (what === 'other') await page.ledger.recordCount(other, scan(item));
          const at = what === 'away' ? other : place;
          expect({ lines: page.ledger.lines(at), notSeen: page.ledger.notSeen(at) }).toEqual(shownAnew(page, at));
        }
      }),
      { numRuns: 25 },
    );
  });
});
