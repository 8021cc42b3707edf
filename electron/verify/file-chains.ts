import type { FileHandle } from 'node:fs/promises';
import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { ok } from '../../shared/domain/result.ts';
import type { SiteRoot } from '../../shared/team/trust.ts';
import type { ForeignChains } from '../host/authority/union.ts';
import { trustedEntry } from '../host/journal/line.ts';
import { peekLine } from '../host/team/chain-lines.ts';
import type { ChainInFile } from './read-evidence.ts';

/** Pages are read so much at a time. */
const PIECE_BYTES = 262_144;
const LINE_FEED = 0x0a;

/** Where reading a chain has come to. */
type Cursor = { next: number; at: number; left: number };

/**
 * The chains of a file that was read whole, a page at a time: nobody need hold all of them. Each is read from its beginning
 * on, or anew from there.
 */
export function chainsInFile(
  file: FileHandle,
  chains: readonly ChainInFile[],
  root: SiteRoot | undefined,
): ForeignChains {
  const cursors = new Map<string, Cursor>();

  /** Whole lines from the cursor on, at least one. */
  async function readLines(cursor: Cursor): Promise<string[]> {
    for (let length = PIECE_BYTES; ; length *= 2) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, cursor.at);
      const end = buffer.lastIndexOf(LINE_FEED, bytesRead - 1);
      if (bytesRead === 0) return [];
      if (end === -1) continue;
      const lines = buffer.toString('utf8', 0, end).split('\n').slice(0, cursor.left);
      cursor.at += end + 1;
      cursor.left -= lines.length;
      return lines;
    }
  }

  return {
    root: () => root ?? null,
    heads: () => chains.map(({ device, to: seq, hash }) => ({ device, seq, hash })),
    async read(device, fromSeq) {
      const chain = chains.find((one) => one.device === device);
      if (chain === undefined) return ok({ entries: [] });
      let cursor = cursors.get(device);
      if (cursor === undefined || cursor.next !== fromSeq) cursor = { next: 1, at: chain.begins, left: chain.entries };
      cursors.set(device, cursor);
      const entries: LedgerEntry[] = [];
      while (entries.length === 0 && cursor.left > 0) {
        const lines = await readLines(cursor);
        if (lines.length === 0) break;
        for (const line of lines) {
          const seq = peekLine(line)?.seq;
          if (seq !== undefined && seq >= fromSeq) entries.push(trustedEntry(line));
        }
      }
      cursor.next = (entries.at(-1)?.seq ?? fromSeq) + 1;
      return ok({ entries, ...(cursor.left > 0 && { nextSeq: cursor.next }) });
    },
  };
}
