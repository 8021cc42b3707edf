import type { Outcome, SendLine } from '../../domain/ledger-entry.ts';
import type { Receipt } from '../../ports/remote-inventory.ts';
import { backoffMs, SETTLE_WAIT_MS, type WaitContext } from './waits.ts';

/** Codes of outcomes: reading back has shown that nothing arrived; nothing could be read back. */
export const NOT_THERE = 'not_there';
export const CANNOT_READ_BACK = 'cannot_read_back';
/** The code of an outcome: it was refused, while an attempt before it may still have been on its way. */
export const REFUSED_EARLY = 'refused_early';

/** What the outcome of an attempt depends on. */
export type SettleContext = WaitContext & {
  readonly lines: readonly SendLine[];
  readonly now: string;
  readonly idempotent: boolean;
  /** An earlier attempt may have taken effect: then no refusal of this one says that nothing arrived. */
  readonly unresolved?: boolean;
  /** An attempt of which nobody heard how it ended, and no reading has yet shown that it came to nothing for good. */
  readonly lostAt?: string | undefined;
  /** How the last step ended. */
  readonly lastCode?: string | undefined;
};

/** Every line arrived. */
export function confirmed(receipts: readonly Receipt[]): Outcome {
  return { state: 'confirmed', receipts: [...receipts] };
}

/** The same bytes go, later. */
export function retry(code: string, waitMs: number, context: SettleContext): Outcome {
  return { state: 'retry', code, notBefore: after(context.now, waitMs) };
}

/** Nobody knows; ask again later. */
export function unknown(code: string, context: SettleContext, waitMs?: number): Outcome {
  const settleMs = context.idempotent ? 0 : SETTLE_WAIT_MS;
  return { state: 'unknown', code, notBefore: after(context.now, waitMs ?? Math.max(backoffMs(context), settleMs)) };
}

/** Nobody can say of any line whether it arrived. */
export function inDoubt(lines: readonly SendLine[]): Outcome {
  const doubtful = lines.map(({ ref }) => ({ ref, before: null, now: null }));
  return { state: 'split', arrived: [], missing: [], refused: [], doubtful };
}

/** The refs of lines that are in a set, in the order of the lines. */
export function refsOf(lines: readonly SendLine[], there: ReadonlySet<string>): string[] {
  return lines.map((line) => line.ref).filter((ref) => there.has(ref));
}

function after(now: string, byMs: number): string {
  return new Date(Date.parse(now) + byMs).toISOString();
}
