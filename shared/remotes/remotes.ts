import type { RemoteConnector } from '../ports/remote-inventory.ts';
import { deconetwork } from './deconetwork/deconetwork.ts';
import { shiphero } from './shiphero/shiphero.ts';
import { square } from './square/square.ts';
import { zettle } from './zettle/zettle.ts';

/** Every remote there is. A new one is a folder beside the others and a line here. */
export const remotes: readonly RemoteConnector[] = [square, zettle, shiphero, deconetwork];
