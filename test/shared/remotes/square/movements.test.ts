import { describe, expect, test } from 'vitest';
import { formatQuantity, quantityOf } from '../../../../shared/domain/quantity.ts';
import type { RemoteMovement } from '../../../../shared/domain/ledger-entry.ts';
import { square } from '../../../../shared/remotes/square/square.ts';
import { testMeans } from '../../../contracts/remote-means.ts';
import { sandboxHttpClient } from '../../../sandbox/chassis/http-client.ts';
import { createSquareSandbox } from '../../../sandbox/square/square-sandbox.ts';

const NOW = '2026-03-02T10:00:00.000Z';

function openShop(behaviour = {}) {
  const sandbox = createSquareSandbox(
    {
      clock: NOW,
      square: {
        locations: [
          { id: 'MAIN', name: 'Main' },
          { id: 'ANNEX', name: 'Annex' },
        ],
        variations: [
          { id: 'V1', item: 'Tea', stock: { MAIN: '10', ANNEX: '3' } },
          { id: 'V2', item: 'Oil' },
        ],
        behaviour,
      },
    },
    () => 0,
  );
  const { control } = sandbox;
  const remote = square.open(
    { baseUrl: 'http://square.invalid', accessToken: 'sandbox-token' },
    testMeans({ http: sandboxHttpClient(sandbox), now: control.now }),
  );
  const url = new URL('http://square.invalid/v2/inventory/changes/batch-create');
  let keys = 0;
  /** Another program of the same merchant. */
  const others = async (...changes: object[]): Promise<void> => {
    keys += 1;
    const text = JSON.stringify({ idempotency_key: `others-${keys}`, changes, ignore_unchanged_counts: false });
    await sandbox.reply({ method: 'POST', url, text, headers: { authorization: 'Bearer sandbox-token' } });
    control.advance(1000);
  };
  const what = { catalog_object_id: 'V1', location_id: 'MAIN' };
  const count = (quantity: string, more = {}) => ({
    type: 'PHYSICAL_COUNT',
    physical_count: { ...what, state: 'IN_STOCK', quantity, occurred_at: control.now(), ...more },
  });
  const adjust = (from: string, to: string, quantity: string, more = {}) => ({
    type: 'ADJUSTMENT',
    adjustment: { ...what, from_state: from, to_state: to, quantity, occurred_at: control.now(), ...more },
  });
  const read = async (from = NOW): Promise<RemoteMovement[]> => {
    const rows: RemoteMovement[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await remote.movements?.({ from, to: control.now(), ...(cursor === undefined ? {} : { cursor }) });
      if (page?.ok !== true) throw new Error(page?.error.detail);
      rows.push(...page.value.movements);
      cursor = page.value.cursor;
      if (cursor === undefined) return rows;
    }
  };
  return { control, remote, others, count, adjust, read };
}

describe('Square movements', () => {
  test('R121 adjustments of others come signed, counts of others as the difference that they made', async () => {
    const { control, remote, others, count, adjust, read } = openShop();
    await others(adjust('NONE', 'IN_STOCK', '5'));
    await others(adjust('IN_STOCK', 'WASTE', '2', { reference_id: 'somebody-1' }));
    await others(count('20'));
    await others(count('1', { catalog_object_id: 'V2' }));
    control.sale({ variation: 'V1', location: 'ANNEX', quantity: '1' });
    control.advance(1000);
    const line = { item: 'TEA', remoteItem: 'V1', remoteLocation: 'MAIN', bins: ['A'], occurredAt: control.now() };
    await remote.push(
      square.freeze([
        { ...line, ref: 'tb-1', change: 'adjust', quantity: '1' },
        { ...line, ref: 'tb-2', change: 'count', quantity: '7' },
      ]),
    );
    control.advance(1000);
    const rows = await read();
    expect(rows.map((row) => [row.remoteItem, row.remoteLocation, row.quantity, row.after, row.what])).toEqual([
      ['V1', 'MAIN', '5', null, 'NONE → IN_STOCK'],
      ['V1', 'MAIN', '-2', null, 'IN_STOCK → WASTE'],
      ['V1', 'MAIN', '7', '20', 'PHYSICAL_COUNT'],
      ['V2', 'MAIN', '1', '1', 'PHYSICAL_COUNT'],
      ['V1', 'ANNEX', '-1', null, 'IN_STOCK → SOLD'],
    ]);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });

  test('R122 pages of one row and empty pages tell the same, and opening figures and movements make up today’s', async () => {
    const { control, others, count, adjust, read } = openShop({ pageRows: 1, emptyPages: true });
    for (const step of [1, 2, 3]) {
      await others(adjust('NONE', 'IN_STOCK', String(step)), count(String(10 * step), { occurred_at: control.now() }));
      await others(adjust('IN_STOCK', 'SOLD', '4'));
    }
    const rows = await read();
    expect(rows).toHaveLength(9);
    const sum = rows.reduce((total, row) => total + quantityOf(row.quantity), quantityOf('10'));
    expect(formatQuantity(sum)).toBe(control.quantity('V1', 'MAIN'));
  });

  test('R123 the time of a movement comes as UTC, and what fails at the remote is passed on', async () => {
    const { control, remote, others, adjust } = openShop();
    await others(adjust('NONE', 'IN_STOCK', '1', { occurred_at: '2026-03-02T01:00:00-08:00' }));
    const page = await remote.movements?.({ from: NOW, to: control.now() });
    expect(page).toMatchObject({ ok: true, value: { movements: [{ happenedAt: '2026-03-02T09:00:00.000Z' }] } });
    control.fault({ kind: 'status', status: 503 });
    expect(await remote.movements?.({ from: NOW, to: control.now() })).toMatchObject({
      error: { code: 'unavailable' },
    });
    expect(await remote.movements?.({ from: NOW, to: control.now(), cursor: 'dead' })).toMatchObject({
      error: { code: 'cursor_expired' },
    });
  });
});
