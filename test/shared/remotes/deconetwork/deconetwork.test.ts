import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { remoteMovementSchema } from '../../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../../shared/domain/result.ts';
import type { HttpClient, HttpFailure } from '../../../../shared/ports/http-client.ts';
import { remoteAbilitiesSchema } from '../../../../shared/ports/remote-inventory.ts';
import { encodeForm } from '../../../../shared/remotes/deconetwork/conditions.ts';
import { deconetwork } from '../../../../shared/remotes/deconetwork/deconetwork.ts';
import { originOf } from '../../../../shared/remotes/deconetwork/site.ts';
import { instantOf, secondFrom, siteTime } from '../../../../shared/remotes/deconetwork/time.ts';
import { testMeans } from '../../../contracts/remote-means.ts';

const NOW = '2026-03-02T10:00:00.000Z';
const open = (http: HttpClient) =>
  deconetwork.open(
    { address: 'https://shop.example.test/admin', username: 'stock', password: 'hunter-2' },
    testMeans({ http, now: () => NOW }),
  );
const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  open(() => Promise.resolve(ok({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })));
const failing = (failure: HttpFailure) => open(() => Promise.resolve(err(failure)));
const said = (code: unknown, severity: string, description: string | null = 'words', more: object = {}) => ({
  response_status: { code, severity, description },
  ...more,
});
const EMPTY = { inventory_events: [], total: 0 };
const row = (more: object = {}) => ({
  inventory_id: 5,
  created_at: '2026-03-01T09:00:00',
  old_qty: 1,
  new_qty: 2,
  ...more,
});
const movements = (rows: readonly unknown[], total: unknown = rows.length) =>
  answering(200, said(10001, 'SUCCESS', '', { inventory_events: rows, total })).movements?.({
    from: '2026-03-01T00:00:00Z',
    to: NOW,
  });

describe('DecoNetwork connector', () => {
  test.each<[unknown, string, object]>([
    [10001, 'SUCCESS', { ok: true }],
    [10002, 'SUCCESS', { ok: true }],
    ['10005', 'success', { ok: true }],
    [40004, 'WARNING', { ok: true }],
    [40999, 'WARNING', { ok: true }],
    [30001, 'ERROR', { ok: false, error: { code: 'unauthorized' } }],
    [31000, 'ERROR', { ok: false, error: { code: 'forbidden' } }],
    [50002, 'ERROR', { ok: false, error: { code: 'rejected', refs: [] } }],
    [50003, 'ERROR', { ok: false, error: { code: 'rejected', detail: '50003: ERROR: words' } }],
    [50004, 'ERROR', { ok: false, error: { code: 'rejected' } }],
    [50005, 'ERROR', { ok: false, error: { code: 'rejected' } }],
    [60000, 'ERROR', { ok: false, error: { code: 'rejected' } }],
    [60000, 'SOMETHING', { ok: false, error: { code: 'bad_answer' } }],
  ])('R436 code %s with severity %s decides, and of unknown codes the severity', async (code, severity, expected) => {
    expect(await answering(200, said(code, severity, 'words', EMPTY)).test()).toMatchObject(expected);
  });

  test.each<[number, unknown, object]>([
    [400, said(30001, 'ERROR'), { code: 'unauthorized' }],
    [500, said(31000, 'ERROR'), { code: 'forbidden' }],
    [500, said(10001, 'SUCCESS', '', EMPTY), { code: 'unavailable' }],
    [401, '', { code: 'unauthorized' }],
    [403, '<html>', { code: 'forbidden' }],
    [408, '', { code: 'unavailable' }],
    [503, '<html>', { code: 'unavailable', retryAfterMs: 7000 }],
    [429, '', { code: 'rate_limited', retryAfterMs: 7000 }],
    [302, '', { code: 'bad_answer', detail: 'not an API answer' }],
    [404, '<html>', { code: 'bad_answer', detail: 'not an API answer' }],
    [200, ' <!doctype html>', { code: 'bad_answer', detail: 'not an API answer' }],
    [200, '{"response_sta', { code: 'bad_answer' }],
    [200, 'null', { code: 'bad_answer' }],
    [200, { total: 0 }, { code: 'bad_answer' }],
    [200, said(10001, 'SUCCESS', null), { code: 'bad_answer' }],
  ])('R437 HTTP %s counts where the answer itself says nothing that is known', async (status, body, expected) => {
    expect(await answering(status, body, { 'retry-after': '7' }).test()).toMatchObject({ ok: false, error: expected });
  });

  test('R437 a wait may be a date, which is compared with the date of the answer', async () => {
    const headers = { 'retry-after': 'Mon, 02 Mar 2026 10:00:09 GMT', date: 'Mon, 02 Mar 2026 10:00:00 GMT' };
    expect(await answering(429, '', headers).test()).toMatchObject({ error: { retryAfterMs: 9000 } });
    const answer = await answering(429, '', { 'retry-after': 'soon' }).test();
    expect(answer.ok ? null : answer.error).toEqual({ code: 'rate_limited', detail: 'HTTP 429' });
  });

  test('R438 a lost answer to a read is unavailable, and what never went out was not sent', async () => {
    const codeOf = async (failure: HttpFailure) => {
      const answer = await failing(failure).test();
      return answer.ok ? '' : answer.error.code;
    };
    expect(await codeOf({ code: 'not_sent', detail: 'x' })).toBe('not_sent');
    expect(await codeOf({ code: 'not_allowed', detail: 'x' })).toBe('not_sent');
    expect(await codeOf({ code: 'timed_out', afterMs: 1 })).toBe('unavailable');
    expect(await codeOf({ code: 'connection_lost', detail: 'x' })).toBe('unavailable');
    expect(await codeOf({ code: 'answer_too_large', limitBytes: 1 })).toBe('unavailable');
  });

  test('R439 a site that repeats the password does not bring it into a detail', async () => {
    const answer = await answering(200, said(50005, 'ERROR', 'password=hunter-2 is bad')).test();
    expect(answer).toMatchObject({ error: { detail: '50005: ERROR: password=*** is bad' } });
  });

  test.each([
    ['shop.example.com', 'https://shop.example.com'],
    [' https://shop.example.com/ ', 'https://shop.example.com'],
    ['https://shop.example.com:8443/admin?x=1', 'https://shop.example.com:8443'],
    ['https://user:word@shop.example.com', 'https://shop.example.com'],
    ['HTTPS://Shop.Example.com', 'https://Shop.Example.com'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://localhost:4000/', 'http://localhost:4000'],
    ['http://shop.example.com', ''],
    ['http://127.0.0.1.example.com', ''],
    ['ftp://shop.example.com', ''],
    ['https://', ''],
    ['not an address', ''],
    ['', ''],
  ])('R440 the address %j is asked at %j: encrypted, or on this machine', async (address, expected) => {
    expect(originOf(address)).toBe(expected);
    expect(deconetwork.origins({ address })).toEqual(expected === '' ? [] : [expected]);
    if (expected !== '') return;
    const http: HttpClient = () => Promise.reject(new Error('asked'));
    const remote = deconetwork.open({ address, username: 'a', password: 'b' }, testMeans({ http, now: () => NOW }));
    expect(await remote.test()).toMatchObject({ ok: false, error: { code: 'not_sent' } });
  });

  test('R441 times go without a zone mark and are read as UTC', () => {
    expect(siteTime(Date.parse('2026-03-02T10:00:00.000Z') / 1000)).toBe('2026-03-02T10:00:00');
    expect(instantOf('2022-01-19T03:34:18')).toBe('2022-01-19T03:34:18.000Z');
    expect(instantOf('2022-01-19 03:34:18')).toBe('2022-01-19T03:34:18.000Z');
    expect(instantOf('2022-01-19T03:34:18Z')).toBe('2022-01-19T03:34:18.000Z');
    expect(instantOf('2022-01-19T03:34:18.5+02:00')).toBe('2022-01-19T01:34:18.500Z');
    expect(instantOf('2022-01-19T03:34:18+0200')).toBe('2022-01-19T01:34:18.000Z');
    for (const bad of ['', 'yesterday', '2022-01-19', '2022-13-40T00:00:00', '1642563258'])
      expect(instantOf(bad)).toBeUndefined();
    expect(secondFrom('1970-01-01T00:00:05.000Z')).toBe(5);
    expect(secondFrom('1970-01-01T00:00:05.001Z')).toBe(6);
  });

  test('R442 a form is read back as it was written, whatever its words', () => {
    const word = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1 }), (fields) => {
        const text = encodeForm(fields);
        const wellFormed = fields.map((pair) => pair.map((one) => one.replace(/\p{Surrogate}/gu, '\uFFFD')));
        expect([...new URLSearchParams(text)]).toEqual(wellFormed);
        expect(text).toMatch(/^[\w.%=&-]*$/);
      }),
    );
    expect(encodeForm([['a', '\uD800']])).toBe('a=%EF%BF%BD');
  });

  test('R443 rows with more, less or other than is known are read as far as they make sense', async () => {
    const answer = await movements(
      [
        row({ change_type: null, po_number: null, po_line_id: null, user: null, brand_new: { a: 1 } }),
        row({ dn_sku_id: 7, po_number: 172_680, po_line_id: '9', old_qty: '2', new_qty: 2.5, user: 'hidden' }),
      ],
      '2',
    );
    expect(answer).toMatchObject({
      ok: true,
      value: {
        movements: [
          { remoteItem: 'inventory 5', quantity: '1', what: '' },
          { remoteItem: '7', quantity: '0.5', after: '2.5', what: 'PO 172680' },
        ],
      },
    });
    if (answer?.ok === true)
      for (const one of answer.value.movements) expect(remoteMovementSchema.safeParse(one).success).toBe(true);
  });

  test.each([
    ['a figure finer than can be kept', row({ new_qty: 0.123456 })],
    ['no figure', row({ new_qty: null })],
    ['no time', row({ created_at: 'today' })],
    ['no record', row({ inventory_id: undefined })],
    ['a time outside the window', row({ created_at: '2026-02-01T00:00:00' })],
  ])('R444 a row with %s is refused, never bent', async (_, bad) => {
    expect(await movements([bad])).toMatchObject({ ok: false, error: { code: 'bad_answer' } });
  });

  test('R444 rows that are announced and not there are refused', async () => {
    expect(await movements([], 3)).toMatchObject({ ok: false, error: { code: 'bad_answer' } });
    expect(await movements([row()], undefined)).toMatchObject({ ok: true });
    expect(await movements([row(), row({ inventory_id: 6 })], 1)).toMatchObject({ ok: false });
    expect(await movements([row()], 'many')).toMatchObject({ ok: false, error: { code: 'bad_answer' } });
  });

  test('R445 what it can is said as it is', () => {
    expect(remoteAbilitiesSchema.parse(deconetwork.abilities)).toEqual({
      absoluteCounts: false,
      backDatingMs: 0,
      maxLinesPerRequest: 1,
      maxPrecision: 5,
      idempotencyKeys: false,
      readBack: 'none',
      binLevel: false,
      readOnly: true,
      tracking: false,
      createsLocations: false,
      movements: true,
      files: false,
      pace: { requests: 1, perMs: 500 },
    });
    expect(deconetwork.fields.filter((field) => field.secret).map((field) => field.name)).toEqual(['password']);
  });
});
