import { expect } from '@playwright/test';
import { TEST_CARD } from '../../shared/domain/scanner.ts';
import { ANA, BEN, countBin, goTo, hearSounds, readJournal, realCodes, signInAs, test } from './prepared.ts';
import { scan as scanFast, typeUnevenly } from './tallybook-app.ts';
import { ownTimes, scanKeys } from './steps/scanner.ts';

const CARD = TEST_CARD.join('\u001D');
const BIN = 'A-11-12-1-2';
const NEXT_BIN = 'A-11-12-1-3';

test('J501 a scanner of 100 ms a key with a prefix and Tab is learned from one card, and then counts everywhere', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  const heard = await hearSounds(page);
  const scanner = ownTimes(page);
  const scan = (text: string) => scanner.send(scanKeys(`~${text}`, 100, 'Tab'));

  await goTo(page, '/settings/scanner');
  await expect(page.getByTestId('test-card')).toBeVisible();
  await scan('4006381333931');
  await expect(page.getByTestId('scanner-problem')).toContainText('~4006381333931');
  await scan(CARD);
  const learned = page.getByTestId('scanner-learned');
  await expect(learned).toContainText(/a key every 10\d ms|a key every 9\d ms/);
  await expect(learned).toContainText('ends each scan with Tab');
  await expect(learned).toContainText('“~”');
  await expect(learned).toContainText('sends the separators');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('scanner-in-use')).toContainText('then Tab');

  await page.reload();
  const [code = ''] = realCodes(1);
  await goTo(page, '/count/bin');
  await expect(page.getByLabel('Bin code')).toBeFocused();
  await scan(BIN);
  await expect(page.getByTestId('bin-code')).toHaveText(BIN);
  await scan(code);
  await expect(page.getByTestId('hero-total')).toHaveText('1');
  // Two digits that nobody knows, at a pace that a person has too: kept as a code, or asked about, never a quantity.
  await scan('57');
  await expect(page.getByTestId('unknowns')).toContainText('57');
  await expect(page.getByTestId('quantity-strip')).toHaveText('1');
  await goTo(page, '/items');
  await scan(code);
  await expect.poll(() => heard.at(-1)).not.toBe('');
  const counted = readJournal(profile).filter(({ fact }) => fact.kind === 'counted');
  expect(counted.map(({ fact }) => [fact['code'], fact['quantity']])).toEqual([[code, '1']]);

  await goTo(page, '/settings');
  await page.getByRole('button', { name: 'Forget' }).click();
  await expect(page.getByTestId('scanner-in-use')).toHaveCount(0);
});

test('J502 what is scanned before the page is drawn is counted as what it is', async ({ profile, launch }) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await countBin(page, BIN);
  const [code = ''] = realCodes(1);
  const scanner = ownTimes(page);
  const drawn: number[] = [];
  await page.exposeFunction('journeyListens', async (children: number) => {
    drawn.push(children);
    await scanner.send(scanKeys(code, 4, 'Enter'));
  });
  // The first to listen to keys in the capture phase is the capture of scans.
  await page.addInitScript(() => {
    const { journeyListens } = window as unknown as { journeyListens: (children: number) => Promise<void> };
    const listen = window.addEventListener.bind(window);
    let told = false;
    window.addEventListener = (...args: Parameters<typeof listen>) => {
      listen(...args);
      if (told || args[0] !== 'keydown' || args[2] !== true) return;
      told = true;
      void journeyListens(document.getElementById('root')?.childElementCount ?? -1);
    };
  });
  await page.reload();
  // The bin is said to be open after the scan was taken, and what was taken with it.
  await expect(page.getByTestId('scan-count')).toHaveText('1 scan');
  await expect(page.getByTestId('hero')).toContainText('1 scan');
  expect(drawn).toEqual([0]);
  const facts = readJournal(profile).map(({ fact }) => fact);
  expect(facts.filter(({ kind }) => kind === 'counted').map((fact) => fact['code'])).toEqual([code]);
  expect(facts.filter(({ kind }) => kind === 'unknown_scanned')).toEqual([]);
});

test('J503 what is typed ends with its bin, with a lock, with another person and with the screen', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  const path = await countBin(page, BIN);
  const strip = page.getByTestId('quantity-strip');
  const type = async () => {
    await typeUnevenly(page, '12', 90);
    // No scanner sends this key: what was held until now is typed.
    await page.keyboard.press('Insert');
    await expect(strip).toHaveText('12');
  };
  const elsewhere = async (back: string) => {
    await goTo(page, '/items');
    await expect(strip).toHaveCount(0);
    await goTo(page, back);
  };
  const [code = '', other = ''] = realCodes(2);

  // Another screen, and back.
  await type();
  await elsewhere(path);
  await expect(strip).toHaveText('1');

  // A lock, and the same person again.
  await type();
  await page.keyboard.press('Control+l');
  await page.getByLabel(/^PIN/).fill(ANA.pin);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(strip).toHaveText('1');

  // Another bin, by its label.
  await type();
  await scanFast(page, NEXT_BIN);
  // Nothing was counted in the first: it is empty. The next one is new to this stocktake.
  for (const question of [/counted/, /not on this sheet/]) {
    await expect(page.getByRole('dialog')).toContainText(question);
    // An Enter so soon after a scan is the scanner's, unless a key comes before it that no scanner sends.
    await page.keyboard.press('Insert');
    await page.keyboard.press('Enter');
  }
  await expect(page.getByTestId('bin-code')).toHaveText(NEXT_BIN);
  await expect(strip).toHaveText('1');
  await scanFast(page, code);
  await expect(page.getByTestId('hero-total')).toHaveText('1');

  // Another person, in the same bin.
  const sheet = new URL(page.url()).hash.slice(1);
  await type();
  await page.keyboard.press('Control+l');
  await page.getByRole('radio', { name: BEN.name }).check();
  await page.getByLabel(/^PIN/).fill(BEN.pin);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await goTo(page, sheet);
  await expect(page.getByTestId('bin-code')).toHaveText(NEXT_BIN);
  await expect(strip).toHaveText('1');
  await scanFast(page, other);
  await expect(page.getByTestId('hero-total')).toHaveText('1');

  // The move screen.
  await goTo(page, '/move');
  await type();
  await elsewhere('/move');
  await expect(strip).toHaveText('1');

  const counted = readJournal(profile).filter(({ fact }) => fact.kind === 'counted');
  expect(counted.map(({ fact }) => [fact['code'], fact['quantity']])).toEqual([
    [code, '1'],
    [other, '1'],
  ]);
});
