import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { killed, serverIn } from '../../contracts/administered-server.ts';
import { freePort, serverPlace } from '../../contracts/site-server-rig.ts';
import { does, freshFolder } from './bench.ts';
import { PIN, STOCKTAKE } from './crew.ts';
import { headsOf, sharing, untilLevel, type Sharing } from './exchange-rig.ts';
import { arrives, onServer, serverOf, type OnServer } from './server-rig.ts';
import { as, founder, join, type Laptop } from './team-rig.ts';

/** Items that each laptop counts. */
const EACH = 120;

let out: string;
let script: string;

beforeAll(async () => {
  await serverPlace();
  const reports = fileURLToPath(new URL('../../../out/reports', import.meta.url));
  await mkdir(reports, { recursive: true });
  out = await mkdtemp(pathTo(reports, 'laptops-'));
  script = pathTo(out, 'laptop.mjs');
  const bundle = await rolldown({
    input: fileURLToPath(new URL('site-laptop.ts', import.meta.url)),
    platform: 'node',
    logLevel: 'silent',
  });
  await bundle.write({ file: script, format: 'es', codeSplitting: false });
  await bundle.close();
}, 600_000);

afterAll(() => rm(out, { recursive: true, force: true }));

/** A laptop in a process of its own; what it said last. */
function processOf(laptop: Laptop, person: string, name: string) {
  let child: ChildProcess | null = null;
  const state = {
    said: 0,
    start() {
      const started = fork(script, [laptop.folder, person, PIN, name, String(EACH)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      child = started;
      started.on('message', (message: { said?: number }) => {
        state.said = Math.max(state.said, message.said ?? 0);
      });
    },
    kill: () => killed(child),
    async items(): Promise<Record<string, string[]>> {
      const answer = new Promise<Record<string, string[]>>((resolve) => {
        child?.on('message', (message: { items?: Record<string, string[]> }) => {
          if (message.items !== undefined) resolve(message.items);
        });
      });
      child?.send('items');
      return answer;
    },
    async end() {
      const gone = child === null ? undefined : once(child, 'exit');
      child?.send('end');
      expect(await gone).toEqual([0, null]);
    },
  };
  return state;
}

async function noKeyring(folder?: string): Promise<OnServer> {
  const there = await onServer(folder === undefined ? {} : { folder });
  return { ...there, setting: { ...there.setting, cipher: null } };
}

test(
  'H954 laptops and their server are killed again and again, and the server is put back to an old copy: nothing is lost or twice',
  { timeout: 300_000 },
  async () => {
    const folder = pathTo(await freshFolder(), 'site-server');
    await mkdir(folder);
    const port = await freePort();
    const there = await noKeyring(folder);
    const office = sharing(await founder(there.setting), there);
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [STOCKTAKE] });
    await as(office, 'admin');
    const laptops: Sharing[] = [office];
    const roles = ['supervising', 'supervising', 'supervising', 'counting'] as const;
    for (const role of roles.slice(1)) {
      const also = await noKeyring();
      laptops.push(sharing(await join(office, `Laptop ${laptops.length}`, role, also.setting), also));
    }
    const laid = await does(office.running, 'saveServerFolder', { host: 'localhost', port });
    if (laid.outcome !== 'saved') throw new Error('cancelled');
    for (const [at, laptop] of laptops.entries()) {
      if (at > 0) await arrives(laptop, office.crew, roles[at] ?? 'counting');
      if (at > 0) await does(laptop.running, 'joinServer', { text: laid.file });
    }
    for (const laptop of laptops) await laptop.running.close();

    const server = await serverIn(folder, pathTo(out, 'copy'));
    onTestFinished(() => server.kill());
    await server.start();
    const running = laptops.map((laptop, at) => processOf(laptop, office.crew.byRole.counter, `L${at}`));
    onTestFinished(async () => {
      for (const one of running) await one.kill();
    });
    for (const one of running) one.start();
    const restart = (at: number) => async () => {
      await running[at]?.kill();
      running[at]?.start();
    };
    const again = async () => {
      await server.kill();
      await server.start();
    };
    const troubles = [
      again,
      restart(1),
      server.keepCopy,
      restart(3),
      again,
      restart(2),
      server.putBack,
      restart(0),
      again,
      restart(3),
    ];
    for (const [at, trouble] of troubles.entries()) {
      const enough = ((at + 1) * laptops.length * EACH) / (troubles.length + 2);
      await vi.waitFor(() => expect(running.reduce((sum, { said }) => sum + said, 0)).toBeGreaterThan(enough), {
        timeout: 60_000,
      });
      await trouble();
    }
    const expected = Object.fromEntries(
      laptops.map(({ device }, at) => [device, Array.from({ length: EACH }, (_, item) => `L${at}-${item + 1}`)]),
    );
    for (const one of running.slice(0, 3))
      await vi.waitFor(async () => expect(await one.items()).toEqual(expected), { timeout: 120_000, interval: 500 });
    for (const one of running) await one.end();

    // And when nobody says anything any more all that supervise hold the same chains, to the last entry.
    for (const laptop of laptops) await laptop.open();
    for (const laptop of laptops) {
      laptop.clock.wall = Date.now();
      await does(laptop.running, 'start', {});
      await does(laptop.running, 'signIn', { person: office.crew.byRole.counter, pin: PIN });
    }
    await untilLevel(laptops, 30);
    const [first, ...more] = await Promise.all(laptops.slice(0, 3).map(headsOf));
    expect(Object.keys(first ?? {})).toHaveLength(4);
    for (const heads of more) expect(heads).toEqual(first);
    expect(await serverOf(office)).toMatchObject({ state: 'reached', missing: [], refused: [], toPut: 0 });
    for (const laptop of laptops) await laptop.running.close();
  },
);
