import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frozenRequestSchema } from '../../../../shared/domain/ledger-entry.ts';
import { formatQuantity } from '../../../../shared/domain/quantity.ts';
import { err, ok } from '../../../../shared/domain/result.ts';
import type { HttpClient, HttpFailure, HttpRequest } from '../../../../shared/ports/http-client.ts';
import type { PlannedLine } from '../../../../shared/ports/remote-inventory.ts';
import { quoteAmounts, readAmount } from '../../../../shared/remotes/zettle/decimals.ts';
import { freeze } from '../../../../shared/remotes/zettle/freeze.ts';
import { hostsOf } from '../../../../shared/remotes/zettle/hosts.ts';
import { placeId, readPlaceId } from '../../../../shared/remotes/zettle/ids.ts';
import { nextPath } from '../../../../shared/remotes/zettle/link.ts';
import { refsNamedBy } from '../../../../shared/remotes/zettle/push.ts';
import { retryAfterMs } from '../../../../shared/remotes/http/retry-after.ts';
import { zettle } from '../../../../shared/remotes/zettle/zettle.ts';
import { testMeans } from '../../../contracts/remote-means.ts';
import { CLOCK, ITEMS, PLACES, placeOf, PRODUCTS, VARIANTS } from '../../../contracts/zettle-world.ts';

function line(ref: string, more: Partial<PlannedLine> = {}): PlannedLine {
  return {
    ref,
    item: 'TEA',
    remoteItem: ITEMS.tea,
    remoteLocation: placeOf('v2'),
    change: 'adjust',
    quantity: '5',
    bins: ['A'],
    occurredAt: CLOCK,
    ...more,
  };
}

/** A remote that gives a token and then always the same answer. */
function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const asked: HttpRequest[] = [];
  const http: HttpClient = (request) => {
    asked.push(request);
    if (request.url.endsWith('/token'))
      return Promise.resolve(ok({ status: 200, headers: {}, body: '{"access_token":"T","expires_in":7200}' }));
    return Promise.resolve(ok({ status, headers, body }));
  };
  return { asked, remote: open(http) };
}
function open(http: HttpClient) {
  const settings = { address: 'https://zettle.invalid/', generation: 'v2', clientId: 'client', apiKey: 'KEY' };
  return zettle.open(settings, testMeans({ http, now: () => CLOCK }));
}
const error = (errorType: string, developerMessage: string, propertyName = '') =>
  JSON.stringify({
    errorType,
    developerMessage,
    violations: propertyName === '' ? [] : [{ propertyName, developerMessage: '', constraintType: 'UNKNOWN' }],
  });
const amountOf = fc.bigInt({ min: 1n, max: 999_999_999_999_99999n });

describe('Zettle connector', () => {
  test('R200 a surplus comes from the supplier, a shortage goes to the bin or where its reason says', () => {
    const request = freeze([
      line('gain'),
      line('loss', { quantity: '-2.5' }),
      line('sold', { quantity: '-1', reason: 'SOLD' }),
      line('back', { quantity: '-1', reason: 'SUPPLIER' }),
    ]);
    const way = { productUuid: PRODUCTS.tea, variantUuid: VARIANTS.tea };
    expect(JSON.parse(request.body)).toMatchObject({
      changes: [
        { ...way, fromLocationUuid: PLACES.SUPPLIER, toLocationUuid: PLACES.STORE, change: 5 },
        { ...way, fromLocationUuid: PLACES.STORE, toLocationUuid: PLACES.BIN, change: 2.5 },
        { ...way, fromLocationUuid: PLACES.STORE, toLocationUuid: PLACES.SOLD, change: 1 },
        { ...way, fromLocationUuid: PLACES.STORE, toLocationUuid: PLACES.SUPPLIER, change: 1 },
      ],
    });
    expect(zettle.reasons).toEqual(['BIN', 'SOLD', 'SUPPLIER']);
    expect(frozenRequestSchema.safeParse(request).success).toBe(true);
    expect([request.method, request.path]).toEqual(['PUT', '/organizations/self/inventory']);
  });

  test('R201 an amount goes out as the number that its text is, digit for digit', () => {
    fc.assert(
      fc.property(amountOf, (amount) => {
        const text = formatQuantity(amount);
        expect(freeze([line('one', { quantity: text })]).body).toContain(`"change":${text}}`);
        expect(freeze([line('one', { quantity: `-${text}` })]).body).toContain(`"change":${text}}`);
      }),
    );
  });

  test('R202 the echo follows from the lines alone, and the balance of the store is always asked back', () => {
    const echo = (lines: readonly PlannedLine[]): string => {
      const { externalUuid, returnBalanceForLocationUuid } = JSON.parse(freeze(lines).body) as Record<string, string>;
      expect(externalUuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(returnBalanceForLocationUuid).toBe(PLACES.STORE);
      return externalUuid ?? '';
    };
    expect(echo([line('one')])).toBe(echo([line('one')]));
    expect(echo([line('one')])).not.toBe(echo([line('two')]));
  });

  test('R203 what a plan never holds is not frozen', () => {
    const bad: readonly (readonly PlannedLine[])[] = [
      [],
      Array.from({ length: 101 }, (_, at) => line(`l${at}`)),
      [line('count', { change: 'count' })],
      [line('nothing', { quantity: '0' })],
      [line('old'), line('new', { remoteLocation: placeOf('v3') })],
      [line('nowhere', { remoteLocation: 'MAIN' })],
      [
        line('no bin', {
          quantity: '-1',
          remoteLocation: placeId({ generation: 'v2', store: PLACES.STORE, bin: '', sold: '', supplier: '' }),
        }),
      ],
    ];
    for (const lines of bad) expect(() => freeze(lines)).toThrow('freeze');
    expect(readPlaceId('v2::b:c:d')).toBeNull();
    expect(placeOf('v2').length).toBeLessThanOrEqual(200);
    expect(ITEMS.tea.length).toBeLessThanOrEqual(100);
  });

  test('R204 the third generation gets bare movements at its own path', () => {
    const request = freeze([line('gain', { remoteLocation: placeOf('v3', PLACES.ANNEX) })]);
    expect([request.method, request.path]).toEqual(['POST', '/v3/movements']);
    expect(JSON.parse(request.body)).toEqual({
      movements: [
        { productUuid: PRODUCTS.tea, variantUuid: VARIANTS.tea, from: PLACES.SUPPLIER, to: PLACES.ANNEX, change: 5 },
      ],
    });
  });

  test('R205 a balance is read exactly, as a number, as a string and with an exponent', () => {
    fc.assert(
      fc.property(amountOf, fc.boolean(), fc.integer({ min: -6, max: 6 }), (steps, isNegative, shift) => {
        const amount = isNegative ? -steps : steps;
        const text = formatQuantity(amount);
        const quoted: unknown = JSON.parse(quoteAmounts(`{"balance" : ${text},"x":[{"balance":${text}}]}`));
        expect(quoted).toEqual({ balance: text, x: [{ balance: text }] });
        expect(readAmount(text)).toBe(amount);
        const [whole = '', decimals = ''] = text.split('.');
        expect(readAmount(`${whole}${decimals}E${-decimals.length}`)).toBe(amount);
        expect(readAmount(`${whole}.${decimals}0e+0`)).toBe(amount);
        const moved = readAmount(`${text}E${shift}`);
        expect(moved === null || moved === scaled(amount, shift)).toBe(true);
      }),
    );
    expect([readAmount('1E+2'), readAmount('12.50'), readAmount('1e-5')]).toEqual([10_000_000n, 1_250_000n, 1n]);
    expect(['', 'x', '1e-6', '0.000001', '1,5', '1e20'].map(readAmount)).toEqual([null, null, null, null, null, null]);
  });

  test('R206 words that look like amounts are left alone', () => {
    const body = { name: 'a "balance":5, b', note: '"change": 1}', balance: '7', balanceBefore: 3 };
    expect(JSON.parse(quoteAmounts(JSON.stringify(body)))).toEqual(body);
  });

  test('R207 the next page is followed as it is, and never to another host', () => {
    const next = (link: string | undefined) => nextPath(link, 'https://inventory.izettle.com');
    const path = '/v3/stock?cursor=81f69e53&limit=100';
    expect(next(`<https://inventory.izettle.com${path}>; rel="next"`)).toEqual(ok(path));
    expect(next(`</first>; rel="first", <${path}>; title="a"; rel="next last"`)).toEqual(ok(path));
    expect(next('</first>; rel="first"')).toEqual(ok(null));
    expect(next(undefined)).toEqual(ok(null));
    for (const target of ['https://inventory.izettle.com.evil.invalid/x', '//evil.invalid/x', 'http://evil.invalid/'])
      expect(next(`<${target}>; rel=next`)).toMatchObject({ ok: false, error: { code: 'bad_answer' } });
  });

  test('R208 the vendor has three hosts; any other address stands for all of them', () => {
    expect(zettle.origins({ address: 'https://inventory.izettle.com/' })).toEqual([
      'https://inventory.izettle.com',
      'https://products.izettle.com',
      'https://oauth.zettle.com',
    ]);
    expect(zettle.origins({ address: 'http://127.0.0.1:8080/' })).toEqual(['http://127.0.0.1:8080']);
    expect(hostsOf('http://127.0.0.1:8080//').products).toBe('http://127.0.0.1:8080');
    expect(zettle.origins({})).toEqual([]);
    expect(zettle.fields.map(({ name, secret }) => [name, secret])).toEqual([
      ['address', false],
      ['generation', false],
      ['clientId', false],
      ['apiKey', true],
    ]);
  });

  test('R209 a refusal names lines by place, by variant, by product, or nobody', () => {
    const { lines } = freeze([
      line('tea'),
      line('big', { remoteItem: ITEMS.bigTea }),
      line('cup', { remoteItem: ITEMS.cups }),
    ]);
    const named = (developerMessage: string, propertyName = '') =>
      refsNamedBy(
        {
          errorType: '',
          developerMessage,
          error: '',
          error_description: '',
          violations: propertyName === '' ? [] : [{ propertyName, developerMessage: '', constraintType: '' }],
        },
        lines,
      );
    expect(named('', 'changes[2].change')).toEqual(['cup']);
    expect(named('', 'movements.1.from')).toEqual(['big']);
    expect(named(`Variant ${VARIANTS.bigTea} of product ${PRODUCTS.tea} is gone`)).toEqual(['big']);
    expect(named(`Product ${PRODUCTS.tea.toUpperCase()} is not tracked`)).toEqual(['tea', 'big']);
    expect(named('Something is wrong')).toEqual([]);
    expect(refsNamedBy(null, lines)).toEqual([]);
  });

  test('R210 a status means one thing: a refusal, a wait, or an outcome that is not known', async () => {
    const request = freeze([line('one')]);
    const code = async (status: number, body = '{}') => {
      const answer = await answering(status, body).remote.push(request);
      return answer.ok ? 'ok' : answer.error.code;
    };
    const statuses = [302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 503];
    expect(await Promise.all(statuses.map((status) => code(status)))).toEqual([
      'bad_answer',
      'rejected',
      'unauthorized',
      'forbidden',
      'rejected',
      'unknown_outcome',
      'rejected',
      'rejected',
      'rate_limited',
      'unknown_outcome',
      'unknown_outcome',
    ]);
    expect(await Promise.all([code(200, ''), code(200, '{}'), code(200, error('X', 'Y'))])).toEqual([
      'bad_answer',
      'bad_answer',
      'unknown_outcome',
    ]);
    const refused = await answering(400, error('PRODUCT_NOT_TRACKED', `Product ${PRODUCTS.tea}`)).remote.push(request);
    expect(refused).toMatchObject({ error: { refs: ['one'], detail: expect.stringContaining('PRODUCT_NOT_TRACKED') } });
    const read = await answering(500, '').remote.locations();
    expect(read).toMatchObject({ error: { code: 'unavailable' } });
  });

  test('R217 a failure on the way leaves a change open and a read to be repeated', async () => {
    const failures: readonly [HttpFailure, string, string][] = [
      [{ code: 'not_sent', detail: 'x' }, 'not_sent', 'not_sent'],
      [{ code: 'not_allowed', detail: 'x' }, 'not_sent', 'not_sent'],
      [{ code: 'timed_out', afterMs: 1 }, 'unknown_outcome', 'unavailable'],
      [{ code: 'connection_lost', detail: 'x' }, 'unknown_outcome', 'unavailable'],
      [{ code: 'answer_too_large', limitBytes: 1 }, 'unknown_outcome', 'unavailable'],
    ];
    for (const [failure, change, read] of failures) {
      const http: HttpClient = ({ url }) =>
        Promise.resolve(
          url.endsWith('/token')
            ? ok({ status: 200, headers: {}, body: '{"access_token":"T","expires_in":7200}' })
            : err(failure),
        );
      expect(await open(http).push(freeze([line('one')]))).toMatchObject({ error: { code: change } });
      expect(await open(http).locations()).toMatchObject({ error: { code: read } });
    }
  });

  test('R218 frozen bytes go out as they are, with the token in a header and no secret in an address', async () => {
    const request = freeze([line('one', { quantity: '0.1' })]);
    const { asked, remote } = answering(200, JSON.stringify({ locationUuid: PLACES.STORE, variants: [] }));
    expect(await remote.push(request)).toEqual(ok([{ ref: 'one' }]));
    expect(asked[1]).toEqual({
      method: 'PUT',
      url: 'https://zettle.invalid/organizations/self/inventory',
      headers: { authorization: 'Bearer T', accept: 'application/json', 'content-type': 'application/json' },
      body: request.body,
    });
    expect(asked.some(({ url }) => url.includes('KEY'))).toBe(false);
    expect(asked[0]?.body).toContain('assertion=KEY');
  });

  test('R219 a wait is told in seconds or as a date, or not at all', () => {
    expect(retryAfterMs({ 'retry-after': '7' })).toBe(7000);
    const [date, after] = ['Mon, 02 Mar 2026 10:00:00 GMT', 'Mon, 02 Mar 2026 10:00:09 GMT'];
    expect(retryAfterMs({ 'retry-after': after, date })).toBe(9000);
    expect(retryAfterMs({ 'retry-after': 'soon' })).toBeUndefined();
    expect(retryAfterMs({})).toBeUndefined();
  });
});

/** The amount times ten to that power, or null where 10⁻⁵ is not fine enough or the amount is too large. */
function scaled(amount: bigint, shift: number): bigint | null {
  if (shift >= 0) return amount * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return amount % divisor === 0n ? amount / divisor : null;
}
