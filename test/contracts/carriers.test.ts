import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFolderCarrier, siteFolder } from '../../electron/carriers/folder.ts';
import { sharedDisk, type Disk } from '../../electron/host/disk/disk.ts';
import { carriedName, readCarried, type Carried } from '../../shared/ports/carrier.ts';
import { carrierContract } from './carrier.ts';
import { memoryPlace } from './memory-carrier.ts';

const SITE = 'f'.repeat(64);
const STRETCH = carriedName({ is: 'stretch', laptop: 'd-1', from: 1, to: 20, head: 'a'.repeat(12), copy: 1 });
const BYTES = Buffer.from('what was counted');

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tallybook-carrier-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const at = (folder: string, laptop: string, disk: Disk = sharedDisk) =>
  createFolderCarrier({ disk, folder, site: SITE, laptop });

carrierContract('a folder', async () => {
  const outer = await newFolder();
  const folder = await mkdtemp(join(outer, 'shared-'));
  return {
    one: at(folder, 'laptop-1'),
    other: at(folder, 'laptop-2'),
    takeAway: () => rename(folder, `${folder}-away`),
    bringBack: () => rename(`${folder}-away`, folder),
  };
});

carrierContract('memory', async () => {
  const place = memoryPlace();
  return {
    one: place.carrier(),
    other: place.carrier(),
    async takeAway() {
      place.isAway = true;
    },
    async bringBack() {
      place.isAway = false;
    },
  };
});

describe('names', () => {
  const stretch = { is: 'stretch', laptop: 'd-1', from: 11, to: 20, head: '0123456789ab', copy: 1 } as const;
  const all: readonly Carried[] = [
    stretch,
    { ...stretch, copy: 7 },
    { ...stretch, lane: 'book' },
    { is: 'blob', sha256: 'c'.repeat(64), copy: 1 },
    { is: 'blob', sha256: 'c'.repeat(64), copy: 12 },
    { is: 'ask', of: carriedName(stretch) },
    { is: 'ask', of: carriedName({ is: 'blob', sha256: 'c'.repeat(64), copy: 2 }) },
  ];

  test('M865 every name is read as it was written, also one of a lane that is still to come', () => {
    for (const what of all)
      expect([carriedName(what), readCarried(carriedName(what))]).toEqual([carriedName(what), what]);
    expect(new Set(all.map(carriedName)).size).toBe(all.length);
  });

  test('M866 half copies, conflict copies, the same name in other letters and other files are none of ours', () => {
    const ours = carriedName(stretch);
    const bare = ours.slice(0, -'.seg'.length);
    for (const name of [
      `${bare}.sync-conflict-20261201-101112-ABCDEF2.seg`,
      `${bare}.sync-conflict-20261201-101112-2345672.seg`,
      `.syncthing.${ours}.tmp`,
      `~syncthing~${ours}.tmp`,
      `${bare} (1).seg`,
      `${bare} - Copy.seg`,
      `${bare}(conflicted copy 2026-12-01).seg`,
      `${ours}.part`,
      `${ours}.laptop-1.part`,
      `${ours}.tmp`,
      `${ours}~`,
      ours.toUpperCase(),
      `D-1${ours.slice(3)}`,
      `${bare}.1.seg`,
      'd-1.20-11.0123456789ab.seg',
      'd-1.0-11.0123456789ab.seg',
      'd-1.11-20.0123.seg',
      `${ours}.ask.ask`,
      `../${ours}`,
      'holiday.jpg',
      'desktop.ini',
      '',
    ])
      expect([name, readCarried(name)]).toEqual([name, null]);
  });
});

describe('a folder', () => {
  test('M871 what lies there and is none of ours is neither listed nor touched', async () => {
    const folder = await newFolder();
    const carrier = at(folder, 'laptop-1');
    await carrier.begin();
    await carrier.put(STRETCH, BYTES);
    const place = join(folder, siteFolder(SITE));
    const others = [
      'holiday.jpg',
      `${STRETCH}.laptop-2.part`,
      STRETCH.toUpperCase(),
      STRETCH.replace('.seg', ' (1).seg'),
    ];
    for (const name of others) await writeFile(join(place, name), 'x');
    expect(await at(folder, 'laptop-1').list()).toEqual({ ok: true, value: [STRETCH] });
    expect((await readdir(place)).toSorted()).toEqual([STRETCH, ...others].toSorted());
  });

  test('M872 a power cut between writing and naming leaves nothing that anybody reads, and the rest is cleared away', async () => {
    const folder = await newFolder();
    const cut: Disk = {
      ...sharedDisk,
      rename: () => Promise.reject(Object.assign(new Error('planted'), { code: 'EIO' })),
    };
    await at(folder, 'laptop-1').begin();
    expect((await at(folder, 'laptop-1', cut).put(STRETCH, BYTES)).ok).toBe(false);
    const place = join(folder, siteFolder(SITE));
    expect(await readdir(place)).toEqual([`${STRETCH}.laptop-1.part`]);
    // Another laptop’s unfinished file may still be written.
    expect(await at(folder, 'laptop-2').list()).toEqual({ ok: true, value: [] });
    expect(await readdir(place)).toHaveLength(1);
    const again = at(folder, 'laptop-1');
    expect(await again.list()).toEqual({ ok: true, value: [] });
    expect(await readdir(place)).toEqual([]);
    expect(await again.put(STRETCH, BYTES)).toEqual({ ok: true, value: 'put' });
    expect(await readFile(join(place, STRETCH))).toEqual(BYTES);
  });

  test('M873 each refusal of the system is said as what a person can do about it', async () => {
    const folder = await newFolder();
    await at(folder, 'laptop-1').begin();
    for (const [code, error] of [
      ['EACCES', { code: 'read_only' }],
      ['EROFS', { code: 'read_only' }],
      ['ENOSPC', { code: 'full' }],
      ['ESTALE', { code: 'away' }],
      ['EHOSTDOWN', { code: 'away' }],
      ['EMFILE', { code: 'failed', detail: 'EMFILE' }],
    ] as const) {
      const refusing: Disk = {
        ...sharedDisk,
        open: () => Promise.reject(Object.assign(new Error('planted'), { code })),
      };
      expect([code, await at(folder, 'laptop-1', refusing).put(STRETCH, BYTES)]).toEqual([code, { ok: false, error }]);
    }
  });

  test('M874 whoever chooses the folder of the site itself means the same place, and sites do not meet', async () => {
    const folder = await newFolder();
    await at(folder, 'laptop-1').begin();
    await at(folder, 'laptop-1').put(STRETCH, BYTES);
    const inside = at(join(folder, siteFolder(SITE)), 'laptop-2');
    expect(await inside.begin()).toEqual({ ok: true, value: null });
    expect(await inside.list()).toEqual({ ok: true, value: [STRETCH] });
    const another = createFolderCarrier({ disk: sharedDisk, folder, site: 'e'.repeat(64), laptop: 'laptop-1' });
    await another.begin();
    expect(await another.list()).toEqual({ ok: true, value: [] });
  });
});
