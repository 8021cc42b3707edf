/** Electron's own download, done by its own installer, with an end to waiting. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failed, ok, reasonOf } from './outcome.mjs';
import { systemCache } from './places.mjs';
import { findInstalled, wantedVersion } from './presence.mjs';
import { runWatched } from './watched-process.mjs';

const RELEASES = 'https://github.com/electron/electron/releases/download/';

/**
 * The address of this platform's archive, with the same overrides that the installer reads (see @electron/get).
 *
 * @param {string} version
 * @param {NodeJS.ProcessEnv} [env]
 */
export function downloadAddress(version, env = process.env) {
  /** @param {string} name @param {string} otherwise */
  const setting = (name, otherwise) =>
    env[`npm_config_electron_${name}`] ||
    env[`NPM_CONFIG_ELECTRON_${name.toUpperCase()}`] ||
    env[`ELECTRON_${name.toUpperCase()}`] ||
    otherwise;
  const folder = setting('custom_dir', `v${version}`).replace('{{ version }}', version);
  return `${setting('mirror', RELEASES)}${folder}/${archiveName(version)}`;
}

/** @param {string} version */
function archiveName(version) {
  return `electron-v${version}-${process.platform}-${process.arch}.zip`;
}

/**
 * Asks for the first byte of an address and waits no longer than `limitMs` for the answer.
 *
 * @param {string} address
 * @param {number} limitMs
 */
export async function probe(address, limitMs) {
  try {
    const answer = await fetch(address, { headers: { range: 'bytes=0-0' }, signal: AbortSignal.timeout(limitMs) });
    await answer.body?.cancel();
    return answer.ok ? ok(address) : failed('refused', `it answered ${answer.status}`);
  } catch (problem) {
    const late = problem instanceof Error && problem.name === 'TimeoutError';
    return late ? failed('silent', `no answer within ${limitMs / 1000} s`) : failed('unreachable', reasonOf(problem));
  }
}

/** Has the installer's own cache got the archive? Then no network is needed. @param {string} version @param {NodeJS.ProcessEnv} env */
function isArchiveCached(version, env) {
  const cache = env['electron_config_cache'] || systemCache('electron', env);
  try {
    return readdirSync(cache).some((folder) => existsSync(join(cache, folder, archiveName(version))));
  } catch {
    return false;
  }
}

/**
 * Fetches the version that the package wants into the package's own folder.
 *
 * @param {object} options
 * @param {string} options.electronPackage the folder node_modules/electron
 * @param {import('./outcome.mjs').Log} options.log
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.probeMs]
 * @param {number} [options.stallMs]
 */
export async function fetchOfficial({ electronPackage, log, env = process.env, probeMs = 5000, stallMs = 20_000 }) {
  const version = wantedVersion(electronPackage);
  if (version === null) return failed('not_installed', 'The packages are not installed; run `npm ci` first.');
  const address = downloadAddress(version, env);
  const host = URL.canParse(address) ? new URL(address).host : address;
  const isProbed = !isArchiveCached(version, env) && !env['ELECTRON_GET_USE_PROXY'];
  log(`Electron ${version} is not here yet; fetching it from ${host}.`);
  if (isProbed) {
    const answer = await probe(address, probeMs);
    if (!answer.ok) return failed(answer.error.code, `${host} could not be reached (${answer.error.sentence}).`);
  }
  const scratch = await mkdtemp(join(tmpdir(), 'tallybook-electron-'));
  try {
    let shownAt = Date.now();
    const ran = await runWatched({
      command: process.execPath,
      args: [join(electronPackage, 'install.js')],
      env: { ...env, TMPDIR: scratch, TMP: scratch, TEMP: scratch, ELECTRON_GET_NO_PROGRESS: '1' },
      watch: [scratch, join(electronPackage, 'dist')],
      stallMs,
      onGrowth: (bytes) => {
        if (Date.now() - shownAt < 3000) return;
        shownAt = Date.now();
        log(`  ${Math.round(bytes / 1e6)} MB so far`);
      },
    });
    if (!ran.ok) return failed(ran.error.code, `The download from ${host} did not finish: ${ran.error.sentence}.`);
    const installed = findInstalled(electronPackage);
    return installed
      ? ok(installed)
      : failed('incomplete', `The download from ${host} left no usable Electron behind.`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
