import { describe, expect, test } from 'vitest';
import { binHold } from '../../../shared/domain/bin-hold.ts';
import type { Decision, Fact } from '../../../shared/domain/ledger-entry.ts';
import { changed, counted, created, createHistory, posted, review, submitted } from './history.ts';

const decided = (decision: Decision): Fact => ({
  kind: 'lines_decided',
  batch: 'b1',
  decision,
  lines: [{ item: 'tea', bin: 'a-1' }],
});

describe('what keeps a bin in use', () => {
  test('U582 a bin with stock, with an open count, or with a count that is not decided stays in use, and why is said', () => {
    const history = createHistory();
    const hold = (bin = 'a-1') => binHold(bin, history.state());
    expect(hold()).toBeUndefined();
    history.say(0, changed('10', { reason: 'opening' }));
    expect(hold()).toEqual({ code: 'bin_not_empty', items: 1 });
    expect(hold('Z-9')).toBeUndefined();
    history.say(1, created());
    const { name } = [...history.state().stocktakes.values()][0] ?? { name: '' };
    // Being counted comes first: whoever counts blind learns nothing of what lies there.
    expect(hold()).toEqual({ code: 'bin_being_counted', stocktake: name });
    history.say(2, counted('8'));
    history.say(3, submitted());
    expect(hold()).toEqual({ code: 'bin_undecided', stocktake: name });
    history.say(4, decided('approve'), { by: 'mia' });
    expect(hold()).toEqual({ code: 'bin_undecided', stocktake: name });
    history.say(5, posted(review(history.state())), { by: 'mia' });
    expect(hold()).toEqual({ code: 'bin_not_empty', items: 1 });
    history.say(6, changed('-8', { reason: 'issue' }));
    expect(hold()).toBeUndefined();
  });

  test('U582 a count that was rejected, and one of nothing, keep no bin', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, counted('8'));
    history.say(2, submitted());
    history.say(3, decided('reject'), { by: 'mia' });
    expect(binHold('A-1', history.state())).toBeUndefined();
    history.say(4, decided('recount'), { by: 'mia' });
    expect(binHold('A-1', history.state())).toMatchObject({ code: 'bin_being_counted' });
  });
});
