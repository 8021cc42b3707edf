/** Is a usable Electron already unpacked? Read from marks on disk: `require('electron')` would start a download. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { executableName } from './places.mjs';
import { failed, ok } from './outcome.mjs';

/** @typedef {{ executable: string, version: string }} Unpacked */

/** A small text file's trimmed content, or null. @param {string} path */
function readMark(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** The version in an unpacked runtime's own mark, without a leading v. @param {string} folder */
export function versionMark(folder) {
  return readMark(join(folder, 'version'))?.replace(/^v/, '') ?? null;
}

/** The version that the installed `electron` package wants, or null without the package. @param {string} electronPackage */
export function wantedVersion(electronPackage) {
  const manifest = readMark(join(electronPackage, 'package.json'));
  return manifest === null ? null : String(JSON.parse(manifest).version);
}

/**
 * The runtime that the official installer left in the `electron` package. Its three marks must agree: `path.txt` (written
 * last), `dist/version`, and the executable itself.
 *
 * @param {string} electronPackage the folder node_modules/electron
 * @returns {Unpacked | null}
 */
export function findInstalled(electronPackage) {
  const name = readMark(join(electronPackage, 'path.txt'));
  const version = versionMark(join(electronPackage, 'dist'));
  if (!name || version === null || version !== wantedVersion(electronPackage)) return null;
  const executable = join(electronPackage, 'dist', name);
  return existsSync(executable) ? { executable, version } : null;
}

/**
 * The runtime that the person pointed at with ELECTRON_OVERRIDE_DIST_PATH. It is used or refused, never passed over.
 *
 * @param {string} folder
 */
export function findOverride(folder) {
  const executable = resolve(folder, executableName());
  if (!existsSync(executable)) {
    return failed(
      'override_missing',
      `ELECTRON_OVERRIDE_DIST_PATH points at ${folder}, but ${executable} is not there; correct or unset the variable.`,
    );
  }
  return ok({ executable, version: versionMark(folder) ?? 'unknown' });
}

/** A runtime in our own cache folder that was finished (it is renamed into place whole). @param {string} folder @param {string} version @returns {Unpacked | null} */
export function findCached(folder, version) {
  const executable = join(folder, executableName());
  return versionMark(folder) === version && existsSync(executable) ? { executable, version } : null;
}
