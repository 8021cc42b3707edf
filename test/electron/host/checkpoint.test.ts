import type { FactOf } from '../../../shared/domain/ledger-entry.ts';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultyDisk, codeOf, does, freshFolder, hostAt } from './bench.ts';
import { APPROVED, COUNTED, PIN, countAndSubmit, enter, hire, posting, type Crew } from './crew.ts';

/** A profile in which a line was posted, closed in order. */
type Posted = { folder: string; crew: Crew; posted: FactOf<'lines_posted'> };

async function posted(): Promise<Posted> {
  const folder = await freshFolder();
  const running = await hostAt({ folder, segmentBytes: 3000 });
  const crew = await hire(running);
  await countAndSubmit(running, crew);
  await enter(running, crew.byRole.approver);
  await does(running, 'append', { facts: [APPROVED] });
  const fact = await posting(running);
  await does(running, 'append', { facts: [fact] });
  await running.close();
  return { folder, crew, posted: fact };
}

const stateFile = (folder: string) => join(folder, 'authority', 'authority.json');

async function marksFile(folder: string): Promise<string> {
  const names = await readdir(join(folder, 'authority'));
  return join(folder, 'authority', names.find((name) => name.startsWith('stocktake-')) ?? '');
}

async function change(path: string, edit: (text: string) => string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const edited = edit(text);
  expect(edited).not.toBe(text);
  await writeFile(path, edited);
}

/** Nobody is more than the journal says, and the posted line is posted. */
async function expectTruth({ folder, crew, posted: fact }: Posted): Promise<void> {
  const after = await hostAt({ folder, segmentBytes: 3000 });
  const { people, files } = await does(after, 'start', {});
  expect(people.find(({ id }) => id === crew.byRole.counter)?.roles).toEqual(['counter']);
  await enter(after, crew.byRole.approver);
  expect(await codeOf(after.host.append({ facts: [fact] }))).toBe('bad_request');
  await enter(after, crew.byRole.counter);
  expect(await codeOf(after.host.savePerson({ name: 'Eve', roles: ['admin'], active: true, pin: PIN }))).toBe(
    'role_missing',
  );
  const now = await does(after, 'filesFound', {});
  expect([...files.mended, ...now.mended]).toContainEqual({ file: 'checkpoint', what: 'healed' });
  await after.close();
}

describe('what the host keeps beside its journal', () => {
  const edits = [
    ['makes a counter admin', (text: string) => text.replaceAll('"roles":["counter"]', '"roles":["admin"]')],
    ['forgets that a line was posted', (text: string) => text.replace(/"postedFrom":\d+/, '"postedFrom":9999')],
    ['is cut', (text: string) => text.slice(0, 100)],
    ['is another text', () => '{}'],
  ] as const;

  test.each(edits)(
    'H711 a checkpoint that %s is not vouched for: everything is folded from the journal again',
    async (_how, edit) => {
      const profile = await posted();
      const { folder } = profile;
      await change(stateFile(folder), edit);
      await expectTruth(profile);
    },
  );

  test('H724 marks of a stocktake that were edited, or are another profile’s, are folded from the journal again', async () => {
    for (const edit of [
      (text: string) => text.replace(/"posted":\[[^\]]*\]/, '"posted":[]'),
      (text: string) => text.replace(/"counters":\[.*?\]\]\]/, '"counters":[]'),
    ]) {
      const profile = await posted();
      const { folder } = profile;
      await change(await marksFile(folder), edit);
      await expectTruth(profile);
    }
    const [mine, theirs] = [await posted(), await posted()];
    await rm(join(mine.folder, 'authority'), { recursive: true });
    const { cp } = await import('node:fs/promises');
    await cp(join(theirs.folder, 'authority'), join(mine.folder, 'authority'), { recursive: true });
    await expectTruth(mine);
  });

  test('H712 a start from a checkpoint that is vouched for reads no entry that it stands for', async () => {
    const folder = await freshFolder();
    const before = await hostAt({ folder, segmentBytes: 3000 });
    const crew = await hire(before);
    for (let number = 0; number < 60; number += 1)
      await does(before, 'append', { facts: [{ ...COUNTED, item: `SKU-${number}` }] });
    await before.close();
    const disk = faultyDisk();
    const read: string[] = [];
    disk.fault = (operation, path) => {
      if (operation === 'readFile' && path.endsWith('.jsonl')) read.push(path);
      return null;
    };
    const after = await hostAt({ folder, segmentBytes: 3000, disk });
    expect(read.length).toBeLessThanOrEqual(2);
    expect((await does(after, 'start', {})).files.mended).toEqual([]);
    await enter(after, crew.admin);
    await after.close();
  });

  test('H713 opened and closed again and again with nothing said, the journal does not grow', async () => {
    const { folder } = await posted();
    const seqs: number[] = [];
    for (let number = 0; number < 3; number += 1) {
      const running = await hostAt({ folder });
      seqs.push((await does(running, 'start', {})).journal.seq);
      await running.close();
    }
    expect(new Set(seqs).size).toBe(1);
  });
});
