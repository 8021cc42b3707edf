import { describe, expect, test } from 'vitest';
import { foldSending, NO_SENDING } from '../../../renderer/ledger/sending-state.ts';
import { needsOf } from '../../../renderer/sync/needs.ts';
import { sentTwice } from '../../../renderer/sync/sent-twice.ts';
import type { Fact, FrozenRequest, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { at, createChain } from '../../shared/sync/entries.ts';

function request(id: string, items: readonly string[]): FrozenRequest {
  const lines = items.map((item) => ({
    ref: `${id} ${item}`,
    item,
    remoteItem: item,
    remoteLocation: 'L1',
    change: 'adjust' as const,
    quantity: '-2',
    bins: ['A'],
  }));
  return { id, idempotencyKey: id, method: 'POST', path: '/', body: '', lines };
}

/** Two laptops, each with a connection of its own to one Zettle, that send some of the same lines. */
function twoLaptops() {
  const chain = createChain();
  const entries: LedgerEntry[] = [];
  const say = (device: string, fact: Fact, ms = 0) => entries.push({ ...chain.add(fact, at(ms)), device });
  for (const [device, connection] of [
    ['d1', 'c1'],
    ['d2', 'c2'],
  ] as const) {
    const settings = { address: 'https://zettle.example', clientId: device };
    say(device, { kind: 'connection_saved', connection, remote: 'zettle', name: device, settings });
    say(device, { kind: 'mapping_set', connection, items: [], sites: [{ site: 'Main', remoteLocation: 'L1' }] });
  }
  const sends = (device: string, connection: string, id: string, items: readonly string[], ms: number) => {
    say(device, { kind: 'send_frozen', connection, batch: 'b1', requests: [request(id, items)], stopped: [] }, ms);
    say(device, { kind: 'send_attempted', connection, request: id, attempt: 1 }, ms + 1);
  };
  return { say, sends, state: () => entries.reduce(foldSending, NO_SENDING) };
}

describe('sent twice', () => {
  test('U840 what two laptops sent to one account before they met needs a person until its figure was read again', () => {
    const { say, sends, state } = twoLaptops();
    sends('d1', 'c1', 'r1', ['TEA', 'OIL'], 1_000);
    expect(sentTwice(state())).toEqual([]);
    sends('d2', 'c2', 'r2', ['TEA', 'WAX'], 2_000);
    expect(sentTwice(state())).toEqual([{ connection: 'c1', batch: 'b1', lines: 1, laptops: ['d1', 'd2'] }]);
    expect(needsOf(state()).map(({ kind }) => kind)).toContain('twice');
    const counts = [{ remoteItem: 'TEA', remoteLocation: 'L1', quantity: '6' }];
    const seen = (requestedAt: string): Fact => ({
      kind: 'remote_observed',
      connection: 'c1',
      requestedAt,
      counts,
      complete: false,
    });
    say('d1', seen(at(1_500)), 1_500);
    expect(sentTwice(state())).toHaveLength(1);
    say('d1', seen(at(9_000)), 9_000);
    expect(sentTwice(state())).toEqual([]);
  });

  test('U840 what one of them was refused, or never began to send, is sent once', () => {
    const { say, sends, state } = twoLaptops();
    sends('d1', 'c1', 'r1', ['TEA'], 1_000);
    say('d2', { kind: 'send_frozen', connection: 'c2', batch: 'b1', requests: [request('r3', ['TEA'])], stopped: [] });
    expect(sentTwice(state())).toEqual([]);
    sends('d2', 'c2', 'r2', ['TEA'], 2_000);
    const outcome = { state: 'rejected' as const, code: 'rejected', detail: '', refs: ['r2 TEA'] };
    say('d2', { kind: 'send_settled', connection: 'c2', request: 'r2', attempt: 1, outcome });
    expect(sentTwice(state())).toEqual([]);
    // One request that both began to send, made of one plan.
    say('d2', { kind: 'send_attempted', connection: 'c1', request: 'r1', attempt: 1 }, 3_000);
    expect(sentTwice(state())).toMatchObject([{ lines: 1, laptops: ['d1', 'd2'] }]);
  });
});
