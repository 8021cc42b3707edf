import type { OutboxRequest } from '../../shared/sync/outbox.ts';
import type { SendingState } from '../ledger/sending-state.ts';

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
  /** Lines of a batch that was sent without them. */
  | { readonly kind: 'unsent'; readonly connection: string; readonly batch: string; readonly lines: number };

const known = new WeakMap<object, readonly Need[]>();

/** Everything about sending that needs a person, the most urgent kind first. Asked again for the same state, it is not counted again. */
export function needsOf({
  connections,
  outbox,
  marks,
}: Pick<SendingState, 'connections' | 'outbox' | 'marks'>): readonly Need[] {
  const before = known.get(marks);
  const asked = known.get(outbox);
  if (before !== undefined && before === asked) return before;
  const needs = [...connections.keys()].flatMap((connection) => [
    ...requestNeeds(
      [...outbox.values()].filter((request) => request.connection === connection),
      marks,
    ),
    ...unsent(connection, marks),
  ]);
  const sorted = needs.toSorted((left, right) => RANK[left.kind] - RANK[right.kind]);
  known.set(marks, sorted);
  known.set(outbox, sorted);
  return sorted;
}

const RANK: Readonly<Record<Need['kind'], number>> = { unauthorized: 0, doubtful: 1, rejected: 2, file: 3, unsent: 4 };

function requestNeeds(requests: readonly OutboxRequest[], marks: SendingState['marks']): readonly Need[] {
  const needs: Need[] = [];
  for (const request of requests) {
    const { connection, state, code } = request;
    const isOpen = state === 'queued' || state === 'unknown';
    if (
      isOpen &&
      (code === 'unauthorized' || code === 'forbidden') &&
      !needs.some(({ kind }) => kind === 'unauthorized')
    )
      needs.push({ kind: 'unauthorized', connection });
    if (request.doubtful.length > 0)
      needs.push({ kind: 'doubtful', connection, request, lines: request.doubtful.length });
    const rejected = stillRejected(request, marks);
    if (rejected > 0) needs.push({ kind: 'rejected', connection, request, lines: rejected });
    if (state === 'queued' && request.request.delivery === 'file' && request.job === undefined)
      needs.push({ kind: 'file', connection, request, lines: request.request.lines.length });
  }
  return needs;
}

/** Lines of a request that were refused by name and that no newer request carries. */
function stillRejected(request: OutboxRequest, marks: SendingState['marks']): number {
  if (request.rejectedRefs.length === 0) return 0;
  const of = marks.connections.get(request.connection);
  const batch = of?.marks.get(request.batch);
  const lines = of?.requests.get(request.id)?.lines;
  return request.rejectedRefs.filter((ref) => {
    const keys = lines?.get(ref)?.keys ?? [];
    // A line that stands for nothing posted (ours sent after a comparison) has no mark that could say it goes again.
    if (keys.length === 0) return true;
    return keys.some((key) => batch?.get(key)?.state === 'rejected' && batch.get(key)?.request === request.id);
  }).length;
}

/** Lines with a difference that were left behind when their batch was sent: stopped, or posted later. */
function unsent(connection: string, marks: SendingState['marks']): readonly Need[] {
  const told = marks.connections.get(connection)?.marks ?? new Map<string, ReadonlyMap<string, unknown>>();
  return [...told].flatMap(([batch, lines]): readonly Need[] => {
    let left = 0;
    for (const [key, line] of marks.posted.get(batch)?.lines ?? [])
      if (line.variance !== '0' && !lines.has(key)) left += 1;
    return left === 0 ? [] : [{ kind: 'unsent', connection, batch, lines: left }];
  });
}
