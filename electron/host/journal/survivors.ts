import { join } from 'node:path';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Disk } from '../disk/disk.ts';
import { readGap } from './gap.ts';
import { readAlone } from './line.ts';
import { listSegments } from './segments.ts';
import type { Unfinished } from './unfinished.ts';

/** Entries that still stand in files that were set aside, in the order of their sequence. */
export type Survivors = {
  /** The next one, without taking it. */
  peek(): Promise<LedgerEntry | undefined>;
  take(): Promise<LedgerEntry | undefined>;
  /** The sequence of the last line in the files read so far, readable or not. */
  lastSeq(): number;
};

type Mark = { seq: number };

/** Entries of one folder whose own hash fits, a segment at a time; lines that cannot be read count on in `mark`. */
async function* standingIn(disk: Disk, folder: string, device: string, mark: Mark): AsyncGenerator<LedgerEntry> {
  for (const name of await listSegments(disk, folder)) {
    const text = (await disk.read(join(folder, name)))?.toString('utf8') ?? '';
    const standing: LedgerEntry[] = [];
    // What follows the last line feed was never finished, so it was never acknowledged.
    for (const line of text.split('\n').slice(0, -1)) {
      const reading = readAlone(line);
      const gap = 'problem' in reading ? readGap(line) : null;
      if ('entry' in reading && reading.entry.device === device) {
        standing.push(reading.entry);
        mark.seq = Math.max(mark.seq, reading.entry.seq);
      } else mark.seq = Math.max(mark.seq + 1, gap?.device === device ? gap.to : 0);
    }
    yield* standing.toSorted((left, right) => left.seq - right.seq);
  }
}

/** Opens what was set aside below the journal's folder, a segment of each folder in memory at a time. */
export function openSurvivors(disk: Disk, folder: string, device: string, { asides }: Unfinished): Survivors {
  const marks = asides.map(({ after }): Mark => ({ seq: after }));
  const sources = asides.map((aside, index) =>
    standingIn(disk, join(folder, 'set-aside', aside.folder), device, marks[index] ?? { seq: 0 }),
  );
  const heads: (LedgerEntry | undefined)[] = [];
  let isOpen = false;

  async function lowest(): Promise<number> {
    if (!isOpen)
      for (const [index, source] of sources.entries()) heads[index] = (await source.next()).value ?? undefined;
    isOpen = true;
    let found = -1;
    for (const [index, head] of heads.entries()) {
      if (head !== undefined && head.seq < (heads[found]?.seq ?? Infinity)) found = index;
    }
    return found;
  }

  return {
    peek: async () => heads[await lowest()],
    async take() {
      const index = await lowest();
      const taken = heads[index];
      if (taken !== undefined) heads[index] = (await sources[index]?.next())?.value ?? undefined;
      return taken;
    },
    lastSeq: () => Math.max(0, ...marks.map(({ seq }) => seq)),
  };
}
