/** `node build/simulate.mjs`: lives through thousands of seeded worlds with the sync engine, and plants bugs into it. `--help` says more. */
import './preflight.mjs';
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/simulation/main.ts', process.argv.slice(2)));
