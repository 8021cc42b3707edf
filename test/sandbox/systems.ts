import deconetworkFixture from '../fixtures/deconetwork-world.json' with { type: 'json' };
import shipheroFixture from '../fixtures/shiphero-world.json' with { type: 'json' };
import squareFixture from '../fixtures/square-world.json' with { type: 'json' };
import zettleFixture from '../fixtures/zettle-world.json' with { type: 'json' };
import type { Sandbox } from './chassis/sandbox.ts';
import { worldOf } from './chassis/world.ts';
import { createDeconetworkSandbox } from './deconetwork/deconetwork-sandbox.ts';
import { worldSchema as deconetworkWorldSchema } from './deconetwork/world.ts';
import { createShipheroSandbox } from './shiphero/shiphero.ts';
import { createSquareSandbox } from './square/square-sandbox.ts';
import { worldSchema as squareWorldSchema } from './square/world.ts';
import { createZettleSandbox } from './zettle/zettle-sandbox.ts';
import { zettleWorldSchema } from './zettle/world.ts';

/** The remotes that there are sandboxes of, in the order in which they are started. */
export const SYSTEMS = ['square', 'zettle', 'shiphero', 'deconetwork'] as const;
export type SystemName = (typeof SYSTEMS)[number];

export function isSystem(name: string): name is SystemName {
  return SYSTEMS.some((one) => one === name);
}

const OPENED: Readonly<Record<SystemName, (world: unknown, machine: () => number) => Sandbox>> = {
  square: (world, machine) => createSquareSandbox(squareWorldSchema.parse(world), machine),
  zettle: (world, machine) => createZettleSandbox(zettleWorldSchema.parse(world), machine),
  shiphero: (world, machine) => createShipheroSandbox(world, machine),
  deconetwork: (world, machine) => createDeconetworkSandbox(deconetworkWorldSchema.parse(world), machine),
};

/** The worlds that are served when none is given: a few real products. */
export const USUAL_WORLDS: Readonly<Record<SystemName, unknown>> = {
  square: squareFixture,
  zettle: zettleFixture,
  shiphero: shipheroFixture,
  deconetwork: deconetworkFixture,
};

/**
 * Opens a sandbox on a world of one or of several systems. `machine`: ms since 1970, where the world sets no time of its
 * own. Throws a schema's error for a world that cannot be.
 */
export function openSystem(system: SystemName, world: unknown, machine: () => number): Sandbox {
  return OPENED[system](worldOf(system, world), machine);
}
