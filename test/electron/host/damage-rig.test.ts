import type { FactOf } from '../../../shared/domain/ledger-entry.ts';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../../shared/domain/person.ts';
import type { RunningHost } from '../../../electron/host/create-host.ts';
import { realDisk, type Disk } from '../../../electron/host/disk/disk.ts';
import { DAMAGES, filesBelieved } from '../../damage-kinds.ts';
import { codeOf, does, freshFolder, hostAt } from './bench.ts';
import { APPROVED, COUNTED, PIN, countAndSubmit, enter, hire, posting, type Crew } from './crew.ts';
import { honestRemote } from './honest-remote.ts';

/**
 * Damages of every kind to every file that the host believes, in a real host over a copy of one prepared profile. After
 * each the host is opened and used: whatever was damaged has to be said or refused, and nobody may be more than they were.
 * Logs are left out: nothing is read back from them. `TALLYBOOK_DAMAGES=500` tries longer.
 */
const TRIALS = Number(process.env['TALLYBOOK_DAMAGES'] ?? 60);
const SEGMENT_BYTES = 6000;
const SECRET = 'of-the-shop';

type Profile = {
  folder: string;
  crew: Crew;
  connection: string;
  catalogues: readonly string[];
  /** What was posted, figures and all. */
  posted: FactOf<'lines_posted'>;
};

/** The real disk, which need not survive a power cut here. */
const quickDisk: Disk = {
  ...realDisk,
  open: async (path, toRead) => ({ ...(await realDisk.open(path, toRead)), datasync: async () => undefined }),
  syncFolder: async () => undefined,
};

const setting = (folder: string) => ({
  folder,
  disk: quickDisk,
  segmentBytes: SEGMENT_BYTES,
  connectors: [honestRemote().connector],
  pinCost: { memoryKib: 8192, passes: 1 },
});

async function importCatalogue(running: RunningHost, what: 'items' | 'bins', of: string): Promise<string> {
  const { file } = await does(running, 'beginCatalogueFile', { what });
  const lines = Array.from({ length: 20 }, (_, at) => `{"${what}":"${at} of ${of}"}\n`).join('');
  await does(running, 'appendCatalogueRows', { file, lines, rows: 20 });
  const { sha256, rows } = await does(running, 'sealCatalogueFile', { file });
  await does(running, 'append', { facts: [{ kind: 'catalogue_imported', what, sha256, rows, source: 'a.csv' }] });
  return sha256;
}

/** A profile in use: people, catalogues, a secret, counts of two stocktakes, a line posted. `older`: as it was a day before. */
async function prepare(): Promise<Profile & { older: string }> {
  const folder = await freshFolder();
  const running = await hostAt(setting(folder));
  const crew = await hire(running);
  const catalogues = [
    await importCatalogue(running, 'items', crew.admin),
    await importCatalogue(running, 'bins', crew.admin),
  ];
  const { connection } = await does(running, 'saveConnection', {
    remote: 'honest',
    name: 'Shop',
    settings: { baseUrl: 'https://remote.example' },
    secrets: { token: 'before' },
  });
  await countAndSubmit(running, crew);
  await running.close();
  const older = await freshFolder();
  await cp(folder, older, { recursive: true });

  const again = await hostAt(setting(folder));
  await enter(again, crew.admin);
  const counter = { id: crew.byRole.counter, name: 'counter', roles: ['counter' as const], active: true };
  await does(again, 'savePerson', { ...counter, pin: PIN });
  await does(again, 'saveConnection', {
    connection,
    remote: 'honest',
    name: 'Shop',
    settings: { baseUrl: 'https://remote.example' },
    secrets: { token: SECRET },
  });
  await enter(again, crew.byRole.approver);
  await does(again, 'append', { facts: [APPROVED] });
  const posted = await posting(again);
  await does(again, 'append', { facts: [posted] });
  for (let number = 0; number < 25; number += 1)
    await does(again, 'append', { facts: [{ ...COUNTED, item: `SKU-${number}` }] });
  await again.close();
  return { folder, older, crew, connection, catalogues, posted };
}

/** A generator of its own for each run: the same seed makes the same damages. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Opens the damaged profile and uses everything in it once. Answers what was said, and what is more than it was. */
async function use(folder: string, profile: Profile): Promise<{ said: string[]; gained: string[] }> {
  const { crew, connection, catalogues } = profile;
  const said: string[] = [];
  const gained: string[] = [];
  const running = await hostAt(setting(folder));
  const { people, journal } = await does(running, 'start', {});
  if (journal.state !== 'whole') said.push(journal.state);
  if (journal.tornBytes > 0) said.push('torn');
  const rolesOf = (id: string) => people.find((person) => person.id === id)?.roles ?? [];
  for (const role of Object.keys(crew.byRole) as Role[])
    if (rolesOf(crew.byRole[role]).some((held) => held !== role)) gained.push(`${role} is more`);
  if (people.length > 5) gained.push('a person more');
  if ((await running.host.signIn({ person: crew.admin, pin: '9999' })).ok) gained.push('in with a wrong PIN');
  if ((await running.host.createFirstPerson({ name: 'Eve', pin: '9999' })).ok) gained.push('a first person');
  const entered = await codeOf(running.host.signIn({ person: crew.byRole.approver, pin: PIN }));
  if (entered !== 'ok') said.push(entered);
  for (const sha256 of catalogues) {
    const read = await running.host.readCatalogueFile({ sha256, offset: 0 });
    if (!read.ok) said.push(read.error.code);
  }
  if ((await running.host.append({ facts: [profile.posted] })).ok) gained.push('posted twice');
  const admin = await codeOf(running.host.signIn({ person: crew.admin, pin: PIN }));
  if (admin !== 'ok') said.push(admin);
  const tested = await running.host.testConnection({ connection });
  if (!tested.ok && tested.error.code === 'not_found') said.push('secret asked for');
  const checked = await running.host.checkJournal({});
  if (!checked.ok) said.push(checked.error.code);
  else if (checked.value.journal.state !== 'whole') said.push(checked.value.journal.state);
  const found = await does(running, 'filesFound', {});
  said.push(...found.mended.map(({ file, what }) => `${file} ${what}`));
  await running.close();
  return { said, gained };
}

describe('damage to any file of a profile', () => {
  test(`H717 ${TRIALS} damages to every file of a profile: each is said or refused, none is silent, nobody gains a role`, async () => {
    const mine = await prepare();
    const theirs = await prepare();
    const names = filesBelieved(mine.folder);
    const kinds = Object.keys(DAMAGES);
    const below = seeded(20_261_130);
    const trial = join(await freshFolder(), 'profile');
    await cp(mine.folder, trial, { recursive: true });
    expect(await use(trial, mine)).toEqual({ said: [], gained: [] });
    const silent: string[] = [];
    const gains: string[] = [];
    const touched = new Set<string>();
    let done = 0;
    for (let turn = 0; done < TRIALS; turn += 1) {
      const name = names[turn % names.length] ?? '';
      const kind = kinds[(Math.floor(turn / names.length) + turn) % kinds.length] ?? '';
      await rm(trial, { recursive: true, force: true });
      await cp(mine.folder, trial, { recursive: true });
      const others = { older: mine.older, foreign: theirs.folder };
      if (!DAMAGES[kind]?.(join(trial, name), name, others, below)) continue;
      done += 1;
      touched.add(name);
      const { said, gained } = await use(trial, mine);
      if (said.length === 0) silent.push(`${kind} ${name}`);
      gains.push(...gained.map((gain) => `${kind} ${name}: ${gain}`));
    }
    expect(gains).toEqual([]);
    expect(silent).toEqual([]);
    expect([...touched].toSorted()).toEqual(names);
  }, 3_600_000);
});
