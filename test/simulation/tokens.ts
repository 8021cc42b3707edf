import type { TokenStore } from '../../shared/ports/remote-inventory.ts';
import type { Life } from './life.ts';
import type { World } from './world.ts';

/** A laptop's kept tokens: what is saved outlives a crash, once saving has answered. */
export type Tokens = {
  store(life: Life): TokenStore;
  cutPower(): void;
};

export function createTokens(world: World, secrets: Readonly<Record<string, string>>): Tokens {
  let saved: Readonly<Record<string, string>> = {};
  let written = saved;
  void secrets;
  return {
    store: (life) => ({
      async read() {
        await life.gate('read tokens', 0);
        return saved;
      },
      async save(tokens) {
        if (world.faults.hits('token_not_saved')) {
          await life.gate('fail to save tokens', 3);
          return false;
        }
        written = tokens;
        await life.gate('save tokens', 5);
        saved = tokens;
        return true;
      },
    }),
    cutPower() {
      // What was written and not yet answered for may be there or not.
      saved = world.timeline.steps() % 2 === 0 ? written : saved;
      written = saved;
    },
  };
}
