import { describe, expect, test } from 'vitest';
import { unwrap } from '../ledger/page.ts';
import { postCounts } from './shop.ts';
import { squareShop } from './shops.ts';

const MINUTE = 60_000;

/** A laptop whose clock shows so much more than Square's, from before it was connected, and one TEA less than its book. */
async function countedUnder(aheadMs: number) {
  const shop = await squareShop({ aheadMs });
  unwrap(await shop.sending.matchItems(shop.connection));
  shop.pass(MINUTE);
  return shop;
}

describe('a clock that is off', () => {
  test.each([0, 1_000, 30_000, 90_000, 119_000, 121_000, 5 * MINUTE, -1_000, -90_000, -5 * MINUTE])(
    'O627 by %i ms: whatever is sent at once bears no time in the remote’s future, and arrives',
    async (aheadMs) => {
      const shop = await countedUnder(aheadMs);
      const { sending, connection, sandbox, page } = shop;
      // TEA whole, OIL in part: a count and a change.
      const batch = await postCounts(shop, [
        ['TEA', 'A-1', 9],
        ['OIL', 'A-1', 2],
      ]);
      unwrap(await sending.send(connection, batch));
      await sending.flush();
      while (sending.busy()) await new Promise((resolve) => setImmediate(resolve));
      expect(sending.outbox().map(({ state }) => state)).toEqual(['confirmed']);
      expect([sandbox.control.quantity('V1', 'L1'), sandbox.control.quantity('V2', 'L1')]).toEqual(['9', '3']);
      const there = page.clock.wall - aheadMs;
      const stamps = sandbox.control
        .changes()
        .slice(-2)
        .map(({ occurredAt }) => occurredAt);
      for (const stamp of stamps) expect(stamp).toBeLessThanOrEqual(there - 1_000);
      // Below two minutes it is the time of the count, a minute ago; above, nobody knows what the clock showed then.
      for (const stamp of stamps)
        expect(Math.abs(stamp - (there - (Math.abs(aheadMs) > 2 * MINUTE ? 2_000 : MINUTE)))).toBeLessThanOrEqual(
          2_000,
        );
    },
  );

  test('O627 a clock that was put on by a minute and a half after it was compared is compared again', async () => {
    const shop = await countedUnder(0);
    const { sending, connection, sandbox, page } = shop;
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    unwrap(await sending.plan(connection, batch));
    page.clock.wall += 90_000;
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    expect(sending.outbox().map(({ state }) => state)).toEqual(['confirmed']);
    expect(sandbox.control.quantity('V1', 'L1')).toBe('9');
  });
});
