import type { RemoteConnector, RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import type { Desk, DeskPorts } from '../../shared/sync/desk.ts';
import type { FlushPorts } from '../../shared/sync/flush.ts';
import type { PlanInput, SendPlan } from '../../shared/sync/plan.ts';

/** A bug planted into the production engine, at one of the seams that it is put together at. */
export type Mutant = {
  readonly name: string;
  readonly connector?: (connector: RemoteConnector) => RemoteConnector;
  readonly remote?: (remote: RemoteInventory) => RemoteInventory;
  readonly ports?: (ports: DeskPorts) => DeskPorts;
  readonly desk?: (ports: DeskPorts) => Desk;
  readonly flush?: (ports: FlushPorts) => FlushPorts;
  readonly plan?: (plan: (input: PlanInput) => SendPlan) => (input: PlanInput) => SendPlan;
};

export const NO_MUTANT: Mutant = { name: 'none' };
