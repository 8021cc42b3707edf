import { describe, expect, test } from 'vitest';
import { createWriter, type InsertEntries, type TakeBack } from '../../../renderer/ledger/writer.ts';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Host, HostError } from '../../../shared/ports/host.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import { counted, createHistory } from '../../shared/domain/history.ts';
import { code } from './page.ts';

/** A host that seals in order, takes a while, and refuses what it is told to; and a copy that fails as often as told. */
function writing(
  options: {
    refuse?: (facts: readonly Fact[]) => HostError | undefined;
    insertFails?: number;
    takeBackFails?: number;
    /** Mending the copy fails so often; then it holds what was folded. */
    mendFails?: number;
    /** Answers early; what `sync` says comes later. */
    sync?: (ticket: number) => Promise<HostError | undefined>;
  } = {},
) {
  const history = createHistory();
  const calls: number[] = [];
  const tickets = new Map<number, number>();
  const unkept = new Set<number>();
  const inserted: LedgerEntry[] = [];
  const folded: LedgerEntry[] = [];
  const events: string[] = [];
  let failures = options.insertFails ?? 0;
  const append: Host['append'] = async ({ facts }) => {
    calls.push(facts.length);
    await Promise.resolve();
    const refused = options.refuse?.(facts);
    if (refused) return err(refused);
    const entries = facts.map((fact) => history.say(history.entries.length, fact));
    for (const { seq } of entries) tickets.set(seq, calls.length);
    if (options.sync) return ok({ entries, ticket: calls.length });
    events.push(`journal ${entries.length}`);
    return ok({ entries });
  };
  const synced: Host['synced'] = async ({ ticket }) => {
    const refused = await options.sync?.(ticket);
    if (refused) unkept.add(ticket);
    events.push(refused ? 'journal refused' : `journal ${ticket}`);
    return refused ? err(refused) : ok({});
  };
  let unforgotten = options.takeBackFails ?? 0;
  const takeBack: TakeBack = async (entries) => {
    if (unforgotten > 0) {
      unforgotten -= 1;
      return err({ code: 'not_stored', detail: 'planted' });
    }
    const gone = new Set(entries.map(({ id }) => id));
    inserted.splice(0, inserted.length, ...inserted.filter(({ id }) => !gone.has(id)));
    events.push(`forgotten ${entries.length}`);
    return ok(null);
  };
  const insert: InsertEntries = async (entries) => {
    await Promise.resolve();
    if (failures > 0) {
      failures -= 1;
      return err({ code: 'not_stored', detail: 'planted' });
    }
    inserted.push(...entries);
    events.push(`copy ${entries.length}`);
    return ok(null);
  };
  const fold = (entries: readonly LedgerEntry[]) => {
    folded.push(...entries);
    events.push(`fold ${entries.length}`);
  };
  const readJournal: Host['readJournal'] = async ({ fromSeq, limit }) =>
    ok({
      entries: history.entries
        .slice(fromSeq - 1, fromSeq - 1 + limit)
        .filter(({ seq }) => !unkept.has(tickets.get(seq) ?? 0)),
    });
  let unmended = options.mendFails ?? 0;
  const mend = async () => {
    if (unmended > 0) {
      unmended -= 1;
      return err({ code: 'disk_full' as const });
    }
    events.push('mended');
    inserted.splice(0, inserted.length, ...folded);
    return ok(null);
  };
  const newest = (device: string) => folded.findLast((entry) => entry.device === device)?.seq ?? 0;
  return {
    writer: createWriter({ host: { append, synced, readJournal }, insert, takeBack, fold, newest, mend }),
    history,
    calls,
    inserted,
    folded,
    events,
  };
}

const codes = (entries: readonly LedgerEntry[]) =>
  entries.map(({ fact }) => (fact.kind === 'counted' ? fact.quantity : fact.kind));

describe('saving a fact', () => {
  test('L70 a fact is answered for after the journal, the copy and the books have it, in this order', async () => {
    const { writer, events } = writing();
    const answer = writer.append([counted('1')]).then(() => events.push('answered'));
    expect(writer.pending()).toBe(1);
    await answer;
    expect(events).toEqual(['journal 1', 'copy 1', 'fold 1', 'answered']);
    expect(writer.pending()).toBe(0);
  });

  test('L71 a burst shares a few journal writes and keeps its order, in both copies and in the answers', async () => {
    const { writer, calls, inserted, folded } = writing();
    const answered: string[] = [];
    const wanted = Array.from({ length: 500 }, (_, at) => String(at));
    await Promise.all(
      wanted.map(async (quantity) => {
        const sealed = await writer.append([counted(quantity)]);
        answered.push(...(sealed.ok ? codes(sealed.value) : [sealed.error.code]));
      }),
    );
    expect(calls.length).toBeLessThan(6);
    for (const order of [answered, codes(inserted), codes(folded)]) expect(order).toEqual(wanted);
  });

  test('L72 one refused fact in a burst does not take the others with it', async () => {
    const { writer, folded } = writing({
      refuse: (facts) =>
        facts.some((fact) => fact.kind === 'counted' && fact.quantity === '3')
          ? { code: 'bad_request', reason: 'three' }
          : undefined,
    });
    const answers = await Promise.all(['1', '2', '3', '4'].map((quantity) => writer.append([counted(quantity)])));
    expect(answers.map(code)).toEqual(['ok', 'ok', 'bad_request', 'ok']);
    expect(codes(folded)).toEqual(['1', '2', '4']);
  });

  test('L73 facts proposed together are all saved or none', async () => {
    const { writer, folded } = writing({
      refuse: (facts) => (facts.length > 1 ? { code: 'role_missing', kind: 'counted', roles: [] } : undefined),
    });
    expect(code(await writer.append([counted('1'), counted('2')]))).toBe('role_missing');
    expect(folded).toEqual([]);
  });

  test('L74 after a failure that leaves open what was sealed, nothing of the burst is sent a second time', async () => {
    let asked = 0;
    const { writer, calls } = writing({
      refuse: () => {
        asked += 1;
        return asked === 2 ? { code: 'host_failed' } : undefined;
      },
    });
    const answers = await Promise.all(['1', '2', '3'].map((quantity) => writer.append([counted(quantity)])));
    expect(answers.map(code)).toEqual(['ok', 'host_failed', 'host_failed']);
    expect(calls).toEqual([1, 2]);
  });

  test('L75 a copy that refuses once or twice is asked again, and nothing is told', async () => {
    const { writer, inserted } = writing({ insertFails: 2 });
    expect(code(await writer.append([counted('1')]))).toBe('ok');
    expect(codes(inserted)).toEqual(['1']);
    expect(writer.problem()).toBeUndefined();
  });

  test('L76 a copy that keeps refusing: what the journal has is saved and shown, the next is refused before the journal', async () => {
    const { writer, folded, calls } = writing({ insertFails: 3, mendFails: 2 });
    expect(code(await writer.append([counted('1')]))).toBe('ok');
    expect(codes(folded)).toEqual(['1']);
    expect(writer.problem()).toMatchObject({ code: 'disk_full' });
    expect(code(await writer.append([counted('2')]))).toBe('disk_full');
    expect(calls).toEqual([1]);
    expect(writer.pending()).toBe(0);
  });

  test('L77 once the copy can be mended, counting goes on, and the copy holds everything', async () => {
    const { writer, folded, inserted } = writing({ insertFails: 3, mendFails: 1 });
    expect(code(await writer.append([counted('1')]))).toBe('ok');
    const answers = await Promise.all([writer.append([counted('2')]), writer.append([counted('3')])]);
    expect(answers.map(code)).toEqual(['ok', 'ok']);
    for (const order of [codes(inserted), codes(folded)]) expect(order).toEqual(['1', '2', '3']);
    expect(writer.problem()).toBeUndefined();
  });

  test('L78 entries that the host sealed itself are taken in between the others', async () => {
    const { writer, folded } = writing();
    const others = createHistory();
    const sealed = others.say(
      0,
      { kind: 'send_attempted', connection: 'c', request: 'r', attempt: 1 },
      { device: 'x' },
    );
    const [first, taken] = await Promise.all([writer.append([counted('1')]), writer.takeIn([sealed])]);
    expect([code(first), code(taken)]).toEqual(['ok', 'ok']);
    expect(codes(folded).toSorted()).toEqual(['1', 'send_attempted']);
    await writer.idle();
  });

  test('L160 the journal syncs while the copy stores, and a fact is answered for after both', async () => {
    let finish = (): void => undefined;
    const { writer, events } = writing({
      sync: () =>
        new Promise((resolve) => {
          finish = () => resolve(undefined);
        }),
    });
    const answer = writer.append([counted('1')]).then(() => events.push('answered'));
    while (events.length === 0) await Promise.resolve();
    expect(events).toEqual(['copy 1']);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect([events, writer.pending()]).toEqual([['copy 1'], 1]);
    finish();
    await answer;
    expect(events).toEqual(['copy 1', 'journal 1', 'fold 1', 'answered']);
  });

  test('L161 what the journal could not keep is taken out of the copy before it is refused, and never shown', async () => {
    const { writer, events, inserted, folded } = writing({
      sync: async (ticket) => (ticket === 1 ? { code: 'disk_full' } : undefined),
    });
    const refused = writer.append([counted('1')]).then((answer) => events.push(code(answer)));
    const kept = writer.append([counted('2')]);
    await refused;
    expect(code(await kept)).toBe('ok');
    expect(events.indexOf('forgotten 1')).toBeLessThan(events.indexOf('disk_full'));
    expect(events.indexOf('forgotten 1')).toBeLessThan(events.lastIndexOf('copy 1'));
    for (const order of [codes(inserted), codes(folded)]) expect(order).toEqual(['2']);
    expect(writer.problem()).toBeUndefined();
  });

  test('L162 a copy that cannot forget what the journal refused: nothing more is accepted', async () => {
    const { writer, folded, calls } = writing({
      sync: async () => ({ code: 'disk_full' }),
      takeBackFails: 3,
      mendFails: 2,
    });
    expect(code(await writer.append([counted('1')]))).toBe('disk_full');
    expect(code(await writer.append([counted('2')]))).toBe('disk_full');
    expect([folded, calls]).toEqual([[], [1]]);
  });
});
