import { createServer } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { serveSandbox } from '../chassis/server.ts';
import { SEED_DOCUMENTS } from './seed-documents.ts';
import { createShipheroSandbox } from './shiphero.ts';

const NOW = '2026-03-02T10:00:00.000Z';
const MAIN = 'V2FyZWhvdXNlOjExNzkw';
const BIN = 'QmluOjE0OTQxMDg=';
const SHELF = 'QmluOjE0OTQxMTM=';
const SKU = '1122334458';

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.looseObject({ message: z.string(), code: z.number().optional(), path: z.array(z.unknown()).optional() }))
    .optional(),
});

function world(more: object = {}, behaviour: object = {}): object {
  return {
    clock: NOW,
    tokens: { good: 'ok', old: 'expired' },
    shiphero: {
      warehouses: [
        { id: MAIN, identifier: 'Main' },
        { id: 'V2FyZdfhens73hsA=', identifier: 'Garbled' },
        { id: 'V2FyZWhvuXNlOjEjUzkw', identifier: 'Garbled too' },
      ],
      locations: [
        { id: BIN, warehouse: MAIN, name: 'Bin BO' },
        { id: SHELF, warehouse: MAIN, name: 'Bin-A1' },
        { id: 'QmluOjIyNDMwNDY=', warehouse: MAIN, name: '01PE06CC02' },
        { id: '123BVerb3456jnx', warehouse: MAIN, name: 'Bin-Z' },
      ],
      products: [
        { sku: SKU, name: 'Test Product 4', stock: { [BIN]: 0, [SHELF]: 18 } },
        { sku: 'CUP', stock: { [BIN]: 30 } },
        { sku: 'ELSEWHERE', warehouses: ['V2FyZdfhens73hsA='] },
      ],
      ...more,
      behaviour,
    },
  };
}

function start(more: object = {}, behaviour: object = {}, files: Readonly<Record<string, string>> = {}) {
  const sandbox = createShipheroSandbox(world(more, behaviour), () => 0, {
    fetchFile: (url) =>
      Promise.resolve(files[url] === undefined ? { status: 404, text: '' } : { status: 200, text: files[url] }),
  });
  const raw = (text: string, token = 'good') =>
    sandbox.reply({
      method: 'POST',
      url: new URL('http://shiphero.invalid/graphql'),
      text,
      headers: { authorization: `Bearer ${token}` },
    });
  const ask = async (query: string, variables?: object) => {
    const reply = await raw(JSON.stringify({ query, variables }));
    if (typeof reply === 'string') throw new Error(reply);
    expect(reply.status).toBe(200);
    return answerSchema.parse(JSON.parse(reply.text));
  };
  return { ...sandbox, raw, ask };
}

const change = (operation: string, quantity: string, more = '') =>
  `mutation { ${operation}(data: { sku: "${SKU}" warehouse_id: "${MAIN}" location_id: "${SHELF}" quantity: ${quantity} reason: "r" ${more} }) { request_id complexity warehouse_product { on_hand } } }`;

describe('ShipHero sandbox: GraphQL', () => {
  test.each([
    ['a fraction', change('inventory_add', '1.5')],
    ['a text', change('inventory_add', '"5"')],
    ['an unknown member', change('inventory_add', '5', 'colour: 1')],
    ['an unknown field', '{ account { data { shoe_size } } }'],
    ['a capital False', change('inventory_replace', '5', 'includes_non_sellable: False')],
    ['a missing brace', '{ account { data { id } }'],
    ['a missing member', 'mutation { inventory_add(data: { quantity: 1 }) { request_id } }'],
    ['no instant', '{ inventory_changes(date_from: "yesterday") { request_id } }'],
  ])('R354 real GraphQL against the schema: %s fails, within a 200, and nothing is done', async (_, query) => {
    const { ask, control } = start();
    const answer = await ask(query);
    expect([answer.data ?? null, answer.errors?.length]).toEqual([null, expect.any(Number)]);
    expect(control.changes()).toEqual([]);
  });

  test('R771 a warehouse without a name is taken as the schema allows it, and answered without one', async () => {
    const { ask } = start({ warehouses: [{ id: MAIN }, { id: 'other', identifier: null }] });
    const answer = await ask('query { account { data { warehouses { id identifier } } } }');
    expect(answer).toMatchObject({
      data: {
        account: {
          data: {
            warehouses: [
              { id: MAIN, identifier: null },
              { id: 'other', identifier: null },
            ],
          },
        },
      },
    });
  });

  test('R355 variables are coerced as the schema says', async () => {
    const { ask, control } = start();
    const query = 'mutation ($data: UpdateInventoryInput!) { inventory_add(data: $data) { request_id } }';
    const data = { sku: SKU, warehouse_id: MAIN, location_id: SHELF };
    for (const quantity of [1.5, '5', null, 2_147_483_648]) {
      const answer = await ask(query, { data: { ...data, quantity } });
      expect(answer.errors?.[0]?.message).toMatch(/quantity|Int/);
    }
    expect(control.changes()).toEqual([]);
    expect((await ask(query, { data: { ...data, quantity: 2 } })).errors).toBeUndefined();
    expect(control.quantity(SKU, SHELF)).toBe(20);
  });

  test('R356 of the documents on the vendor’s pages every valid one is answered, the malformed one refused', async () => {
    const { ask } = start();
    const syncIds = /"(5d9624b054de070001fd3132|5d9625ebd49dd410acb3f554|5e4dac71b50fb5475c7b00d4)"/;
    let syncId = '';
    let snapshotId = '';
    for (const { text, isValid } of [
      ...SEED_DOCUMENTS.filter(({ name }) => ['inventory_sync', 'inventory_generate_snapshot'].includes(name)),
      ...SEED_DOCUMENTS,
    ]) {
      const query = text.replace(syncIds, `"${syncId}"`).replace('"5e94c048cec17923fcb7ec32"', `"${snapshotId}"`);
      const answer = await ask(query);
      expect({ query, errors: answer.errors === undefined }).toEqual({ query, errors: isValid });
      syncId = /"sync_id":"(\w+)"/.exec(JSON.stringify(answer))?.[1] ?? syncId;
      snapshotId = /"snapshot_id":"(\w+)"/.exec(JSON.stringify(answer))?.[1] ?? snapshotId;
    }
    expect(SEED_DOCUMENTS.filter((one) => one.isValid)).toHaveLength(15);
  });
});

describe('ShipHero sandbox: stock', () => {
  test('R357 every effect is in the history, and on hand is the sum of the locations, whatever is done', async () => {
    const operation = fc.constantFrom('inventory_add', 'inventory_remove', 'inventory_subtract', 'inventory_replace');
    const step = fc.record({ operation, quantity: fc.integer({ min: -1, max: 30 }), at: fc.constantFrom(BIN, SHELF) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { ask, control } = start({ credits: { max: 1_000_000 } });
        const model = new Map([
          [BIN, 0],
          [SHELF, 18],
        ]);
        let effects = 0;
        for (const one of steps) {
          const before = model.get(one.at) ?? 0;
          const after = expectedAfter(one.operation, before, one.quantity);
          const answer = await ask(change(one.operation, String(one.quantity)).replace(SHELF, one.at));
          expect(answer.errors === undefined).toBe(after !== undefined);
          if (after === undefined) continue;
          model.set(one.at, after);
          effects += 1;
        }
        expect([control.quantity(SKU, BIN), control.quantity(SKU, SHELF)]).toEqual([...model.values()]);
        expect(control.onHand(SKU, MAIN)).toBe([...model.values()].reduce((sum, pieces) => sum + pieces, 0));
        expect(control.changes()).toHaveLength(effects);
        const sum = control.changes().reduce((total, row) => total + row.change, 18);
        expect(sum).toBe(control.onHand(SKU, MAIN));
      }),
      { numRuns: 40 },
    );
  });

  test('R358 nothing is taken for a repetition: an addition sent twice counts twice', async () => {
    const { ask, control, raw } = start();
    const query = change('inventory_add', '5');
    control.fault({ kind: 'applyThenDrop' });
    expect(await raw(JSON.stringify({ query }))).toBe('drop');
    await ask(query);
    expect(control.quantity(SKU, SHELF)).toBe(28);
  });

  test('R359 what is promised to orders is told apart, and lots are rows of their own', async () => {
    const { ask } = start({
      products: [{ sku: SKU, stock: { [SHELF]: { early: 2, late: 3 } }, allocated: { [MAIN]: 4 } }],
    });
    const fields = 'on_hand allocated available locations { edges { node { quantity expiration_lot { name } } } }';
    expect(
      (
        await ask(
          `{ warehouse_products(sku: "${SKU}", warehouse_id: "${MAIN}") { data(first: 1) { edges { node { ${fields} } } } } }`,
        )
      ).data,
    ).toMatchObject({
      warehouse_products: {
        data: {
          edges: [
            {
              node: {
                on_hand: 5,
                allocated: 4,
                available: 1,
                locations: {
                  edges: [
                    { node: { quantity: 2, expiration_lot: { name: 'early' } } },
                    { node: { quantity: 3, expiration_lot: { name: 'late' } } },
                  ],
                },
              },
            },
          ],
        },
      },
    });
  });

  test('R360 pages have cursors, an order that can be asked for, and a cursor of nobody is refused', async () => {
    const { ask } = start({}, { order: 'newest' });
    const names = async (args: string) =>
      JSON.stringify(
        (await ask(`{ locations { data(${args}) { edges { cursor node { name } } pageInfo { hasNextPage } } } }`))
          .data?.['locations'],
      );
    expect(await names('first: 1')).toContain('Bin-Z');
    const first = await names('first: 2, sort: "name"');
    expect(first).toMatch(/01PE06CC02.*Bin BO.*"hasNextPage":true/);
    const after = /"cursor":"([^"]+)"[^}]*"name":"Bin BO"/.exec(first)?.[1] ?? '';
    expect(await names(`first: 5, sort: "name", after: "${after}"`)).toMatch(/Bin-A1.*Bin-Z.*"hasNextPage":false/);
    expect((await ask('{ locations { data(after: "x") { edges { cursor } } } }')).errors).toHaveLength(1);
  });
});

function expectedAfter(operation: string, before: number, quantity: number): number | undefined {
  if (operation === 'inventory_replace') return quantity < 0 ? undefined : quantity;
  if (quantity <= 0) return undefined;
  if (operation === 'inventory_add') return before + quantity;
  return quantity > before ? undefined : before - quantity;
}

describe('ShipHero sandbox: credits', () => {
  const rows = (first: string) => `{ locations { complexity data${first} { edges { node { name } } } } }`;
  const nested = `{ warehouse_products { complexity data(first: 10) { edges { node { locations(first: 20) { edges { node { quantity } } } } } } } }`;

  test.each([
    [rows('(first: 3)'), 4],
    [rows(''), 101],
    [rows('(last: 2)'), 3],
    [nested, 1 + 10 * 21],
    ['{ account { complexity data { id } } }', 1],
    [`fragment F on LocationsQueryResult { complexity data(first: 7) { edges { cursor } } } { locations { ...F } }`, 8],
    [`query ($n: Int) { locations { complexity data(first: $n) { edges { cursor } } } }`, 6],
  ])(
    'R361 an operation costs what its connections ask for, a hundred where they do not say: %s',
    async (query, price) => {
      const { ask, control } = start();
      const answer = await ask(query, { n: 5 });
      expect(JSON.stringify(answer.data)).toContain(`"complexity":${price}`);
      expect(control.credits()).toBe(4004 - price);
      const analyzed = query.replace(
        /(locations|warehouse_products|account) \{ (complexity|\.\.\.F)/,
        '$1(analyze: true) { $2',
      );
      expect(JSON.stringify((await ask(analyzed, { n: 5 })).data)).toContain(`"complexity":${price}`);
      expect(control.credits()).toBe(4004 - price);
    },
  );

  test('R362 without enough credits code 30 and its sentence come in a 200, and time fills the bucket again', async () => {
    const { ask, control } = start({ credits: { max: 1001, perSecond: 15 } });
    control.turn({ kind: 'setCredits', remaining: 31 });
    const answer = await ask(rows('(first: 300)'));
    expect(answer).toEqual({
      errors: [
        expect.objectContaining({
          code: 30,
          message:
            'There are not enough credits to perform the requested operation, which requires 301 credits, but there are only 31 left. In 18 seconds you will have enough credits to perform the operation',
          required_credits: 301,
          remaining_credits: 31,
          time_remaining: '18 seconds',
        }),
      ],
    });
    control.advance(17_000);
    expect((await ask(rows('(first: 300)'))).errors).toHaveLength(1);
    control.advance(1000);
    expect((await ask(rows('(first: 300)'))).errors).toBeUndefined();
    control.advance(3_600_000);
    const quota = await ask('{ user_quota { credits_remaining max_available increment_rate } }');
    expect(quota.data?.['user_quota']).toEqual({ credits_remaining: 1000, max_available: 1001, increment_rate: 15 });
    control.advance(3_600_000);
    expect((await ask(rows('(first: 1001)'))).errors).toHaveLength(1);
    expect((await ask(rows('(first: 1000)'))).errors).toBeUndefined();
  });

  test('R363 the numbers may stand under extensions, or nowhere, and the status may be 429', async () => {
    for (const creditsMembers of ['extensions', 'none']) {
      const { ask, control } = start({}, { creditsMembers });
      control.turn({ kind: 'setCredits', remaining: 0 });
      const error = (await ask(rows(''))).errors?.[0];
      expect([error?.['required_credits'], error?.['extensions'] !== undefined]).toEqual([
        undefined,
        creditsMembers === 'extensions',
      ]);
    }
    const { control, raw } = start({}, { creditsStatus: 429 });
    control.turn({ kind: 'setCredits', remaining: 0 });
    expect(await raw(JSON.stringify({ query: rows('') }))).toMatchObject({ status: 429 });
  });
});

describe('ShipHero sandbox: errors and doors', () => {
  test('R364 errors come within a 200, and of several mutations the others are done all the same', async () => {
    const { ask, control } = start();
    const one = (alias: string, sku: string) =>
      `${alias}: inventory_replace(data: { sku: "${sku}" warehouse_id: "${MAIN}" location_id: "${SHELF}" quantity: 7 }) { request_id }`;
    const answer = await ask(`mutation { ${one('a', SKU)} ${one('b', 'NONE')} ${one('c', 'CUP')} }`);
    expect(answer.data).toEqual({
      a: { request_id: expect.any(String) },
      b: null,
      c: { request_id: expect.any(String) },
    });
    expect(answer.errors).toMatchObject([{ path: ['b'], code: expect.any(Number), operation: 'b' }]);
    expect([control.quantity(SKU, SHELF), control.quantity('CUP', SHELF)]).toEqual([7, 7]);
    const { raw, control: other } = start();
    other.fault({ kind: 'applyHalfThenFail', status: 500 });
    expect(await raw(JSON.stringify({ query: `mutation { ${one('a', SKU)} ${one('c', 'CUP')} }` }))).toMatchObject({
      status: 500,
    });
    expect([other.quantity(SKU, SHELF), other.quantity('CUP', SHELF)]).toEqual([7, undefined]);
  });

  test('R365 every refusal names its operation, and changes nothing', async () => {
    const { ask, control } = start({
      products: [
        { sku: SKU, stock: { [SHELF]: 18 } },
        { sku: 'SET', kit: true },
      ],
    });
    const data = (more: string) => `mutation { inventory_add(data: { quantity: 1 ${more} }) { request_id } }`;
    for (const query of [
      data(`sku: "NONE" warehouse_id: "${MAIN}" location_id: "${SHELF}"`),
      data(`sku: "${SKU}" warehouse_id: "NONE" location_id: "${SHELF}"`),
      data(`sku: "${SKU}" warehouse_id: "${MAIN}" location_id: "NONE"`),
      data(`sku: "${SKU}" warehouse_id: "V2FyZdfhens73hsA=" location_id: "${SHELF}"`),
      data(`sku: "${SKU}" warehouse_id: "${MAIN}"`),
      data(`sku: "SET" warehouse_id: "${MAIN}" location_id: "${SHELF}"`),
      'mutation { lot_create(data: { name: "x", sku: "y" }) { request_id } }',
    ]) {
      const answer = await ask(query);
      expect(answer.errors).toMatchObject([{ code: expect.any(Number), request_id: expect.any(String) }]);
    }
    expect(control.changes()).toEqual([]);
    expect(control.onHand(SKU, MAIN)).toBe(18);
  });

  test('R366 each unverified point is a switch', async () => {
    const unassigned = start({}, { withoutLocation: 'unassigned' });
    const without = `mutation { inventory_replace(data: { sku: "${SKU}" warehouse_id: "${MAIN}" quantity: 4 }) { request_id } }`;
    expect((await unassigned.ask(without)).errors).toBeUndefined();
    expect(unassigned.control.onHand(SKU, MAIN)).toBe(22);
    const takes = start({}, { overRemoval: 'allow' });
    await takes.ask(change('inventory_remove', '20'));
    expect(takes.control.quantity(SKU, SHELF)).toBe(-2);
    const clips = start({}, { overRemoval: 'clip' });
    await clips.ask(change('inventory_remove', '20'));
    expect([clips.control.quantity(SKU, SHELF), clips.control.changes()[0]?.change]).toEqual([0, -18]);
    const lags = start({}, { changesLagMs: 60_000, reasonLength: 1, previousOnHand: 'location' });
    await lags.ask(change('inventory_add', '1', '').replace('"r"', '"rest"'));
    const history = async () =>
      JSON.stringify(
        (await lags.ask('{ inventory_changes { data(first: 5) { edges { node { reason previous_on_hand } } } } }'))
          .data,
      );
    expect(await history()).toContain('"edges":[]');
    lags.control.advance(60_000);
    expect(await history()).toContain('{"reason":"r","previous_on_hand":18}');
  });

  test('R367 a token ends when it is told to, and the world says how a refused one is told', async () => {
    for (const [tokenError, status] of [
      ['401', 401],
      ['403', 403],
      ['errors', 200],
    ] as const) {
      const { raw, control } = start({}, { tokenError });
      const query = JSON.stringify({ query: '{ account { request_id } }' });
      expect(await raw(query)).toMatchObject({ status: 200, text: expect.stringContaining('request_id') });
      for (const token of ['old', 'nobody']) expect(await raw(query, token)).toMatchObject({ status });
      control.expireToken();
      const refused = await raw(query);
      expect(refused).toMatchObject({ status });
      expect(JSON.stringify(refused)).not.toContain('request_id');
      control.restoreToken();
      expect(await raw(query)).toMatchObject({ text: expect.stringContaining('request_id') });
    }
  });
});

describe('ShipHero sandbox: files over HTTP', () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function serveFiles(): Promise<string> {
    const head = 'sku,quantity,action,reason,location\r\n';
    const long = Array.from({ length: 3001 }, () => `${SKU},1,replace,r,Bin-A1`).join('\r\n');
    const texts: Readonly<Record<string, string>> = {
      '/good.csv': `${head}${SKU},5,replace,"a ""b"", c",Bin-A1\r\nNONE,1,replace,r,Bin-A1\r\nCUP,2,change,r,Bin-A1\r\nCUP,2.5,replace,r,Bin-A1\r\nCUP,2,replace,r,Bin-Q\r\nELSEWHERE,2,replace,r,Bin-A1\r\nCUP,3,replace,r,\r\n`,
      '/header.csv': `item,count\r\n${SKU},5\r\n`,
      '/long.csv': head + long,
      '/four.csv': `${head}${['Bin BO', 'Bin-A1', '01PE06CC02', 'Bin-Z'].map((name) => `CUP,9,replace,r,${name}`).join('\r\n')}`,
    };
    const server = createServer((request, response) => {
      const status = /^\/(\d{3})$/.exec(request.url ?? '')?.[1];
      const text = texts[request.url ?? ''];
      expect(request.headers.authorization).toBeUndefined();
      response.writeHead(status ? Number(status) : text === undefined ? 404 : 200).end(text ?? '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  async function serve(behaviour: object = {}) {
    const sandbox = await serveSandbox(createShipheroSandbox(world({}, behaviour)));
    closers.push(sandbox.close);
    const ask = async (query: string): Promise<string> => {
      const headers = { authorization: 'Bearer good', 'content-type': 'application/json' };
      const answer = await fetch(`${sandbox.baseUrl}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query }),
      });
      return answer.text();
    };
    const begin = async (url: string) => {
      const text = await ask(
        `mutation { inventory_sync(data: { url: "${url}" warehouse_id: "${MAIN}" }) { complexity sync_id } }`,
      );
      expect(text).toContain('"complexity":0');
      return /"sync_id":"(\w+)"/.exec(text)?.[1] ?? '';
    };
    const status = (id: string) =>
      ask(
        `{ inventory_sync_status(id: "${id}") { data { status error total_count finished_count success_count error_count } } }`,
      );
    const rows = (id: string) =>
      ask(
        `{ inventory_sync_items_status(id: "${id}") { data(first: 10) { edges { node { id row sku quantity action location status error } } } } }`,
      );
    return { sandbox, ask, begin, status, rows };
  }

  test('R368 a batch really fetches its file: what cannot be had, has another header or is too long ends in error', async () => {
    const base = await serveFiles();
    const { begin, sandbox, status } = await serve();
    for (const [path, words] of [
      ['/401', 'HTTP 401'],
      ['/403', 'HTTP 403'],
      ['/nothing.csv', 'HTTP 404'],
      ['/header.csv', 'missing columns'],
      ['/long.csv', 'more than 3000'],
    ] as const) {
      const id = await begin(base + path);
      sandbox.advance(1000);
      expect(await status(id)).toContain(words);
    }
    const dead = await begin('http://127.0.0.1:9/x.csv');
    expect(await status(dead)).toContain('"status":"error","error":"could not download the file"');
    expect(sandbox.changes()).toEqual([]);
  });

  test('R369 rows are done one by one: a bad one is an error of its own, the others are done', async () => {
    const base = await serveFiles();
    const { begin, sandbox, status, rows } = await serve();
    const id = await begin(`${base}/good.csv`);
    expect(await status(id)).toContain('"status":"enqueued","error":null,"total_count":7,"finished_count":0');
    sandbox.advance(1000);
    expect(await status(id)).toContain(
      '"status":"error","error":"error in 5 out of 7 rows","total_count":7,"finished_count":7,"success_count":2,"error_count":5',
    );
    const text = await rows(id);
    expect([...text.matchAll(/"status":"(\w+)"/g)].map(([, word]) => word)).toEqual([
      'success',
      'error',
      'error',
      'error',
      'error',
      'error',
      'success',
    ]);
    expect(new Set([...text.matchAll(/"id":"(\w+)"/g)].map(([, one]) => one)).size).toBe(1);
    expect(sandbox.quantity(SKU, SHELF)).toBe(5);
    expect(sandbox.changes().map((one) => one.reason)).toEqual(['a "b", c', 'r']);
    expect(sandbox.onHand('CUP', MAIN)).toBe(33);
  });

  test('R370 a batch that is aborted midway keeps what it has done, and a finished one cannot be aborted', async () => {
    const base = await serveFiles();
    const { ask, begin, sandbox, status } = await serve({ syncRowsPerStep: 1 });
    const id = await begin(`${base}/four.csv`);
    sandbox.advance(2000);
    expect(await status(id)).toContain('"status":"processing","error":null,"total_count":4,"finished_count":2');
    const abort = () =>
      ask(`mutation { inventory_sync_abort(data: { sync_id: "${id}", reason: "Wrong File" }) { sync { status } } }`);
    expect(await abort()).toContain('"status":"aborted"');
    sandbox.advance(60_000);
    expect(await status(id)).toContain('"status":"aborted","error":null,"total_count":4,"finished_count":2');
    expect(sandbox.changes()).toHaveLength(2);
    const whole = await begin(`${base}/four.csv`);
    sandbox.advance(4000);
    expect(await status(whole)).toContain('"status":"success"');
    expect(await ask(`mutation { inventory_sync_abort(data: { sync_id: "${whole}" }) { sync { status } } }`)).toContain(
      '"errors"',
    );
  });

  test('R371 a snapshot’s file lies where the sandbox is served, and for a day', async () => {
    const { ask, sandbox } = await serve();
    const text = await ask(
      `mutation { inventory_generate_snapshot(data: { warehouse_id: "${MAIN}" has_inventory: true }) { complexity snapshot { snapshot_id snapshot_url } } }`,
    );
    expect(text).toContain('"complexity":30');
    const id = /"snapshot_id":"(\w+)"/.exec(text)?.[1] ?? '';
    const read = () =>
      ask(`{ inventory_snapshot(snapshot_id: "${id}") { snapshot { status snapshot_url snapshot_expiration } } }`);
    expect(await read()).toContain('"status":"enqueued","snapshot_url":null');
    sandbox.advance(5000);
    const ready = await read();
    expect(ready).toContain('"status":"success"');
    expect(ready).toContain('"snapshot_expiration":null');
    const url = /"snapshot_url":"([^"]+)"/.exec(ready)?.[1] ?? '';
    expect(url.startsWith(sandbox.baseUrl)).toBe(true);
    const file = await fetch(url);
    expect([
      file.status,
      Object.keys(z.object({ products: z.record(z.string(), z.unknown()) }).parse(await file.json()).products),
    ]).toEqual([200, [SKU, 'CUP']]);
    sandbox.advance(24 * 3_600_000);
    expect((await fetch(url)).status).toBe(403);
  });
});
