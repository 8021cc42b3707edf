/** Where things are on this machine: the repository, the cache, and the name of Electron's executable. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Where this system keeps what may be fetched again, for a program called `name`.
 *
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 */
export function systemCache(name, env = process.env, platform = process.platform) {
  const home = homedir();
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), name, 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', name);
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.cache'), name);
}

/**
 * Our own cache folder, outside node_modules so that a second clone does not download again. Where the home folder
 * cannot be written (some containers), the one inside node_modules.
 *
 * @param {NodeJS.ProcessEnv} [env]
 */
export function ownCache(env = process.env) {
  const preferred = systemCache('tallybook', env);
  try {
    mkdirSync(preferred, { recursive: true });
    accessSync(preferred, constants.W_OK);
    return preferred;
  } catch {
    return join(root, 'node_modules', '.cache', 'tallybook');
  }
}

/** Electron's executable inside an unpacked runtime. @param {NodeJS.Platform} [platform] */
export function executableName(platform = process.platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}
