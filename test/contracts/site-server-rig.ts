import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureNatsServer } from '../../build/nats-server.mjs';
import { createNatsCarrier } from '../../electron/carriers/nats/carrier.ts';
import { createRunner } from '../../electron/carriers/nats/runner.ts';
import type { Lane } from '../../electron/carriers/nats/subjects.ts';
import { publicText, signText } from '../../electron/host/secrets/ed25519.ts';
import type { Carrier, Login } from '../../shared/ports/carrier.ts';
import type { ServedLaptop } from '../../shared/ports/site-server.ts';

export const SITE = 'f'.repeat(64);

/** A laptop as a server knows it, with what proves it. */
export type Somebody = ServedLaptop & { readonly login: () => Promise<Login> };

/** A laptop with a key of its own. */
export function somebody(laptop: string, role: ServedLaptop['role']): Somebody {
  const seed = randomBytes(32);
  const key = publicText(seed);
  return { laptop, name: laptop, key, role, login: async () => ({ key, answer: (text) => signText(seed, text) }) };
}

/** Where the real server lies; a machine that has none says what to do. */
export async function serverPlace(): Promise<string> {
  const found = await ensureNatsServer();
  if (!found.ok) throw new Error(found.error.sentence);
  return dirname(found.value);
}

/** A port of this machine that nobody uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export type RealServer = {
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  certificate(): string;
  start(laptops?: readonly ServedLaptop[]): Promise<void>;
  stop(): Promise<void>;
  /** Remembers what the server holds, and puts it back to that; it is stopped for it. */
  keepCopy(): Promise<void>;
  putBack(): Promise<void>;
  /** Everything that the stopped server held is gone. */
  forget(): Promise<void>;
  carrier(of: Somebody, laneOf?: (laptop: string) => Lane): Carrier;
  /** Everything is closed and removed. */
  end(): Promise<void>;
};

/** A real server of a site, as the app writes it and starts it. */
export async function realServer(laptops: readonly ServedLaptop[], site = SITE, at?: number): Promise<RealServer> {
  const place = await serverPlace();
  const outer = await mkdtemp(join(tmpdir(), 'tallybook-server-'));
  const folder = join(outer, 'server');
  const runner = createRunner({ folder, places: [place], randomBytes: (length) => randomBytes(length) });
  const port = at ?? (await freePort());
  const opened: Carrier[] = [];
  let admitted = laptops;
  let certificate = '';

  const server: RealServer = {
    address: `127.0.0.1:${port}`,
    port,
    folder,
    certificate: () => certificate,
    async start(now = admitted) {
      admitted = now;
      const started = await runner.start({ site, port, laptops: admitted });
      if (!started.ok) throw new Error(`${started.error.code} ${started.error.detail}`);
      ({ certificate } = started.value);
    },
    stop: () => runner.stop(),
    async keepCopy() {
      await runner.stop();
      await cp(join(folder, 'store'), join(outer, 'copy'), { recursive: true });
      await server.start();
    },
    async putBack() {
      await runner.stop();
      await rm(join(folder, 'store'), { recursive: true });
      await cp(join(outer, 'copy'), join(folder, 'store'), { recursive: true });
      await server.start();
    },
    forget: () => rm(join(folder, 'store'), { recursive: true }),
    carrier({ laptop, role, login }, laneOf = () => 'book') {
      const addresses = [server.address];
      const made = createNatsCarrier({ addresses, certificate, site, laptop, role, laneOf, login });
      opened.push(made);
      return made;
    },
    async end() {
      for (const carrier of opened) await carrier.close?.();
      await runner.stop();
      await rm(outer, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
