import { describe, expect, test } from 'vitest';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import {
  emptyLedgerState,
  foldLate,
  foldLedger,
  refoldBins,
  type IsRefused,
} from '../../../shared/domain/ledger-state.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { unfoundedNow } from '../../../shared/domain/unfounded.ts';
import { book, changed, counted, created, createHistory, minute, posted, review, submitted } from './history.ts';

const BEN = { device: 'd2', by: 'ben' };
const MIA = { by: 'mia' };

/** Ben counts and hands in on his laptop; what he said is heard here, approved and posted. */
function morning() {
  const history = createHistory();
  history.say(0, created());
  history.say(1, changed('9', { reason: 'opening' }));
  const said = [history.say(2, counted('5'), BEN), history.say(3, submitted(), BEN)];
  const newest = said.at(-1);
  history.say(4, { kind: 'heard', heads: [{ device: 'd2', seq: 2, hash: newest?.hash ?? '' }], at: minute(4) }, MIA);
  const seen = review(history.state());
  const lines = seen.map(({ item, bin, anchor, counted: sum }) => ({
    item,
    bin,
    saw: { anchor, counted: formatQuantity(sum) },
  }));
  history.say(5, { kind: 'lines_decided', batch: 'b1', decision: 'approve', lines }, MIA);
  const posting = history.say(6, posted(seen), MIA);
  return { history, posting };
}

const isBen: IsRefused = ({ device }) => device === 'd2';

function ledger(entries: readonly LedgerEntry[], isRefused?: IsRefused) {
  const state = foldLedger(entries, isRefused);
  return {
    state,
    book: book(state),
    unfounded: unfoundedNow(state).map(({ entry, bin, counted: sum }) => [entry, bin, formatQuantity(sum)]),
  };
}

describe('what was posted and stands on nothing', () => {
  test('L847 a posting whose count no longer counts changes no book and is named, until the line is posted again', () => {
    const { history, posting } = morning();
    expect(ledger(history.entries)).toMatchObject({ book: '5', unfounded: [] });
    const shut = ledger(history.entries, isBen);
    expect(shut).toMatchObject({ book: '9', unfounded: [[posting.id, 'A-1', '5']] });
    expect(unpackState(packState(shut.state))).toEqual(shut.state);

    history.say(7, created('s2'), MIA);
    history.say(8, counted('4', { stocktake: 's2' }));
    expect(ledger(history.entries, isBen).unfounded).toHaveLength(1);
    history.say(9, submitted('b2', { stocktake: 's2' }));
    history.say(10, posted(review(foldLedger(history.entries, isBen), 'b2'), 'b2'), MIA);
    expect(ledger(history.entries, isBen)).toMatchObject({ book: '4', unfounded: [] });
  });

  test('L848 what a posting stands on may come later, and then it is in the book', () => {
    const { history } = morning();
    const state = emptyLedgerState();
    const here = history.entries.filter((entry) => !isBen(entry));
    foldLate(state, here);
    expect([book(state), unfoundedNow(state).length]).toEqual(['9', 1]);
    const stale = foldLate(state, history.entries.filter(isBen));
    refoldBins(state, stale, history.entries);
    expect([book(state), state.unfounded.size]).toEqual(['5', 0]);
    expect(state).toEqual(foldLedger(history.entries));
  });
});
