import fc from 'fast-check';
import { binsOf } from '../../../shared/domain/bins-of.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, fold, foldLate, refoldBins, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { createHistory } from './history.ts';
import { factOf, type Step } from './random-history.ts';

/** Minutes by which each laptop's clock is wrong. */
export const clocks = fc.tuple(
  fc.integer({ min: -180, max: 180 }),
  fc.integer({ min: -180, max: 180 }),
  fc.integer({ min: -180, max: 180 }),
);

/** A step on one laptop, after which it hears another one out, or not. */
export type WorldStep = Step & { readonly hears: number | null };

export const hearing = fc.option(fc.nat(2), { freq: 2 });

/** One laptop of a world: what it holds, and what it makes of it. */
export type Laptop = {
  readonly device: string;
  readonly held: Map<string, LedgerEntry>;
  readonly state: LedgerState;
};

/** Takes entries in as a page does: what is late has its bins folded anew from all entries that name them. */
export function takeIn({ held, state }: Laptop, entries: readonly LedgerEntry[]): void {
  const fresh = entries.filter(({ id }) => !held.has(id));
  for (const entry of fresh) held.set(entry.id, entry);
  const stale = foldLate(state, fresh);
  refoldBins(
    state,
    stale,
    [...held.values()].filter(({ fact }) => binsOf(fact).some((bin) => stale.has(bin))),
  );
}

/**
 * Three laptops that work apart, each with a clock of its own and with what it has heard, and hear each other out now and
 * then: whoever hears says so. In the middle of it somebody sets the clocks to `then`. In the end all of them have heard all. `said` has every entry.
 */
export function world(
  script: readonly WorldStep[],
  skew: readonly number[],
  then: readonly number[] = skew,
): { laptops: Laptop[]; said: LedgerEntry[] } {
  const history = createHistory();
  const laptops = [0, 1, 2].map((at): Laptop => ({ device: `d${at}`, held: new Map(), state: emptyLedgerState() }));
  const voided = new Set<string>();
  const redone = new Set<string>();
  let wrong = skew;
  let now = 0;
  let batches = 0;
  const newBatch = (): string => {
    batches += 1;
    return `b${batches}`;
  };

  function say(laptop: Laptop, at: number, fact: LedgerEntry['fact']): void {
    const entry = history.say(now + (wrong[at] ?? 0), fact, { device: laptop.device, by: `p${at}` });
    laptop.held.set(entry.id, entry);
    if (fold(laptop.state, entry) !== 'folded') throw new Error('what a laptop says itself comes last');
  }

  function hear(at: number, from: number): void {
    const [laptop, other] = [laptops[at], laptops[from]];
    if (!laptop || !other || at === from) return;
    const before = laptop.held.size;
    takeIn(laptop, [...other.held.values()].toReversed());
    if (laptop.held.size === before) return;
    const heads = [...laptop.state.devices].filter(([device]) => device !== laptop.device);
    const latest =
      heads
        .map(([, { orderedAt }]) => orderedAt)
        .toSorted()
        .at(-1) ?? '';
    say(laptop, at, {
      kind: 'heard',
      heads: heads.map(([device, { seq, hash }]) => ({ device, seq, hash })),
      at: latest,
    });
  }

  const opening: WorldStep[] = [
    { do: 'create', a: 0, b: 0, c: 0, device: 0, minutes: 1, hears: null },
    { do: 'create', a: 0, b: 1, c: 0, device: 0, minutes: 1, hears: null },
  ];
  for (const [index, step] of [...opening, ...script.filter((one) => one.do !== 'create')].entries()) {
    now += step.minutes;
    if (index * 2 > script.length) wrong = then;
    const laptop = laptops[step.device];
    if (!laptop) continue;
    if (step.hears !== null) hear(step.device, step.hears);
    const own = [...laptop.held.values()].filter(({ device }) => device === laptop.device);
    const fact = factOf(step, { state: laptop.state, own, voided, said: redone, now, newBatch });
    // Nobody counts in a stocktake of which they have not heard.
    const isKnown = fact === undefined || !('stocktake' in fact) || laptop.state.stocktakes.has(fact.stocktake ?? '');
    if (fact !== undefined && (index < opening.length || isKnown)) say(laptop, step.device, fact);
  }
  for (let round = 0; round < 3; round += 1)
    for (const at of [0, 1, 2])
      for (const from of [0, 1, 2]) takeIn(laptops[at] ?? missing(), [...(laptops[from]?.held.values() ?? [])]);
  return { laptops, said: history.entries };
}

function missing(): never {
  throw new Error('there are three laptops');
}
