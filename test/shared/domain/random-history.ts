import fc from 'fast-check';
import { emptyLedgerState, fold, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { findSheet } from '../../../shared/domain/stocktake.ts';
import { toReversedLine } from '../../../shared/domain/reversal.ts';
import { matchOf } from '../../../shared/domain/unknown-code.ts';
import {
  againOf,
  changed,
  counted,
  created,
  createHistory,
  emptied,
  minute,
  place,
  posted,
  review,
  submitted,
  voidOf,
} from './history.ts';

/** One step of a random morning; numbers choose among what is possible then. */
export type Step = { do: string; a: number; b: number; c: number; device: number; minutes: number };

const KINDS = [
  'change',
  'late',
  'move',
  'late move',
  'count',
  'scan',
  'scan',
  'unknown',
  'match',
  'match',
  'unmatch',
  'propose',
  'empty',
  'void',
  'again',
  'submit',
  'post',
  'reverse',
  'decide',
  'skip',
  'create',
];
const ITEMS = ['TEA', 'oil', 'OIL'];
const BINS = ['A-1', 'a-2'];

export const oneStep = fc.record({
  do: fc.constantFrom(...KINDS),
  a: fc.nat(9),
  b: fc.nat(9),
  c: fc.integer({ min: -400_000, max: 400_000 }),
  device: fc.nat(2),
  minutes: fc.integer({ min: 1, max: 9 }),
});
export const steps = fc.array(oneStep, { minLength: 1, maxLength: 45 });

function unknownAt(state: LedgerState, { stocktake, pass, bin, code }: ReturnType<typeof place> & { code: string }) {
  const found = state.stocktakes.get(stocktake);
  return found && findSheet(found, pass, bin)?.unknowns.get(code);
}

const pick = <Value>(values: readonly Value[], at: number): Value | undefined => values[at % values.length];

/** What a person on one laptop has before them when they take a step. */
export type Desk = {
  readonly state: LedgerState;
  /** What this laptop said itself. */
  readonly own: readonly LedgerEntry[];
  readonly voided: Set<string>;
  readonly said: Set<string>;
  /** Minutes since eight, by the right time. */
  readonly now: number;
  /** Names a new batch, or what may become one. */
  newBatch(): string;
};

/** The fact of a step, as the page would make it and the host accept it; nothing when there is nothing to do. */
export function factOf(step: Step, { state, own, voided, said, now, newBatch }: Desk): Fact | undefined {
  const item = pick(ITEMS, step.a) ?? '';
  const bin = pick(BINS, step.b) ?? '';
  const quantity = formatQuantity(BigInt(step.c));
  const happenedAt = minute(Math.max(0, now - step.a * 7));
  const spot = { item, bin, stocktake: `s${step.b % 2}`, pass: 1 + (step.a % 2) };
  switch (step.do) {
    case 'create':
      return created(`s${step.b % 2}`, BINS);
    case 'change':
      return changed(quantity, { item, bin });
    case 'late':
      return changed(quantity, { item, bin, happenedAt });
    case 'move':
    case 'late move':
      return {
        kind: 'stock_moved',
        item,
        from: bin,
        to: pick(BINS, step.b + 1) ?? '',
        quantity,
        ...(step.do === 'late move' && { happenedAt }),
      };
    case 'count':
      return counted(quantity, spot);
    case 'scan':
      return counted('1', spot);
    case 'unknown':
      return { kind: 'unknown_scanned', ...place(spot), code: `c${step.a % 2}`, quantity: '1' };
    case 'propose':
    case 'match': {
      const code = `c${step.a % 2}`;
      const fact = { ...place(spot), code, item: pick(ITEMS, step.c < 0 ? -step.c : step.c) ?? '' };
      const unknown = unknownAt(state, { ...fact, code });
      if (!unknown || (step.do === 'match' && matchOf(unknown))) return undefined;
      const factor = step.c % 3 === 0 ? { factor: '12' } : {};
      const batch = newBatch();
      if (step.do === 'match') return { kind: 'unknown_matched', ...fact, ...factor, batch };
      return { kind: 'unknown_proposed', ...fact, ...factor };
    }
    case 'unmatch': {
      const code = `c${step.a % 2}`;
      const unknown = unknownAt(state, { ...place(spot), code });
      const match = unknown && (matchOf(unknown) ?? unknown.proposals[0]);
      if (!match) return undefined;
      const was = { code, item: match.item };
      return { kind: 'match_withdrawn', ...place(spot), withdraws: match.id, was, batch: newBatch() };
    }
    case 'empty':
      return emptied(spot);
    case 'skip':
      return { kind: 'bin_skipped', ...place(spot), reason: 'blocked' };
    case 'void': {
      const standing = own.filter(
        ({ id, fact }) => !voided.has(id) && ['counted', 'unknown_scanned', 'bin_confirmed_empty'].includes(fact.kind),
      );
      const target = pick(standing.toReversed(), step.a);
      if (!target) return undefined;
      voided.add(target.id);
      return voidOf(target);
    }
    case 'again': {
      const target = pick(own.filter(({ id }) => voided.has(id)).toReversed(), step.a);
      if (!target || said.has(target.id)) return undefined;
      said.add(target.id);
      return againOf(target);
    }
    case 'submit': {
      const { stocktake, pass } = spot;
      return submitted(newBatch(), { stocktake, pass, bins: step.c % 2 === 0 ? BINS : [bin] });
    }
    case 'reverse': {
      const posted = [...state.batches.keys()]
        .toSorted()
        .map((batch) => ({ batch, lines: review(state, batch).filter((line) => line.posted) }))
        .filter(({ lines }) => lines.length > 0);
      const found = pick(posted, step.a);
      const lines = (found?.lines ?? []).flatMap((line) => {
        const reversed = toReversedLine(state, found?.batch ?? '', line);
        return reversed.ok ? [reversed.value] : [];
      });
      if (found === undefined || lines.length === 0) return undefined;
      return { kind: 'lines_reversed', batch: newBatch(), reverses: found.batch, lines, reason: 'other' };
    }
    case 'decide':
    case 'post': {
      const batch = pick([...state.batches.keys()].toSorted(), step.a);
      const lines =
        batch === undefined ? [] : review(state, batch).filter((_, at) => step.b % 3 === 0 || at === step.b % 2);
      if (batch === undefined || lines.length === 0) return undefined;
      if (step.do === 'post') return posted(lines, batch);
      return {
        kind: 'lines_decided',
        batch,
        decision: step.b % 2 === 0 ? 'recount' : 'approve',
        lines: lines.map((line) => ({
          item: line.item,
          bin: line.bin,
          ...(step.c % 2 === 0 && { saw: { anchor: line.anchor, counted: formatQuantity(line.counted) } }),
        })),
      };
    }
  }
  return undefined;
}

/**
 * A morning on three laptops that know of each other, made of random steps: everything that the host would accept, in
 * ledger order, clocks right. `skew` (minutes by device) only shifts the times that are written; `then`: from the middle of
 * the morning on, when somebody sets the clocks.
 */
export function morning(
  script: readonly Step[],
  skew: readonly number[] = [0, 0, 0],
  then: readonly number[] = skew,
): LedgerEntry[] {
  const history = createHistory();
  const state = emptyLedgerState();
  const voided = new Set<string>();
  const said = new Set<string>();
  let now = 0;
  let batches = 0;
  const newBatch = (): string => {
    batches += 1;
    return `b${batches}`;
  };

  for (const [index, step] of [{ do: 'create', a: 0, b: 0, c: 0, device: 0, minutes: 1 }, ...script].entries()) {
    now += step.minutes;
    const device = `d${step.device}`;
    const own = history.entries.filter((entry) => entry.device === device);
    const fact = factOf(step, { state, own, voided, said, now, newBatch });
    if (fact === undefined) continue;
    const entry = history.say(now + ((index * 2 > script.length ? then : skew)[step.device] ?? 0), fact, {
      device,
      by: `p${step.device}`,
    });
    // Answers of the script come from what is known so far; with skewed clocks that is a guess, which is all they need.
    fold(state, entry);
  }
  return history.entries;
}
