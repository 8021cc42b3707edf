import { ask, openBench } from './bench-app.ts';
import { buildBench } from './build-bench.ts';
import { seedLedger } from './cases/open.ts';
import { forgetCached } from './cold-cache.ts';
await buildBench(process.cwd());
const t = Date.now();
const profiles =
  process.argv.length > 2
    ? process.argv.slice(2)
    : [
        await seedLedger('keepfew', 10_000, { raw: false, tail: 1000 }),
        await seedLedger('keep', 1_000_000, { raw: false, tail: 1000 }),
      ];
console.log(profiles, (Date.now() - t) / 1000);
for (const profile of profiles)
  for (let i = 0; i < 2; i += 1) {
    forgetCached(profile);
    const bench = await openBench(profile);
    console.log(JSON.stringify(await ask(bench, 'openParts')));
    await bench.close();
  }
