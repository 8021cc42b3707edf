import fc from 'fast-check';
import { emptyLedgerState, fold, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { findSheet } from '../../../shared/domain/stocktake.ts';
import { matchOf } from '../../../shared/domain/unknown-code.ts';
import {
  againOf,
  changed,
  counted,
  created,
  createHistory,
  emptied,
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
  'decide',
  'skip',
  'create',
];
const ITEMS = ['TEA', 'oil', 'OIL'];
const BINS = ['A-1', 'a-2'];

export const steps = fc.array(
  fc.record({
    do: fc.constantFrom(...KINDS),
    a: fc.nat(9),
    b: fc.nat(9),
    c: fc.integer({ min: -400_000, max: 400_000 }),
    device: fc.nat(2),
    minutes: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 45 },
);

function unknownAt(state: LedgerState, { stocktake, pass, bin, code }: ReturnType<typeof place> & { code: string }) {
  const found = state.stocktakes.get(stocktake);
  return found && findSheet(found, pass, bin)?.unknowns.get(code);
}

const pick = <Value>(values: readonly Value[], at: number): Value | undefined => values[at % values.length];

/**
 * A morning on three laptops that know of each other, made of random steps: everything that the host would accept, in
 * ledger order, clocks right. `skew` (minutes by device) only shifts the times that are written.
 */
export function morning(script: readonly Step[], skew: readonly number[] = [0, 0, 0]): LedgerEntry[] {
  const history = createHistory();
  const state = emptyLedgerState();
  const voided = new Set<string>();
  const said = new Set<string>();
  let now = 0;
  let batches = 0;

  function say(step: Step, fact: Fact): void {
    const device = `d${step.device}`;
    const entry = history.say(now + (skew[step.device] ?? 0), fact, { device, by: `p${step.device}` });
    // Answers of the script come from what is known so far; with skewed clocks that is a guess, which is all they need.
    fold(state, entry);
  }

  for (const step of [{ do: 'create', a: 0, b: 0, c: 0, device: 0, minutes: 1 }, ...script]) {
    now += step.minutes;
    const item = pick(ITEMS, step.a) ?? '';
    const bin = pick(BINS, step.b) ?? '';
    const quantity = formatQuantity(BigInt(step.c));
    const happenedAt = new Date(
      Date.parse('2026-11-20T08:00:00.000Z') + Math.max(0, now - step.a * 7) * 60_000,
    ).toISOString();
    const spot = { item, bin, stocktake: `s${step.b % 2}`, pass: 1 + (step.a % 2) };
    switch (step.do) {
      case 'create':
        say(step, created(`s${step.b % 2}`, BINS));
        break;
      case 'change':
        say(step, changed(quantity, { item, bin }));
        break;
      case 'late':
        say(step, changed(quantity, { item, bin, happenedAt }));
        break;
      case 'move':
      case 'late move':
        say(step, {
          kind: 'stock_moved',
          item,
          from: bin,
          to: pick(BINS, step.b + 1) ?? '',
          quantity,
          ...(step.do === 'late move' && { happenedAt }),
        });
        break;
      case 'count':
        say(step, counted(quantity, spot));
        break;
      case 'scan':
        say(step, counted('1', spot));
        break;
      case 'unknown':
        say(step, { kind: 'unknown_scanned', ...place(spot), code: `c${step.a % 2}`, quantity: '1' });
        break;
      case 'propose':
      case 'match': {
        const code = `c${step.a % 2}`;
        const fact = { ...place(spot), code, item: pick(ITEMS, step.c < 0 ? -step.c : step.c) ?? '' };
        const unknown = unknownAt(state, { ...fact, code });
        if (!unknown || (step.do === 'match' && matchOf(unknown))) break;
        const factor = step.c % 3 === 0 ? { factor: '12' } : {};
        batches += 1;
        if (step.do === 'match') say(step, { kind: 'unknown_matched', ...fact, ...factor, batch: `b${batches}` });
        else say(step, { kind: 'unknown_proposed', ...fact, ...factor });
        break;
      }
      case 'unmatch': {
        const code = `c${step.a % 2}`;
        const unknown = unknownAt(state, { ...place(spot), code });
        const match = unknown && (matchOf(unknown) ?? unknown.proposals[0]);
        if (!match) break;
        batches += 1;
        const was = { code, item: match.item };
        say(step, { kind: 'match_withdrawn', ...place(spot), withdraws: match.id, was, batch: `b${batches}` });
        break;
      }
      case 'empty':
        say(step, emptied(spot));
        break;
      case 'skip':
        say(step, { kind: 'bin_skipped', ...place(spot), reason: 'blocked' });
        break;
      case 'void': {
        const own = history.entries.filter(
          ({ id, device, fact }) =>
            device === `d${step.device}` &&
            !voided.has(id) &&
            ['counted', 'unknown_scanned', 'bin_confirmed_empty'].includes(fact.kind),
        );
        const target = pick(own.toReversed(), step.a);
        if (!target) break;
        voided.add(target.id);
        say(step, voidOf(target));
        break;
      }
      case 'again': {
        const own = history.entries.filter(({ id, device }) => device === `d${step.device}` && voided.has(id));
        const target = pick(own.toReversed(), step.a);
        if (!target || said.has(target.id)) break;
        said.add(target.id);
        say(step, againOf(target));
        break;
      }
      case 'submit':
        batches += 1;
        say(
          step,
          submitted(`b${batches}`, {
            stocktake: spot.stocktake,
            pass: spot.pass,
            bins: step.c % 2 === 0 ? BINS : [bin],
          }),
        );
        break;
      case 'decide':
      case 'post': {
        const batch = pick([...state.batches.keys()], step.a);
        const lines =
          batch === undefined ? [] : review(state, batch).filter((_, at) => step.b % 3 === 0 || at === step.b % 2);
        if (batch === undefined || lines.length === 0) break;
        if (step.do === 'post') say(step, posted(lines, batch));
        else
          say(step, {
            kind: 'lines_decided',
            batch,
            decision: step.b % 2 === 0 ? 'recount' : 'approve',
            lines: lines.map((line) => ({ item: line.item, bin: line.bin })),
          });
      }
    }
  }
  return history.entries;
}
