import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { SiteServerProblem, SiteServerRunner, SiteServerSetup } from '../../../shared/ports/site-server.ts';
import { systemCode } from '../../host/disk/disk.ts';
import { createTurns } from '../../host/disk/turns.ts';
import { fingerprintOf, makeCertificate } from './certificate.ts';
import {
  admission,
  CERTIFICATE_FILE,
  configuration,
  CONFIGURATION_FILE,
  KEY_FILE,
  LAPTOPS_FILE,
} from './configuration.ts';
import { answersAs } from './probe.ts';

type RunnerOptions = {
  /** Where this laptop keeps its server: certificate, configuration, and everything that the server was given. */
  readonly folder: string;
  /** Folders in which nats-server is looked for. */
  readonly places: readonly string[];
  readonly randomBytes: (length: number) => Uint8Array;
};

const run = promisify(execFile);
/** From this version on no crash is known to lose what was acknowledged. */
const OLDEST: readonly number[] = [2, 10, 23];
const START_MS = 30_000;
const STOP_MS = 5_000;
/** The process that this laptop started last, where the app ended before it could stop it. */
const PROCESS_FILE = 'server.pid';
/** Of what the server says only the end is kept. */
const SAID_CHARACTERS = 4_000;

/** Where nats-server lies as a rule: the path, and where Debian and Windows put it though it is on nobody's path. */
export function usualPlaces(env: NodeJS.ProcessEnv): readonly string[] {
  const named = env['TALLYBOOK_NATS_SERVER_FOLDER'];
  const programs = [env['ProgramFiles'], env['LOCALAPPDATA']].filter((folder) => folder !== undefined);
  const profile = env['USERPROFILE'];
  return [
    ...(named === undefined ? [] : [named]),
    // What scoop puts on the path only starts the server, and does not end with it.
    ...(profile === undefined ? [] : [join(profile, 'scoop', 'apps', 'nats-server', 'current')]),
    ...(env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
    ...programs.map((folder) => join(folder, 'nats-server')),
  ].filter((folder) => folder !== '');
}

/** Whether a version (`2.15.1`) is new enough. */
export function isNewEnough(version: string): boolean {
  const parts = version.split('.').map(Number);
  const at = OLDEST.findIndex((oldest, place) => parts[place] !== oldest);
  return at === -1 || (parts[at] ?? 0) > (OLDEST[at] ?? 0);
}

async function findServer(places: readonly string[]): Promise<Result<string, SiteServerProblem>> {
  let tooOld = '';
  for (const place of places) {
    const path = join(place, process.platform === 'win32' ? 'nats-server.exe' : 'nats-server');
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    const told = await run(path, ['--version'], { timeout: START_MS, windowsHide: true }).catch(() => null);
    const version = /v(\d+\.\d+\.\d+)/.exec(told?.stdout ?? '')?.[1];
    if (version === undefined) continue;
    if (isNewEnough(version)) return ok(path);
    tooOld = version;
  }
  return err(tooOld === '' ? { code: 'not_installed', detail: '' } : { code: 'too_old', detail: tooOld });
}

async function text(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((problem: unknown) => {
    if (systemCode(problem) === 'ENOENT') return null;
    throw problem;
  });
}

async function place(folder: string, name: string, content: string): Promise<void> {
  const draft = join(folder, `${name}.part`);
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, join(folder, name));
}

/** What the server said before it ended, as what a person can do about it. */
function problemIn(said: string): SiteServerProblem {
  if (/address already in use|Only one usage of each socket address/i.test(said))
    return { code: 'port_taken', detail: '' };
  const last = said.trim().split('\n').at(-1) ?? '';
  return { code: 'failed', detail: last.replace(/^\[\d+\] \S+ \S+ \[\w+\] /, '').slice(0, 200) };
}

/**
 * Runs nats-server as a child of this process. One closure: the child, what it said and why it ended are one state.
 */
export function createRunner({ folder, places, randomBytes }: RunnerOptions): SiteServerRunner {
  const inTurn = createTurns();
  let child: ChildProcess | null = null;
  let ended: SiteServerProblem | null = null;

  /** The certificate that lies here, made at the first need; a person may have put one of their own. */
  async function ownCertificate(site: string): Promise<{ certificate: string; key: string }> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const certificate = await text(join(folder, CERTIFICATE_FILE));
    const key = await text(join(folder, KEY_FILE));
    if (certificate !== null && key !== null && fingerprintOf(certificate) !== null) return { certificate, key };
    const made = makeCertificate(`tallybook-${site.slice(0, 16)}`, randomBytes(16));
    await place(folder, KEY_FILE, made.key);
    await place(folder, CERTIFICATE_FILE, made.certificate);
    return made;
  }

  async function lay(into: string, { site, port, laptops }: SiteServerSetup): Promise<{ certificate: string }> {
    const { certificate, key } = await ownCertificate(site);
    await mkdir(into, { recursive: true, mode: 0o700 });
    await place(into, CONFIGURATION_FILE, configuration(site, port));
    await place(into, LAPTOPS_FILE, admission(site, laptops));
    if (into !== folder) {
      await place(into, KEY_FILE, key);
      await place(into, CERTIFICATE_FILE, certificate);
    }
    return { certificate };
  }

  /** Ends a server that an app left behind which was killed: only where our own certificate answers at the port. */
  async function endLeftOver(port: number, certificate: string): Promise<void> {
    const id = Number(await text(join(folder, PROCESS_FILE)));
    if (!Number.isSafeInteger(id) || id <= 1 || !(await answersAs(port, certificate))) return;
    try {
      process.kill(id);
    } catch {
      // It has ended meanwhile.
    }
    for (let times = 0; times < 50 && (await answersAs(port, certificate)); times += 1);
  }

  async function end(): Promise<void> {
    const running = child;
    child = null;
    if (running === null) return;
    const gone = new Promise<void>((resolve) => {
      running.once('exit', () => resolve());
      if (running.exitCode !== null || running.signalCode !== null) resolve();
    });
    running.kill();
    const timer = setTimeout(() => running.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
    await rm(join(folder, PROCESS_FILE), { force: true });
  }

  /** Waits until it listens, or has ended. */
  async function launch(executable: string): Promise<Result<null, SiteServerProblem>> {
    const started = spawn(executable, ['-c', CONFIGURATION_FILE], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    let said = '';
    const outcome = await new Promise<SiteServerProblem | null>((resolve) => {
      const timer = setTimeout(() => resolve({ code: 'failed', detail: 'no answer' }), START_MS);
      const done = (problem: SiteServerProblem | null) => {
        clearTimeout(timer);
        resolve(problem);
      };
      started.on('error', (problem) => done({ code: 'failed', detail: systemCode(problem) }));
      started.on('exit', () => {
        const why = problemIn(said);
        if (child === started) [child, ended] = [null, why];
        done(why);
      });
      started.stderr?.setEncoding('utf8').on('data', (piece: string) => {
        said = (said + piece).slice(-SAID_CHARACTERS);
        if (said.includes('Server is ready')) done(null);
      });
    });
    if (outcome !== null) {
      started.kill('SIGKILL');
      return err(outcome);
    }
    child = started;
    await writeFile(join(folder, PROCESS_FILE), String(started.pid));
    return ok(null);
  }

  async function guarded<Value>(work: () => Promise<Result<Value, SiteServerProblem>>) {
    try {
      return await work();
    } catch (problem) {
      const code = systemCode(problem);
      if (code === 'unknown') throw problem;
      return err<SiteServerProblem>({ code: 'failed', detail: code });
    }
  }

  return {
    start: (setup) =>
      inTurn(() =>
        guarded(async () => {
          await end();
          ended = null;
          const found = await findServer(places);
          if (!found.ok) return found;
          const { certificate } = await lay(folder, setup);
          await chmod(folder, 0o700);
          await endLeftOver(setup.port, certificate);
          const launched = await launch(found.value);
          return launched.ok ? ok({ certificate }) : launched;
        }),
      ),
    stop: () =>
      inTurn(async () => {
        await end();
        ended = null;
      }),
    ended: () => ended,
    layInto: (into, setup) => inTurn(() => guarded(async () => ok(await lay(into, setup)))),
  };
}
