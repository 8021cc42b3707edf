import type { Ledger } from '../../renderer/ledger/ledger.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { RemoteConnector, RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import type { DeskPorts } from '../../shared/sync/desk-ports.ts';
import type { Desk } from '../../shared/sync/desk.ts';

/** A bug planted into the production engine, at one of the seams that it is put together at. */
export type Mutant = {
  readonly name: string;
  readonly connector?: (connector: RemoteConnector) => RemoteConnector;
  readonly remote?: (remote: RemoteInventory) => RemoteInventory;
  readonly ports?: (ports: DeskPorts) => DeskPorts;
  readonly desk?: (ports: DeskPorts) => Desk;
  readonly host?: (host: Host) => Host;
  readonly ledger?: (ledger: Ledger) => Ledger;
};

export const NO_MUTANT: Mutant = { name: 'none' };
