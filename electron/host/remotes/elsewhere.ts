import { ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { Elsewhere } from '../../../shared/sync/desk/desk-ports.ts';
import { isUnderWay } from '../../../shared/sync/desk/desk-state.ts';
import type { Sent } from '../../../shared/sync/desk/judge-plan.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { ForeignChains } from '../authority/union.ts';
import type { Holding } from './holding.ts';

type Parts = {
  readonly ledger: Pick<Ledger, 'state' | 'figuresNow'>;
  readonly chains: Pick<ForeignChains, 'heads'>;
  readonly holding: Pick<Holding, 'beside'>;
};

const NOTHING: Elsewhere = { beside: [], isUnderWay: () => false };

/**
 * What other laptops have under way where something would be sent from here, also over another connection to the same
 * account. Asked before anything is frozen or decided.
 */
export function createElsewhere({
  ledger,
  chains,
  holding,
}: Parts): (sent: Sent) => Promise<Result<Elsewhere, HostError>> {
  return async ({ connection }) => {
    if (chains.heads().length === 0) return ok(NOTHING);
    const figures = await ledger.figuresNow();
    if (!figures.ok) return figures;
    const { theirs } = figures.value;
    const beside = holding.beside(connection);
    const ways = [
      ...beside.map((one) => isUnderWay(ledger.state().desk, one)),
      // What goes again there goes from here: whoever holds the connection now plans it anew.
      ...[...theirs.values()].flatMap((desk) =>
        [connection, ...beside].map((one) => isUnderWay({ ...desk, again: new Map() }, one)),
      ),
    ];
    return ok({ beside, isUnderWay: (place) => ways.some((isThere) => isThere(place)) });
  };
}
