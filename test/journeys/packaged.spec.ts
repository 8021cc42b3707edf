import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { killTree } from './tallybook-app.ts';

/** Where electron-builder leaves what can be started. */
const UNPACKED: Readonly<Record<string, string>> = {
  win32: 'win-unpacked/Tallybook.exe',
  darwin: `${process.arch === 'arm64' ? 'mac-arm64' : 'mac'}/Tallybook.app/Contents/MacOS/Tallybook`,
};

type Ended = { readonly code: number | null; readonly said: string };

/** Everything a process says until it ends. */
function ended(process: ChildProcess): Promise<Ended> {
  let said = '';
  for (const stream of [process.stdout, process.stderr])
    stream?.on('data', (text: Buffer) => {
      said += text.toString();
    });
  return new Promise((resolve) => {
    process.once('exit', (code) => resolve({ code, said }));
  });
}

/** What the app has logged in a profile. */
function logged(profile: string): string {
  try {
    const folder = join(profile, 'ledger', 'logs');
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  } catch {
    return '';
  }
}

test('J720 the packaged app starts and shows its window; it starts with no debugger and is no Node', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tallybook-packaged-'));
  const profile = join(home, 'profile');
  try {
    const packing = spawn(
      process.execPath,
      ['build/package.mjs', '--as-built', '--dir', `-c.directories.output=${join(home, 'release')}`],
      { stdio: 'pipe' },
    );
    const packed = await ended(packing);
    expect(packed.code, packed.said).toBe(0);
    const app = join(home, 'release', UNPACKED[process.platform] ?? 'linux-unpacked/tallybook');
    // Root has no sandbox of the system's; nobody else goes without one.
    const own = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`];
    const start = (args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
      spawn(app, [...own, ...args], { stdio: 'pipe', env: { ...process.env, ...env } });

    for (const refused of ['--remote-debugging-port=0', '--inspect=0', '--load-extension=/tmp']) {
      const { code, said } = await ended(start([refused]));
      expect({ refused, code }).toEqual({ refused, code: 1 });
      expect(said).toContain(`Tallybook does not start with ${refused.replace(/=.*/, '')}.`);
      expect(logged(profile)).toBe('');
    }
    const nodes = start(['-e', 'console.log("a Node")'], { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--no-warnings' });
    const node = ended(nodes);
    await expect.poll(() => logged(profile)).toContain('"window_shown"');
    killTree(nodes.pid);
    expect((await node).said).not.toContain('a Node');
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});
