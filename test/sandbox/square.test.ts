import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import fixture from '../fixtures/square-world.json' with { type: 'json' };
import { startSquareSandbox, type SquareSandbox } from './square/square-sandbox.ts';
import { worldSchema, type WorldInput } from './square/world.ts';

const CLOCK = '2026-03-02T10:00:00.000Z';
const HOUR = 3_600_000;
type Json = Record<string, unknown>;

const world = (behaviour: Json = {}): WorldInput =>
  worldSchema.parse({
    clock: CLOCK,
    tokens: { good: 'ok', reader: ['INVENTORY_READ'], old: 'expired' },
    square: {
      locations: [{ id: 'L1', name: 'Main' }],
      variations: [
        { id: 'V1', item: 'Tea', stock: { L1: '100' } },
        { id: 'V2', item: 'Flour', precision: 2 },
        { id: 'V3', item: 'Mat' },
      ],
      behaviour,
    },
  });

describe('Square sandbox', () => {
  let sandbox: SquareSandbox;
  beforeEach(async () => {
    sandbox = await startSquareSandbox(world());
  });
  afterEach(() => sandbox.close());

  async function ask(
    path: string,
    body?: unknown,
    token = 'good',
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string; body: Json; headers: Headers }> {
    const init =
      body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await fetch(sandbox.baseUrl + path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'square-version': '2025-08-20', ...headers },
    });
    const text = await answer.text();
    return { status: answer.status, text, body: JSON.parse(text), headers: answer.headers };
  }
  const at = (ms: number) => new Date(Date.parse(CLOCK) + ms).toISOString();
  const count = (more: Json = {}) => ({
    type: 'PHYSICAL_COUNT',
    physical_count: {
      catalog_object_id: 'V1',
      state: 'IN_STOCK',
      location_id: 'L1',
      quantity: '95',
      occurred_at: CLOCK,
      ...more,
    },
  });
  const adjust = (more: Json = {}) => ({
    type: 'ADJUSTMENT',
    adjustment: {
      catalog_object_id: 'V1',
      from_state: 'IN_STOCK',
      to_state: 'WASTE',
      location_id: 'L1',
      quantity: '2',
      occurred_at: CLOCK,
      ...more,
    },
  });
  let keys = 0;
  const change = (changes: unknown, more: Json = {}) =>
    ask('/v2/inventory/changes/batch-create', { idempotency_key: `k${(keys += 1)}`, changes, ...more });
  const code = (answer: { status: number; body: Json }) =>
    `${answer.status} ${JSON.stringify(answer.body['errors']).match(/"code":"(\w+)"/)?.[1] ?? ''}`;
  const quantity = () => sandbox.quantity('V1', 'L1');

  test('R34 a count is computed: the last count by its time, and what happened after it (the documented example)', async () => {
    await change([adjust({ to_state: 'SOLD', quantity: '3' })]);
    expect(quantity()).toBe('97');
    sandbox.advance(20 * 60_000);
    await change([count({ occurred_at: at(20 * 60_000) })]);
    expect(quantity()).toBe('95');
    await change([adjust({ to_state: 'SOLD', occurred_at: at(10 * 60_000) })]);
    expect(quantity()).toBe('95');
    sandbox.advance(10 * 60_000);
    await change([adjust({ occurred_at: at(30 * 60_000) })]);
    expect(quantity()).toBe('93');
    expect(sandbox.changes()).toHaveLength(5);
  });

  test.each([
    ['a time in the future', count({ occurred_at: at(1000) }), '400 INVALID_TIME'],
    ['a time older than a day', count({ occurred_at: at(-24 * HOUR - 1000) }), '400 INVALID_TIME'],
    ['a time without a zone', count({ occurred_at: '2026-03-02T10:00:00' }), '400 INVALID_TIME'],
    ['a number as quantity', count({ quantity: 5 }), '400 EXPECTED_STRING'],
    ['six decimals', count({ catalog_object_id: 'V2', quantity: '1.000001' }), '400 INVALID_VALUE'],
    ['more decimals than the unit has', count({ catalog_object_id: 'V2', quantity: '1.125' }), '400 INVALID_VALUE'],
    ['a negative count', count({ quantity: '-1' }), '400 INVALID_VALUE'],
    ['a read-only state', count({ state: 'SOLD_ONLINE' }), '400 INVALID_VALUE'],
    ['an unknown state', count({ state: 'LOST' }), '400 INVALID_ENUM_VALUE'],
    ['a pair that cannot be written', adjust({ from_state: 'WASTE', to_state: 'IN_STOCK' }), '400 INVALID_VALUE'],
    ['equal states', adjust({ to_state: 'IN_STOCK' }), '400 INVALID_VALUE'],
    ['a transfer', { type: 'TRANSFER', transfer: {} }, '400 INVALID_VALUE'],
    ['two members at once', { ...count(), ...adjust(), type: 'ADJUSTMENT' }, '400 INVALID_VALUE'],
    ['a missing field', count({ occurred_at: undefined }), '400 MISSING_REQUIRED_PARAMETER'],
    ['an unknown variation', count({ catalog_object_id: 'V9' }), '404 NOT_FOUND'],
    ['an unknown location', count({ location_id: 'L9' }), '404 NOT_FOUND'],
  ])('R35 refused, and nothing of the request is done: %s', async (_, bad, expected) => {
    const answer = await change([count(), bad]);
    expect(code(answer)).toBe(expected);
    expect(JSON.stringify(answer.body)).toContain('changes[1].');
    expect(quantity()).toBe('100');
  });

  test('R36 a request without a key or with more than a hundred changes is refused', async () => {
    expect(code(await ask('/v2/inventory/changes/batch-create', { changes: [count()] }))).toBe(
      '400 MISSING_REQUIRED_PARAMETER',
    );
    expect(code(await change(Array.from({ length: 101 }, () => count())))).toBe('400 ARRAY_LENGTH_TOO_LONG');
    expect((await change(Array.from({ length: 100 }, () => adjust({ quantity: '1' })))).status).toBe(200);
    expect(quantity()).toBe('0');
  });

  test('R37 the same key and body is answered with the same bytes and does nothing; another body is refused', async () => {
    const body = { idempotency_key: 'once', changes: [adjust()] };
    const first = await ask('/v2/inventory/changes/batch-create', body);
    expect((await ask('/v2/inventory/changes/batch-create', body)).text).toBe(first.text);
    expect(quantity()).toBe('98');
    expect(
      code(await ask('/v2/inventory/changes/batch-create', { ...body, changes: [adjust({ quantity: '3' })] })),
    ).toBe('400 IDEMPOTENCY_KEY_REUSED');
  });

  test('R38 an unchanged count is left out unless it is asked for', async () => {
    expect((await change([count({ quantity: '100' })])).body['changes']).toBeUndefined();
    expect(sandbox.changes()).toHaveLength(1);
    expect(
      (await change([count({ quantity: '100.0' })], { ignore_unchanged_counts: false })).body['changes'],
    ).toHaveLength(1);
  });

  test('R39 tokens and scopes are checked, another version is refused and a missing one is on record', async () => {
    expect(code(await ask('/v2/inventory/V1', undefined, 'nobody'))).toBe('401 UNAUTHORIZED');
    expect(code(await ask('/v2/inventory/V1', undefined, 'old'))).toBe('401 ACCESS_TOKEN_EXPIRED');
    expect(code(await ask('/v2/locations', undefined, 'reader'))).toBe('403 INSUFFICIENT_SCOPES');
    expect(code(await ask('/v2/inventory/V1', undefined, 'good', { 'square-version': '2026-07-15' }))).toBe(
      '400 BAD_REQUEST',
    );
    await fetch(`${sandbox.baseUrl}/v2/inventory/V1`, { headers: { authorization: 'Bearer good' } });
    expect(sandbox.log().at(-1)).toMatchObject({
      headers: expect.not.objectContaining({ 'square-version': expect.anything() }),
      status: 200,
    });
    expect((await ask('/v2/inventory/batch-change', {})).status).toBe(410);
  });

  test('R40 changes come by their time, counts by when they were learned, newest first, in pages that end without a cursor', async () => {
    sandbox.advance(2 * HOUR);
    await change([adjust({ occurred_at: at(2 * HOUR), reference_id: 'late' })]);
    sandbox.advance(1000);
    await change([count({ catalog_object_id: 'V3', occurred_at: at(HOUR), reference_id: 'early' })]);
    const changes = await ask('/v2/inventory/changes/batch-retrieve', { updated_after: CLOCK });
    expect(JSON.stringify(changes.body).match(/late|early/g)).toEqual(['early', 'late']);
    const question = { states: ['IN_STOCK'], limit: 1 };
    const first = await ask('/v2/inventory/counts/batch-retrieve', question);
    expect(first.body['counts']).toMatchObject([{ catalog_object_id: 'V3', quantity: '95' }]);
    const second = await ask('/v2/inventory/counts/batch-retrieve', { ...question, cursor: first.body['cursor'] });
    expect(second.body).toMatchObject({ counts: [{ catalog_object_id: 'V1', quantity: '98' }] });
    expect(second.body).not.toHaveProperty('cursor');
    expect((await ask('/v2/inventory/V1/changes')).text.match(/"occurred_at":"[^"]*"/g)?.[0]).toContain(at(2 * HOUR));
    expect((await ask('/v2/inventory/counts/batch-retrieve', { catalog_object_ids: ['V2'] })).body).toEqual({});
  });

  test('R41 a cursor dies with another question and with time, and a limit outside its range is refused', async () => {
    await change([count({ catalog_object_id: 'V3' })]);
    const question = { states: ['IN_STOCK'], limit: 1 };
    const { cursor } = (await ask('/v2/inventory/counts/batch-retrieve', question)).body;
    expect(code(await ask('/v2/inventory/counts/batch-retrieve', { limit: 1, cursor }))).toBe('400 INVALID_CURSOR');
    sandbox.advance(14 * 60_000);
    expect((await ask('/v2/inventory/counts/batch-retrieve', { ...question, cursor })).status).toBe(200);
    sandbox.advance(14 * 60_000);
    expect((await ask('/v2/inventory/counts/batch-retrieve', { ...question, cursor })).status).toBe(200);
    sandbox.advance(16 * 60_000);
    expect(code(await ask('/v2/inventory/counts/batch-retrieve', { ...question, cursor }))).toBe('400 INVALID_CURSOR');
    for (const limit of [0, 1001])
      expect(code(await ask('/v2/inventory/counts/batch-retrieve', { limit }))).toBe('400 INVALID_VALUE');
    expect(code(await ask('/v2/inventory/changes/batch-retrieve', { limit: 'ten' }))).toBe('400 EXPECTED_INTEGER');
  });

  test('R42 the switches can be turned from outside', async () => {
    const turn = (path: string, body: unknown) =>
      fetch(`${sandbox.baseUrl}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });
    await turn('advance', { ms: 5000 });
    expect(await (await fetch(`${sandbox.baseUrl}/_sandbox/now`)).json()).toEqual({ now: at(5000) });
    await turn('fault', { kind: 'status', status: 429, retryAfterSeconds: 3 });
    const refused = await ask('/v2/locations');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    await turn('fault', { kind: 'sale', variation: 'V1', location: 'L1', quantity: '1' });
    expect(quantity()).toBe('99');
    await turn('fault', { kind: 'expireToken' });
    expect(code(await ask('/v2/locations'))).toBe('401 ACCESS_TOKEN_EXPIRED');
    await turn('fault', { kind: 'restoreToken' });
    expect((await ask('/v2/locations')).status).toBe(200);
    expect((await turn('fault', { kind: 'magic' })).status).toBe(400);
    expect(await (await fetch(`${sandbox.baseUrl}/_sandbox/log`)).json()).toMatchObject({
      requests: [{ path: '/v2/locations', status: 429, fault: 'status' }, { status: 401 }, { status: 200 }],
    });
  });

  test('R140 with the application’s secret a code opens once within five minutes, and its refresh token again and again', async () => {
    const client = { client_id: 'sandbox-application', client_secret: 'sandbox-application-secret' };
    const consent = async () => {
      const page = await fetch(
        `${sandbox.baseUrl}/oauth2/authorize?client_id=sandbox-application&scope=INVENTORY_READ`,
      );
      return /<p>(.*)<\/p>/.exec(await page.text())?.[1];
    };
    const token = (body: Json) => ask('/oauth2/token', { ...client, ...body });
    const first = await consent();
    const opened = await token({ grant_type: 'authorization_code', code: first });
    expect(opened.body).toMatchObject({ token_type: 'bearer', expires_at: at(30 * 24 * HOUR), short_lived: false });
    expect(opened.body).not.toHaveProperty('refresh_token_expires_at');
    expect(code(await token({ grant_type: 'authorization_code', code: first }))).toBe('401 UNAUTHORIZED');
    const late = await consent();
    sandbox.advance(5 * 60_000 + 1);
    expect(code(await token({ grant_type: 'authorization_code', code: late }))).toBe('401 UNAUTHORIZED');
    const refresh = { grant_type: 'refresh_token', refresh_token: opened.body['refresh_token'] };
    const short = await token({ ...refresh, short_lived: true, scopes: ['INVENTORY_READ', 'ITEMS_READ'] });
    expect(short.body).toMatchObject({ refresh_token: refresh.refresh_token, short_lived: true });
    expect((await token(refresh)).status).toBe(200);
    expect(code(await token({ ...refresh, client_secret: 'other' }))).toBe('401 UNAUTHORIZED');
    expect(code(await token({ grant_type: 'migration_token' }))).toBe('400 BAD_REQUEST');
    const given = String(short.body['access_token']);
    expect((await ask('/oauth2/token/status', {}, given)).body).toMatchObject({ scopes: ['INVENTORY_READ'] });
    expect(code(await ask('/v2/locations', undefined, given))).toBe('403 INSUFFICIENT_SCOPES');
    sandbox.advance(24 * HOUR);
    expect(code(await ask('/v2/inventory/V1', undefined, given))).toBe('401 ACCESS_TOKEN_EXPIRED');
    const revoke = { client_id: client.client_id, access_token: opened.body['access_token'] };
    const headers = { authorization: `Client ${client.client_secret}` };
    expect((await ask('/oauth2/revoke', revoke, '', headers)).body).toEqual({ success: true });
    const used = await ask('/v2/inventory/V1', undefined, String(opened.body['access_token']));
    expect(code(used)).toBe('401 ACCESS_TOKEN_REVOKED');
    expect(code(await token(refresh))).toBe('401 UNAUTHORIZED');
  });

  test.each([
    ['POST', '/v2/inventory/batch-change'],
    ['POST', '/v2/inventory/batch-retrieve-changes'],
    ['POST', '/v2/inventory/batch-retrieve-counts'],
    ['GET', '/v2/inventory/adjustment/CHANGE1'],
    ['GET', '/v2/inventory/physical-count/CHANGE1'],
  ])('R141 the retired address is gone: %s %s', async (method, path) => {
    expect((await ask(path, method === 'GET' ? undefined : {})).status).toBe(410);
  });

  test('R142 what the documentation leaves open can be switched', async () => {
    const behaviour = { negativeCounts: true, anyStates: true, defaultLimit: 1, maxFilterIds: 2, atomicBatches: false };
    const open = await startSquareSandbox(world(behaviour));
    const post = async (path: string, body: unknown) => {
      const init = { method: 'POST', body: JSON.stringify(body), headers: { authorization: 'Bearer good' } };
      return z.record(z.string(), z.unknown()).parse(await (await fetch(open.baseUrl + path, init)).json());
    };
    const changes = [
      count({ quantity: '-1' }),
      adjust({ from_state: 'WASTE', to_state: 'IN_STOCK' }),
      count({ quantity: 5 }),
    ];
    const done = await post('/v2/inventory/changes/batch-create', { idempotency_key: 'k', changes });
    expect(done).toMatchObject({ errors: [{ code: 'EXPECTED_STRING' }], changes: [{}, {}] });
    expect(await post('/v2/inventory/changes/batch-retrieve', {})).toMatchObject({
      changes: [{}],
      cursor: expect.any(String),
    });
    const many = { catalog_object_ids: ['V1', 'V2', 'V3'] };
    expect(await post('/v2/inventory/counts/batch-retrieve', many)).toMatchObject({
      errors: [{ code: 'ARRAY_LENGTH_TOO_LONG' }],
    });
    await open.close();
  });

  test('R43 the world that comes with the sandbox is a whole one, and thousands of things are served', async () => {
    expect(worldSchema.parse(fixture).square.variations).toHaveLength(20);
    const many = Array.from({ length: 6561 }, (_, one) => ({ id: `V${one}`, item: `I${one}`, stock: { L1: '1' } }));
    const big = await startSquareSandbox({ square: { locations: [{ id: 'L1', name: 'Main' }], variations: many } });
    const body = JSON.stringify({ limit: 1000 });
    const answer = await fetch(`${big.baseUrl}/v2/inventory/counts/batch-retrieve`, {
      method: 'POST',
      body,
      headers: { authorization: 'Bearer sandbox-token' },
    });
    expect(await answer.text()).toContain('"cursor"');
    await big.close();
  });
});
