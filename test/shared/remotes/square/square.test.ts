import { describe, expect, test } from 'vitest';
import { frozenRequestSchema } from '../../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../../shared/domain/result.ts';
import type { HttpClient, HttpFailure, HttpRequest } from '../../../../shared/ports/http-client.ts';
import type { PlannedLine, RemoteInventory } from '../../../../shared/ports/remote-inventory.ts';
import { remotes } from '../../../../shared/remotes/remotes.ts';
import type { SquareAccount } from '../../../../shared/remotes/square/call.ts';
import { findByBarcode, listItems, searchVariations } from '../../../../shared/remotes/square/catalog.ts';
import {
  listChanges,
  listItemChanges,
  readAdjustment,
  readPhysicalCount,
  readTransfer,
} from '../../../../shared/remotes/square/changes.ts';
import { listItemCounts } from '../../../../shared/remotes/square/counts.ts';
import { retryAfterMs } from '../../../../shared/remotes/http/retry-after.ts';
import { accountOf, square } from '../../../../shared/remotes/square/square.ts';
import { testMeans } from '../../../contracts/remote-means.ts';
import { sandboxHttpClient } from '../../../sandbox/chassis/http-client.ts';
import type { Sandbox } from '../../../sandbox/chassis/sandbox.ts';
import { createSquareSandbox, type SquareControl } from '../../../sandbox/square/square-sandbox.ts';

const NOW = '2026-03-02T10:00:00.000Z';

function line(ref: string, more: Partial<PlannedLine> = {}): PlannedLine {
  return {
    ref,
    item: 'TEA',
    remoteItem: 'V1',
    remoteLocation: 'MAIN',
    change: 'adjust',
    quantity: '5',
    bins: ['A'],
    occurredAt: NOW,
    ...more,
  };
}

function answering(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): { http: HttpClient; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const http: HttpClient = (request) => {
    asked.push(request);
    return Promise.resolve(ok({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }));
  };
  return { http, asked };
}
const failing =
  (failure: HttpFailure): HttpClient =>
  () =>
    Promise.resolve(err(failure));
const open = (http: HttpClient) =>
  square.open({ baseUrl: 'https://square.invalid/', accessToken: 'T' }, testMeans({ http, now: () => NOW }));
const two = square.freeze([line('one'), line('two', { remoteItem: 'V2' })]);
const errors = (code: string, more = {}, category = 'INVALID_REQUEST_ERROR') => ({
  errors: [{ category, code, ...more }],
});

describe('Square connector', () => {
  test('R19 a request carries the pinned version, the token in a header and the frozen bytes as they are', async () => {
    const { http, asked } = answering(200, {});
    await open(http).push(two);
    expect(asked).toEqual([
      {
        method: 'POST',
        url: 'https://square.invalid/v2/inventory/changes/batch-create',
        headers: {
          authorization: 'Bearer T',
          'square-version': '2025-08-20',
          accept: 'application/json',
          'content-type': 'application/json',
        },
        body: two.body,
      },
    ]);
    expect(remotes.map((remote) => remote.id)).toContain('square');
  });

  test('R20 gains come from nothing, losses go to waste, a count is absolute, and an unchanged count is recorded too', () => {
    const request = square.freeze([
      line('gain'),
      line('loss', { quantity: '-2.5' }),
      line('count', { change: 'count', quantity: '0' }),
    ]);
    expect(JSON.parse(request.body)).toEqual({
      idempotency_key: request.idempotencyKey,
      ignore_unchanged_counts: false,
      changes: [
        {
          type: 'ADJUSTMENT',
          adjustment: {
            reference_id: 'gain',
            catalog_object_id: 'V1',
            location_id: 'MAIN',
            from_state: 'NONE',
            to_state: 'IN_STOCK',
            quantity: '5',
            occurred_at: NOW,
          },
        },
        {
          type: 'ADJUSTMENT',
          adjustment: {
            reference_id: 'loss',
            catalog_object_id: 'V1',
            location_id: 'MAIN',
            from_state: 'IN_STOCK',
            to_state: 'WASTE',
            quantity: '2.5',
            occurred_at: NOW,
          },
        },
        {
          type: 'PHYSICAL_COUNT',
          physical_count: {
            reference_id: 'count',
            catalog_object_id: 'V1',
            location_id: 'MAIN',
            state: 'IN_STOCK',
            quantity: '0',
            occurred_at: NOW,
          },
        },
      ],
    });
    expect(frozenRequestSchema.parse(request)).toEqual(request);
  });

  test('R21 what a plan never holds cannot be frozen', () => {
    expect(() => square.freeze([])).toThrow('freeze');
    expect(() => square.freeze(Array.from({ length: 101 }, (_, one) => line(`r${one}`)))).toThrow('freeze');
    expect(() => square.freeze([line('x', { change: 'count', quantity: '-1' })])).toThrow('freeze');
    expect(() => square.freeze([line('x', { quantity: '0' })])).toThrow('freeze');
  });

  test.each([
    [400, errors('INVALID_VALUE', { field: 'changes[1].adjustment.quantity' }), { code: 'rejected', refs: ['two'] }],
    [400, errors('INVALID_VALUE', { field: 'changes.0.adjustment' }), { code: 'rejected', refs: ['one'] }],
    [404, errors('NOT_FOUND', { detail: 'Object `V2` was not found.' }), { code: 'rejected', refs: ['two'] }],
    [400, errors('IDEMPOTENCY_KEY_REUSED'), { code: 'rejected', refs: [] }],
    [400, 'no JSON at all', { code: 'rejected', refs: [] }],
    [401, errors('ACCESS_TOKEN_EXPIRED', {}, 'AUTHENTICATION_ERROR'), { code: 'unauthorized' }],
    [403, errors('INSUFFICIENT_SCOPES', {}, 'AUTHENTICATION_ERROR'), { code: 'forbidden' }],
    [408, '', { code: 'unknown_outcome' }],
    [503, '<html>', { code: 'unknown_outcome' }],
    [302, '', { code: 'bad_answer' }],
    [200, '{"cou', { code: 'bad_answer' }],
    [200, errors('RATE_LIMITED', {}, 'RATE_LIMIT_ERROR'), { code: 'rate_limited' }],
    [200, errors('SOMETHING_NEW', { field: 'changes[0]' }), { code: 'rejected', refs: ['one'] }],
    [200, errors('SOMETHING_NEW', {}, 'A_NEW_CATEGORY'), { code: 'unknown_outcome' }],
    [200, { ...errors('INVALID_VALUE', { field: 'changes[0]' }), counts: [{}] }, { code: 'unknown_outcome' }],
  ])(
    'R22 the status decides what an error means, and errors within a 200 are looked at: %i %j',
    async (status, body, error) => {
      expect(await open(answering(status, body).http).push(two)).toMatchObject({ ok: false, error });
    },
  );

  test.each([
    [{ code: 'not_sent', detail: '' }, 'not_sent', 'not_sent'],
    [{ code: 'not_allowed', detail: '' }, 'not_sent', 'not_sent'],
    [{ code: 'timed_out', afterMs: 1 }, 'unknown_outcome', 'unavailable'],
    [{ code: 'connection_lost', detail: '' }, 'unknown_outcome', 'unavailable'],
    [{ code: 'answer_too_large', limitBytes: 1 }, 'unknown_outcome', 'unavailable'],
  ] as const)(
    'R23 without a whole answer a change is unknown unless it never left, and a read is only unavailable: %j',
    async (failure, change, read) => {
      expect(await open(failing(failure)).push(two)).toMatchObject({ error: { code: change } });
      expect(await open(failing(failure)).locations()).toMatchObject({ error: { code: read } });
    },
  );

  test('R24 the wait that an answer asks for is read from seconds, from a date against the answer’s own, or from the reset time', () => {
    const date = 'Mon, 02 Mar 2026 10:00:00 GMT';
    expect(retryAfterMs({ 'retry-after': '7' })).toBe(7000);
    expect(retryAfterMs({ 'retry-after': 'Mon, 02 Mar 2026 10:00:30 GMT', date })).toBe(30_000);
    expect(retryAfterMs({ 'retry-after': 'Mon, 02 Mar 2026 09:00:00 GMT', date })).toBe(0);
    expect(retryAfterMs({ 'retry-after': 'Mon, 02 Mar 2026 10:00:30 GMT' })).toBeUndefined();
    expect(retryAfterMs({ 'x-ratelimit-reset': String(Date.parse(NOW) / 1000 + 5), date })).toBe(5000);
    expect(retryAfterMs({ 'retry-after': 'soon', date })).toBeUndefined();
    expect(retryAfterMs({})).toBeUndefined();
  });

  test('R25 figures are canonical, other states and members are passed over, and one that cannot be read fails the page', async () => {
    const row = (quantity: string, more = {}) => ({
      catalog_object_id: 'V1',
      state: 'IN_STOCK',
      location_id: 'MAIN',
      quantity,
      calculated_at: NOW,
      brand_new: 1,
      ...more,
    });
    const counts = async (rows: unknown[]) => {
      // Beside the page it is asked what is reserved: nothing.
      const answers = [answering(200, { counts: rows, cursor: 'C' }).http, answering(200, {}).http];
      return open((request) => (answers.shift() ?? answering(200, {}).http)(request)).counts({ locations: ['MAIN'] });
    };
    expect(
      await counts([row('5.00000'), row('1', { state: 'INVENTED_LATER' }), row('1', { location_id: null })]),
    ).toEqual({
      ok: true,
      value: { counts: [{ remoteItem: 'V1', remoteLocation: 'MAIN', quantity: '5', calculatedAt: NOW }], cursor: 'C' },
    });
    expect(await counts([row('1e3')])).toMatchObject({ error: { code: 'bad_answer' } });
    expect(await open(answering(200, {}).http).counts({ locations: ['MAIN'] })).toEqual({
      ok: true,
      value: { counts: [] },
    });
  });

  test('R26 a 400 means a dead cursor only where a cursor was sent', async () => {
    const { http } = answering(400, errors('INVALID_CURSOR'));
    expect(await open(http).counts({ locations: [], cursor: 'C' })).toMatchObject({
      error: { code: 'cursor_expired' },
    });
    expect(await open(http).items('C')).toMatchObject({ error: { code: 'cursor_expired' } });
    expect(await open(http).counts({ locations: [] })).toMatchObject({ error: { code: 'rejected' } });
  });
});

describe('Square reads', () => {
  const start = (
    behaviour = {},
  ): { engine: Sandbox<SquareControl>; account: SquareAccount; remote: RemoteInventory } => {
    const engine = createSquareSandbox(
      {
        clock: NOW,
        square: {
          locations: [
            { id: 'MAIN', name: 'Main' },
            { id: 'OLD', name: 'Closed', status: 'INACTIVE' },
          ],
          variations: [
            { id: 'V1', item: 'Tea', sku: 'TEA-S', upc: '012345678905', name: 'Small', stock: { MAIN: '4', OLD: '1' } },
            { id: 'V2', item: 'Tea', sku: 'TEA-L', upc: '112345678904', name: 'Large' },
            { id: 'V3', item: 'Flour', name: 'Flour', precision: 3 },
          ],
          behaviour,
        },
      },
      () => 0,
    );
    const settings = { baseUrl: 'http://square.invalid', accessToken: 'sandbox-token' };
    const means = testMeans({ http: sandboxHttpClient(engine), now: engine.control.now });
    return { engine, account: accountOf(settings, means), remote: square.open(settings, means) };
  };

  test('R27 things have the item’s name, their SKU, barcode and the decimals of their unit', async () => {
    const { account } = start();
    expect(await listItems(account, undefined)).toEqual({
      ok: true,
      value: {
        items: [
          { id: 'V3', name: 'Flour', precision: 3 },
          { id: 'V1', name: 'Tea · Small', sku: 'TEA-S', barcode: '012345678905', precision: 0 },
          { id: 'V2', name: 'Tea · Large', sku: 'TEA-L', barcode: '112345678904', precision: 0 },
        ],
      },
    });
  });

  test('R28 a barcode finds its thing in every spelling, and what is only like it is left out', async () => {
    const { account } = start();
    for (const spelling of ['012345678905', '0012345678905', '12345678905']) {
      expect(await findByBarcode(account, spelling)).toMatchObject({ ok: true, value: [{ id: 'V1' }] });
    }
    expect(await findByBarcode(account, '4006381333931')).toEqual({ ok: true, value: [] });
    expect(await searchVariations(account, { attribute: 'sku', values: ['tea-s', 'tea-l'] })).toMatchObject({
      value: { items: [{ id: 'V1', name: 'Tea · Small' }, { id: 'V2' }] },
    });
  });

  test('R29 closed places are listed as not active', async () => {
    expect(await start().remote.locations()).toEqual({
      ok: true,
      value: {
        locations: [
          { id: 'OLD', name: 'Closed', active: false },
          { id: 'MAIN', name: 'Main', active: true },
        ],
      },
    });
  });

  test('R30 single counts and adjustments are read by id, and a wrong kind is not found', async () => {
    const { engine, account, remote } = start();
    const sent = await remote.push(
      square.freeze([line('a'), line('c', { change: 'count', quantity: '9', remoteItem: 'V2' })]),
    );
    const ids = sent.ok ? sent.value.map((receipt) => receipt.remoteId ?? '') : [];
    expect(await readAdjustment(account, ids[0]!)).toMatchObject({
      ok: true,
      value: { reference_id: 'a', to_state: 'IN_STOCK', quantity: '5' },
    });
    expect(await readPhysicalCount(account, ids[1]!)).toMatchObject({
      ok: true,
      value: { reference_id: 'c', quantity: '9' },
    });
    expect(await readAdjustment(account, ids[1]!)).toMatchObject({ ok: false, error: { code: 'rejected' } });
    expect(await readTransfer(account, 'none')).toMatchObject({ ok: false, error: { code: 'rejected' } });
    expect(engine.control.changes()).toHaveLength(4);
  });

  test('R46 what has no record is said so, though the answer comes in pages and the first is empty', async () => {
    const { remote } = start({ pageRows: 1, emptyPages: true });
    expect(await remote.counts({ items: ['V1', 'V2'], locations: ['MAIN', 'OLD'] })).toMatchObject({
      ok: true,
      value: {
        counts: expect.arrayContaining([
          expect.objectContaining({ remoteItem: 'V1', remoteLocation: 'MAIN', quantity: '4' }),
          expect.objectContaining({ remoteItem: 'V1', remoteLocation: 'OLD', quantity: '1' }),
          { remoteItem: 'V2', remoteLocation: 'MAIN', quantity: null },
          { remoteItem: 'V2', remoteLocation: 'OLD', quantity: null },
        ]),
      },
    });
  });

  test('R31 the change log is read page by page, by the same question, though pages may be empty', async () => {
    const { account } = start({ pageRows: 1, emptyPages: true });
    const times: string[] = [];
    const query = { items: ['V1'], locations: ['MAIN', 'OLD'] };
    for (let cursor: string | undefined, pages = 0; pages < 20; pages += 1) {
      const page = await listChanges(account, cursor === undefined ? query : { ...query, cursor });
      if (!page.ok) throw new Error(page.error.code);
      times.push(...page.value.changes.map((change) => change.physical_count?.location_id ?? ''));
      cursor = page.value.cursor;
      if (cursor === undefined) break;
    }
    expect(times).toEqual(['MAIN', 'OLD']);
  });

  test('R32 figures and changes of one thing are read for some places or for all', async () => {
    const { account } = start();
    expect(await listItemCounts(account, { item: 'V1', locations: [] })).toMatchObject({
      value: { counts: [{ quantity: '4' }, { quantity: '1' }] },
    });
    expect(await listItemCounts(account, { item: 'V1', locations: ['OLD'] })).toMatchObject({
      value: { counts: [{ quantity: '1' }] },
    });
    expect(await listItemChanges(account, { item: 'V1', locations: ['MAIN'] })).toMatchObject({
      value: { changes: [{ type: 'PHYSICAL_COUNT' }] },
    });
  });

  test('R33 reading back goes through every page and passes the errors of the remote on', async () => {
    const { engine, remote } = start({ pageRows: 1, emptyPages: true });
    const request = square.freeze(['a', 'b', 'c'].map((ref) => line(ref)));
    await remote.push(request);
    expect(await remote.readBack(request, { since: NOW })).toEqual({ ok: true, value: { receipts: [], doubtful: [] } });
    const earlier = '2026-03-02T09:00:00.000Z';
    const back = await remote.readBack(request, { since: earlier });
    expect(back.ok && back.value.receipts.map((receipt) => receipt.ref)).toEqual(['a', 'b', 'c']);
    engine.control.fault({ kind: 'status', status: 503 });
    expect(await remote.readBack(request, { since: earlier })).toMatchObject({
      ok: false,
      error: { code: 'unavailable' },
    });
  });
});
