import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import type { TallybookApp } from '../tallybook-app.ts';
import { answerSave } from './laptops.ts';

/** Saves the evidence of the stocktake that is on the screen, by key; answers the signs that are to be written down. */
export async function saveEvidence(laptop: TallybookApp, file: string): Promise<string> {
  const { page } = laptop;
  await answerSave(laptop, file);
  await page.getByRole('button', { name: 'Save evidence' }).waitFor();
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Evidence saved' });
  const digest = (await dialog.getByTestId('evidence-digest').textContent()) ?? '';
  expect(digest).toMatch(/^([0-9a-f]{4}-){4}[0-9a-f]{4}$/);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  return digest;
}

/** What the program says about a file that was saved beside it: another process, with nothing of the app. */
export function verify(file: string): { readonly code: number | null; readonly said: string } {
  const verifier = join(dirname(file), 'verify.mjs');
  const { status, stdout } = spawnSync(process.execPath, [verifier, file], {
    cwd: dirname(file),
    env: {},
    encoding: 'utf8',
  });
  return { code: status, said: stdout };
}
