import { describe, expect, test } from 'vitest';
import { createHttpClient } from '../../../electron/host/remotes/http-client.ts';
import { zettle } from '../../../shared/remotes/zettle/zettle.ts';
import { testMeans } from '../../contracts/remote-means.ts';
import { CLOCK, ITEMS, PLACES, PRODUCTS, uuidOfTest, VARIANTS, zettleWorld } from '../../contracts/zettle-world.ts';
import type { ZettleBehaviour } from './world.ts';
import { createZettleSandbox, startZettleSandbox, type ZettleSandbox } from './zettle-sandbox.ts';

const HOST = 'https://inventory.izettle.com';
const INVENTORY = '/organizations/self/inventory';
const BULK = '/organizations/self/v2/inventory/bulk';

type Asked = { body?: unknown; token?: string };

function start(behaviour: Partial<ZettleBehaviour> = {}) {
  const tokens = { full: 'ok' as const, reads: ['READ:PRODUCT'], old: 'expired' as const };
  const sandbox: ZettleSandbox = createZettleSandbox({ ...zettleWorld(behaviour), tokens }, () => 0);
  async function ask(method: string, path: string, { body, token = 'full' }: Asked = {}) {
    const answer = await sandbox.reply({
      method,
      url: new URL(HOST + path),
      text: body === undefined ? '' : JSON.stringify(body),
      headers: { authorization: `Bearer ${token}` },
    });
    if (typeof answer === 'string') throw new Error(answer);
    const value: unknown = answer.text === '' ? null : JSON.parse(answer.text);
    return { status: answer.status, value, text: answer.text, headers: answer.headers ?? {} };
  }
  return { sandbox, control: sandbox.control, ask };
}

const change = (more: Readonly<Record<string, unknown>> = {}) => ({
  productUuid: PRODUCTS.tea,
  variantUuid: VARIANTS.tea,
  fromLocationUuid: PLACES.SUPPLIER,
  toLocationUuid: PLACES.STORE,
  change: 1,
  ...more,
});
const put = (...changes: readonly unknown[]) => ({ body: { changes } });

describe('Zettle sandbox', () => {
  test('R270 stock is nothing but movements: four kinds of places, balances summed, virtual places bottomless', async () => {
    const { ask, control } = start();
    const places = await ask('GET', '/organizations/self/locations');
    expect(places.value).toMatchObject([{ type: 'STORE' }, { type: 'BIN' }, { type: 'SOLD' }, { type: 'SUPPLIER' }]);
    const before = control.movements().length;
    await ask(
      'PUT',
      INVENTORY,
      put(
        change({ change: 1000 }),
        change({ fromLocationUuid: PLACES.STORE, toLocationUuid: PLACES.BIN, change: 2000 }),
      ),
    );
    expect(control.movements().length).toBe(before + 2);
    expect(control.quantity(VARIANTS.tea)).toBe('-988');
    for (const type of ['BIN', 'SOLD', 'SUPPLIER'])
      expect((await ask('GET', `${INVENTORY}/locations/?type=${type}`)).value).toMatchObject({ variants: [] });
  });

  test('R271 a movement that cannot be is refused, and with it the whole request', async () => {
    const { ask, control } = start();
    const refused = async (more: Readonly<Record<string, unknown>>) => {
      const { status, value } = await ask('PUT', INVENTORY, put(change(), change(more)));
      return [status, (value as { errorType: string }).errorType];
    };
    for (const amount of [0, -1, 'x', null])
      expect(await refused({ change: amount })).toEqual([400, 'CONSTRAINT_VIOLATION']);
    expect(await refused({ toLocationUuid: PLACES.SUPPLIER })).toEqual([400, 'CONSTRAINT_VIOLATION']);
    const nobody = uuidOfTest('99', 9);
    for (const member of ['productUuid', 'variantUuid', 'fromLocationUuid', 'toLocationUuid'])
      expect(await refused({ [member]: nobody })).toEqual([404, 'ENTITY_NOT_FOUND']);
    const candles = { productUuid: PRODUCTS.candles, variantUuid: VARIANTS.candles };
    expect(await refused(candles)).toEqual([400, 'PRODUCT_NOT_TRACKED']);
    expect((await ask('PUT', INVENTORY, put())).status).toBe(400);
    expect(control.quantity(VARIANTS.tea)).toBe('12');
    const start1 = {
      productUuid: PRODUCTS.candles,
      trackingStatusChange: 'START_TRACKING',
      variantChanges: [change(candles)],
    };
    expect((await ask('POST', BULK, { body: { productChanges: [start1] } })).text).toBe('');
    expect(control.quantity(VARIANTS.candles)).toBe('8');
  });

  test('R272 without a token it is 401, without the scope or at another organization 403', async () => {
    const { ask, control } = start();
    const status = async (token: string, method: string, path: string) => (await ask(method, path, { token })).status;
    expect(await status('nobody', 'GET', '/organizations/self/locations')).toBe(401);
    expect(await status('old', 'GET', '/organizations/self/locations')).toBe(401);
    expect(await status('reads', 'GET', '/organizations/self/locations')).toBe(200);
    expect(await status('reads', 'PUT', INVENTORY)).toBe(403);
    expect(await status('full', 'GET', `/organizations/${uuidOfTest('40', 1)}/locations`)).toBe(200);
    expect(await status('full', 'GET', `/organizations/${uuidOfTest('40', 2)}/locations`)).toBe(403);
    control.expireToken();
    const ended = await ask('GET', '/organizations/self/locations');
    expect([ended.status, ended.headers['www-authenticate']]).toEqual([
      401,
      expect.stringContaining('ACCESS_TOKEN_EXPIRED'),
    ]);
    control.restoreToken();
    expect(await status('full', 'GET', '/organizations/self/locations')).toBe(200);
  });

  test('R273 zero has no row, tracked products are named, and balances are strings in reads and numbers in updates', async () => {
    const { ask, control } = start();
    const { value } = await ask('GET', `${INVENTORY}/locations/${PLACES.STORE}`);
    const { variants, trackedProducts } = value as {
      variants: { balance: unknown; variantUuid: string }[];
      trackedProducts: string[];
    };
    expect(trackedProducts).toEqual([PRODUCTS.tea, PRODUCTS.cups, PRODUCTS.flour]);
    expect(variants.map(({ balance }) => balance)).toEqual(['12', '30', '2.5']);
    const after = await ask('PUT', INVENTORY, put(change({ change: 0.5 })));
    expect(after.value).toMatchObject({
      locationUuid: PLACES.STORE,
      variants: [{ locationType: 'STORE', balance: 12.5 }],
    });
    expect(control.quantity(VARIANTS.bigTea)).toBe('0');
    const other = start({ readBalances: 'number', updateBalances: 'string', zeroRows: true });
    expect((await other.ask('GET', '/inventory')).text).toContain('"balance":0');
    expect((await other.ask('PUT', INVENTORY, put(change({ change: '2' })))).text).toContain('"balance":"14"');
  });

  test('R274 the same movement twice counts twice, whatever echo it carries, unless the world knows echoes', async () => {
    for (const dedupesExternalUuid of [false, true]) {
      const { ask, control } = start({ dedupesExternalUuid });
      const body = { changes: [change()], externalUuid: uuidOfTest('50', 1) };
      for (let times = 0; times < 3; times += 1) expect((await ask('PUT', INVENTORY, { body })).status).toBe(200);
      expect(control.quantity(VARIANTS.tea)).toBe(dedupesExternalUuid ? '13' : '15');
    }
  });

  test('R275 tracking hides and shows balances, and nothing is forgotten', async () => {
    const { ask, control } = start({ conflictWhenTracked: true });
    expect((await ask('DELETE', `${INVENTORY}/products/${PRODUCTS.cups}`)).status).toBe(204);
    expect((await ask('GET', `${INVENTORY}/locations/${PLACES.STORE}/products/${PRODUCTS.cups}`)).status).toBe(404);
    control.sale({ variant: ITEMS.cups, quantity: 2 });
    const again = await ask('POST', INVENTORY, { body: { productUuid: PRODUCTS.cups } });
    expect(again.value).toMatchObject({ variants: [{ variantUuid: VARIANTS.cups, balance: 30 }] });
    expect((await ask('POST', INVENTORY, { body: { productUuid: PRODUCTS.cups } })).status).toBe(409);
    control.turn({ kind: 'delivery', variant: VARIANTS.cups, quantity: '3' });
    expect(control.quantity(VARIANTS.cups)).toBe('33');
    expect(() => control.sale({ variant: VARIANTS.cups, quantity: 'x' })).toThrow('quantity');
  });

  test('R276 what nobody has written down can be switched', async () => {
    const partly = start({ atomicRequests: false, namesCulprit: 'violations' });
    const bad = await partly.ask(
      'PUT',
      INVENTORY,
      put(change(), change({ productUuid: uuidOfTest('99', 1) }), change()),
    );
    expect(bad.value).toMatchObject({ violations: [{ propertyName: 'changes[1]' }] });
    expect(partly.control.quantity(VARIANTS.tea)).toBe('13');
    const bulk = [
      { productUuid: PRODUCTS.tea, variantChanges: [change()] },
      { productUuid: uuidOfTest('99', 1), variantChanges: [] },
    ];
    expect((await partly.ask('POST', BULK, { body: { productChanges: bulk } })).status).toBe(404);
    expect(partly.control.quantity(VARIANTS.tea)).toBe('14');
    const whole = start();
    expect((await whole.ask('POST', BULK, { body: { productChanges: bulk } })).status).toBe(404);
    expect(whole.control.quantity(VARIANTS.tea)).toBe('12');
    const strict = start({
      negativeStock: 'refused',
      maxChanges: 1,
      fractions: 'refused',
      namesCulprit: 'nowhere',
      notTrackedStatus: 409,
    });
    const out = { fromLocationUuid: PLACES.STORE, toLocationUuid: PLACES.BIN, change: 13 };
    expect((await strict.ask('PUT', INVENTORY, put(change(out)))).value).toMatchObject({
      errorType: 'NEGATIVE_BALANCE',
      violations: [],
    });
    expect((await strict.ask('PUT', INVENTORY, put(change(), change()))).status).toBe(400);
    expect((await strict.ask('PUT', INVENTORY, put(change({ change: 0.5 })))).status).toBe(400);
    const flour = { productUuid: PRODUCTS.flour, variantUuid: VARIANTS.flour, change: 0.5 };
    expect((await strict.ask('PUT', INVENTORY, put(change(flour)))).status).toBe(200);
    const candles = { productUuid: PRODUCTS.candles, variantUuid: VARIANTS.candles };
    expect((await strict.ask('PUT', INVENTORY, put(change(candles)))).status).toBe(409);
  });

  test('R277 a lost answer, errors and a sale in between can be made to happen', async () => {
    const { ask, control } = start();
    control.fault({ kind: 'applyThenDrop' });
    await ask('GET', '/organizations/self/locations');
    await expect(ask('PUT', INVENTORY, put(change()))).rejects.toThrow('drop');
    expect(control.quantity(VARIANTS.tea)).toBe('13');
    control.fault({ kind: 'applyHalfThenFail', status: 503 });
    expect((await ask('PUT', INVENTORY, put(change(), change(), change(), change()))).status).toBe(503);
    expect(control.quantity(VARIANTS.tea)).toBe('15');
    control.fault({ kind: 'status', status: 429, retryAfterSeconds: 3 });
    expect((await ask('GET', '/inventory')).headers['retry-after']).toBe('3');
    control.turn({ kind: 'sale', variant: VARIANTS.tea, quantity: '20' });
    expect(control.quantity(VARIANTS.tea)).toBe('-5');
  });

  test('R278 requests are counted, and above the average of the world they are too many', async () => {
    const { ask, control } = start({ rateLimit: { perSecond: 4, windowMs: 2000, retryAfterSeconds: 1 } });
    const burst = async () => {
      const statuses: number[] = [];
      for (let times = 0; times < 9; times += 1) statuses.push((await ask('GET', '/inventory')).status);
      return statuses.filter((status) => status === 429).length;
    };
    expect(await burst()).toBe(1);
    control.advance(2001);
    expect(await burst()).toBe(1);
    expect(control.askedAt().length).toBe(18);
    expect(control.views()['rate']?.()).toEqual({ requests: 18, busiestSecond: 9 });
    const free = start();
    for (let times = 0; times < 50; times += 1) expect((await free.ask('GET', '/inventory')).status).toBe(200);
  });

  test('R279 the third generation answers movements with nothing and pages by Link', async () => {
    const { ask, control } = start({ generation: 'v3', dedupesExternalUuid: false });
    expect((await ask('GET', '/organizations/self/locations')).status).toBe(404);
    const movement = {
      productUuid: PRODUCTS.cups,
      variantUuid: VARIANTS.cups,
      change: 2,
      from: PLACES.STORE,
      to: PLACES.ANNEX,
    };
    const moved = await ask('POST', '/v3/movements', { body: { movements: [movement] } });
    expect([moved.status, moved.text]).toEqual([204, '']);
    expect([control.quantity(VARIANTS.cups), control.quantity(VARIANTS.cups, PLACES.ANNEX)]).toEqual(['28', '6']);
    const first = await ask('GET', '/v3/stock?limit=2');
    expect(first.headers['link']).toBe(`<${HOST}/v3/stock?limit=2&cursor=row-2>; rel="next"`);
    const last = await ask('GET', '/v3/stock?limit=2&cursor=row-2');
    expect(last.value).toMatchObject([{ balance: 2.5 }, { balance: 6, inventoryUuid: PLACES.ANNEX }]);
    expect(last.headers['link']).toBeUndefined();
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'cursor=x'])
      expect((await ask('GET', `/v3/stock?${query}`)).status).toBe(400);
    const old = start({ generation: 'v2' });
    expect((await old.ask('GET', '/v3/stock')).status).toBe(404);
  });

  test('R280 behind an address it is one base for all three hosts, its pages point back to it, and a world may be flat', async () => {
    const world = zettleWorld();
    const flat = { ...world.zettle, clock: CLOCK, apiKeys: ['key'], behaviour: { productsPerPage: 1 } };
    const served = await startZettleSandbox(flat);
    const http = createHttpClient({ origin: served.baseUrl, timeoutMs: 2000 });
    const settings = { address: served.baseUrl, generation: 'v2', clientId: 'client', apiKey: 'key' };
    const remote = zettle.open(settings, testMeans({ http, now: served.now }));
    const first = await remote.items();
    if (!first.ok || first.value.cursor === undefined) throw new Error('no second page');
    expect(await remote.items(first.value.cursor)).toMatchObject({ value: { items: [{ name: 'Cups' }] } });
    const log = await (await fetch(`${served.baseUrl}/_sandbox/log`)).text();
    expect(log).not.toContain('assertion=key');
    const rate = await (await fetch(`${served.baseUrl}/_sandbox/rate`)).json();
    expect(rate).toMatchObject({ rate: { requests: 2 } });
    await served.close();
  });

  test('R281 an organization that never tracked anything has no locations yet, where the world says so', async () => {
    const world = zettleWorld({ locationsFromTheStart: false });
    const products = world.zettle.products.slice(3, 4);
    const sandbox = createZettleSandbox(
      { ...world, tokens: { full: 'ok' }, zettle: { ...world.zettle, products } },
      () => 0,
    );
    const locations = async () => {
      const url = new URL(`${HOST}/organizations/self/locations`);
      const answer = await sandbox.reply({ method: 'GET', url, text: '', headers: { authorization: 'Bearer full' } });
      return typeof answer === 'string' ? answer : answer.text;
    };
    expect(await locations()).toBe('[]');
    sandbox.control.turn({ kind: 'tracking', product: PRODUCTS.candles, tracked: true });
    expect(await locations()).toContain('STORE');
  });
});
