import { expect, test } from 'vitest';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { foldSent, type Sent } from '../../../electron/verify/report.ts';

const frozen = (id: string, refs: readonly string[]): Fact => ({
  kind: 'send_frozen',
  connection: 'till',
  batch: 'batch-1',
  requests: [
    {
      id,
      idempotencyKey: id,
      method: 'POST',
      path: '/',
      body: '{}',
      lines: refs.map((ref) => ({
        ref,
        item: 'SKU-1',
        remoteItem: 'r',
        remoteLocation: 'l',
        change: 'adjust',
        quantity: '1',
        bins: ['A-01'],
      })),
    },
  ],
  stopped: [],
});

test('H937 what was sent twice is one line, and a receipt is counted however it came: at once, in part, or by a person', () => {
  const sent: Sent = new Map();
  const requests = new Map<string, string>();
  const settled = { connection: 'till', attempt: 1 };
  const facts: readonly Fact[] = [
    frozen('one', ['a', 'b', 'c', 'd']),
    {
      kind: 'send_settled',
      ...settled,
      request: 'one',
      outcome: {
        state: 'split',
        arrived: ['a'],
        missing: ['b', 'd'],
        refused: [],
        doubtful: [{ ref: 'c', before: null, now: null }],
      },
    },
    { kind: 'doubt_settled', connection: 'till', request: 'one', arrived: ['c'], missing: [] },
    frozen('two', ['b', 'd']),
    { kind: 'send_settled', ...settled, request: 'two', outcome: { state: 'confirmed', receipts: [{ ref: 'b' }] } },
    {
      kind: 'send_settled',
      ...settled,
      request: 'two',
      outcome: { state: 'rejected', code: 'x', detail: '', refs: ['d'] },
    },
  ];
  for (const fact of facts) foldSent(sent, requests, { fact } as LedgerEntry);
  const { lines, arrived } = sent.get('batch-1') ?? { lines: new Set(), arrived: new Set() };
  expect([lines.size, [...arrived]]).toEqual([4, ['till a', 'till c', 'till b']]);
});
