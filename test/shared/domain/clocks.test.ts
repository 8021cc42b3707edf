import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import { bookLine, bookNow } from '../../../shared/domain/balance.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import {
  book,
  changed,
  counted,
  created,
  createHistory,
  emptied,
  figures,
  minute,
  posted,
  review,
  submitted,
} from './history.ts';

const DAY = 24 * 60;

/** Everything up to the opening stock is said at the right time, the day before. */
function opened(quantity = '10') {
  const history = createHistory();
  history.say(-DAY, created());
  history.say(-DAY + 1, changed(quantity, { reason: 'opening' }));
  return history;
}
type History = ReturnType<typeof opened>;

function post(history: History, at: number) {
  history.say(at, submitted());
  history.say(at, posted(review(history.state())), { by: 'mia' });
}

describe('clocks that are wrong', () => {
  test('V612 a count stamped two days ahead swallows nothing that was sold after it, once the clock is right', () => {
    const history = opened();
    history.say(2 * DAY + 10, counted('10'));
    post(history, 2 * DAY + 11);
    // The clock is put right. Three are sold elsewhere at half past eight, and taken at nine.
    history.say(60, changed('-3', { happenedAt: minute(30) }));
    expect(book(history.state())).toBe('7');
  });

  test('V613 what was sold before a count of a clock that ran ahead is covered by it', () => {
    const history = opened();
    history.say(2 * DAY + 10, counted('8'));
    history.say(2 * DAY + 11, submitted());
    history.say(60, changed('-2', { happenedAt: minute(-DAY + 30) }));
    expect(figures(history.state())[0]).toMatchObject({ atCount: '10', since: '-2' });
    history.say(61, changed('-2', { happenedAt: minute(-DAY) }));
    expect(figures(history.state())[0]).toMatchObject({ atCount: '8', since: '-2' });
    expect(review(history.state())[0]?.flags).toContain('clock_ahead');
  });

  test('V614 what was told while the clock ran ahead is put right with it, posted or not, and in empty bins too', () => {
    for (const isPosted of [false, true]) {
      const history = opened();
      history.say(2 * DAY + 10, counted('10'));
      history.say(2 * DAY + 10, emptied({ bin: 'A-2' }));
      if (isPosted) post(history, 2 * DAY + 11);
      // Happened after the count in truth, and is told by the same wrong clock.
      history.say(2 * DAY + 40, changed('-3', { happenedAt: minute(30) }));
      history.say(60, changed('4', { bin: 'A-2', reason: 'receipt', happenedAt: minute(40) }));
      if (!isPosted) post(history, 61);
      expect([book(history.state()), book(history.state(), { bin: 'A-2' })]).toEqual(['7', '4']);
    }
  });

  test('V615 a clock set far back by mistake changes nothing about counts made before', () => {
    const history = opened();
    history.say(-60, changed('1', { reason: 'receipt' }));
    for (let at = 0; at < 20; at += 1) history.say(at * 4, counted('0', { item: 'OIL' }));
    history.say(80, counted('8'));
    history.say(-30 * DAY, { kind: 'bin_opened', stocktake: 's1', pass: 1, bin: 'A-2' });
    history.say(90, submitted());
    history.say(91, changed('-3', { happenedAt: minute(70) }));
    expect(figures(history.state()).find(({ item }) => item === 'TEA')).toMatchObject({ atCount: '8', since: '0' });
  });

  test('V616 whatever the clock jumps by before a stretch of work, up to three days, the book follows the true order', () => {
    const step = fc.record({
      do: fc.constantFrom('count', 'sale', 'late sale'),
      quantity: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 10, max: 3 * DAY }),
        (wrong, right, ahead) => {
          const history = opened('100');
          let shelf = 100;
          let now = 0;
          let batches = 0;
          const take = ({ do: what, quantity }: (typeof wrong)[number], skew: number) => {
            now += 2;
            if (what === 'count') {
              batches += 1;
              const stocktake = `c${batches}`;
              history.say(now + skew, created(stocktake));
              history.say(now + skew, counted(String(shelf), { stocktake }));
              history.say(now + skew, submitted(stocktake, { stocktake }));
              history.say(now + skew, posted(review(history.state(), stocktake), stocktake), { by: 'mia' });
              return;
            }
            shelf -= quantity;
            // Happened a minute ago by a clock that is right, and is told by this one.
            const more = what === 'late sale' ? { happenedAt: minute(now - 1) } : {};
            history.say(now + skew, changed(String(-quantity), more));
          };
          for (const one of wrong) take(one, ahead);
          for (const one of right) take(one, 0);
          history.say(now + 1, changed('0'));
          expect(book(history.state())).toBe(String(shelf));
          const read = unpackState(packState(history.state()));
          expect(read && formatQuantity(bookNow(bookLine(read.books, { item: 'TEA', bin: 'A-1' })))).toBe(
            String(shelf),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('movements that undo a variance', () => {
  const FOUND = [
    ['an order cancelled while the goods lay there', ['80995']],
    ['the same in two parts', ['80000', '995']],
    ['beside another sale', ['80995', '-7']],
    ['the other sign', ['-80995']],
  ] as const;

  test.each(FOUND)('V617 a line is marked when what moved after its count is just its variance: %s', (_, moves) => {
    for (const isPosted of [false, true]) {
      const history = opened('81500');
      history.say(2, changed('-80995'));
      history.say(10, counted('81500'));
      if (isPosted) post(history, 11);
      for (const [at, quantity] of moves.entries()) history.say(20 + at, changed(quantity, { reason: 'receipt' }));
      if (!isPosted) history.say(30, submitted());
      expect(review(history.state())[0]?.flags).toContain('moved_back');
    }
  });

  test('V618 other movements, and a count that agrees, mark nothing', () => {
    const history = opened();
    history.say(10, counted('8'));
    history.say(11, submitted());
    history.say(12, changed('-1'));
    history.say(13, changed('2', { reason: 'receipt', happenedAt: minute(5) }));
    history.say(14, changed('-7'));
    expect(review(history.state())[0]?.flags).not.toContain('moved_back');
    const agreed = opened();
    agreed.say(10, counted('10'));
    agreed.say(11, submitted());
    agreed.say(12, changed('-2'));
    agreed.say(13, changed('2', { reason: 'receipt' }));
    expect(review(agreed.state())[0]?.flags).toEqual([]);
  });
});
