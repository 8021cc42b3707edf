import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { codeOf, codesIn, does, faultyDisk, freshFolder, hostAt, journalAt, type Operation } from './bench.ts';
import { hire } from './crew.ts';

const scanOf = (code: string): Fact => ({
  kind: 'unknown_scanned',
  stocktake: 'take-1',
  pass: 1,
  bin: 'A-01',
  code,
  quantity: '1',
});
/** What a person is told where a disk call fails: never a bare crash, never success. */
const SAID = new Set(['ok', 'disk_full', 'disk_read_only', 'journal_failed', 'host_failed']);

/** A laptop whose crew counts, on a disk that fails when told. */
async function counting() {
  const folder = await freshFolder();
  const disk = faultyDisk();
  const running = await hostAt({ folder, disk, segmentBytes: 6000 });
  const { byRole } = await hire(running);
  await does(running, 'signIn', { person: byRole.counter, pin: '2468' });
  const kept: string[] = [];
  return {
    folder,
    disk,
    running,
    kept,
    /** Scans; remembers the code if it is said to be saved. */
    async scan(code: string): Promise<string> {
      const said = await codeOf(running.host.append({ facts: [scanOf(code)] }));
      if (said === 'ok') kept.push(code);
      return said;
    },
    /** Closes, and reads what the next start would find. */
    async reopened(): Promise<string[]> {
      disk.fault = () => null;
      await running.close();
      const journal = await journalAt({ folder });
      expect(journal.status().state).toBe('whole');
      const codes = await codesIn(journal);
      await journal.close();
      return codes.filter((code) => code.startsWith('n'));
    },
  };
}

const WRITING: ReadonlySet<Operation> = new Set(['open', 'write', 'datasync', 'truncate', 'rename', 'syncFolder']);

describe('a disk that is full or may not be written', () => {
  test('H776 whichever disk call fails, 1 to 200, what is said to be saved is there and nothing else, and it goes on', async () => {
    const laptop = await counting();
    for (let failing = 1; failing <= 200; failing += 1) {
      let seen = 0;
      laptop.disk.fault = () => ((seen += 1) === (failing % 25) + 1 ? (failing % 2 === 0 ? 'ENOSPC' : 'EIO') : null);
      for (const step of ['a', 'b', 'c']) expect(SAID).toContain(await laptop.scan(`n${failing}${step}`));
      laptop.disk.fault = () => null;
      expect(await laptop.scan(`n${failing}d`)).toBe('ok');
    }
    expect(await laptop.reopened()).toEqual(laptop.kept);
    expect(laptop.kept.length).toBeGreaterThan(400);
  });

  test('H777 a disk that fills up and gets room again, whenever: said in plain words, nothing lost, nothing made up', async () => {
    const laptop = await counting();
    let number = 0;
    const spell = fc.record({ before: fc.nat(3), full: fc.integer({ min: 1, max: 5 }), together: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(spell, async ({ before, full, together }) => {
        const some = (many: number) => Array.from({ length: many }, () => `n${(number += 1)}`);
        for (const code of some(before)) expect(await laptop.scan(code)).toBe('ok');
        laptop.disk.fault = (operation) => (WRITING.has(operation) ? 'ENOSPC' : null);
        expect(await codeOf(laptop.running.host.checkDisk({}))).toBe('disk_full');
        const codes = some(full);
        if (together) for (const said of await Promise.all(codes.map(laptop.scan))) expect(said).toBe('disk_full');
        else for (const code of codes) expect(await laptop.scan(code)).toBe('disk_full');
        laptop.disk.fault = () => null;
        expect(await codeOf(laptop.running.host.checkDisk({}))).toBe('ok');
        for (const code of some(1)) expect(await laptop.scan(code)).toBe('ok');
      }),
      { numRuns: 60 },
    );
    expect(await laptop.reopened()).toEqual(laptop.kept);
  });

  test('H775 while a disk that fails keeps the journal from being folded anew, nobody is a stranger, and nothing is judged', async () => {
    const laptop = await counting();
    await laptop.scan('n1');
    laptop.disk.fault = (operation) => (WRITING.has(operation) ? 'EIO' : null);
    for (const code of ['n2', 'n3', 'n4']) expect(await laptop.scan(code)).toBe('journal_failed');
    const { people, signedIn } = await does(laptop.running, 'start', {});
    expect([people.length, signedIn?.name]).toEqual([5, 'counter']);
    laptop.disk.fault = () => null;
    expect(await laptop.scan('n5')).toBe('ok');
    expect(await laptop.reopened()).toEqual(['n1', 'n5']);
  });

  test('H778 a profile that may not be written opens, says so, and takes nothing', async () => {
    const laptop = await counting();
    await laptop.scan('n1');
    await laptop.running.close();
    const disk = faultyDisk();
    disk.fault = (operation) => (WRITING.has(operation) && operation !== 'open' ? 'EROFS' : null);
    const again = await hostAt({ folder: laptop.folder, disk });
    expect((await does(again, 'start', {})).journal).toMatchObject({ state: 'whole' });
    expect(await codeOf(again.host.checkDisk({}))).toBe('disk_read_only');
    await again.close();
    const nowhere = faultyDisk();
    nowhere.fault = (operation) => (WRITING.has(operation) ? 'EROFS' : null);
    const fresh = await hostAt({
      folder: await freshFolder(),
      disk: { ...nowhere, makeFolder: () => Promise.reject(Object.assign(new Error('planted'), { code: 'EROFS' })) },
    });
    expect((await does(fresh, 'start', {})).journal).toMatchObject({ state: 'new' });
    expect(await codeOf(fresh.host.checkDisk({}))).toBe('disk_read_only');
    await fresh.close();
  });

  test('H779 a file that cannot be saved where the person wants it is said to be that, not a failure of the app', async () => {
    const saveFile = () => Promise.reject(Object.assign(new Error('planted'), { code: 'ENOSPC' }));
    const running = await hostAt({ folder: await freshFolder(), saveFile });
    await hire(running);
    expect(await running.host.saveFile({ suggestedName: 'x.csv', text: 'x' })).toEqual({
      ok: false,
      error: { code: 'file_not_written', detail: 'ENOSPC' },
    });
    await running.close();
  });
});
