import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, codesIn, does, entriesOn, freshFolder, hostAt, journalAt, manualClock, scanOf } from './bench.ts';
import { enter, hire, STOCKTAKE } from './crew.ts';

/** A laptop with people, a stocktake and a few closed segments; its admin is signed in. */
async function laptop(more: Partial<Parameters<typeof hostAt>[0]> = {}) {
  const [folder, target] = [await freshFolder(), await freshFolder()];
  const clock = manualClock();
  const running = await hostAt({ folder, clock, segmentBytes: 3000, chooseFolder: async () => target, ...more });
  const { admin, byRole } = await hire(running);
  await enter(running, byRole.lead);
  await does(running, 'append', { facts: [STOCKTAKE] });
  for (let at = 1; at <= 30; at += 1) await does(running, 'append', { facts: [scanOf(`n${at}`)] });
  await enter(running, admin);
  return { folder, target, clock, running, admin, byRole };
}

async function scansIn(folder: string): Promise<string[]> {
  const journal = await journalAt({ folder });
  expect(journal.status().state).toBe('whole');
  const codes = await codesIn(journal);
  await journal.close();
  return codes.filter((code) => code.startsWith('n'));
}

describe('a copy of everything', () => {
  test('H781 a copy made while somebody counts is whole, up to an entry that was safe, and gets its name last', async () => {
    const { running, target, folder } = await laptop();
    const copying = does(running, 'copyEverything', {});
    const counting = Array.from({ length: 40 }, (_, at) => does(running, 'append', { facts: [scanOf(`n${at + 31}`)] }));
    const copied = await copying;
    await Promise.all(counting);
    if (copied.outcome !== 'copied') throw new Error(copied.outcome);
    expect(await readdir(target)).toEqual([copied.folder]);
    const kept = await scansIn(join(target, copied.folder));
    expect(kept.length).toBeGreaterThanOrEqual(30);
    await running.close();
    const all = await scansIn(folder);
    expect([all.length, all.slice(0, kept.length)]).toEqual([70, kept]);
  });

  test('H782 a new laptop shows what a copy holds before it takes anything, and then goes on as the old one', async () => {
    const { running, target, byRole } = await laptop();
    const copied = await does(running, 'copyEverything', {});
    await running.close();
    const from = join(target, copied.outcome === 'copied' ? copied.folder : '');
    const entries = (await entriesOn(from)).length;
    expect(entries).toBeGreaterThan(36);
    let restarts = 0;
    const setting = { folder: await freshFolder(), chooseFolder: async () => from, restart: () => (restarts += 1) };
    const fresh = await hostAt(setting);
    expect(await codeOf(fresh.host.restoreCopy({}))).toBe('not_found');
    const chosen = await does(fresh, 'chooseCopy', {});
    expect(chosen).toMatchObject({
      copy: {
        laptop: 'bench',
        entries,
        people: ['Ada', 'counter', 'lead', 'approver', 'admin'],
        stocktakes: ['Autumn'],
        newestAt: expect.stringMatching(/^2026-11-22T/),
      },
    });
    expect((await does(fresh, 'start', {})).people).toEqual([]);
    await does(fresh, 'restoreCopy', {});
    expect(restarts).toBe(1);
    await fresh.close();
    const again = await hostAt(setting);
    const { journal, files } = await does(again, 'start', {});
    // Nothing of the laptop that it was brought to is left in the way.
    expect(files).toMatchObject({ mended: [], entry: 'open' });
    expect(journal).toMatchObject({ state: 'whole', entries });
    await enter(again, byRole.counter);
    await does(again, 'append', { facts: [scanOf('n31')] });
    expect(await codeOf(again.host.chooseCopy({}))).toBe('people_exist');
    await again.close();
    expect(await scansIn(setting.folder)).toHaveLength(31);
  });

  test('H783 a copy in which any byte of any file was changed, or any file is missing, is refused with the place', async () => {
    const { running, target } = await laptop();
    const copied = await does(running, 'copyEverything', {});
    await running.close();
    const from = join(target, copied.outcome === 'copied' ? copied.folder : '');
    const fresh = await hostAt({ folder: await freshFolder(), chooseFolder: async () => from });
    const names = (await readdir(from, { recursive: true })).filter((name) => /\.jsonl?$/.test(name));
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      const whole = await readFile(join(from, name));
      const flipped = Buffer.from(whole);
      const at = Math.floor(whole.length / 2);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      for (const broken of [flipped, whole.subarray(0, -7), Buffer.alloc(0)]) {
        await writeFile(join(from, name), broken);
        const answer = await fresh.host.chooseCopy({});
        expect([name, answer]).toMatchObject([name, { ok: false, error: { code: 'copy_damaged' } }]);
        if (!answer.ok && name !== 'copy.json') expect(answer.error).toMatchObject({ place: name });
      }
      await writeFile(join(from, name), whole);
    }
    expect(await codeOf(fresh.host.chooseCopy({}))).toBe('ok');
    await fresh.close();
  });

  test('H784 only an admin copies; secrets stay; a daily copy is made once a day, and says why it could not be', async () => {
    const { running, target, clock, byRole, admin } = await laptop();
    await enter(running, byRole.lead);
    expect(await codeOf(running.host.copyEverything({}))).toBe('role_missing');
    await enter(running, admin);
    expect((await does(running, 'keepDailyCopy', { on: true })).daily).toMatchObject({ folder: target, problem: null });
    expect(await readdir(target)).toHaveLength(1);
    const [name = ''] = await readdir(target);
    expect((await readdir(join(target, name))).toSorted()).toEqual(
      expect.arrayContaining(['copy.json', 'device.json', 'journal', 'people.json']),
    );
    expect(await readdir(join(target, name))).not.toContain('vault.json');
    clock.pass(25 * 3_600_000);
    await enter(running, byRole.counter);
    await does(running, 'append', { facts: [scanOf('n31')] });
    await does(running, 'append', { facts: [scanOf('n32')] });
    clock.pass(1000);
    await enter(running, admin);
    await does(running, 'copyEverything', {});
    expect(await readdir(target)).toHaveLength(3);
    await rm(target, { recursive: true });
    await writeFile(target, '');
    clock.pass(25 * 3_600_000);
    await enter(running, byRole.counter);
    await does(running, 'append', { facts: [scanOf('n33')] });
    await enter(running, admin);
    expect(await codeOf(running.host.copyEverything({}))).toBe('file_not_written');
    expect((await does(running, 'copyStatus', {})).daily).toMatchObject({ problem: 'file_not_written' });
    await running.close();
  });

  /** A laptop that was in use on so many days, so many hours apart, and was copied on each. */
  async function copiedDaily(days: number, hours = 25) {
    const target = await freshFolder();
    let chosen: string | null = target;
    const made = await laptop({ segmentBytes: 4_000_000, chooseFolder: async () => chosen });
    const { running, clock, admin } = made;
    await does(running, 'keepDailyCopy', { on: true });
    const byHand = async () => {
      chosen = target;
      clock.pass(1000);
      await does(running, 'copyEverything', {});
      chosen = null;
    };
    chosen = null;
    const nextDay = async () => {
      clock.pass(hours * 3_600_000);
      await enter(running, admin);
      await does(running, 'append', { facts: [scanOf('n')] });
      // Copies are made in turn: once somebody was asked where to, the one before is done.
      await does(running, 'copyEverything', {});
    };
    for (let day = 1; day <= days; day += 1) await nextDay();
    const daysIn = async () =>
      (await readdir(target)).flatMap((name) => /^tallybook-bench-(\d{4}-\d\d-\d\d)/.exec(name)?.[1] ?? []);
    return { ...made, target, nextDay, daysIn, byHand };
  }

  test('H754 of daily copies the newest seven stay and one of each month before, and Settings can say how many', async () => {
    const { running, target, daysIn } = await copiedDaily(25, 60);
    const days = await daysIn();
    expect(days.slice(0, -7).map((day) => day.slice(0, 7))).toEqual(['2026-11', '2026-12', '2027-01']);
    expect(days.slice(-7).every((day) => day > '2027-01-06')).toBe(true);
    expect((await does(running, 'copyStatus', {})).daily).toMatchObject({ copies: days.length, problem: null });
    await running.close();
    for (const name of await readdir(target)) expect((await scansIn(join(target, name))).length).toBeGreaterThan(29);
  });

  test('H755 nothing is removed but whole daily copies of this very laptop; while a newer one is damaged an older one stays', async () => {
    const { running, target, nextDay, byHand } = await copiedDaily(6);
    await byHand();
    const all = async () => new Set(await readdir(target));
    const [first = '', second = '', third = '', fourth = '', fifth = '', sixth = ''] = (
      await readdir(target)
    ).toSorted();
    // Another laptop's, one that somebody put something into, one that is damaged, and what is no copy at all.
    await cp(join(target, first), join(target, 'tallybook-other-2026-11-01T08-00-00-000Z'), { recursive: true });
    await cp(join(target, first), join(target, 'tallybook-kept for the auditor'), { recursive: true });
    await writeFile(join(target, first, 'notes.txt'), 'counted with Ben');
    const list = join(target, second, 'copy.json');
    await writeFile(list, (await readFile(list, 'utf8')).replace(/"device":"[^"]*"/, '"device":"another"'));
    await writeFile(join(target, third, 'people.json'), 'x');
    const rewritten = join(target, fourth, 'copy.json');
    await writeFile(
      rewritten,
      (await readFile(rewritten, 'utf8')).replace(/"hash":"[^"]*"/, `"hash":"${'0'.repeat(64)}"`),
    );
    await writeFile(join(target, 'accounts.csv'), 'a');
    const before = await all();
    for (let day = 1; day <= 3; day += 1) await nextDay();
    // Six whole ones are there by now: the others do not count among the seven.
    for (const name of before) expect([name, (await all()).has(name)]).toEqual([name, true]);
    for (let day = 1; day <= 4; day += 1) await nextDay();
    const after = await all();
    expect([...before].filter((name) => !after.has(name)).toSorted()).toEqual([fifth, sixth]);
    await running.close();
  });
});
