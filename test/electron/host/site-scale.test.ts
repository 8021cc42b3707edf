import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  comesToRest,
  countedOn,
  expectedOf,
  laptopProgram,
  processOf,
  serverIn,
  siteOf,
  untilAllOn,
  type ClosedSite,
  type Cost,
} from './site-processes.ts';

/** A few in every run, as many as one likes by hand; each is a process of about 100 MB. */
const ON_SERVER = Number(process.env['TALLYBOOK_SERVER_LAPTOPS'] ?? 6);
const ON_FOLDER = Number(process.env['TALLYBOOK_FOLDER_LAPTOPS'] ?? 4);
const EACH = 30;
/** From one count to the next, ms, where there are many: a hand. */
const PAUSE_MS = Number(process.env['TALLYBOOK_LAPTOP_PAUSE'] ?? 0);
const TIMEOUT_MS = 60_000 + 20_000 * (ON_SERVER + ON_FOLDER);

/** What a process has used of a processor so far, s; 0 where the system does not say. */
async function cpuSeconds(pid: number): Promise<number> {
  const said = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [user = '0', system = '0'] = said.split(' ').slice(13);
  return said === '' ? 0 : (Number(user) + Number(system)) / 100;
}

/** Files and bytes of a folder. */
async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names.filter((name) => name.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** What a run came to, into the reports. */
async function report(name: string, figures: object): Promise<void> {
  const reports = fileURLToPath(new URL('../../../out/reports', import.meta.url));
  await mkdir(reports, { recursive: true });
  await writeFile(join(reports, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
}

const roleAt = (at: number) => (at % 4 === 3 ? ('counting' as const) : ('supervising' as const));

/** Everybody counts at once, until all that supervise hold everything; answers what it cost. */
async function countTogether(site: ClosedSite, roles: readonly ReturnType<typeof roleAt>[]) {
  const program = await laptopProgram();
  const began = performance.now();
  const running = countedOn(site, { target: EACH, atOnce: 1, pauseMs: PAUSE_MS }).map((one) => processOf(program, one));
  for (const one of running) one.start();
  const expected = expectedOf(site, EACH);
  const supervising = running.filter((_, at) => at === 0 || roles[at - 1] === 'supervising');
  for (const one of supervising) await untilAllOn(one, expected, TIMEOUT_MS);
  const seconds = (performance.now() - began) / 1000;
  const costs: Cost[] = [];
  for (const one of running) costs.push(await one.cost());
  for (const one of running) await one.end();
  const sum = (of: (cost: Cost) => number) => Math.round(costs.reduce((all, cost) => all + of(cost), 0));
  return {
    laptops: running.length,
    seconds,
    cpuSeconds: sum(({ cpuMs }) => cpuMs) / 1000,
    megabytesEach: sum(({ mb }) => mb) / running.length,
    lists: sum(({ list }) => list),
    gets: sum(({ get }) => get),
    puts: sum(({ put }) => put),
    bytesPut: sum(({ bytes }) => bytes),
  };
}

test(
  `H983 ${ON_SERVER} laptops that count at once come level over one server: nothing is lost or twice`,
  { timeout: TIMEOUT_MS },
  async () => {
    const roles = Array.from({ length: ON_SERVER - 1 }, (_, at) => roleAt(at));
    const site = await siteOf(roles, 'server');
    const server = await serverIn(site.folder);
    await server.start();
    const cost = await countTogether(site, roles);
    const figures = { ...cost, serverCpuSeconds: await cpuSeconds(server.pid()) };
    await report('site-on-server', figures);
    const rest = await comesToRest(site, roles);
    expect(rest.counted).toBe(ON_SERVER * EACH);
    await report('site-on-server', { ...figures, ...rest, store: await sizeOf(join(site.folder, 'store')) });
    for (const laptop of site.laptops) await laptop.running.close();
  },
);

test(
  `H984 ${ON_FOLDER} laptops that count at once come level through one folder: nothing is lost or twice`,
  { timeout: TIMEOUT_MS },
  async () => {
    const roles = Array.from({ length: ON_FOLDER - 1 }, (_, at) => roleAt(at));
    const site = await siteOf(roles, 'folder');
    const cost = await countTogether(site, roles);
    const [place = ''] = (await readdir(site.folder)).filter((name) => name.startsWith('tallybook-'));
    const figures = { ...cost, folder: await sizeOf(join(site.folder, place)) };
    await report('site-on-folder', figures);
    const rest = await comesToRest(site, roles);
    expect(rest.counted).toBe(ON_FOLDER * EACH);
    await report('site-on-folder', { ...figures, ...rest });
    for (const laptop of site.laptops) await laptop.running.close();
  },
);
