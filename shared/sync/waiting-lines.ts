import type { SendMarks } from './open-lines.ts';

/**
 * How many posted lines have still to reach a remote: they changed something, and no connection has confirmed or refused
 * them. What was frozen and is on its way is waiting too.
 */
export function waitingLines({ posted, connections }: SendMarks): number {
  const marks = [...connections.values()].map((connection) => connection.marks);
  let waiting = 0;
  for (const [batch, lines] of posted) {
    const settled = marks.flatMap((of) => of.get(batch) ?? []);
    for (const [key, line] of lines) {
      if (line.variance === '0') continue;
      if (!settled.some((of) => isSettled(of.get(key)?.state))) waiting += 1;
    }
  }
  return waiting;
}

function isSettled(state: string | undefined): boolean {
  return state === 'confirmed' || state === 'rejected';
}
