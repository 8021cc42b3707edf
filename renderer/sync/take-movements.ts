import { quantityOf, ZERO } from '../../shared/domain/quantity.ts';
import { ok } from '../../shared/domain/result.ts';
import { movementReference } from '../../shared/sync/seen/movements.ts';
import { movementStates } from '../../shared/sync/plan/open-movements.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { piecesOf } from './mapping-facts.ts';
import type { MovementRow, Sending } from './sending.ts';

const TAKEN_AT_ONCE = 1_000;

/**
 * Books movements of others in our ledger. Those that are on their way into it are left out: pressed twice, they are taken
 * once. So are those that came into our book meanwhile with a figure that was taken, whatever a screen still offers.
 */
export function createTaking(ledger: Ledger, now: () => string): Sending['takeMovements'] {
  const taking = new Set<string>();
  return async (connection, rows) => {
    const { movements } = ledger.sending();
    const stateOf = movementStates(ledger.sending(), connection);
    const open = rows.filter(({ row }) => {
      const seen = movements.connections.get(connection)?.byKey.get(row.key);
      return seen !== undefined && stateOf(seen, row.nth) === 'open';
    });
    const facts = open.flatMap(({ row, bin }) => movementFact(connection, row, bin, now()));
    const fresh = facts.filter(({ reference }) => !taking.has(reference));
    if (fresh.length === 0) return ok({ taken: 0 });
    for (const { reference } of fresh) taking.add(reference);
    try {
      for (const some of piecesOf(fresh, TAKEN_AT_ONCE)) {
        const saved = await ledger.appendFacts(some);
        if (!saved.ok) return saved;
      }
      return ok({ taken: fresh.length });
    } finally {
      for (const { reference } of fresh) taking.delete(reference);
    }
  };
}

/** A movement of others as one of ours, at the time when it happened: counts made later know of it already. */
function movementFact(connection: string, row: MovementRow, bin: string, now: string) {
  const quantity = quantityOf(row.quantity);
  if (row.item === undefined || quantity === ZERO) return [];
  return [
    {
      kind: 'stock_changed' as const,
      item: row.item,
      bin,
      quantity: row.quantity,
      reason: quantity < ZERO ? ('sale' as const) : ('receipt' as const),
      // A remote's clock that runs ahead must not make it happen later than now.
      happenedAt: row.happenedAt < now ? row.happenedAt : now,
      reference: movementReference(connection, row.key, row.nth),
    },
  ];
}
