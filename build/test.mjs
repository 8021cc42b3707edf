/**
 * `npm test`: everything that is checked, one stage after the other, then one closing line. A stage that fails does not
 * hide the later ones. Stages may be named to run only those: `npm test -- types unit`.
 */
import './preflight.mjs';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withDisplay } from './display.mjs';
import { tellElectron } from './launch.mjs';
import { ensureNatsServer } from './nats-server.mjs';
import { prepareElectron, say } from './prepare.mjs';
import { runTypeScript } from './run-typescript.mjs';
import { root } from './runtime/places.mjs';
import { buildApp, runTool } from './runtime/tools.mjs';
import { countOwn, countPlaywright, countStage, countVitest, judge, readReport, sumCounts } from './test-report.mjs';

const reports = join(root, 'out', 'reports');
const unitReport = join(reports, 'unit.json');
const simulationReport = join(reports, 'simulation.json');
const journeyReport = join(reports, 'journeys.json');
let isBuilt = false;

/** @param {import('./runtime/outcome.mjs').Problem} problem */
function fail(problem) {
  say(problem.sentence);
  return countStage(1);
}

async function unit() {
  // Fetched before, so that no test waits for it; where there is none its tests say so.
  const server = await ensureNatsServer({ log: say });
  if (!server.ok) say(server.error.sentence);
  const { code } = await runTool('vitest', [
    'run',
    '--config',
    'build/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${unitReport}`,
  ]);
  return judge(countVitest(readReport(unitReport)), code);
}

async function simulation() {
  const code = await runTypeScript('test/simulation/main.ts', []);
  return judge(countOwn(readReport(simulationReport)), code);
}

async function build() {
  const built = await buildApp(say);
  isBuilt = built.ok;
  return built.ok ? countStage(0) : fail(built.error);
}

async function journeys() {
  if (!isBuilt) return fail({ code: 'not_built', sentence: 'The journeys need the built app; they were not run.' });
  const electron = await prepareElectron();
  if (!electron.ok) return fail(electron.error);
  const { executable } = electron.value;
  const travelled = await withDisplay((env) =>
    runTool('@playwright/test', ['test', '--config', 'test/journeys/playwright.config.ts', '--reporter=list,json'], {
      command: 'playwright',
      env: { ...tellElectron(executable, env), PLAYWRIGHT_JSON_OUTPUT_FILE: journeyReport },
    }),
  );
  if (!travelled.ok) return fail(travelled.error);
  return judge(countPlaywright(readReport(journeyReport)), travelled.value.code);
}

/** @type {Record<string, () => Promise<import('./test-report.mjs').Count>>} */
const stages = {
  types: async () => countStage((await runTool('typescript', ['-b'], { command: 'tsc' })).code),
  lint: async () => countStage((await runTool('oxlint', ['--type-aware'])).code),
  format: async () => countStage((await runTool('oxfmt', ['--check'])).code),
  unit,
  simulation,
  build,
  journeys,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in stages));
if (unknown.length > 0) {
  say(`There is no stage called ${unknown.join(', ')}; the stages are ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}
const chosen = asked.includes('journeys') ? [...asked, 'build'] : asked;

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const summary = [];
for (const [name, run] of Object.entries(stages)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const begun = Date.now();
  say(`\n== ${name}`);
  const count = await run();
  summary.push({ name, ...count, seconds: ((Date.now() - begun) / 1000).toFixed(1) });
}

const total = sumCounts(summary);
say('');
for (const { name, passed, failed, seconds } of summary)
  say(`${failed > 0 ? 'FAILED' : 'ok    '} ${name.padEnd(10)} ${passed} passed, ${failed} failed (${seconds} s)`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
