import { randomBytes, randomUUID } from 'node:crypto';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Role } from '../../../shared/domain/person.ts';
import type { HandOver, HostOutput } from '../../../shared/ports/host.ts';
import type { RunningHost } from '../../../electron/host/create-host.ts';
import { does, freshFolder, hostAt, manualClock, type HostSetting, type ManualClock } from './bench.ts';
import { PIN, enter, hire, type Crew } from './crew.ts';

/** One laptop of a team: a host on a folder of its own, with its own clock, and where it saves its files. */
export type Laptop = {
  readonly folder: string;
  readonly clock: ManualClock;
  running: RunningHost;
  device: string;
  /** The file saved last. */
  saved: Uint8Array;
  /** Opens the host again, after it was closed. */
  open(): Promise<void>;
  /** Closes the host and opens it again. */
  restart(): Promise<void>;
};

/** A laptop with nobody and nothing on it. */
export async function newLaptop(setting: Partial<HostSetting> = {}): Promise<Laptop> {
  const folder = setting.folder ?? (await freshFolder());
  const clock = manualClock();
  const open = () =>
    hostAt({
      folder,
      clock,
      randomId: randomUUID,
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
      saveFile: async (_name, content) => {
        laptop.saved = typeof content === 'string' ? Buffer.from(content) : content;
        return true;
      },
      ...setting,
    });
  const laptop: Laptop = {
    folder,
    clock,
    running: await open(),
    device: '',
    saved: new Uint8Array(),
    async open() {
      laptop.running = await open();
    },
    async restart() {
      await laptop.running.close();
      await laptop.open();
    },
  };
  laptop.device = (await does(laptop.running, 'start', {})).journal.device;
  return laptop;
}

/** The laptop that founds a site, with a crew; an admin is signed in. */
export async function founder(setting: Partial<HostSetting> = {}): Promise<Laptop & { crew: Crew }> {
  const laptop = await newLaptop(setting);
  const crew = await hire(laptop.running);
  await does(laptop.running, 'foundSite', { site: 'Leeds', laptop: 'Office' });
  return Object.assign(laptop, { crew });
}

/** Gives a file in pieces, as a page does. */
export async function give(to: Laptop, file: Uint8Array, pieceBytes = 1_000_000): Promise<void> {
  for (let at = 0; at === 0 || at < file.length; at += pieceBytes)
    await does(to.running, 'giveHandOver', {
      at,
      bytes: Buffer.from(file.subarray(at, at + pieceBytes)).toString('base64'),
    });
}

/** What a file says on a laptop, before anything is taken. */
export async function look(to: Laptop, file: Uint8Array): Promise<HandOver> {
  await give(to, file);
  return does(to.running, 'lookAtHandOver', {});
}

export async function take(to: Laptop, file: Uint8Array): Promise<HostOutput<'takeHandOver'>> {
  await give(to, file);
  return does(to.running, 'takeHandOver', {});
}

/** Saves for other laptops; somebody is signed in. */
export async function save(from: Laptop): Promise<Uint8Array> {
  await does(from.running, 'saveHandOver', {});
  return from.saved;
}

/** The file goes from one laptop to the other. */
export async function handOver(from: Laptop, to: Laptop): Promise<HostOutput<'takeHandOver'>> {
  return take(to, await save(from));
}

/** Asks, enrols and takes the first file: the laptop is one of the site. An admin is signed in on `office`. */
export async function join(
  office: Laptop,
  name: string,
  role: 'counting' | 'supervising',
  setting: Partial<HostSetting> = {},
): Promise<Laptop> {
  const laptop = await newLaptop(setting);
  const { request } = await does(laptop.running, 'askToJoin', { laptop: name });
  await does(office.running, 'enrolLaptop', { request, name, role });
  await handOver(office, laptop);
  return laptop;
}

/** Somebody comes to a laptop that counts, for the first time. */
export async function comes(to: Laptop, person: string): Promise<void> {
  await does(to.running, 'setFirstPin', { person, pin: PIN });
}

/** Somebody comes to a laptop that supervises, for the first time: an admin lets them in, who had the recovery code. */
export async function comesToDesk(to: Laptop, { admin, code, byRole }: Crew, role: Role): Promise<void> {
  await does(to.running, 'recoverAccess', { person: admin, code, pin: PIN });
  if (byRole[role] === admin) return;
  await does(to.running, 'savePerson', { id: byRole[role], name: role, roles: [role], active: true, pin: PIN });
  await enter(to.running, byRole[role]);
}

/** Signs in whoever has this role alone. */
export async function as(laptop: Laptop & { crew: Crew }, role: Role): Promise<void> {
  await enter(laptop.running, laptop.crew.byRole[role]);
}

/** Every entry that a laptop holds of a chain. */
export async function chainOf(laptop: Laptop, device: string): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let next: number | undefined = 1; next !== undefined;) {
    const page: HostOutput<'readJournal'> = await does(laptop.running, 'readJournal', {
      device,
      fromSeq: next,
      limit: 500,
    });
    entries.push(...page.entries);
    next = page.nextSeq;
  }
  return entries;
}
