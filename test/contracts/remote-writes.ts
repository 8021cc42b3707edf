import { testWhere } from './test-where.ts';
import { expect, test } from 'vitest';
import type { FrozenRequest } from '../../shared/domain/ledger-entry.ts';
import type { PlannedLine } from '../../shared/ports/remote-inventory.ts';
import { addQuantities, type Proof } from './remote-proof.ts';

/** Rules of changing stock: what is sent, what comes of it, and how that is found out. */
export function proveWrites({ connector, stand, remote, has, line, freezeOne, plus, since, figures }: Proof): void {
  const { abilities } = connector;
  const byFigures = abilities.readBack === 'figures';
  const known = async (request: FrozenRequest) => ({
    since: since(),
    ...(byFigures ? { before: await figures(request) } : {}),
  });
  const refsOf = (answer: { ok: true; value: { receipts: readonly { ref: string }[] } } | { ok: false }) =>
    answer.ok && answer.value.receipts.map((receipt) => receipt.ref);
  /** As many requests as the remote's limit makes necessary. */
  const freezeAll = (lines: readonly PlannedLine[]): FrozenRequest[] => {
    const size = abilities.maxLinesPerRequest;
    return Array.from({ length: Math.ceil(lines.length / size) }, (_, at) =>
      connector.freeze(lines.slice(at * size, (at + 1) * size)),
    );
  };

  test('R1 the same lines freeze to the same bytes and the same key, other lines to another key', () => {
    const lines = [line('ref-1', stand().items.whole, '5'), line('ref-2', stand().items.other, '-2')];
    const one = freezeAll(lines);
    expect(freezeAll([...lines])).toEqual(one);
    const ids = [
      ...one,
      freezeOne('5'),
      freezeOne('6'),
      connector.freeze([line('ref-9', stand().items.whole, '5')]),
      connector.freeze([line('ref-1', stand().items.whole, '5', { occurredAt: since() })]),
    ].map((request) => request.id);
    const same = abilities.maxLinesPerRequest === 1 ? 1 : 0;
    expect(new Set(ids).size).toBe(ids.length - same);
    expect(one.flatMap((request) => request.lines.map((sent) => sent.ref))).toEqual(['ref-1', 'ref-2']);
    expect(one.every(({ id, idempotencyKey }) => id.length <= 64 && idempotencyKey.length <= 64)).toBe(true);
  });

  test('R45 all that a person was shown of a line is frozen with it', () => {
    const planned = line('ref-1', stand().items.whole, '5', { from: '7', beside: '2', reason: 'DAMAGED' });
    const { occurredAt, ...shown } = planned;
    expect(connector.freeze([planned]).lines).toMatchObject([shown]);
    expect(occurredAt).toBeDefined();
  });

  test('R3 an adjustment changes the figure by its signed amount, and every line has a receipt', async () => {
    const { whole, other, kilos } = stand().items;
    const before = (item: string) => stand().quantity(item) ?? '0';
    const expected = [plus('5'), addQuantities(before(other), '-2')];
    const kilosAfter = kilos === undefined ? undefined : addQuantities(before(kilos), '0.125');
    const lines = [
      line('up', whole, '5'),
      line('down', other, '-2'),
      ...(kilos === undefined ? [] : [line('kilo', kilos, '0.125')]),
    ];
    const refs: string[] = [];
    for (const request of freezeAll(lines)) {
      const answer = await remote().push(request);
      expect(answer).toMatchObject({ ok: true });
      if (answer.ok) refs.push(...answer.value.map((receipt) => receipt.ref));
    }
    expect(refs).toEqual(lines.map(({ ref }) => ref));
    expect([before(whole), before(other)]).toEqual(expected);
    if (kilos !== undefined) expect(before(kilos)).toBe(kilosAfter);
  });

  testWhere(abilities.idempotencyKeys)('R4 the same request sent again changes nothing more', async () => {
    const request = freezeOne('5');
    const first = await remote().push(request);
    expect(await remote().push(request)).toEqual(first);
    expect(stand().quantity(stand().items.whole)).toBe(plus('5'));
  });

  testWhere(!abilities.idempotencyKeys)(
    'R100 without keys a request that is sent twice counts twice: so it is read back first',
    async () => {
      const request = freezeOne('5');
      expect([(await remote().push(request)).ok, (await remote().push(request)).ok]).toEqual([true, true]);
      expect(stand().quantity(stand().items.whole)).toBe(plus('10'));
    },
  );

  test('R5 when the answer is lost the outcome is unknown, whether or not it took effect', async () => {
    let applied = 0;
    for (const fault of ['lost_before', 'lost_after', 'failed_after', 'no_answer'] as const) {
      if (!has(fault)) continue;
      stand().fault(fault);
      expect({ fault, answer: await remote().push(freezeOne('1')) }).toMatchObject({
        fault,
        answer: { ok: false, error: { code: 'unknown_outcome' } },
      });
      if (fault === 'lost_after' || fault === 'failed_after') applied += 1;
    }
    const times = abilities.idempotencyKeys ? Math.min(applied, 1) : applied;
    expect(stand().quantity(stand().items.whole)).toBe(plus(String(times)));
  });

  testWhere(abilities.readBack !== 'none')('R6 reading back names exactly the lines that arrived', async () => {
    const arrived = freezeOne('3');
    const before = await known(arrived);
    stand().fault('lost_before');
    await remote().push(arrived);
    expect(await remote().readBack(arrived, before)).toEqual({ ok: true, value: { receipts: [], doubtful: [] } });
    stand().fault('lost_after');
    await remote().push(arrived);
    const back = await remote().readBack(arrived, before);
    expect(refsOf(back)).toEqual(['ref-1']);
    expect(back).toMatchObject({ value: { doubtful: [] } });
  });

  testWhere(abilities.readBack !== 'none' && has('too_many_after_half'))(
    'R6 of a request that was done by half, the half that arrived is named',
    async () => {
      const four = connector.freeze(
        ['a', 'b', 'c', 'd'].map((ref, at) => line(ref, at < 2 ? stand().items.whole : stand().items.other, '1')),
      );
      const before = await known(four);
      stand().fault('too_many_after_half');
      expect(await remote().push(four)).toMatchObject({ ok: false });
      expect(refsOf(await remote().readBack(four, before))).toEqual(['a', 'b']);
    },
  );

  testWhere(byFigures)(
    'R101 where others changed the same figure meanwhile, the line is in doubt, with both figures',
    async () => {
      const request = freezeOne('3');
      const before = await known(request);
      stand().fault('lost_after');
      await remote().push(request);
      stand().sale(stand().items.whole, '1');
      expect(await remote().readBack(request, before)).toEqual({
        ok: true,
        value: { receipts: [], doubtful: [{ ref: 'ref-1', before: stand().items.stock, now: plus('2') }] },
      });
    },
  );

  test('R7 an answer that is cut or that holds errors is never taken for success', async () => {
    const codes: string[] = [];
    for (const fault of ['cut_text', 'errors_in_success'] as const) {
      if (!has(fault)) continue;
      stand().fault(fault);
      const answer = await remote().push(freezeOne('1'));
      codes.push(answer.ok ? 'ok' : answer.error.code);
    }
    expect(codes.filter((code) => code !== 'bad_answer' && code !== 'unknown_outcome')).toEqual([]);
    if (!has('errors_in_success')) return;
    stand().fault('errors_in_success');
    expect((await remote().counts({ locations: [stand().place] })).ok).toBe(false);
  });

  testWhere(has('too_many'))('R8 too many requests says how long to wait', async () => {
    stand().fault('too_many');
    expect(await remote().push(freezeOne('1'))).toMatchObject({
      ok: false,
      error: { code: 'rate_limited', retryAfterMs: stand().tooManyWaitMs ?? 7000 },
    });
  });

  test('R11 a refused line is named and the rest can go with another key', async () => {
    const { whole, missing = 'no-such-thing' } = stand().items;
    const bad = line('bad', missing, '1');
    const together = abilities.maxLinesPerRequest > 1 && has('atomic_requests');
    const answer = await remote().push(connector.freeze(together ? [line('good', whole, '1'), bad] : [bad]));
    expect(answer).toMatchObject({ ok: false, error: { code: 'rejected', refs: ['bad'] } });
    expect(stand().quantity(whole)).toBe(stand().items.stock);
    expect((await remote().push(connector.freeze([line('good', whole, '1')]))).ok).toBe(true);
    expect(stand().quantity(whole)).toBe(plus('1'));
  });

  test('R12 a quantity finer than the unit is refused', async () => {
    const fine = line('fine', stand().items.whole, '2.5');
    if (abilities.maxPrecision === 0) {
      expect(() => connector.freeze([fine])).toThrow('freeze');
      return;
    }
    const answer = await remote().push(connector.freeze([fine]));
    expect(answer).toMatchObject({ ok: false, error: { code: 'rejected', refs: ['fine'] } });
  });

  testWhere(abilities.absoluteCounts && abilities.backDatingMs > 0)(
    'R17 a count sets the figure as at its time, and what happened later stays on top',
    async () => {
      const countedAt = stand().now();
      stand().advance(600_000);
      stand().sale(stand().items.whole, '2');
      const count = line('count', stand().items.whole, '40', { change: 'count', occurredAt: countedAt });
      expect((await remote().push(connector.freeze([count]))).ok).toBe(true);
      expect(stand().quantity(stand().items.whole)).toBe('38');
    },
  );

  testWhere(abilities.absoluteCounts && abilities.backDatingMs === 0)(
    'R102 where no time can be given, a count sets the figure as it is now',
    async () => {
      const countedAt = stand().now();
      stand().advance(600_000);
      stand().sale(stand().items.whole, '2');
      const count = line('count', stand().items.whole, '40', { change: 'count', occurredAt: countedAt });
      expect((await remote().push(connector.freeze([count]))).ok).toBe(true);
      expect(stand().quantity(stand().items.whole)).toBe('40');
    },
  );

  testWhere(!abilities.absoluteCounts)('R103 a remote that takes changes only cannot be given a count', () => {
    expect(() => connector.freeze([line('count', stand().items.whole, '40', { change: 'count' })])).toThrow('freeze');
  });

  testWhere(abilities.backDatingMs === 0)('R104 where no time can be given, an old change is done now', async () => {
    const old = line('old', stand().items.whole, '2', { occurredAt: '2020-01-01T00:00:00.000Z' });
    expect((await remote().push(connector.freeze([old]))).ok).toBe(true);
    expect(stand().quantity(stand().items.whole)).toBe(plus('2'));
  });

  testWhere(abilities.backDatingMs > 0)('R18 a time outside the window is refused by name', async () => {
    const at = (ms: number) => new Date(Date.parse(stand().now()) + ms).toISOString();
    const window = abilities.backDatingMs;
    const { whole, other } = stand().items;
    for (const occurredAt of [at(60_000), at(-window - 60_000)]) {
      const answer = await remote().push(
        connector.freeze([line('timed', whole, '1', { occurredAt }), line('fine', other, '1')]),
      );
      expect(answer).toMatchObject({ ok: false, error: { code: 'rejected', refs: ['timed'] } });
    }
    const inTime = line('timed', whole, '1', { occurredAt: at(-window + 60_000) });
    expect((await remote().push(connector.freeze([inTime]))).ok).toBe(true);
  });

  testWhere(abilities.binLevel)(
    'R105 a place is a bin of a site, and a change of one bin leaves the others as they are',
    async () => {
      const { place, otherPlace = '', items } = stand();
      const page = await remote().locations();
      const sites = page.ok && page.value.locations.filter(({ id }) => id === place || id === otherPlace);
      expect(sites && sites.map(({ site }) => site)).toEqual([expect.any(String), expect.any(String)]);
      const beside = stand().quantity(items.whole, otherPlace);
      expect((await remote().push(freezeOne('4'))).ok).toBe(true);
      expect(stand().quantity(items.whole, place)).toBe(plus('4'));
      expect(stand().quantity(items.whole, otherPlace)).toBe(beside);
    },
  );

  testWhere(abilities.tracking)(
    'R108 tracking is started, its figures come to light, and twice is harmless',
    async () => {
      const { untracked = '' } = stand().items;
      const location = stand().place;
      const figure = async () => {
        const page = await remote().counts({ locations: [location], items: [untracked] });
        return page.ok ? page.value.counts.find((count) => count.remoteItem === untracked) : undefined;
      };
      expect(await figure()).toMatchObject({ quantity: null });
      const first = await remote().startTracking?.({ items: [untracked], location });
      expect(first).toMatchObject({ ok: true, value: { counts: [{ remoteItem: untracked }] } });
      const tracked = await figure();
      expect(tracked?.quantity).not.toBeNull();
      expect(await remote().startTracking?.({ items: [untracked], location })).toMatchObject({ ok: true });
      expect((await figure())?.quantity).toBe(tracked?.quantity);
    },
  );

  testWhere(abilities.createsLocations)(
    'R109 a place can be made, and is listed and counted like the others',
    async () => {
      const before = await remote().locations();
      const site = (before.ok && before.value.locations.find(({ id }) => id === stand().place)?.site) || '';
      const made = await remote().createLocation?.({ name: 'TALLY-NEW-1', site });
      if (made?.ok !== true) throw new Error('no place was made');
      expect(made.value).toMatchObject({ name: expect.stringContaining('TALLY-NEW-1'), active: true });
      const there = await remote().push(
        connector.freeze([line('new', stand().items.whole, '6', { remoteLocation: made.value.id })]),
      );
      expect(there.ok).toBe(true);
      expect(stand().quantity(stand().items.whole, made.value.id)).toBe('6');
    },
  );
}
