import fc from 'fast-check';
import { validate, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { frozenRequestSchema } from '../../../../shared/domain/ledger-entry.ts';
import { EVERY_DOCUMENT, STOCK } from '../../../../shared/remotes/shiphero/documents.ts';
import { placeId, readPlaceId } from '../../../../shared/remotes/shiphero/place-id.ts';
import { shiphero } from '../../../../shared/remotes/shiphero/shiphero.ts';
import { setWarehouseProduct, changeStock, transferStock } from '../../../../shared/remotes/shiphero/stock.ts';
import { schema } from '../../../sandbox/shiphero/documents.ts';
import { answering, BIN, failing, line, MAIN, OTHER_BIN, signedIn, start } from './stand.ts';

const plus = shiphero.freeze([line('tb-1', '5')]);
const refused = (error: object, data: unknown = null) => ({ errors: [error], data });

describe('ShipHero connector: sending', () => {
  test('R300 a place is a warehouse, a location and its name, whatever characters the opaque ids have', () => {
    const part = fc.string({ maxLength: 40 });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), part, part, (warehouse, location, name) => {
        const text = placeId({ warehouse, location, name });
        if (text === null) return;
        expect(text.length).toBeLessThanOrEqual(200);
        const back = readPlaceId(text);
        expect([back?.warehouse, back?.location]).toEqual([warehouse, location]);
        expect([name, '']).toContain(back?.name);
      }),
    );
    expect(readPlaceId(placeId({ warehouse: 'W', location: 'L', name: 'x'.repeat(300) }) ?? '')?.name).toBe('');
    expect(placeId({ warehouse: 'W'.repeat(200), location: 'L', name: '' })).toBeNull();
    expect([readPlaceId('MAIN'), readPlaceId('a|b'), readPlaceId('|b|c')]).toEqual([null, null, null]);
  });

  test('R301 every document of the connector is valid by the schema', () => {
    expect(EVERY_DOCUMENT.length).toBeGreaterThan(25);
    for (const text of EVERY_DOCUMENT)
      expect({ text, problems: validate(schema, parse(text)) }).toEqual({ text, problems: [] });
  });

  test('R302 a gain is added, a loss removed, a count set: whole, positive, with place and reference', () => {
    const common = { sku: 'TEA', warehouse_id: MAIN, location_id: BIN };
    const frozen = [
      plus,
      shiphero.freeze([line('tb-2', '-3', { reason: 'Broken\n\tglass' })]),
      shiphero.freeze([line('tb-3', '0', { change: 'count' })]),
    ];
    expect(frozen.map((request) => JSON.parse(request.body) as unknown)).toEqual([
      { query: STOCK.inventory_add, variables: { data: { ...common, quantity: 5, reason: 'Stock count tb-1' } } },
      { query: STOCK.inventory_remove, variables: { data: { ...common, quantity: 3, reason: 'Broken glass tb-2' } } },
      {
        query: STOCK.inventory_replace,
        variables: { data: { ...common, quantity: 0, reason: 'Stock count tb-3', includes_non_sellable: false } },
      },
    ]);
    for (const request of frozen) expect(frozenRequestSchema.parse(request)).toEqual(request);
    const long = shiphero.freeze([line(`tb-${'f'.repeat(61)}`, '1', { reason: 'r'.repeat(200) })]);
    expect(long.body.match(/"reason":"([^"]*)"/)?.[1]).toBe(`${'r'.repeat(60)} tb-${'f'.repeat(61)}`);
  });

  test('R303 what a plan never holds cannot be frozen', () => {
    const bad = [
      [],
      [line('a', '1'), line('b', '1')],
      [line('a', '2.5')],
      [line('a', '0')],
      [line('a', '-1', { change: 'count' })],
      [line('a', '2147483648')],
      [line('a', '1', { remoteLocation: 'MAIN' })],
      [line('a', '1', { remoteLocation: placeId({ warehouse: MAIN, location: '', name: '' }) ?? '' })],
    ];
    for (const lines of bad) expect(() => shiphero.freeze(lines)).toThrow('freeze');
    expect(shiphero.freeze([line('a', '2147483647')]).body).toContain('2147483647');
  });

  test('R304 the frozen bytes are sent as they are; only the client of a 3PL is added', async () => {
    const done = { data: { inventory_add: { request_id: 'r1', warehouse_product: { sku: 'TEA' } } } };
    const { remote, asked } = answering(200, done);
    expect(await remote.push(plus)).toEqual({ ok: true, value: [{ ref: 'tb-1', remoteId: 'r1' }] });
    expect(asked).toEqual([
      {
        method: 'POST',
        url: 'http://shiphero.invalid/graphql',
        headers: { authorization: 'Bearer good', accept: 'application/json', 'content-type': 'application/json' },
        body: plus.body,
      },
    ]);
    const bodies: string[] = [];
    const client = signedIn(
      (request) => {
        bodies.push(request.body ?? '');
        return Promise.resolve({ ok: true, value: { status: 200, headers: {}, body: JSON.stringify(done) } });
      },
      { customerAccountId: 'QWNjb3VudDo5' },
    );
    await client.remote.push(plus);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      variables: { data: { sku: 'TEA', quantity: 5, customer_account_id: 'QWNjb3VudDo5' } },
    });
  });

  test('R305 a line that must not reach the stock is refused before anything is asked', async () => {
    const { remote, asked } = answering(200, {});
    for (const quantity of ['2.5', '0', '99999999999']) {
      const bad = { ...plus, lines: [{ ...line('tb-1', quantity) }] };
      expect(await remote.push(bad)).toMatchObject({ error: { code: 'rejected', refs: ['tb-1'] } });
    }
    expect(asked).toEqual([]);
  });

  test.each([
    [
      'what the schema refuses',
      refused({ message: 'Int cannot represent', locations: [{ line: 1, column: 1 }] }),
      'rejected',
    ],
    [
      'a code of the operation',
      refused({ message: 'Not found', code: 4, path: ['inventory_add'] }, { inventory_add: null }),
      'rejected',
    ],
    ['a code under extensions', refused({ message: 'Not found', extensions: { code: 'NOT_FOUND' } }), 'rejected'],
    ['an error of the server itself', refused({ message: 'oh', code: 500 }), 'unknown_outcome'],
    [
      'an error with an internal code',
      refused({ message: 'oh', extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
      'unknown_outcome',
    ],
    ['an error without anything', refused({ message: 'An unexpected error occurred' }), 'unknown_outcome'],
    [
      'an error beside a result',
      refused({ message: 'x', code: 4 }, { inventory_add: { request_id: 'r' } }),
      'unknown_outcome',
    ],
    [
      'no product in the answer',
      { data: { inventory_add: { request_id: 'r', warehouse_product: null } } },
      'bad_answer',
    ],
    ['nothing in the answer', { data: { inventory_add: null } }, 'bad_answer'],
    ['no JSON', '{"da', 'bad_answer'],
    ['a page for people', '<html>', 'bad_answer'],
  ])('R306 a 200 is not a success: %s', async (_, body, code) => {
    const answer = await answering(200, body).remote.push(plus);
    expect(answer).toMatchObject({ ok: false, error: code === 'rejected' ? { code, refs: ['tb-1'] } : { code } });
  });

  test.each([
    [400, { errors: [{ message: 'bad', code: 3 }] }, 'rejected'],
    [404, '', 'rejected'],
    [408, '', 'unknown_outcome'],
    [502, '<html>', 'unknown_outcome'],
    [302, '', 'bad_answer'],
    [429, '', 'rate_limited'],
  ])('R307 where the body says nothing the status decides: %i', async (status, body, code) => {
    expect(await answering(status, body).remote.push(plus)).toMatchObject({ error: { code } });
  });

  test.each([
    [{ code: 'not_sent', detail: '' }, 'not_sent', 'not_sent'],
    [{ code: 'not_allowed', detail: '' }, 'not_sent', 'not_sent'],
    [{ code: 'timed_out', afterMs: 1 }, 'unknown_outcome', 'unavailable'],
    [{ code: 'connection_lost', detail: '' }, 'unknown_outcome', 'unavailable'],
    [{ code: 'answer_too_large', limitBytes: 1 }, 'unknown_outcome', 'unavailable'],
  ] as const)(
    'R308 without a whole answer a change is unknown, a read only unavailable: %j',
    async (failure, change, read) => {
      expect(await failing(failure).remote.push(plus)).toMatchObject({ error: { code: change } });
      expect(await failing(failure).remote.test()).toMatchObject({ error: { code: read } });
    },
  );

  test('R309 every way to change stock does what its name says, and knows the place', async () => {
    const { account, sandbox } = start();
    const wish = { sku: 'TEA', warehouse: MAIN, location: BIN, quantity: 4, reason: 'by hand' };
    const figure = () => sandbox.control.quantity('TEA', BIN);
    for (const [operation, expected] of [
      ['inventory_add', 16],
      ['inventory_remove', 12],
      ['inventory_subtract', 8],
      ['inventory_replace', 4],
    ] as const) {
      expect(await changeStock(account, operation, wish)).toEqual({ ok: true, value: null });
      expect(figure()).toBe(expected);
    }
    const move = { sku: 'TEA', warehouse: MAIN, from: BIN, to: OTHER_BIN, quantity: 3, reason: 'move' };
    expect(await transferStock(account, move)).toEqual({ ok: true, value: null });
    expect([figure(), sandbox.control.quantity('TEA', OTHER_BIN)]).toEqual([1, 8]);
    const bad = [
      changeStock(account, 'inventory_add', { ...wish, quantity: 0 }),
      changeStock(account, 'inventory_replace', { ...wish, quantity: -1 }),
      changeStock(account, 'inventory_add', { ...wish, quantity: 1.5 }),
      changeStock(account, 'inventory_add', { ...wish, location: '' }),
      changeStock(account, 'inventory_add', { ...wish, sku: 'NONE' }),
      transferStock(account, { ...move, quantity: 0 }),
      transferStock(account, { ...move, quantity: 50 }),
    ];
    for (const answer of await Promise.all(bad)) expect(answer).toMatchObject({ error: { code: 'rejected' } });
    expect([figure(), sandbox.control.quantity('TEA', OTHER_BIN)]).toEqual([1, 8]);
  });

  test('R310 a warehouse without locations has one figure, which is set as such', async () => {
    const { account, sandbox } = start({
      warehouses: [{ id: 'W', identifier: 'Outlet', dynamic_slotting: false }],
      locations: [],
      products: [{ sku: 'TEA', on_hand: { W: 7 } }],
    });
    const wanted = { sku: 'TEA', warehouse: 'W', onHand: 9, bin: 'shelf 3' };
    expect(await setWarehouseProduct(account, wanted)).toEqual({ ok: true, value: null });
    expect(sandbox.control.onHand('TEA', 'W')).toBe(9);
    expect(await setWarehouseProduct(account, { ...wanted, onHand: -1 })).toMatchObject({
      error: { code: 'rejected' },
    });
    const dynamic = start();
    const there = await setWarehouseProduct(dynamic.account, { sku: 'TEA', warehouse: MAIN, onHand: 1 });
    expect(there).toMatchObject({ error: { code: 'rejected' } });
  });
});
