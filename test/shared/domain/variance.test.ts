import { describe, expect, test } from 'vitest';
import { notCounted } from '../../../shared/domain/variance.ts';
import {
  book,
  changed,
  counted,
  created,
  createHistory,
  emptied,
  figures,
  minute,
  openedHistory,
  posted,
  review,
  submitted,
  voidOf,
} from './history.ts';

function post(history: ReturnType<typeof createHistory>, at: number, batch = 'b1') {
  history.say(at, posted(review(history.state(), batch), batch), { by: 'mia' });
}

describe('variance as of the count', () => {
  test('V1 counted before, after or between sales, the counter types what they see and the book ends at what is there', () => {
    // Eurostop's three cases: ten on the shelf, two really missing; two, none and three are sold after the count.
    const before = openedHistory();
    before.say(10, counted('8'));
    before.say(30, submitted());
    post(before, 40);
    expect(book(before.state())).toBe('8');

    const after = openedHistory();
    after.say(5, changed('-2'));
    after.say(10, counted('8'));
    after.say(30, submitted());
    expect(figures(after.state())[0]).toMatchObject({ atCount: '8', variance: '0' });
    post(after, 40);
    expect(book(after.state())).toBe('8');

    const between = openedHistory();
    between.say(5, changed('-2'));
    between.say(10, counted('8'));
    between.say(20, changed('-3'));
    between.say(30, submitted());
    expect(figures(between.state())[0]).toEqual({
      item: 'TEA',
      bin: 'A-1',
      counted: '8',
      atCount: '8',
      since: '-3',
      variance: '0',
      resulting: '5',
    });
    post(between, 40);
    expect(book(between.state())).toBe('5');
  });

  test('V2 a goods issue keyed late turns −920 into the true −20, posted or not', () => {
    const history = openedHistory('1000');
    history.say(10, counted('80'));
    history.say(11, submitted());
    expect(figures(history.state())[0]).toMatchObject({ atCount: '1000', variance: '-920' });
    history.say(20, changed('-900', { reason: 'issue', happenedAt: minute(5) }));
    expect(figures(history.state())[0]).toMatchObject({ atCount: '100', since: '0', variance: '-20', resulting: '80' });
    post(history, 30);
    expect(book(history.state())).toBe('80');
  });

  test('V3 a movement learned after the posting that happened before the count leaves the book as counted', () => {
    const history = openedHistory('1000');
    history.say(10, counted('80'));
    history.say(11, submitted());
    post(history, 15);
    history.say(20, changed('-900', { reason: 'issue', happenedAt: minute(5) }));
    expect(book(history.state())).toBe('80');
    history.say(21, changed('-3', { happenedAt: minute(12) }));
    expect(book(history.state())).toBe('77');
  });

  test('V4 a movement that happened at the very instant of the count is covered by it', () => {
    const history = openedHistory();
    history.say(10, counted('8'));
    history.say(20, changed('-2', { happenedAt: minute(10) }));
    history.say(30, submitted());
    expect(figures(history.state())[0]).toMatchObject({ atCount: '8', variance: '0', since: '0' });
    post(history, 40);
    history.say(50, changed('-1', { happenedAt: minute(10) }));
    expect(book(history.state())).toBe('8');
  });

  test('V5 the same count posted twice changes the book once', () => {
    const history = openedHistory();
    history.say(10, counted('8'));
    history.say(11, submitted());
    const lines = review(history.state());
    history.say(12, posted(lines));
    history.say(13, changed('5', { reason: 'receipt' }));
    history.say(14, posted(lines));
    expect(book(history.state())).toBe('13');
  });

  test('V6 an older count posted after a newer one changes nothing and is shown as superseded', () => {
    const history = openedHistory();
    history.say(2, created('s2'));
    history.say(10, counted('8'));
    history.say(20, changed('-1'));
    history.say(30, counted('6', { stocktake: 's2' }));
    history.say(31, submitted('b1'));
    history.say(32, submitted('b2', { stocktake: 's2' }));
    post(history, 40, 'b2');
    expect(review(history.state(), 'b1')[0]?.flags).toContain('superseded');
    post(history, 41, 'b1');
    expect(book(history.state())).toBe('6');
    expect(review(history.state(), 'b2')[0]?.flags).not.toContain('superseded');
  });

  test('V7 two stocktakes over one bin find one shortage once', () => {
    const history = openedHistory();
    history.say(2, created('s2'));
    history.say(10, counted('8'));
    history.say(30, counted('8', { stocktake: 's2' }));
    history.say(31, submitted('b1'));
    history.say(32, submitted('b2', { stocktake: 's2' }));
    post(history, 40, 'b1');
    expect(figures(history.state(), 'b2')[0]).toMatchObject({ atCount: '8', variance: '0' });
    post(history, 41, 'b2');
    expect(book(history.state())).toBe('8');
  });

  test('V8 what was counted while stock moved is marked, also when the movement is told late', () => {
    const history = openedHistory();
    history.say(10, counted('4'));
    history.say(12, changed('-1'));
    history.say(14, counted('4'));
    history.say(10, counted('4', { bin: 'A-2' }));
    history.say(14, counted('4', { bin: 'A-2' }));
    history.say(15, submitted());
    const flags = () =>
      Object.fromEntries(
        review(history.state()).map((line) => [line.bin, line.flags.includes('moved_while_counting')]),
      );
    expect(flags()).toEqual({ 'A-1': true, 'A-2': false });
    history.say(20, changed('-1', { bin: 'A-2', happenedAt: minute(9) }));
    expect(flags()['A-2']).toBe(false);
    history.say(21, changed('-1', { bin: 'A-2', happenedAt: minute(12) }));
    expect(flags()['A-2']).toBe(true);
  });

  test('V9 two people on one line are summed and shown as an overlap, until one of them takes theirs back', () => {
    const history = openedHistory();
    history.say(10, counted('5'), { by: 'ana' });
    const hers = history.say(11, counted('7'), { by: 'ben', device: 'd2' });
    history.say(12, submitted());
    const [line] = review(history.state());
    expect(line?.counted).toBe(1_200_000n);
    expect(line?.flags).toContain('overlap');
    expect(line?.people).toEqual([
      { person: 'ana', quantity: 500_000n },
      { person: 'ben', quantity: 700_000n },
    ]);
    history.say(13, voidOf(hers), { by: 'ben', device: 'd2' });
    expect(review(history.state())[0]).toMatchObject({
      counted: 500_000n,
      people: [{ person: 'ana', quantity: 500_000n }],
    });
    expect(review(history.state())[0]?.flags).not.toContain('overlap');
  });

  test('V10 a statement that a lead takes back leaves the person who made it, not a minus for the lead', () => {
    const history = openedHistory();
    history.say(10, counted('5'), { by: 'ana' });
    const wrong = history.say(11, counted('2'), { by: 'ana' });
    history.say(12, voidOf(wrong), { by: 'lea' });
    history.say(13, submitted());
    expect(review(history.state())[0]?.people).toEqual([{ person: 'ana', quantity: 500_000n }]);
  });

  test('V11 equal and opposite variances of one item in two bins are marked as a swap', () => {
    const history = openedHistory();
    history.say(2, changed('5', { bin: 'A-2', reason: 'opening' }));
    history.say(3, changed('5', { bin: 'A-2', item: 'OIL', reason: 'opening' }));
    history.say(10, counted('7'));
    history.say(11, counted('8', { bin: 'A-2' }));
    history.say(12, counted('4', { bin: 'A-2', item: 'OIL' }));
    history.say(13, submitted());
    expect(review(history.state()).map(({ item, bin, flags }) => [item, bin, flags.includes('swap')])).toEqual([
      ['TEA', 'A-1', true],
      ['TEA', 'A-2', true],
      ['OIL', 'A-2', false],
    ]);
  });

  test('V12 a recount is a pass of its own: it compares with the first, and posting it supersedes the first on purpose', () => {
    const history = openedHistory();
    history.say(10, counted('8'));
    history.say(11, submitted());
    history.say(
      12,
      { kind: 'lines_decided', batch: 'b1', decision: 'recount', lines: [{ item: 'TEA', bin: 'A-1' }] },
      { by: 'mia' },
    );
    history.say(13, changed('-1'));
    history.say(14, counted('8', { pass: 2 }), { by: 'ben' });
    history.say(15, submitted('b2', { pass: 2 }));
    const [again] = review(history.state(), 'b2');
    expect(again).toMatchObject({ passes: [800_000n, 800_000n], bookThen: 900_000n, variance: -100_000n, flags: [] });
    post(history, 16, 'b2');
    expect(book(history.state())).toBe('8');
    expect(review(history.state(), 'b1')[0]?.flags).toContain('superseded');
  });

  test('V13 a recount by the same person is marked', () => {
    const history = openedHistory();
    history.say(10, counted('8'), { by: 'ana' });
    history.say(11, submitted());
    history.say(14, counted('8', { pass: 2 }), { by: 'ana' });
    history.say(15, submitted('b2', { pass: 2 }));
    expect(review(history.state(), 'b2')[0]?.flags).toContain('same_person');
  });

  test('V14 blank is never zero: what the book expects and nobody counted is listed by name, and not posted', () => {
    const history = openedHistory();
    history.say(2, changed('3', { item: 'OIL', reason: 'opening' }));
    history.say(10, counted('8'));
    history.say(11, submitted());
    const { batches, stocktakes, books } = history.state();
    const batch = batches.get('b1');
    expect(batch && notCounted(batch, stocktakes, books)).toEqual([
      { item: 'OIL', bin: 'A-1', lot: undefined, book: 300_000n },
    ]);
    post(history, 12);
    expect(book(history.state(), { item: 'OIL' })).toBe('3');
  });

  test('V15 a bin confirmed empty is zero for everything the book expected there, and leaves nothing uncounted', () => {
    const history = openedHistory();
    history.say(2, changed('3', { item: 'OIL', reason: 'opening' }));
    history.say(10, emptied());
    history.say(11, submitted());
    history.say(12, changed('2', { item: 'SALT', reason: 'receipt' }));
    const state = history.state();
    expect(review(state).map(({ item, variance, flags }) => [item, variance, flags])).toEqual([
      ['TEA', -1_000_000n, ['confirmed_empty']],
      ['OIL', -300_000n, ['confirmed_empty']],
    ]);
    const batch = state.batches.get('b1');
    expect(batch && notCounted(batch, state.stocktakes, state.books)).toEqual([]);
    post(history, 13);
    expect([
      book(history.state()),
      book(history.state(), { item: 'OIL' }),
      book(history.state(), { item: 'SALT' }),
    ]).toEqual(['0', '0', '2']);
  });

  test('V16 a receipt told late, from before the bin was found empty, is missing there, though nothing was expected', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(10, emptied());
    history.say(11, submitted());
    expect(review(history.state())).toEqual([]);
    history.say(12, changed('1', { reason: 'receipt' }));
    expect(review(history.state())).toEqual([]);
    history.say(20, changed('4', { reason: 'receipt', happenedAt: minute(5) }));
    expect(figures(history.state())).toEqual([
      { item: 'TEA', bin: 'A-1', counted: '0', atCount: '4', since: '1', variance: '-4', resulting: '1' },
    ]);
    post(history, 21);
    expect(book(history.state())).toBe('1');
  });

  test('V17 an item that was down to zero when the bin was found empty is missing when a late receipt says so', () => {
    const history = openedHistory('2');
    history.say(2, changed('-2'));
    history.say(10, emptied());
    history.say(11, submitted());
    expect(review(history.state())).toEqual([]);
    history.say(20, changed('4', { reason: 'receipt', happenedAt: minute(5) }));
    expect(figures(history.state())).toMatchObject([{ counted: '0', atCount: '4', variance: '-4', resulting: '0' }]);
  });

  test('V19 what is counted in a bin after it was found empty stands alone, whatever is told late', () => {
    const history = openedHistory('2');
    history.say(2, changed('-2'));
    history.say(10, emptied());
    history.say(12, counted('3'));
    history.say(13, submitted());
    history.say(20, changed('4', { reason: 'receipt', happenedAt: minute(5) }));
    expect(figures(history.state())).toMatchObject([{ counted: '3', atCount: '4', variance: '-1' }]);
  });

  test('V18 a book below zero is marked', () => {
    const history = openedHistory('-2');
    history.say(10, counted('1'));
    history.say(11, submitted());
    expect(review(history.state())[0]).toMatchObject({ variance: 300_000n, flags: ['negative_book'] });
  });
});
