import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, type CDPSession, type ElectronApplication, type Page } from '@playwright/test';

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
  // A process that was killed a moment ago may still be letting go of its files.
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
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
  const main = app.process();
  const page = await app.firstWindow();
  await page.waitForSelector('#root > *');
  return {
    app,
    page,
    profile,
    async kill() {
      if (main.exitCode !== null || main.signalCode !== null) return;
      const gone = new Promise((resolve) => main.once('exit', resolve));
      killTree(main.pid);
      await gone;
    },
    async close() {
      await app.close();
    },
  };
}

/** Starts the app on `profile` without looking at it; answers its process. */
export function startBlindly(profile: string): ChildProcess {
  const args = [...(JSON.parse(required('TALLYBOOK_ELECTRON_ARGS')) as string[]), `--user-data-dir=${profile}`];
  return spawn(required('TALLYBOOK_ELECTRON'), args, { stdio: 'ignore' });
}

/**
 * Ends a process and everything it started as a power switch would: all of them are frozen first, so that none sees
 * another one go, and acts on it, before its own end.
 */
export function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  // Windows knows no freezing; there the first one goes first.
  const freezes = process.platform !== 'win32';
  if (freezes) signal(pid, 'SIGSTOP');
  const all = [pid, ...descendantsOf(pid)];
  if (freezes) for (const one of all) signal(one, 'SIGSTOP');
  for (const one of all) signal(one, 'SIGKILL');
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself already.
  }
}

/** Every process that a process started, and those started in turn. Linux only; elsewhere none. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') return [];
  try {
    // Each thread has children of its own.
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Silence between two scans of one scanner. */
const BETWEEN_SCANS_MS = 40;

type Scanner = { readonly keys: CDPSession; lastKeyMs: number };
const scanners = new WeakMap<Page, Scanner>();

/**
 * Types a code the way a wedge scanner does: `keyMs` from key to key, then Enter, and 40 ms to the next scan. The keys
 * carry these times themselves, as keys from a keyboard do, so a busy machine does not turn a scanner into a person.
 */
export async function scan(page: Page, code: string, keyMs = 2): Promise<void> {
  const scanner = scanners.get(page) ?? { keys: await page.context().newCDPSession(page), lastKeyMs: 0 };
  scanners.set(page, scanner);
  const begun = Math.max(Date.now(), scanner.lastKeyMs + BETWEEN_SCANS_MS);
  scanner.lastKeyMs = begun + code.length * keyMs;
  await new Promise((resolve) => setTimeout(resolve, scanner.lastKeyMs - Date.now()));
  await Promise.all(
    Array.from(`${code}\r`).flatMap((text, at) => {
      const key = { ...keyOf(text), timestamp: (begun + at * keyMs) / 1000 };
      return [
        scanner.keys.send('Input.dispatchKeyEvent', { type: 'keyDown', text, ...key }),
        scanner.keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key }),
      ];
    }),
  );
}

/** How far a person's gaps lie from their pace; equal ones are a machine's. */
const RHYTHM = [0.8, 1.3, 0.9, 1.5, 0.7, 1.1] as const;

/** Types as a person does: around `paceMs` from key to key, and never evenly. */
export async function typeUnevenly(page: Page, text: string, paceMs: number): Promise<void> {
  for (const [at, character] of Array.from(text).entries())
    await page.keyboard.type(character, { delay: paceMs * (RHYTHM[at % RHYTHM.length] ?? 1) });
}

/** A key of a US keyboard, by what it types. */
function keyOf(text: string): { key: string; code: string; windowsVirtualKeyCode: number; modifiers: number } {
  if (text === '\r') return { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, modifiers: 0 };
  if (text === '-') return { key: '-', code: 'Minus', windowsVirtualKeyCode: 189, modifiers: 0 };
  const capital = text.toUpperCase();
  const isDigit = /\d/.test(text);
  const modifiers = !isDigit && text === capital ? 8 : 0;
  return {
    key: text,
    code: isDigit ? `Digit${text}` : `Key${capital}`,
    windowsVirtualKeyCode: capital.charCodeAt(0),
    modifiers,
  };
}

/** A new profile's first person, who may do everything. Answers the recovery code that is shown once. */
export async function createFirstPerson(page: Page, name: string, pin: string): Promise<string> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('PIN', { exact: true }).fill(pin);
  await page.getByLabel('PIN again').fill(pin);
  await page.keyboard.press('Enter');
  const code = (await page.getByTestId('recovery-code').textContent()) ?? '';
  await page.getByRole('button', { name: 'I have written it down' }).click();
  return code;
}

/** Loads the sample from the first screen and waits until it is there. */
export async function loadSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: /sample/i }).click();
  await expect(page.getByRole('button', { name: /Count a bin/ }).first()).toBeVisible({ timeout: 120_000 });
}

/** Signs a person in from the list of names. */
export async function signIn(page: Page, name: string, pin: string): Promise<void> {
  await page.getByRole('radio', { name }).check();
  await page.getByLabel(/^PIN/).fill(pin);
  await page.keyboard.press('Enter');
}
