import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ANA, countBin, countedCodes, realCodes, signInAs, test } from './prepared.ts';
import { scan } from './tallybook-app.ts';

const BIN = 'A-11-12-1-2';
const MEGABYTE = new Uint8Array(1_000_000).fill(7);

/** A small disk of its own, if this machine lets us have one: only root on Linux does. */
function mountSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tallybook-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300m,mode=700', 'tmpfs', folder]);
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

/** Fills a disk to the last byte. */
function fill(folder: string): void {
  for (const [name, piece] of [
    ['filler', MEGABYTE],
    ['crumbs', MEGABYTE.subarray(0, 1024)],
  ] as const)
    try {
      for (;;) writeFileSync(join(folder, name), piece, { flag: 'a' });
    } catch {
      // Full is what it was to become.
    }
}

test('J774 a full disk is said to be full, nothing saved is called lost, and counting goes on once there is room', async ({
  profile,
  launch,
}) => {
  test.setTimeout(240_000);
  const disk = mountSmallDisk();
  if (disk === undefined) {
    // Without a disk of our own the host alone is driven over one that refuses.
    execFileSync('npx', [
      'vitest',
      'run',
      '--config',
      'build/vitest.config.ts',
      'test/electron/host/full-disk.test.ts',
    ]);
    return;
  }
  try {
    cpSync(profile, join(disk, 'profile'), { recursive: true });
    const { page, close } = await launch(join(disk, 'profile'));
    await signInAs(page, ANA);
    await countBin(page, BIN);
    const [first = '', ...codes] = realCodes(41);
    const hero = page.getByTestId('hero');
    await scan(page, first);
    await expect(hero).toHaveAttribute('data-outcome', 'taken');
    fill(disk);
    // The last pages of files that are open have a little room left.
    for (const code of codes) await scan(page, code);
    await expect(hero).toHaveAttribute('data-outcome', 'not-taken', { timeout: 60_000 });
    await expect(page.getByText(/disk of this laptop is full/).first()).toBeVisible({ timeout: 60_000 });
    for (const name of ['filler', 'crumbs']) rmSync(join(disk, name), { force: true });
    const before = countedCodes(join(disk, 'profile'), BIN).length;
    await scan(page, first);
    await expect(hero).toHaveAttribute('data-outcome', 'taken', { timeout: 30_000 });
    const after = countedCodes(join(disk, 'profile'), BIN);
    expect(after.length).toBe(before + 1);
    await expect(page.getByTestId('scan-count')).toHaveText(`${after.length} scans`);
    await close();
  } finally {
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
});

test('J775 a profile that may not be written opens a screen that says so, and nothing in it changes', async ({
  profile,
  launch,
}) => {
  const disk = mountSmallDisk();
  if (disk === undefined) {
    execFileSync('npx', [
      'vitest',
      'run',
      '--config',
      'build/vitest.config.ts',
      'test/electron/host/full-disk.test.ts',
    ]);
    return;
  }
  try {
    cpSync(profile, join(disk, 'profile'), { recursive: true });
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const { page, kill } = await launch(join(disk, 'profile'));
    await expect(page.getByText(/disk of this laptop cannot be written/)).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await kill();
  } finally {
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
});

test('J773 in the running app no text becomes a script or HTML, and neither a blob nor a stranger’s file becomes a worker', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  // A script of the page itself: what Playwright evaluates is not held to the page's policy in every respect.
  const found = await page.evaluate(async () => {
    const attempt = (name: string, run: () => unknown): [string, string] => {
      try {
        run();
        return [name, 'done'];
      } catch (problem) {
        return [name, problem instanceof Error ? problem.name : 'thrown'];
      }
    };
    const ends = [
      attempt('innerHTML', () => (document.createElement('div').innerHTML = '<b>x</b>')),
      attempt('script', () => (document.createElement('script').text = 'window.ran = true')),
      attempt('foreign worker', () => new Worker('https://tallybook.example/w.js')),
      attempt('policy', () =>
        (
          window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } }
        ).trustedTypes.createPolicy('mine', {}),
      ),
    ];
    const blob = URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }));
    ends.push(attempt('blob worker', () => new Worker(blob)));
    return { ends, ran: 'ran' in window };
  });
  expect(found).toEqual({
    ends: [
      ['innerHTML', 'TypeError'],
      ['script', 'TypeError'],
      ['foreign worker', 'TypeError'],
      ['policy', 'TypeError'],
      ['blob worker', 'TypeError'],
    ],
    ran: false,
  });
});
