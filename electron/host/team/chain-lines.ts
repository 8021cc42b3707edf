import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { afterGap, readGap } from '../journal/gap.ts';
import { headOf, readLine, type Head, type LineProblem } from '../journal/line.ts';

const START = /^\{"hash":"([0-9a-f]{64})",(?:"id":"((?:[^"\\]|\\.)*)-(\d{12,})"|"gap":)/;

/** What a line says of itself, before anything of it is checked; `seq` absent: it declares lost numbers. */
export function peekLine(line: string): { hash: string; seq?: number } | null {
  const found = START.exec(line);
  if (found === null) return null;
  const [, hash = '', , seq] = found;
  return seq === undefined ? { hash } : { hash, seq: Number(seq) };
}

/** One line of a chain as the line after `head`: an entry, or lost numbers declared; `gap`: the declaration's hash. */
export type ChainLine =
  | { readonly entry: LedgerEntry; readonly head: Head }
  | { readonly gap: string; readonly head: Head }
  | { readonly problem: LineProblem };

/** Reads one line of a chain, checking hash, schema, and that it follows. */
export function readChainLine(line: string, head: Head): ChainLine {
  const gap = readGap(line);
  if (gap !== null) {
    const follows = gap.device === head.device && gap.from === head.seq + 1 && gap.before === head.hash;
    return follows ? { gap: line.slice(9, 73), head: afterGap(head, gap) } : { problem: 'broken_chain' };
  }
  const reading = readLine(line, head);
  return 'problem' in reading ? reading : { entry: reading.entry, head: headOf(reading.entry) };
}
