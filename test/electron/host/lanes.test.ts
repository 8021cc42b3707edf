import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { describe, expect, test } from 'vitest';
import { firstHead, lineAlone, readAlone, sealFacts, veiledLine } from '../../../electron/host/journal/line.ts';
import { unpackLines } from '../../../electron/host/team/hand-over-file.ts';
import { packSegment, unpackSegment } from '../../../electron/host/team/segments.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { veiled } from '../../../shared/domain/veil.ts';
import { readCarried } from '../../../shared/ports/carrier.ts';
import { codeOf, does, freshFolder } from './bench.ts';
import { APPROVED, BATCH, COUNTED, LINE, STOCKTAKE } from './crew.ts';
import {
  exchangeOf,
  look as lookInto,
  namesIn,
  onFolder,
  placeOf,
  share,
  sharing,
  untilLevel,
} from './exchange-rig.ts';
import { closeFile, openFile } from './team-attacks.ts';
import {
  as,
  chainOf,
  comes,
  comesToDesk,
  founder,
  give,
  handOver,
  join,
  look,
  newLaptop,
  save,
  take,
  type Laptop,
} from './team-rig.ts';

/** What the book expects, in no hash by accident. */
const EXPECTED = '73197319';
const SHEET = { stocktake: 'take-1', pass: 1, bin: 'A-01' };
const OPENING: Fact = { kind: 'stock_changed', ...LINE, quantity: EXPECTED, reason: 'opening' };
const PASS = { stocktake: 'take-1', pass: 1 };

async function office(setting = {}) {
  const made = await founder(setting);
  await as(made, 'lead');
  await does(made.running, 'append', { facts: [OPENING, STOCKTAKE] });
  await as(made, 'admin');
  return made;
}

/** Files below a folder in which a text stands. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const each of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!each.isFile()) continue;
    const path = pathTo(each.parentPath, each.name);
    if ((await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}

/** The lines of a file for other laptops. */
async function textOf(file: Uint8Array): Promise<string> {
  const lines: string[] = [];
  const refused = await unpackLines(file, (_piece, text) => {
    lines.push(text);
    return null;
  });
  expect(refused).toBeNull();
  return lines.join('\n');
}

/** Nothing on the laptop, in no answer of its host and in no file it saves tells what the book expects. */
async function isBlind(laptop: Laptop, other: string): Promise<void> {
  const told = [
    await chainOf(laptop, other),
    await chainOf(laptop, laptop.device),
    await does(laptop.running, 'whoIsHere', {}),
    await does(laptop.running, 'team', {}),
  ];
  expect(JSON.stringify(told)).not.toContain(EXPECTED);
  expect(await textOf(await save(laptop))).not.toContain(EXPECTED);
  await laptop.running.close();
  expect(await filesWith(laptop.folder, EXPECTED)).toEqual([]);
  await laptop.open();
}

async function postingOf(laptop: Laptop, other: Laptop, counted: string): Promise<Fact> {
  const anchor = (await chainOf(laptop, other.device)).findLast(({ fact }) => fact.kind === 'counted');
  const variance = String(Number(counted) - Number(EXPECTED));
  const line = { ...LINE, counted, bookThen: EXPECTED, variance };
  return {
    kind: 'lines_posted',
    batch: 'batch-1',
    lines: [{ ...line, anchor: anchor?.id ?? '', countedAt: anchor?.at ?? '' }],
  };
}

describe('an entry that can be shown veiled', () => {
  test('L860 without what it says it is the same entry, and no other saying fits it', () => {
    const salt = (fact: Fact) => (fact.kind === 'stock_changed' ? randomUUID() : undefined);
    const [opening, created] = sealFacts(firstHead('d1'), 'ana', '2026-11-22T08:00:00.000Z', [OPENING, STOCKTAKE], {
      salt,
    });
    if (opening === undefined || created === undefined) throw new Error('two were sealed');
    const line = lineAlone(opening.entry).toString().trimEnd();
    const hidden = veiledLine(line);
    expect(hidden).not.toContain(EXPECTED);
    expect(readAlone(line)).toMatchObject({ entry: opening.entry });
    const read = readAlone(hidden);
    expect(read).toEqual({ entry: veiled(opening.entry), more: false });
    expect('entry' in read && read.entry.hash).toBe(created.entry.prev);
    expect(veiledLine(hidden)).toBe(hidden);
    // Any other figure, salt, veil, place or byte is found; and what everybody may know has no veil to hide behind.
    const other = `"salt":"${randomUUID()}"`;
    for (const forged of [
      line.replace(EXPECTED, '1'),
      line.replace(/"salt":"[^"]*"/, other),
      line.replace(/"fact":.*?,"salt":"[^"]*",/, '"fact":{"kind":"veiled"},'),
      line.replace(/,"salt":"[^"]*"/, ''),
      hidden.replace(/"veil":"./, '"veil":"x'),
      hidden.replace('"by":"ana"', '"by":"ben"'),
      `${hidden} `,
      lineAlone(created.entry)
        .toString()
        .trimEnd()
        .replace(/"fact":.*?\},/, `"fact":{"kind":"veiled"},`),
    ])
      expect([forged, 'problem' in readAlone(forged)]).toEqual([forged, true]);
    // The same figure said twice is veiled differently: nobody finds it by trying.
    const again = sealFacts(firstHead('d1'), 'ana', '2026-11-22T08:00:00.000Z', [OPENING], { salt })[0];
    expect(again?.entry.veil).not.toBe(opening.entry.veil);
  });
});

describe('what a laptop that counts is told', () => {
  test.each([
    ['the file for counting laptops', true],
    ['the file for other laptops', false],
  ])(
    'H971 by %s it holds, answers and hands on no figure of the book, before and after posting',
    async (_, isForCounting) => {
      const desk = await office();
      const cold = await join(desk, 'Cold store', 'counting');
      const bring = async () => {
        await as(desk, 'admin');
        await does(desk.running, 'saveHandOver', { isForCounting });
        expect((await textOf(desk.saved)).includes(EXPECTED)).toBe(!isForCounting);
        await take(cold, desk.saved);
      };
      await comes(cold, desk.crew.byRole.counter);
      await bring();
      await does(cold.running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...SHEET }] });
      await does(cold.running, 'append', { facts: [BATCH] });
      await isBlind(cold, desk.device);
      await does(cold.running, 'signIn', { person: desk.crew.byRole.counter, pin: '2468' });
      await handOver(cold, desk);
      await as(desk, 'approver');
      await does(desk.running, 'append', { facts: [APPROVED] });
      await does(desk.running, 'append', { facts: [await postingOf(desk, cold, '5')] });
      await bring();
      expect((await does(cold.running, 'team', {})).laptops).toHaveLength(2);
      await isBlind(cold, desk.device);
      await does(cold.running, 'signIn', { person: desk.crew.byRole.counter, pin: '2468' });
      // What it was not told stands in the office's chain all the same, and is what the office said, by its hash.
      const held = await chainOf(cold, desk.device);
      const whole = await chainOf(desk, desk.device);
      expect(held.map(({ hash }) => hash)).toEqual(whole.slice(0, held.length).map(({ hash }) => hash));
      expect(held.at(-1)?.seq).toBe(whole.findLast(({ fact }) => fact.kind === 'lines_posted')?.seq ?? 0);
      await desk.running.close();
      await cold.running.close();
    },
  );

  test('H972 by a shared folder it takes the open lane alone, and everybody else gets everything', async () => {
    const folder = await freshFolder();
    const there = [onFolder(folder), onFolder(folder), onFolder(folder)] as const;
    const desk = sharing(await office(there[0].setting), there[0]);
    const second = sharing(await join(desk, 'Second desk', 'supervising', there[1].setting), there[1]);
    const cold = sharing(await join(desk, 'Cold store', 'counting', there[2].setting), there[2]);
    await comesToDesk(second, desk.crew, 'lead');
    await comes(cold, desk.crew.byRole.counter);
    for (const laptop of [desk, second, cold]) await share(laptop);
    await does(second.running, 'append', { facts: [{ ...OPENING, bin: 'A-02' }] });
    await does(cold.running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...SHEET }] });
    await does(cold.running, 'append', { facts: [BATCH] });
    await untilLevel([desk, second, cold]);
    expect((await chainOf(desk, cold.device)).some(({ fact }) => fact.kind === 'batch_submitted')).toBe(true);
    expect(await chainOf(desk, second.device)).toEqual(await chainOf(second, second.device));
    for (const laptop of [desk, second]) {
      const theirs = await chainOf(cold, laptop.device);
      expect(theirs.map(({ hash }) => hash)).toEqual((await chainOf(desk, laptop.device)).map(({ hash }) => hash));
      expect(theirs.some(({ fact }) => fact.kind === 'stock_changed')).toBe(false);
    }
    for (const laptop of [desk, second, cold])
      expect(await exchangeOf(laptop)).toMatchObject({ state: 'reached', missing: [], refused: [] });
    // At rest nothing is put a second time, also not after a start.
    const names = await namesIn(await placeOf(desk, folder));
    await desk.restart();
    await as(desk, 'admin');
    for (let times = 0; times < 3; times += 1) await lookInto(desk);
    const grown = (await namesIn(await placeOf(desk, folder))).filter((name) => !names.includes(name));
    expect(grown.filter((name) => !name.startsWith(desk.device))).toEqual([]);
    await isBlind(cold, desk.device);
    for (const laptop of [desk, second, cold]) await laptop.running.close();
  });

  test('H973 what a laptop that counts hands on of others is no supervising laptop’s: it is said, and comes whole later', async () => {
    const desk = await office();
    const cold = await join(desk, 'Cold store', 'counting');
    const second = await join(desk, 'Second desk', 'supervising');
    await comes(cold, desk.crew.byRole.counter);
    await comesToDesk(second, desk.crew, 'lead');
    await as(desk, 'lead');
    await does(desk.running, 'append', { facts: [{ ...OPENING, bin: 'A-02' }] });
    await as(desk, 'admin');
    await does(desk.running, 'saveHandOver', { isForCounting: true });
    await take(cold, desk.saved);
    await does(cold.running, 'append', { facts: [COUNTED] });
    const carried = await save(cold);
    const report = await look(second, carried);
    expect(report.problems).toEqual([{ laptop: 'Office', why: 'veiled', fromSeq: expect.any(Number) }]);
    await take(second, carried);
    expect((await chainOf(second, cold.device)).some(({ fact }) => fact.kind === 'counted')).toBe(true);
    expect((await chainOf(second, desk.device)).some(({ fact }) => fact.kind === 'veiled')).toBe(false);
    await handOver(desk, second);
    expect(await chainOf(second, desk.device)).toEqual(
      (await chainOf(desk, desk.device)).slice(0, (await chainOf(second, desk.device)).length),
    );
    for (const laptop of [desk, cold, second]) await laptop.running.close();
  });

  test('H974 what everybody may know cannot be hidden, and what is hidden cannot be told otherwise', async () => {
    const folder = await freshFolder();
    const there = [onFolder(folder), onFolder(folder)] as const;
    const desk = sharing(await office(there[0].setting), there[0]);
    const cold = sharing(await join(desk, 'Cold store', 'counting', there[1].setting), there[1]);
    await comes(cold, desk.crew.byRole.counter);
    await join(desk, 'Yard', 'counting');
    await share(desk);
    const place = await placeOf(desk, folder);
    const [name = ''] = (await namesIn(place)).filter((one) => one.includes('.open.'));
    const is = readCarried(name);
    if (is?.is !== 'stretch') throw new Error('an open stretch lies there');
    const whole = await unpackSegment(await readFile(pathTo(place, name)), is);
    if (typeof whole === 'string') throw new Error(whole);
    const { site } = whole.start;
    const last = whole.lines.at(-1) ?? '';
    expect(last).toContain('laptop_enrolled');
    /** Puts the stretch there as somebody would have it who can write to the folder. */
    const forge = async (line: string): Promise<void> => {
      const lines = [...whole.lines.slice(0, -1), line];
      await writeFile(pathTo(place, name), await packSegment(site, whole.chain, whole.start.madeAt, lines));
    };
    const { fact: _fact, ...rest } = JSON.parse(last) as Record<string, unknown>;
    await forge(JSON.stringify({ ...rest, veil: 'a'.repeat(64) }));
    await share(cold);
    await lookInto(cold);
    expect((await exchangeOf(cold)).refused).toMatchObject([{ why: 'broken' }]);

    // A figure that fits nothing: every way to change what is said is found on a file for other laptops.
    const fresh = await newLaptop();
    const { request } = await does(fresh.running, 'askToJoin', { laptop: 'Ramp' });
    await does(desk.running, 'enrolLaptop', { request, name: 'Ramp', role: 'counting' });
    const file = await openFile(await save(desk));
    for (const chain of file.chains) {
      const at = chain.entriesOf.findIndex(({ fact }) => fact.kind === 'stock_changed');
      const said = chain.entriesOf[at];
      if (said === undefined) continue;
      const otherwise = [
        { ...said, fact: { ...OPENING, quantity: '1' } as Fact },
        { ...said, salt: 'another' },
        { ...said, veil: 'b'.repeat(64) },
      ];
      for (const each of otherwise) {
        chain.entriesOf[at] = each;
        await give(fresh, await closeFile(file));
        expect(await codeOf(fresh.running.host.takeHandOver({}))).toBe('no_site');
      }
      chain.entriesOf[at] = said;
    }
    await take(fresh, await closeFile(file));
    expect((await does(fresh.running, 'team', {})).here).toBe('counting');
    await fresh.running.close();
    expect(veiledLine(last)).toBe(last);
    await desk.running.close();
    await cold.running.close();
  });

  test('H976 a laptop that is enrolled anew does what it did: one that counted holds no book to supervise with', async () => {
    const desk = await office();
    const roles = ['counting', 'supervising'] as const;
    for (const role of roles) {
      const laptop = await join(desk, role, role);
      // It goes on from a copy on another machine, and has lost its key.
      await laptop.running.close();
      await rm(pathTo(laptop.folder, 'laptop.json'));
      await rm(pathTo(laptop.folder, 'laptop.copy.json'), { force: true });
      await laptop.open();
      const { request } = await does(laptop.running, 'askToJoin', { laptop: role });
      const other = roles.find((one) => one !== role) ?? role;
      const enrol = (as: typeof role) =>
        codeOf(desk.running.host.enrolLaptop({ request, name: `${role} again`, role: as }));
      expect([await enrol(other), await enrol(role)]).toEqual(['other_role', 'ok']);
      await laptop.running.close();
    }
    await desk.running.close();
  });

  test('H975 a laptop that knows no batch hears where to count again, and when that is not wanted any more', async () => {
    const desk = await office();
    const cold = await join(desk, 'Cold store', 'counting');
    const yard = await join(desk, 'Yard', 'counting');
    await comes(cold, desk.crew.byRole.counter);
    await comes(yard, desk.crew.byRole.lead);
    await does(cold.running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...SHEET }] });
    await does(cold.running, 'append', { facts: [BATCH] });
    await handOver(cold, desk);
    const asks = async (decision: 'recount' | 'undecided', recount = PASS) => {
      await as(desk, 'approver');
      const fact: Fact = { kind: 'lines_decided', batch: 'batch-1', decision, lines: [LINE], recount };
      return codeOf(desk.running.host.append({ facts: [fact] }));
    };
    const again = (bin: string, pass: number) =>
      codeOf(yard.running.host.append({ facts: [{ kind: 'bin_opened', stocktake: 'take-1', pass, bin }] }));
    // The page says it, and the host holds it to what was handed in.
    expect(await asks('recount', { ...PASS, pass: 2 })).toBe('bad_request');
    expect(await asks('recount')).toBe('ok');
    expect(await again('A-01', 2)).toBe('not_asked_for');
    await handOver(desk, yard);
    expect([await again('A-01', 2), await again('A-02', 2), await again('A-01', 3)]).toEqual([
      'ok',
      'not_asked_for',
      'not_asked_for',
    ]);
    await yard.restart();
    await does(yard.running, 'signIn', { person: desk.crew.byRole.lead, pin: '2468' });
    expect(await again('A-01', 2)).toBe('ok');
    expect(await asks('undecided')).toBe('ok');
    await handOver(desk, yard);
    expect(await again('A-01', 2)).toBe('not_asked_for');
    for (const laptop of [desk, cold, yard]) await laptop.running.close();
  });
});
