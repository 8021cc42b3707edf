import { skuKey } from '../../shared/domain/item.ts';
import { binKey } from '../../shared/domain/location.ts';
import { figureKey } from '../../shared/ports/figure-key.ts';
import { lineProgress, type OutboxRequest } from '../../shared/sync/outbox/outbox.ts';
import type { SendLine } from '../../shared/domain/ledger-entry.ts';
import type { SendingState } from '../ledger/sending-state.ts';
import { besideIn } from './accounts.ts';

type Known = Pick<SendingState, 'connections' | 'mappings' | 'outbox' | 'observations'>;

/** Lines of one batch that two laptops have sent to one account before they met. */
export type SentTwice = {
  readonly connection: string;
  readonly batch: string;
  readonly lines: number;
  readonly laptops: readonly string[];
};

type Sent = { readonly request: OutboxRequest; readonly line: SendLine };

/** Whether a line may have taken effect: somebody began to send it, and it is not known that it did not arrive. */
function maybeThere(request: OutboxRequest, { ref }: SendLine): boolean {
  const state = lineProgress(request, ref);
  return request.senders.length > 0 && state !== 'rejected' && state !== 'again';
}

/**
 * What two laptops sent of one line, each without knowing of the other. The remote may hold it twice: said until its figure
 * was read again, for then it stands among what differs. One batch is told once, at the connection that came first.
 */
export function sentTwice(state: Known): readonly SentTwice[] {
  const all = new Set([...state.outbox.values()].flatMap(({ senders }) => senders));
  if (all.size < 2) return [];
  const told = new Set<string>();
  return [...state.connections.keys()].flatMap((connection) => {
    if (told.has(connection)) return [];
    const account = new Set([connection, ...besideIn(state, connection)]);
    for (const one of account) told.add(one);
    return ofAccount(state, connection, account);
  });
}

function ofAccount(state: Known, connection: string, account: ReadonlySet<string>): readonly SentTwice[] {
  const shelves = new Map<string, Sent[]>();
  for (const request of state.outbox.values()) {
    if (!account.has(request.connection)) continue;
    for (const line of request.request.lines) {
      if (!maybeThere(request, line)) continue;
      for (const bin of line.bins.length === 0 ? [''] : line.bins) {
        const key = [request.batch, skuKey(line.item), binKey(bin), line.remoteItem].join('\u001F');
        const some = shelves.get(key);
        if (some === undefined) shelves.set(key, [{ request, line }]);
        else some.push({ request, line });
      }
    }
  }
  const found = new Map<string, { lines: Set<string>; laptops: Set<string> }>();
  for (const [key, sent] of shelves) {
    const laptops = new Set(sent.flatMap(({ request }) => request.senders));
    if (laptops.size < 2 || isReadSince(state, account, sent)) continue;
    const batch = sent[0]?.request.batch ?? '';
    const one = found.get(batch) ?? { lines: new Set<string>(), laptops: new Set<string>() };
    found.set(batch, one);
    one.lines.add(key);
    for (const laptop of laptops) one.laptops.add(laptop);
  }
  return [...found].map(([batch, { lines, laptops }]) => ({
    connection,
    batch,
    lines: lines.size,
    laptops: [...laptops],
  }));
}

function isReadSince({ observations }: Known, account: ReadonlySet<string>, sent: readonly Sent[]): boolean {
  return sent.every(({ request, line }) => {
    const last = request.attemptedAt ?? request.frozenAt;
    const key = figureKey(line.remoteItem, line.remoteLocation);
    return [...account].some((one) => (observations.get(one)?.figures.get(key)?.seenAt ?? '') > last);
  });
}
