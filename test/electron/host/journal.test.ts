import { createHash } from 'node:crypto';
import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LEDGER_VERSION, FIRST_PREV, entryText } from '../../../shared/domain/ledger-entry.ts';
import { codesIn, editKept, faultyDisk, freshFolder, journalAt, scanOf, sealOne } from './bench.ts';

/** A folder with a closed journal of `count` entries in segments of about 3 kB. */
async function filled(count: number): Promise<string> {
  const folder = await freshFolder();
  const journal = await journalAt({ folder, segmentBytes: 3000 });
  for (let number = 1; number <= count; number += 1) await sealOne(journal, `c${number}`);
  await journal.close();
  return folder;
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `c${index + 1}`);
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
}

describe('appending', () => {
  test('H1 an append is answered only after its bytes were written and then synced', async () => {
    const disk = faultyDisk();
    const journal = await journalAt({ folder: await freshFolder(), disk });
    disk.log.length = 0;
    await sealOne(journal, 'first');
    expect(disk.log.slice(0, 4)).toEqual(['open', 'syncFolder', 'write', 'datasync']);
    await journal.close();
  });

  test('H2 a burst of 1,000 appends shares at most 36 syncs', async () => {
    const disk = faultyDisk();
    const folder = await freshFolder();
    const journal = await journalAt({ folder, disk });
    const before = disk.counts.get('datasync') ?? 0;
    const done = await Promise.all(numbered(1000).map((code) => sealOne(journal, code)));
    expect(done.every(Boolean)).toBe(true);
    expect((disk.counts.get('datasync') ?? 0) - before).toBeLessThanOrEqual(36);
    expect(await codesIn(journal)).toEqual(numbered(1000));
    await journal.close();
  });

  test('H3 each entry carries the hash of the one before it and its own, over its canonical text', async () => {
    const journal = await journalAt({ folder: await filled(30) });
    const page = await journal.read(1, 100);
    const entries = page.ok ? page.value.entries : [];
    expect(entries).toHaveLength(30);
    let prev = FIRST_PREV;
    for (const entry of entries) {
      expect(entry.prev).toBe(prev);
      expect(entry.hash).toBe(createHash('sha256').update(entryText(entry)).digest('hex'));
      prev = entry.hash;
    }
    await journal.close();
  });

  test('H4 a start reads the newest segment only, whatever the age of the journal', async () => {
    const folder = await filled(200);
    const disk = faultyDisk();
    const read: string[] = [];
    disk.fault = (operation, path) => {
      if (operation === 'readFile' && path.endsWith('.jsonl')) read.push(path);
      return null;
    };
    const journal = await journalAt({ folder, disk });
    expect(journal.status()).toMatchObject({ state: 'whole', entries: 200 });
    expect(read.length).toBeLessThanOrEqual(1);
    expect(await codesIn(journal)).toEqual(numbered(200));
    await journal.close();
  });
});

describe('what a crash leaves', () => {
  test('H5 a torn last line is cut off and its bytes are reported', async () => {
    const folder = await filled(3);
    const path = join(folder, 'journal', '000001.jsonl');
    const whole = await readFile(path, 'utf8');
    for (const torn of ['{"hash":"ab', 'no json at all\n', '\0\0\0\0']) {
      await writeFile(path, whole + torn);
      const journal = await journalAt({ folder });
      expect(journal.status()).toMatchObject({ state: 'whole', entries: 3, tornBytes: torn.length });
      await journal.close();
    }
    const journal = await journalAt({ folder });
    await sealOne(journal, 'c4');
    await journal.close();
    const again = await journalAt({ folder });
    expect(again.status()).toMatchObject({ state: 'whole', tornBytes: 0 });
    expect(await codesIn(again)).toEqual(numbered(4));
    await again.close();
  });

  test('H6 an append of several facts that was torn leaves none of them', async () => {
    const folder = await filled(2);
    const journal = await journalAt({ folder });
    const sealing = journal.seal('person-1', ['c3', 'c4', 'c5'].map(scanOf));
    if (sealing.ok) await sealing.value.synced;
    await journal.close();
    const path = join(folder, 'journal', '000001.jsonl');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    // The mark of the close is for later: a crash would not have made it.
    await editKept(folder, 'device', (device) => ({ ...device, acknowledged: 2 }));
    for (const name of ['heads.json', 'heads.copy.json']) await rm(join(folder, name));
    for (const kept of [3, 4]) {
      await writeFile(path, `${lines.slice(0, kept).join('\n')}\n`);
      const after = await journalAt({ folder });
      expect(after.status()).toMatchObject({ state: 'whole', entries: 2 });
      expect(after.status().tornBytes).toBeGreaterThan(0);
    }
  });

  test('H7 a laptop whose journal vanished is told from a new one', async () => {
    const folder = await filled(5);
    await rm(join(folder, 'journal'), { recursive: true });
    expect((await journalAt({ folder })).status()).toMatchObject({ state: 'missing', entries: 0 });
    expect((await journalAt({ folder: await freshFolder() })).status()).toMatchObject({ state: 'new', entries: 0 });
  });

  test('H8 a journal cut short below what was acknowledged is damaged, not whole', async () => {
    const folder = await filled(60);
    const names = (await readdir(join(folder, 'journal'))).filter((name) => name.endsWith('.jsonl'));
    await rm(join(folder, 'journal', names.at(-1) ?? ''));
    const { state, damage } = (await journalAt({ folder })).status();
    expect(state).toBe('damaged');
    expect(damage?.code).toBe('missing_segment');
  });
});

describe('damage', () => {
  const kinds = [
    ['bad_line', (line: string) => line.replace('{"hash"', '{"hush"')],
    ['bad_hash', (line: string) => line.replace(/"code":"c\d+"/, '"code":"c0"')],
    ['broken_chain', () => ''],
    ['newer_version', (line: string) => line.replace(`"v":${LEDGER_VERSION}`, `"v":${LEDGER_VERSION + 1}`)],
  ] as const;

  test.each(kinds)('H9 damage of kind %s is named with its segment and first lost sequence', async (code, change) => {
    const folder = await filled(60);
    const path = join(folder, 'journal', '000002.jsonl');
    let fromSeq = 0;
    await edit(path, (text) => {
      const lines = text.split('\n');
      fromSeq = Number(/"seq":(\d+)/.exec(lines[3] ?? '')?.[1]);
      const changed = change(lines[3] ?? '');
      lines.splice(3, 1, ...(changed === '' ? [] : [changed]));
      return lines.join('\n');
    });
    const journal = await journalAt({ folder });
    const status = await journal.check();
    expect(status).toMatchObject({ state: 'damaged', damage: { code, segment: '000002.jsonl', fromSeq } });
    expect(status.seq).toBe(fromSeq - 1);
    expect(await codesIn(journal)).toEqual(numbered(fromSeq - 1));
    expect(journal.seal('person-1', [scanOf('x')]).ok).toBe(false);
  });

  test('H9 damage of kind missing_segment is named with its segment and first lost sequence', async () => {
    const folder = await filled(60);
    await rm(join(folder, 'journal', '000002.jsonl'));
    const status = (await journalAt({ folder })).status();
    expect(status).toMatchObject({
      state: 'damaged',
      damage: { code: 'missing_segment', segment: '000002.jsonl', fromSeq: status.seq + 1 },
    });
  });

  test('H10 one changed byte anywhere is found by a check of the open journal, 200 times out of 200', async () => {
    const folder = await filled(120);
    const names = (await readdir(join(folder, 'journal'))).filter((name) => name.endsWith('.jsonl'));
    let seed = 1;
    const next = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let trial = 0; trial < 200; trial += 1) {
      const path = join(folder, 'journal', names[next(names.length)] ?? '');
      const good = await readFile(path);
      const bad = Buffer.from(good);
      const at = next(bad.length);
      bad[at] = (bad[at] ?? 0) ^ (1 << next(8));
      const journal = await journalAt({ folder });
      await writeFile(path, bad);
      const status = await journal.check();
      expect(status.state, `byte ${at} of ${path}`).toBe('damaged');
      await writeFile(path, good);
    }
  });

  test('H11 a lost or damaged list of segments is made again from the segments', async () => {
    const folder = await filled(60);
    const path = join(folder, 'journal', 'manifest.json');
    const good = await readFile(path, 'utf8');
    for (const bad of [
      '',
      '{',
      good.replace(/"lastHash":"."/, '"lastHash":"x'),
      good.replace(/"bytes":(\d)/, '"bytes":9$1'),
    ]) {
      await writeFile(path, bad);
      const journal = await journalAt({ folder });
      expect(journal.status()).toMatchObject({ state: 'whole', entries: 60 });
      await journal.close();
      expect(await readFile(path, 'utf8')).toBe(good);
    }
  });

  test('H12 a journal of a newer version is refused and nothing in the folder is touched', async () => {
    const folder = await filled(5);
    const path = join(folder, 'journal', '000001.jsonl');
    await edit(path, (text) => text.replaceAll(`"v":${LEDGER_VERSION}`, `"v":${LEDGER_VERSION + 1}`));
    const before = await readFile(path, 'utf8');
    const journal = await journalAt({ folder });
    expect(journal.status()).toMatchObject({ state: 'damaged', damage: { code: 'newer_version' } });
    expect(journal.seal('person-1', [scanOf('x')])).toMatchObject({
      ok: false,
      error: { code: 'journal_failed', detail: 'newer_version' },
    });
    expect(await journal.restore([], true)).toMatchObject({ ok: false });
    await journal.close();
    expect(await readFile(path, 'utf8')).toBe(before);
  });
});

describe('restoring', () => {
  test('H13 lost entries are taken back only as they continue the chain, and what was damaged is set aside', async () => {
    const folder = await filled(60);
    const before = await journalAt({ folder });
    const page = await before.read(1, 100);
    const entries = page.ok ? [...page.value.entries] : [];
    const path = join(folder, 'journal', '000002.jsonl');
    await edit(path, (text) => text.replace(/"code":"c\d+"/, '"code":"zz"'));
    const damaged = await readFile(path, 'utf8');
    const journal = await journalAt({ folder });
    await journal.check();
    const lost = entries.slice(journal.status().seq);
    expect(await journal.restore(lost.slice(1), false)).toMatchObject({ ok: false, error: { code: 'broken_chain' } });
    expect(await journal.restore(lost.slice(0, 5), false)).toMatchObject({ ok: true, value: { state: 'damaged' } });
    const done = await journal.restore(lost.slice(5), true);
    expect(done).toMatchObject({ ok: true, value: { state: 'whole', entries: 60 } });
    expect(await codesIn(journal)).toEqual(numbered(60));
    expect(await sealOne(journal, 'c61')).toBe(true);
    await journal.close();
    const [time = ''] = await readdir(join(folder, 'journal', 'set-aside'));
    expect(await readFile(join(folder, 'journal', 'set-aside', time, '000002.jsonl'), 'utf8')).toBe(damaged);
    const again = await journalAt({ folder });
    expect(again.status()).toMatchObject({ state: 'whole', entries: 61 });
    expect((await again.check()).state).toBe('whole');
  });

  test('H14 a vanished journal is written anew from the entries, under the same device', async () => {
    const folder = await filled(40);
    const old = await journalAt({ folder });
    const page = await old.read(1, 100);
    const entries = page.ok ? [...page.value.entries] : [];
    await rm(join(folder, 'journal'), { recursive: true });
    await rm(join(folder, 'device.json'));
    const journal = await journalAt({ folder, segmentBytes: 3000 });
    expect(await journal.restore(entries, true)).toMatchObject({
      ok: true,
      value: { state: 'whole', entries: 40, device: entries[0]?.device },
    });
    await journal.close();
    expect((await journalAt({ folder })).status()).toMatchObject({
      state: 'whole',
      entries: 40,
      device: entries[0]?.device,
    });
  });

  test('H15 a torn tail that the page still has is given back to a whole journal', async () => {
    const folder = await filled(5);
    const old = await journalAt({ folder });
    const page = await old.read(1, 100);
    const entries = page.ok ? [...page.value.entries] : [];
    await editKept(folder, 'device', (device) => ({ ...device, acknowledged: 1 }));
    for (const name of ['heads.json', 'heads.copy.json']) await rm(join(folder, name));
    const path = join(folder, 'journal', '000001.jsonl');
    await truncate(path, (await readFile(path)).length - 20);
    const journal = await journalAt({ folder });
    expect(journal.status()).toMatchObject({ state: 'whole', entries: 4 });
    expect(await journal.restore(entries.slice(4), true)).toMatchObject({
      ok: true,
      value: { state: 'whole', entries: 5 },
    });
    await journal.close();
    expect((await journalAt({ folder })).status()).toMatchObject({ state: 'whole', entries: 5, tornBytes: 0 });
  });
});
