import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { must } from '../journeys/steps/check.ts';

const MOST_BYTES = 200_000;

/** Numbered pictures of the screen, in the order in which they are taken. */
export type Album = {
  take(page: Page, name: string): Promise<void>;
  /** The same screen once more in dark. */
  takeDark(page: Page, name: string): Promise<void>;
  readonly count: () => number;
};

/** An empty folder to put pictures in; what an earlier run left there is removed. */
export function openAlbum(folder: string): Album {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(join(folder, name));
  let number = 0;

  async function take(page: Page, name: string): Promise<void> {
    number += 1;
    const path = join(folder, `${String(number).padStart(2, '0')}-${name}.png`);
    await page.mouse.move(0, 0);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    const { size } = statSync(path);
    must(size <= MOST_BYTES, `${path} has ${size} bytes, at most ${MOST_BYTES} are wanted`);
  }
  return {
    take,
    count: () => number,
    async takeDark(page, name) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await take(page, name);
      await page.emulateMedia({ colorScheme: 'light' });
    },
  };
}
