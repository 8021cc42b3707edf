import type { LedgerEntry } from '../../domain/ledger-entry.ts';
import { figureKey } from '../../ports/figure-key.ts';

/** Their figure was taken into our book: in which entry, and when by the remote's clock, as far as that was known. */
export type TakenFigure = { readonly at: string; readonly seq: number };

/** The newest figures that were taken, by connection and `figureKey`. */
export type TakenFigures = ReadonlyMap<string, ReadonlyMap<string, TakenFigure>>;

/** Nothing taken yet. */
export const NO_TAKEN_FIGURES: TakenFigures = new Map();

/** Folds `drift_decided` of the choice `take_theirs`. */
export function foldTakenFigures(state: TakenFigures, { fact, at, seq }: LedgerEntry): TakenFigures {
  if (fact.kind !== 'drift_decided' || fact.choice !== 'take_theirs') return state;
  const figures = new Map(state.get(fact.connection));
  const taken = { at: fact.theirTime ?? at, seq };
  for (const row of fact.rows) figures.set(figureKey(row.remoteItem, row.remoteLocation), taken);
  return new Map(state).set(fact.connection, figures);
}
