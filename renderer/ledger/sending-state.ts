import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { foldMappings, type Mappings } from '../../shared/sync/seen/mapping.ts';
import { isMovementTaken } from '../../shared/domain/movement-log.ts';
import { foldMovements, NO_MOVEMENTS, type Movements } from '../../shared/sync/seen/movements.ts';
import {
  AS_POSTED,
  foldSendMarksOf,
  NO_SEND_MARKS,
  type SendMarks,
  type StandsUnder,
} from '../../shared/sync/outbox/open-lines.ts';
import { EMPTY_OUTBOX, foldOutbox, type Outbox } from '../../shared/sync/outbox/outbox.ts';
import { foldObservations, NO_OBSERVATIONS, type Observations } from '../../shared/sync/seen/pull.ts';
import { foldTakenFigures, NO_TAKEN_FIGURES, type TakenFigures } from '../../shared/sync/plan/taken-figures.ts';

/** A connection as the page knows it: never a secret. */
export type Connection = {
  readonly id: string;
  readonly remote: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  /** When it was first saved, ISO, and on which laptop. */
  readonly since: string;
  readonly savedOn: string;
  /** The laptop that sends over it. */
  readonly laptop: string;
};

/** Everything about sending that follows from the entries. */
export type SendingState = {
  readonly connections: ReadonlyMap<string, Connection>;
  readonly mappings: Mappings;
  readonly marks: SendMarks;
  readonly outbox: Outbox;
  readonly observations: Observations;
  readonly movements: Movements;
  readonly takenFigures: TakenFigures;
};

export const NO_SENDING: SendingState = {
  connections: new Map(),
  mappings: new Map(),
  marks: NO_SEND_MARKS,
  outbox: EMPTY_OUTBOX,
  observations: NO_OBSERVATIONS,
  movements: NO_MOVEMENTS,
  takenFigures: NO_TAKEN_FIGURES,
};

/** Whether an entry says anything about sending. */
export function concernsSending(entry: LedgerEntry): boolean {
  const { fact } = entry;
  const isPosting = fact.kind === 'lines_posted' || fact.kind === 'lines_reversed';
  return 'connection' in fact || isPosting || isMovementTaken(fact);
}

function foldConnections(known: SendingState['connections'], { fact, at, device }: LedgerEntry): typeof known {
  if (fact.kind !== 'connection_saved' && fact.kind !== 'connection_held') return known;
  const { connection: id } = fact;
  const before = known.get(id);
  if (fact.kind === 'connection_held')
    return before === undefined ? known : new Map(known).set(id, { ...before, laptop: fact.laptop });
  const { remote, name, settings } = fact;
  const { since = at, savedOn = device, laptop = device } = before ?? {};
  return new Map(known).set(id, { id, remote, name, settings, since, savedOn, laptop });
}

/** Folds one entry. Gives a new state; entries that say nothing about sending leave it as it is. */
export function foldSending(state: SendingState, entry: LedgerEntry): SendingState {
  return foldSendingOf(state, entry, AS_POSTED);
}

/** The same over the chains of several laptops: `standsUnder` tells under which batch a posted line stands. */
export function foldSendingOf(state: SendingState, entry: LedgerEntry, standsUnder: StandsUnder): SendingState {
  if (!concernsSending(entry)) return state;
  return {
    connections: foldConnections(state.connections, entry),
    mappings: foldMappings(state.mappings, entry),
    marks: foldSendMarksOf(state.marks, entry, standsUnder),
    outbox: foldOutbox(state.outbox, entry),
    observations: foldObservations(state.observations, entry),
    movements: foldMovements(state.movements, entry),
    takenFigures: foldTakenFigures(state.takenFigures, entry),
  };
}
