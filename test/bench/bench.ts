/** `npm run bench`: the speeds of the ledger beside raw IndexedDB, raw Dexie and plain RxDB, in the real Electron. See README.md. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { forget, tidyUp } from './bench-app.ts';
import { buildBench } from './build-bench.ts';
import { measureAppending } from './cases/append.ts';
import { measureCatalogue } from './cases/catalogue.ts';
import { measureAmongOthers, measureExchange } from './cases/exchange.ts';
import { measureLateEntries } from './cases/late.ts';
import { measureColdStarts, measureHealing, measureRebuilding, seedLarge } from './cases/open.ts';
import { measureAfterStart, measureScreens } from './cases/screens.ts';
import { measureLimits, measureThroughput } from './cases/sending.ts';
import { measureTeam } from './cases/team.ts';
import { growLarge, measureFirstScreen, measureMemory } from './cases/whole-app.ts';
import { createFigures, tableOf } from './figures.ts';
import { readArguments } from './scale.ts';

const { scale, only } = readArguments(process.argv.slice(2));
const figures = createFigures();
/** A row is asked for by its own name or by the one its name begins with: W1b stands for W1b-10 and the others. */
const isAsked = (goal: string): boolean =>
  only.some((one) => one === goal || one.startsWith(`${goal}-`) || goal.startsWith(`${one}-`));
const wants = (...goals: readonly string[]): boolean => only.length === 0 || goals.some(isAsked);
const began = Date.now();
const failures: string[] = [];

async function part(says: string, goals: readonly string[], work: () => Promise<void>): Promise<void> {
  if (!wants(...goals)) return;
  const since = Date.now();
  try {
    await work();
    console.log(`${says}: ${((Date.now() - since) / 1000).toFixed(0)} s`);
  } catch (problem) {
    const [first = ''] = String(problem instanceof Error ? problem.stack : problem).split('\nCall log');
    failures.push(`${goals.join(', ')}: ${first.slice(0, 600)}`);
    console.log(`${says}: failed`);
    await tidyUp();
  }
}

await part('Sending', ['S1', 'S2'], () => measureThroughput(figures, scale));
await part("Sending at the remotes' limits", ['S3-SQUARE', 'S3-ZETTLE', 'S3-SHIPHERO'], () =>
  measureLimits(figures, scale),
);
await part('What is heard late', ['T1', 'T2'], () => measureLateEntries(figures, scale));
await part('Keeping level', ['E1', 'E2', 'E3', 'E4'], () => measureExchange(figures, scale));
if (only.length === 0 || only.some((goal) => !/^(S\d|T[12]|E[1-4])/.test(goal))) await buildBench(process.cwd());
await part('Scans, bursts, imports', ['G1', 'W1', 'G2', 'W2', 'G3', 'G4'], () => measureAppending(figures, scale));
await part('Scans as people see them', ['W1B', 'G10'], () => measureScreens(figures, scale));
await part('A laptop of twenty', ['T3', 'T4', 'T5', 'T6'], () => measureTeam(figures, scale));
await part('Among ten that count', ['E5', 'E6'], () => measureAmongOthers(figures, scale));
await part('Rebuilding the state', ['G9'], () => measureRebuilding(figures, scale));
await part('Healing a lost copy', ['W9'], () => measureHealing(figures, scale));
await part('Catalogue: import, look-up, search', ['W7', 'G11', 'W6'], () => measureCatalogue(figures, scale));
await part('Cold starts and memory', ['G6', 'G7', 'W3', 'W4', 'W8', 'START'], async () => {
  const large = await seedLarge(scale);
  try {
    if (wants('G6', 'G7')) await measureColdStarts(figures, scale, large);
    if (wants('START')) await measureAfterStart(figures, scale, large);
    if (!wants('W3', 'W4', 'W8')) return;
    await growLarge(scale, large, scale.many);
    if (wants('W4')) await measureMemory(figures, scale, large);
    if (wants('W3', 'W8')) await measureFirstScreen(figures, scale, large);
  } finally {
    forget(large);
  }
});

const rows = figures.rows();
const minutes = ((Date.now() - began) / 60_000).toFixed(1);
console.log(`\n${tableOf(rows, scale.isJudged)}\n`);
for (const failure of failures) console.log(`Not measured: ${failure}\n`);
const machine = {
  cores: cpus().length,
  processor: cpus()[0]?.model ?? '',
  memoryGb: Math.round(totalmem() / 1e9),
  system: process.platform,
};
const results = {
  at: new Date().toISOString(),
  minutes: Number(minutes),
  machine,
  scale,
  goals: rows.map(({ goal, ...figure }) => ({ ...goal, ...figure })),
  measurements: figures.told(),
  failures,
};
writeFileSync(join(process.cwd(), 'bench-results.json'), `${JSON.stringify(results, null, 2)}\n`);
const missed = rows.filter(({ keeps }) => keeps === false);
console.log(`${minutes} minutes; every figure is in bench-results.json.`);
if (scale.isJudged && missed.length > 0) console.log(`Missed: ${missed.map(({ goal }) => goal.id).join(', ')}.`);
process.exit(failures.length > 0 || (scale.isJudged && missed.length > 0) ? 1 : 0);
