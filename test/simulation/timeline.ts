import type { Random } from './random.ts';

type Event = { readonly at: number; readonly tie: number; readonly run: () => void; isOff: boolean };

/** The one true time of a simulated world, in ms since 1970, and what is to happen in it. */
export type Timeline = {
  now(): number;
  /** Happenings so far. */
  steps(): number;
  /** Runs something after a time; answers how to call it off. */
  after(ms: number, run: () => void): () => void;
  /** Nothing happens until what it answers is called: work is under way that takes real time, and none of this world's. */
  hold(): () => void;
  /** Lets time pass until nothing is left, `isOver` says so, or `until` is reached. */
  run(until: number, isOver?: () => boolean): Promise<void>;
};

/** What is due at the same millisecond happens in an order that the seed decides. */
export function createTimeline(startsAt: number, random: Random): Timeline {
  let now = startsAt;
  let steps = 0;
  const heap: Event[] = [];
  const held = new Set<symbol>();

  const isBefore = (left: Event, right: Event) => left.at < right.at || (left.at === right.at && left.tie < right.tie);

  function push(event: Event): void {
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  function pop(): Event | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  /** Everything that follows from what just happened runs to its end before anything else happens. */
  const settle = () =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (held.size === 0) resolve();
        else setImmediate(look);
      };
      setImmediate(look);
    });

  return {
    now: () => now,
    steps: () => steps,
    after(ms, run) {
      const event: Event = { at: now + Math.max(0, Math.round(ms)), tie: random.next(), run, isOff: false };
      push(event);
      return () => {
        event.isOff = true;
      };
    },
    hold() {
      const own = Symbol('held');
      held.add(own);
      return () => held.delete(own);
    },
    async run(until, isOver = () => false) {
      await settle();
      while (!isOver()) {
        const [next] = heap;
        if (next === undefined || next.at > until) break;
        pop();
        if (next.isOff) continue;
        now = next.at;
        steps += 1;
        next.run();
        await settle();
      }
      if (!isOver() && now < until && until !== Infinity) now = until;
    },
  };
}
