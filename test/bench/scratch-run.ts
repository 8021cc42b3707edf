import { ask, openBench } from './bench-app.ts';
import { buildBench } from './build-bench.ts';
import { forgetCached } from './cold-cache.ts';
await buildBench(process.cwd());
for (const profile of process.argv.slice(2)) {
  {
    const b = await openBench(profile);
    console.log(await ask(b, 'resave'));
    await b.close();
  }
  for (let i = 0; i < 3; i += 1) {
    forgetCached(profile);
    const other = await openBench(profile);
    console.log('whole', JSON.stringify(await ask(other, 'measureColdOpen')));
    await other.close();
  }
  forgetCached(profile);
  const b = await openBench(profile);
  console.log('parts', JSON.stringify(await ask(b, 'openParts')));
  await b.close();
}
