import { besideOf, stoppedBy, type AccountLook } from '../../shared/sync/seen/accounts.ts';
import { NO_MAPPING } from '../../shared/sync/seen/mapping.ts';
import type { SendingState } from '../ledger/sending-state.ts';

type Known = Pick<SendingState, 'connections' | 'mappings'>;

/** Every connection as far as it tells which account it is, the first saved first. */
function looksOf({ connections, mappings }: Known): readonly AccountLook[] {
  return [...connections.values()].map(({ id, remote, settings, savedOn }) => {
    const { sites, bins } = mappings.get(id) ?? NO_MAPPING;
    return { id, remote, settings, laptop: savedOn, places: [...sites.values(), ...bins.values()] };
  });
}

/** The other connections to the account of this one: what was sent over them is not sent again. */
export function besideIn(state: Known, connection: string): readonly string[] {
  return state.connections.size < 2 ? [] : besideOf(looksOf(state), connection).map(({ id }) => id);
}

/** Whether this laptop sends over a connection: it holds it, and no other connection to the account came first. */
export function holdsIn(state: Known, connection: string, laptop: string | undefined): boolean {
  const known = state.connections.get(connection);
  if (known === undefined || laptop === undefined) return true;
  return known.laptop === laptop && stoppedBy(looksOf(state), connection) === undefined;
}
