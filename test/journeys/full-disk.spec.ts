import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ANA, countBin, countedCodes, realCodes, signInAs, test } from './prepared.ts';
import { makeSmallDisk, testHostAlone } from './steps/disk.ts';
import { scan } from './tallybook-app.ts';

const BIN = 'A-11-12-1-2';

test('J774 a full disk is said to be full, nothing saved is called lost, and counting goes on once there is room', async ({
  profile,
  launch,
}) => {
  test.setTimeout(240_000);
  const disk = makeSmallDisk();
  if (disk === undefined) return testHostAlone('full-disk.test.ts');
  try {
    const folder = join(disk.folder, 'profile');
    cpSync(profile, folder, { recursive: true });
    const { page, close } = await launch(folder);
    await signInAs(page, ANA);
    await countBin(page, BIN);
    const [first = '', ...codes] = realCodes(41);
    const hero = page.getByTestId('hero');
    await scan(page, first);
    await expect(hero).toHaveAttribute('data-outcome', 'taken');
    disk.fill();
    // The last pages of files that are open have a little room left.
    for (const code of codes) await scan(page, code);
    await expect(hero).toHaveAttribute('data-outcome', 'not-taken', { timeout: 60_000 });
    await expect(page.getByText(/disk of this laptop is full/).first()).toBeVisible({ timeout: 60_000 });
    disk.makeRoom();
    const before = countedCodes(folder, BIN).length;
    await scan(page, first);
    await expect(hero).toHaveAttribute('data-outcome', 'taken', { timeout: 30_000 });
    const after = countedCodes(folder, BIN);
    expect(after.length).toBe(before + 1);
    await expect(page.getByTestId('scan-count')).toHaveText(`${after.length} scans`);
    await close();
  } finally {
    disk.remove();
  }
});

test('J775 a profile that may not be written opens a screen that says so, and nothing in it changes', async ({
  profile,
  launch,
}) => {
  const disk = makeSmallDisk();
  if (disk === undefined) return testHostAlone('full-disk.test.ts');
  try {
    const folder = join(disk.folder, 'profile');
    cpSync(profile, folder, { recursive: true });
    disk.makeReadOnly();
    const { page, kill } = await launch(folder);
    await expect(page.getByText(/disk of this laptop cannot be written/)).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await kill();
  } finally {
    disk.remove();
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
