import { useMemo } from 'react';

/**
 * Rows of a filter, in an order that stands while a person works through them: what was dealt with stays where it is and
 * shows its new state, until another filter is chosen (`view` is another text) or rows come and go.
 */
export function useKeptOrder<Row extends { readonly key: string }>(
  view: string,
  rows: readonly Row[],
  find: () => readonly Row[],
): readonly Row[] {
  const keys = useMemo(
    () => find().map(({ key }) => key),
    // oxlint-disable-next-line react/exhaustive-deps -- a new state of a row is no reason to look again
    [view, rows.length],
  );
  const byKey = useMemo(() => new Map(rows.map((row) => [row.key, row])), [rows]);
  return useMemo(() => keys.flatMap((key) => byKey.get(key) ?? []), [keys, byKey]);
}
