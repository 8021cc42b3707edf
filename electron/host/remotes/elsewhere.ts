import { sheetIn } from '../../../shared/domain/batch.ts';
import type { PostedLine } from '../../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../../shared/domain/ledger-state.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { Elsewhere } from '../../../shared/sync/desk/desk-ports.ts';
import { isUnderWay } from '../../../shared/sync/desk/desk-state.ts';
import type { Sent } from '../../../shared/sync/desk/judge-plan.ts';
import { isSentOver } from '../../../shared/sync/outbox/open-lines.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { ForeignChains } from '../authority/union.ts';
import type { Holding } from './holding.ts';

type Parts = {
  readonly ledger: Pick<Ledger, 'state' | 'figuresNow'>;
  readonly chains: Pick<ForeignChains, 'heads'>;
  readonly holding: Pick<Holding, 'beside'>;
};

const NOTHING: Elsewhere = { beside: [], isElsewhere: () => false, isUnderWay: () => false };

/** Whether two batches speak of the same sheets. */
function isSameCount({ batches }: LedgerState, one: string, other: string): boolean {
  const [left, right] = [batches.get(one), batches.get(other)];
  if (one === other) return true;
  if (left === undefined || right === undefined || left.apart || right.apart) return false;
  return left.stocktake === right.stocktake && left.pass === right.pass;
}

/** The batch under which a line was posted first. */
function postedUnder({ batches, stocktakes }: LedgerState, id: string, line: PostedLine): string | undefined {
  const batch = batches.get(id);
  const stocktake = batch && stocktakes.get(batch.stocktake);
  return stocktake && sheetIn(stocktake, batch, line.bin)?.posted.get(lineKey(line))?.batch;
}

/**
 * What other laptops have done with lines that would be sent from here. Two may have posted one line, under two batches, or
 * sent it to one account over two connections, before they heard of each other: it is sent once. Asked before anything is
 * frozen or decided.
 */
export function createElsewhere({
  ledger,
  chains,
  holding,
}: Parts): (sent: Sent) => Promise<Result<Elsewhere, HostError>> {
  return async ({ connection, batch }) => {
    if (chains.heads().length === 0) return ok(NOTHING);
    const figures = await ledger.figuresNow();
    if (!figures.ok) return figures;
    const { state, marks, theirs } = figures.value;
    const beside = holding.beside(connection);
    const counts = [...marks.posted.keys()].filter((other) => isSameCount(state, other, batch));
    const others = counts.filter((other) => other !== batch);
    const ways = [
      ...beside.map((one) => isUnderWay(ledger.state().desk, one)),
      // What goes again there goes from here: whoever holds the connection now plans it anew.
      ...[...theirs.values()].flatMap((desk) =>
        [connection, ...beside].map((one) => isUnderWay({ ...desk, again: new Map() }, one)),
      ),
    ];
    return ok({
      beside,
      isUnderWay: (place) => ways.some((isThere) => isThere(place)),
      isElsewhere(line) {
        const key = lineKey(line);
        const first = postedUnder(state, batch, line);
        if (first !== undefined && first !== batch && marks.posted.get(first)?.lines.has(key) === true) return true;
        return (
          others.some((other) => isSentOver(marks, { connection, batch: other }, key)) ||
          beside.some((one) => counts.some((other) => isSentOver(marks, { connection: one, batch: other }, key)))
        );
      },
    });
  };
}
