import { describe, expect, test } from 'vitest';
import { holdsAnything } from '../../../shared/domain/batch.ts';
import type { Decision, Fact } from '../../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { book, changed, counted, created, createHistory, posted, review, sheetOf, submitted } from './history.ts';

const decided = (decision: Decision, batch = 'b1'): Fact => ({
  kind: 'lines_decided',
  batch,
  decision,
  lines: [{ item: 'tea', bin: 'a-1' }],
});
const KEY = lineKey({ item: 'TEA', bin: 'A-1' });

function handedIn() {
  const history = createHistory();
  history.say(0, created());
  history.say(1, changed('10', { reason: 'opening' }));
  history.say(2, counted('8'));
  history.say(3, submitted());
  return history;
}

describe('batches', () => {
  test('B1 a sheet is handed in once: the second press of the button makes no second batch', () => {
    const history = handedIn();
    history.say(3, submitted('b2'));
    const { batches } = history.state();
    expect([...batches.values()].filter(holdsAnything).map(({ id }) => id)).toEqual(['b1']);
    expect(batches.get('b1')?.bins).toEqual(['A-1']);
  });

  test('B2 bins handed in later make a batch of their own, without those handed in before', () => {
    const history = handedIn();
    history.say(4, counted('1', { bin: 'A-2' }));
    history.say(5, submitted('b2'));
    expect(history.state().batches.get('b2')?.bins).toEqual(['A-2']);
    expect(review(history.state(), 'b2').map((line) => line.bin)).toEqual(['A-2']);
  });

  test('B3 the newest decision about a line counts; "undecided" takes it back', () => {
    const history = handedIn();
    history.say(4, decided('hold'), { by: 'mia' });
    history.say(5, decided('approve'), { by: 'mia' });
    expect(review(history.state())[0]?.decision).toMatchObject({ decision: 'approve', by: 'mia' });
    history.say(6, decided('undecided'), { by: 'mia' });
    expect(review(history.state())[0]?.decision).toBeUndefined();
  });

  test('B4 a line sent for a recount is asked for in the next pass, until something else is decided', () => {
    const history = handedIn();
    history.say(4, decided('recount'), { by: 'mia' });
    expect(history.state().stocktakes.get('s1')?.recounts.get(2)).toEqual(new Set([KEY]));
    history.say(5, decided('approve'), { by: 'mia' });
    expect(history.state().stocktakes.get('s1')?.recounts.get(2)?.size).toBe(0);
  });

  test('B5 a posted line is past deciding', () => {
    const history = handedIn();
    history.say(4, posted(review(history.state())), { by: 'mia' });
    history.say(5, decided('recount'), { by: 'mia' });
    const [line] = review(history.state());
    expect(line).toMatchObject({ posted: true, decision: undefined });
    expect(history.state().stocktakes.get('s1')?.recounts.get(2)?.has(KEY) ?? false).toBe(false);
  });

  test('B8 a line is posted once: what was counted behind its back changes neither the book nor who posted it', () => {
    const history = handedIn();
    const lines = review(history.state());
    history.say(4, posted(lines), { by: 'mia' });
    history.say(5, changed('-1'));
    history.say(6, counted('5'), { by: 'ben', device: 'd2' });
    history.say(7, posted(review(history.state())), { by: 'zoe' });
    expect(book(history.state())).toBe('7');
    expect(sheetOf(history.state())?.posted.get(KEY)?.by).toBe('mia');
  });

  test('B6 only posting touches the book: handing in and approving do not', () => {
    const history = handedIn();
    history.say(4, decided('approve'), { by: 'mia' });
    expect(book(history.state())).toBe('10');
    history.say(5, posted(review(history.state())), { by: 'mia' });
    expect(book(history.state())).toBe('8');
  });

  test('B7 decisions and postings of a batch that nobody knows change nothing', () => {
    const history = handedIn();
    const lines = review(history.state());
    history.say(4, decided('approve', 'b9'));
    history.say(5, posted(lines, 'b9'));
    expect(book(history.state())).toBe('10');
    expect(history.state().batches.size).toBe(1);
  });
});
