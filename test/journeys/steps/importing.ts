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

/** A file to import: a fixture by its path in the repository, or one made up on the spot. */
export type ImportedFile = string | { readonly name: string; readonly text: string };

/** Chooses a file on the Import screen and waits until every row was looked at. */
export async function chooseFile(
  page: Page,
  what: 'Items' | 'Bins' | 'Opening stock',
  file: ImportedFile,
): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(`^${what}`) }).check();
  await page
    .getByTestId('import-file')
    .setInputFiles(
      typeof file === 'string'
        ? join(process.cwd(), file)
        : { name: file.name, mimeType: 'text/csv', buffer: Buffer.from(file.text) },
    );
  await page.getByText(/^(Ready to import|Rows are stopped|Nothing in this file)/).waitFor();
}

/** Imports what is looked at with F10, answers what is said at the end, and is ready for the next file. */
export async function importNow(page: Page): Promise<string> {
  await page.getByText('Ready to import').waitFor();
  await page.keyboard.press('F10');
  const done = page.getByTestId('import-done');
  await done.waitFor();
  const said = (await done.getByRole('status').textContent()) ?? '';
  await page.getByRole('button', { name: 'Import another file' }).click();
  return said;
}
