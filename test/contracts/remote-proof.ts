import type { FrozenRequest, ObservedCount } from '../../shared/domain/ledger-entry.ts';
import { formatQuantity, quantityOf } from '../../shared/domain/quantity.ts';
import type { PlannedLine, RemoteConnector, RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import type { RemoteLack, RemoteStand } from './remote-stand.ts';

/** What the rules are proved with: a fresh stand each, and the words to speak of lines and figures. */
export type Proof = {
  readonly connector: RemoteConnector;
  readonly stand: () => RemoteStand;
  readonly remote: () => RemoteInventory;
  /** Whether the vendor has what a driver may lack. */
  has(lack: RemoteLack): boolean;
  readonly renews: boolean;
  line(ref: string, item: string, quantity: string, more?: Partial<PlannedLine>): PlannedLine;
  /** One line that changes the first thing by that much. */
  freezeOne(quantity: string): FrozenRequest;
  /** The first thing's opening stock and that much. */
  plus(quantity: string): string;
  /** Before anything that the test does. */
  since(): string;
  /** The remote's figures of the things of a request, as they are read before it is sent. */
  figures(request: FrozenRequest): Promise<readonly ObservedCount[]>;
};

/** The sum of two decimal texts. */
export function addQuantities(one: string, other: string): string {
  return formatQuantity(quantityOf(one) + quantityOf(other));
}
