import { describe, expect, test } from 'vitest';
import type { FrozenRequest, LedgerEntry, Outcome, SendLine } from '../../../shared/domain/ledger-entry.ts';
import type { RemoteError } from '../../../shared/ports/remote-inventory.ts';
import { nextDue, readBackSince } from '../../../shared/sync/outbox/next-due.ts';
import { EMPTY_OUTBOX, foldOutbox, lineProgress } from '../../../shared/sync/outbox/outbox.ts';
import { settleReadBack } from '../../../shared/sync/outbox/settle-read-back.ts';
import { settlePush } from '../../../shared/sync/outbox/settle.ts';
import { at, createChain, T0 } from './entries.ts';

function line(ref: string): SendLine {
  return { ref, item: ref, remoteItem: ref, remoteLocation: 'MAIN', change: 'adjust', quantity: '1', bins: ['A'] };
}
function request(id: string, refs: readonly string[]): FrozenRequest {
  return { id, idempotencyKey: id, method: 'POST', path: '/', body: '{}', lines: refs.map(line) };
}
const fold = (entries: readonly LedgerEntry[]) => entries.reduce(foldOutbox, EMPTY_OUTBOX);
const frozen = (...requests: FrozenRequest[]) => ({
  kind: 'send_frozen' as const,
  connection: 'c1',
  batch: 'b1',
  requests,
  stopped: [],
});
const attempted = (id: string, attempt: number) => ({
  kind: 'send_attempted' as const,
  connection: 'c1',
  request: id,
  attempt,
});
const settled = (id: string, outcome: Outcome) => ({
  kind: 'send_settled' as const,
  connection: 'c1',
  request: id,
  attempt: 1,
  outcome,
});
const due = (entries: readonly LedgerEntry[], now = T0, more = {}) => {
  const next = nextDue(fold(entries), { connection: 'c1', now, idempotent: true, ...more });
  return 'request' in next ? `${next.do} ${next.request.id}` : 'until' in next ? `wait ${next.until}` : next.do;
};
const context = { lines: [line('a'), line('b')], attempt: 1, now: T0, random: 0.5, idempotent: true };
const error = (code: RemoteError['code'], more = {}) => ({
  ok: false as const,
  error: { code, detail: 'words', refs: [], ...more } as RemoteError,
});

describe('outbox', () => {
  test('O16 requests go in the order of freezing, one at a time, and a waiting one holds the rest', () => {
    const chain = createChain();
    chain.add(frozen(request('r1', ['a']), request('r2', ['b'])));
    expect(due(chain.entries)).toBe('push r1');
    expect(due(chain.entries, T0, { inFlight: 'r1' })).toBe('nothing');
    chain.add(settled('r1', { state: 'retry', code: 'not_sent', notBefore: at(5000) }));
    expect(due(chain.entries)).toBe(`wait ${at(5000)}`);
    expect(due(chain.entries, at(5000))).toBe('push r1');
    chain.add(settled('r1', { state: 'confirmed', receipts: [{ ref: 'a' }] }));
    expect(due(chain.entries)).toBe('push r2');
    expect(due(chain.entries, T0, { connection: 'c2' })).toBe('nothing');
  });

  test('M864 the loop leaves alone what another laptop froze, and what goes again where another sends now', () => {
    const chain = createChain();
    const other = createChain();
    const theirs = { ...other.add(frozen(request('r0', ['z']))), device: 'd2' };
    chain.add(frozen(request('r1', ['a', 'b'])));
    const all = () => [theirs, ...chain.entries];
    expect(due(all())).toBe('push r0');
    expect(due(all(), T0, { laptop: 'd1' })).toBe('push r1');
    expect(due(all(), T0, { laptop: 'd3' })).toBe('nothing');
    // What was frozen here is brought to its end; what of it goes again is for the laptop that sends now.
    expect(due(all(), T0, { laptop: 'd1', holds: false })).toBe('push r1');
    const split = { state: 'split' as const, arrived: ['a'], missing: ['b'], refused: [], doubtful: [] };
    chain.add(settled('r1', split));
    expect(due(all(), T0, { laptop: 'd1' })).toBe('freeze_again r1');
    expect(due(all(), T0, { laptop: 'd1', holds: false })).toBe('nothing');
  });

  test('L842 who begins to send a request is kept, also where another laptop had brought it to its end', () => {
    const chain = createChain();
    chain.add(frozen(request('r1', ['a'])));
    chain.add(attempted('r1', 1));
    chain.add(settled('r1', { state: 'confirmed', receipts: [{ ref: 'a' }] }));
    const late = { ...chain.add(attempted('r1', 1)), device: 'd2' };
    const known = fold([...chain.entries.slice(0, 3), late]).get('r1');
    expect(known).toMatchObject({ laptop: 'd1', state: 'confirmed', senders: ['d1', 'd2'] });
  });

  test('O17 a request found under way after a crash is read back before anything is sent again', () => {
    const chain = createChain();
    chain.add(frozen(request('r1', ['a'])));
    chain.add(attempted('r1', 1), at(1000));
    expect(fold(chain.entries).get('r1')).toMatchObject({ state: 'sending', attempts: 1, attemptedAt: at(1000) });
    expect(due(chain.entries, at(2000))).toBe('read_back r1');
    expect(due(chain.entries, at(2000), { idempotent: false })).toBe(`wait ${at(121_000)}`);
    expect(due(chain.entries, at(121_000), { idempotent: false })).toBe('read_back r1');
  });

  test('O18 after an unknown outcome and after "too many requests" the remote is read first', () => {
    for (const outcome of [
      { state: 'unknown' as const, code: 'unknown_outcome', notBefore: T0 },
      { state: 'retry' as const, code: 'rate_limited', notBefore: T0 },
    ]) {
      const chain = createChain();
      chain.add(frozen(request('r1', ['a'])));
      chain.add(attempted('r1', 1));
      chain.add(settled('r1', outcome));
      expect(due(chain.entries)).toBe('read_back r1');
      chain.add(settled('r1', { state: 'retry', code: 'not_there', notBefore: T0 }));
      expect(due(chain.entries)).toBe('push r1');
    }
  });

  test('O19 a final word stands, and freezing the same plan again adds nothing', () => {
    const chain = createChain();
    chain.add(frozen(request('r1', ['a'])));
    chain.add(settled('r1', { state: 'confirmed', receipts: [{ ref: 'a', remoteId: 'X' }] }));
    chain.add(attempted('r1', 2));
    chain.add(settled('r1', { state: 'unknown', code: 'x', notBefore: T0 }));
    chain.add(frozen(request('r1', ['a'])));
    expect(fold(chain.entries).get('r1')).toMatchObject({
      state: 'confirmed',
      receipts: [{ ref: 'a', remoteId: 'X' }],
    });
    expect(due(chain.entries)).toBe('nothing');
  });

  test('O20 the lines of a refused request end as refused, to be sent again, or confirmed', () => {
    const ends = (code: string) => {
      const chain = createChain();
      chain.add(frozen(request('r1', ['a', 'b'])));
      chain.add(settled('r1', { state: 'rejected', code, detail: '', refs: ['a'] }));
      const one = fold(chain.entries).get('r1')!;
      return ['a', 'b'].map((ref) => lineProgress(one, ref));
    };
    expect(ends('rejected')).toEqual(['rejected', 'again']);
    expect(ends('partly_applied')).toEqual(['again', 'confirmed']);
  });

  test('O21 no answer is never a success and never a refusal', () => {
    expect(settlePush(error('unknown_outcome'), context)).toMatchObject({
      state: 'unknown',
      code: 'unknown_outcome',
      notBefore: at(500),
    });
    expect(settlePush(error('bad_answer'), context)).toMatchObject({ state: 'unknown' });
    expect(settlePush(error('unknown_outcome'), { ...context, idempotent: false })).toMatchObject({
      notBefore: at(120_000),
    });
    expect(settlePush({ ok: true, value: [{ ref: 'a' }] }, context)).toMatchObject({
      state: 'unknown',
      code: 'receipt_missing',
    });
    expect(settlePush({ ok: true, value: [{ ref: 'a' }, { ref: 'b' }] }, context)).toMatchObject({
      state: 'confirmed',
    });
  });

  test('O22 waits double up to a minute with full spread, and the remote’s own word on waiting wins', () => {
    const wait = (attempt: number, random: number) => {
      const outcome = settlePush(error('not_sent'), { ...context, attempt, random });
      return 'notBefore' in outcome ? Date.parse(outcome.notBefore) - Date.parse(T0) : -1;
    };
    expect([wait(1, 0), wait(1, 0.5), wait(3, 0.5), wait(40, 0.999)]).toEqual([0, 500, 2000, 59_940]);
    expect(settlePush(error('rate_limited', { retryAfterMs: 7000 }), context)).toMatchObject({
      state: 'retry',
      notBefore: at(7500),
    });
    expect(settlePush(error('unavailable', { retryAfterMs: 1e12 }), context)).toMatchObject({
      notBefore: at(24 * 3_600_000 + 500),
    });
  });

  test('O23 a dead token asks for a person instead of trying in a loop; a missing right refuses every line', () => {
    expect(settlePush(error('unauthorized'), context)).toMatchObject({
      state: 'retry',
      code: 'unauthorized',
      notBefore: at(300_000),
    });
    expect(settlePush(error('forbidden'), context)).toMatchObject({ state: 'rejected', refs: ['a', 'b'] });
    expect(settlePush(error('rejected', { refs: ['b'] }), context)).toMatchObject({ state: 'rejected', refs: ['b'] });
  });

  test('O24 reading back confirms what is all there and sends again what is not there at all', () => {
    const back = (refs: readonly string[], more = {}) =>
      settleReadBack(
        { ok: true, value: { receipts: refs.map((ref) => ({ ref })), doubtful: [] } },
        { ...context, attemptedAt: T0, askedAt: T0, ...more },
      );
    expect(back(['a', 'b'])).toMatchObject({ state: 'confirmed' });
    // What is not there was not there when the reading began, and goes at once.
    expect(back([], { now: at(9000), askedAt: at(4000) })).toMatchObject({ code: 'not_there', notBefore: at(4000) });
    expect(back([], { idempotent: false })).toMatchObject({ state: 'unknown', notBefore: at(120_000) });
    expect(back([], { idempotent: false, now: at(120_000), askedAt: at(120_000) })).toMatchObject({
      state: 'retry',
      code: 'not_there',
    });
  });

  test('O25 what is partly there is settled only when nothing can be on its way any more', () => {
    const back = (now: string) =>
      settleReadBack(
        { ok: true, value: { receipts: [{ ref: 'a' }], doubtful: [] } },
        { ...context, now, attemptedAt: T0, askedAt: now },
      );
    expect(back(at(1000))).toMatchObject({ state: 'unknown', notBefore: at(120_000) });
    expect(back(at(120_000))).toMatchObject({ state: 'split', arrived: ['a'], missing: ['b'], doubtful: [] });
  });

  test('O26 a remote that refuses to be read is asked for an hour and sent nothing; then every line waits for a person', () => {
    const back = (idempotent: boolean, more = {}) =>
      settleReadBack(error('forbidden'), { ...context, idempotent, attemptedAt: T0, askedAt: T0, ...more });
    for (const idempotent of [true, false]) {
      const first = { state: 'unknown', code: 'cannot_read_back', notBefore: at(300_000) };
      expect(back(idempotent)).toMatchObject(first);
      const later = { now: at(3_600_000), lastCode: 'cannot_read_back' };
      expect(back(idempotent, { now: later.now })).toMatchObject({ state: 'unknown' });
      expect(back(idempotent, later)).toMatchObject({ state: 'split', doubtful: [{ ref: 'a' }, { ref: 'b' }] });
    }
    expect(settleReadBack(error('unauthorized'), { ...context, attemptedAt: T0, askedAt: T0 })).toMatchObject({
      state: 'unknown',
      notBefore: at(300_000),
    });
  });

  test('O27 a clock put back neither stalls the queue nor hides what was sent', () => {
    const chain = createChain();
    chain.add(frozen(request('r1', ['a'])), at(1e11));
    chain.add(attempted('r1', 1), at(1e11));
    chain.add(settled('r1', { state: 'unknown', code: 'x', notBefore: at(1e11) }), at(1e11));
    expect(due(chain.entries, T0)).toBe('read_back r1');
    expect(readBackSince(fold(chain.entries).get('r1')!)).toBe(at(1e11 - 72 * 3_600_000));
  });
});
