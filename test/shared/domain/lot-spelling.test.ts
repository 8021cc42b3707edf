import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { bookLine, bookNow, linesInBin } from '../../../shared/domain/balance.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { changed, counted, created, createHistory, figures, place, posted, review, submitted } from './history.ts';

const opening = (quantity: string, lot: string): Fact => ({ ...changed(quantity, { reason: 'opening' }), lot }) as Fact;
const scanned = (quantity: string, lot: string): Fact => ({ ...counted(quantity), lot });

describe('lots in two spellings', () => {
  test('L521 a lot scanned with Caps Lock on is the line that the book expects, under the spelling first seen', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, opening('5', 'AB-07'));
    history.say(2, scanned('3', 'ab-07'));
    history.say(3, scanned('2', ' Ab-07 '));
    history.say(4, submitted());
    const state = history.state();
    expect(figures(state)).toMatchObject([{ counted: '5', atCount: '5', variance: '0' }]);
    expect(review(state).map(({ lot }) => lot)).toEqual(['AB-07']);
    expect(linesInBin(state.books, 'A-1')).toHaveLength(1);
  });

  test('L521 a scan of one spelling is taken back under the other, and goes', () => {
    const history = createHistory();
    history.say(0, created());
    const first = history.say(1, scanned('3', 'ab-07'));
    history.say(2, scanned('2', 'AB-07'));
    history.say(3, {
      kind: 'count_voided',
      ...place(),
      voids: first.id,
      was: { kind: 'counted', item: 'TEA', lot: 'AB-07', quantity: '3' },
    });
    history.say(4, submitted());
    expect(figures(history.state())).toMatchObject([{ counted: '2' }]);
  });

  test('L522 a journal that counted and posted one lot as two lines has both in one, and posting is done once', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, scanned('5', 'AB-07'));
    history.say(2, scanned('3', 'ab-07'));
    history.say(3, submitted());
    const [line] = review(history.state());
    if (!line) return expect.fail('no line');
    const as = (lot: string, quantity: bigint) => posted([{ ...line, lot, counted: quantity, variance: quantity }]);
    history.say(4, as('AB-07', 500_000n), { by: 'mia' });
    history.say(5, as('ab-07', 300_000n), { by: 'mia' });
    history.say(6, as('AB-07', 500_000n), { by: 'mia' });
    history.say(7, as('ab-07', 300_000n), { by: 'mia' });
    const book = bookLine(history.state().books, { item: 'TEA', bin: 'A-1', lot: 'Ab-07' });
    expect(formatQuantity(bookNow(book))).toBe('8');
    expect(unpackState(packState(history.state()))).toEqual(history.state());
    return undefined;
  });

  test('L521 however each lot is spelled, the figures are those of one spelling', () => {
    const spelled = fc.constantFrom('ab-ö', 'AB-Ö', 'Ab-O\u0308', ' ab-ö', 'AB-Ö ');
    const step = fc.tuple(fc.constantFrom('count', 'stock'), fc.integer({ min: 1, max: 9 }), spelled);
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const told = (lotOf: (lot: string) => string) => {
          const history = createHistory();
          history.say(0, created());
          for (const [at, [what, quantity, lot]] of steps.entries())
            history.say(
              at + 1,
              what === 'count' ? scanned(String(quantity), lotOf(lot)) : opening(String(quantity), lotOf(lot)),
            );
          history.say(20, submitted());
          history.say(21, posted(review(history.state())), { by: 'mia' });
          const state = history.state();
          return [figures(state), linesInBin(state.books, 'A-1').map(bookNow)];
        };
        expect(told((lot) => lot)).toEqual(told(() => 'AB-Ö'));
      }),
    );
  });

  test('L523 a serial in other letters is the same piece, and goes with its void once', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, counted('1', { serial: 'sn-7' }));
    const again = history.say(2, counted('1', { serial: 'SN-7' }));
    history.say(3, {
      kind: 'count_voided',
      ...place(),
      voids: again.id,
      was: { kind: 'counted', item: 'TEA', quantity: '1', serial: 'SN-7' },
    });
    const sheet = history.state().stocktakes.get('s1')?.sheets.get('1|A-1');
    expect([...(sheet?.lines.values() ?? [])].map(({ serials }) => serials)).toEqual([['sn-7']]);
  });
});
