import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guard } from '../../../electron/host/authority/access.ts';
import type { Session } from '../../../electron/host/authority/session.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { ok } from '../../../shared/domain/result.ts';
import { hostContract, type Host, type HostProcedure } from '../../../shared/ports/host.ts';
import { codeOf, codesIn, does, faultyDisk, freshFolder, hostAt, journalAt, type Operation } from './bench.ts';
import { hire, PIN } from './crew.ts';
import { honestRemote } from './honest-remote.ts';

const PROCEDURES = Object.keys(hostContract) as HostProcedure[];
const OWNER: Person = { id: 'ada', name: 'Ada', roles: ['counter', 'lead', 'approver', 'admin'], active: true };

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

  test.each([
    ['ENOSPC', 'disk_full'],
    ['EDQUOT', 'disk_full'],
    ['EROFS', 'disk_read_only'],
    ['EACCES', 'disk_read_only'],
    ['EPERM', 'disk_read_only'],
  ])('H752 whatever procedure meets a disk that takes nothing (%s), it says so: %s', async (system, said) => {
    const disk = faultyDisk();
    const chooseFolder = () => freshFolder();
    const { connector } = honestRemote();
    const running = await hostAt({ folder: await freshFolder(), disk, chooseFolder, connectors: [connector] });
    const { admin } = await hire(running);
    const { host } = running;
    const draft = async () => {
      const { file } = await does(running, 'beginCatalogueFile', { what: 'items' });
      await does(running, 'appendCatalogueRows', { file, lines: '{}\n', rows: 1 });
      return file;
    };
    const [written, sealed] = [await draft(), await draft()];
    await does(running, 'keepDailyCopy', { on: true });
    await does(running, 'signOut', {});
    disk.fault = (operation) => (WRITING.has(operation) ? system : null);
    await does(running, 'signIn', { person: admin, pin: PIN });
    const form = { remote: 'honest', name: 'Shop', settings: { baseUrl: 'https://remote.example' } };
    const calls = {
      append: () => host.append({ facts: [scanOf('n1')] }),
      savePerson: () => host.savePerson({ name: 'Eve', roles: ['counter'], active: true, pin: PIN }),
      'savePerson without a PIN': () => host.savePerson({ id: admin, name: 'Eve', roles: ['admin'], active: true }),
      renewRecoveryCode: () => host.renewRecoveryCode({}),
      saveConnection: () => host.saveConnection({ ...form, secrets: { token: 'a token' } }),
      beginCatalogueFile: () => host.beginCatalogueFile({ what: 'items' }),
      appendCatalogueRows: () => host.appendCatalogueRows({ file: written, lines: '{}\n', rows: 1 }),
      sealCatalogueFile: () => host.sealCatalogueFile({ file: sealed }),
      keepDailyCopy: () => host.keepDailyCopy({ on: true }),
      checkDisk: () => host.checkDisk({}),
    };
    for (const [name, call] of Object.entries(calls)) expect([name, await codeOf(call())]).toEqual([name, said]);
    disk.fault = () => null;
    await running.close();

    const fresh = await hostAt({ folder: await freshFolder(), disk, cipher: null });
    disk.fault = (operation) => (WRITING.has(operation) ? system : null);
    expect(await codeOf(fresh.host.createFirstPerson({ name: 'Ada', pin: PIN }))).toBe(said);
    disk.fault = () => null;
    await hire(fresh);
    disk.fault = (operation) => (WRITING.has(operation) ? system : null);
    expect(await codeOf(fresh.host.unlockVault({ passphrase: 'long enough words' }))).toBe(said);
    disk.fault = () => null;
    await fresh.close();
  });

  test('H753 no procedure can forget it: a system error that nobody answered for is said at the door, a bug is not', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    await hire(running);
    const anybody = { require: () => ok(OWNER), current: () => OWNER, wasUsed: () => true } as unknown as Session;
    const thrown = (problem: Error) =>
      Object.fromEntries(PROCEDURES.map((name) => [name, () => Promise.reject(problem)])) as unknown as Host;
    const system = (code: string) => Object.assign(new Error('planted'), { code });
    for (const name of PROCEDURES) {
      const say = async (problem: Error) => {
        const call = guard(thrown(problem), anybody, running.log)[name] as (
          input: unknown,
        ) => ReturnType<Host['start']>;
        return codeOf(call({}));
      };
      expect([name, await say(system('ENOSPC')), await say(system('EROFS'))]).toEqual([
        name,
        'disk_full',
        'disk_read_only',
      ]);
      await expect(say(new Error('a bug'))).rejects.toThrow('a bug');
      await expect(say(system('EIO'))).rejects.toThrow('planted');
    }
    await running.close();
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
