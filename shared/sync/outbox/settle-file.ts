import type { Outcome } from '../../domain/ledger-entry.ts';
import type { Result } from '../../domain/result.ts';
import type { FileProgress, RemoteError } from '../../ports/remote-inventory.ts';
import { confirmed, refsOf, unknown, type SettleContext } from './outcomes.ts';
import { patienceMs } from './waits.ts';

/** The code of a file that the remote is still working through, and how often it is asked how far it has come. */
export const FILE_RUNNING = 'file_running';
export const FILE_LOOK_MS = 15_000;

/** How far a file has come, as an outcome: nothing final before the remote is done with it. */
export function settleFile(result: Result<FileProgress, RemoteError>, context: SettleContext): Outcome {
  if (!result.ok) {
    const { error } = result;
    const patience = 'retryAfterMs' in error ? patienceMs(error.retryAfterMs, context) : undefined;
    return unknown(error.code, { ...context, idempotent: true }, patience);
  }
  const { done, arrived, refused } = result.value;
  if (!done) return unknown(FILE_RUNNING, context, FILE_LOOK_MS);
  const there = refsOf(context.lines, new Set(arrived));
  if (there.length === context.lines.length) return confirmed(there.map((ref) => ({ ref })));
  const words = new Map(refused.map((line) => [line.ref, line.detail.slice(0, 300)]));
  const left = context.lines.map((line) => line.ref).filter((ref) => !there.includes(ref));
  return {
    state: 'split',
    arrived: there,
    missing: left.filter((ref) => !words.has(ref)),
    refused: left.flatMap((ref) => {
      const detail = words.get(ref);
      return detail === undefined ? [] : [{ ref, detail }];
    }),
    doubtful: [],
  };
}
