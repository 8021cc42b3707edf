import { describe, expect, test } from 'vitest';
import { createPageSending } from '../../../renderer/sync/create-page-sending.ts';
import type { DecidedRow } from '../../../renderer/sync/decide-drift.ts';
import { does } from '../../electron/host/bench.ts';
import { unwrap } from '../ledger/page.ts';
import { drifts } from './shop.ts';
import { squareShop } from './shops.ts';

const MINUTE = 60_000;
type Square = Awaited<ReturnType<typeof squareShop>>;

/** Ten TEA on both sides, and then two are sold at Square. */
async function soldTwo(): Promise<Square> {
  const shop = await squareShop();
  unwrap(await shop.sending.matchItems(shop.connection));
  shop.pass(MINUTE);
  unwrap(await shop.sending.pull(shop.connection));
  sell(shop);
  shop.pass(MINUTE);
  unwrap(await shop.sending.pull(shop.connection));
  await shop.page.enter('approver');
  return shop;
}

const sell = ({ sandbox }: Square, more: { occurredAt?: string } = {}) =>
  sandbox.control.sale({ variation: 'V1', location: 'L1', quantity: '2', ...more });

const tea = (shop: Square) =>
  drifts(shop)
    .find(([item]) => item === 'TEA')
    ?.slice(2, 4);
const sold = ({ sending, connection }: Square) => sending.movements(connection).filter((row) => row.item === 'TEA');
const teaRows = ({ sending, connection }: Square): (DecidedRow & { bin: string })[] =>
  sending.drift(connection).flatMap((row) => (row.item === 'TEA' ? [{ row, bin: 'A-1' }] : []));

describe('one sale, two ways into the book', () => {
  test('O625 a figure that was taken holds what was sold before it: the sale is not taken again', async () => {
    const shop = await soldTwo();
    const offered = sold(shop).map((row) => ({ row, bin: 'A-1' }));
    unwrap(await shop.sending.takeTheirs(shop.connection, teaRows(shop)));
    expect(tea(shop)).toEqual(['8', '8']);
    expect(sold(shop)).toMatchObject([{ taken: false, covered: true }]);
    // A screen that still offers it books nothing.
    expect(unwrap(await shop.sending.takeMovements(shop.connection, offered))).toEqual({ taken: 0 });
    expect(tea(shop)).toEqual(['8', '8']);
  });

  test('O625 what becomes known after the figure was taken and was sold before it is in it, what is sold later is not', async () => {
    const shop = await soldTwo();
    unwrap(await shop.sending.takeTheirs(shop.connection, teaRows(shop)));
    shop.pass(MINUTE);
    sell(shop);
    shop.pass(MINUTE);
    unwrap(await shop.sending.pull(shop.connection));
    const later = sold(shop).filter((row) => !row.covered);
    expect(later).toHaveLength(1);
    await shop.page.enter('lead');
    unwrap(
      await shop.sending.takeMovements(
        shop.connection,
        later.map((row) => ({ row, bin: 'A-1' })),
      ),
    );
    expect(tea(shop)).toEqual(['6', '6']);
  });

  test('O625 the other way round: once the sale is taken there is no difference left to take', async () => {
    const shop = await soldTwo();
    const rows = teaRows(shop);
    await shop.page.enter('lead');
    unwrap(
      await shop.sending.takeMovements(
        shop.connection,
        sold(shop).map((row) => ({ row, bin: 'A-1' })),
      ),
    );
    await shop.page.enter('approver');
    expect((await shop.sending.takeTheirs(shop.connection, rows)).ok).toBe(false);
    expect(tea(shop)).toEqual(['8', '8']);
  });

  test('O626 what was taken over one connection to an account is taken over all of them', async () => {
    const shop = await soldTwo();
    const { page, sandbox } = shop;
    await page.enter('admin');
    const saved = await does(page.running, 'saveConnection', {
      remote: 'square',
      name: 'The same shop',
      settings: { baseUrl: 'https://square.example', mode: 'token' },
      secrets: { accessToken: 'sandbox-token' },
    });
    unwrap(await page.ledger.takeIn(saved.entries));
    const sending = createPageSending({
      host: page.running.host,
      ledger: page.ledger,
      connectors: await does(page.running, 'connectors', {}),
      now: () => new Date(page.clock.wall).toISOString(),
      after: () => () => undefined,
    });
    unwrap(await sending.matchItems(saved.connection));
    unwrap(
      await shop.sending.takeMovements(
        shop.connection,
        sold(shop).map((row) => ({ row, bin: 'A-1' })),
      ),
    );
    sell(shop);
    shop.pass(MINUTE);
    unwrap(await sending.pull(saved.connection));
    const rows = sending.movements(saved.connection).filter((row) => row.item === 'TEA');
    expect(rows.filter((row) => row.taken)).toHaveLength(1);
    expect(rows).toHaveLength(2);
    unwrap(
      await sending.takeMovements(
        saved.connection,
        rows.map((row) => ({ row, bin: 'A-1' })),
      ),
    );
    expect(tea(shop)?.[0]).toBe(sandbox.control.quantity('V1', 'L1'));
  });
});
