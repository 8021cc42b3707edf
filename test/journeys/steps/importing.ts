import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** Imports a file of the repository through the Import screen and answers what it says at the end. */
export async function importFile(page: Page, what: 'Items' | 'Bins' | 'Opening stock', path: string): Promise<string> {
  await page.getByRole('radio', { name: new RegExp(`^${what}`) }).check();
  await page.getByTestId('import-file').setInputFiles(join(process.cwd(), path));
  const leaveOut = page.getByRole('checkbox', { name: /^Leave out/ });
  await page.getByText(/Ready to import|Rows are stopped/).waitFor({ timeout: 60_000 });
  if (await leaveOut.isVisible()) await leaveOut.check();
  await page.getByText('Ready to import').waitFor();
  await page.keyboard.press('F10');
  const done = page.getByTestId('import-done');
  await done.waitFor({ timeout: 120_000 });
  return (await done.textContent()) ?? '';
}
