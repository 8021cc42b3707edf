/** The system libraries that Electron needs on Linux: which are missing, and how Debian and Ubuntu get them. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runChild } from './runtime/child.mjs';
import { failed, ok } from './runtime/outcome.mjs';

/** Library → Debian package. Since the 64-bit-time change (Ubuntu 24.04, Debian 13) some names end in t64. */
const PACKAGE_OF = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libgdk-3.so.0': 'libgtk-3-0',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcups.so.2': 'libcups2',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1',
  'libdrm.so.2': 'libdrm2',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libX11.so.6': 'libx11-6',
  'libX11-xcb.so.1': 'libx11-xcb1',
  'libxcb.so.1': 'libxcb1',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libXss.so.1': 'libxss1',
  'libXtst.so.6': 'libxtst6',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libcairo.so.2': 'libcairo2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libexpat.so.1': 'libexpat1',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libudev.so.1': 'libudev1',
  'libsecret-1.so.0': 'libsecret-1-0',
  'libnotify.so.4': 'libnotify4',
  'libstdc++.so.6': 'libstdc++6',
  'libgcc_s.so.1': 'libgcc-s1',
};

/** The libraries that `ldd` did not find. @param {string} output @returns {string[]} */
export function missingLibraries(output) {
  return [...new Set([...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? ''))];
}

/**
 * The Debian packages that hold the libraries, each under the name that this release knows it by.
 *
 * @param {readonly string[]} libraries
 * @param {ReadonlySet<string>} known package names that apt can install
 */
export function packagesFor(libraries, known) {
  /** @type {Record<string, string>} */
  const table = PACKAGE_OF;
  const names = libraries.flatMap((library) => table[library] ?? []);
  return [...new Set(names)].map((name) => (known.has(`${name}t64`) ? `${name}t64` : name)).toSorted();
}

/** The names among those asked for that `apt-cache policy` has a candidate for. @param {string} output */
export function knownPackages(output) {
  return new Set(
    [...output.matchAll(/^(\S+):\n(?: .*\n)*? +Candidate: (?!\(none\))/gm)].map((match) => match[1] ?? ''),
  );
}

/** Is a program on the path? @param {string} name @param {NodeJS.ProcessEnv} env */
function isOnPath(name, env) {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));
}

/** @param {string} executable */
async function listMissing(executable) {
  const ldd = await runChild('ldd', [executable], {
    quiet: true,
    env: { ...process.env, LC_ALL: 'C' },
    limitMs: 30_000,
  });
  return missingLibraries(ldd.output);
}

/** Root runs apt itself; where the caller allowed it, sudo that asks no password does. @param {NodeJS.ProcessEnv} env @returns {Promise<string[] | null>} */
async function administrator(env) {
  if (process.getuid?.() === 0) return [];
  const isAllowed = env['TALLYBOOK_MAY_SUDO'] === '1' && isOnPath('sudo', env);
  return isAllowed && (await runChild('sudo', ['-n', 'true'], { quiet: true, limitMs: 10_000 })).code === 0
    ? ['sudo', '-n']
    : null;
}

/**
 * Makes sure that Electron finds its libraries, and Xvfb when `needsXvfb`. Root on Debian or Ubuntu gets them installed;
 * anyone else is told the one command. Does nothing off Linux, or when nothing is missing.
 *
 * @param {object} options
 * @param {string} options.executable
 * @param {boolean} options.needsXvfb
 * @param {import('./runtime/outcome.mjs').Log} options.log
 * @param {NodeJS.ProcessEnv} [options.env]
 */
export async function ensureSystemLibraries({ executable, needsXvfb, log, env = process.env }) {
  if (process.platform !== 'linux') return ok([]);
  const missing = await listMissing(executable);
  const lacksXvfb = needsXvfb && !isOnPath('Xvfb', env);
  if (missing.length === 0 && !lacksXvfb) return ok([]);

  const wanted = [...missing, ...(lacksXvfb ? ['Xvfb'] : [])].join(', ');
  if (!isOnPath('apt-get', env)) {
    return failed(
      'libraries_missing',
      `Electron needs ${wanted}, which this system lacks; install them with its package manager and run the command again.`,
    );
  }
  const prefix = await administrator(env);
  if (prefix) {
    log(`Electron needs ${wanted}; fetching the list of packages.`);
    await apt(prefix, ['update'], env);
  }
  const packages = [...packagesFor(missing, await aptKnows(missing)), ...(lacksXvfb ? ['xvfb'] : [])];
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!prefix) {
    return failed(
      'libraries_missing',
      `Electron needs ${wanted}. Run this once as an administrator, then this command again:\n  sudo sh -c '${command}'`,
    );
  }
  log(`Installing ${packages.join(' ')}.`);
  const installed = await apt(prefix, ['install', '-y', '--no-install-recommends', ...packages], env);
  const still = await listMissing(executable);
  if (still.length === 0 && (!lacksXvfb || isOnPath('Xvfb', env))) return ok(packages);
  const why =
    installed.output.split('\n').findLast((line) => line.startsWith('E:')) ??
    `still missing: ${still.join(', ') || 'Xvfb'}`;
  return failed(
    'libraries_missing',
    `Electron's system libraries could not be installed (${why}). Run this yourself, then the command again:\n  ${command}`,
  );
}

/** @param {readonly string[]} libraries */
async function aptKnows(libraries) {
  const names = packagesFor(libraries, new Set());
  if (names.length === 0) return new Set();
  const policy = await runChild('apt-cache', ['policy', ...names.flatMap((name) => [name, `${name}t64`])], {
    quiet: true,
    env: { ...process.env, LC_ALL: 'C' },
    limitMs: 60_000,
  });
  return knownPackages(policy.output);
}

/** @param {string[]} prefix @param {string[]} args @param {NodeJS.ProcessEnv} env */
function apt(prefix, args, env) {
  const options = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3', '-o', 'Acquire::http::Timeout=30'];
  const words = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...options, ...args];
  return runChild(words[0] ?? 'env', words.slice(1), { quiet: true, env, limitMs: 900_000 });
}
