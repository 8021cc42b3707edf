import type { FactOf } from '../domain/ledger-entry.ts';

/** The laptop that sends over a connection now. `held`: all that did so by right, the one that saved it first of all. */
export type Holding = { readonly laptop: string; readonly held: readonly string[] };

/** By connection, in the order in which they were first saved. */
export type Holders = Map<string, Holding>;

/**
 * Folds who saved a connection first, and who was said to send over it since, in place. In ledger order, and only entries
 * that count: then every laptop comes to the same holder. Again in order it changes nothing.
 */
export function foldHolder(
  holders: Holders,
  device: string,
  fact: FactOf<'connection_saved'> | FactOf<'connection_held'>,
): void {
  const { connection } = fact;
  const known = holders.get(connection);
  if (fact.kind === 'connection_saved') {
    if (known === undefined) holders.set(connection, { laptop: device, held: [device] });
    return;
  }
  if (known === undefined) return;
  const { laptop } = fact;
  holders.set(connection, { laptop, held: known.held.includes(laptop) ? known.held : [...known.held, laptop] });
}

type Claimed = { readonly device: string; readonly fact: FactOf<'connection_held'> };
/** `isRevoked`: as far as the laptop had heard that says so. `maySend`: it supervises, and belongs to the site. */
type Laptops = { readonly isRevoked: (laptop: string) => boolean; readonly maySend: (laptop: string) => boolean };

/** The holder gives a connection to a laptop that may send. Another laptop takes it for itself once the holder was revoked. */
export function mayHold(holders: Holders, { device, fact }: Claimed, { isRevoked, maySend }: Laptops): boolean {
  const known = holders.get(fact.connection);
  if (known === undefined || !maySend(fact.laptop)) return false;
  return known.laptop === device || (fact.laptop === device && isRevoked(known.laptop));
}
