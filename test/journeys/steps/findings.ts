import type { PlannedLine } from './plan.ts';
import type { Stage } from './stage.ts';
import type { Warehouse } from './warehouse.ts';

/** Takes down one finding of the report. */
export type Report = { add(what: string, figures: string): void };

/** What only the screen said. */
export type Seen = {
  readonly lines: readonly PlannedLine[];
  readonly handedIn: string;
  readonly compared: number;
  readonly entriesAtCrash: number;
  readonly entriesAfterCrash: number;
  readonly matched: string;
  readonly plan: readonly string[];
  readonly driftBefore: string;
  readonly driftAfter: string;
};

/** Everything that a verdict is about. */
export type Case = { stage: Stage; warehouse: Warehouse; seen: Seen; report: Report };
