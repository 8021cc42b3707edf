import type { Mended } from '../../../shared/ports/host.ts';
import type { Log } from './log.ts';

/** What was found not as it was written, and what became of it: for the log, and for the first screen. */
export type MendedList = { note(mended: Mended): void; list(): Mended[] };

/** An empty list. A file is named once for each thing that became of it. */
export function createMendedList(log: Log): MendedList {
  const found = new Map<string, Mended>();
  return {
    note(mended) {
      log('warn', 'file_not_as_written', mended);
      found.set(`${mended.file} ${mended.what}`, mended);
    },
    list: () => [...found.values()],
  };
}
