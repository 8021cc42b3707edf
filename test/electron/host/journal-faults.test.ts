import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codesIn, faultyDisk, freshFolder, journalAt, sealOne, type Operation } from './bench.ts';

describe('a disk that refuses', () => {
  const operations: readonly Operation[] = [
    'open',
    'write',
    'datasync',
    'truncate',
    'rename',
    'syncFolder',
    'close',
    'read',
  ];

  test.each(operations)(
    'H16 whichever %s fails, once or for good, acknowledged entries stay and refused ones do not come back',
    async (operation) => {
      for (let failing = 1; failing <= 40; failing += 1) {
        for (const isLasting of [false, true]) {
          const folder = await freshFolder();
          const disk = faultyDisk();
          const journal = await journalAt({ folder, disk, segmentBytes: 3000 });
          const kept: string[] = [];
          for (const code of ['old-1', 'old-2', 'old-3']) if (await sealOne(journal, code)) kept.push(code);
          let seen = 0;
          disk.fault = (current) => {
            if (current !== operation) return null;
            seen += 1;
            return seen === failing || (isLasting && seen > failing) ? 'EIO' : null;
          };
          for (let number = 1; number <= 12; number += 1) {
            const codes = [`n${number}`, `m${number}`];
            const done = await Promise.all(codes.map((code) => sealOne(journal, code)));
            kept.push(...codes.filter((_, index) => done[index]));
          }
          disk.fault = () => null;
          expect(await sealOne(journal, 'afterwards'), `${operation} ${failing}`).toBe(true);
          kept.push('afterwards');
          expect(await codesIn(journal)).toEqual(kept);
          await journal.close();
          const again = await journalAt({ folder });
          expect(again.status().state).toBe('whole');
          expect(await codesIn(again)).toEqual(kept);
          expect((await again.check()).state).toBe('whole');
          await again.close();
          if (seen < failing) return;
        }
      }
    },
  );

  test.each(['ENOSPC', 'EDQUOT'])(
    'H17 a full disk (%s) is said as such, loses nothing, and appends go on when there is room',
    async (code) => {
      const folder = await freshFolder();
      const disk = faultyDisk();
      const journal = await journalAt({ folder, disk });
      await sealOne(journal, 'before');
      disk.fault = (operation) => (operation === 'write' ? code : null);
      const sealing = journal.seal('person-1', [{ kind: 'bin_finished', stocktake: 't', pass: 1, bin: 'A' }]);
      expect(sealing.ok && (await sealing.value.synced)).toMatchObject({ ok: false, error: { code: 'disk_full' } });
      disk.fault = () => null;
      expect(await sealOne(journal, 'after')).toBe(true);
      expect(await codesIn(journal)).toEqual(['before', 'after']);
      await journal.close();
    },
  );

  test('H18 after a failed sync the file is opened again and its good part compared before more is accepted', async () => {
    const disk = faultyDisk();
    const journal = await journalAt({ folder: await freshFolder(), disk });
    await sealOne(journal, 'before');
    await journal.idle();
    let isFailing = true;
    disk.fault = (operation) => (operation === 'datasync' && isFailing ? 'EIO' : null);
    disk.log.length = 0;
    expect(await sealOne(journal, 'refused')).toBe(false);
    isFailing = false;
    expect(await sealOne(journal, 'after')).toBe(true);
    const reopened = disk.log.lastIndexOf('open');
    expect(disk.log.slice(reopened)).toEqual([
      'open',
      'read',
      'truncate',
      'datasync',
      'syncFolder',
      'write',
      'datasync',
    ]);
    await journal.close();
  });
});

describe('a process that is killed', () => {
  let folder = '';
  let script = '';

  beforeAll(async () => {
    // Inside the project, so that its packages are found; a fresh clone has no such folder yet.
    const out = fileURLToPath(new URL('../../../out', import.meta.url));
    await mkdir(out, { recursive: true });
    folder = await mkdtemp(join(out, 'kill-'));
    script = join(folder, 'appender.mjs');
    const bundle = await rolldown({
      input: fileURLToPath(new URL('endless-appender.ts', import.meta.url)),
      platform: 'node',
      logLevel: 'silent',
    });
    await bundle.write({ file: script, format: 'es' });
    await bundle.close();
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('H19 of what was acknowledged before a SIGKILL nothing is lost, 20 times out of 20', async () => {
    const profile = join(folder, 'profile');
    let acknowledged = 0;
    for (let kill = 1; kill <= 20; kill += 1) {
      const child = fork(script, [profile]);
      const target = acknowledged + 20 + kill * 7;
      const gone = once(child, 'exit');
      child.on('message', (seq) => {
        acknowledged = Math.max(acknowledged, Number(seq));
        if (acknowledged >= target) child.kill('SIGKILL');
      });
      await gone;
      const journal = await journalAt({ folder: profile });
      const status = journal.status();
      expect(status.state).toBe('whole');
      expect(status.seq).toBeGreaterThanOrEqual(acknowledged);
      expect((await journal.check()).state).toBe('whole');
      acknowledged = status.seq;
      await journal.close();
    }
    expect(acknowledged).toBeGreaterThan(20 * 20);
  });
});
