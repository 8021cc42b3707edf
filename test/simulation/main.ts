import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from './faults.ts';
import { addCounters, runFleet, serveFleet, type Done, type Failure, type Kind, type Task } from './fleet.ts';
import { MUTANTS } from './mutants.ts';
import { REMOTES, type RemoteId } from './remotes/remotes.ts';
import { runSeed } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { runSite } from './site/run-site.ts';
import { SITE_MUTANTS, type Sends } from './site/site-mutants.ts';

const PINNED = join('test', 'simulation', 'pinned-seeds.json');
const REPORT = join('out', 'reports', 'simulation.json');
/** Seeds of one run, and how many a planted bug may survive. */
const SEEDS = 8_000;
const MUTANT_SEEDS = 3_000;
/** The same of worlds with several laptops, which take longer. */
const SITE_SEEDS = 250;
const SITE_MUTANT_SEEDS = 400;
const CHUNK = 50;
/** What hunting the planted bugs takes, about. */
const MUTANT_SECONDS = 30;
const DAY_MS = 24 * 3_600_000;

const HELP = `node build/simulate.mjs            pinned seeds, ${SEEDS} seeds, ${SITE_SEEDS} of several laptops, and every planted bug
  --site                          with any of the following: several laptops that share a site, and nothing else
  --seed N [--trace]              one seed, told step by step
  --seeds A..B, or N              some seeds, or the first N
  --minutes M                     new seeds for that long
  --within S                      as many of all that as fit into S seconds; planted bugs are hunted in any case
  --shrink N                      one failing seed with as few faults as still break it
  --mutants [--mutant NAME]       only the planted bugs, or one
  --sends nowhere|office|evenings with --site --seed: from where that site sends
  --remote ${Object.keys(REMOTES).join('|')}   --off FAULT,FAULT   --workers N   --mutant NAME (with --seed)`;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function remoteOf(text: string | undefined): RemoteId | undefined {
  if (text === undefined) return undefined;
  const known = (Object.keys(REMOTES) as RemoteId[]).find((id) => id === text);
  if (known === undefined) throw new Error(`There is no remote called ${text}.`);
  return known;
}

function offOf(text: string | undefined): ReadonlySet<FaultKind> {
  const names = text === undefined || text === '' ? [] : text.split(',');
  return new Set(
    names.map((name) => {
      const known = FAULT_KINDS.find((kind) => kind === name);
      if (known === undefined) throw new Error(`There is no fault called ${name}.`);
      return known;
    }),
  );
}

function sendsOf(text: string | undefined): Sends | undefined {
  if (text === undefined || text === 'nowhere' || text === 'office' || text === 'evenings') return text;
  throw new Error(`No site sends ${text}.`);
}

function seedTasks(of: Kind, from: number, to: number, remote: RemoteId | undefined): Task[] {
  const tasks: Task[] = [];
  for (let at = from; at < to; at += CHUNK)
    tasks.push({ kind: 'seeds', of, from: at, to: Math.min(at + CHUNK, to), remote });
  return tasks;
}

function mutantTasks(of: Kind, name: string | undefined): Task[] {
  const [mutants, most] = of === 'site' ? [SITE_MUTANTS, SITE_MUTANT_SEEDS] : [MUTANTS, MUTANT_SEEDS];
  return mutants.flatMap((mutant, at) =>
    name === undefined || mutant.name.includes(name)
      ? [{ kind: 'mutant' as const, of, mutant: at, from: 1, to: most + 1 }]
      : [],
  );
}

function pinnedTasks(): Task[] {
  const pinned: { seed: number; remote: RemoteId; of?: Kind }[] = existsSync(PINNED)
    ? JSON.parse(readFileSync(PINNED, 'utf8'))
    : [];
  return pinned.map(({ seed, remote, of = 'shop' }) => ({ kind: 'seeds', of, from: seed, to: seed + 1, remote }));
}

function replay({ of, seed, remote }: Failure): string {
  return `node build/simulate.mjs ${of === 'site' ? '--site ' : ''}--seed ${seed} --remote ${remote} --trace`;
}

async function runTasks(tasks: readonly Task[], workers: number, isOver?: () => boolean): Promise<readonly Done[]> {
  const all: Done[] = [];
  await runFleet(tasks, {
    workers,
    program: import.meta.url,
    ...(isOver && { isOver }),
    onDone(done) {
      all.push(done);
      if (done.task.kind === 'mutant') return;
      for (const failure of done.failures)
        say(
          `${failure.of} ${failure.seed} (${failure.remote}): ${failure.violation.rule} ${failure.violation.detail}\n  ${replay(failure)}`,
        );
    },
  });
  return all;
}

function sumUp(all: readonly Done[], seconds: number): void {
  const [first, ...rest] = all;
  if (first === undefined) return;
  const counters = rest.reduce((sum, one) => addCounters(sum, one.counters), first.counters);
  const seeds = all.reduce((sum, one) => sum + one.seeds, 0);
  const steps = all.reduce((sum, one) => sum + one.steps, 0);
  const days = all.reduce((sum, one) => sum + one.virtualMs, 0) / DAY_MS;
  say(
    `${seeds} seeds in ${seconds.toFixed(0)} s: ${steps} events, ${counters.requests} requests, ${counters.records} records, ${counters.crashes} crashes, ` +
      `${counters.reloads} reloads, ${days.toFixed(0)} virtual days, ${counters.lines} approved lines, ${counters.doubts} lines settled by a person`,
  );
  say(
    `told by nothing but figures, and wrong for that reason alone: ${counters.indistinguishable}; counts that stood at a wrong instant by a wrong clock: ${counters.wrongInstants}`,
  );
  const faults = new Map<string, number>();
  for (const one of all)
    for (const [kind, times] of Object.entries(one.faults)) faults.set(kind, (faults.get(kind) ?? 0) + times);
  say(`faults: ${[...faults].map(([kind, times]) => `${kind} ${times}`).join(', ')}`);
}

/** The kill table; answers how many survived. */
function showMutants(all: readonly Done[]): number {
  let survived = 0;
  say('\nplanted bug                                                  remote       seeds  by');
  for (const done of all) {
    if (done.task.kind !== 'mutant') continue;
    const { of, mutant: at } = done.task;
    const name = (of === 'site' ? SITE_MUTANTS[at] : MUTANTS[at])?.name ?? '';
    const remote = of === 'site' ? 'site' : (MUTANTS[at]?.remote ?? '');
    const [failure] = done.failures;
    if (failure === undefined) survived += 1;
    const fate =
      failure === undefined ? 'SURVIVED' : `${failure.violation.rule} ${failure.violation.detail.slice(0, 70)}`;
    say(`${name.padEnd(60)} ${remote.padEnd(11)} ${String(done.seeds).padStart(6)}  ${fate}`);
  }
  return survived;
}

function writeReport(passed: number, failed: number): void {
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, JSON.stringify({ passed, failed }));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      minutes: { type: 'string' },
      within: { type: 'string' },
      shrink: { type: 'string' },
      mutants: { type: 'boolean' },
      mutant: { type: 'string' },
      remote: { type: 'string' },
      off: { type: 'string' },
      workers: { type: 'string' },
      trace: { type: 'boolean' },
      site: { type: 'boolean' },
      sends: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    say(HELP);
    return 0;
  }
  const remote = remoteOf(values.remote);
  const off = offOf(values.off);
  const workers = Number(values.workers ?? Math.min(2, availableParallelism()));
  const mutant =
    values.mutant === undefined ? undefined : MUTANTS.find((one) => one.name.includes(values.mutant ?? ''));
  const begun = Date.now();
  const seconds = () => (Date.now() - begun) / 1000;

  const isSite = values.site === true;
  const planted =
    values.mutant === undefined ? undefined : SITE_MUTANTS.find((one) => one.name.includes(values.mutant ?? ''));

  if (values.seed !== undefined) {
    const told = { remote, off, ...(values.trace === true && { trace: say }) };
    const report = await (isSite
      ? runSite(Number(values.seed), { ...told, mutant: planted, sends: sendsOf(values.sends) })
      : runSeed(Number(values.seed), { ...told, mutant }));
    for (const { rule, detail } of report.violations) say(`${rule} ${detail}`);
    say(
      `${report.remote}: ${report.steps} events, ${report.counters.requests} requests, ${report.violations.length} violations`,
    );
    return report.violations.length === 0 ? 0 : 1;
  }
  if (values.shrink !== undefined) {
    const found = isSite
      ? await shrink(Number(values.shrink), { remote, off }, (seed, options) =>
          runSite(seed, { remote: options.remote, off: options.off, mutant: planted }),
        )
      : await shrink(Number(values.shrink), { remote, off, mutant });
    if (found === null) {
      say('This seed breaks nothing.');
      return 0;
    }
    for (const { rule, detail } of found.report.violations) say(`${rule} ${detail}`);
    say(
      `node build/simulate.mjs ${isSite ? '--site ' : ''}--seed ${values.shrink} --remote ${found.report.remote} --off ${[...found.off].join(',')} --trace`,
    );
    return 1;
  }
  if (values.minutes !== undefined) {
    const from = begun % 1_000_000_000;
    const all = await runTasks(
      seedTasks(isSite ? 'site' : 'shop', from, from + 50_000_000, remote),
      workers,
      () => seconds() > Number(values.minutes) * 60,
    );
    sumUp(all, seconds());
    return all.some((done) => done.failures.length > 0) ? 1 : 0;
  }
  const isAll = values.seeds === undefined && values.mutants !== true;
  const kinds: readonly Kind[] = isSite ? ['site'] : values.seeds === undefined ? ['site', 'shop'] : ['shop'];
  const named = values.seeds?.split('..').map(Number) ?? [];
  const [from = 1, to] = named.length === 1 ? [1, ...named] : named;
  let failed = 0;
  let passed = 0;
  const within = Number(values.within ?? Infinity);
  if (values.mutants !== true) {
    const tasks = [
      ...(isAll ? pinnedTasks().filter(({ of }) => kinds.includes(of)) : []),
      ...kinds.flatMap((of) => seedTasks(of, from, (to ?? (of === 'site' ? SITE_SEEDS : SEEDS)) + 1, remote)),
    ];
    const all = await runTasks(tasks, workers, () => seconds() > within - MUTANT_SECONDS);
    sumUp(all, seconds());
    const broken = all.reduce((sum, done) => sum + done.failures.length, 0);
    failed += broken;
    passed += all.reduce((sum, done) => sum + done.seeds, 0) - broken;
  }
  if (isAll || values.mutants === true) {
    const tasks = kinds.flatMap((of) => mutantTasks(of, values.mutant));
    const all = await runTasks(tasks, workers);
    const survived = showMutants(all);
    failed += survived;
    passed += all.length - survived;
    say(`${all.length - survived} of ${all.length} planted bugs killed, ${seconds().toFixed(0)} s in all`);
  }
  writeReport(passed, failed);
  return failed === 0 ? 0 : 1;
}

if (!serveFleet()) {
  try {
    process.exitCode = await main();
  } catch (problem) {
    say(problem instanceof Error ? problem.message : String(problem));
    process.exitCode = 2;
  }
}
