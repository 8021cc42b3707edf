import type { OutboxRequest } from '../../shared/sync/outbox/outbox.ts';
import type { SendingState } from '../ledger/sending-state.ts';
import { sentTwice, type SentTwice } from './sent-twice.ts';
import { figureKey } from '../../shared/ports/figure-key.ts';
import { isSentElsewhere } from '../../shared/sync/outbox/open-lines.ts';
import { besideIn } from './accounts.ts';

/** Something about sending that does not go on by itself. Counts are lines. */
export type Need =
  /** The remote does not let us in: its secret or the sign-in is to be renewed. */
  | { readonly kind: 'unauthorized'; readonly connection: string }
  /** Only a person can find out whether these lines arrived. */
  | { readonly kind: 'doubtful'; readonly connection: string; readonly request: OutboxRequest; readonly lines: number }
  /** The remote refused these lines by name, and they are in no newer request. */
  | { readonly kind: 'rejected'; readonly connection: string; readonly request: OutboxRequest; readonly lines: number }
  /** A file that nobody has put anywhere yet. */
  | { readonly kind: 'file'; readonly connection: string; readonly request: OutboxRequest; readonly lines: number }
  /** Two laptops sent these lines before they met: the remote may hold them twice. */
  | ({ readonly kind: 'twice' } & SentTwice)
  /** Lines of a batch that was sent without them. */
  | { readonly kind: 'unsent'; readonly connection: string; readonly batch: string; readonly lines: number };

type Known = Pick<SendingState, 'connections' | 'mappings' | 'outbox' | 'marks' | 'observations'>;
const asked = new WeakMap<object, { readonly of: Known; readonly needs: readonly Need[] }>();

/** Everything about sending that needs a person, the most urgent kind first. Asked again for the same state, it is not counted again. */
export function needsOf(state: Known): readonly Need[] {
  const before = asked.get(state.outbox);
  const parts = ['connections', 'mappings', 'marks', 'observations'] as const;
  if (before !== undefined && parts.every((part) => before.of[part] === state[part])) return before.needs;
  const needs = [...state.connections.keys()]
    .flatMap((connection) => [...requestNeeds(connection, state), ...unsent(connection, state)])
    .concat(sentTwice(state).map((twice) => ({ kind: 'twice', ...twice })))
    .toSorted((left, right) => RANK[left.kind] - RANK[right.kind]);
  asked.set(state.outbox, { of: state, needs });
  return needs;
}

const RANK: Readonly<Record<Need['kind'], number>> = {
  unauthorized: 0,
  doubtful: 1,
  twice: 2,
  rejected: 3,
  file: 4,
  unsent: 5,
};

function requestNeeds(connection: string, state: Known): readonly Need[] {
  const needs: Need[] = [];
  for (const request of state.outbox.values()) {
    if (request.connection !== connection) continue;
    const { code } = request;
    const isOpen = request.state === 'queued' || request.state === 'unknown';
    if (
      isOpen &&
      (code === 'unauthorized' || code === 'forbidden') &&
      !needs.some(({ kind }) => kind === 'unauthorized')
    )
      needs.push({ kind: 'unauthorized', connection });
    if (request.doubtful.length > 0)
      needs.push({ kind: 'doubtful', connection, request, lines: request.doubtful.length });
    const rejected = stillRejected(request, state);
    if (rejected > 0) needs.push({ kind: 'rejected', connection, request, lines: rejected });
    if (request.state === 'queued' && request.request.delivery === 'file' && request.job === undefined)
      needs.push({ kind: 'file', connection, request, lines: request.request.lines.length });
  }
  return needs;
}

/** Lines of a request that were refused by name, and of which nothing newer is known. */
function stillRejected(request: OutboxRequest, { marks, observations }: Known): number {
  if (request.rejectedRefs.length === 0) return 0;
  const of = marks.connections.get(request.connection);
  const batch = of?.marks.get(request.batch);
  const frozen = of?.requests.get(request.id)?.lines;
  const figures = observations.get(request.connection)?.figures;
  const lines = new Map(request.request.lines.map((line) => [line.ref, line]));
  return request.rejectedRefs.filter((ref) => {
    const keys = frozen?.get(ref)?.keys ?? [];
    if (keys.length > 0)
      return keys.some((key) => {
        const mark = batch?.get(key);
        // What was taken back meanwhile needs nobody.
        return mark?.state === 'rejected' && mark.request === request.id && !isSentElsewhere(marks, request, key);
      });
    // Ours sent after a comparison stands for nothing posted: a newer figure puts it back among what differs.
    const line = lines.get(ref);
    const seenAt = line && figures?.get(figureKey(line.remoteItem, line.remoteLocation))?.seenAt;
    return seenAt === undefined || seenAt <= (request.attemptedAt ?? request.frozenAt);
  }).length;
}

/** Lines with a difference that were left behind when their batch was sent: stopped, or posted later. */
function unsent(connection: string, state: Known): readonly Need[] {
  const { marks } = state;
  const beside = besideIn(state, connection);
  const told = marks.connections.get(connection)?.marks ?? new Map<string, ReadonlyMap<string, unknown>>();
  return [...told].flatMap(([batch, lines]): readonly Need[] => {
    let left = 0;
    for (const [key, line] of marks.posted.get(batch)?.lines ?? [])
      if (line.variance !== '0' && !lines.has(key) && !isSentElsewhere(marks, { connection, batch, beside }, key))
        left += 1;
    return left === 0 ? [] : [{ kind: 'unsent', connection, batch, lines: left }];
  });
}
