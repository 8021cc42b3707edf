import { err } from '../domain/result.ts';
import type { RemoteError } from './remote-inventory.ts';

/** Pages of one reading at most. The largest honest one that was met had some thirty thousand. */
export const MOST_PAGES = 100_000;

type Endless = { readonly ok: false; readonly error: Extract<RemoteError, { code: 'endless_list' }> };

/**
 * Watches the cursors of one reading, told one after another, and refuses the one that shows that it never ends: it came
 * before, or there are too many. A circle is noticed at the latest when it has gone round twice (Brent, 1980), so a single
 * cursor is remembered, however long the list. Undefined: go on.
 */
export function watchPages(most: number = MOST_PAGES): (cursor: string) => Endless | undefined {
  let pages = 0;
  let marked: string | undefined;
  let markAgainAt = 1;
  return (cursor) => {
    pages += 1;
    if (cursor === marked) return endless('the same page came twice');
    if (pages > most) return endless(`there are more than ${most} pages`);
    if (pages === markAgainAt) {
      marked = cursor;
      markAgainAt *= 2;
    }
    return undefined;
  };
}

function endless(why: string): Endless {
  return err({ code: 'endless_list', detail: `its list does not end: ${why}` });
}
