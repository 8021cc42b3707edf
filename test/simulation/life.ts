import type { World } from './world.ts';

/**
 * One run of a process. Once it has ended, nothing that it waited for ever comes back: its promises are left hanging, as
 * memory is when the power goes.
 */
export type Life = {
  isAlive(): boolean;
  end(): void;
  /** Passes after a while, unless the process is ended before, or by this very step. */
  gate(label: string, ms: number): Promise<void>;
  /** Runs something after a time, if the process still lives then. */
  after(ms: number, run: () => void): () => void;
};

/** `mayEnd`: asked at each gate whether the process ends there; it then has to end it. */
export function createLife(world: World, mayEnd: (label: string) => void): Life {
  let isAlive = true;
  const life: Life = {
    isAlive: () => isAlive,
    end() {
      isAlive = false;
    },
    gate(label, ms) {
      return new Promise((resolve) => {
        if (!isAlive) return;
        world.timeline.after(ms, () => {
          if (!isAlive) return;
          mayEnd(label);
          if (isAlive) resolve();
        });
      });
    },
    after: (ms, run) =>
      world.timeline.after(ms, () => {
        if (isAlive) run();
      }),
  };
  return life;
}
