import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serverPlace } from './site-server-rig.ts';

/** nats-server as an administrator runs it, in a folder that the app laid out. */
export type AdministeredServer = {
  /** Of its process. */
  pid(): number;
  start(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Remembers what it holds; it is killed for that, and runs again after. */
  keepCopy(): Promise<void>;
  /** Kills it and starts it with what was remembered: what came since is gone. */
  putBack(): Promise<void>;
};

/** Ends a process as a power cut does. */
export async function killed(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** `folder`: what was laid out; `copy`: where the copy of its store is kept. */
export async function serverIn(folder: string, copy: string): Promise<AdministeredServer> {
  let child: ChildProcess | null = null;
  const place = await serverPlace();
  const server: AdministeredServer = {
    pid: () => child?.pid ?? 0,
    async start() {
      const started = spawn(join(place, 'nats-server'), ['-c', 'server.conf'], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child = started;
      await new Promise<void>((resolve, reject) => {
        started.once('exit', () => reject(new Error('the server ended')));
        started.stderr.setEncoding('utf8').on('data', (text: string) => text.includes('Server is ready') && resolve());
      });
    },
    kill: () => killed(child),
    async keepCopy() {
      await server.kill();
      await rm(copy, { recursive: true, force: true });
      await cp(join(folder, 'store'), copy, { recursive: true });
      await server.start();
    },
    async putBack() {
      await server.kill();
      await rm(join(folder, 'store'), { recursive: true });
      await cp(copy, join(folder, 'store'), { recursive: true });
      await server.start();
    },
  };
  return server;
}
