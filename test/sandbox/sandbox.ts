import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Sandbox } from './chassis/sandbox.ts';
import { serveSandbox, type Served } from './chassis/server.ts';
import { isSystem, openSystem, SYSTEMS, USUAL_WORLDS, type SystemName } from './systems.ts';

/**
 * `npm run sandbox -- [--system NAME] [--world FILE.json] [--port N]`: prints one line of JSON with the address of each
 * system and stays up until it is told to end. Without a name all start, on N, N+1, …; without a world they serve a few
 * real products. A world of several systems has a member for each; a system that it does not name is not started.
 */
const { values } = parseArgs({
  options: { system: { type: 'string' }, world: { type: 'string' }, port: { type: 'string', default: '0' } },
});

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(2);
}

function readWorld(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return giveUp(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function wantedSystems(name: string | undefined, world: unknown): readonly SystemName[] {
  if (name !== undefined)
    return isSystem(name) ? [name] : giveUp(`There is no sandbox of "${name}". There are: ${SYSTEMS.join(', ')}.`);
  if (world === undefined) return SYSTEMS;
  const named = SYSTEMS.filter((one) => typeof world === 'object' && world !== null && Object.hasOwn(world, one));
  return named.length > 0 ? named : giveUp(`${values.world}: names no system; say which with --system.`);
}

function open(system: SystemName, world: unknown): Sandbox {
  try {
    return openSystem(system, world ?? USUAL_WORLDS[system], Date.now);
  } catch (error) {
    if (error instanceof z.ZodError)
      return giveUp(`${values.world ?? 'the usual world'}: ${system}: ${z.prettifyError(error)}`);
    throw error;
  }
}

const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) giveUp(`"${values.port}" is no port.`);
const world = values.world === undefined ? undefined : readWorld(values.world);
const served: Served[] = [];
for (const [at, system] of wantedSystems(values.system, world).entries()) {
  const sandbox = open(system, world);
  try {
    const one = await serveSandbox(sandbox, { port: port === 0 ? 0 : port + at });
    served.push(one);
    console.log(JSON.stringify({ system, baseUrl: one.baseUrl }));
  } catch (error) {
    giveUp(`${system}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.all(served.map((one) => one.close())).then(() => process.exit(0)));
}
