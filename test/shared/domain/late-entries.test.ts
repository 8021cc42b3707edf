import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { comparePlaces } from '../../../shared/domain/ledger-order.ts';
import { emptyLedgerState, foldLedger, placeOf } from '../../../shared/domain/ledger-state.ts';
import { formatQuantity, quantityOf } from '../../../shared/domain/quantity.ts';
import type { ReviewLine } from '../../../shared/domain/variance.ts';
import {
  book,
  changed,
  counted,
  created,
  createHistory,
  minute,
  place as spot,
  posted as postedLines,
  review,
  submitted,
} from './history.ts';
import { morning, oneStep } from './random-history.ts';
import { unordered } from './unordered.ts';
import { clocks, hearing, takeIn, world } from './worlds.ts';

const longSteps = fc.array(oneStep, { minLength: 5, maxLength: 60, size: 'max' });

/** The same entries in pieces: each device's in its sequence, devices in turns as `order` says, so many at a time. */
function pieces(entries: readonly LedgerEntry[], order: readonly (readonly [number, number])[]): LedgerEntry[][] {
  const devices = [...new Set(entries.map((entry) => entry.device))];
  const chains = devices.map((device) => entries.filter((entry) => entry.device === device));
  const made: LedgerEntry[][] = [];
  for (let at = 0; chains.some((chain) => chain.length > 0); at += 1) {
    const waiting = chains.filter((chain) => chain.length > 0);
    const [which, count] = order[at % Math.max(order.length, 1)] ?? [0, 1];
    made.push(waiting[which % waiting.length]?.splice(0, count) ?? []);
  }
  return made;
}

describe('what is heard late', () => {
  test('L830 chains in pieces, in any order and under any clocks, have only their bins folded anew, and make the same state', () => {
    fc.assert(
      fc.property(
        longSteps,
        clocks,
        clocks,
        fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 })), { maxLength: 20 }),
        (script, skew, then, order) => {
          const entries = morning(script, skew, then);
          let laptop = { device: 'd9', held: new Map<string, LedgerEntry>(), state: emptyLedgerState() };
          for (const piece of pieces(entries, order)) {
            takeIn(laptop, piece);
            // A start in between reads a checkpoint.
            if (laptop.held.size % 3 === 0)
              laptop = { ...laptop, state: unpackState(packState(laptop.state)) ?? laptop.state };
          }
          expect(unordered(laptop.state)).toEqual(unordered(foldLedger(entries)));
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('L831 laptops that work apart under any clocks, and say what they heard, agree in the end, and all that they did is heard', () => {
    let posted = 0;
    let decided = 0;
    fc.assert(
      fc.property(worldSteps, clocks, clocks, (script, skew, then) => {
        const { laptops, said } = world(script, skew, then);
        const whole = unordered(foldLedger(said));
        for (const { state, held } of laptops) {
          expect(held.size).toBe(said.length);
          expect(unordered(state)).toEqual(whole);
        }
        // Nothing was said in a stocktake, or about a batch, that the ledger has not met before it.
        expect(whole.unheard.size).toBe(0);
        for (const entry of said) {
          const { fact } = entry;
          if (fact.kind !== 'lines_decided' && fact.kind !== 'lines_posted') continue;
          const batch = whole.batches.get(fact.batch);
          // What a match set apart goes with the match.
          if (batch === undefined) continue;
          expect(comparePlaces(batch.place, placeOf(whole, entry))).toBeLessThan(0);
          if (fact.kind === 'lines_posted') posted += 1;
          else decided += 1;
        }
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(posted, decided)).toBeGreaterThan(300);
  });

  test('L832 a late count leaves a posted book alone, and is shown', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('9', { reason: 'opening' }));
    history.say(2, { kind: 'heard', heads: [{ device: 'd1', seq: 2, hash: 'a'.repeat(64) }], at: minute(1) }, BEN);
    const early = history.say(3, counted('7'), BEN);
    history.say(4, counted('5'));
    history.say(5, submitted());
    const seen = review(foldLedger(history.entries.filter(({ id }) => id !== early.id)));
    history.say(6, { kind: 'lines_decided', batch: 'b1', decision: 'approve', lines: seen.map(sawOf) }, { by: 'mia' });
    history.say(7, postedLines(seen), { by: 'mia' });
    const before = foldLedger(history.entries.filter(({ id }) => id !== early.id));
    expect([book(before), review(before)[0]?.flags]).toEqual(['5', []]);
    takeIn(
      {
        device: 'd1',
        held: new Map(history.entries.filter(({ id }) => id !== early.id).map((one) => [one.id, one])),
        state: before,
      },
      [early],
    );
    const [line] = review(before);
    expect([book(before), line?.posted]).toEqual(['5', true]);
    expect(line?.flags).toContain('changed_since_posted');
    expect(line?.people).toHaveLength(2);
  });

  test('L833 what is counted after it was approved is not approved: somebody looks again', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('9', { reason: 'opening' }));
    history.say(4, counted('5'));
    history.say(5, submitted());
    const seen = review(history.state());
    history.say(6, { kind: 'lines_decided', batch: 'b1', decision: 'approve', lines: seen.map(sawOf) }, { by: 'mia' });
    expect(review(history.state())[0]?.decision?.decision).toBe('approve');
    history.say(7, counted('2'), BEN);
    const [line] = review(history.state());
    expect(line?.decision).toBeUndefined();
    expect(line?.flags).toContain('changed_since_decided');
    history.say(
      8,
      { kind: 'lines_decided', batch: 'b1', decision: 'approve', lines: review(history.state()).map(sawOf) },
      { by: 'mia' },
    );
    expect(review(history.state())[0]?.decision?.decision).toBe('approve');
  });

  test('L834 two laptops that handed in the same bin before they heard of each other both have a batch, and its lines are decided once', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('9', { reason: 'opening' }));
    history.say(2, counted('5'));
    history.say(3, counted('4'), BEN);
    history.say(4, submitted('b1', { bins: ['A-1'] }));
    history.say(4, submitted('b2', { bins: ['A-1'] }), BEN);
    expect([...history.state().batches].map(([id, { bins }]) => [id, bins])).toEqual([
      ['b1', ['A-1']],
      ['b2', ['A-1']],
    ]);
    const seen = review(history.state());
    history.say(5, { kind: 'lines_decided', batch: 'b2', decision: 'reject', lines: seen.map(sawOf) }, { by: 'mia' });
    for (const batch of ['b1', 'b2'])
      expect(review(history.state(), batch).map((line) => [line.counted, line.decision?.decision])).toEqual([
        [quantityOf('9'), 'reject'],
      ]);
  });

  test('L849 what is posted under a batch stands, also where an earlier count shows that its sheet had been handed in', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('9', { reason: 'opening' }));
    // Ben hands in both bins and has met only one; Cem, whom he has not heard, counted the other one before.
    history.say(2, counted('3', { bin: 'A-2' }), BEN);
    history.say(4, submitted('b1'), BEN);
    history.say(5, counted('5'), BEN);
    history.say(6, submitted('b2'), BEN);
    history.say(7, postedLines(review(history.state(), 'b2'), 'b2'), { by: 'mia' });
    const state = history.state();
    expect(book(state)).toBe('5');
    const laptop = { device: 'd1', held: new Map(history.entries.map((one) => [one.id, one])), state };
    takeIn(laptop, [history.say(3, counted('0'), { device: 'd3', by: 'cem' })]);
    const standing = review(state, 'b1').filter(({ posted }) => posted);
    expect([book(state), standing.map(({ bin }) => bin)]).toEqual(['5', ['A-1']]);
    expect(unordered(state)).toEqual(unordered(history.state()));
  });

  test('L835 of two people who counted one pile, one can be believed, until somebody counts on', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('9', { reason: 'opening' }));
    history.say(2, counted('5'));
    history.say(3, counted('4'), BEN);
    history.say(4, submitted());
    expect(review(history.state())).toMatchObject([{ counted: quantityOf('9'), flags: ['overlap'] }]);
    const saw = [
      { person: 'ana', counted: '5' },
      { person: 'ben', counted: '4' },
    ];
    history.say(5, { kind: 'overlap_settled', ...spot(), item: 'TEA', person: 'ben', saw }, { by: 'mia' });
    const state = unpackState(packState(history.state())) ?? emptyLedgerState();
    const [line] = review(state);
    expect(line).toMatchObject({ counted: quantityOf('4'), flags: [], settled: { person: 'ben', by: 'mia' } });
    history.say(
      6,
      { kind: 'lines_decided', batch: 'b1', decision: 'approve', lines: review(state).map(sawOf) },
      { by: 'mia' },
    );
    history.say(7, postedLines(review(history.state())), { by: 'mia' });
    expect([book(history.state()), review(history.state())[0]?.flags]).toEqual(['4', []]);
    history.say(8, counted('1'), BEN);
    expect(book(history.state())).toBe('4');
    expect(review(history.state())[0]?.flags).toEqual(['overlap', 'changed_since_posted']);
  });

  test('L836 who is believed is believed as of when they counted: what moved before the other one counted moved after it', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('9', { reason: 'opening' }));
    history.say(2, counted('5'));
    history.say(3, changed('-2'));
    history.say(4, counted('4'), BEN);
    history.say(5, submitted());
    const saw = [
      { person: 'ana', counted: '5' },
      { person: 'ben', counted: '4' },
    ];
    history.say(6, { kind: 'overlap_settled', ...spot(), item: 'TEA', person: 'ana', saw }, { by: 'mia' });
    const [line] = review(history.state());
    expect(line).toMatchObject({ counted: quantityOf('5'), bookThen: quantityOf('9'), resulting: quantityOf('3') });
    history.say(
      7,
      { kind: 'lines_decided', batch: 'b1', decision: 'approve', lines: review(history.state()).map(sawOf) },
      { by: 'mia' },
    );
    expect(review(history.state())[0]?.decision?.decision).toBe('approve');
    history.say(8, postedLines(review(history.state())), { by: 'mia' });
    expect(book(history.state())).toBe('3');
  });

  test('L837 a piece that two laptops scanned before they heard of each other is flagged wherever it counts twice', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(2, counted('1', { serial: 'SN-1' }));
    history.say(3, counted('1', { serial: 'SN-2' }));
    history.say(4, counted('1', { serial: 'sn-1' }), BEN);
    history.say(5, counted('1', { serial: 'SN-2', bin: 'A-2' }), BEN);
    history.say(6, counted('1', { serial: 'SN-3', item: 'OIL', bin: 'A-2' }), BEN);
    history.say(7, submitted());
    const flags = review(history.state()).map(({ item, bin, flags: of }) => [item, bin, of]);
    expect(flags).toEqual([
      ['TEA', 'A-1', ['overlap', 'serial_elsewhere', 'serial_twice']],
      ['TEA', 'A-2', ['serial_elsewhere']],
      ['OIL', 'A-2', []],
    ]);
  });

  test('L838 what one person counted on two laptops is flagged: nothing tells whether it is one pile', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(2, counted('5'));
    history.say(3, counted('5'), { device: 'd2', by: 'ana' });
    history.say(4, counted('5', { item: 'OIL' }));
    history.say(5, submitted());
    expect(review(history.state()).map(({ item, flags }) => [item, flags])).toEqual([
      ['TEA', ['two_laptops']],
      ['OIL', []],
    ]);
  });
});

const BEN = { device: 'd2', by: 'ben' };
/** More is counted, handed in, decided and posted than on any other morning, and mostly in the first pass. */
const worldSteps = fc.array(
  fc
    .record({
      step: oneStep,
      do: fc.option(fc.constantFrom('count', 'scan', 'submit', 'decide', 'decide', 'post'), { freq: 2 }),
      a: fc.constantFrom(0, 2, 4, 6, 8, 1, 3),
      hears: hearing,
    })
    .map(({ step, do: what, a, hears }) => ({ ...step, do: what ?? step.do, a, hears })),
  { minLength: 12, maxLength: 60, size: 'max' },
);

/** A line as a decision names it, with what was looked at. */
function sawOf({ item, bin, anchor, counted: figure }: ReviewLine) {
  return { item, bin, saw: { anchor, counted: formatQuantity(figure) } };
}
