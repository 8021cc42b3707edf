import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Where Chromium keeps the page's IndexedDB in a profile: the folder is named after the page's origin. */
const FOLDER = join('IndexedDB', 'app_tallybook_0.indexeddb.leveldb');

/**
 * An IndexedDB whose CURRENT file names no manifest is never opened again by Chromium, and the page could not even delete
 * it. It is moved aside before the page is loaded; the journal fills a new one. `now` in milliseconds names the folder.
 */
export function setAsideBrokenPageStorage(profile: string, now: number): boolean {
  const folder = join(profile, FOLDER);
  const current = join(folder, 'CURRENT');
  if (!existsSync(current)) return false;
  const manifest = readFileSync(current, 'latin1').trim();
  if (/^MANIFEST-\d+$/.test(manifest) && existsSync(join(folder, manifest))) return false;
  renameSync(folder, `${folder}.set-aside-${now}`);
  return true;
}
