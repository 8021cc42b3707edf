import { describe, expect, test } from 'vitest';
import {
  createInventoryPlace,
  listInventories,
  listPlaces,
  readInventoryPlace,
} from '../../shared/remotes/zettle/locations.ts';
import { setLowStocksNew } from '../../shared/remotes/zettle/low-stock.ts';
import {
  changeTracking,
  listStock,
  listStockOf,
  listStockUpdates,
  readProductsStock,
  readProductStock,
  readTracked,
} from '../../shared/remotes/zettle/stock.ts';
import { readAll } from '../../shared/remotes/zettle/call.ts';
import { stockRowsSchema } from '../../shared/remotes/zettle/schemas.ts';
import { freeze } from '../../shared/remotes/zettle/freeze.ts';
import { CLOCK, ITEMS, openDesk, PLACES, placeOf, PRODUCTS, VARIANTS } from './zettle-world.ts';

const V3 = { generation: 'v3' };

async function balances(rows: ReturnType<typeof listStock>): Promise<unknown> {
  const answer = await rows;
  return answer.ok
    ? answer.value.map(({ inventoryUuid, variantUuid, balance }) => [inventoryUuid, variantUuid, balance])
    : answer;
}

describe('Zettle, third generation', () => {
  test('R240 several STOREs are places, and another one can be made', async () => {
    const { account } = openDesk({ generation: 'v3', pageRows: 2 }, V3);
    const rows = await listInventories(account);
    expect(rows.ok && rows.value.length).toBe(5);
    expect(await listPlaces(account)).toEqual({
      ok: true,
      value: [
        { id: placeOf('v3'), name: 'Main Street', active: true },
        { id: placeOf('v3', PLACES.ANNEX), name: 'Annex', active: true },
      ],
    });
    const made = await createInventoryPlace(account, { name: 'Cellar', description: '' });
    const uuid = made.ok ? (made.value.address.split('/').at(-1) ?? '') : '';
    expect(await readInventoryPlace(account, uuid)).toMatchObject({
      value: { name: 'Cellar', inventoryType: 'STORE' },
    });
  });

  test('R241 stock is read whole, of one store, of one product, of several, and by what changed, page after page', async () => {
    const { account, sandbox } = openDesk({ generation: 'v3', pageRows: 1 }, V3);
    const [tea, cups, flour] = [
      [PLACES.STORE, VARIANTS.tea, '12'],
      [PLACES.STORE, VARIANTS.cups, '30'],
      [PLACES.STORE, VARIANTS.flour, '2.5'],
    ];
    const annex = [PLACES.ANNEX, VARIANTS.cups, '4'];
    expect(await balances(listStock(account))).toEqual([tea, cups, flour, annex]);
    expect(await balances(listStockOf(account, PLACES.ANNEX))).toEqual([annex]);
    expect(await balances(readProductStock(account, PLACES.STORE, PRODUCTS.cups))).toEqual([cups]);
    expect(await balances(readProductsStock(account, PLACES.STORE, [PRODUCTS.tea, PRODUCTS.candles]))).toEqual([tea]);
    const both = [PRODUCTS.tea, PRODUCTS.cups];
    expect(await balances(readProductsStock(account, PLACES.STORE, both))).toEqual([tea, cups]);
    const path = `/v3/stock/${PLACES.STORE}/products?limit=1000`;
    const whole = { host: 'inventory', method: 'POST', path, body: JSON.stringify(both) } as const;
    expect(await balances(readAll(account, whole, stockRowsSchema))).toEqual([tea, cups]);
    sandbox.control.advance(60_000);
    const since = sandbox.control.now();
    sandbox.control.advance(60_000);
    sandbox.control.sale({ variant: VARIANTS.flour, quantity: '0.25' });
    expect(await balances(listStockUpdates(account, since))).toEqual([[PLACES.STORE, VARIANTS.flour, '2.25']]);
    expect(await balances(listStockUpdates(account))).toHaveLength(4);
  });

  test('R242 a movement is answered by its status alone, and concerns its own store', async () => {
    const { remote, sandbox } = openDesk({ generation: 'v3' }, V3);
    const place = {
      remoteLocation: placeOf('v3', PLACES.ANNEX),
      change: 'adjust' as const,
      bins: ['A'],
      occurredAt: CLOCK,
    };
    const request = freeze([
      { ...place, ref: 'up', item: 'CUP', remoteItem: ITEMS.cups, quantity: '0.3' },
      { ...place, ref: 'down', item: 'TEA', remoteItem: ITEMS.tea, quantity: '-2' },
    ]);
    expect(await remote.push(request)).toEqual({ ok: true, value: [{ ref: 'up' }, { ref: 'down' }] });
    const { quantity } = sandbox.control;
    expect([quantity(VARIANTS.cups, PLACES.ANNEX), quantity(VARIANTS.tea, PLACES.ANNEX)]).toEqual(['4.3', '-2']);
    expect([quantity(VARIANTS.cups), quantity(VARIANTS.tea)]).toEqual(['30', '12']);
    expect(sandbox.control.log().at(-1)).toMatchObject({ status: 204, answer: '' });
  });

  test('R243 tracking is started, stopped and asked for', async () => {
    const { account } = openDesk({ generation: 'v3' }, V3);
    const products = [PRODUCTS.tea, PRODUCTS.candles];
    const tracked = async () => {
      const answer = await readTracked(account, products);
      return answer.ok && [...answer.value];
    };
    expect(await tracked()).toEqual([PRODUCTS.tea]);
    expect((await changeTracking(account, products, 'enable')).ok).toBe(true);
    expect(await tracked()).toEqual(products);
    expect((await changeTracking(account, [PRODUCTS.tea], 'disable')).ok).toBe(true);
    expect(await tracked()).toEqual([PRODUCTS.candles]);
  });

  test('R244 low stock levels are set at an inventory', async () => {
    const { account } = openDesk({ generation: 'v3' }, V3);
    expect((await setLowStocksNew(account, PLACES.STORE, [{ item: ITEMS.tea, level: '2', alert: true }])).ok).toBe(
      true,
    );
    const rows = await readProductStock(account, PLACES.STORE, PRODUCTS.tea);
    expect(rows).toMatchObject({ value: [{ lowStockLevel: '2', lowStockAlert: true }] });
  });
});
