/** `npm run demo`: the app with a filled warehouse and a local Square, driven before your eyes. */
import './preflight.mjs';
import { runTypeScript } from './run-typescript.mjs';
import { runWithElectron } from './run-with-electron.mjs';

await runWithElectron((env) => runTypeScript('test/demo/demo.ts', process.argv.slice(2), env));
