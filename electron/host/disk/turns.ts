/** Runs one piece of work at a time, in the order asked for; a failed piece does not stop the next. */
export function createTurns(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };
}

/** `now`: ms since 1970 by the wall clock, which may jump; `steady`: ms that only ever grow while this process runs. */
export type Clock = { now(): number; steady(): number };

/** The wall clock as an entry writes it. */
export function instantOf(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
