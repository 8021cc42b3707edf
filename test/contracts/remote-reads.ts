import { testWhere } from './test-where.ts';
import { expect, test } from 'vitest';
import type { RemoteMovement } from '../../shared/domain/ledger-entry.ts';
import type { RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import type { Proof } from './remote-proof.ts';

/** Rules of reading: every remote keeps these, one that only reads too. */
export function proveReads({ connector, stand, remote, has, line, plus }: Proof): void {
  const { abilities } = connector;
  const writes = !abilities.readOnly;

  test('R2 the test call names the account, and the places and things can be listed page by page', async () => {
    expect(await remote().test()).toMatchObject({ ok: true, value: { account: expect.stringMatching(/\S/) } });
    const places = await allPages(async (cursor) => {
      const page = await remote().locations(cursor);
      return page.ok ? { rows: page.value.locations, cursor: page.value.cursor } : fail(page.error.code);
    });
    if (writes) expect(places.find((one) => one.id === stand().place)?.active).toBe(true);
    const things = await allPages(async (cursor) => {
      const page = await remote().items(cursor);
      return page.ok ? { rows: page.value.items, cursor: page.value.cursor } : fail(page.error.code);
    });
    const found = new Map(things.map((one) => [one.id, one.precision]));
    const { whole, kilos } = stand().items;
    if (writes) expect(found.get(whole)).toBe(0);
    if (kilos !== undefined) expect(found.get(kilos)).toBe(3);
    expect(found.size).toBe(things.length);
  });

  testWhere(has('unavailable'))('R16 a read that fails is unavailable, never unknown', async () => {
    stand().fault('unavailable');
    const answer = await (writes ? remote().locations() : remote().test());
    expect(answer).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  testWhere(writes)('R13 figures come in canonical text, and no record is not zero', async () => {
    const { whole, stock, unseen } = stand().items;
    const items = [whole, ...(unseen === undefined ? [] : [unseen])];
    const page = await remote().counts({ locations: [stand().place], items });
    if (!page.ok) throw new Error(page.error.code);
    const figure = (item: string) => page.value.counts.find((count) => count.remoteItem === item)?.quantity;
    expect(figure(whole)).toBe(stock);
    if (unseen !== undefined) expect(figure(unseen)).toBeNull();
  });

  testWhere(writes && has('changed_since'))('R14 figures changed since a time leave the others out', async () => {
    stand().advance(60_000);
    const from = stand().now();
    stand().advance(60_000);
    stand().sale(stand().items.whole, '1');
    const page = await remote().counts({ locations: [stand().place], updatedAfter: from });
    expect(page.ok && page.value.counts.map((count) => [count.remoteItem, count.quantity])).toEqual([
      [stand().items.whole, plus('-1')],
    ]);
  });

  testWhere(writes && has('dead_cursors'))('R15 a dead cursor says so', async () => {
    expect(await remote().counts({ locations: [stand().place], cursor: 'long-dead' })).toMatchObject({
      ok: false,
      error: { code: 'cursor_expired' },
    });
  });

  testWhere(abilities.movements)(
    'R106 what others changed is told with its sign and time, and ours is not',
    async () => {
      const from = stand().now();
      stand().advance(60_000);
      if (has('sale_movements')) stand().sale(stand().items.whole, '2');
      if (writes) {
        const ours = await remote().push(connector.freeze([line('tb-ours', stand().items.other, '3')]));
        expect(ours.ok).toBe(true);
      }
      stand().advance(60_000);
      const rows = await movementsOf(remote(), from, stand().now());
      if (has('sale_movements'))
        expect(rows).toMatchObject([{ remoteItem: stand().items.whole, quantity: '-2', key: expect.any(String) }]);
      for (const { happenedAt } of rows)
        expect(happenedAt >= from && happenedAt < stand().now() && happenedAt.endsWith('Z')).toBe(true);
      expect(rows.some((row) => row.remoteItem === stand().items.other)).toBe(false);
    },
  );

  testWhere(abilities.movements && has('sale_movements'))(
    'R107 a movement is told in the time that it belongs to, by the same key in every reading',
    async () => {
      stand().sale(stand().items.whole, '1');
      stand().advance(60_000);
      const between = stand().now();
      stand().sale(stand().items.whole, '2');
      stand().advance(60_000);
      const early = await movementsOf(remote(), earlier(between, 120_000), between);
      const late = await movementsOf(remote(), between, stand().now());
      expect([...early, ...late].map((row) => row.quantity)).toEqual(['-1', '-2']);
      expect(await movementsOf(remote(), between, stand().now())).toEqual(late);
      expect(await movementsOf(remote(), stand().now(), earlier(stand().now(), -60_000))).toEqual([]);
    },
  );
}

function earlier(instant: string, byMs: number): string {
  return new Date(Date.parse(instant) - byMs).toISOString();
}

function movementsOf(remote: RemoteInventory, from: string, to: string): Promise<readonly RemoteMovement[]> {
  return allPages(async (cursor) => {
    const page = await remote.movements?.({ from, to, ...(cursor === undefined ? {} : { cursor }) });
    if (page === undefined) return fail('no movements');
    return page.ok ? { rows: page.value.movements, cursor: page.value.cursor } : fail(page.error.detail);
  });
}

async function allPages<Row>(
  read: (cursor: string | undefined) => Promise<{ rows: readonly Row[]; cursor: string | undefined }>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | undefined, pages = 0; pages < 100; pages += 1) {
    const page = await read(cursor);
    rows.push(...page.rows);
    cursor = page.cursor;
    if (cursor === undefined) return rows;
  }
  return fail('pages without end');
}

function fail(reason: string): never {
  throw new Error(reason);
}
