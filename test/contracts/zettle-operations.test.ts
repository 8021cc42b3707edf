import { describe, expect, test } from 'vitest';
import {
  readBalancesByType,
  readLocationBalances,
  readProductBalances,
  readProductsBalances,
  readStoreBalances,
} from '../../shared/remotes/zettle/balances.ts';
import { findByCode, listProducts, readLibrary } from '../../shared/remotes/zettle/library.ts';
import { listLocations, listPlaces } from '../../shared/remotes/zettle/locations.ts';
import { readLowStocks, setLowStock, setLowStocks } from '../../shared/remotes/zettle/low-stock.ts';
import { createProduct, listTillProducts, readProduct, updateProduct } from '../../shared/remotes/zettle/products.ts';
import { changeInBulk, startTrackingOf, stopTrackingOf } from '../../shared/remotes/zettle/tracking.ts';
import { ITEMS, openDesk, PLACES, placeOf, PRODUCTS, uuidOfTest, VARIANTS, zettleWorld } from './zettle-world.ts';

const MINUTE = 60_000;

describe('Zettle, second generation', () => {
  test('R220 locations are listed, and one STORE becomes a place with its virtual ones', async () => {
    const { account } = openDesk();
    const rows = await listLocations(account);
    expect(rows.ok && rows.value.map(({ type }) => type)).toEqual(['STORE', 'BIN', 'SOLD', 'SUPPLIER']);
    expect(await listPlaces(account)).toEqual({
      ok: true,
      value: [{ id: placeOf('v2'), name: 'Main Street', active: true }],
    });
    const world = zettleWorld();
    const without = { ...world, zettle: { ...world.zettle, locations: world.zettle.locations.slice(0, 2) } };
    expect(await openDesk({}, {}, without).remote.locations()).toMatchObject({
      value: { locations: [{ active: false }] },
    });
  });

  test('R221 the balances of the STORE come whole, or only what changed later', async () => {
    const { account, sandbox } = openDesk();
    const whole = await readStoreBalances(account);
    expect(whole).toMatchObject({ value: { locationUuid: PLACES.STORE, latest: expect.any(Number) } });
    sandbox.control.advance(MINUTE);
    const since = sandbox.control.now();
    sandbox.control.advance(MINUTE);
    sandbox.control.sale({ variant: VARIANTS.cups, quantity: '2' });
    const later = await readStoreBalances(account, since);
    expect(later.ok && later.value.variants.map(({ variantUuid, balance }) => [variantUuid, balance])).toEqual([
      [VARIANTS.cups, '28'],
    ]);
  });

  test('R222 balances are read by location, by type, of one product and of several, written as strings or numbers', async () => {
    for (const readBalances of ['string', 'number'] as const) {
      const { account } = openDesk({ readBalances });
      const rows = [
        { variantUuid: VARIANTS.tea, balance: '12' },
        { variantUuid: VARIANTS.cups, balance: '30' },
        { variantUuid: VARIANTS.flour, balance: '2.5' },
      ];
      const tracked = [PRODUCTS.tea, PRODUCTS.cups, PRODUCTS.flour];
      expect(await readLocationBalances(account, PLACES.STORE)).toMatchObject({
        value: { trackedProducts: tracked, variants: rows },
      });
      expect(await readBalancesByType(account, 'STORE')).toMatchObject({ value: { variants: rows } });
      expect(await readBalancesByType(account, 'SOLD')).toMatchObject({ value: { variants: [] } });
      expect(await readProductBalances(account, PLACES.STORE, PRODUCTS.tea)).toMatchObject({
        value: { variants: rows.slice(0, 1) },
      });
      expect(await readProductsBalances(account, 'STORE', [PRODUCTS.flour, PRODUCTS.candles])).toMatchObject({
        value: { trackedProducts: [PRODUCTS.flour], variants: rows.slice(2) },
      });
    }
  });

  test('R224 old numbers come back when tracking is started again', async () => {
    const { account, remote, sandbox } = openDesk();
    const location = placeOf('v2');
    expect((await stopTrackingOf(account, PRODUCTS.cups)).ok).toBe(true);
    sandbox.control.sale({ variant: VARIANTS.cups, quantity: '2' });
    expect(await remote.counts({ locations: [location], items: [ITEMS.cups] })).toMatchObject({
      value: { counts: [{ quantity: null, tracked: false }] },
    });
    expect(await startTrackingOf(account, PRODUCTS.cups)).toMatchObject({ value: { variants: [{ balance: '30' }] } });
    const started = await remote.startTracking?.({ items: [ITEMS.candles, ITEMS.mats], location });
    expect(started).toEqual({
      ok: true,
      value: {
        counts: [
          { remoteItem: ITEMS.candles, remoteLocation: location, quantity: '7', tracked: true },
          { remoteItem: ITEMS.mats, remoteLocation: location, quantity: '0', tracked: true },
        ],
      },
    });
  });

  test('R225 a product that is tracked already is as it should be, and keeps no other from being started', async () => {
    const { account, remote, sandbox } = openDesk({ conflictWhenTracked: true });
    expect(await startTrackingOf(account, PRODUCTS.tea)).toEqual({ ok: true, value: 'done' });
    const started = await remote.startTracking?.({ items: [ITEMS.tea, ITEMS.candles], location: placeOf('v2') });
    expect(started).toMatchObject({ value: { counts: [{ quantity: '12' }, { quantity: '7' }] } });
    sandbox.control.fault({ kind: 'drop', path: '/organizations/self/v2' });
    const lost = await remote.startTracking?.({ items: [ITEMS.mats], location: placeOf('v2') });
    expect(lost).toMatchObject({ error: { code: 'unavailable' } });
  });

  test('R226 one call starts tracking and moves stock, tracking first', async () => {
    const { account, sandbox } = openDesk();
    const change = {
      location: PLACES.STORE,
      products: [
        {
          product: PRODUCTS.candles,
          tracking: 'START_TRACKING',
          movements: [{ variant: VARIANTS.candles, from: PLACES.SUPPLIER, to: PLACES.STORE, amount: '0.1' }],
        },
        { product: PRODUCTS.tea, tracking: 'STOP_TRACKING', movements: [] },
        { product: PRODUCTS.cups, tracking: 'NO_CHANGE', movements: [] },
      ],
    } as const;
    expect(await changeInBulk(account, change)).toMatchObject({ value: { variants: [{ balance: '7.1' }] } });
    expect(sandbox.control.quantity(VARIANTS.candles)).toBe('7.1');
    sandbox.control.fault({ kind: 'applyThenDrop' });
    expect(await changeInBulk(account, change)).toMatchObject({ error: { code: 'unknown_outcome' } });
    expect(sandbox.control.quantity(VARIANTS.candles)).toBe('7.2');
  });

  test('R227 low stock levels are set one by one or together, and read with a tag', async () => {
    const { account } = openDesk();
    const location = PLACES.STORE;
    expect((await setLowStock(account, location, { item: ITEMS.tea, level: '2.5', alert: true })).ok).toBe(true);
    const more = [
      { item: ITEMS.cups, level: '10', alert: false },
      { item: ITEMS.flour, level: null, alert: true },
    ];
    expect((await setLowStocks(account, location, more)).ok).toBe(true);
    const read = await readLowStocks(account, { location });
    if (!read.ok || read.value === 'unchanged') throw new Error('no levels');
    expect(
      read.value.levels.map(({ variantUuid, lowStockLevel, lowStockAlert }) => [
        variantUuid,
        lowStockLevel,
        lowStockAlert,
      ]),
    ).toEqual([
      [VARIANTS.tea, '2.5', true],
      [VARIANTS.cups, '10', false],
      [VARIANTS.flour, null, true],
    ]);
    const { tag = '' } = read.value;
    expect(await readLowStocks(account, { location, known: tag })).toEqual({ ok: true, value: 'unchanged' });
    expect(await readLowStocks(account, { location, product: PRODUCTS.cups })).toMatchObject({
      value: { levels: [{ variantUuid: VARIANTS.cups }] },
    });
    expect(await setLowStock(account, location, { item: ITEMS.missing, level: '1', alert: true })).toMatchObject({
      error: { code: 'rejected' },
    });
  });

  test('R228 the library comes page by page, then only what changed, then anew when too much has', async () => {
    const { account, sandbox } = openDesk({ productsPerPage: 2, maxDeltaEvents: 2 });
    const first = await readLibrary(account);
    if (!first.ok) throw new Error(first.error.detail);
    expect([first.value.products.length, typeof first.value.cursor]).toEqual([2, 'string']);
    const all = await listProducts(account);
    expect(all.ok && all.value.map(({ name }) => name)).toEqual(['Tea', 'Cups', 'Flour', 'Candles', 'Mats']);
    const { until = '' } = first.value;
    sandbox.control.turn({ kind: 'rename', product: PRODUCTS.cups, name: 'Mugs' });
    expect(await readLibrary(account, { after: until })).toMatchObject({ value: { products: [{ name: 'Mugs' }] } });
    for (const name of ['A', 'B']) sandbox.control.turn({ kind: 'rename', product: PRODUCTS.tea, name });
    expect(await readLibrary(account, { after: until })).toMatchObject({ error: { code: 'cursor_expired' } });
    for (const cursor of ['https://evil.invalid/', '/organizations/self/library?offset=nonsense'])
      expect(await readLibrary(account, { cursor })).toMatchObject({ error: { code: 'cursor_expired' } });
  });

  test('R229 a product is read with its tag and changed only while the tag is the same', async () => {
    const { account } = openDesk();
    const all = await listTillProducts(account, true);
    expect(all.ok && all.value.length).toBe(5);
    const read = await readProduct(account, PRODUCTS.tea);
    if (!read.ok || read.value === 'unchanged') throw new Error('no product');
    const { tag = '' } = read.value;
    expect(await readProduct(account, PRODUCTS.tea, tag)).toEqual({ ok: true, value: 'unchanged' });
    const change = { uuid: PRODUCTS.tea, name: 'Fine tea', unitName: 'kg' };
    expect(await updateProduct(account, change, tag)).toEqual({ ok: true, value: 'updated' });
    expect(await updateProduct(account, change, tag)).toEqual({ ok: true, value: 'stale' });
    expect(await readProduct(account, PRODUCTS.tea, tag)).toMatchObject({
      value: { product: { name: 'Fine tea', unitName: 'kg', variants: [{ sku: 'TEA-S' }, { sku: 'TEA-B' }] } },
    });
    expect(await readProduct(account, uuidOfTest('20', 99))).toMatchObject({ error: { code: 'rejected' } });
  });

  test('R230 a product is made once, however often it is asked for', async () => {
    const { account, remote } = openDesk();
    const product = { uuid: uuidOfTest('20', 7), name: 'Soap', variants: [{ uuid: uuidOfTest('30', 7), sku: 'SOA' }] };
    expect(await createProduct(account, product)).toEqual({ ok: true, value: 'created' });
    expect(await createProduct(account, product)).toEqual({ ok: true, value: 'exists' });
    const items = await remote.items();
    expect(items.ok && items.value.items.filter(({ sku }) => sku === 'SOA').map(({ tracked }) => tracked)).toEqual([
      false,
    ]);
  });

  test('R231 things are told with their codes, unit and tracking, and found by a code', async () => {
    const { account, remote } = openDesk();
    const page = await remote.items();
    if (!page.ok) throw new Error(page.error.detail);
    expect(page.value.items[0]).toEqual({
      id: ITEMS.tea,
      name: 'Tea · Small',
      sku: 'TEA-S',
      barcode: '0012345678905',
      precision: 0,
      tracked: true,
    });
    expect(page.value.items.find(({ id }) => id === ITEMS.flour)).toMatchObject({ precision: 3 });
    expect(page.value.items.find(({ id }) => id === ITEMS.candles)).toMatchObject({ tracked: false });
    const found = async (code: string) => {
      const items = await findByCode(account, code);
      return items.ok && items.value.map(({ id }) => id);
    };
    expect([await found('0012345678905'), await found('CUP'), await found('nothing')]).toEqual([
      [ITEMS.tea],
      [ITEMS.cups],
      [],
    ]);
  });

  test('R232 a key that may not be told whose it is works all the same', async () => {
    const { remote } = openDesk({ userScope: 'READ:USERINFO' }, { apiKey: 'read_only' });
    expect(await remote.test()).toEqual({ ok: true, value: { account: 'Zettle' } });
    expect(await openDesk().remote.test()).toEqual({ ok: true, value: { account: `Zettle ${uuidOfTest('40', 1)}` } });
  });
});
