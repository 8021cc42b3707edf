import type { ConnectorCard } from '../../../shared/ports/host.ts';
import type { Connection } from '../../sync/sending.ts';
import type { Vault } from './use-vault.tsx';

/** What every part of a connection's page is about. */
export type ConnectionPart = {
  readonly connection: Connection;
  readonly card: ConnectorCard;
  readonly vault: Vault;
};
