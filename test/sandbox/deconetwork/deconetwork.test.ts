import { describe, expect, test } from 'vitest';
import { createDeconetworkSandbox, startDeconetworkSandbox } from './deconetwork-sandbox.ts';
import { worldSchema, type DecoBehaviour, type GivenEvent } from './world.ts';

const CLOCK = '2026-03-02T10:00:00.000Z';
const PATH = '/api/json/manage_inventory_events/find';
const LOGIN = 'username=stock&password=sandbox-password';
type Row = Readonly<Record<string, unknown>>;
type Answer = {
  status: number;
  type: string;
  code: number;
  severity: string;
  words: string;
  rows: Row[];
  total: unknown;
  text: string;
};

const EVENTS: readonly GivenEvent[] = [
  { inventory_id: 1, created_at: '2026-03-01T08:00:00', new_qty: 5 },
  {
    inventory_id: 2,
    created_at: '2026-03-01T08:00:01',
    new_qty: 7,
    change_type: 4,
    po_number: '172680',
    po_line_id: 46_756,
  },
  { inventory_id: 1, created_at: '2026-03-01T08:00:02', new_qty: 4 },
];

function standing(
  behaviour: Partial<DecoBehaviour> = {},
  more: { site?: 'api-disabled'; events?: readonly GivenEvent[] } = {},
) {
  const { events = EVENTS, ...rest } = more;
  const { control, reply } = createDeconetworkSandbox(
    { clock: CLOCK, behaviour, ...rest, events: [...events] },
    () => 0,
  );
  async function send(
    method: string,
    target: string,
    body = '',
    type = 'application/x-www-form-urlencoded',
  ): Promise<Answer> {
    const answer = await reply({
      method,
      url: new URL(target, 'http://sandbox.invalid'),
      text: body,
      headers: { 'content-type': type },
    });
    if (typeof answer === 'string') throw new Error(answer);
    const parsed = answer.text.startsWith('{') ? JSON.parse(answer.text) : {};
    const { code, severity, description } = parsed.response_status ?? {};
    return {
      status: answer.status,
      type: answer.headers?.['content-type'] ?? '',
      code,
      severity,
      words: description,
      rows: parsed.inventory_events ?? parsed.inventories,
      total: parsed.total,
      text: answer.text,
    };
  }
  return { ...control, send, find: (form: string) => send('POST', PATH, `${LOGIN}&${form}`) };
}
const ALL = 'field=2&condition=6&number1=0';

describe('DecoNetwork sandbox', () => {
  test('R450 name and password are taken from a form or from the query, and from no other body', async () => {
    const { send } = standing();
    for (const answer of [
      await send('POST', PATH, `${LOGIN}&${ALL}`),
      await send('POST', `${PATH}?${LOGIN}`, ALL),
      await send('POST', `${PATH}?${ALL}`, LOGIN),
      await send('GET', `${PATH}?${LOGIN}&${ALL}`),
    ])
      expect(answer).toMatchObject({ status: 200, code: 10001, severity: 'SUCCESS', total: 3 });
    const json = await send('POST', PATH, JSON.stringify({ username: 'stock' }), 'application/json');
    expect(json.code).toBe(30001);
    expect((await send('GET', PATH, `${LOGIN}&${ALL}`)).code).toBe(30001);
  });

  test.each<[string, string, number, string]>([
    ['no conditions', '', 50002, 'No conditions specified'],
    ['paging alone', 'limit=5&offset=0', 50002, 'No conditions specified'],
    ['an empty field', 'field=&condition=', 50002, 'No conditions specified'],
    ['no field', 'condition=4&date1=2018-10-01T00:00:00', 50003, "Condition 1 'field' is missing"],
    ['no condition', 'field=1&date1=2018-10-01T00:00:00', 50003, "Condition 1 'condition' is missing"],
    [
      'a gap',
      'conditions[2][field]=2&conditions[2][condition]=1&conditions[2][number1]=1',
      50003,
      "Condition 1 'field' is missing",
    ],
    [
      'a gap in the middle',
      'conditions[1][field]=2&conditions[1][condition]=6&conditions[1][number1]=0&conditions[3][field]=2&conditions[3][condition]=6&conditions[3][number1]=0',
      50003,
      "Condition 2 'field' is missing",
    ],
    [
      'a second one without its test',
      'conditions[1][field]=2&conditions[1][condition]=6&conditions[1][number1]=0&conditions[2][field]=2',
      50003,
      "Condition 2 'condition' is missing",
    ],
    [
      'a number from nought',
      'conditions[0][field]=2&conditions[0][condition]=1&conditions[0][number1]=1',
      50003,
      "Condition 1 'field' is missing",
    ],
    ['no date', 'field=1&condition=4', 50003, 'date1 is invalid'],
    ['a date that is none', 'field=1&condition=4&date1=2018-02-31T00:00:00', 50003, 'date1 is invalid'],
    ['a date with a zone mark', 'field=1&condition=4&date1=2018-10-01T00:00:00Z', 50003, 'date1 is invalid'],
    ['Between with one date', 'field=1&condition=7&date1=2018-10-01T00:00:00', 50003, 'date2 is invalid'],
    ['a limit over 100', `${ALL}&limit=101`, 50004, 'Invalid limit or offset'],
    ['a limit below nought', `${ALL}&limit=-1`, 50004, 'Invalid limit or offset'],
    ['a limit that is no number', `${ALL}&limit=ten`, 50004, 'Invalid limit or offset'],
    ['an offset below nought', `${ALL}&offset=-1`, 50004, 'Invalid limit or offset'],
    ['an unknown field', 'field=9&condition=1&number1=1', 50005, 'Invalid request parameters'],
    ['an unknown test', 'field=2&condition=8&number1=1', 50005, 'Invalid request parameters'],
    ['no number', 'field=2&condition=1', 50005, 'Invalid request parameters'],
    ['Between with one number', 'field=2&condition=7&number1=1', 50005, 'Invalid request parameters'],
    ['an unknown order', `${ALL}&sortby=3`, 50005, 'Invalid request parameters'],
  ])('R451 refused with HTTP 200: %s', async (_, form, code, words) => {
    const answer = await standing().find(form);
    expect(answer).toMatchObject({ status: 200, code, severity: 'ERROR', words });
    expect(JSON.parse(answer.text)).toEqual({ response_status: { code, severity: 'ERROR', description: words } });
  });

  test('R452 a wrong login, a site whose API is off, and a record that never was have their codes, with HTTP 200', async () => {
    const { send, find, expireToken, restoreToken } = standing();
    for (const login of ['', 'username=stock', 'username=stock&password=no', 'username=no&password=sandbox-password'])
      expect(await send('POST', PATH, `${login}&${ALL}`)).toMatchObject({
        status: 200,
        code: 30001,
        words: 'Authentication failed',
      });
    expireToken();
    expect((await find(ALL)).code).toBe(30001);
    restoreToken();
    expect((await find(ALL)).code).toBe(10001);
    const off = { status: 200, code: 31000, severity: 'ERROR', words: 'API not enabled on your site' };
    const disabled = standing({}, { site: 'api-disabled' });
    expect(await disabled.find(ALL)).toMatchObject(off);
    expect(await disabled.send('POST', PATH, ALL)).toMatchObject(off);
    expect((await standing({ disabledFirst: false }, { site: 'api-disabled' }).send('POST', PATH, ALL)).code).toBe(
      30001,
    );
    expect(await find('field=2&condition=1&number1=999')).toMatchObject({
      status: 200,
      code: 40004,
      severity: 'WARNING',
      words: 'Product ID Not Found',
    });
    expect(await standing({ unknownInventory: 'empty' }).find('field=2&condition=1&number1=999')).toMatchObject({
      code: 10001,
      total: 0,
      rows: [],
    });
  });

  test.each([
    ['1', [2]],
    ['2', [1, 3]],
    ['3', [1]],
    ['4', [3]],
    ['5', [1, 2]],
    ['6', [2, 3]],
  ])('R453 test %s compares dates', async (condition, expected) => {
    const { find } = standing({ sort: 'rising' });
    const answer = await find(`field=1&condition=${condition}&date1=2026-03-01T08%3A00%3A01`);
    expect(answer.rows.map((row) => Number(String(row['created_at']).slice(-1)) + 1)).toEqual(expected);
  });

  test('R453 Between holds its ends or not, and conditions are joined by AND', async () => {
    const between = 'field=1&condition=7&date1=2026-03-01T08:00:00&date2=2026-03-01T08:00:02';
    expect((await standing().find(between)).total).toBe(3);
    expect((await standing({ betweenIncludesEnds: false }).find(between)).total).toBe(1);
    const both =
      'conditions%5B1%5D%5Bfield%5D=1&conditions%5B1%5D%5Bcondition%5D=4&conditions%5B1%5D%5Bdate1%5D=2026-03-01T08%3A00%3A00' +
      '&conditions%5B2%5D%5Bfield%5D=2&conditions%5B2%5D%5Bcondition%5D=1&conditions%5B2%5D%5Bnumber1%5D=1';
    expect((await standing().find(both)).rows).toMatchObject([{ inventory_id: 1, new_qty: 4 }]);
    expect((await standing().find(decodeURIComponent(both))).total).toBe(1);
    expect((await standing({ bareBrackets: false }).find(both)).total).toBe(1);
    expect((await standing({ bareBrackets: false }).find(decodeURIComponent(both))).code).toBe(50002);
  });

  test('R454 a page is limit rows from offset, 100 unless said; nought gives none but the total', async () => {
    const events = Array.from({ length: 130 }, (_, at) => ({
      inventory_id: at,
      created_at: '2026-03-01T08:00:00',
      new_qty: at,
    }));
    const { find } = standing({}, { events });
    const sizes = await Promise.all(
      ['', '&limit=100&offset=100', '&limit=7', '&limit=0', '&offset=500'].map(
        async (page) => (await find(ALL + page)).rows.length,
      ),
    );
    expect(sizes).toEqual([100, 30, 7, 0, 0]);
    expect(await find(`${ALL}&limit=0`)).toMatchObject({ rows: [], total: 130 });
  });

  test('R455 rows are sorted by what is asked for, the way that the world says', async () => {
    const order = async (behaviour: Partial<DecoBehaviour>, sortBy: string) =>
      (await standing(behaviour).find(`${ALL}&sortby=${sortBy}`)).rows.map(
        (row) => `${String(row['inventory_id'])}:${String(row['new_qty'])}`,
      );
    expect(await order({ sort: 'rising' }, '1')).toEqual(['1:5', '2:7', '1:4']);
    expect(await order({ sort: 'falling' }, '1')).toEqual(['1:4', '2:7', '1:5']);
    expect(await order({ sort: 'rising' }, '2')).toEqual(['1:5', '1:4', '2:7']);
    expect(await order({ sort: 'rising', sortby: 'ignored' }, '2')).toEqual(['1:5', '2:7', '1:4']);
    expect((await standing({ sortby: 'refused' }).find(`${ALL}&sortby=2`)).code).toBe(50005);
  });

  test('R456 an event has every member: zone-less time, whole numbers, nulls without an order, a made-up person', async () => {
    const { find } = standing({ sort: 'rising' });
    const { rows } = await find(ALL);
    expect(rows[0]).toEqual({
      product_id: 1,
      dn_sku_id: '1_1',
      created_at: '2026-03-01T08:00:00',
      change_type: 1,
      po_number: null,
      inventory_id: 1,
      po_line_id: null,
      old_qty: 0,
      new_qty: 5,
      user: expect.objectContaining({
        user_id: 90_001,
        firstname: 'Quentin',
        email: 'quentin.nobodyson@example.invalid',
      }),
    });
    expect(Object.keys(rows[0]?.['user'] ?? {})).toHaveLength(13);
    expect(rows[1]).toMatchObject({ change_type: 4, po_number: '172680', po_line_id: 46_756 });
    expect(rows[2]).toMatchObject({ old_qty: 5, new_qty: 4 });
  });

  test('R457 there is no operation that writes, and a wrong path is a page for people', async () => {
    const { send, quantity } = standing();
    for (const [method, path] of [
      ['POST', '/api/json/manage_inventory/update'],
      ['POST', '/api/json/manage_inventory_events/update'],
      ['PUT', PATH],
      ['DELETE', PATH],
      ['POST', '/api/json/manage_inventory_events'],
      ['GET', '/'],
    ] as const) {
      const answer = await send(method, path, `${LOGIN}&${ALL}&dn_sku_id=1_1&inv_lvl=99`);
      expect([answer.status, answer.type, answer.text.slice(0, 15)]).toEqual([
        404,
        'text/html; charset=utf-8',
        '<!doctype html>',
      ]);
    }
    expect(quantity('1_1')).toBe('4');
    const bare = standing({ path: 'bare' });
    expect((await bare.find(ALL)).status).toBe(404);
    expect((await bare.send('POST', '/api/json/manage_inventory_events', `${LOGIN}&${ALL}`)).total).toBe(3);
  });

  test('R458 a sale and an event of any kind are recorded at this moment, each level following from the one before', async () => {
    const { find, sale, add, advance, quantity, turn } = standing({ sort: 'rising' });
    sale({ dn_sku_id: '1_1', quantity: '3' });
    advance(5000);
    sale({ inventory_id: 1, quantity: 1 });
    add({ inventory_id: 1, new_qty: 50 });
    turn({ kind: 'event', inventory_id: 1, new_qty: 49, change_type: 8 });
    const { rows } = await find('field=1&condition=6&date1=2026-03-02T10:00:00');
    expect(rows).toMatchObject([
      { old_qty: 4, new_qty: 1, created_at: '2026-03-02T10:00:00' },
      { old_qty: 1, new_qty: 0, created_at: '2026-03-02T10:00:05' },
      { old_qty: 0, new_qty: 50 },
      { old_qty: 50, new_qty: 49, change_type: 8 },
    ]);
    expect(quantity('1_1')).toBe('49');
    expect(() => sale({ dn_sku_id: 'none', quantity: '1' })).toThrow('no such SKU');
    expect(() => sale({ dn_sku_id: '1_1' })).toThrow('quantity');
  });

  test('R459 rows come between pages, a row is left out, and a page for people is given on demand', async () => {
    const { find, turn, fault } = standing({ sort: 'rising' });
    turn({ kind: 'addBetweenPages', times: 2, events: [{ inventory_id: 2, new_qty: 1 }] });
    const totals: unknown[] = [];
    for (let pages = 0; pages < 4; pages += 1) totals.push((await find(`${ALL}&limit=1`)).total);
    expect(totals).toEqual([3, 4, 5, 5]);
    turn({ kind: 'skipRow' });
    expect(await find(ALL)).toMatchObject({ total: 5, rows: { length: 4 } });
    expect(await find(ALL)).toMatchObject({ total: 5, rows: { length: 5 } });
    fault({ kind: 'html' });
    expect(await find(ALL)).toMatchObject({ status: 200, type: 'text/html' });
    fault({ kind: 'errorsIn200' });
    expect((await find(ALL)).severity).toBe('ERROR');
  });

  test('R460 the sister API tells levels by its seven fields, or is not there', async () => {
    const levels = '/api/json/manage_inventory/find';
    const { send } = standing();
    const ask = (form: string) => send('POST', levels, `${LOGIN}&${form}`);
    expect((await ask('field=6&condition=6&number1=0')).rows).toMatchObject([
      { dn_sku_id: '1_1', inv_lvl: 4, inv_on: true, inv_last_modified: '2026-03-01T08:00:02' },
      { dn_sku_id: '2_1', inv_lvl: 7 },
    ]);
    expect((await ask('field=1&condition=1&string=P2')).total).toBe(1);
    expect((await ask('field=2&condition=1&string=Product 2')).total).toBe(1);
    expect((await ask('field=3&condition=1&string=Nobody')).total).toBe(0);
    expect((await ask('field=4&condition=1&number1=2')).total).toBe(1);
    expect((await ask('field=4&condition=1&number1=77')).code).toBe(40004);
    expect((await ask('field=5&condition=4&date1=2026-03-01T08:00:01')).total).toBe(1);
    expect((await ask('field=7&condition=1&number1=0')).total).toBe(0);
    for (const bad of [
      'field=7&condition=3&number1=1',
      'field=7&condition=1&number1=2',
      'field=8&condition=1',
      'field=1&condition=1',
    ])
      expect((await ask(bad)).code).toBe(50005);
    expect((await ask('')).code).toBe(50002);
    expect((await standing({ sister: 'absent' }).send('POST', levels, LOGIN)).status).toBe(404);
    expect(await standing({ sister: 'page' }).send('POST', levels, LOGIN)).toMatchObject({
      status: 200,
      type: 'text/html; charset=utf-8',
    });
  });

  test('R461 it is served with its switches, and what is logged of the password is nothing', async () => {
    const sandbox = await startDeconetworkSandbox({ clock: CLOCK, events: [...EVENTS] });
    try {
      const ask = (form: string) =>
        fetch(sandbox.baseUrl + PATH, { method: 'POST', body: new URLSearchParams(`${LOGIN}&${form}`) });
      expect(await (await ask(ALL)).json()).toMatchObject({ total: 3 });
      await fetch(`${sandbox.baseUrl}${PATH}?${LOGIN}&${ALL}`);
      const turn = (body: unknown) =>
        fetch(`${sandbox.baseUrl}/_sandbox/fault`, { method: 'POST', body: JSON.stringify(body) });
      expect((await turn({ kind: 'sale', dn_sku_id: '2_1', quantity: '2' })).status).toBe(200);
      expect((await turn({ kind: 'sale', dn_sku_id: 'none', quantity: '2' })).status).toBe(400);
      expect((await turn({ kind: 'addBetweenPages', events: [] })).status).toBe(400);
      expect(await (await ask('field=2&condition=1&number1=2')).json()).toMatchObject({ total: 2 });
      const log = await (await fetch(`${sandbox.baseUrl}/_sandbox/log`)).text();
      expect(log).not.toContain('sandbox-password');
      expect(log).toContain('password=***');
    } finally {
      await sandbox.close();
    }
  });

  test('R462 events of a world may stand in any order: the newest says what is there', () => {
    const events = EVENTS.toReversed();
    const { control } = createDeconetworkSandbox({ clock: CLOCK, events }, () => 0);
    expect(control.quantity('1_1')).toBe('4');
    expect(control.events().map((event) => [event.old_qty, event.new_qty])).toEqual([
      [0, 5],
      [0, 7],
      [5, 4],
    ]);
  });

  test('R462 a world may stand flat or under its name, and what is missing is filled in', () => {
    const flat = {
      clock: CLOCK,
      username: 'a',
      password: 'b',
      site: 'normal',
      events: [{ dn_sku_id: '13_691', new_qty: 3 }],
    };
    const { clock, ...own } = flat;
    expect(worldSchema.parse({ clock, deconetwork: own })).toEqual(worldSchema.parse(flat));
    const { control } = createDeconetworkSandbox(
      { clock: CLOCK, events: [{ dn_sku_id: '13_691', new_qty: 3 }, {}, { created_at: '2026-01-01T00:00:00.000Z' }] },
      () => 0,
    );
    expect(control.events()).toMatchObject([
      { created_at: '2026-01-01T00:00:00' },
      { dn_sku_id: '13_691', product_id: 13, old_qty: 0, new_qty: 3, created_at: '2026-03-02T10:00:00' },
      { old_qty: 0, new_qty: 0 },
    ]);
    expect(new Set(control.events().map((event) => event.inventory_id)).size).toBe(3);
    expect(worldSchema.safeParse({ events: [{ created_at: 'yesterday' }] }).success).toBe(false);
  });
});
