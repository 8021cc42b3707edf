import type { PostedLine } from '../../domain/ledger-entry.ts';
import { lineKey } from '../../domain/line-key.ts';
import { fingerprint } from '../../domain/fingerprint.ts';

/**
 * Our reference for a change, at most 64 characters: named by the connection, the batch and exactly the posted lines
 * whose difference it carries. The same lines give the same reference, whatever their order and whenever they are planned.
 */
export function lineRef(connection: string, batch: string, lines: readonly PostedLine[]): string {
  const keys = lines.map((line) => `${lineKey(line)}\u001F${line.anchor}`).toSorted();
  return `tb-${fingerprint([connection, batch, ...keys].join('\u001E'))}`;
}
