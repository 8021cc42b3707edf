import { expect, test, vi } from 'vitest';
import { serverOf } from './server-rig.ts';
import {
  comesToRest,
  countedOn,
  expectedOf,
  laptopProgram,
  processOf,
  serverIn,
  siteOf,
  untilAllOn,
} from './site-processes.ts';

/** Items that each laptop counts, and how many in one go, as a quick scanner does. */
const EACH = Number(process.env['TALLYBOOK_SITE_ITEMS'] ?? 3_000);
const AT_ONCE = 25;

test(
  'H954 laptops and their server are killed again and again, and the server is put back to an old copy: nothing is lost or twice',
  { timeout: 600_000 },
  async () => {
    const roles = ['supervising', 'supervising', 'counting'] as const;
    const program = await laptopProgram();
    const site = await siteOf(roles, 'server');
    const server = await serverIn(site.folder);
    await server.start();
    const counted = countedOn(site, { target: EACH, atOnce: AT_ONCE, pauseMs: 0 });
    const running = counted.map((one) => processOf(program, one));
    for (const one of running) one.start();
    const restart = (at: number) => async () => {
      await running[at]?.kill();
      running[at]?.start();
    };
    const again = async () => {
      await server.kill();
      await server.start();
    };
    // The copy holds something, and something has come since when it is put back.
    let held = 0;
    const untilMore = (than: number) =>
      vi.waitFor(
        async () => {
          const items = await running[0]?.items();
          held = Object.values(items ?? {}).flat().length - (running[0]?.said ?? 0);
          expect(held).toBeGreaterThan(than);
        },
        { timeout: 60_000, interval: 250 },
      );
    const troubles = [
      again,
      restart(1),
      async () => {
        await untilMore(0);
        await server.keepCopy();
      },
      restart(3),
      again,
      restart(2),
      async () => {
        await untilMore(held);
        await server.putBack();
      },
      restart(0),
      again,
      restart(3),
    ];
    for (const [at, trouble] of troubles.entries()) {
      const enough = ((at + 1) * running.length * EACH) / (troubles.length + 2);
      await vi.waitFor(() => expect(running.reduce((sum, { said }) => sum + said, 0)).toBeGreaterThan(enough), {
        timeout: 60_000,
      });
      await trouble();
    }
    const expected = expectedOf(site, EACH);
    for (const one of running.slice(0, 3)) await untilAllOn(one, expected, 120_000);
    for (const one of running) await one.end();

    // And when nobody says anything any more all that supervise hold the same chains, to the last entry.
    await comesToRest(site, roles);
    const [office] = site.laptops;
    if (office === undefined) throw new Error('no office');
    expect(await serverOf(office)).toMatchObject({ state: 'reached', missing: [], refused: [], toPut: 0 });
    for (const laptop of site.laptops) await laptop.running.close();
  },
);
