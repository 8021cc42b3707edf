import type { JournalStatus } from '../../shared/ports/host.ts';

/** Whether who there is can only be known once the page's copy was looked at. */
export function mayNeedCopy(journal: JournalStatus): boolean {
  return journal.state !== 'whole';
}
