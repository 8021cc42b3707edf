import { err, ok } from '../../../shared/domain/result.ts';
import type { Host } from '../../../shared/ports/host.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { Session } from '../authority/session.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Connections } from './connections.ts';
import type { Holding } from './holding.ts';

type ConnectionCalls = Pick<Host, 'unlockVault' | 'saveConnection'>;
type ConnectionCallsOptions = {
  vault: Vault;
  connections: Connections;
  ledger: Pick<Ledger, 'record'>;
  holding: Pick<Holding, 'whyNotSave'>;
  session: Session;
  randomId: () => string;
};

/** The calls that keep what a remote is reached with: its settings in the journal, its secrets in the vault. */
export function createConnectionCalls(options: ConnectionCallsOptions): ConnectionCalls {
  const { vault, connections, ledger, holding, session, randomId } = options;
  return {
    async unlockVault(input) {
      const person = session.require();
      if (!person.ok) return person;
      // Whoever sends may open it; whoever sets the first passphrase holds every secret from then on.
      if (vault.state() === 'passphrase_unset' && !person.value.roles.includes('admin'))
        return err({ code: 'role_missing', kind: 'unlockVault', roles: ['admin'] });
      const unlocked = await vault.unlock(input.passphrase);
      return unlocked.ok ? ok({ vault: unlocked.value }) : unlocked;
    },
    async saveConnection(input) {
      const admin = session.require();
      if (!admin.ok) return admin;
      const known = holding.whyNotSave(input, input.connection);
      if (known !== null) return err(known);
      const kept = await connections.keep(input, randomId);
      if (!kept.ok) return kept;
      const { connection, settings } = kept.value;
      const sealed = await ledger.record(admin.value.id, [
        { kind: 'connection_saved', connection, remote: input.remote, name: input.name, settings },
      ]);
      return sealed.ok ? ok({ connection, entries: [...sealed.value] }) : sealed;
    },
  };
}
