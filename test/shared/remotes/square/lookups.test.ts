import { describe, expect, test } from 'vitest';
import type { PlannedLine } from '../../../../shared/ports/remote-inventory.ts';
import { readLocation, readMerchant } from '../../../../shared/remotes/square/account.ts';
import {
  readCatalogLimits,
  readCatalogObject,
  readItems,
  searchItems,
} from '../../../../shared/remotes/square/catalog-lookup.ts';
import { listChanges, listItemChanges, readTransfer } from '../../../../shared/remotes/square/changes.ts';
import { accountOf, square } from '../../../../shared/remotes/square/square.ts';
import { testMeans } from '../../../contracts/remote-means.ts';
import { sandboxHttpClient } from '../../../sandbox/chassis/http-client.ts';
import { createSquareSandbox } from '../../../sandbox/square/square-sandbox.ts';

const NOW = '2026-03-02T10:00:00.000Z';

function openShop(behaviour = {}) {
  const sandbox = createSquareSandbox(
    {
      clock: NOW,
      square: {
        merchant: 'Corner shop',
        locations: [
          { id: 'MAIN', name: 'Main' },
          { id: 'OLD', name: 'Closed', status: 'INACTIVE' },
        ],
        variations: [
          { id: 'V1', item: 'Tea', sku: 'TEA-S', upc: '012345678905', name: 'Small', stock: { MAIN: '10' } },
          { id: 'V2', item: 'Tea', sku: 'TEA-L', name: 'Large' },
          { id: 'V3', item: 'Flour', name: 'Flour', precision: 3 },
        ],
        transfers: [{ variation: 'V1', from: 'MAIN', to: 'OLD', quantity: '3' }],
        behaviour,
      },
    },
    () => 0,
  );
  const settings = { baseUrl: 'http://square.invalid', accessToken: 'sandbox-token' };
  const means = testMeans({ http: sandboxHttpClient(sandbox), now: sandbox.control.now });
  return { ...sandbox, account: accountOf(settings, means), remote: square.open(settings, means) };
}

describe('Square look-ups', () => {
  test('R124 one place is read by its id, the main one by its word, and one that is not there is refused', async () => {
    const { account } = openShop();
    expect(await readLocation(account, 'OLD')).toEqual({
      ok: true,
      value: { id: 'OLD', name: 'Closed', active: false },
    });
    expect(await readLocation(account, 'main')).toMatchObject({ value: { id: 'MAIN', active: true } });
    expect(await readLocation(account, 'NOPE')).toMatchObject({ ok: false, error: { code: 'rejected' } });
    expect(await readMerchant(account)).toEqual({ ok: true, value: { name: 'Corner shop' } });
  });

  test('R125 things are looked up by id and by text, with their names and decimals, and only those that were meant', async () => {
    const { account } = openShop();
    expect(await readCatalogLimits(account)).toEqual({ ok: true, value: { searchPageRows: 1000, retrieveIds: 1000 } });
    expect(await readItems(account, ['V2', 'V3', 'NOPE'])).toEqual({
      ok: true,
      value: {
        items: [
          { id: 'V2', name: 'Tea · Large', sku: 'TEA-L', precision: 0 },
          { id: 'V3', name: 'Flour', precision: 3 },
        ],
      },
    });
    expect(await searchItems(account, { text: 'tea-s' })).toMatchObject({ value: { items: [{ id: 'V1' }] } });
    expect(await searchItems(account, { text: 'TEA' })).toMatchObject({
      value: { items: [{ id: 'V1' }, { id: 'V2' }] },
    });
    expect(await searchItems(account, { text: 'coffee' })).toEqual({ ok: true, value: { items: [] } });
    expect(await searchItems(account, { text: 'tea', cursor: 'dead' })).toMatchObject({
      error: { code: 'cursor_expired' },
    });
    expect(await readCatalogObject(account, 'V1')).toMatchObject({
      ok: true,
      value: { object: { type: 'ITEM_VARIATION' }, related: [{ type: 'ITEM', item_data: { name: 'Tea' } }] },
    });
    expect(await readCatalogObject(account, 'NOPE')).toMatchObject({ ok: false, error: { code: 'rejected' } });
  });

  test('R126 a transfer can only be read, moves stock, and is in no list of changes', async () => {
    const { account, control } = openShop();
    expect([control.quantity('V1', 'MAIN'), control.quantity('V1', 'OLD')]).toEqual(['7', '3']);
    const id = control.changes().find(({ type }) => type === 'TRANSFER')?.id ?? '';
    expect(await readTransfer(account, id)).toMatchObject({
      ok: true,
      value: { from_location_id: 'MAIN', to_location_id: 'OLD', quantity: '3', state: 'IN_STOCK' },
    });
    const changes = await listChanges(account, { items: ['V1'] });
    expect(changes).toMatchObject({ value: { changes: [{ type: 'PHYSICAL_COUNT' }] } });
    const ofItem = await listItemChanges(account, { item: 'V1', locations: [] });
    expect(ofItem).toMatchObject({ value: { changes: [{ type: 'PHYSICAL_COUNT' }] } });
  });

  test('R127 a shortage goes to the state that its reason names, or to waste; a gain pays no regard to it', async () => {
    const { remote, control } = openShop();
    const line = (ref: string, quantity: string, reason?: string): PlannedLine => ({
      ref,
      item: 'TEA',
      remoteItem: 'V1',
      remoteLocation: 'MAIN',
      change: 'adjust',
      quantity,
      bins: ['A'],
      occurredAt: NOW,
      ...(reason === undefined ? {} : { reason }),
    });
    const request = square.freeze([
      line('a', '-1'),
      line('b', '-1', 'SOLD'),
      line('c', '-1', 'EATEN'),
      line('d', '1', 'SOLD'),
    ]);
    expect((await remote.push(request)).ok).toBe(true);
    const sent = control.changes().filter(({ referenceId }) => referenceId !== undefined);
    expect(sent.map(({ toState }) => toState)).toEqual(['WASTE', 'SOLD', 'WASTE', 'IN_STOCK']);
    expect(request.lines[1]).toMatchObject({ reason: 'SOLD' });
    expect(request.lines[1]).not.toHaveProperty('occurredAt');
    expect(square.reasons).toEqual(['WASTE', 'SOLD']);
  });

  test('R128 a connection asks one origin, whatever follows it in the address', () => {
    expect(square.origins({ baseUrl: 'https://connect.squareup.com/v2/' })).toEqual(['https://connect.squareup.com']);
    expect(square.origins({ baseUrl: 'http://127.0.0.1:8080' })).toEqual(['http://127.0.0.1:8080']);
    expect(square.origins({ baseUrl: 'nowhere' })).toEqual([]);
    expect(square.fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['accessToken']);
    expect(square.fields.find(({ choices }) => choices !== undefined)?.choices).toEqual(['token', 'sign-in']);
  });
});
