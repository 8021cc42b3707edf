import { fingerprint } from '../../shared/domain/fingerprint.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { ConnectorCard, HostInput } from '../../shared/ports/host.ts';
import type { DriftRow } from '../../shared/sync/seen/reconcile.ts';
import type { LedgerError } from '../ledger/ledger.ts';
import { correctionsOf, driftRows } from './drift-rows.ts';
import { readFiguresOf, type Parts } from './figures.ts';
import { figureKey } from '../../shared/ports/figure-key.ts';

/** `bin`: where the correction of a row goes. */
export type DecidedRow = { readonly row: DriftRow; readonly bin?: string };
type Asked = {
  readonly connection: string;
  readonly card: ConnectorCard;
  readonly choice: 'send_ours' | 'take_theirs';
  readonly rows: readonly DecidedRow[];
};

/** Whether rows stand after a fresh reading as they did on the screen; a person decides only about what they have seen. */
async function stillTrue(parts: Parts, { connection, card, rows }: Asked): Promise<Result<null, LedgerError>> {
  const read = await readFiguresOf(parts, connection, [...new Set(rows.map(({ row }) => row.remoteItem))]);
  if (!read.ok) return read;
  const current = new Map(
    driftRows(parts.ledger, connection, card).map((row) => [figureKey(row.remoteItem, row.remoteLocation), row]),
  );
  const changed = rows.some(({ row }) => {
    const found = current.get(figureKey(row.remoteItem, row.remoteLocation));
    return found?.state !== 'differs' || found.ours !== row.ours || found.theirs !== row.theirs;
  });
  return changed ? err({ code: 'figures_changed' }) : ok(null);
}

/** A person's decision on rows as the host takes it, once it was made sure that they are still true. */
export async function decisionOf(parts: Parts, asked: Asked): Promise<Result<HostInput<'decideDrift'>, LedgerError>> {
  const checked = await stillTrue(parts, asked);
  if (!checked.ok) return checked;
  const { connection, choice, rows } = asked;
  const decided = rows.map(({ row: { item, remoteItem, remoteLocation, ours, theirs } }) => ({
    item,
    remoteItem,
    remoteLocation,
    ours,
    theirs,
  }));
  // Pressed twice for the same figures, it is one decision.
  const seen = rows.map(({ row }) => row.seenAt ?? '').join(' ');
  const decision = `drift-${fingerprint([connection, choice, seen, JSON.stringify(decided)].join('\u001E'))}`;
  const named = rows.flatMap(({ row, bin }) => (bin === undefined ? [] : [{ row, bin }]));
  const corrections = choice === 'take_theirs' ? correctionsOf(parts.ledger, named) : [];
  return ok({ connection, decision, choice, rows: decided, corrections });
}
