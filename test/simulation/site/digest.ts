import { createHash } from 'node:crypto';
import type { LedgerState } from '../../../shared/domain/ledger-state.ts';

/** A value as text: maps and sets by their keys, whatever order they were filled in. */
export function plainText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(plainText).join(',')}]`;
  const members: [string, string][] =
    value instanceof Map
      ? [...value].map(([key, one]) => [plainText(key), plainText(one)])
      : value instanceof Set
        ? [...value].map((one) => [plainText(one), ''])
        : Object.entries(value)
            .filter(([, one]) => one !== undefined)
            .map(([key, one]) => [key, plainText(one)]);
  const sorted = members.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([key, one]) => `${key}:${one}`).join(',')}}`;
}

/** Everything that screens show of a ledger, part by part; how far each chain goes is left out. */
export function figuresOf({
  books,
  stocktakes,
  batches,
  catalogue,
  said,
  noted,
  unfounded,
}: LedgerState): Record<string, string> {
  // A line that somebody asked for and nothing was ever said about is no line.
  const lines = new Map(
    [...books.lines].filter(
      ([, line]) => line.moves > 0 || line.counts.length > 0 || line.watchers.length > 0 || line.late.length > 0,
    ),
  );
  const bins = new Map([...books.bins].map(([bin, { order, voided }]) => [bin, [order, voided ?? new Set()]]));
  const sheets = [...stocktakes.values()].flatMap((stocktake) =>
    [...stocktake.sheets].map(([key, sheet]) => [`${stocktake.id} ${key}`, plainText(sheet)] as const),
  );
  return {
    ...Object.fromEntries(sheets.map(([key, text]) => [`sheet ${key}`, text])),
    ...Object.fromEntries([...lines].map(([key, line]) => [`book ${key}`, plainText(line)])),
    ...Object.fromEntries([...batches].map(([key, batch]) => [`batch ${key}`, plainText(batch)])),
    stocktakes: plainText(new Map([...stocktakes].map(([key, { sheets: _, ...rest }]) => [key, rest]))),
    bins: plainText(bins),
    catalogue: plainText([catalogue, said, noted]),
    unfounded: plainText(unfounded),
  };
}

/** One short text for all of it. */
export function digestOf(figures: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(plainText(figures)).digest('hex');
}

/** What differs first, for whoever reads it. */
export function difference(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): string {
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const [one = 'nothing', other = 'nothing'] = [left[key], right[key]];
    if (one === other) continue;
    let at = 0;
    while (one[at] === other[at]) at += 1;
    const from = Math.max(0, at - 60);
    return `${key}: …${one.slice(from, at + 80)}… and …${other.slice(from, at + 80)}…`;
  }
  return 'nothing';
}
