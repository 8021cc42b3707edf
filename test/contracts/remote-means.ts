import type { HttpClient } from '../../shared/ports/http-client.ts';
import type { RemoteMeans, TokenStore } from '../../shared/ports/remote-inventory.ts';

/** Tokens kept in memory. What is read is what was saved last; while `full`, nothing can be saved. */
export type MemoryTokens = TokenStore & {
  /** What would be there after a crash. */
  kept(): Readonly<Record<string, string>>;
  setFull(full: boolean): void;
};

export function memoryTokens(initial: Readonly<Record<string, string>> = {}): MemoryTokens {
  let kept = { ...initial };
  let isFull = false;
  return {
    read: () => Promise.resolve({ ...kept }),
    save(tokens) {
      if (isFull) return Promise.resolve(false);
      kept = { ...tokens };
      return Promise.resolve(true);
    },
    kept: () => ({ ...kept }),
    setFull(full) {
      isFull = full;
    },
  };
}

/** What a connector is opened with in tests: unguessable text is only ever new text here. `now`: ISO-8601, or ms. */
export function testMeans(parts: { http: HttpClient; now: () => string | number; tokens?: TokenStore }): RemoteMeans {
  let given = 0;
  return {
    http: parts.http,
    tokens: parts.tokens ?? memoryTokens(),
    now: () => new Date(parts.now()).getTime(),
    secretText(length) {
      given += 1;
      return `${given}-`.padEnd(length, 'secretTextOfTests').slice(0, length);
    },
  };
}
