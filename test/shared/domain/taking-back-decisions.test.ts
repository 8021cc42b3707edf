import { describe, expect, test } from 'vitest';
import { undoing } from '../../../shared/domain/batch.ts';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import type { Decision, Fact } from '../../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { changed, counted, created, createHistory, posted, review, submitted } from './history.ts';

const ITEMS = ['TEA', 'OIL', 'SALT', 'RICE'];
const keyOf = (item: string) => lineKey({ item, bin: 'A-1' });

function decided(decision: Decision, items: readonly string[], more: { act?: string; undoes?: string } = {}): Fact {
  return { kind: 'lines_decided', batch: 'b1', decision, lines: items.map((item) => ({ item, bin: 'A-1' })), ...more };
}

function handedIn() {
  const history = createHistory();
  history.say(0, created());
  for (const item of ITEMS) {
    history.say(1, changed('10', { item, reason: 'opening' }));
    history.say(2, counted('8', { item }));
  }
  history.say(3, submitted());
  return history;
}
type History = ReturnType<typeof handedIn>;

const words = (history: History) =>
  Object.fromEntries(review(history.state()).map(({ item, decision }) => [item, decision?.decision]));

/** Takes back what `person` decided last, as the page does it. */
function takeBack(history: History, at: number, person: string) {
  const state = unpackState(packState(history.state()));
  const batch = state?.batches.get('b1');
  const found = state && batch && undoing(batch, state.stocktakes, person);
  if (!found) return undefined;
  for (const { key, before } of found.lines) {
    const item = ITEMS.find((one) => keyOf(one) === key) ?? '';
    history.say(at, decided(before?.decision ?? 'undecided', [item], { undoes: found.act.id }), { by: person });
  }
  return { lines: found.lines.length, left: found.left };
}

describe('taking decisions back', () => {
  test('B600 one press is taken back as one, however many entries it took, and each line is again what it was', () => {
    const history = handedIn();
    history.say(4, decided('approve', ['TEA']), { by: 'mia' });
    history.say(5, decided('hold', ['TEA', 'OIL'], { act: 'bulk' }), { by: 'mia' });
    history.say(6, decided('hold', ['SALT', 'RICE'], { act: 'bulk' }), { by: 'mia' });
    expect(takeBack(history, 7, 'mia')).toEqual({ lines: 4, left: 0 });
    expect(words(history)).toEqual({ TEA: 'approve', OIL: undefined, SALT: undefined, RICE: undefined });
  });

  test('B601 taken back again, the press before it goes, until nothing is left', () => {
    const history = handedIn();
    history.say(4, decided('hold', ['TEA', 'OIL']), { by: 'mia' });
    history.say(5, decided('approve', ITEMS), { by: 'mia' });
    takeBack(history, 6, 'mia');
    expect(words(history)).toEqual({ TEA: 'hold', OIL: 'hold', SALT: undefined, RICE: undefined });
    takeBack(history, 7, 'mia');
    expect(Object.values(words(history))).toEqual([undefined, undefined, undefined, undefined]);
    expect(takeBack(history, 8, 'mia')).toBeUndefined();
  });

  test('B602 what somebody else decided since, and what is posted, stays and is counted', () => {
    const history = handedIn();
    history.say(4, decided('approve', ITEMS), { by: 'mia' });
    history.say(5, decided('reject', ['OIL']), { by: 'zoe' });
    history.say(6, posted(review(history.state()).filter(({ item }) => item === 'TEA')), { by: 'mia' });
    expect(takeBack(history, 7, 'mia')).toEqual({ lines: 2, left: 2 });
    expect(words(history)).toEqual({ TEA: 'approve', OIL: 'reject', SALT: undefined, RICE: undefined });
    expect(takeBack(history, 8, 'mia')).toBeUndefined();
    expect(takeBack(history, 9, 'zoe')).toEqual({ lines: 1, left: 0 });
    expect(review(history.state()).find(({ item }) => item === 'OIL')?.decision).toMatchObject({
      decision: 'approve',
      by: 'mia',
    });
  });

  test('B603 a recount that is taken back is asked for no longer', () => {
    const history = handedIn();
    history.say(4, decided('recount', ITEMS), { by: 'mia' });
    takeBack(history, 5, 'mia');
    expect(history.state().stocktakes.get('s1')?.recounts.get(2)?.size).toBe(0);
  });
});
