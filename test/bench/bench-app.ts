import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type { BenchCases } from './page/bench-page.ts';

/** One run of Electron with the bench page. */
export type BenchApp = { readonly app: ElectronApplication; readonly page: Page; close(): Promise<void> };

/** A new folder that the run deletes again. */
export function newFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `tallybook-bench-${name}-`));
}

export function forget(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
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
export function launch(entry: string, profile: string, more: readonly string[] = []): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: required('TALLYBOOK_ELECTRON'),
    args: [...electronArguments().slice(0, -1), entry, `--user-data-dir=${profile}`, ...more],
    chromiumSandbox: true,
    timeout: 60_000,
    env: { ...process.env, LANG: 'en_US.UTF-8', LANGUAGE: 'en' },
  });
}

/** The bench page on a profile, ready for a case. `files` is a folder the page may read. */
export async function openBench(profile: string, files = profile): Promise<BenchApp> {
  const app = await launch(join(process.cwd(), 'out', 'bench', 'main.js'), profile, [`--bench-files=${files}`]);
  const page = await app.firstWindow();
  page.setDefaultTimeout(0);
  page.on('pageerror', (problem) => process.stderr.write(`page: ${problem.message}\n`));
  await page.waitForFunction(() => window.bench !== undefined);
  return { app, page, close: () => app.close() };
}

/** Runs one case in the page. */
export async function ask<Name extends keyof BenchCases>(
  { page }: BenchApp,
  name: Name,
  ...input: Parameters<BenchCases[Name]>
): Promise<Awaited<ReturnType<BenchCases[Name]>>> {
  const answer: unknown = await page.evaluate(
    ({ asked, given }) => {
      const run = window.bench?.[asked] as ((...args: unknown[]) => Promise<unknown>) | undefined;
      return run?.(...(given as unknown[]));
    },
    { asked: name, given: input as unknown },
  );
  return answer as Awaited<ReturnType<BenchCases[Name]>>;
}
