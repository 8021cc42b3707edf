import type { SendMarks } from './open-lines.ts';

/**
 * How many posted lines have still to reach a remote: they changed something, and no connection has confirmed or refused
 * them. What was frozen and is on its way is waiting too.
 */
export function waitingLines({ waiting }: SendMarks): number {
  return waiting;
}
