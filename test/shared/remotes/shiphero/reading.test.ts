import { describe, expect, test } from 'vitest';
import type { RemoteInventory } from '../../../../shared/ports/remote-inventory.ts';
import { readAccount } from '../../../../shared/remotes/shiphero/account.ts';
import { listChanges } from '../../../../shared/remotes/shiphero/changes.ts';
import { createBin, listBins, readBin, updateBin } from '../../../../shared/remotes/shiphero/locations.ts';
import { placeId } from '../../../../shared/remotes/shiphero/place-id.ts';
import { listProducts, listShelves, readProduct } from '../../../../shared/remotes/shiphero/products.ts';
import { remotes } from '../../../../shared/remotes/remotes.ts';
import { shiphero } from '../../../../shared/remotes/shiphero/shiphero.ts';
import { answering, BIN, line, MAIN, NOW, OTHER_BIN, PLACE, start } from './stand.ts';

const at = (warehouse: string, location: string, name: string) => placeId({ warehouse, location, name }) ?? '';
const numbered = (count: number) => Array.from({ length: count }, (_, one) => one + 1);

async function allPlaces(remote: RemoteInventory) {
  const pages = [];
  for (let cursor: string | undefined; ;) {
    const page = await remote.locations(cursor);
    if (!page.ok) throw new Error(page.error.detail);
    pages.push(page.value.locations);
    cursor = page.value.cursor;
    if (cursor === undefined) return pages;
  }
}

async function allCounts(remote: RemoteInventory, query: Parameters<RemoteInventory['counts']>[0]) {
  const pages = [];
  for (let cursor: string | undefined; ;) {
    const page = await remote.counts({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    if (!page.ok) throw new Error(page.error.detail);
    pages.push(page.value.counts);
    cursor = page.value.cursor;
    if (cursor === undefined) return pages;
  }
}

describe('ShipHero connector: places', () => {
  const two = {
    warehouses: [
      { id: 'OUT', identifier: 'Outlet', dynamic_slotting: false },
      { id: 'W1', identifier: 'North' },
      { id: 'W2', identifier: 'South' },
    ],
    locations: [
      ...numbered(150).map((one) => ({ id: `N${one}`, warehouse: 'W1', name: `N-${one}` })),
      { id: 'S1', warehouse: 'W2', name: 'S-1', is_cart: true },
    ],
    products: [],
  };

  test('R320 places come page by page, warehouse by warehouse, each with its site; what is no bin is not active', async () => {
    const pages = await allPlaces(start(two).remote);
    expect(pages.map((page) => page.length)).toEqual([101, 50, 1]);
    expect(pages[0]?.slice(0, 2)).toEqual([
      { id: at('OUT', '', ''), name: 'Outlet', active: false, site: 'Outlet' },
      { id: at('W1', 'N1', 'N-1'), name: 'N-1', active: true, site: 'North' },
    ]);
    expect(pages[2]).toEqual([{ id: at('W2', 'S1', 'S-1'), name: 'S-1', active: false, site: 'South' }]);
  });

  test('R321 the test call says which warehouses keep no bins, and a world of such has no place to count', async () => {
    const { account, remote } = start(two);
    expect(await remote.test()).toEqual({
      ok: true,
      value: { account: 'stock@example.com: Outlet (static slotting), North, South' },
    });
    expect(await readAccount(account)).toMatchObject({ value: { is3pl: false } });
    const without = start({ warehouses: [two.warehouses[0]], locations: [], products: [] });
    expect((await allPlaces(without.remote)).flat().filter((one) => one.active)).toEqual([]);
  });

  test('R322 a cursor of nobody, or of a warehouse that is gone, is dead', async () => {
    const { remote } = start(two);
    for (const cursor of ['x', '{}', '{"warehouse":"GONE"}', '{"warehouse":"W1","after":"dead"}'])
      expect(await remote.locations(cursor)).toMatchObject({ error: { code: 'cursor_expired' } });
    expect(await remote.items('dead')).toMatchObject({ error: { code: 'cursor_expired' } });
  });

  test('R323 locations are found by name, by thing and by use, made, and changed in all but their name', async () => {
    const { account } = start();
    expect(await readBin(account, { id: BIN })).toMatchObject({ value: { name: 'A-01', type: { name: 'Bin' } } });
    expect(await readBin(account, { name: 'A-02' })).toMatchObject({ value: { id: OTHER_BIN } });
    expect(await readBin(account, { name: 'none' })).toMatchObject({ error: { code: 'rejected' } });
    const wanted = { warehouse_id: MAIN, name: 'C-1', zone: 'C2', pickable: false, sellable: false };
    const made = await createBin(account, wanted);
    expect(made).toMatchObject({ ok: true, value: { name: 'C-1', zone: 'C2', pickable: false } });
    const id = made.ok ? made.value.id : '';
    expect(await createBin(account, wanted)).toMatchObject({ error: { code: 'rejected' } });
    const names = async (query: object) => {
      const page = await listBins(account, { warehouse: MAIN, ...query });
      return page.ok && page.value.bins.map((bin) => bin.name);
    };
    expect(await names({ pickable: false })).toEqual(['C-1']);
    expect(await updateBin(account, { location_id: id, pickable: true, zone: 'D' })).toMatchObject({
      value: { pickable: true, zone: 'D', name: 'C-1' },
    });
    expect(await names({ pickable: false })).toEqual([]);
    expect(await names({ name: 'C-1' })).toEqual(['C-1']);
    expect(await names({ sku: 'CUP' })).toEqual(['A-01']);
  });

  test('R324 a place is made once, however often it is asked for and whatever becomes of the answer', async () => {
    const { remote, sandbox } = start();
    const wanted = { name: 'B-7', site: 'Main' };
    sandbox.control.fault({ kind: 'applyThenDrop' });
    const first = await remote.createLocation?.(wanted);
    expect(first).toMatchObject({ ok: true, value: { name: 'B-7', active: true, site: 'Main' } });
    expect(await remote.createLocation?.(wanted)).toEqual(first);
    expect((await allPlaces(remote)).flat().map((one) => one.name)).toEqual(['A-01', 'A-02', 'B-7']);
    sandbox.control.fault({ kind: 'applyThenFail', status: 500 });
    sandbox.control.fault({ kind: 'drop', path: '/nowhere' });
    expect(await remote.createLocation?.({ name: 'B-8', site: 'Main' })).toMatchObject({ ok: true });
    expect(await remote.createLocation?.({ name: 'B-9', site: 'Elsewhere' })).toMatchObject({
      error: { code: 'rejected' },
    });
  });

  test('R325 a type that comes as a text, as in the vendor’s own sample, harms nothing', async () => {
    const node = { id: 'X', name: 'Bin BO', zone: 'A', type: 'Pallet storage', pickable: false, brand_new: 1 };
    const { account } = answering(200, { data: { locations: { data: { edges: [{ node }, null, { node: null }] } } } });
    expect(await listBins(account, {})).toMatchObject({
      ok: true,
      value: { bins: [{ id: 'X', type: 'Pallet storage' }] },
    });
  });

  test('R326 two origins are asked: the account’s, and the one where snapshots lie', () => {
    expect(shiphero.origins({ baseUrl: 'https://public-api.shiphero.com/x' })).toEqual([
      'https://public-api.shiphero.com',
      'https://shiphero-uploads.s3.amazonaws.com',
    ]);
    expect(shiphero.origins({ baseUrl: 'nonsense' })).toEqual([]);
    expect(remotes.map((remote) => remote.id)).toContain('shiphero');
  });
});

describe('ShipHero connector: things and figures', () => {
  test('R327 kits are left out, cases are codes for several pieces, and what is kept by lot says so', async () => {
    const { remote, account } = start({
      products: [
        { sku: 'SET', name: 'Set', kit: true },
        { sku: 'BUILT', name: 'Built set', kit: true, kit_build: true },
        { sku: 'MILK', name: 'Milk', needs_lot_tracking: true, barcode: '4006381333931' },
        {
          sku: 'TEA',
          cases: [
            { case_barcode: '10012345678902', case_quantity: 24 },
            { case_barcode: '', case_quantity: 2 },
          ],
        },
        { sku: 'x'.repeat(101), name: 'Too long' },
      ],
    });
    expect(await remote.items()).toEqual({
      ok: true,
      value: {
        items: [
          { id: 'BUILT', name: 'Built set', sku: 'BUILT', precision: 0 },
          { id: 'MILK', name: 'Milk (lots)', sku: 'MILK', barcode: '4006381333931', precision: 0 },
          { id: 'TEA', name: 'TEA', sku: 'TEA', precision: 0, cases: [{ code: '10012345678902', factor: 24 }] },
        ],
      },
    });
    expect(await listProducts(account, { kits: true })).toMatchObject({
      value: { products: [{ sku: 'SET' }, { sku: 'BUILT' }] },
    });
    expect(await listProducts(account, { from: NOW })).toMatchObject({ value: { products: [] } });
  });

  test('R328 one product tells where every warehouse has it', async () => {
    const { account } = start();
    expect(await readProduct(account, { sku: 'TEA' })).toMatchObject({
      value: {
        product: { sku: 'TEA', name: 'Tea' },
        places: [
          { warehouse: MAIN, location: BIN, quantity: 12 },
          { warehouse: MAIN, location: OTHER_BIN, quantity: 5 },
        ],
      },
    });
    expect(await readProduct(account, { sku: 'NONE' })).toMatchObject({ error: { code: 'rejected' } });
    expect(await listShelves(account, { sku: 'TEA', active: true })).toMatchObject({
      value: { shelves: [{ on_hand: 17 }] },
    });
  });

  test('R329 figures are those of the location, lots summed; what is promised or elsewhere plays no part', async () => {
    const { remote } = start({
      products: [{ sku: 'MILK', stock: { [BIN]: { early: 3, late: 4 }, [OTHER_BIN]: 9 }, allocated: { [MAIN]: 5 } }],
    });
    expect(await remote.counts({ locations: [PLACE], items: ['MILK', 'NONE'] })).toEqual({
      ok: true,
      value: {
        counts: [
          { remoteItem: 'MILK', remoteLocation: PLACE, quantity: '7' },
          { remoteItem: 'NONE', remoteLocation: PLACE, quantity: null },
        ],
      },
    });
    expect(await remote.counts({ locations: [PLACE] })).toEqual({
      ok: true,
      value: { counts: [{ remoteItem: 'MILK', remoteLocation: PLACE, quantity: '7' }] },
    });
    expect(await remote.counts({ locations: ['MAIN'] })).toMatchObject({ error: { code: 'rejected' } });
  });

  test('R330 a thing in many locations and many things in one are all told, none twice, a thousand rows at most', async () => {
    const places = numbered(240).map((one) => ({ id: `L${one}`, warehouse: MAIN, name: `A-${one}` }));
    const products = numbered(25).map((one) => ({
      sku: `SKU-${one}`,
      stock: Object.fromEntries(places.slice(0, one === 1 ? 240 : 60).map(({ id }, index) => [id, index])),
    }));
    const { remote } = start({ locations: places, products, credits: { max: 100_000 } });
    const locations = places.map(({ id, name }) => at(MAIN, id, name));
    const skus = products.map(({ sku }) => sku);
    const named = await allCounts(remote, { locations, items: skus });
    expect(named.flat()).toHaveLength(240 * 25);
    expect(new Set(named.flat().map((row) => `${row.remoteItem} ${row.remoteLocation}`)).size).toBe(240 * 25);
    expect(named.flat().filter((row) => row.quantity !== null)).toHaveLength(240 + 24 * 60);
    expect(
      named.flat().find((row) => row.remoteItem === 'SKU-1' && row.remoteLocation === locations[239])?.quantity,
    ).toBe('239');
    const all = await allCounts(remote, { locations });
    const key = (rows: typeof all) =>
      rows
        .flat()
        .map((row) => `${row.remoteItem} ${row.remoteLocation} ${row.quantity}`)
        .toSorted();
    expect(key(all)).toEqual(key(named.map((page) => page.filter((row) => row.quantity !== null))));
    for (const page of [...named, ...all]) expect(page.length).toBeLessThanOrEqual(1000);
  });

  test('R331 figures of several warehouses are kept apart, though a thing is in each', async () => {
    const { remote } = start({
      warehouses: [
        { id: 'W1', identifier: 'North' },
        { id: 'W2', identifier: 'South' },
      ],
      locations: [
        { id: 'N1', warehouse: 'W1', name: 'X' },
        { id: 'S1', warehouse: 'W2', name: 'X' },
      ],
      products: [{ sku: 'TEA', stock: { N1: 1, S1: 2 } }],
    });
    const [north, south] = [at('W1', 'N1', 'X'), at('W2', 'S1', 'X')];
    const figures = [
      { remoteItem: 'TEA', remoteLocation: north, quantity: '1' },
      { remoteItem: 'TEA', remoteLocation: south, quantity: '2' },
    ];
    expect((await allCounts(remote, { locations: [north, south], items: ['TEA'] })).flat()).toEqual(figures);
    expect((await allCounts(remote, { locations: [north, south] })).flat()).toEqual(figures);
  });

  test('R332 a client’s stock is apart from that of another client with the same SKU', async () => {
    const world = {
      customers: ['C1', 'C2'],
      products: [
        { sku: 'TEA', customer: 'C1', stock: { [BIN]: 1 } },
        { sku: 'TEA', customer: 'C2', stock: { [BIN]: 2 } },
      ],
    };
    const { remote } = start(world, {}, { customerAccountId: 'C2' });
    expect(await remote.push(shiphero.freeze([line('tb-1', '5')]))).toMatchObject({ ok: true });
    const page = await remote.counts({ locations: [PLACE], items: ['TEA'] });
    expect(page.ok && page.value.counts.map((row) => row.quantity)).toEqual(['7']);
    const all = await remote.counts({ locations: [PLACE] });
    expect(all.ok && all.value.counts.map((row) => row.quantity)).toEqual(['7']);
  });

  test('R333 the history is filtered by every argument, and by a pattern of the reason within 60 days', async () => {
    const { account, remote, sandbox } = start();
    await remote.push(shiphero.freeze([line('tb-abc', '5', { reason: 'Found' })]));
    sandbox.control.sale({ sku: 'CUP', location: BIN, quantity: 2 });
    const count = async (query: object) => {
      const page = await listChanges(account, query);
      return page.ok ? page.value.changes.length : page.error.code;
    };
    const range = { from: '2026-02-20T00:00:00Z', to: '2026-03-20T00:00:00Z' };
    expect(await count({})).toBe(2);
    expect(await count({ sku: 'TEA', warehouse: MAIN, location: BIN, locationName: 'A-01', ...range })).toBe(1);
    expect(await count({ reason: '%tb-abc%', ...range })).toBe(1);
    expect(await count({ reason: 'tb-abc', ...range })).toBe(0);
    expect(await count({ reason: '%tb-abc%' })).toBe('rejected');
    expect(await count({ reason: '%', from: '2025-12-01T00:00:00Z', to: '2026-03-20T00:00:00Z' })).toBe('rejected');
    expect(await count({ from: NOW.replace('10:00', '11:00') })).toBe(0);
  });

  test('R334 movements of a long time are asked for in parts, page by page, and what changed nothing is none', async () => {
    const { remote, sandbox } = start({ credits: { max: 1_000_000 } });
    const from = sandbox.control.now();
    for (let day = 0; day < 130; day += 1) {
      sandbox.control.sale({ sku: 'CUP', location: BIN, quantity: day % 2 === 0 ? 1 : 0 });
      sandbox.control.advance(86_400_000);
    }
    const to = sandbox.control.now();
    const rows = [];
    let pages = 0;
    for (let cursor: string | undefined; ; pages += 1) {
      const page = await remote.movements?.({ from, to, ...(cursor === undefined ? {} : { cursor }) });
      if (page?.ok !== true) throw new Error('no movements');
      rows.push(...page.value.movements);
      cursor = page.value.cursor;
      if (cursor === undefined) break;
    }
    expect(pages).toBe(2);
    expect(rows).toHaveLength(65);
    expect(new Set(rows.map((row) => row.key)).size).toBe(65);
    expect(rows[0]).toEqual({
      key: expect.any(String),
      remoteItem: 'CUP',
      remoteLocation: PLACE,
      quantity: '-1',
      after: null,
      happenedAt: from,
      what: 'Order 1001 shipped',
    });
    expect(await remote.movements?.({ from, to, cursor: 'x' })).toMatchObject({ error: { code: 'cursor_expired' } });
  });
});
