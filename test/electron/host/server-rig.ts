import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createFolderCarrier } from '../../../electron/carriers/folder.ts';
import { createNatsCarrier } from '../../../electron/carriers/nats/carrier.ts';
import { createRunner } from '../../../electron/carriers/nats/runner.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import type { SiteServer } from '../../../shared/ports/host.ts';
import { freePort, serverPlace } from '../../contracts/site-server-rig.ts';
import { does, type HostSetting } from './bench.ts';
import { enter, PIN, STOCKTAKE, type Crew } from './crew.ts';
import { manualTimer, sharing, type Sharing, type Timer } from './exchange-rig.ts';
import { as, comes, founder, join, type Laptop } from './team-rig.ts';

/** What lets a host exchange through a server, run one, and exchange through a folder beside it. */
export type OnServer = { readonly timer: Timer; readonly setting: Partial<HostSetting> };

/** `places`: where nats-server is looked for. `saved`: told of every file that is saved. */
export async function onServer(
  more: { readonly folder?: string; readonly places?: readonly string[] } = {},
): Promise<OnServer> {
  const timer = manualTimer();
  const places = more.places ?? [await serverPlace()];
  return {
    timer,
    setting: {
      after: timer.after,
      lockAfterMs: 1e9,
      openCarrier: (place) => createFolderCarrier({ disk: realDisk, ...place }),
      openServer: (place, access) => createNatsCarrier({ ...place, ...access }),
      createRunner(folder) {
        const runner = createRunner({ folder, places, randomBytes: (length) => randomBytes(length) });
        // A test that failed leaves no server behind.
        onTestFinished(() => runner.stop());
        return runner;
      },
      chooseFolder: async () => more.folder ?? null,
    },
  };
}

/** Somebody who counts comes to a laptop for the first time; where it supervises an admin gives them a PIN there. */
export async function arrives(laptop: Laptop, { admin, byRole, code }: Crew, role: string): Promise<void> {
  if (role === 'counting') return comes(laptop, byRole.counter);
  await does(laptop.running, 'recoverAccess', { person: admin, code, pin: PIN });
  await does(laptop.running, 'savePerson', {
    id: byRole.counter,
    name: 'counter',
    roles: ['counter'],
    active: true,
    pin: PIN,
  });
  await enter(laptop.running, byRole.counter);
  return undefined;
}

export type Served = {
  readonly office: Sharing & { crew: Crew };
  readonly others: readonly Sharing[];
  readonly port: number;
  /** What another laptop joins the server with. */
  readonly file: string;
};

/** An office that serves its site, and laptops that have joined the server, with somebody there. */
export async function servedSite(
  roles: readonly ('counting' | 'supervising')[],
  places: readonly OnServer[] = [],
): Promise<Served> {
  const there = places[0] ?? (await onServer());
  const office = sharing(await founder(there.setting), there);
  await as(office, 'lead');
  await does(office.running, 'append', { facts: [STOCKTAKE] });
  await as(office, 'admin');
  const others: Sharing[] = [];
  for (const [at, role] of roles.entries()) {
    const alsoThere = places[at + 1] ?? (await onServer());
    others.push(sharing(await join(office, `Laptop ${at + 1}`, role, alsoThere.setting), alsoThere));
  }
  const port = await freePort();
  await does(office.running, 'serveSite', { port });
  await does(office.running, 'saveServerFile', {});
  const file = Buffer.from(office.saved).toString();
  for (const [at, other] of others.entries()) {
    await arrives(other, office.crew, roles[at] ?? 'counting');
    await does(other.running, 'joinServer', { text: file });
  }
  return { office, others, port, file };
}

export async function serverOf(laptop: Laptop): Promise<SiteServer> {
  const { server } = await does(laptop.running, 'exchange', {});
  if (server === null) throw new Error('there is no server');
  return server;
}

export async function closeAll(...laptops: readonly Laptop[]): Promise<void> {
  // Who serves closes last: the others bring what they said.
  for (const laptop of laptops.toReversed()) await laptop.running.close();
}
