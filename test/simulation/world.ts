import { createFaults, type FaultKind, type Faults } from './faults.ts';
import { createRandom, type Random } from './random.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** An invariant that did not hold. `rule`: I1 to I10. */
export type Violation = { readonly rule: string; readonly detail: string; readonly at: number };

/** What everything in one simulated world shares: true time, chance, what goes wrong, and what has been found wrong. */
export type World = {
  readonly seed: number;
  readonly timeline: Timeline;
  readonly faults: Faults;
  /** A stream of chance of its own for each name. */
  chance(name: string): Random;
  violate(rule: string, detail: string): void;
  violations(): readonly Violation[];
  trace(line: () => string): void;
  readonly counters: Counters;
};

/** Figures for the closing line. */
export type Counters = {
  requests: number;
  crashes: number;
  reloads: number;
  records: number;
  lines: number;
  doubts: number;
  indistinguishable: number;
  /** Counts that stood at a wrong instant because the laptop's clock was wrong. */
  wrongInstants: number;
  /** Times that something could not be saved. */
  unsaved: number;
};

/** Nothing has happened yet. */
export function noCounters(): Counters {
  return {
    requests: 0,
    crashes: 0,
    reloads: 0,
    records: 0,
    lines: 0,
    doubts: 0,
    indistinguishable: 0,
    wrongInstants: 0,
    unsaved: 0,
  };
}

export const STARTS_AT: number = Date.parse('2026-03-02T08:00:00.000Z');

/** `trace`: hears every step, for one seed looked at closely. */
export function createWorld(
  seed: number,
  options: {
    off?: ReadonlySet<FaultKind> | undefined;
    aim?: readonly FaultKind[] | undefined;
    trace?: ((line: string) => void) | undefined;
  },
): World {
  const timeline = createTimeline(STARTS_AT, createRandom(seed, 'ties'));
  const violations: Violation[] = [];
  const { trace } = options;
  return {
    seed,
    timeline,
    faults: createFaults(seed, options.off ?? new Set(), options.aim),
    chance: (name) => createRandom(seed, name),
    violate(rule, detail) {
      violations.push({ rule, detail, at: timeline.now() });
      trace?.(`${new Date(timeline.now()).toISOString()} VIOLATION ${rule} ${detail}`);
    },
    violations: () => violations,
    trace(line) {
      if (trace !== undefined) trace(`${new Date(timeline.now()).toISOString()} ${line()}`);
    },
    counters: noCounters(),
  };
}
