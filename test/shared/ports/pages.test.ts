import { describe, expect, test } from 'vitest';
import { watchPages } from '../../../shared/ports/pages.ts';

/** Pages that were let through before one was refused, and why it was. */
function readThrough(cursorAt: (page: number) => string, most?: number): [number, string | undefined] {
  const endless = watchPages(most);
  for (let page = 0; page < 200_000; page += 1) {
    const refused = endless(cursorAt(page));
    if (refused) return [page, refused.error.code];
  }
  return [200_000, undefined];
}

describe('pages', () => {
  test('R770 a circle of pages, a page that stays, and a list too long end a reading; an honest list does not', () => {
    expect(readThrough(() => 'same')).toEqual([1, 'endless_list']);
    for (const length of [2, 3, 7, 100]) {
      const [pages, code] = readThrough((page) => String(page < 50 ? page : 50 + ((page - 50) % length)));
      expect(code).toBe('endless_list');
      expect(pages).toBeLessThan(50 + 4 * Math.max(length, 50));
    }
    expect(readThrough(String, 1000)).toEqual([1000, 'endless_list']);
    expect(readThrough(String)).toEqual([100_000, 'endless_list']);
  });
});
