import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { expect, onTestFinished, vi } from 'vitest';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import {
  killed,
  serverIn as administeredServer,
  type AdministeredServer,
} from '../../contracts/administered-server.ts';
import { freePort } from '../../contracts/site-server-rig.ts';
import { does, freshFolder } from './bench.ts';
import { PIN, STOCKTAKE, type Crew } from './crew.ts';
import { headsOf, onFolder, sharing, untilLevel, type OnFolder, type Sharing } from './exchange-rig.ts';
import { arrives, onServer, type OnServer } from './server-rig.ts';
import { as, chainOf, founder, join } from './team-rig.ts';

/** What a laptop in a process of its own counts, and who counts there. */
export type Counted = {
  readonly folder: string;
  readonly person: string;
  readonly pin: string;
  readonly name: string;
  /** Items that it counts in all, and how many in one append; the pause between two of them, ms. */
  readonly target: number;
  readonly atOnce: number;
  readonly pauseMs: number;
};

/** What was asked of a carrier, and bytes that were put. */
export type Asked = { list: number; get: number; put: number; bytes: number };
export type Cost = Asked & { readonly cpuMs: number; readonly mb: number };
export type Told = {
  readonly said?: number;
  readonly items?: Record<string, string[]>;
  readonly cost?: Cost;
};

/** The program of such a laptop, one file; gone when the test is. */
export async function laptopProgram(): Promise<string> {
  const reports = fileURLToPath(new URL('../../../out/reports', import.meta.url));
  await mkdir(reports, { recursive: true });
  const out = await mkdtemp(pathTo(reports, 'laptops-'));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  const script = pathTo(out, 'laptop.mjs');
  const bundle = await rolldown({
    input: fileURLToPath(new URL('site-laptop.ts', import.meta.url)),
    platform: 'node',
    logLevel: 'silent',
  });
  await bundle.write({ file: script, format: 'es', codeSplitting: false });
  await bundle.close();
  return script;
}

/** nats-server in a folder that was laid out; ended with the test. */
export async function serverIn(folder: string): Promise<AdministeredServer> {
  const server = await administeredServer(folder, await freshFolder());
  onTestFinished(() => server.kill());
  return server;
}

/** A laptop in a process of its own; what it said last. */
export function processOf(program: string, counted: Counted) {
  let child: ChildProcess | null = null;
  onTestFinished(() => killed(child));
  async function told<Key extends keyof Told>(question: string, key: Key): Promise<NonNullable<Told[Key]>> {
    const asked = child;
    const answer = new Promise<NonNullable<Told[Key]>>((resolve) => {
      const listen = (message: Told) => {
        const value = message[key];
        if (value === undefined) return;
        asked?.off('message', listen);
        resolve(value);
      };
      asked?.on('message', listen);
    });
    asked?.send(question);
    return answer;
  }
  const state = {
    said: 0,
    start() {
      const started = fork(program, [JSON.stringify(counted)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: [],
      });
      child = started;
      started.on('message', ({ said = 0 }: Told) => {
        state.said = Math.max(state.said, said);
      });
    },
    kill: () => killed(child),
    items: () => told('items', 'items'),
    cost: () => told('cost', 'cost'),
    async end() {
      const gone = child === null ? undefined : once(child, 'exit');
      child?.send('end');
      expect(await gone).toEqual([0, null]);
    },
  };
  return state;
}
export type LaptopProcess = ReturnType<typeof processOf>;

type Role = 'counting' | 'supervising';
/** A site whose laptops have joined and are closed; `folder`: where they exchange, or what a server needs. */
export type ClosedSite = { readonly laptops: readonly Sharing[]; readonly crew: Crew; readonly folder: string };

/** Processes have no keyring. */
function bare<There extends OnServer | OnFolder>(there: There): There {
  return { ...there, setting: { ...there.setting, cipher: null } };
}

/** An office and as many laptops more as there are roles, with somebody who counts on each; all are closed. */
export async function siteOf(roles: readonly Role[], by: 'server' | 'folder'): Promise<ClosedSite> {
  const folder = pathTo(await freshFolder(), 'shared');
  await mkdir(folder);
  const where = async (isOffice: boolean) =>
    bare(by === 'folder' ? onFolder(folder) : await onServer(isOffice ? { folder } : {}));
  const there = await where(true);
  const office = sharing(await founder(there.setting), there);
  await as(office, 'lead');
  await does(office.running, 'append', { facts: [STOCKTAKE] });
  await as(office, 'admin');
  const laptops: Sharing[] = [office];
  for (const role of roles) {
    const also = await where(false);
    laptops.push(sharing(await join(office, `Laptop ${laptops.length}`, role, also.setting), also));
  }
  let file = '';
  if (by === 'folder') await does(office.running, 'shareFolder', {});
  else {
    const laid = await does(office.running, 'saveServerFolder', { host: 'localhost', port: await freePort() });
    if (laid.outcome !== 'saved') throw new Error('cancelled');
    file = laid.file;
  }
  for (const [at, laptop] of laptops.slice(1).entries()) {
    await arrives(laptop, office.crew, roles[at] ?? 'counting');
    if (by === 'folder') await does(laptop.running, 'shareFolder', {});
    else await does(laptop.running, 'joinServer', { text: file });
  }
  for (const laptop of laptops) await laptop.running.close();
  return { laptops, crew: office.crew, folder };
}

/** What each laptop counts: `L0` is the office. */
export function countedOn({ laptops, crew }: ClosedSite, more: Pick<Counted, 'target' | 'atOnce' | 'pauseMs'>) {
  return laptops.map(({ folder }, at): Counted => ({
    folder,
    person: crew.byRole.counter,
    pin: PIN,
    name: `L${at}`,
    ...more,
  }));
}

/** Every item that was to be counted, by laptop, in order. */
export function expectedOf({ laptops }: ClosedSite, each: number): Record<string, string[]> {
  return Object.fromEntries(
    laptops.map(({ device }, at) => [device, Array.from({ length: each }, (_, item) => `L${at}-${item + 1}`)]),
  );
}

/** Waits until a laptop holds every item once, and no other. */
export async function untilAllOn(one: LaptopProcess, expected: Record<string, string[]>, timeout: number) {
  const count = Object.values(expected).flat().length;
  await vi.waitFor(
    async () => {
      const items = await one.items();
      // What is not there yet is said in one number.
      expect(Object.values(items).flat().length).toBeGreaterThanOrEqual(count);
      expect(items).toEqual(expected);
    },
    { timeout, interval: 250 },
  );
}

/**
 * Opens the laptops again and lets them exchange until nothing moves: all that supervise hold the same, to the last entry.
 * Answers how many entries that is, and how many of them are counts and what was heard.
 */
export async function comesToRest({ laptops, crew }: ClosedSite, roles: readonly Role[]) {
  for (const laptop of laptops) await laptop.open();
  for (const laptop of laptops) {
    laptop.clock.wall = Date.now();
    await does(laptop.running, 'start', {});
    await does(laptop.running, 'signIn', { person: crew.byRole.counter, pin: PIN });
  }
  await untilLevel(laptops, 30);
  const supervising = laptops.filter((_, at) => at === 0 || roles[at - 1] === 'supervising');
  const [first, ...more] = await Promise.all(supervising.map(headsOf));
  expect(Object.keys(first ?? {})).toHaveLength(laptops.length);
  for (const heads of more) expect(heads).toEqual(first);
  const entries: LedgerEntry[] = [];
  for (const { device } of laptops) if (laptops[0] !== undefined) entries.push(...(await chainOf(laptops[0], device)));
  const counted = entries.filter(({ fact }) => fact.kind === 'counted').length;
  const heard = entries.filter(({ fact }) => fact.kind === 'heard');
  const bytes = (some: readonly LedgerEntry[]) => some.reduce((sum, entry) => sum + JSON.stringify(entry).length, 0);
  return { entries: entries.length, counted, bytes: bytes(entries), heard: heard.length, heardBytes: bytes(heard) };
}
