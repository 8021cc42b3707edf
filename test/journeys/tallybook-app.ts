import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, type ElectronApplication, type Page } from '@playwright/test';

/** One run of the real app on one profile. */
export type TallybookApp = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly profile: string;
  /** Ends every process of the app at once, as a power switch would. */
  kill(): Promise<void>;
  close(): Promise<void>;
};

/** A folder for one profile; deleted by `forgetProfile`. */
export function newProfile(): string {
  return mkdtempSync(join(tmpdir(), 'tallybook-'));
}

export function forgetProfile(profile: string): void {
  rmSync(profile, { recursive: true, force: true });
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run journeys with "npm run journey"`);
  return value;
}

/** Starts the built app on `profile` and waits for its window. */
export async function startApp(profile: string, env: Record<string, string> = {}): Promise<TallybookApp> {
  const app = await _electron.launch({
    executablePath: required('TALLYBOOK_ELECTRON'),
    args: [...(JSON.parse(required('TALLYBOOK_ELECTRON_ARGS')) as string[]), `--user-data-dir=${profile}`],
    chromiumSandbox: true,
    timeout: 30_000,
    env: { ...(process.env as Record<string, string>), LANG: 'en_US.UTF-8', LANGUAGE: 'en', ...env },
  });
  const page = await app.firstWindow();
  await page.waitForSelector('#root > *');
  return {
    app,
    page,
    profile,
    async kill() {
      const gone = new Promise((resolve) => app.process().once('exit', resolve));
      killTree(app.process().pid);
      await gone;
    },
    async close() {
      await app.close();
    },
  };
}

/** SIGKILL to the process and to everything it started, children first so that none outlives its parent. */
function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  for (const child of childrenOf(pid)) killTree(child);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself already.
  }
}

function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') return [];
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Types a code the way a wedge scanner does: fast keys, then Enter. `keyMs` between keys. */
export async function scan(page: Page, code: string, keyMs = 2): Promise<void> {
  await page.keyboard.type(code, { delay: keyMs });
  await page.keyboard.press('Enter');
}

/** A new profile's first person, who may do everything. */
export async function createFirstPerson(page: Page, name: string, pin: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('PIN', { exact: true }).fill(pin);
  await page.getByLabel('PIN again').fill(pin);
  await page.keyboard.press('Enter');
}

/** Loads the sample from the first screen and waits until it is there. */
export async function loadSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Load the sample/ }).click();
  await expect(page.getByRole('button', { name: /Count a bin/ }).first()).toBeVisible({ timeout: 120_000 });
}

/** Signs a person in from the list of names. */
export async function signIn(page: Page, name: string, pin: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(name) }).first().click();
  await page.getByLabel('PIN', { exact: true }).fill(pin);
  await page.keyboard.press('Enter');
}
