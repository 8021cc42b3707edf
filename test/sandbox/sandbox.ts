import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import fixture from '../fixtures/square-world.json' with { type: 'json' };
import { startSquareSandbox } from './square/server.ts';
import { worldSchema } from './square/world.ts';

/**
 * `npm run sandbox -- [--system square] [--world FILE.json] [--port N]`: prints one line of JSON with the address and stays
 * up until it is told to end. Without a world it serves a few real products.
 */
const { values } = parseArgs({
  options: {
    system: { type: 'string', default: 'square' },
    world: { type: 'string' },
    port: { type: 'string', default: '0' },
  },
});

if (values.system !== 'square') {
  console.error(`There is no sandbox of "${values.system}". There is: square.`);
  process.exit(2);
}
const world = worldSchema.safeParse(
  values.world === undefined ? fixture : JSON.parse(readFileSync(values.world, 'utf8')),
);
if (!world.success) {
  console.error(`${values.world}: ${world.error.message}`);
  process.exit(2);
}
const sandbox = await startSquareSandbox(world.data, { port: Number(values.port) });
console.log(JSON.stringify({ system: 'square', baseUrl: sandbox.baseUrl }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
}
