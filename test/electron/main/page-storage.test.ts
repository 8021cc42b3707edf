import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { setAsideBrokenPageStorage } from '../../../electron/main/page-storage.ts';

let profile: string;
let folder: string;

beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'tallybook-storage-'));
  folder = join(profile, 'IndexedDB', 'app_tallybook_0.indexeddb.leveldb');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'MANIFEST-000001'), 'manifest');
});
afterEach(() => rmSync(profile, { recursive: true, force: true }));

test('H122 page storage that Chromium would never open again is moved aside whole, and whole storage is left alone', () => {
  writeFileSync(join(folder, 'CURRENT'), 'MANIFEST-000001\n');
  expect(setAsideBrokenPageStorage(profile, 7)).toBe(false);
  for (const broken of ['MANIFEST-000009\n', 'MANJFEST-000001\n', '', '../MANIFEST-000001\n']) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'CURRENT'), broken);
    expect(setAsideBrokenPageStorage(profile, 7)).toBe(true);
    expect(existsSync(folder)).toBe(false);
    expect(readFileSync(join(`${folder}.set-aside-7`, 'CURRENT'), 'latin1')).toBe(broken);
    rmSync(`${folder}.set-aside-7`, { recursive: true });
  }
  expect(setAsideBrokenPageStorage(profile, 7)).toBe(false);
  expect(readdirSync(join(profile, 'IndexedDB'))).toEqual([]);
});
