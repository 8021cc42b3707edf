import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, does, freshFolder, hostAt, manualClock, testKeyring } from './bench.ts';
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

describe('PINs that are gone', () => {
  const losses = [
    ['their file is lost', (folder: string) => rm(join(folder, 'people.json')), 7],
    ['the keyring is another', async () => undefined, 8],
  ] as const;

  test.each(losses)(
    'H33 when %s, people stay known, an admin sets a new PIN in the open, the others wait for one',
    async (_how, lose, key) => {
      const folder = await freshFolder();
      const before = await hostAt({ folder });
      const crew = await hire(before);
      await before.close();
      await lose(folder);
      const after = await hostAt({ folder, cipher: testKeyring(key) });
      const { people, journal } = await does(after, 'start', {});
      expect(people).toHaveLength(5);
      expect(await codeOf(after.host.createFirstPerson({ name: 'Eve', pin: PIN }))).toBe('people_exist');
      expect(await codeOf(after.host.signIn({ person: crew.byRole.counter, pin: PIN }))).toBe('not_found');
      expect(await codeOf(after.host.signIn({ person: crew.admin, pin: '13579' }))).toBe('ok');
      const written = await does(after, 'readJournal', { fromSeq: journal.seq + 1, limit: 10 });
      expect(written.entries).toMatchObject([{ by: crew.admin, fact: { kind: 'person_changed', person: crew.admin } }]);
      expect(await codeOf(after.host.signIn({ person: crew.byRole.admin, pin: PIN }))).toBe('not_found');
      await does(after, 'savePerson', {
        id: crew.byRole.counter,
        name: 'counter',
        roles: ['counter'],
        active: true,
        pin: '97531',
      });
      expect(await codeOf(after.host.signIn({ person: crew.byRole.counter, pin: '97531' }))).toBe('ok');
      await after.close();
    },
  );

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
