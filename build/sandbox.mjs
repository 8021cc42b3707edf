/** `npm run sandbox`: local servers that answer as the four remote systems do. Ctrl-C ends them. */
import './preflight.mjs';
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/sandbox/sandbox.ts', process.argv.slice(2)));
