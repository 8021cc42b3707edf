import { useState } from 'react';

export type Selection<Row> = {
  readonly keys: ReadonlySet<string>;
  /** The selected rows that are still there, in their order. */
  readonly chosen: readonly Row[];
  toggle(key: string): void;
  /** Selects exactly these. */
  set(rows: readonly Row[]): void;
  clear(): void;
};

/** Which rows a person has selected; rows that are gone are not selected any more. */
export function useSelection<Row extends { readonly key: string }>(rows: readonly Row[]): Selection<Row> {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  return {
    keys,
    chosen: keys.size === 0 ? [] : rows.filter(({ key }) => keys.has(key)),
    toggle: (key) =>
      setKeys((before) =>
        before.has(key) ? new Set([...before].filter((one) => one !== key)) : new Set([...before, key]),
      ),
    set: (some) => setKeys(new Set(some.map(({ key }) => key))),
    clear: () => setKeys(new Set()),
  };
}
