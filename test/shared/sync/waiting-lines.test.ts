import { expect, test } from 'vitest';
import type { FrozenRequest, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import { foldSendMarks, NO_SEND_MARKS } from '../../../shared/sync/outbox/open-lines.ts';
import { waitingLines } from '../../../shared/sync/outbox/waiting-lines.ts';
import { createChain, posted } from './entries.ts';

const HERE = { connection: 'square', batch: 'batch' };
const [TEA, SALT, OIL] = [
  posted('TEA', 'A-1', '9', '-2'),
  posted('SALT', 'A-1', '9', '3'),
  posted('OIL', 'A-1', '9', '0'),
];
const ref = (line: PostedLine) => lineRef(HERE.connection, HERE.batch, [line]);

function request(line: PostedLine): FrozenRequest {
  const { item, bin, variance } = line;
  const sent = { ref: ref(line), item, remoteItem: item, remoteLocation: 'L', change: 'adjust' as const };
  const lines = [{ ...sent, quantity: variance, bins: [bin] }];
  return { id: `r-${item}`, idempotencyKey: item, method: 'POST', path: '/', body: '', lines };
}

test('O40 a posted line waits until a connection has confirmed or refused it; one without variance never waits', () => {
  const chain = createChain();
  const waiting = () => waitingLines(chain.entries.reduce(foldSendMarks, NO_SEND_MARKS));
  const settle = (line: PostedLine, refused: readonly string[] | null) =>
    chain.add({
      kind: 'send_settled',
      connection: HERE.connection,
      request: `r-${line.item}`,
      attempt: 1,
      outcome:
        refused === null
          ? { state: 'confirmed', receipts: [] }
          : { state: 'rejected', code: 'rejected', detail: '', refs: [...refused] },
    });
  chain.add({ kind: 'lines_posted', batch: HERE.batch, lines: [TEA, SALT, OIL] });
  expect(waiting()).toBe(2);
  chain.add({ kind: 'send_frozen', ...HERE, requests: [request(TEA)], stopped: [] });
  expect(waiting()).toBe(2);
  settle(TEA, []);
  expect(waiting()).toBe(2);
  chain.add({
    kind: 'send_frozen',
    ...HERE,
    requests: [{ ...request(TEA), id: 'r-TEA-2' }, request(SALT)],
    stopped: [],
  });
  expect(waiting()).toBe(2);
  chain.add({
    kind: 'send_settled',
    connection: HERE.connection,
    request: 'r-TEA-2',
    attempt: 1,
    outcome: { state: 'confirmed', receipts: [] },
  });
  expect(waiting()).toBe(1);
  settle(SALT, [ref(SALT)]);
  expect(waiting()).toBe(0);
});
