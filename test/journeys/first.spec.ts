import { test } from '@playwright/test';
import { newProfile, startApp } from './tallybook-app.ts';
test('boot', async () => {
  test.setTimeout(40000);
  const app = await startApp(newProfile());
  console.log('started');
  await app.app.evaluate(({ app }) => {
    for (const e of ['before-quit', 'will-quit', 'quit', 'window-all-closed']) app.on(e as 'quit', () => process.stderr.write(`EV ${e}\n`));
  });
  app.app.process().stderr?.on('data', (d) => String(d).includes('EV') && console.log(String(d)));
  app.app.process().on('exit', (c) => console.log('exit', c));
  const t = Date.now();
  await app.close();
  console.log('closed', Date.now() - t);
});
