import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, does, entriesOn, freshFolder, hostAt } from './bench.ts';
import { BATCH, COUNTED, PIN, STOCKTAKE, countAndSubmit, enter, hire, type Crew } from './crew.ts';

/** A profile with people, counts and a catalogue, closed in order. */
async function used(): Promise<{ folder: string; crew: Crew }> {
  const folder = await freshFolder();
  const running = await hostAt({ folder, segmentBytes: 3000 });
  const crew = await hire(running);
  const { file } = await does(running, 'beginCatalogueFile', { what: 'items' });
  await does(running, 'appendCatalogueRows', { file, lines: '{"sku":"1"}\n', rows: 1 });
  const { sha256, rows } = await does(running, 'sealCatalogueFile', { file });
  const imported = { kind: 'catalogue_imported' as const, what: 'items' as const, sha256, rows, source: 'a.csv' };
  await does(running, 'append', { facts: [imported] });
  await countAndSubmit(running, crew);
  await running.close();
  return { folder, crew };
}

const DEVICE = ['device.json', 'device.copy.json'];

describe('records that are missing', () => {
  test('H715 another profile’s device file is noticed and put right: the entries say whose they are', async () => {
    const [mine, theirs] = [await used(), await used()];
    const before = await readFile(join(mine.folder, 'device.json'), 'utf8');
    for (const names of [DEVICE, DEVICE.slice(0, 1), DEVICE.slice(1)]) {
      for (const name of names) await cp(join(theirs.folder, name), join(mine.folder, name));
      const running = await hostAt({ folder: mine.folder, segmentBytes: 3000 });
      const { journal, people, files } = await does(running, 'start', {});
      expect(journal).toMatchObject({ state: 'whole', device: JSON.parse(before).kept.device });
      expect(people).toHaveLength(5);
      expect(files.mended.map(({ file }) => file)).toContain('device');
      await enter(running, mine.crew.admin);
      await running.close();
      expect((await does(await hostAt({ folder: mine.folder }), 'filesFound', {})).mended).toEqual([]);
    }
  });

  const gone = [
    ['the journal', ['journal']],
    ['the journal and the device file', ['journal', ...DEVICE]],
    ['all but the PINs', ['journal', ...DEVICE, 'authority', 'catalogue', 'catalogue-copy', 'vault.json']],
    [
      'all but the checkpoint',
      ['journal', ...DEVICE, 'people.json', 'people.copy.json', 'catalogue', 'catalogue-copy'],
    ],
    ['all but a catalogue', ['journal', ...DEVICE, 'people.json', 'people.copy.json', 'authority', 'catalogue']],
  ] as const;

  test.each(gone)('H716 where %s are gone nobody is the first person, and that is said', async (_what, names) => {
    const { folder } = await used();
    for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
    for (let start = 0; start < 2; start += 1) {
      const running = await hostAt({ folder });
      await running.host.restoreJournal({ entries: [], last: true });
      expect((await does(running, 'start', {})).files.entry).toBe('records_missing');
      expect(await codeOf(running.host.createFirstPerson({ name: 'Eve', pin: PIN }))).toBe('records_missing');
      await running.close();
    }
  });

  const swapped = [
    ['the oldest file', (name: string) => name === '000001.jsonl', false],
    ['every file', () => true, true],
    ['every file but the list', (name: string) => name !== 'manifest.json', true],
  ] as const;

  test.each(swapped)(
    'H757 %s of another profile’s journal is damage: its people are nobody here, and what was here comes back',
    async (_what, isSwapped, isReadAtOnce) => {
      const [mine, theirs] = [await used(), await used()];
      const entries = await entriesOn(mine.folder);
      const journal = join(mine.folder, 'journal');
      const theirNames = await readdir(join(theirs.folder, 'journal'));
      const names = theirNames.filter((name) => name.endsWith('.jsonl') || name === 'manifest.json').filter(isSwapped);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) await cp(join(theirs.folder, 'journal', name), join(journal, name));

      const running = await hostAt({ folder: mine.folder, segmentBytes: 3000 });
      const broken = { state: 'damaged', device: entries[0]?.device, damage: { fromSeq: 1 } };
      const started = await does(running, 'start', {});
      if (isReadAtOnce) {
        expect(started.journal).toMatchObject(broken);
        expect(started.people).toEqual([]);
        expect(started.files.entry).toBe('records_missing');
      } else {
        // Closed files are known by their size, and this one has the same: people are those of the checkpoint until it is read.
        await enter(running, mine.crew.admin);
        expect((await does(running, 'checkJournal', {})).journal).toMatchObject(broken);
      }
      const recovery = { code: theirs.crew.code, person: theirs.crew.admin, pin: PIN };
      expect(await codeOf(running.host.recoverAccess(recovery))).not.toBe('ok');
      expect(await codeOf(running.host.signIn({ person: theirs.crew.admin, pin: PIN }))).not.toBe('ok');

      const given = await does(running, 'restoreJournal', { entries, last: true });
      expect(given.journal).toMatchObject({ state: 'whole', device: entries[0]?.device });
      await enter(running, mine.crew.admin);
      expect(await codeOf(running.host.signIn({ person: theirs.crew.admin, pin: PIN }))).not.toBe('ok');
      await running.close();
      expect((await entriesOn(mine.folder)).slice(0, entries.length)).toEqual(entries);
    },
  );

  test('H758 a journal that was given back what it lost at its end goes on: bins are handed in at once', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    const crew = await hire(running);
    await enter(running, crew.byRole.lead);
    await does(running, 'append', { facts: [STOCKTAKE] });
    await enter(running, crew.byRole.counter);
    const done = { kind: 'bin_finished', stocktake: 'take-1', pass: 1, bin: 'A-01' } as const;
    await does(running, 'append', { facts: [COUNTED, done] });
    await running.close();
    const entries = await entriesOn(folder);
    await writeFile(join(folder, 'journal', '000001.jsonl'), 'nothing of it');

    const again = await hostAt({ folder });
    const given = await does(again, 'restoreJournal', { entries, last: true });
    // The numbers that were set aside for what may be lost hold nothing.
    expect(given.journal.gaps?.at(-1)?.toSeq).toBeGreaterThan(entries.length);
    await enter(again, crew.byRole.counter);
    await does(again, 'append', { facts: [BATCH] });
    await again.close();
    expect((await entriesOn(folder)).map(({ fact }) => fact.kind)).toContain('batch_submitted');
  });

  test('H725 an empty folder, and one whose first person was never finished, still ask who comes first', async () => {
    const folder = await freshFolder();
    const first = await hostAt({ folder });
    expect((await does(first, 'start', {})).files.entry).toBe('open');
    await first.close();
    const again = await hostAt({ folder });
    expect(await codeOf(again.host.createFirstPerson({ name: 'Ada', pin: PIN }))).toBe('ok');
    await again.close();
  });

  test('H718 a list of segments that is damaged, older or another journal’s is made again, and said', async () => {
    const { folder } = await used();
    const theirs = await used();
    const path = join(folder, 'journal', 'manifest.json');
    const good = await readFile(path, 'utf8');
    const flipped = good.replace(
      /"lastHash":"(.)/,
      (_all, digit: string) => `"lastHash":"${digit === '0' ? '1' : '0'}`,
    );
    for (const bad of [flipped, '', null, await readFile(join(theirs.folder, 'journal', 'manifest.json'), 'utf8')]) {
      await (bad === null ? rm(path) : writeFile(path, bad));
      const running = await hostAt({ folder, segmentBytes: 3000 });
      const { journal, files } = await does(running, 'start', {});
      expect(journal.state).toBe('whole');
      expect(files.mended).toEqual([{ file: 'manifest', what: 'healed' }]);
      expect(await readFile(path, 'utf8')).toBe(good);
      await running.close();
    }
  });
});
