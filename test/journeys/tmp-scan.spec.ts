import { test } from '@playwright/test';
import { createFirstPerson, loadSample, newProfile, scan, startApp } from './tallybook-app.ts';
test('tmp', async () => {
  const { page, close } = await startApp(newProfile());
  await page.addInitScript(() => {
    const log: string[] = [];
    (window as unknown as { LOG: string[] }).LOG = log;
    for (const type of ['keydown', 'keyup', 'keypress'] as const)
      window.addEventListener(type, (e) => log.push(`${type} ${e.key} ${e.code} ts${e.timeStamp.toFixed(1)} now${performance.now().toFixed(1)} ${e.isTrusted} rep${e.repeat}`), true);
  });
  await page.reload();
  await createFirstPerson(page, 'Ana Ruiz', '4711');
  await loadSample(page);
  await page.getByRole('button', { name: /Count a bin/ }).click();
  await scan(page, 'A-10-11-3-3');
  await page.getByTestId('scan-count').waitFor();
  for (let n = 0; n < 40; n += 1) {
    await page.evaluate(() => void ((window as unknown as { LOG: string[] }).LOG.length = 0));
    await page.keyboard.type('9', { delay: 45 });
    await page.locator('output.typed').getByTestId('quantity-strip').getByText('9', { exact: true }).waitFor();
    await page.evaluate(() => void ((window as unknown as { LOG: string[] }).LOG.push('--strip seen ' + performance.now())));
    await scan(page, '050700213620');
    await page.locator('output.typed').waitFor({ state: 'hidden', timeout: 3000 }).catch(() => undefined);
    await page.waitForTimeout(100);
    const outcome = await page.getByTestId('hero').getAttribute('data-outcome');
    console.log(n, outcome, await page.getByTestId('hero-name').textContent());
    if (outcome !== 'taken') {
      console.log((await page.evaluate(() => (window as unknown as { LOG: string[] }).LOG)).join('\n'));
      break;
    }
  }
  await close();
});
