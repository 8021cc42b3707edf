import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCatalogueFiles, type CatalogueFiles } from '../../../electron/host/disk/catalogue-files.ts';
import { codeOf, does, faultyDisk, freshFolder, hostAt } from './bench.ts';
import type { Mended } from '../../../shared/ports/host.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import { hire } from './crew.ts';

function filesAt(folder: string, disk = realDisk): Promise<CatalogueFiles> {
  let number = 0;
  return openCatalogueFiles(disk, folder, () => `id-${(number += 1)}`);
}

async function written(files: CatalogueFiles, ...pieces: string[]): Promise<{ sha256: string; rows: number }> {
  const begun = await files.begin();
  const file = begun.ok ? begun.value.file : '';
  for (const piece of pieces) await files.append(file, piece, piece.split('\n').length - 1);
  const sealed = await files.seal(file);
  if (!sealed.ok) throw new Error(sealed.error.code);
  return sealed.value;
}

describe('catalogue files', () => {
  test('H51 a file written in pieces is named by the hash of its bytes and read back in whole lines', async () => {
    const files = await filesAt(await freshFolder());
    const lines = Array.from({ length: 60_000 }, (_, index) => `{"sku":"${index}","name":"Größe ${'x'.repeat(80)}"}\n`);
    const half = lines.slice(0, 30_000).join('');
    const rest = lines.slice(30_000).join('');
    const { sha256, rows } = await written(files, half, rest);
    expect(rows).toBe(60_000);
    expect(sha256).toBe(
      createHash('sha256')
        .update(half + rest)
        .digest('hex'),
    );
    let text = '';
    let calls = 0;
    for (let next: number | undefined = 0; next !== undefined; calls += 1) {
      const page = await files.read(sha256, next);
      if (!page.ok) throw new Error(page.error.code);
      expect(page.value.lines.endsWith('\n')).toBe(true);
      text += page.value.lines;
      next = page.value.next;
    }
    expect(text).toBe(half + rest);
    expect(calls).toBeGreaterThan(1);
  });

  test('H52 a file whose bytes are not what its name says is refused', async () => {
    const folder = await freshFolder();
    const { sha256 } = await written(await filesAt(folder), '{"sku":"1"}\n');
    for (const place of ['catalogue', 'catalogue-copy'])
      await writeFile(join(folder, place, `${sha256}.jsonl`), '{"sku":"2"}\n');
    expect(await codeOf((await filesAt(folder)).read(sha256, 0))).toBe('damaged_file');
  });

  const harms = [
    ['flipped', (path: string) => writeFile(path, '{"sku":"3"}\n')],
    ['cut', (path: string) => writeFile(path, '{"sk')],
    ['emptied', (path: string) => writeFile(path, '')],
    ['deleted', (path: string) => rm(path)],
  ] as const;

  test.each(harms)(
    'H714 a catalogue file that was %s in either copy is mended from the other, and said',
    async (_how, harm) => {
      for (const place of ['catalogue', 'catalogue-copy']) {
        const folder = await freshFolder();
        const { sha256 } = await written(await filesAt(folder), '{"sku":"1"}\n');
        const path = join(folder, place, `${sha256}.jsonl`);
        await harm(path);
        const mended: Mended[] = [];
        const files = await openCatalogueFiles(realDisk, folder, randomUUID, (one) => mended.push(one));
        expect(files.has(sha256)).toBe(true);
        expect(await files.read(sha256, 0)).toEqual({ ok: true, value: { lines: '{"sku":"1"}\n' } });
        expect(mended).toEqual([{ file: 'catalogue', what: 'healed' }]);
        expect(await readFile(path, 'utf8')).toBe('{"sku":"1"}\n');
        expect((await readdir(join(folder, place))).length).toBe(1);
      }
    },
  );

  test('H719 a catalogue file that is damaged in both copies is said to be lost, and is one again when imported again', async () => {
    const folder = await freshFolder();
    const { sha256 } = await written(await filesAt(folder), '{"sku":"1"}\n');
    for (const place of ['catalogue', 'catalogue-copy']) await writeFile(join(folder, place, `${sha256}.jsonl`), '');
    const mended: Mended[] = [];
    const files = await openCatalogueFiles(realDisk, folder, randomUUID, (one) => mended.push(one));
    expect(await codeOf(files.read(sha256, 0))).toBe('damaged_file');
    expect(mended).toEqual([{ file: 'catalogue', what: 'lost' }]);
    await written(files, '{"sku":"1"}\n');
    expect(await codeOf(files.read(sha256, 0))).toBe('ok');
  });

  test('H720 catalogue files of an earlier version get their second copy without a word', async () => {
    const folder = await freshFolder();
    const { sha256 } = await written(await filesAt(folder), '{"sku":"1"}\n');
    await rm(join(folder, 'catalogue-copy'), { recursive: true });
    const mended: Mended[] = [];
    const files = await openCatalogueFiles(realDisk, folder, randomUUID, (one) => mended.push(one));
    expect(await codeOf(files.read(sha256, 0))).toBe('ok');
    expect(mended).toEqual([]);
    expect(await readFile(join(folder, 'catalogue-copy', `${sha256}.jsonl`), 'utf8')).toBe('{"sku":"1"}\n');
  });

  test('H53 rows that are not whole lines, unknown drafts and a full disk are refused', async () => {
    const disk = faultyDisk();
    const files = await filesAt(await freshFolder(), disk);
    await files.begin();
    expect(await codeOf(files.append('id-1', '{"a":1}', 1))).toBe('bad_request');
    expect(await codeOf(files.append('id-1', '{"a":1}\n', 2))).toBe('bad_request');
    expect(await codeOf(files.append('id-9', '{"a":1}\n', 1))).toBe('not_found');
    disk.fault = (operation) => (operation === 'write' ? 'ENOSPC' : null);
    expect(await codeOf(files.append('id-1', '{"a":1}\n', 1))).toBe('disk_full');
    disk.fault = () => null;
    expect(await codeOf(files.seal('id-1'))).toBe('not_found');
    await files.close();
  });

  test('H54 the newest three snapshots of a kind are kept, older ones and unsealed drafts go with the close', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    await hire(running);
    const names: string[] = [];
    for (const what of ['items', 'bins'] as const) {
      for (let number = 1; number <= 5; number += 1) {
        const { file } = await does(running, 'beginCatalogueFile', { what });
        await does(running, 'appendCatalogueRows', { file, lines: `{"${what}":${number}}\n`, rows: 1 });
        const { sha256, rows } = await does(running, 'sealCatalogueFile', { file });
        await does(running, 'append', { facts: [{ kind: 'catalogue_imported', what, sha256, rows, source: 'a.csv' }] });
        names.push(`${sha256}.jsonl`);
      }
    }
    await does(running, 'beginCatalogueFile', { what: 'items' });
    await running.close();
    const expected = [...names.slice(2, 5), ...names.slice(7, 10)].toSorted();
    expect((await readdir(join(folder, 'catalogue'))).toSorted()).toEqual(expected);
  });
});
