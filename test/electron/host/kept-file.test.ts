import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import type { Mended } from '../../../shared/ports/host.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import { openKept, openKeptText, sealKept, type KeptFile } from '../../../electron/host/disk/kept-file.ts';
import { faultyDisk, freshFolder } from './bench.ts';

const schema = z.object({ word: z.string() });
const COPIES = ['vault.json', 'vault.copy.json'] as const;

async function openAt(
  folder: string,
  device = 'd1',
  disk = realDisk,
): Promise<{ kept: KeptFile<{ word: string }>; mended: Mended[] }> {
  const mended: Mended[] = [];
  const kept = await openKept({ disk, folder, name: 'vault', schema, device, onMended: (one) => mended.push(one) });
  return { kept, mended };
}

/** A folder with the file saved twice: "one", then "two". Answers the text after the first. */
async function saved(): Promise<{ folder: string; older: string; text: string }> {
  const folder = await freshFolder();
  const { kept } = await openAt(folder);
  await kept.save({ word: 'one' }, 'd1');
  const older = await readFile(join(folder, COPIES[0]), 'utf8');
  await kept.save({ word: 'two' }, 'd1');
  return { folder, older, text: await readFile(join(folder, COPIES[0]), 'utf8') };
}

describe('a small file that is kept twice', () => {
  test('H700 whichever copy is damaged, gone, older or another profile’s is mended from the newest whole one, and said', async () => {
    const { folder, older, text } = await saved();
    const foreign = sealKept({ file: 'vault', device: 'd2', generation: 99, content: { word: 'theirs' } });
    const otherFile = sealKept({ file: 'people', device: 'd1', generation: 99, content: { word: 'theirs' } });
    for (const name of COPIES) {
      const path = join(folder, name);
      const harms = ['', text.slice(0, 40), older, foreign, otherFile, '{"word":"bare"}', '\0'.repeat(200), null];
      for (const harm of harms) {
        await (harm === null ? rm(path) : writeFile(path, harm));
        const { kept, mended } = await openAt(folder);
        expect([name, harm, kept.content()]).toEqual([name, harm, { word: 'two' }]);
        expect(mended).toEqual([
          { file: 'vault', what: harm === foreign || harm === otherFile ? 'foreign_healed' : 'healed' },
        ]);
        expect(await readFile(path, 'utf8')).toBe(text);
      }
    }
  });

  test('H722 every single bit of a copy is covered by its checksum', async () => {
    const { folder, text } = await saved();
    const bytes = Buffer.from(text);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openKeptText(flipped.toString('utf8'))).toBeNull();
    }
    const { mended } = await openAt(folder);
    expect(mended).toEqual([]);
  });

  test('H701 where neither copy is whole nothing is believed: that is said, and is not the same as never written', async () => {
    const { folder, text } = await saved();
    const harms = [
      ['', ''],
      [text.replace('two', 'too'), ''],
      ['{"word":"bare"}', ''],
      [sealKept({ file: 'vault', device: 'd2', generation: 1, content: { word: 'theirs' } }), null],
    ] as const;
    for (const [first, second] of harms) {
      await writeFile(join(folder, COPIES[0]), first);
      await (second === null
        ? rm(join(folder, COPIES[1]), { force: true })
        : writeFile(join(folder, COPIES[1]), second));
      const { kept, mended } = await openAt(folder);
      expect([kept.found, kept.content()]).toEqual(['lost', null]);
      expect(mended).toEqual([{ file: 'vault', what: second === null ? 'foreign' : 'lost' }]);
    }
    expect((await openAt(await freshFolder())).kept.found).toBe('absent');
  });

  test('H702 a file that an earlier version wrote, without a checksum, is read while there is no copy beside it', async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, COPIES[0]), '{"word":"old"}');
    const { kept, mended } = await openAt(folder);
    expect([kept.found, kept.content(), mended]).toEqual(['bare', { word: 'old' }, []]);
    await kept.save({ word: 'new' }, 'd1');
    await writeFile(join(folder, COPIES[0]), '{"word":"old"}');
    expect((await openAt(folder)).kept.content()).toEqual({ word: 'new' });
  });

  test('H723 a crash or a full disk between the two copies leaves the older content or the newer, whole', async () => {
    const disk = faultyDisk();
    for (let failing = 1; failing <= 12; failing += 1) {
      const { folder } = await saved();
      const { kept } = await openAt(folder, 'd1', disk);
      let calls = 0;
      disk.fault = () => ((calls += 1) >= failing ? 'ENOSPC' : null);
      const told = await kept.save({ word: 'three' }, 'd1').then(
        () => 'three',
        () => null,
      );
      disk.fault = () => null;
      const found = (await openAt(folder)).kept.content()?.word;
      expect(['two', 'three']).toContain(found);
      if (told !== null) expect(found).toBe('three');
    }
  });
});
