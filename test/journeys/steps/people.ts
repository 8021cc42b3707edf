import type { Page } from '@playwright/test';
import { typeUnevenly } from '../tallybook-app.ts';
import { must } from './check.ts';

export type Login = { readonly name: string; readonly pin: string };

/** Decides and sends, counts nothing. */
export const MIA: Login = { name: 'Mia Lind', pin: '2468' };
export const ANA: Login = { name: 'Ana Ruiz', pin: '4711' };
/** Counts what Ana counted once more. */
export const BEN: Login = { name: 'Ben Okafor', pin: '1357' };

/** Between two keys of a person, ms: the quick one is not much slower than a scanner. */
const KEY_MS = { calm: 90, quick: 60 } as const;

/** Types as a person does. */
export async function typeByHand(page: Page, text: string, pace: keyof typeof KEY_MS = 'calm'): Promise<void> {
  await typeUnevenly(page, text, KEY_MS[pace]);
}

/** Goes to a screen by its place in the rail. */
export async function goTo(
  page: Page,
  place: 'Count' | 'Move' | 'Stocktakes' | 'Review' | 'Send' | 'Items' | 'Settings',
): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place, exact: true }).click();
}

/** Adds a person who counts, in Settings, as the admin who is signed in. */
export async function addCounter(page: Page, { name, pin }: Login): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByRole('link', { name: 'People and roles' }).click();
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('PIN').fill(pin);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByTestId('person-row').filter({ hasText: name }).waitFor();
}

/** The person who is here goes; the screen asks who comes. */
export async function lock(page: Page): Promise<void> {
  await page.keyboard.press('Control+l');
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
}

/** Signs somebody in by keyboard alone: arrows choose the name, then the PIN and Enter. */
export async function signIn(page: Page, { name, pin }: Login): Promise<void> {
  const field = page.getByLabel(`PIN of ${name}`, { exact: true });
  const names = page.getByRole('radiogroup', { name: 'People' });
  await names.waitFor();
  for (let tries = await names.getByRole('radio').count(); tries > 0 && !(await field.isVisible()); tries -= 1) {
    if (await page.getByLabel(/^PIN of /).isVisible()) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowDown');
  }
  must(await field.isVisible(), `The arrow keys never came to ${name} in the list of names`);
  await field.focus();
  await typeByHand(page, pin);
  await page.keyboard.press('Enter');
  await page.getByLabel('Status').getByText(name).waitFor();
  await names.waitFor({ state: 'hidden' });
}

/** One person hands the laptop to another. */
export async function handOver(page: Page, to: Login): Promise<void> {
  await lock(page);
  await signIn(page, to);
}
