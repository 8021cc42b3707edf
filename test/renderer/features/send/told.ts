import type { Fact, FrozenRequest, PostedLine, SendLine } from '../../../../shared/domain/ledger-entry.ts';
import { lineRef } from '../../../../shared/sync/outbox/line-ref.ts';
import type { OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';
import { foldSending, NO_SENDING, type SendingState } from '../../../../renderer/ledger/sending-state.ts';
import { createChain } from '../../../shared/sync/entries.ts';

export const CONNECTION = 'c1';
export const BATCH = 'b1';

/** What the ledger knows of sending once it was told these facts, one after another, through its real folds. */
export function told(facts: readonly Fact[]): SendingState {
  const chain = createChain();
  for (const fact of facts) chain.add(fact);
  return chain.entries.reduce(foldSending, NO_SENDING);
}

export const connected: Fact = {
  kind: 'connection_saved',
  connection: CONNECTION,
  remote: 'square',
  name: 'Main St',
  settings: {},
};

/** A send line made of one posted line. */
export function lineOf(posted: PostedLine, more: Partial<SendLine> = {}): SendLine {
  return {
    ref: lineRef(CONNECTION, BATCH, [posted]),
    item: posted.item,
    remoteItem: `V-${posted.item}`,
    remoteLocation: 'L1',
    change: 'adjust',
    quantity: posted.variance,
    bins: [posted.bin],
    ...more,
  };
}

export function requestOf(id: string, lines: readonly SendLine[], more: Partial<FrozenRequest> = {}): FrozenRequest {
  return { id, idempotencyKey: id, method: 'POST', path: '/', body: '', lines: [...lines], ...more };
}

export function frozen(requests: readonly FrozenRequest[], batch = BATCH): Fact {
  return { kind: 'send_frozen', connection: CONNECTION, batch, requests: [...requests], stopped: [] };
}

export const attempted = (request: string, attempt = 1): Fact => ({
  kind: 'send_attempted',
  connection: CONNECTION,
  request,
  attempt,
});

export function settled(request: string, outcome: Extract<Fact, { kind: 'send_settled' }>['outcome']): Fact {
  return { kind: 'send_settled', connection: CONNECTION, request, attempt: 1, outcome };
}

/** The requests of a state, in the order of freezing. */
export function requests(state: SendingState): readonly OutboxRequest[] {
  return [...state.outbox.values()];
}
