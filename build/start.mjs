/** `npm start`: builds the app and opens it. The first time, Electron itself is fetched. Arguments go to the app. */
import './preflight.mjs';
import { lacksDisplay } from './display.mjs';
import { launchArguments, launchEnvironment } from './launch.mjs';
import { giveUp, prepareElectron, say } from './prepare.mjs';
import { runChild } from './runtime/child.mjs';
import { buildApp } from './runtime/tools.mjs';

/** Chromium's own complaints about buses and graphics that a machine may lack; none concerns the app. */
const NOISE = /^\[\d+:\d+\/.*(bus\.cc|object_proxy\.cc|viz_main_impl|gpu|gl_|vaapi|angle|vulkan)/i;

if (lacksDisplay()) {
  say('There is no display here, so the demo runs on a virtual one instead. On a desktop, `npm start` opens the app.');
  await import('./demo.mjs');
} else {
  const built = await buildApp(say);
  if (!built.ok) giveUp(built.error);
  const electron = await prepareElectron();
  if (!electron.ok) giveUp(electron.error);
  say('Opening Tallybook.');
  const { code, signal } = await runChild(electron.value.executable, [...launchArguments(), ...process.argv.slice(2)], {
    env: launchEnvironment(),
    isNoise: (line) => NOISE.test(line),
  });
  if (signal === 'SIGTRAP' || signal === 'SIGSEGV')
    say(`Electron ${electron.value.version} ended with ${signal}; the lines above say why.`);
  process.exit(code);
}
