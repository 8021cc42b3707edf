import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join as pathTo } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { headText } from '../../../shared/team/head.ts';
import { readServerFile, writeServerFile } from '../../../shared/team/server-file.ts';
import { openLaptopKey } from '../../../electron/host/team/laptop-key.ts';
import { laptopKey } from '../../../electron/host/team/segments.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import { freePort, serverPlace } from '../../contracts/site-server-rig.ts';
import { codeOf, does, freshFolder, testKeyring } from './bench.ts';
import { COUNTED, PIN } from './crew.ts';
import { exchangeOf, headsOf, look, share, sharing, untilLevel, type Sharing } from './exchange-rig.ts';
import { arrives, closeAll, onServer, servedSite, serverOf } from './server-rig.ts';
import { as, chainOf, founder, join, newLaptop } from './team-rig.ts';

beforeAll(async () => void (await serverPlace()), 600_000);

const says = (laptop: Sharing, item: string) => does(laptop.running, 'append', { facts: [{ ...COUNTED, item }] });

async function itemsOn(laptop: Sharing, device: string): Promise<string[]> {
  const entries = await chainOf(laptop, device);
  return entries.flatMap(({ fact }) => (fact.kind === 'counted' ? [fact.item] : []));
}

describe('a site server', () => {
  test('H946 what is counted on one laptop is on the other as soon as the server has it, without a look', async () => {
    const { office, others } = await servedSite(['supervising', 'counting']);
    const [store, cold] = others as [Sharing, Sharing];
    await untilLevel([office, store, cold]);
    for (const [laptop, item] of [
      [store, 'SKU-7'],
      [cold, 'SKU-8'],
    ] as const) {
      await says(laptop, item);
      // One second of its own clock; the clock of the office stands still.
      await look(laptop, 1_000);
      await vi.waitFor(async () => expect(await itemsOn(office, laptop.device)).toEqual([item]), { timeout: 20_000 });
    }
    expect(await serverOf(store)).toMatchObject({ state: 'reached', missing: [], refused: [], serving: null });
    expect((await serverOf(office)).serving).toMatchObject({ state: 'serving' });
    await closeAll(office, store, cold);
  });

  test('H947 a folder and a server work side by side, each for itself, and who has both brings the one into the other', async () => {
    const folder = await freshFolder();
    const both = await onServer({ folder });
    const { office, others } = await servedSite(['supervising'], [both]);
    const [store] = others as [Sharing];
    const alone = await onServer({ folder });
    const far = sharing(await join(office, 'Far', 'supervising', alone.setting), alone);
    await arrives(far, office.crew, 'supervising');
    await share(office);
    await share(far);
    await says(far, 'SKU-1');
    await says(store, 'SKU-2');
    await untilLevel([office, store, far]);
    expect(await headsOf(store)).toEqual(await headsOf(far));
    expect(await itemsOn(store, far.device)).toEqual(['SKU-1']);
    expect(await itemsOn(far, store.device)).toEqual(['SKU-2']);
    // The one is gone, and the other goes on.
    await rm(folder, { recursive: true });
    await says(store, 'SKU-3');
    await untilLevel([office, store]);
    expect(await itemsOn(office, store.device)).toEqual(['SKU-2', 'SKU-3']);
    expect((await exchangeOf(office)).state).toBe('away');
    expect((await serverOf(office)).state).toBe('reached');
    // Each is left by itself, and what is chosen outlives a restart.
    await does(office.running, 'leaveFolder', {});
    await office.restart();
    const { exchange, server } = await does(office.running, 'exchange', {});
    expect([exchange, server?.serving?.state]).toEqual([null, 'starting']);
    await closeAll(office, store, far);
  });

  test('H948 a laptop joins the server of its own site only, by the file that another one saves', async () => {
    const { office, others, file } = await servedSite(['supervising']);
    const [store] = others as [Sharing];
    const joins = (laptop: Sharing, text: string) => codeOf(laptop.running.host.joinServer({ text }));
    const read = readServerFile(file);
    if (read === null) throw new Error('not a file');
    expect(readServerFile(`\uFEFF${file.replaceAll('\n', '\r\n')}\n`)).toEqual(read);
    expect(writeServerFile(read)).toBe(file);
    expect(await joins(store, writeServerFile({ ...read, site: 'e'.repeat(64) }))).toBe('other_site');
    for (const text of [
      '',
      'x',
      '{}',
      '[]',
      'null',
      file.slice(0, -20),
      file.replace('site server 1', 'site server 2'),
      writeServerFile({ ...read, addresses: [] }),
      writeServerFile({ ...read, addresses: ['nats://depot:4222/x'] }),
      writeServerFile({ ...read, addresses: ['depot'] }),
      writeServerFile({ ...read, certificate: 'x' }),
    ])
      expect([text.slice(0, 40), await joins(store, text)]).toEqual([text.slice(0, 40), 'bad_server_file']);
    expect((await serverOf(store)).address).toBe(read.addresses.at(-1));
    await does(store.running, 'leaveServer', {});
    expect((await does(store.running, 'exchange', {})).server).toBeNull();
    expect(await codeOf(store.running.host.saveServerFile({}))).toBe('not_found');
    // Whoever serves the site is on its server, and on no other.
    expect(await codeOf(office.running.host.leaveServer({}))).toBe('busy');
    expect(await joins(office, file)).toBe('busy');
    expect(await codeOf(office.running.host.saveServerFolder({ host: 'depot', port: 4222 }))).toBe('busy');
    const lone = await onServer();
    const stranger = sharing(await newLaptop(lone.setting), lone);
    await does(stranger.running, 'createFirstPerson', { name: 'Eve', pin: PIN });
    expect(await joins(stranger, file)).toBe('no_site');
    expect(await codeOf(stranger.running.host.serveSite({ port: 4222 }))).toBe('no_site');
    await closeAll(office, store, stranger);
  });

  test('H949 why no server starts is said, and nothing is chosen by that', async () => {
    const empty = await freshFolder();
    const old = await freshFolder();
    const broken = await freshFolder();
    await writeFile(pathTo(old, 'nats-server'), '#!/bin/sh\necho nats-server: v2.9.10\n', { mode: 0o755 });
    await writeFile(
      pathTo(broken, 'nats-server'),
      '#!/bin/sh\n[ "$1" = --version ] && echo nats-server: v2.15.1 && exit\necho "[1] 2026/12/01 10:00:00.1 [FTL] no such luck" >&2; exit 1\n',
      { mode: 0o755 },
    );
    const taken = createServer();
    onTestFinished(() => void taken.close());
    await new Promise<void>((resolve) => taken.listen(0, '0.0.0.0', resolve));
    const address = taken.address();
    const takenPort = typeof address === 'object' && address !== null ? address.port : 0;
    for (const [places, port, why, detail] of [
      [[empty], 4222, 'not_installed', ''],
      [[empty, old], 4222, 'too_old', '2.9.10'],
      [[broken], 4222, 'failed', 'no such luck'],
      [[await serverPlace()], takenPort, 'port_taken', ''],
    ] as const) {
      const there = await onServer({ places });
      const office = sharing(await founder(there.setting), there);
      expect(await office.running.host.serveSite({ port })).toEqual({
        ok: false,
        error: { code: 'server_not_started', why, detail },
      });
      expect((await does(office.running, 'exchange', {})).server).toBeNull();
      await look(office);
      expect((await does(office.running, 'exchange', {})).server).toBeNull();
      await office.running.close();
    }
    // A laptop that counts serves nobody.
    const there = await onServer();
    const office = sharing(await founder(there.setting), there);
    const cold = await join(office, 'Cold', 'counting', there.setting);
    await does(cold.running, 'setFirstPin', { person: office.crew.byRole.admin, pin: PIN });
    expect(await codeOf(cold.running.host.serveSite({ port: 4222 }))).toBe('laptop_may_not');
    await closeAll(office, cold);
  });

  test('H950 a laptop that is revoked is out, and one that is enrolled is in, without anybody touching the server', async () => {
    const { office, others, file } = await servedSite(['supervising', 'supervising']);
    const [store, far] = others as [Sharing, Sharing];
    await untilLevel([office, store, far]);
    await does(office.running, 'revokeLaptop', { laptop: far.device });
    await look(office, 1_000);
    await look(far);
    expect((await serverOf(far)).state).toBe('not_admitted');
    const there = await onServer();
    const late = sharing(await join(office, 'Late', 'supervising', there.setting), there);
    await arrives(late, office.crew, 'supervising');
    await does(late.running, 'joinServer', { text: file });
    await look(office, 1_000);
    await says(late, 'SKU-9');
    await untilLevel([office, store, late]);
    expect(await itemsOn(store, late.device)).toEqual(['SKU-9']);
    await closeAll(office, store, far, late);
  });

  test('H951 a server that dies is started again, and one that a killed app left behind is ended before', async () => {
    const { office, others, port } = await servedSite(['supervising']);
    const [store] = others as [Sharing];
    await untilLevel([office, store]);
    const folder = pathTo(office.folder, 'server');
    const idOf = async () => Number(await readFile(pathTo(folder, 'server.pid'), 'utf8'));
    const first = await idOf();
    process.kill(first, 'SIGKILL');
    await vi.waitFor(async () => {
      await look(office, 61_000);
      expect(await idOf()).not.toBe(first);
    });
    await says(store, 'SKU-4');
    await untilLevel([office, store]);
    expect(await itemsOn(office, store.device)).toEqual(['SKU-4']);

    // The app is killed: its server runs on. The same files are another app’s at the next start.
    await does(office.running, 'stopServing', {});
    expect((await serverOf(office)).serving).toBeNull();
    const leftOver = spawn(pathTo(await serverPlace(), 'nats-server'), ['-c', 'server.conf'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise<void>((resolve) => leftOver.once('exit', () => resolve()));
    await new Promise<void>((resolve) => {
      leftOver.stderr.setEncoding('utf8').on('data', (text: string) => text.includes('Server is ready') && resolve());
    });
    await writeFile(pathTo(folder, 'server.pid'), String(leftOver.pid));
    await does(office.running, 'serveSite', { port });
    await ended;
    expect((await serverOf(office)).serving?.state).toBe('serving');
    await closeAll(office, store);
  });

  test('H952 what is laid out for an administrator is all that a server needs, and nobody else may read it', async () => {
    const folder = pathTo(await freshFolder(), 'site-server');
    await mkdir(folder);
    const there = await onServer({ folder });
    const office = sharing(await founder(there.setting), there);
    const port = await freePort();
    const also = await onServer();
    const store = sharing(await join(office, 'Store', 'supervising', also.setting), also);
    await arrives(store, office.crew, 'supervising');
    const laid = await does(office.running, 'saveServerFolder', { host: 'localhost', port });
    if (laid.outcome !== 'saved') throw new Error('cancelled');
    expect((await readdir(folder)).toSorted()).toEqual(['laptops.conf', 'server.conf', 'server.crt', 'server.key']);
    expect((await stat(pathTo(folder, 'server.key'))).mode & 0o077).toBe(0);
    const all =
      (await readFile(pathTo(folder, 'server.conf'), 'utf8')) +
      (await readFile(pathTo(folder, 'laptops.conf'), 'utf8'));
    expect(all).toContain('sync_interval: always');
    expect(all).not.toMatch(/websocket|mqtt|leafnodes|http/);
    const server = pathTo(await serverPlace(), 'nats-server');
    await promisify(execFile)(server, ['-t', '-c', 'server.conf'], { cwd: folder });
    const running = spawn(server, ['-c', 'server.conf'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    onTestFinished(() => void running.kill());
    await new Promise<void>((resolve) => {
      running.stderr.setEncoding('utf8').on('data', (text: string) => text.includes('Server is ready') && resolve());
    });
    await does(store.running, 'joinServer', { text: laid.file });
    await says(store, 'SKU-5');
    await untilLevel([office, store]);
    expect(await itemsOn(office, store.device)).toEqual(['SKU-5']);
    expect((await serverOf(office)).serving).toBeNull();
    // The folder is saved anew for one that came later; the server reads it without being stopped.
    const alone = await onServer();
    const late = sharing(await join(office, 'Late', 'supervising', alone.setting), alone);
    await arrives(late, office.crew, 'supervising');
    await does(late.running, 'joinServer', { text: laid.file });
    await look(late);
    expect((await serverOf(late)).state).toBe('not_admitted');
    expect(await does(office.running, 'saveServerFolder', { host: 'localhost', port })).toMatchObject({
      file: laid.file,
    });
    running.kill('SIGHUP');
    await vi.waitFor(async () => {
      await look(late, 61_000);
      expect((await serverOf(late)).state).toBe('reached');
    });
    await closeAll(office, store, late);
  });

  test('H990 whoever saved a server’s folder is told which laptops it does not know yet, until it is saved again', async () => {
    const folder = pathTo(await freshFolder(), 'site-server');
    await mkdir(folder);
    const there = await onServer({ folder });
    const office = sharing(await founder(there.setting), there);
    const store = await join(office, 'Store', 'supervising');
    await does(office.running, 'saveServerFolder', { host: 'depot', port: 4222 });
    const known = { host: 'depot', port: 4222, unknown: [], revoked: [] };
    expect((await serverOf(office)).laidOut).toEqual(known);
    const late = await join(office, 'Late', 'counting');
    await join(office, 'Last', 'supervising');
    expect((await serverOf(office)).laidOut).toEqual({ ...known, unknown: expect.arrayContaining(['Late', 'Last']) });
    // It is not forgotten with the app, nor while the server is left for a time.
    await office.restart();
    await as(office, 'admin');
    expect((await serverOf(office)).laidOut?.unknown).toHaveLength(2);
    const laid = await does(office.running, 'saveServerFolder', { host: 'depot', port: 4222 });
    if (laid.outcome !== 'saved') throw new Error('cancelled');
    expect(laid.server?.laidOut).toEqual(known);
    expect(await readFile(pathTo(folder, 'laptops.conf'), 'utf8')).toContain(laptopKey(late.device));
    await does(office.running, 'leaveServer', {});
    await join(office, 'Later still', 'counting');
    await does(office.running, 'joinServer', { text: laid.file });
    expect((await serverOf(office)).laidOut?.unknown).toEqual(['Later still']);
    // Where this laptop is the server itself, nothing has to be saved.
    await does(office.running, 'serveSite', { port: await freePort() });
    expect((await serverOf(office)).laidOut).toBeNull();
    await closeAll(office, store, late);
  });

  test('H991 a server’s folder that lets a laptop in which was revoked since is said to do so, by name', async () => {
    const folder = pathTo(await freshFolder(), 'site-server');
    await mkdir(folder);
    const there = await onServer({ folder });
    const office = sharing(await founder(there.setting), there);
    const store = await join(office, 'Store', 'supervising');
    await does(office.running, 'saveServerFolder', { host: 'depot', port: 4222 });
    await does(office.running, 'revokeLaptop', { laptop: store.device });
    expect((await serverOf(office)).laidOut).toMatchObject({ unknown: [], revoked: ['Store'] });
    await does(office.running, 'saveServerFolder', { host: 'depot', port: 4222 });
    expect((await serverOf(office)).laidOut).toMatchObject({ unknown: [], revoked: [] });
    // Another server than the one that folder was for.
    await does(office.running, 'saveServerFolder', { host: 'other', port: 4222 });
    expect((await serverOf(office)).laidOut).toMatchObject({ host: 'other' });
    await closeAll(office, store);
  });

  test('H955 a laptop that counts is told over the server what it must know, and no figure of the book reaches it', async () => {
    const { office, others } = await servedSite(['counting', 'supervising']);
    const [cold, store] = others as [Sharing, Sharing];
    await untilLevel([office, cold, store]);
    const figure = '73197319';
    await does(office.running, 'signIn', { person: office.crew.byRole.lead, pin: PIN });
    await does(office.running, 'append', {
      facts: [
        { kind: 'stock_changed', item: 'SKU-1', bin: 'A-01', quantity: figure, reason: 'opening' },
        { kind: 'stocktake_created', stocktake: 'take-2', name: 'Winter', blind: true, bins: ['A-01'] },
      ],
    });
    await says(store, 'SKU-6');
    await says(cold, 'SKU-7');
    await untilLevel([office, cold, store]);
    const told = await chainOf(cold, office.device);
    expect(told.some(({ fact }) => fact.kind === 'stocktake_created' && fact.stocktake === 'take-2')).toBe(true);
    expect(await itemsOn(office, cold.device)).toEqual(['SKU-7']);
    expect(await itemsOn(store, cold.device)).toEqual(['SKU-7']);
    const holds = async (laptop: Sharing) => {
      const names = await readdir(laptop.folder, { recursive: true, withFileTypes: true });
      const files = names.filter((one) => one.isFile()).map((one) => pathTo(one.parentPath, one.name));
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      return texts.some((text) => text.includes(figure));
    };
    expect([await holds(store), await holds(cold)]).toEqual([true, false]);
    expect(await serverOf(cold)).toMatchObject({ state: 'reached', missing: [], refused: [] });
    await closeAll(office, cold, store);
  });

  test('H953 whoever runs a server cannot have a laptop sign anything but the challenge of a server', async () => {
    const key = await openLaptopKey({
      disk: realDisk,
      profile: await freshFolder(),
      device: () => 'd-1',
      isDeviceSure: true,
      cipher: testKeyring(),
      randomBytes: (length) => new Uint8Array(length).fill(7),
      onMended: () => undefined,
    });
    expect(await key.login()).toBeNull();
    await key.make();
    const login = await key.login();
    expect(login?.key).toBe(key.publicKey());
    expect(login?.answer('ZkR5wE2b9cYxq1Q')).toMatch(/^[\w-]{86}$/);
    const head = headText({ site: 'f'.repeat(64), device: 'd-1', seq: 1, hash: 'a'.repeat(64) });
    for (const text of [
      head,
      'tallybook head 1',
      'short',
      '',
      `ZkR5wE2b9cYxq1Q\n`,
      'a'.repeat(65),
      'with a blank in it',
    ])
      expect([text, login?.answer(text)]).toEqual([text, null]);
  });
});
