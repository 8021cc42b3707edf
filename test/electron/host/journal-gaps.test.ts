import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { entryText } from '../../../shared/domain/ledger-entry.ts';
import { sha256 } from '../../../electron/host/disk/sha256.ts';
import type { Journal } from '../../../electron/host/journal/journal.ts';
import { codesIn, faultyDisk, freshFolder, journalAt, scanOf, sealOne } from './bench.ts';
import { openKeptText } from '../../../electron/host/disk/kept-file.ts';

const BURST = 20;

async function sealGroup(journal: Journal, codes: readonly string[]): Promise<void> {
  const sealing = journal.seal('person-1', codes.map(scanOf));
  if (!sealing.ok || !(await sealing.value.synced).ok) throw new Error('not sealed');
}

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `c${from + index}`);
}

async function allIn(journal: Journal): Promise<LedgerEntry[]> {
  const page = await journal.read(1, 10_000);
  if (!page.ok) throw new Error(page.error.code);
  return [...page.value.entries];
}

type Burst = { folder: string; entries: LedgerEntry[] };
/** Written once for each size of segments: syncing forty entries takes longer than any of the tests. */
const templates = new Map<number, Promise<Burst>>();
afterAll(async () => {
  for (const { folder } of await Promise.all(templates.values())) await rm(folder, { recursive: true });
});

async function writeBurst(segmentBytes: number): Promise<Burst> {
  const folder = await mkdtemp(join(tmpdir(), 'tallybook-burst-'));
  const journal = await journalAt({ folder, segmentBytes });
  for (const code of numbered(1, 3)) await sealOne(journal, code);
  await sealGroup(journal, numbered(4, 3 + BURST));
  await sealGroup(journal, numbered(24, 26));
  for (const code of numbered(27, 40)) await sealOne(journal, code);
  const entries = await allIn(journal);
  await journal.close();
  return { folder, entries };
}

/** Three single entries, a burst of twenty, another of three, and singles up to forty: in segments of about 3 kB. */
async function burstJournal({ segmentBytes = 3000 } = {}): Promise<Burst> {
  const writing = templates.get(segmentBytes) ?? writeBurst(segmentBytes);
  templates.set(segmentBytes, writing);
  const template = await writing;
  const folder = await freshFolder();
  await cp(template.folder, folder, { recursive: true });
  return { folder, entries: template.entries };
}

async function segments(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'journal'));
  return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, 'journal', name));
}

/** Changes the lines that hold these sequences; null takes a line out. */
async function change(folder: string, seqs: readonly number[], how: (line: string) => string | null): Promise<void> {
  for (const path of await segments(folder)) {
    const lines = (await readFile(path, 'utf8')).split('\n');
    const changed = lines.flatMap((line) => {
      const isMeant = seqs.some((seq) => line.includes(`"seq":${seq},"v"`));
      const next = isMeant ? how(line) : line;
      return next === null ? [] : [next];
    });
    await writeFile(path, changed.join('\n'));
  }
}

const spoil = (line: string) => line.replace(/"code":"c/, '"code":"x');
const tear = (line: string) => line.slice(0, 40);

/** The line of an entry altered by somebody who knows how hashes are made. */
function forge(line: string): string {
  const entry = JSON.parse(line) as LedgerEntry;
  const altered = { ...entry, fact: scanOf('forged') };
  const text = entryText(altered);
  return `{"hash":"${sha256(text)}","id":"${entry.id}",${text.slice(1)}`;
}

/** Opens, checks, restores from `given`, and gives the journal. */
async function mended(folder: string, given: readonly LedgerEntry[] = [], holes = false): Promise<Journal> {
  const journal = await journalAt({ folder, segmentBytes: 3000 });
  await journal.check();
  const begun = await journal.restore([], false);
  const fits = given.filter((entry) => entry.seq > (begun.ok ? begun.value.seq : 0));
  const done = await journal.restore(fits, true, holes);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return journal;
}

/** What is read after a further start, which must find nothing wrong. */
async function reopened(folder: string): Promise<{ codes: string[]; entries: LedgerEntry[] }> {
  const journal = await journalAt({ folder, segmentBytes: 3000 });
  expect(journal.status().state).toBe('whole');
  expect((await journal.check()).state).toBe('whole');
  const read = { codes: await codesIn(journal), entries: await allIn(journal) };
  await journal.close();
  return read;
}

describe('damage within an append of several entries', () => {
  test.each([3000, 4_000_000])(
    'H70 whatever line of a burst is damaged, every entry before it is still served (segments of %i bytes)',
    async (segmentBytes) => {
      for (const how of [spoil, tear]) {
        for (let seq = 4; seq < 4 + BURST; seq += 1) {
          const { folder, entries } = await burstJournal({ segmentBytes });
          await change(folder, [seq], how);
          const journal = await journalAt({ folder, segmentBytes });
          expect((await journal.check()).damage?.fromSeq).toBe(seq);
          expect((await allIn(journal)).slice(0, seq)).toEqual(entries.slice(0, seq - 1));
          const begun = await journal.restore([], false);
          expect(begun).toMatchObject({ ok: true, value: { seq: seq - 1 } });
          expect(await allIn(journal)).toEqual(entries.slice(0, seq - 1));
          expect(await journal.restore(entries.slice(seq - 1), true)).toMatchObject({ ok: true });
          expect(await allIn(journal)).toEqual(entries);
          await journal.close();
          expect((await reopened(folder)).entries).toEqual(entries);
        }
      }
    },
  );

  test('H71 an acknowledged burst at the very end keeps what stands before its damage', async () => {
    const folder = await freshFolder();
    const journal = await journalAt({ folder });
    await sealOne(journal, 'c1');
    await sealGroup(journal, numbered(2, 6));
    await journal.close();
    await change(folder, [5], tear);
    await change(folder, [6], () => null);
    const damaged = await journalAt({ folder });
    expect(damaged.status()).toMatchObject({ state: 'damaged', seq: 4, damage: { fromSeq: 5 } });
    await damaged.close();
    await (await mended(folder)).close();
    expect((await reopened(folder)).codes).toEqual(numbered(1, 4));
  });
});

describe('both copies damaged', () => {
  test('H72 what stands after lost lines is still served, and the lost numbers are declared', async () => {
    const { folder, entries } = await burstJournal();
    await change(folder, [7, 8, 30], spoil);
    const journal = await mended(folder);
    const status = journal.status();
    expect(status).toMatchObject({ state: 'whole', seq: 40, entries: 37 });
    expect(status.gaps).toMatchObject([
      { fromSeq: 7, toSeq: 8, knownSeq: 8, prev: entries[7]?.hash },
      { fromSeq: 30, toSeq: 30, knownSeq: 30, prev: entries[29]?.hash },
    ]);
    expect(await sealOne(journal, 'c41')).toBe(true);
    await journal.close();
    const kept = [...numbered(1, 6), ...numbered(9, 29), ...numbered(31, 41)];
    const { codes, entries: read } = await reopened(folder);
    expect(codes).toEqual(kept);
    expect(read.map(({ seq }) => `c${seq}`)).toEqual(kept);
  });

  test('H72 whichever lines are lost or altered, exactly those are missing afterwards, however often it happens', async () => {
    const lines = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
    const ways = fc.constantFrom(spoil, tear, () => null);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ lines, how: ways }), { minLength: 1, maxLength: 3 }), async (rounds) => {
        const { folder } = await burstJournal();
        const gone = new Set<number>();
        for (const round of rounds) {
          await change(folder, round.lines, round.how);
          for (const seq of round.lines) gone.add(seq);
          const journal = await journalAt({ folder, segmentBytes: 3000 });
          if ((await journal.check()).state !== 'whole')
            expect(await journal.restore([], true)).toMatchObject({ ok: true });
          await journal.close();
        }
        const { entries } = await reopened(folder);
        expect(entries.map(({ seq }) => seq)).toEqual(
          Array.from({ length: 40 }, (_, index) => index + 1).filter((seq) => !gone.has(seq)),
        );
      }),
      { numRuns: 25 },
    );
  });

  test('H73 lines in another order, or twice, lose nothing', async () => {
    const { folder, entries } = await burstJournal({ segmentBytes: 4_000_000 });
    const [path = ''] = await segments(folder);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const turned = [...lines.slice(0, 10), ...lines.slice(10, 15).toReversed(), lines[12], ...lines.slice(15)];
    await writeFile(path, `${turned.join('\n')}\n`);
    const journal = await mended(folder);
    expect(journal.status()).toMatchObject({ state: 'whole', entries: 40 });
    expect(await allIn(journal)).toEqual(entries);
    await journal.close();
  });

  test.each([3000, 4_000_000])(
    'H74 an altered entry with a hash of its own is not believed against the entries after it (%i)',
    async (segmentBytes) => {
      for (const seq of [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]) {
        const { folder, entries } = await burstJournal({ segmentBytes });
        await change(folder, [seq], forge);
        const journal = await mended(folder, entries.slice(seq - 1));
        expect(await allIn(journal)).toEqual(entries);
        await journal.close();
        const alone = await burstJournal({ segmentBytes });
        await change(alone.folder, [seq], forge);
        const salvaged = await mended(alone.folder);
        expect(await codesIn(salvaged)).toEqual([...numbered(1, seq - 1), ...numbered(seq + 1, 40)]);
        await salvaged.close();
      }
    },
  );

  test('H75 what the page has behind a hole of its own and what the files have make one journal', async () => {
    const { folder, entries } = await burstJournal();
    await change(folder, [7, 20, 33], spoil);
    const page = entries.filter(({ seq }) => seq !== 7 && (seq < 10 || seq > 15));
    const strict = await journalAt({ folder, segmentBytes: 3000 });
    await strict.check();
    expect(await strict.restore(page.slice(6), false)).toMatchObject({ ok: false, error: { code: 'broken_chain' } });
    expect(await strict.restore(page.slice(6), true, true)).toMatchObject({
      ok: true,
      value: { state: 'whole', entries: 39, gaps: [{ fromSeq: 7, toSeq: 7 }] },
    });
    await strict.close();
    expect((await reopened(folder)).entries).toEqual(entries.filter(({ seq }) => seq !== 7));
  });
});

describe('numbers', () => {
  test('H76 no number is given twice when the end of the journal is lost, under the same device', async () => {
    for (const lose of [/./, /^00000[3-9]/]) {
      const folder = await freshFolder();
      const journal = await journalAt({ folder, segmentBytes: 3000 });
      for (const code of numbered(1, 25)) await sealOne(journal, code);
      const device = journal.status().device;
      const given = new Set((await allIn(journal)).map(({ seq }) => seq));
      // Not closed: the process was killed, and the last mark on disk is an old one.
      for (const path of await segments(folder)) if (lose.test(basename(path))) await rm(path);
      const after = await mended(folder);
      const { gaps = [], seq } = after.status();
      expect(gaps.at(-1)?.fromSeq).toBe(seq + 1);
      expect(gaps.at(-1)?.knownSeq).toBeGreaterThan(seq);
      expect(await sealOne(after, 'new')).toBe(true);
      const newest = (await allIn(after)).at(-1);
      expect(newest?.device).toBe(device);
      expect(given.has(newest?.seq ?? 1)).toBe(false);
      expect(newest?.seq).toBeGreaterThan(25);
      expect(newest?.prev).toBe(after.status().gaps?.at(-1)?.prev);
      await after.close();
      await journal.close();
      expect((await reopened(folder)).codes.at(-1)).toBe('new');
    }
  });

  test('H76 what was reserved stays reserved, however little is left of the journal', async () => {
    const folder = await freshFolder();
    const journal = await journalAt({ folder });
    for (let call = 0; call < 15; call += 1) await sealGroup(journal, numbered(1, 100));
    const [path = ''] = await segments(folder);
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, `${lines.slice(0, 50).join('\n')}\n\0\0\0\n`);
    const after = await mended(folder);
    expect(after.status()).toMatchObject({ seq: 50, entries: 50 });
    expect(await sealOne(after, 'new')).toBe(true);
    expect(after.status().seq).toBeGreaterThan(1500);
    expect(after.status().entries).toBe(51);
    await after.close();
    await journal.close();
  });

  test('H76 a number is reserved on disk before it is given, a thousand at a time', async () => {
    const disk = faultyDisk();
    const folder = await freshFolder();
    const journal = await journalAt({ folder, disk });
    const before = disk.counts.get('rename') ?? 0;
    for (let call = 0; call < 30; call += 1) {
      await sealGroup(journal, numbered(1, 100));
      const device = openKeptText(await readFile(join(folder, 'device.json'), 'utf8'))?.content;
      const { reserved } = device as { reserved: number };
      expect(reserved).toBeGreaterThanOrEqual(journal.status().seq);
    }
    expect((disk.counts.get('rename') ?? 0) - before).toBeLessThanOrEqual(8);
    disk.fault = (operation, path) => (operation === 'open' && path.includes('device') ? 'ENOSPC' : null);
    const refused: string[] = [];
    for (let call = 0; call < 12; call += 1) {
      const sealing = journal.seal('person-1', numbered(1, 100).map(scanOf));
      const synced = sealing.ok ? await sealing.value.synced : sealing;
      if (!synced.ok) refused.push(synced.error.code);
    }
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused)).toEqual(new Set(['disk_full']));
    disk.fault = () => null;
    await journal.close();
  });

  test('H77 a declared gap that is altered itself is declared again', async () => {
    const { folder, entries } = await burstJournal();
    await change(folder, [7], spoil);
    await (await mended(folder)).close();
    for (const path of await segments(folder)) {
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace('"known":7', '"known":6'));
    }
    const journal = await mended(folder);
    expect(journal.status().gaps).toMatchObject([{ fromSeq: 7, toSeq: 7, prev: entries[6]?.hash }]);
    expect(await allIn(journal)).toEqual(entries.filter(({ seq }) => seq !== 7));
    await journal.close();
  });
});

describe('a repair that is cut off', () => {
  test('H78 wherever a repair stops, the next one finishes it and loses nothing', async () => {
    for (let failing = 1; failing <= 300; failing += 1) {
      const { folder, entries } = await burstJournal();
      await change(folder, [7, 30], spoil);
      const disk = faultyDisk();
      const journal = await journalAt({ folder, disk, segmentBytes: 3000 });
      await journal.check();
      let seen = 0;
      disk.fault = (operation) => {
        if (operation === 'read' || operation === 'readFile') return null;
        seen += 1;
        return seen >= failing ? 'EIO' : null;
      };
      const done = await journal.restore([], true);
      await journal.close();
      const again = await mended(folder);
      expect(again.status(), `${failing}`).toMatchObject({ state: 'whole', seq: 40, entries: 38 });
      expect(await allIn(again)).toEqual(entries.filter(({ seq }) => seq !== 7 && seq !== 30));
      await again.close();
      if (done.ok && seen < failing) return;
    }
    throw new Error('never got through');
    // Some hundred repairs, a flush of the disk at every step: a disk that others use as well takes minutes.
  }, 240_000);

  test('H79 two repairs at one instant keep what each has set aside', async () => {
    const { folder } = await burstJournal();
    for (const seq of [7, 30]) {
      await change(folder, [seq], spoil);
      await (await mended(folder)).close();
    }
    expect(await readdir(join(folder, 'journal', 'set-aside'))).toHaveLength(2);
  });
});
