import type { PostedLine } from '../../domain/ledger-entry.ts';
import { lineKey } from '../../domain/line-key.ts';
import { binKey } from '../../domain/location.ts';
import { fingerprint } from '../../domain/fingerprint.ts';

/**
 * Our reference for a change, at most 64 characters: named by the connection, the batch and exactly the posted lines
 * whose difference it carries. The same lines give the same reference, whatever their order and whenever they are planned.
 */
export function lineRef(connection: string, batch: string, lines: readonly PostedLine[]): string {
  const keys = lines.map((line) => `${lineKey(line)}\u001F${line.anchor}`).toSorted();
  return `tb-${fingerprint([connection, batch, ...keys].join('\u001E'))}`;
}

/** What a change says of itself: its reference, and the bins whose lines are in it. */
type Named = {
  readonly connection: string;
  readonly batch: string;
  readonly ref: string;
  readonly bins: readonly string[];
};

/**
 * The lines of one item that a reference was made of: the first so many of these that lie in its bins (lots, and what was
 * approved later, lie there too). Undefined: it was made of others.
 */
export function linesOfRef(
  lines: readonly PostedLine[],
  { connection, batch, ref, bins }: Named,
): readonly PostedLine[] | undefined {
  for (let some = linesIn(lines, bins); some.length > 0; some = some.slice(0, -1))
    if (lineRef(connection, batch, some) === ref) return some;
  return undefined;
}

/** The lines that lie in one of these bins. */
export function linesIn(lines: readonly PostedLine[], bins: readonly string[]): readonly PostedLine[] {
  const keys = new Set(bins.map(binKey));
  return lines.filter((line) => keys.has(binKey(line.bin)));
}
