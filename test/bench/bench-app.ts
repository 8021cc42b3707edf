import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type { BenchCases } from './page/bench-page.ts';

/** One run of Electron with the bench page. */
export type BenchApp = {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Rejects when the page died. */
  readonly gone: Promise<never>;
  close(): Promise<void>;
};

/** Filling a copy with a million entries takes minutes, and more on a busy machine. */
const CASE_LIMIT_MS = 1_800_000;

const folders = new Set<string>();
const running = new Set<ElectronApplication>();
const MOST_TRIES = 50;

/** A new folder that the run deletes again. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `tallybook-bench-${name}-`));
  folders.add(folder);
  return folder;
}

export function forget(folder: string): void {
  folders.delete(folder);
  // An app that was closed may still write; a folder that fills up while it is emptied is emptied again.
  for (let tries = 0; ; tries += 1)
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (problem) {
      if (tries === MOST_TRIES) throw problem;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
}

/** Ends every app that a failed case left behind and deletes its folders. */
export async function tidyUp(): Promise<void> {
  for (const app of running) await closeApp(app).catch(() => undefined);
  for (const folder of folders) forget(folder);
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this with "npm run bench"`);
  return value;
}

/** Arguments of the app as every start has them; the last one is the app's folder. */
export function electronArguments(): string[] {
  const args: unknown = JSON.parse(required('TALLYBOOK_ELECTRON_ARGS'));
  return Array.isArray(args) ? args.map(String) : [];
}

/** Starts Electron on `profile` with `entry` (the app's folder, or the bench's main file). */
export async function launch(
  entry: string,
  profile: string,
  more: readonly string[] = [],
): Promise<ElectronApplication> {
  const options = {
    executablePath: required('TALLYBOOK_ELECTRON'),
    args: [...electronArguments().slice(0, -1), entry, `--user-data-dir=${profile}`, ...more],
    chromiumSandbox: true,
    timeout: 20_000,
    env: { ...process.env, LANG: 'en_US.UTF-8', LANGUAGE: 'en' },
  };
  // On a busy machine Playwright sometimes does not find the debugger of a process that started; a second start does.
  const app = await _electron.launch(options).catch(() => _electron.launch(options));
  running.add(app);
  return app;
}

/** Quits the app; one that does not end by itself is ended. */
export async function closeApp(app: ElectronApplication): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), 30_000);
  });
  const ended = await Promise.race([app.close(), late]);
  clearTimeout(timer);
  if (ended === 'late') app.process().kill('SIGKILL');
  running.delete(app);
}

/** The bench page on a profile, ready for a case. `files` is a folder the page may read. */
export async function openBench(profile: string, files = profile): Promise<BenchApp> {
  const app = await launch(join(process.cwd(), 'out', 'bench', 'main.js'), profile, [`--bench-files=${files}`]);
  const page = await app.firstWindow();
  page.on('pageerror', (problem) => process.stderr.write(`page: ${problem.message}\n`));
  await page.waitForFunction(() => window.bench !== undefined, undefined, { timeout: 60_000 });
  const gone = new Promise<never>((_, refuse) => page.on('crash', () => refuse(new Error('the page is gone'))));
  // Told to whoever waits for the page then.
  gone.catch(() => undefined);
  return { app, page, gone, close: () => closeApp(app) };
}

/** Rejects when the page died or gave no answer in time: a case that hangs must not hold up the others. */
function inTime<Answer>(bench: BenchApp, work: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error('the case took longer than half an hour')), CASE_LIMIT_MS);
  });
  return Promise.race([work, late, bench.gone]).finally(() => clearTimeout(timer));
}

/** Runs one case in the page. */
export async function ask<Name extends keyof BenchCases>(
  bench: BenchApp,
  name: Name,
  ...input: Parameters<BenchCases[Name]>
): Promise<Awaited<ReturnType<BenchCases[Name]>>> {
  const given: unknown = input;
  const asked = bench.page.evaluate(
    ({ asked, given }) => {
      const run = window.bench?.[asked] as ((...args: unknown[]) => Promise<unknown>) | undefined;
      return run?.(...(given as unknown[]));
    },
    { asked: name, given },
  );
  const answer: unknown = await inTime(bench, asked);
  return answer as Awaited<ReturnType<BenchCases[Name]>>;
}
