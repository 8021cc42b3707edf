import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  FIRST_PREV,
  entryId,
  entryText,
  isSignedFact,
  type Fact,
  type FactOf,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';
import { foldLedger, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { actText } from '../../../shared/team/act.ts';
import { isSigned } from '../../../electron/host/secrets/ed25519.ts';
import { sha256 } from '../../../electron/host/disk/sha256.ts';
import { codeOf, does, entriesOn, freshFolder, hostAt } from './bench.ts';
import { APPROVED, BATCH, COUNTED, LINE, PIN, STOCKTAKE, enter, hire, type Crew } from './crew.ts';
import { closeFile, goOn, openFile, personKey, stolenKey, type OpenChain } from './team-attacks.ts';
import { as, chainOf, comes, founder, handOver, join, look, newLaptop, save, take, type Laptop } from './team-rig.ts';

const OPENING: Fact = { kind: 'stock_changed', item: 'SKU-1', bin: 'A-01', quantity: '7', reason: 'opening' };
const DONE: Fact = { kind: 'bin_finished', stocktake: 'take-1', pass: 1, bin: 'A-01' };
const AT = '2026-11-22T09:00:00.000Z';

type Desk = Laptop & { crew: Crew };

const append = (laptop: Laptop, ...facts: Fact[]) => codeOf(laptop.running.host.append({ facts }));
const refusedOn = async (laptop: Laptop, of: Laptop) =>
  (await does(laptop.running, 'whoIsHere', {})).journal.chains?.find(({ device }) => device === of.device)?.refused;
const laptopOn = async (laptop: Laptop, of: Laptop) =>
  (await does(laptop.running, 'team', {})).laptops.find((one) => one.laptop === of.device);

async function stateOn(laptop: Laptop): Promise<LedgerState> {
  const { device, chains = [], refused = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  const bad = new Map(chains.map((chain) => [chain.device, new Set(chain.refused)]));
  bad.set(device, new Set(refused));
  const all: LedgerEntry[] = [];
  for (const one of bad.keys()) all.push(...(await chainOf(laptop, one)));
  return foldLedger(all, (entry) => bad.get(entry.device)?.has(entry.seq) === true);
}

/** What was decided about the line, by the entries that count. */
async function decidedOn(laptop: Laptop): Promise<string | undefined> {
  const { stocktakes } = await stateOn(laptop);
  const sheets = [...(stocktakes.get('take-1')?.sheets.values() ?? [])];
  const decisions = sheets.flatMap(({ decisions: some }) => [...some.values()]);
  return decisions.at(-1)?.decision;
}

/** A second laptop that supervises. Ada comes in with the recovery code and gives the approver a PIN. */
async function secondDesk(office: Desk): Promise<Desk> {
  const { admin, code, byRole } = office.crew;
  const desk = await join(office, 'Desk', 'supervising');
  await does(desk.running, 'recoverAccess', { person: admin, code, pin: PIN });
  const person = { id: byRole.approver, name: 'approver', roles: ['approver' as const], active: true, pin: PIN };
  await does(desk.running, 'savePerson', person);
  return Object.assign(desk, { crew: office.crew });
}

/** An office and a desk; at the office a bin was counted and handed in, and the desk has heard of it. */
async function team(): Promise<{ office: Desk; desk: Desk }> {
  const office = await founder();
  await as(office, 'lead');
  await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
  await as(office, 'counter');
  await does(office.running, 'append', { facts: [COUNTED, DONE] });
  await does(office.running, 'append', { facts: [BATCH] });
  await as(office, 'admin');
  const desk = await secondDesk(office);
  await handOver(desk, office);
  return { office, desk };
}

const close = async (...laptops: Laptop[]) => {
  for (const { running } of laptops) await running.close();
};

/** The file of a laptop in which somebody who has the laptop's key goes on with its chain. */
async function forged(from: Laptop, facts: Parameters<typeof goOn>[3], change = (chain: OpenChain) => chain) {
  const open = await openFile(await save(from));
  const key = await stolenKey(from);
  const chains = open.chains.map((chain) =>
    chain.device === from.device ? goOn(change(chain), open.start.site.id, key, facts) : chain,
  );
  const first = (chains.find(({ device }) => device === from.device)?.entriesOf.length ?? 0) - facts.length + 1;
  return { file: await closeFile({ ...open, chains }), first, site: open.start.site.id };
}

describe('who decides on a laptop of a site', () => {
  test('H900 signs it with a key that their PIN opens, and that never leaves the laptop', async () => {
    const { office, desk } = await team();
    await enter(desk.running, desk.crew.byRole.approver);
    await does(desk.running, 'append', { facts: [APPROVED] });
    const chain = await chainOf(desk, desk.device);
    const { site } = await does(desk.running, 'team', {});
    const keys = new Map(
      chain.flatMap(({ fact }) => (fact.kind === 'person_key_added' ? [[fact.person, fact.key] as const] : [])),
    );
    const approval = chain.at(-1);
    if (approval === undefined || !isSignedFact(approval.fact)) throw new Error('nothing signed');
    const key = keys.get(desk.crew.byRole.approver) ?? '';
    expect(isSigned(key, actText(site?.id ?? '', approval), approval.fact.sig ?? '')).toBe(true);
    // The PIN opens it, and no other.
    await personKey(desk, desk.crew.byRole.approver);
    await expect(personKey(desk, desk.crew.byRole.approver, '1357')).rejects.toThrow('another PIN');
    // What is handed over, and a copy of everything, hold public halves and nothing else.
    const copies = await freshFolder();
    await desk.running.close();
    const again = await newLaptop({ folder: desk.folder, chooseFolder: async () => copies });
    await enter(again.running, desk.crew.admin);
    await does(again.running, 'copyEverything', {});
    const copied = (await readdir(copies, { recursive: true })).filter((name) => /keys/.test(name));
    expect(copied).toEqual([]);
    await take(office, await save(again));
    expect(await refusedOn(office, desk)).toBeUndefined();
    expect(await decidedOn(office)).toBe('approve');
    await close(office, again);
  });

  test('H901 an approval written with a laptop’s key alone counts on no laptop, and is told apart', async () => {
    const { office, desk } = await team();
    const { approver, counter } = desk.crew.byRole;
    const { file, first } = await forged(desk, [
      { fact: APPROVED, by: approver, at: AT },
      { fact: APPROVED, by: approver, at: AT, sign: await stolenKey(desk) },
      // Nor does it help to say that the app is an older one.
      { fact: APPROVED, by: approver, at: AT, v: 4 },
      { fact: { ...COUNTED, quantity: '1' }, by: counter, at: AT },
    ]);
    expect(await look(office, file)).toMatchObject({ refused: 3, unsigned: 3, problems: [] });
    await take(office, file);
    for (let start = 0; start < 2; start += 1) {
      expect(await refusedOn(office, desk)).toEqual([first, first + 1, first + 2]);
      expect(await laptopOn(office, desk)).toMatchObject({ refused: 3, unsigned: 3 });
      await office.restart();
      await as(office, 'approver');
      expect(await decidedOn(office)).not.toBe('approve');
    }
    await close(office, desk);
  });

  test('H901 nor do a person, a laptop, a recovery code or a connection that the laptop makes up', async () => {
    const { office, desk } = await team();
    const { admin, byRole } = desk.crew;
    const stretch = { salt: 's'.repeat(24), memoryKib: 8192, passes: 1 };
    const key = 'k'.repeat(43);
    const made: Fact[] = [
      { kind: 'person_changed', person: byRole.counter, name: 'Eve', roles: ['admin'], active: true },
      { kind: 'laptop_enrolled', laptop: 'mine', key, name: 'Mine', role: 'supervising' },
      { kind: 'laptop_revoked', laptop: office.device, seq: 1 },
      { kind: 'recovery_code_set', stretch, digest: 'd'.repeat(64), key },
      { kind: 'connection_saved', connection: 'c', remote: 'honest', name: 'Mine', settings: { baseUrl: 'https://x' } },
      { kind: 'pin_lengths_set', lengths: { admin: 60 } },
    ];
    const { file, first } = await forged(
      desk,
      made.map((fact) => ({ fact, by: admin, at: AT })),
    );
    await take(office, file);
    expect(await refusedOn(office, desk)).toEqual(made.map((_, at) => first + at));
    const { people } = await does(office.running, 'whoIsHere', {});
    expect(people.find(({ id }) => id === byRole.counter)?.roles).toEqual(['counter']);
    expect((await does(office.running, 'team', {})).laptops).toHaveLength(2);
    await does(office.running, 'recoverAccess', { person: admin, code: office.crew.code, pin: '97531' });
    await close(office, desk);
  });

  test('H902 an approval that is put elsewhere, on another count or under another name counts nowhere', async () => {
    const { office, desk } = await team();
    const { admin, byRole } = desk.crew;
    await enter(desk.running, byRole.approver);
    await does(desk.running, 'append', { facts: [{ ...APPROVED, decision: 'hold' }] });
    const held = (await chainOf(desk, desk.device)).at(-1)?.fact as FactOf<'lines_decided'>;
    await enter(desk.running, byRole.approver);
    const said = (fact: Fact, by: string = byRole.approver) => ({ fact, by, at: AT });
    const { file, first } = await forged(desk, [
      said(held),
      said({ ...held, decision: 'approve' }),
      said({ ...held, batch: 'batch-2' }),
      said({ ...held, lines: [{ ...LINE, saw: { anchor: 'x', counted: '50' } }] }),
      said(held, admin),
    ]);
    await take(office, file);
    expect(await refusedOn(office, desk)).toEqual([0, 1, 2, 3, 4].map((at) => first + at));
    // Carried over into the chain of another laptop it is nothing either.
    const other = await forged(office, [said(held)]);
    await take(desk, other.file);
    expect(await refusedOn(desk, office)).toEqual([other.first]);
    expect(await decidedOn(office)).toBe('hold');
    await close(office, desk);
  });

  test('H902 an approval stands for all that was said before it: its chain cannot be told otherwise', async () => {
    const { office, desk } = await team();
    await enter(desk.running, desk.crew.byRole.approver);
    await does(desk.running, 'append', { facts: [APPROVED] });
    const approval = (await chainOf(desk, desk.device)).at(-1);
    if (approval === undefined) throw new Error('nothing said');
    // The count before it is another one, and the approval is put behind it as it was.
    const { file, first } = await forged(
      desk,
      [
        { fact: { ...COUNTED, quantity: '40' }, by: desk.crew.byRole.counter, at: approval.at },
        { fact: approval.fact, by: approval.by, at: approval.at },
      ],
      (chain) => ({ ...chain, entriesOf: chain.entriesOf.slice(0, -1) }),
    );
    await take(office, file);
    expect(await refusedOn(office, desk)).toEqual([first + 1]);
    await close(office, desk);
  });

  test('H903 a key that the laptop alone puts in the place of somebody’s is not believed, nor what it signs', async () => {
    const { office, desk } = await team();
    const { admin, byRole } = desk.crew;
    // Who knows the PIN may sign there: that is what the PIN is for.
    const own = await forged(desk, [
      { fact: APPROVED, by: byRole.approver, at: AT, sign: await personKey(desk, byRole.approver) },
    ]);
    const yard = await join(office, 'Yard', 'counting');
    await comes(yard, byRole.counter);
    await take(yard, own.file);
    expect(await refusedOn(yard, desk)).toBeUndefined();
    // The laptop's own key is nobody's.
    const thief = await stolenKey(desk);
    const { key = '' } = (await laptopKeyOf(desk)) ?? {};
    const added = (person: string, how: FactOf<'person_key_added'>['how']): Fact => ({
      kind: 'person_key_added',
      person,
      key,
      how,
    });
    const swaps = [byRole.approver, admin, byRole.lead].flatMap((person) =>
      (['first', 'changed', 'recovered'] as const).flatMap((how) => [
        { fact: added(person, how), by: person, at: AT },
        { fact: added(person, how), by: admin, at: AT, sign: thief },
      ]),
    );
    const { file, first } = await forged(desk, [
      ...swaps,
      { fact: APPROVED, by: byRole.approver, at: AT, sign: thief },
      { fact: { kind: 'laptop_named', laptop: desk.device, name: 'Mine' }, by: admin, at: AT, sign: thief },
    ]);
    await take(office, file);
    expect(await refusedOn(office, desk)).toEqual(Array.from({ length: swaps.length + 2 }, (_, at) => first + at));
    await close(office, desk, yard);
  });

  test('H910 an approval that is written into the journal’s file does not count on that laptop either', async () => {
    const { office, desk } = await team();
    const { file, first } = await forged(desk, [{ fact: APPROVED, by: desk.crew.byRole.approver, at: AT }]);
    const chain = (await openFile(file)).chains.find(({ device }) => device === desk.device);
    const entry = chain?.entriesOf.at(-1);
    await desk.running.close();
    if (entry === undefined) throw new Error('nothing forged');
    const segment = pathTo(desk.folder, 'journal', '000001.jsonl');
    const known = (await entriesOn(desk.folder)).at(-1);
    const { id: _, hash: __, ...draft } = { ...entry, seq: (known?.seq ?? 0) + 1, prev: known?.hash ?? '' };
    const text = entryText(draft);
    const line = `{"hash":"${sha256(text)}","id":"${entryId(desk.device, draft.seq)}",${text.slice(1)}\n`;
    await writeFile(segment, `${await readFile(segment, 'utf8')}${line}`);
    expect(first).toBeGreaterThan(1);
    await desk.open();
    const { journal } = await does(desk.running, 'whoIsHere', {});
    expect(journal.refused).toEqual([draft.seq]);
    await enter(desk.running, desk.crew.byRole.approver);
    expect(await decidedOn(desk)).not.toBe('approve');
    await handOver(desk, office);
    expect(await refusedOn(office, desk)).toEqual([draft.seq]);
    await close(office, desk);
  });
});

/** The public half of a laptop's key. */
async function laptopKeyOf(laptop: Laptop): Promise<FactOf<'laptop_enrolled'> | undefined> {
  const { running } = laptop;
  const { chains = [], device } = (await does(running, 'whoIsHere', {})).journal;
  for (const one of [device, ...chains.map((chain) => chain.device)])
    for (const { fact } of await chainOf(laptop, one))
      if (fact.kind === 'laptop_enrolled' && fact.laptop === laptop.device) return fact;
  return undefined;
}

describe('whose key it is', () => {
  test('H904 a new PIN brings a new key: from the person, from an admin, by the recovery code', async () => {
    const { office, desk } = await team();
    const { admin, byRole, code } = desk.crew;
    const person = { id: byRole.approver, name: 'approver', roles: ['approver' as const], active: true };
    const enterWith = (who: string, pin: string) => does(desk.running, 'signIn', { person: who, pin });
    // An admin gives the approver a new PIN, and then themselves one, and goes on.
    await does(desk.running, 'savePerson', { ...person, pin: '86420' });
    const ada = {
      id: admin,
      name: 'Ada',
      roles: ['counter' as const, 'lead' as const, 'approver' as const, 'admin' as const],
    };
    await does(desk.running, 'savePerson', { ...ada, active: true, pin: '97531' });
    await does(desk.running, 'nameLaptop', { laptop: desk.device, name: 'Front' });
    await enterWith(byRole.approver, '86420');
    expect(await append(desk, APPROVED)).toBe('ok');
    await does(desk.running, 'recoverAccess', { person: admin, code, pin: '11223' });
    await does(desk.running, 'nameLaptop', { laptop: desk.device, name: 'Front desk' });
    await does(desk.running, 'savePerson', { ...person, pin: '33445' });
    await enterWith(byRole.approver, '33445');
    expect(await append(desk, { ...APPROVED, decision: 'hold' })).toBe('ok');
    await desk.restart();
    await enterWith(byRole.approver, '33445');
    expect(await append(desk, APPROVED)).toBe('ok');
    const hows = (await chainOf(desk, desk.device)).flatMap(({ fact }) =>
      fact.kind === 'person_key_added' ? [`${fact.person === admin ? 'Ada' : 'approver'} ${fact.how}`] : [],
    );
    expect(hows).toEqual([
      'Ada recovered',
      'approver first',
      'approver changed',
      'Ada changed',
      'Ada recovered',
      'approver changed',
    ]);
    await handOver(desk, office);
    expect(await refusedOn(office, desk)).toBeUndefined();
    expect((await does(office.running, 'team', {})).laptops.map(({ name }) => name)).toContain('Front desk');
    // Of every person the newest key alone is kept.
    const kept = JSON.parse(await readFile(pathTo(desk.folder, 'keys.json'), 'utf8')) as {
      kept: { content: { keys: object } };
    };
    expect(Object.keys(kept.kept.content.keys)).toHaveLength(2);
    await close(office, desk);
  });

  test('H904 a renewed recovery code vouches on other laptops, and the one before it no more', async () => {
    const { office, desk } = await team();
    const { admin, code } = office.crew;
    await enter(office.running, admin);
    const { recoveryCode } = await does(office.running, 'renewRecoveryCode', {});
    await handOver(office, desk);
    expect(await codeOf(desk.running.host.recoverAccess({ person: admin, code, pin: PIN }))).toBe('wrong_code');
    await does(desk.running, 'recoverAccess', { person: admin, code: recoveryCode, pin: PIN });
    await does(desk.running, 'nameLaptop', { laptop: desk.device, name: 'Front' });
    await handOver(desk, office);
    expect(await refusedOn(office, desk)).toBeUndefined();
    await close(office, desk);
  });

  test('H905 the host signs, and nobody else: a page offers neither a key nor a signature', async () => {
    const { office, desk } = await team();
    const { approver } = desk.crew.byRole;
    await enter(desk.running, approver);
    const sig = 's'.repeat(86);
    const own = (await personKey(desk, approver))('anything');
    expect(await append(desk, { ...APPROVED, sig })).toBe('bad_request');
    expect(await append(desk, APPROVED, { ...APPROVED, sig: own })).toBe('bad_request');
    const added: Fact = { kind: 'person_key_added', person: approver, key: 'k'.repeat(43), how: 'first' };
    expect(await append(desk, added)).toBe('role_missing');
    expect(await append(desk, { ...added, how: 'changed', sig })).toBe('bad_request');
    expect(await decidedOn(desk)).not.toBe('approve');
    expect(await append(desk, APPROVED)).toBe('ok');
    await close(office, desk);
  });

  test('H906 whoever gains a role signs at once, also while they are signed in', async () => {
    const { office, desk } = await team();
    const { admin, byRole } = desk.crew;
    const lead = { id: byRole.lead, name: 'lead', active: true };
    await does(desk.running, 'savePerson', { ...lead, roles: ['lead'], pin: PIN });
    await handOver(desk, office);
    await enter(desk.running, byRole.lead);
    expect(await append(desk, APPROVED)).toBe('role_missing');
    await enter(office.running, admin);
    await does(office.running, 'savePerson', { ...lead, roles: ['lead', 'approver'] });
    await handOver(office, desk);
    expect(await append(desk, APPROVED)).toBe('ok');
    await handOver(desk, office);
    expect(await refusedOn(office, desk)).toBeUndefined();
    await close(office, desk);
  });

  test('H906 whoever had a PIN before the site was founded gets a key when they sign in next', async () => {
    const office = await founder();
    const { byRole } = office.crew;
    const keys = async () =>
      (await chainOf(office, office.device)).flatMap(({ fact }) =>
        fact.kind === 'person_key_added' ? [fact.person] : [],
      );
    expect(await keys()).toEqual([office.crew.admin]);
    await as(office, 'approver');
    await as(office, 'approver');
    expect(await keys()).toEqual([office.crew.admin, byRole.approver]);
    await close(office);
  });

  test('H907 where what somebody signs with is lost a decision is refused and nothing is lost, until there is a new PIN', async () => {
    const { office, desk } = await team();
    const { admin, byRole, code } = desk.crew;
    await desk.running.close();
    for (const name of ['keys.json', 'keys.copy.json']) await rm(pathTo(desk.folder, name));
    await desk.open();
    await enter(desk.running, byRole.approver);
    const before = (await does(desk.running, 'whoIsHere', {})).journal.seq;
    expect(await append(desk, APPROVED)).toBe('cannot_sign');
    expect((await does(desk.running, 'whoIsHere', {})).journal.seq).toBe(before);
    await enter(desk.running, admin);
    const person = { id: byRole.approver, name: 'approver', roles: ['approver' as const], active: true, pin: PIN };
    expect(await codeOf(desk.running.host.savePerson(person))).toBe('cannot_sign');
    await does(desk.running, 'recoverAccess', { person: admin, code, pin: PIN });
    await does(desk.running, 'savePerson', person);
    await enter(desk.running, byRole.approver);
    expect(await append(desk, APPROVED)).toBe('ok');
    await handOver(desk, office);
    expect(await refusedOn(office, desk)).toBeUndefined();
    expect(await decidedOn(office)).toBe('approve');
    await close(office, desk);
  });

  test('H907 a laptop that lost its keys and is enrolled anew begins with new keys of its people', async () => {
    const { office, desk } = await team();
    const { approver } = desk.crew.byRole;
    await desk.running.close();
    for (const name of ['keys', 'laptop'])
      for (const copy of ['', '.copy']) await rm(pathTo(desk.folder, `${name}${copy}.json`));
    await desk.open();
    const { request } = await does(desk.running, 'askToJoin', { laptop: 'Desk' });
    await enter(office.running, office.crew.admin);
    await does(office.running, 'enrolLaptop', { request, name: 'Desk', role: 'supervising' });
    await enter(desk.running, approver);
    await handOver(office, desk);
    expect(await append(desk, APPROVED)).toBe('cannot_sign');
    await enter(desk.running, approver);
    expect(await append(desk, APPROVED)).toBe('ok');
    await handOver(desk, office);
    expect(await refusedOn(office, desk)).toBeUndefined();
    await close(office, desk);
  });

  test('H907 who signed out, or whose screens locked, has nothing open any more', async () => {
    const { office, desk } = await team();
    await enter(desk.running, desk.crew.byRole.approver);
    desk.clock.pass(600_001);
    expect(await append(desk, APPROVED)).toBe('not_signed_in');
    await enter(desk.running, desk.crew.byRole.approver);
    await does(desk.running, 'signOut', {});
    expect(await append(desk, APPROVED)).toBe('not_signed_in');
    await close(office, desk);
  });
});

describe('a laptop that works alone, and earlier versions', () => {
  test('H908 alone nothing is signed, and the site that is founded there gives its admin a key at once', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    const crew = await hire(running);
    await does(running, 'savePerson', { id: crew.byRole.lead, name: 'Lee', roles: ['lead'], active: true, pin: PIN });
    const alone = await entriesOn(folder);
    expect(alone.filter(({ fact }) => isSignedFact(fact) && fact.sig !== undefined)).toEqual([]);
    expect(await readdir(folder)).not.toContain('keys.json');
    await does(running, 'foundSite', { site: 'Leeds', laptop: 'Office' });
    expect(await codeOf(running.host.savePerson({ name: 'New', roles: ['lead'], active: true, pin: PIN }))).toBe('ok');
    const facts = (await entriesOn(folder)).slice(alone.length).map(({ fact }) => fact);
    expect(facts.map((fact) => [fact.kind, isSignedFact(fact) && fact.sig !== undefined])).toEqual([
      ['site_created', false],
      ['person_key_added', false],
      ['person_changed', true],
      ['pin_set', false],
      ['person_key_added', true],
    ]);
    await running.close();
  });

  test('H909 a checkpoint of an earlier version is put aside without a word, and everything is judged again', async () => {
    const { office, desk } = await team();
    const { file, first } = await forged(desk, [{ fact: APPROVED, by: desk.crew.byRole.approver, at: AT }]);
    await take(office, file);
    await office.running.close();
    const path = pathTo(office.folder, 'authority', 'authority.json');
    const kept = JSON.parse(await readFile(path, 'utf8')) as { keys: number; team: { refused: unknown } };
    await writeFile(path, JSON.stringify({ ...kept, keys: 3, team: { ...kept.team, refused: [] } }));
    await office.open();
    const { files } = await does(office.running, 'start', {});
    expect(files.mended).toEqual([]);
    expect(await refusedOn(office, desk)).toEqual([first]);
    await close(office, desk);
  });

  test('H911 a site that an earlier version founded goes on: what was decided stands, and keys come with the next sign-in', async () => {
    const made = await team();
    const { crew } = made.office;
    const facts = (await chainOf(made.office, made.office.device)).filter(
      ({ fact }) => !['heard', 'person_key_added', 'laptop_enrolled', 'checkpoint_kept'].includes(fact.kind),
    );
    facts.push({ ...(facts[0] as LedgerEntry), by: crew.byRole.approver, fact: { ...APPROVED, decision: 'hold' } });
    const folder = await freshFolder();
    await mkdir(pathTo(folder, 'journal'));
    let prev = FIRST_PREV;
    const lines = facts.map(({ by, fact }, at) => {
      const { sig: _, ...bare } = fact as Fact & { sig?: string };
      const said = bare.kind === 'recovery_code_set' ? { ...bare, key: undefined } : bare;
      const draft = { device: made.office.device, seq: at + 1, at: '2026-11-22T07:00:00.000Z', by, v: 4, prev };
      const text = entryText({ ...draft, fact: said });
      prev = sha256(text);
      return `{"hash":"${prev}","id":"${entryId(draft.device, at + 1)}",${text.slice(1)}\n`;
    });
    await writeFile(pathTo(folder, 'journal', '000001.jsonl'), lines.join(''));
    const device = { v: 4, device: made.office.device, createdAt: '2026-11-22T07:00:00.000Z' };
    const marks = { acknowledged: facts.length, reserved: facts.length + 100 };
    await writeFile(pathTo(folder, 'device.json'), JSON.stringify({ ...device, ...marks }));
    for (const name of ['people', 'laptop'])
      for (const copy of ['', '.copy'])
        await writeFile(
          pathTo(folder, `${name}${copy}.json`),
          await readFile(pathTo(made.office.folder, `${name}${copy}.json`)),
        );
    const office: Desk = Object.assign(await newLaptop({ folder }), { crew });
    expect((await does(office.running, 'whoIsHere', {})).journal).toMatchObject({ state: 'whole' });
    await as(office, 'approver');
    expect(await decidedOn(office)).toBe('hold');
    expect(await append(office, APPROVED)).toBe('ok');
    await enter(office.running, crew.admin);
    // The recovery code of then is believed once, and has a key from then on.
    const desk = await join(office, 'Desk', 'supervising');
    await does(desk.running, 'recoverAccess', { person: crew.admin, code: crew.code, pin: PIN });
    await does(desk.running, 'nameLaptop', { laptop: desk.device, name: 'Front' });
    await handOver(desk, office);
    expect(await refusedOn(office, desk)).toBeUndefined();
    expect(await decidedOn(desk)).toBe('approve');
    const codes = (await chainOf(desk, desk.device)).flatMap(({ fact }) =>
      fact.kind === 'recovery_code_set' ? [fact.key !== undefined] : [],
    );
    expect(codes).toEqual([true]);
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, crew.byRole.counter);
    expect(await append(cold, { ...COUNTED, quantity: '2' })).toBe('ok');
    await close(office, desk, cold, made.office, made.desk);
  });
});
