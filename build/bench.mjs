/** `npm run bench`: the measurements of test/bench, in the real Electron. */
import './preflight.mjs';
import { runTypeScript } from './run-typescript.mjs';
import { runWithElectron } from './run-with-electron.mjs';

await runWithElectron((env) => runTypeScript('test/bench/bench.ts', process.argv.slice(2), env));
