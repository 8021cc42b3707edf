/**
 * What `electron <folder>` runs when the runtime came without Electron's own `default_app.asar`. It is packed into the
 * fetched runtime and never ships with Tallybook. It does what Electron's own does: takes the app's name, version and
 * desktop name from the folder's package.json before the first path is asked for, then imports the entry (ESM or CJS).
 * The import is awaited at top level, so `ready` comes only after the entry has been evaluated.
 */
import { app } from 'electron';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The first argument that is not a switch names the app. */
const named = process.argv.slice(1).find((word) => !word.startsWith('-'));

/** Two of Electron's own functions that its default app uses too, and its types leave out. */
const runtime = /** @type {typeof app & { setVersion(version: string): void, setAppPath(folder: string): void }} */ (
  app
);

/**
 * The nearest package.json at or above the folder, so that naming the built entry works as naming the folder does.
 *
 * @param {string} target
 */
function findApp(target) {
  const isFolder = statSync(target).isDirectory();
  for (let folder = isFolder ? target : dirname(target); ; folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return { folder, manifest, entry: isFolder ? join(folder, manifest.main ?? 'index.js') : target };
    } catch (problem) {
      if (!(problem instanceof Error && 'code' in problem && problem.code === 'ENOENT')) throw problem;
      if (dirname(folder) === folder) return { folder: dirname(target), manifest: {}, entry: target };
    }
  }
}

if (named === undefined) {
  process.stderr.write('No app was named. Give the folder that holds its package.json.\n');
  process.exit(1);
}

try {
  const { folder, manifest, entry } = findApp(resolve(named));
  if (manifest.productName ?? manifest.name) app.setName(manifest.productName ?? manifest.name);
  if (manifest.version) runtime.setVersion(manifest.version);
  if (manifest.desktopName) app.setDesktopName(manifest.desktopName);
  runtime.setAppPath(folder);
  await import(pathToFileURL(entry).href);
} catch (problem) {
  process.stderr.write(
    `The app at ${named} could not be started.\n${problem instanceof Error ? problem.stack : String(problem)}\n`,
  );
  process.exit(1);
}
