/** `npm run journey`: the journeys through the real Electron app. Arguments go to Playwright (file names, -g "title"). */
import './preflight.mjs';
import { runWithElectron } from './run-with-electron.mjs';
import { runTool } from './runtime/tools.mjs';

const args = ['test', '--config', 'test/journeys/playwright.config.ts', ...process.argv.slice(2)];
await runWithElectron(async (env) => (await runTool('@playwright/test', args, { command: 'playwright', env })).code);
