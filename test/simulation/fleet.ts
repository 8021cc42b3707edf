import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import type { FaultKind } from './faults.ts';
import { MUTANTS } from './mutants.ts';
import type { RemoteId } from './remotes/remotes.ts';
import { runSeed, type SeedReport } from './run-seed.ts';
import { runSite } from './site/run-site.ts';
import { SITE_MUTANTS } from './site/site-mutants.ts';
import { noCounters, type Counters, type Violation } from './world.ts';

/** A shop that sends what it counted, or several laptops that share a site. */
export type Kind = 'shop' | 'site';
/** A piece of work for one thread: seeds of the engine as it is, or of one planted bug until one of them shows it. */
export type Task =
  | {
      readonly kind: 'seeds';
      readonly of: Kind;
      readonly from: number;
      readonly to: number;
      readonly remote?: RemoteId | undefined;
    }
  | { readonly kind: 'mutant'; readonly of: Kind; readonly mutant: number; readonly from: number; readonly to: number };

export type Failure = {
  readonly of: Kind;
  readonly seed: number;
  readonly remote: RemoteId;
  readonly violation: Violation;
};
/** What became of it. */
export type Done = {
  readonly task: Task;
  readonly seeds: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly counters: Counters;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly failures: readonly Failure[];
};

const AT_ONCE = 5;

export function addCounters(left: Counters, right: Counters): Counters {
  const sum = { ...left };
  for (const name of Object.keys(left) as (keyof Counters)[]) sum[name] += right[name];
  return sum;
}

export async function work(task: Task): Promise<Done> {
  let done: Done = { task, seeds: 0, steps: 0, virtualMs: 0, counters: noCounters(), faults: {}, failures: [] };
  for (let seed = task.from; seed < task.to && (task.kind === 'seeds' || done.failures.length === 0); seed += AT_ONCE) {
    // Several worlds side by side share each turn of the event loop.
    const seeds = Array.from({ length: Math.min(AT_ONCE, task.to - seed) }, (_, at) => seed + at);
    for (const report of await Promise.all(seeds.map((one) => live(task, one)))) {
      if (task.kind === 'seeds' || done.failures.length === 0) done = add(done, report);
    }
  }
  return done;
}

async function live(task: Task, seed: number): Promise<SeedReport> {
  if (task.of === 'site') return await liveSite(task, seed);
  if (task.kind === 'seeds') return await runSeed(seed, { remote: task.remote });
  const mutant = MUTANTS[task.mutant];
  const report = await runSeed(seed, { mutant, isWhole: true });
  if (report.violations.length === 0) return report;
  // Only what the bug has broken counts: the same world without it must be whole.
  const control = await runSeed(seed, { remote: mutant?.remote, aim: mutant?.aim, isWhole: true });
  return control.violations.length === 0 ? report : { ...report, violations: [] };
}

async function liveSite(task: Task, seed: number): Promise<SeedReport> {
  if (task.kind === 'seeds') return await runSite(seed, { remote: task.remote });
  const mutant = SITE_MUTANTS[task.mutant];
  const report = await runSite(seed, { mutant });
  if (report.violations.length === 0) return report;
  const control = await runSite(seed, { aim: mutant?.aim, sends: mutant?.sends });
  return control.violations.length === 0 ? report : { ...report, violations: [] };
}

function add(done: Done, report: SeedReport): Done {
  const faults = { ...done.faults };
  for (const [kind, times] of report.faults) faults[kind] = (faults[kind] ?? 0) + times;
  const { seed, remote, violations } = report;
  const [violation] = violations;
  return {
    task: done.task,
    seeds: done.seeds + 1,
    steps: done.steps + report.steps,
    virtualMs: done.virtualMs + report.virtualMs,
    counters: addCounters(done.counters, report.counters),
    faults,
    failures:
      violation === undefined ? done.failures : [...done.failures, { of: done.task.of, seed, remote, violation }],
  };
}

/** Hands tasks out to that many threads of this very program, and hears of each when it is done. */
export async function runFleet(
  tasks: readonly Task[],
  options: { workers: number; program: string; onDone: (done: Done) => void; isOver?: () => boolean },
): Promise<void> {
  const waiting = [...tasks];
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(fileURLToPath(options.program), {
        argv: ['--thread'],
        // Worlds are short-lived: with room for them, hardly anything has to be collected.
        resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 2_000 },
      });
      const next = () => {
        const task = options.isOver?.() === true ? undefined : waiting.shift();
        if (task === undefined) {
          void worker.terminate().then(() => resolve());
          return;
        }
        worker.postMessage(task);
      };
      worker.on('message', (done: Done) => {
        options.onDone(done);
        next();
      });
      worker.on('error', reject);
      next();
    });
  await Promise.all(Array.from({ length: Math.min(options.workers, tasks.length) }, one));
}

/** In a thread: does what it is told until it is ended. */
export function serveFleet(): boolean {
  if (isMainThread || parentPort === null) return false;
  const port = parentPort;
  port.on('message', (task: Task) => {
    void (async () => {
      port.postMessage(await work(task));
    })();
  });
  return true;
}
