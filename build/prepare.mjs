/** What every script that opens the app does first: Electron, then its libraries. */
import { lacksDisplay } from './display.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { ok } from './runtime/outcome.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

/** One line to the person at the terminal. @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Says why it ends here, and ends. @param {import('./runtime/outcome.mjs').Problem} problem @returns {never} */
export function giveUp(problem) {
  process.stderr.write(`${problem.sentence}\n`);
  process.exit(1);
}

/** Electron with everything it needs from the system. @param {NodeJS.ProcessEnv} [env] */
export async function prepareElectron(env = process.env) {
  const electron = await ensureElectron({ log: say, env });
  if (!electron.ok) return electron;
  const { executable } = electron.value;
  const libraries = await ensureSystemLibraries({ executable, needsXvfb: lacksDisplay(env), log: say, env });
  return libraries.ok ? ok(electron.value) : libraries;
}
