import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openKeptText } from '../../../electron/host/disk/kept-file.ts';
import { STRETCH_COST } from '../../../electron/host/secrets/secret-key.ts';
import {
  codeOf,
  does,
  editKept,
  entriesOn,
  freshFolder,
  hostAt,
  journalAt,
  logsOf,
  manualClock,
  testKeyring,
} from './bench.ts';
import { COUNTED, PIN, enter, hire } from './crew.ts';

async function tries(
  running: Awaited<ReturnType<typeof hostAt>>,
  person: string,
  count: number,
  pin = '0000',
): Promise<string[]> {
  const codes: string[] = [];
  for (let number = 0; number < count; number += 1) codes.push(await codeOf(running.host.signIn({ person, pin })));
  return codes;
}

describe('PINs', () => {
  test('H28 the first person is made once, with every role, and their making is an entry', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    const { person, entries } = await does(running, 'createFirstPerson', { name: 'Ada', pin: PIN });
    expect(person).toMatchObject({ name: 'Ada', active: true, roles: ['counter', 'lead', 'approver', 'admin'] });
    expect(entries[0]).toMatchObject({ by: person.id, fact: { kind: 'person_changed', person: person.id } });
    expect(await codeOf(running.host.createFirstPerson({ name: 'Eve', pin: PIN }))).toBe('people_exist');
    expect((await does(running, 'start', {})).signedIn?.id).toBe(person.id);
    await running.close();
  });

  test('H29 five wrong PINs lock for 30 s, each further one for twice as long; the right one starts over', async () => {
    const clock = manualClock();
    const running = await hostAt({ folder: await freshFolder(), clock });
    const { admin } = await hire(running);
    expect(await tries(running, admin, 6)).toEqual([
      'wrong_pin',
      'wrong_pin',
      'wrong_pin',
      'wrong_pin',
      'locked_out',
      'locked_out',
    ]);
    expect(await tries(running, admin, 1, PIN)).toEqual(['locked_out']);
    clock.pass(30_000);
    expect(await tries(running, admin, 1)).toEqual(['locked_out']);
    clock.pass(59_999);
    expect(await tries(running, admin, 1, PIN)).toEqual(['locked_out']);
    clock.pass(1);
    expect(await tries(running, admin, 1, PIN)).toEqual(['ok']);
    expect(await tries(running, admin, 1)).toEqual(['wrong_pin']);
    await running.close();
  });

  test('H30 neither a restart nor a clock that is set gives tries back or ends a wait', async () => {
    const folder = await freshFolder();
    const clock = manualClock();
    const first = await hostAt({ folder, clock });
    const { admin } = await hire(first);
    await tries(first, admin, 3);
    await first.close();
    const second = await hostAt({ folder, clock });
    expect(await tries(second, admin, 2)).toEqual(['wrong_pin', 'locked_out']);
    clock.wall += 3_600_000;
    expect(await tries(second, admin, 1, PIN)).toEqual(['locked_out']);
    clock.wall -= 7_200_000;
    expect(await tries(second, admin, 1, PIN)).toEqual(['locked_out']);
    await second.close();
    const third = await hostAt({ folder, clock });
    expect(await tries(third, admin, 1, PIN)).toEqual(['locked_out']);
    clock.pass(30_000);
    expect(await tries(third, admin, 1, PIN)).toEqual(['ok']);
    await third.close();
  });

  test('H31 after the waiting time without a call nobody is signed in any more', async () => {
    const clock = manualClock();
    const running = await hostAt({ folder: await freshFolder(), clock, lockAfterMs: 1000 });
    await hire(running);
    clock.pass(1000);
    expect(await codeOf(running.host.append({ facts: [COUNTED] }))).toBe('ok');
    clock.grown += 1001;
    expect(await codeOf(running.host.append({ facts: [COUNTED] }))).toBe('not_signed_in');
    expect((await does(running, 'start', {})).signedIn).toBeNull();
    await running.close();
  });

  test('H32 only an admin changes people, somebody stays admin, and a person made inactive is out at once', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    const crew = await hire(running);
    const change = (id: string, roles: ['admin'] | ['counter'], active: boolean) =>
      codeOf(running.host.savePerson({ id, name: 'X', roles, active }));
    expect(await change(crew.byRole.admin, ['counter'], true)).toBe('ok');
    expect(await change(crew.admin, ['counter'], true)).toBe('bad_request');
    expect(await change(crew.admin, ['admin'], false)).toBe('bad_request');
    expect(await codeOf(running.host.savePerson({ name: 'New', roles: ['counter'], active: true }))).toBe(
      'bad_request',
    );
    expect(await change(crew.byRole.lead, ['counter'], false)).toBe('ok');
    expect(await codeOf(running.host.signIn({ person: crew.byRole.lead, pin: PIN }))).toBe('not_found');
    await enter(running, crew.byRole.counter);
    expect(await change(crew.byRole.approver, ['counter'], true)).toBe('role_missing');
    await running.close();
  });
});

const COPIES = ['people.json', 'people.copy.json'];

async function losePins(folder: string): Promise<void> {
  for (const name of COPIES) await rm(join(folder, name));
}

describe('PINs that are gone', () => {
  const losses = [
    ['their file is lost', losePins, 7],
    ['the keyring is another', async () => undefined, 8],
  ] as const;

  test.each(losses)(
    'H33 when %s, people stay known, the recovery code lets an admin set a new PIN, the others wait for one',
    async (_how, lose, key) => {
      const folder = await freshFolder();
      const before = await hostAt({ folder });
      const crew = await hire(before);
      await before.close();
      await lose(folder);
      const after = await hostAt({ folder, cipher: testKeyring(key) });
      const { people, files } = await does(after, 'start', {});
      expect(people).toHaveLength(5);
      expect(files.entry).toBe('recovery_code');
      expect(await codeOf(after.host.createFirstPerson({ name: 'Eve', pin: PIN }))).toBe('people_exist');
      const lost = { code: 'pin_lost', cure: 'recovery_code' };
      expect(await after.host.signIn({ person: crew.admin, pin: PIN })).toEqual({ ok: false, error: lost });
      expect(await after.host.signIn({ person: crew.admin, pin: '13579' })).toEqual({ ok: false, error: lost });
      const recover = (person: string, code: string) =>
        codeOf(after.host.recoverAccess({ person, code, pin: '13579' }));
      expect(await recover(crew.admin, 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA')).toBe('wrong_code');
      expect(await recover(crew.byRole.counter, crew.code)).toBe('not_found');
      expect(await recover(crew.admin, crew.code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o'))).toBe('ok');
      expect(await codeOf(after.host.signIn({ person: crew.admin, pin: '13579' }))).toBe('ok');
      const { entries } = await does(after, 'readJournal', { fromSeq: 1, limit: 1000 });
      expect(entries.filter(({ by }) => by === crew.admin).at(-1)?.fact).toMatchObject({
        kind: 'pin_set',
        person: crew.admin,
        how: 'recovered',
      });
      expect(await after.host.signIn({ person: crew.byRole.counter, pin: PIN })).toEqual({
        ok: false,
        error: { code: 'pin_lost', cure: 'admin' },
      });
      const counter = { id: crew.byRole.counter, name: 'counter', roles: ['counter' as const], active: true };
      await does(after, 'savePerson', { ...counter, pin: '97531' });
      expect(await codeOf(after.host.signIn({ person: crew.byRole.counter, pin: '97531' }))).toBe('ok');
      expect((await does(after, 'filesFound', {})).entry).toBe('open');
      await after.close();
    },
  );

  test('H706 wrong recovery codes are counted and made to wait like wrong PINs, and stand in the journal', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    const { admin, code } = await hire(running);
    const codes: string[] = [];
    for (let number = 0; number < 6; number += 1)
      codes.push(await codeOf(running.host.recoverAccess({ person: admin, code: 'wrong', pin: PIN })));
    expect(codes).toEqual(['wrong_code', 'wrong_code', 'wrong_code', 'wrong_code', 'locked_out', 'locked_out']);
    expect(await codeOf(running.host.recoverAccess({ person: admin, code, pin: PIN }))).toBe('locked_out');
    await running.close();
  });

  test('H707 a renewed recovery code takes the place of the one before, is for admins, and is in no file', async () => {
    const folder = await freshFolder();
    let byte = 0;
    const randomBytes = (length: number) => new Uint8Array(length).map(() => (byte = (byte * 7 + 13) % 256));
    const running = await hostAt({ folder, randomBytes });
    const { admin, code, byRole } = await hire(running);
    const { recoveryCode } = await does(running, 'renewRecoveryCode', {});
    expect(recoveryCode).toMatch(/^([0-9A-Z]{5}-){4}[0-9A-Z]{5}$/);
    expect(recoveryCode).not.toBe(code);
    expect(await codeOf(running.host.recoverAccess({ person: admin, code, pin: '13579' }))).toBe('wrong_code');
    expect(await codeOf(running.host.recoverAccess({ person: admin, code: recoveryCode, pin: '13579' }))).toBe('ok');
    await enter(running, byRole.lead);
    expect(await codeOf(running.host.renewRecoveryCode({}))).toBe('role_missing');
    await running.close();
    const everything = await Promise.all(
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
    );
    for (const told of [code, recoveryCode, code.replaceAll('-', ''), recoveryCode.replaceAll('-', '')])
      expect(everything.some((text) => text.includes(told))).toBe(false);
  });

  test('H34 no PIN is in any file, and its stretched form only behind the keyring', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    await does(running, 'createFirstPerson', { name: 'Ada', pin: 'canary-pin-31415' });
    await running.close();
    const text = await readFile(join(folder, 'people.json'), 'utf8');
    expect(text).not.toContain('canary');
    expect(text).toContain('"keyring":true');
  });
});

describe('the file of PINs is not believed by itself', () => {
  const own = async (folder: string, name: string) => readFile(join(folder, name), 'utf8');

  /** Both copies as they would stand if Eve had written them, with a PIN of hers for everybody and a fitting checksum. */
  async function forge(folder: string): Promise<void> {
    const other = await freshFolder();
    const theirs = await hostAt({ folder: other });
    const { person } = await does(theirs, 'createFirstPerson', { name: 'Eve', pin: '9999' });
    await theirs.close();
    const evil = openKeptText(await own(other, 'people.json'))?.content as { pins: Record<string, unknown> };
    await editKept(folder, 'people', (content) => ({
      ...content,
      pins: Object.fromEntries(Object.keys(content['pins'] as object).map((id) => [id, evil.pins[person.id]])),
    }));
  }

  const changes = [
    ['forged with a fitting checksum', forge],
    [
      'written without a checksum, as an earlier version did',
      async (folder: string) => {
        await forge(folder);
        const content = openKeptText(await own(folder, 'people.json'))?.content;
        await writeFile(join(folder, 'people.json'), JSON.stringify(content));
        await rm(join(folder, 'people.copy.json'));
      },
    ],
    ['emptied', (folder: string) => Promise.all(COPIES.map((name) => writeFile(join(folder, name), '')))],
    ['cut', (folder: string) => Promise.all(COPIES.map((name) => truncate(join(folder, name), 80)))],
    ['deleted', losePins],
  ] as const;

  test.each(changes)('H703 a file of PINs that was %s lets nobody in, and the cure is said', async (_how, change) => {
    const folder = await freshFolder();
    const before = await hostAt({ folder });
    const { admin, byRole } = await hire(before);
    await before.close();
    await change(folder);
    const after = await hostAt({ folder });
    for (const person of [admin, ...Object.values(byRole)]) {
      for (const pin of ['9999', '1234', PIN])
        expect(await after.host.signIn({ person, pin })).toEqual({
          ok: false,
          error: { code: 'pin_lost', cure: 'recovery_code' },
        });
    }
    expect(await codeOf(after.host.createFirstPerson({ name: 'Eve', pin: PIN }))).toBe('people_exist');
    expect((await does(after, 'filesFound', {})).entry).toBe('recovery_code');
    await after.close();
  });

  test('H704 an older file of PINs put back brings no old PIN back and no tries', async () => {
    const folder = await freshFolder();
    const clock = manualClock();
    const running = await hostAt({ folder, clock });
    const { admin, byRole } = await hire(running);
    const older = await Promise.all(COPIES.map((name) => own(folder, name)));
    const counter = { id: byRole.counter, name: 'counter', roles: ['counter' as const], active: true };
    await does(running, 'savePerson', { ...counter, pin: '8642' });
    await tries(running, admin, 5);
    await running.close();
    await Promise.all(COPIES.map((name, at) => writeFile(join(folder, name), older[at] ?? '')));
    clock.wall += 24 * 3_600_000;
    const after = await hostAt({ folder, clock });
    expect(await tries(after, admin, 1, PIN)).toEqual(['locked_out']);
    expect(await tries(after, byRole.counter, 1, PIN)).toEqual(['pin_lost']);
    expect(await tries(after, byRole.counter, 1, '8642')).toEqual(['pin_lost']);
    clock.pass(30_000);
    expect(await tries(after, admin, 1, PIN)).toEqual(['ok']);
    await after.close();
  });

  test('H721 a restart with a clock that is ahead gives no guess: 20 guesses take hours', async () => {
    const folder = await freshFolder();
    const clock = manualClock();
    let running = await hostAt({ folder, clock });
    const { admin } = await hire(running);
    const wrong: string[] = [];
    for (let number = 0; number < 20; number += 1) {
      wrong.push(...(await tries(running, admin, 1)));
      await running.close();
      clock.wall += 24 * 3_600_000;
      running = await hostAt({ folder, clock });
    }
    expect(wrong.filter((code) => code === 'wrong_pin')).toHaveLength(4);
    const entries = await entriesOn(folder);
    const refused = entries.filter(({ fact }) => fact.kind === 'sign_in_refused');
    expect(refused.map(({ fact }) => fact)).toMatchObject([
      { wrong: 1, waitMs: 0 },
      { wrong: 2, waitMs: 0 },
      { wrong: 3, waitMs: 0 },
      { wrong: 4, waitMs: 0 },
      { wrong: 5, waitMs: 30_000 },
    ]);
    await running.close();
  });

  test('H705 wrong PINs and waits stand in the log, and no PIN does', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    const { admin } = await hire(running);
    await tries(running, admin, 6, 'wrong-secret');
    await running.close();
    const log = await logsOf(folder);
    expect(log.match(/"event":"sign_in_refused"/g)).toHaveLength(5);
    expect(log.match(/"event":"sign_in_locked"/g)).toHaveLength(1);
    expect(log).not.toContain('wrong-secret');
  });

  test('H708 PINs of an earlier version are taken over once, and told by the journal from then on', async () => {
    const folder = await freshFolder();
    const before = await hostAt({ folder });
    const { admin, byRole } = await hire(before);
    const { entries } = await does(before, 'readJournal', { fromSeq: 1, limit: 1000 });
    await before.close();
    // The profile as the version before left it: no fact about PINs, and a file without a checksum.
    const people = entries.flatMap(({ by, fact }) => (fact.kind === 'person_changed' ? [{ by, fact }] : []));
    const pins = openKeptText(await own(folder, 'people.json'))?.content as { pins: object };
    const old = await freshFolder();
    const journal = await journalAt({ folder: old });
    for (const { by, fact } of people) {
      const sealing = journal.seal(by, [fact]);
      if (sealing.ok) await sealing.value.synced;
    }
    await journal.close();
    await writeFile(join(old, 'people.json'), JSON.stringify({ pins: pins.pins, locks: {} }));
    const after = await hostAt({ folder: old });
    expect(await does(after, 'filesFound', {})).toMatchObject({ mended: [], entry: 'open', hasRecoveryCode: false });
    for (const person of [admin, ...Object.values(byRole)]) await enter(after, person);
    const sealed = (await does(after, 'readJournal', { fromSeq: 1, limit: 1000 })).entries.filter(
      ({ fact }) => fact.kind === 'pin_set',
    );
    expect(sealed.map(({ by }) => by)).toEqual(Array.from({ length: 5 }, () => 'engine'));
    await after.close();
    // Put back once more, it is not believed any more.
    await writeFile(join(old, 'people.json'), JSON.stringify({ pins: pins.pins, locks: {} }));
    await rm(join(old, 'people.copy.json'));
    const again = await hostAt({ folder: old });
    expect((await entriesOn(old)).length).toBeGreaterThan(10);
    expect((await does(again, 'filesFound', {})).mended).not.toEqual([]);
    await again.close();
  });

  test('H709 a PIN costs a guesser 64 MiB gone through three times; one that cost less is stretched anew when it is right', async () => {
    expect(STRETCH_COST).toEqual({ memoryKib: 65_536, passes: 3 });
    const folder = await freshFolder();
    const before = await hostAt({ folder, pinCost: { memoryKib: 8192, passes: 1 } });
    const { admin } = await hire(before);
    await before.close();
    const after = await hostAt({ folder, pinCost: { memoryKib: 8192, passes: 2 } });
    expect(await tries(after, admin, 1, '0000')).toEqual(['wrong_pin']);
    expect(await tries(after, admin, 1, PIN)).toEqual(['ok']);
    await after.close();
    const kept = openKeptText(await own(folder, 'people.json'))?.content;
    expect(kept).toMatchObject({ pins: { [admin]: { stretch: { passes: 2 } } } });
    const again = await hostAt({ folder, pinCost: { memoryKib: 8192, passes: 2 } });
    expect(await tries(again, admin, 1, PIN)).toEqual(['ok']);
    await again.close();
  });

  test('H710 an admin may ask for longer PINs by role; a shorter one is refused from then on', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    const { admin, code, byRole } = await hire(running);
    await does(running, 'append', { facts: [{ kind: 'pin_lengths_set', lengths: { approver: 12, admin: 12 } }] });
    expect((await does(running, 'filesFound', {})).pinLengths).toEqual({ approver: 12, admin: 12 });
    const save = (roles: ('counter' | 'approver')[], pin: string) =>
      running.host.savePerson({ name: 'New', roles, active: true, pin });
    expect(await save(['counter', 'approver'], 'eleven char')).toEqual({
      ok: false,
      error: { code: 'pin_too_short', length: 12 },
    });
    expect(await codeOf(save(['counter'], '1234'))).toBe('ok');
    expect(await codeOf(save(['approver'], 'twelve chars'))).toBe('ok');
    expect(await codeOf(running.host.recoverAccess({ person: admin, code, pin: '1234' }))).toBe('pin_too_short');
    await enter(running, byRole.lead);
    expect(await codeOf(running.host.append({ facts: [{ kind: 'pin_lengths_set', lengths: {} }] }))).toBe(
      'role_missing',
    );
    await running.close();
  });
});
