/** The installed command-line tools, run by this very Node: no shell, no PATH, the same on every system. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { failed, ok } from './outcome.mjs';
import { root } from './places.mjs';

/**
 * The script behind an installed package's command.
 *
 * @param {string} packageName
 * @param {string} [command] when the package has several
 */
export function toolScript(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/**
 * @param {string} packageName
 * @param {readonly string[]} args
 * @param {{ command?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 */
export function runTool(packageName, args, { command, ...options } = {}) {
  return runChild(process.execPath, [toolScript(packageName, command), ...args], { cwd: root, ...options });
}

/** Builds the app into out/, in one line unless it fails. @param {import('./outcome.mjs').Log} log */
export async function buildApp(log) {
  const begun = Date.now();
  const { code, output } = await runTool(
    'vite',
    ['build', '--app', '--config', 'build/vite.config.ts', '--logLevel', 'warn'],
    { quiet: true },
  );
  if (code !== 0) return failed('not_built', `${output.trim()}\nThe app could not be built; the lines above say why.`);
  log(`Built in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
  return ok(output);
}
