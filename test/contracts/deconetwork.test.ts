import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../../electron/host/remotes/http-client.ts';
import type { RemoteMovement } from '../../shared/domain/ledger-entry.ts';
import type { HttpRequest } from '../../shared/ports/http-client.ts';
import type { PlannedLine, RemoteInventory, RemoteItem } from '../../shared/ports/remote-inventory.ts';
import type { Comparison, DateTest, NumberTest } from '../../shared/remotes/deconetwork/conditions.ts';
import { deconetwork } from '../../shared/remotes/deconetwork/deconetwork.ts';
import { findEvents, type EventCondition } from '../../shared/remotes/deconetwork/events.ts';
import { findLevels, type LevelCondition } from '../../shared/remotes/deconetwork/levels.ts';
import { listMovements } from '../../shared/remotes/deconetwork/movements.ts';
import { siteOf } from '../../shared/remotes/deconetwork/site.ts';
import type { FaultInput } from '../sandbox/chassis/faults.ts';
import { sandboxHttpClient } from '../sandbox/chassis/http-client.ts';
import { createDeconetworkSandbox, startDeconetworkSandbox } from '../sandbox/deconetwork/deconetwork-sandbox.ts';
import type { DecoBehaviour, GivenEvent, GivenLevel } from '../sandbox/deconetwork/world.ts';
import { remoteInventoryContract, type RemoteFault, type RemoteStand } from './remote-inventory.ts';
import { testMeans } from './remote-means.ts';

const CLOCK = '2026-03-02T10:00:00.000Z';
const NOBODY = 'http://127.0.0.1:9';
const LOGIN = { username: 'stock', password: 'p&ss=wörd [1]' };
const FAULTS: Readonly<Record<RemoteFault, FaultInput>> = {
  lost_before: { kind: 'drop' },
  lost_after: { kind: 'applyThenDrop' },
  failed_after: { kind: 'applyThenFail', status: 500 },
  unavailable: { kind: 'status', status: 503 },
  too_many: { kind: 'status', status: 429, retryAfterSeconds: 7 },
  too_many_after_half: { kind: 'applyHalfThenFail', status: 429 },
  cut_text: { kind: 'truncate' },
  errors_in_success: { kind: 'errorsIn200' },
  no_answer: { kind: 'hang' },
};

remoteInventoryContract('DecoNetwork', {
  connector: deconetwork,
  lacks: ['read_only_token', 'too_many_after_half', 'lost_after', 'failed_after'],
  async start(): Promise<RemoteStand> {
    const sandbox = await startDeconetworkSandbox({
      clock: CLOCK,
      ...LOGIN,
      events: [
        { dn_sku_id: '13_691', new_qty: 12, created_at: '2026-03-01T09:00:00' },
        { dn_sku_id: '13_692', new_qty: 30, created_at: '2026-03-01T09:00:01' },
      ],
      behaviour: { pageRows: 1 },
    });
    const open = (address: string, password: string) =>
      deconetwork.open(
        { address, username: LOGIN.username, password },
        testMeans({ http: createHttpClient({ origin: address, timeoutMs: 2000 }), now: sandbox.now }),
      );
    return {
      open: (token) => open(sandbox.baseUrl, token === 'expired' ? 'wrong' : LOGIN.password),
      openNowhere: () => open(NOBODY, LOGIN.password),
      place: 'site',
      items: { whole: '13_691', stock: '12', other: '13_692' },
      now: sandbox.now,
      advance: sandbox.advance,
      fault: (fault) => sandbox.fault(FAULTS[fault]),
      sale: (sku, quantity) => sandbox.sale({ dn_sku_id: sku, quantity }),
      quantity: sandbox.quantity,
      close: sandbox.close,
    };
  },
});

type Given = {
  events?: readonly GivenEvent[];
  inventory?: readonly Partial<GivenLevel>[];
  site?: 'normal' | 'api-disabled';
  behaviour?: Partial<DecoBehaviour>;
};

function standing(given: Given = {}) {
  const { events = [], inventory = [], ...rest } = given;
  const rows = inventory.map((row, at) => ({ dn_sku_id: `13_${at}`, ...row }));
  const sandbox = createDeconetworkSandbox(
    { clock: CLOCK, ...LOGIN, ...rest, events: [...events], inventory: rows },
    () => 0,
  );
  const asked: HttpRequest[] = [];
  const way = sandboxHttpClient(sandbox);
  const http: typeof way = (request) => {
    asked.push(request);
    return way(request);
  };
  const settings = { address: 'shop.example.test', ...LOGIN };
  return {
    ...sandbox.control,
    asked,
    site: siteOf(settings, http),
    remote: deconetwork.open(settings, testMeans({ http, now: sandbox.control.now })),
    as: (more: Partial<typeof settings>) =>
      deconetwork.open({ ...settings, ...more }, testMeans({ http, now: sandbox.control.now })),
  };
}

async function movementsOf(remote: RemoteInventory, from: string, to: string): Promise<RemoteMovement[]> {
  const movements: RemoteMovement[] = [];
  for (let cursor: string | undefined, pages = 0; ; pages += 1) {
    if (pages > 500) throw new Error('pages without end');
    const page = await remote.movements?.({ from, to, ...(cursor === undefined ? {} : { cursor }) });
    if (page?.ok !== true) throw new Error(page?.error.detail);
    movements.push(...page.value.movements);
    cursor = page.value.cursor;
    if (cursor === undefined) return movements;
  }
}

const second = (at: number) => new Date(Date.parse('2026-03-01T08:00:00Z') + at * 1000).toISOString().slice(0, 19);
const SOME: readonly GivenEvent[] = [0, 1, 2, 2, 3, 4, 5].map((at, row) => ({
  inventory_id: 100 + (row % 4),
  created_at: second(at),
  new_qty: row + 1,
}));

describe('DecoNetwork search', () => {
  const dates: readonly DateTest[] = [
    ...(['==', '!=', '<', '>', '<=', '>='] as const).map((is: Comparison) => ({ is, at: `${second(2)}Z` })),
    { is: 'between', from: `${second(1)}Z`, to: `${second(3)}Z` },
  ];
  const numbers: readonly NumberTest[] = [
    ...(['==', '!=', '<', '>', '<=', '>='] as const).map((is: Comparison) => ({ is, number: 101 })),
    { is: 'between', from: 101, to: 102 },
  ];
  const conditions: readonly EventCondition[] = [
    ...dates.map((one) => ({ field: 'created' as const, ...one })),
    ...numbers.map((one) => ({ field: 'inventory' as const, ...one })),
  ];
  /** What each test means, said once more and otherwise than the sandbox does. */
  const meets = (condition: EventCondition, event: { createdAt: string; inventoryId: number }): boolean => {
    const value = condition.field === 'created' ? Date.parse(event.createdAt) : event.inventoryId;
    if (condition.is === 'between') {
      const [from, to] =
        condition.field === 'created'
          ? [Date.parse(condition.from), Date.parse(condition.to)]
          : [condition.from, condition.to];
      return from <= value && value <= to;
    }
    const order = Math.sign(value - (condition.field === 'created' ? Date.parse(condition.at) : condition.number));
    return { '==': [0], '!=': [-1, 1], '<': [-1], '>': [1], '<=': [-1, 0], '>=': [0, 1] }[condition.is].includes(order);
  };
  const shape = (events: readonly { createdAt: string; inventoryId: number; after: string }[]) =>
    events.map((event) => `${event.createdAt} ${event.inventoryId} ${event.after}`).toSorted();

  test.each(conditions)(
    'R400 $field $is finds what an independent filter finds, alone and with any other',
    async (one) => {
      const { site } = standing({ events: SOME });
      const all = await findEvents(site, { where: { field: 'inventory', is: '>=', number: 0 } });
      if (!all.ok) throw new Error(all.error.detail);
      expect(all.value.events).toHaveLength(SOME.length);
      const expected = (tests: readonly EventCondition[]) =>
        shape(all.value.events.filter((event) => tests.every((test) => meets(test, event))));
      const alone = await findEvents(site, { where: one });
      expect(alone.ok && shape(alone.value.events)).toEqual(expected([one]));
      for (const other of conditions) {
        const both = await findEvents(site, { where: [one, other] });
        expect(both.ok && shape(both.value.events)).toEqual(expected([one, other]));
        expect(both.ok && both.value.total).toBe(expected([one, other]).length);
      }
    },
  );

  test('R401 one condition goes by plain names, several are numbered from 1, and brackets are encoded', async () => {
    const { site, asked } = standing({ events: SOME });
    const one: EventCondition = { field: 'created', is: '>', at: '2018-10-01T00:00:00.000Z' };
    await findEvents(site, { where: one });
    expect(asked[0]?.body).toMatch(/&field=1&condition=4&date1=2018-10-01T00%3A00%3A00$/);
    await findEvents(site, { where: [one, { field: 'inventory', is: 'between', from: 1, to: 2 }] });
    expect(asked[1]?.body).toContain('&conditions%5B1%5D%5Bfield%5D=1&conditions%5B1%5D%5Bcondition%5D=4&');
    expect(asked[1]?.body).toContain('&conditions%5B2%5D%5Bnumber1%5D=1&conditions%5B2%5D%5Bnumber2%5D=2');
    expect(asked[1]?.body).not.toMatch(/[[\]]/);
    const strict = standing({ events: SOME, behaviour: { bareBrackets: false } });
    expect(await findEvents(strict.site, { where: [one] })).toMatchObject({ ok: true, value: { total: SOME.length } });
  });

  test('R402 whatever is asked is posted as a form, and nothing of it stands in an address', async () => {
    const { remote, site, asked } = standing({ events: SOME });
    await remote.test();
    await remote.items();
    await remote.counts({ locations: ['site'] });
    await movementsOf(remote, `${second(0)}Z`, CLOCK);
    await findEvents(site, { where: { field: 'inventory', is: '==', number: 100 } });
    expect(asked).toHaveLength(5);
    for (const { method, url, headers, body } of asked) {
      expect(method).toBe('POST');
      expect(url).toMatch(/^https:\/\/shop\.example\.test\/api\/json\/[a-z_]+\/find$/);
      expect(headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' });
      expect(new URLSearchParams(body).get('password')).toBe(LOGIN.password);
    }
  });

  test('R403 pages are asked for by limit and offset, and none gives only how many there are', async () => {
    const { site } = standing({ events: SOME, behaviour: { sort: 'rising' } });
    const where: EventCondition = { field: 'inventory', is: '>=', number: 0 };
    const page = async (limit: number, offset: number, sortBy: 'created' | 'inventory') => {
      const found = await findEvents(site, { where, limit, offset, sortBy });
      if (!found.ok) throw new Error(found.error.detail);
      return { rows: shape(found.value.events), total: found.value.total };
    };
    expect(await page(0, 0, 'created')).toEqual({ rows: [], total: 7 });
    const byDate = await page(3, 5, 'created');
    expect(byDate).toEqual({ rows: [`${second(4)}.000Z 101 6`, `${second(5)}.000Z 102 7`], total: 7 });
    expect((await page(2, 0, 'inventory')).rows.map((row) => row.split(' ')[1])).toEqual(['100', '100']);
    expect(await page(100, 7, 'created')).toEqual({ rows: [], total: 7 });
  });

  test('R404 an event is read whole, its time as UTC, and of the person nothing but a number', async () => {
    const { site, remote } = standing({
      events: [
        {
          product_id: 3_453_453,
          dn_sku_id: '13_691',
          created_at: '2022-01-19T03:34:18',
          change_type: 4,
          po_number: '172680',
          inventory_id: 2_435_345,
          po_line_id: 46_756,
          old_qty: 0,
          new_qty: 1,
        },
      ],
    });
    const found = await findEvents(site, { where: { field: 'inventory', is: '==', number: 2_435_345 } });
    expect(found).toEqual({
      ok: true,
      value: {
        total: 1,
        events: [
          {
            inventoryId: 2_435_345,
            productId: 3_453_453,
            sku: '13_691',
            createdAt: '2022-01-19T03:34:18.000Z',
            changeType: 4,
            poNumber: '172680',
            poLineId: 46_756,
            before: '0',
            after: '1',
            userId: 90_001,
          },
        ],
      },
    });
    const movements = await movementsOf(remote, '2022-01-19T03:34:18Z', '2022-01-19T03:34:19Z');
    expect(movements).toEqual([
      {
        key: '2435345|2022-01-19T03:34:18.000Z|4|0|1|46756',
        remoteItem: '13_691',
        remoteLocation: '',
        quantity: '1',
        after: '1',
        happenedAt: '2022-01-19T03:34:18.000Z',
        what: 'type 4, PO 172680',
      },
    ]);
    const personal = /quentin|nobodyson|nowhere|emptyville|noland|555-0100|imaginary|00000"|Dr"|77002|90001/i;
    expect(JSON.stringify(found)).not.toMatch(/quentin|nobodyson|nowhere|emptyville|noland|555-0100|imaginary|77002/i);
    expect(JSON.stringify(movements)).not.toMatch(personal);
  });

  test('R405 a movement has its sign, and says what the site says of it', async () => {
    const { remote } = standing({
      events: [
        { inventory_id: 1, dn_sku_id: '1_1', new_qty: 10, created_at: second(0), change_type: 4 },
        { inventory_id: 1, dn_sku_id: '1_1', new_qty: 7, created_at: second(1), change_type: 2 },
        { inventory_id: 1, dn_sku_id: '1_1', new_qty: 7, created_at: second(2), change_type: 9 },
        { inventory_id: 1, dn_sku_id: '1_1', new_qty: 9.25, created_at: second(3), change_type: 1 },
      ],
    });
    const movements = await movementsOf(remote, `${second(0)}Z`, CLOCK);
    for (const sort of ['rising', 'falling'] as const) {
      const together = [5, 9, 2].map((level) => ({ inventory_id: 1, new_qty: level }));
      const { remote: other, advance, now, add } = standing({ events: together, behaviour: { sort } });
      advance(1000);
      expect((await movementsOf(other, CLOCK, now())).map((row) => row.after)).toEqual(['5', '9', '2']);
      add({ inventory_id: 1, new_qty: 1 });
      advance(1000);
      expect((await movementsOf(other, CLOCK, now())).map((row) => row.after)).toEqual(['5', '9', '2', '1']);
    }
    expect(movements.map(({ quantity, after, what }) => [quantity, after, what])).toEqual([
      ['10', '10', 'type 4'],
      ['-3', '7', 'type 2'],
      ['0', '7', 'type 9'],
      ['2.25', '9.25', 'type 1'],
    ]);
  });

  test('R406 a wrong password, an API that is off, and a bad search are told apart; nothing found is no error', async () => {
    const { as, site } = standing({ events: SOME });
    expect(await as({ password: 'wrong' }).test()).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    expect(await as({ username: 'nobody' }).items()).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    const off = await standing({ site: 'api-disabled' }).remote.test();
    expect(off).toMatchObject({
      ok: false,
      error: { code: 'forbidden', detail: expect.stringContaining('not switched on') },
    });
    const where: EventCondition = { field: 'inventory', is: '==', number: 999 };
    expect(await findEvents(site, { where })).toEqual({ ok: true, value: { events: [], total: 0 } });
    expect(await findEvents(site, { where, limit: 101 })).toMatchObject({
      ok: false,
      error: { code: 'rejected', detail: '50004: ERROR: Invalid limit or offset', refs: [] },
    });
    expect(await findEvents(site, { where: [] as never })).toMatchObject({ ok: false, error: { code: 'rejected' } });
    expect(await findEvents(site, { where: { ...where, number: Number.NaN } })).toMatchObject({
      ok: false,
      error: { code: 'rejected', detail: expect.stringContaining('50005') },
    });
  });

  test('R407 a page for people is no answer, whatever its status; a cut answer is none either', async () => {
    for (const fault of [{ kind: 'html' }, { kind: 'html', status: 404 }, { kind: 'html', status: 302 }] as const) {
      const { remote, fault: break_ } = standing({ events: SOME });
      break_(fault);
      expect(await remote.test()).toEqual({ ok: false, error: { code: 'bad_answer', detail: 'not an API answer' } });
    }
    const { remote, fault } = standing({ events: SOME });
    fault({ kind: 'truncate' });
    expect(await remote.items()).toMatchObject({ ok: false, error: { code: 'bad_answer' } });
    fault({ kind: 'errorsIn200' });
    expect(await remote.items()).toMatchObject({ ok: false, error: { code: 'rejected' } });
    const elsewhere = standing({ behaviour: { path: 'bare' } });
    expect(await elsewhere.remote.test()).toMatchObject({ ok: false, error: { detail: 'not an API answer' } });
  });

  test('R408 nothing is ever written', async () => {
    const { remote, asked } = standing({ events: SOME });
    const line: PlannedLine = {
      ref: 'tb-1',
      item: 'TEA',
      remoteItem: '13_691',
      remoteLocation: 'site',
      change: 'adjust',
      quantity: '1',
      bins: ['A'],
      occurredAt: CLOCK,
    };
    expect(() => deconetwork.freeze([line])).toThrow('read only');
    const request = { id: 'x', idempotencyKey: 'x', method: 'POST', path: '/', body: '', lines: [line] } as const;
    const frozen = { ...request, lines: [line] };
    expect(await remote.push(frozen)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await remote.readBack(frozen, { since: CLOCK })).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(asked).toEqual([]);
    expect(deconetwork.abilities).toMatchObject({ readOnly: true, movements: true, absoluteCounts: false });
  });
});

describe('DecoNetwork movements', () => {
  const many = (count: number, more: (at: number) => GivenEvent = () => ({})): GivenEvent[] =>
    Array.from({ length: count }, (_, at) => ({
      inventory_id: 1 + (at % 5),
      dn_sku_id: `${1 + (at % 5)}_1`,
      created_at: second(Math.floor(at / 3)),
      new_qty: at,
      ...more(at),
    }));

  test('R410 rows that come while a window is read start the reading again', async () => {
    for (const sort of ['rising', 'falling', 'none'] as const) {
      const stand = standing({ events: many(250), behaviour: { sort } });
      const window = { from: `${second(0)}Z`, to: `${second(1000)}Z` };
      const first = await stand.remote.movements?.(window);
      if (first?.ok !== true) throw new Error(first?.error.detail);
      // One in what is read already, one in what is not: neither goes unseen.
      const cursor = first.value.cursor ?? '';
      const late: GivenEvent = { inventory_id: 1, new_qty: 1, created_at: second(sort === 'rising' ? 1 : 80) };
      stand.add(late);
      const results: unknown[] = [];
      for (let next: string | undefined = cursor; next !== undefined;) {
        const page: Awaited<ReturnType<typeof listMovements>> = await listMovements(stand.site, {
          ...window,
          cursor: next,
        });
        if (!page.ok) {
          results.push(page.error.code);
          break;
        }
        next = page.value.cursor;
      }
      expect(results).toEqual(['cursor_expired']);
      expect(await movementsOf(stand.remote, window.from, window.to)).toHaveLength(251);
    }
  });

  test('R410 a row that comes in what is not read yet is noticed at the next page', async () => {
    for (const [sort, at] of [
      ['rising', 80],
      ['falling', 1],
      ['none', 40],
    ] as const) {
      const { site, add } = standing({ events: many(250), behaviour: { sort } });
      const window = { from: `${second(0)}Z`, to: `${second(1000)}Z` };
      const first = await listMovements(site, window);
      add({ inventory_id: 1, new_qty: 1, created_at: second(at) });
      const cursor = first.ok ? (first.value.cursor ?? '') : '';
      expect(await listMovements(site, { ...window, cursor })).toMatchObject({
        ok: false,
        error: { code: 'cursor_expired', detail: expect.stringMatching(/^\d+ rows instead of \d+$/) },
      });
    }
  });

  test('R410 rows added between pages by the switch are noticed too, and a closed window is not disturbed', async () => {
    const { remote, turn } = standing({ events: many(250) });
    turn({ kind: 'addBetweenPages', times: 1, events: [{ inventory_id: 2, created_at: second(10), new_qty: 3 }] });
    const window = { from: `${second(0)}Z`, to: `${second(100)}Z` };
    await expect(movementsOf(remote, window.from, window.to)).rejects.toThrow('rows instead of');
    turn({ kind: 'addBetweenPages', times: 9, events: [{ inventory_id: 2, new_qty: 3 }] });
    expect(await movementsOf(remote, window.from, window.to)).toHaveLength(251);
  });

  test('R411 an answer that lacks a row is never taken for the whole', async () => {
    for (const count of [20, 150]) {
      const { remote, turn } = standing({ events: many(count) });
      turn({ kind: 'skipRow' });
      const window = { from: `${second(0)}Z`, to: `${second(100)}Z` };
      const rows = await movementsOf(remote, window.from, window.to).catch((error: unknown) => String(error));
      if (Array.isArray(rows)) expect(rows).toHaveLength(count);
      else expect(rows).toMatch(/rows instead of|other rows/);
      expect(await movementsOf(remote, window.from, window.to)).toHaveLength(count);
    }
  });

  test('R412 levels that do not follow from one another are read twice, and taken when they are there again', async () => {
    const events = [0, 1, 2].map((at) => ({
      inventory_id: 1,
      created_at: second(at),
      old_qty: at === 2 ? 40 : at,
      new_qty: at + 1,
    }));
    const { remote, asked } = standing({ events });
    expect(await movementsOf(remote, `${second(0)}Z`, CLOCK)).toHaveLength(3);
    expect(asked).toHaveLength(2);
    const changing = standing({ events });
    changing.turn({ kind: 'addBetweenPages', events: [{ inventory_id: 1, created_at: second(1), new_qty: 5 }] });
    expect(await changing.remote.movements?.({ from: `${second(0)}Z`, to: CLOCK })).toMatchObject({
      ok: false,
      error: { code: 'cursor_expired' },
    });
  });

  test('R413 more rows in one second than a page holds are all read', async () => {
    for (const sort of ['rising', 'falling', 'none'] as const) {
      const events = [
        ...many(30),
        ...many(260, () => ({ created_at: second(500) })),
        ...many(20, () => ({ created_at: second(501) })),
      ];
      const { remote } = standing({ events, behaviour: { sort } });
      expect(await movementsOf(remote, `${second(0)}Z`, CLOCK)).toHaveLength(310);
    }
  });

  test('R413 they are all read too where they come in another order on every page, as long as no record has two', async () => {
    const events = Array.from({ length: 260 }, (_, at) => ({
      inventory_id: 1000 + at,
      created_at: second(3),
      new_qty: at,
    }));
    const { remote } = standing({ events, behaviour: { shufflesTies: true } });
    const rows = await movementsOf(remote, `${second(0)}Z`, CLOCK);
    expect(new Set(rows.map((row) => row.key)).size).toBe(260);
  });

  test('R414 a cursor of another window or of nothing says so', async () => {
    const { remote } = standing({ events: many(250) });
    const window = { from: `${second(0)}Z`, to: `${second(100)}Z` };
    const first = await remote.movements?.(window);
    const cursor = first?.ok === true ? (first.value.cursor ?? '') : '';
    for (const bad of [
      { ...window, cursor: 'long-dead' },
      { ...window, cursor: '{"todo":[]}' },
      { from: `${second(90)}Z`, to: `${second(100)}Z`, cursor },
    ])
      expect(await remote.movements?.(bad)).toMatchObject({ ok: false, error: { code: 'cursor_expired' } });
    expect(cursor.length).toBeLessThan(4000);
  });

  test('R415 windows that meet take each event once, whatever fraction of a second they meet at', async () => {
    const { remote } = standing({ events: many(30) });
    const ends = [second(0), `${second(2)}.001`, `${second(5)}.500`, `${second(8)}.999`, second(20)].map(
      (at) => `${at}Z`,
    );
    const rows: RemoteMovement[] = [];
    for (const [at, from] of ends.slice(0, -1).entries())
      rows.push(...(await movementsOf(remote, from, ends[at + 1] ?? '')));
    expect(rows.map((row) => row.key).toSorted()).toEqual(
      (await movementsOf(remote, `${second(0)}Z`, CLOCK)).map((row) => row.key).toSorted(),
    );
    expect(await movementsOf(remote, CLOCK, `${second(0)}Z`)).toEqual([]);
  });
});

describe('DecoNetwork stock', () => {
  const rows = (count: number): Partial<GivenLevel>[] =>
    Array.from({ length: count }, (_, at) => ({
      dn_sku_id: `${at}_1`,
      product_name: 'Shirt',
      product_color: { name: 'Red' },
      product_size: { name: 'XL' },
      sku: `S-${at}`,
      inv_lvl: at,
      inv_on: at !== 3,
      inv_last_modified: second(at),
    }));

  test('R416 things come page by page with the words of the sister API, and what keeps no stock is not tracked', async () => {
    const { remote } = standing({ inventory: rows(250) });
    const sizes: number[] = [];
    const items: RemoteItem[] = [];
    for (let cursor: string | undefined; sizes.length < 9;) {
      const page: Awaited<ReturnType<typeof remote.items>> = await remote.items(cursor);
      if (!page.ok) throw new Error(page.error.detail);
      sizes.push(page.value.items.length);
      items.push(...page.value.items);
      cursor = page.value.cursor;
      if (cursor === undefined) break;
    }
    expect(sizes).toEqual([100, 100, 50]);
    const untracked = { id: '3_1', name: 'Shirt, Red, XL', sku: 'S-3', precision: 0, tracked: false };
    expect(items.filter((item) => item.tracked === false)).toEqual([untracked]);
    expect(new Set(items.map((item) => item.id)).size).toBe(250);
    expect(await remote.locations()).toEqual({
      ok: true,
      value: { locations: [{ id: 'site', name: 'shop.example.test', active: true }] },
    });
  });

  test('R417 figures stand at the one place; asked by name, what is not there is null; changed since leaves others out', async () => {
    const { remote } = standing({ inventory: rows(120) });
    const some = await remote.counts({ locations: ['site'], items: ['110_1', '3_1', '0_1', 'none'] });
    expect(some.ok && some.value.counts.toSorted((one, other) => (one.remoteItem < other.remoteItem ? -1 : 1))).toEqual(
      [
        { remoteItem: '0_1', remoteLocation: 'site', quantity: '0', calculatedAt: `${second(0)}.000Z` },
        { remoteItem: '110_1', remoteLocation: 'site', quantity: '110', calculatedAt: `${second(110)}.000Z` },
        {
          remoteItem: '3_1',
          remoteLocation: 'site',
          quantity: null,
          calculatedAt: `${second(3)}.000Z`,
          tracked: false,
        },
        { remoteItem: 'none', remoteLocation: 'site', quantity: null },
      ],
    );
    const page = await remote.counts({ locations: ['site'] });
    expect(page.ok && [page.value.counts.length, typeof page.value.cursor]).toEqual([100, 'string']);
    const changed = await remote.counts({ locations: ['site'], updatedAfter: `${second(117)}.900Z` });
    expect(changed.ok && changed.value.counts.map((row) => row.remoteItem)).toEqual(['117_1', '118_1', '119_1']);
    expect(await remote.counts({ locations: ['elsewhere'] })).toEqual({ ok: true, value: { counts: [] } });
  });

  test('R418 rows that come between pages of stock, and a dead cursor, start the reading again', async () => {
    const { remote, add } = standing({ inventory: rows(150) });
    const first = await remote.counts({ locations: ['site'] });
    add({ dn_sku_id: '999_1', new_qty: 3 });
    const cursor = first.ok ? first.value.cursor : undefined;
    if (cursor === undefined) throw new Error('no cursor');
    expect(await remote.counts({ locations: ['site'], cursor })).toMatchObject({
      ok: false,
      error: { code: 'cursor_expired' },
    });
    expect(await remote.items('long-dead')).toMatchObject({ ok: false, error: { code: 'cursor_expired' } });
  });

  test('R419 without the sister API things are the SKUs of the last 90 days, and no figure is worked out', async () => {
    for (const sister of ['absent', 'page'] as const) {
      const { remote } = standing({
        events: [...SOME, { dn_sku_id: '9_9', new_qty: 1, created_at: '2025-11-01T00:00:00' }],
        behaviour: { sister },
      });
      const items = await remote.items();
      expect(items.ok && items.value.items.map((item) => item.id).toSorted()).toEqual([
        '100_1',
        '101_1',
        '102_1',
        '103_1',
      ]);
      expect(await remote.counts({ locations: ['site'] })).toMatchObject({ ok: false, error: { code: 'bad_answer' } });
    }
  });

  test.each<[string, LevelCondition, readonly string[]]>([
    ['code', { field: 'code', is: '==', text: 'P7' }, ['7_1']],
    ['name', { field: 'name', is: '!=', text: 'Shirt' }, ['8_1']],
    ['supplier', { field: 'supplier', is: '==', text: 'Makers & Sons' }, ['8_1']],
    ['product', { field: 'product', is: 'between', from: 1, to: 2 }, ['1_1', '2_1']],
    ['modified', { field: 'modified', is: '>', at: `${second(6)}Z` }, ['7_1', '8_1']],
    ['inventory', { field: 'inventory', is: '<', number: 502 }, ['0_1', '1_1']],
    ['on', { field: 'on', is: '==', on: false }, ['3_1']],
  ])('R420 stock is found by %s', async (_, where, expected) => {
    const given = rows(8).map((row, at) => ({ ...row, inventory_id: 500 + at }));
    const other = {
      dn_sku_id: '8_1',
      inventory_id: 508,
      product_name: 'Cap',
      supplier: 'Makers & Sons',
      inv_last_modified: second(8),
    };
    const { site } = standing({ inventory: [...given, other] });
    const found = await findLevels(site, { where: [where] });
    expect(found.ok && found.value.levels.map((level) => level.sku)).toEqual(expected);
  });
});
