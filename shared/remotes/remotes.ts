import type { RemoteConnector } from '../ports/remote-inventory.ts';
import { square } from './square/square.ts';

/** Every remote there is. A new one is a folder beside the others and a line here. */
export const remotes: readonly RemoteConnector[] = [square];
