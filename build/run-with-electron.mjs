/** Build, Electron, its libraries, a display: then whatever wants to drive the real app. */
import { withDisplay } from './display.mjs';
import { tellElectron } from './launch.mjs';
import { giveUp, prepareElectron, say } from './prepare.mjs';
import { buildApp } from './runtime/tools.mjs';

/**
 * Ends this process with the exit code that `run` answers, or with a sentence that says what could not be prepared.
 *
 * @param {(env: NodeJS.ProcessEnv) => Promise<number>} run is given the environment that names Electron and the display
 * @returns {Promise<never>}
 */
export async function runWithElectron(run) {
  const built = await buildApp(say);
  if (!built.ok) giveUp(built.error);
  const electron = await prepareElectron();
  if (!electron.ok) giveUp(electron.error);
  const { executable } = electron.value;
  const ended = await withDisplay((env) => run(tellElectron(executable, env)));
  if (!ended.ok) giveUp(ended.error);
  process.exit(ended.value);
}
