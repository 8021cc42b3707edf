import { describe, expect, test } from 'vitest';
import { unwrap } from '../ledger/page.ts';
import { drifts, postCounts, submitCounts } from './shop.ts';
import { squareShop } from './shops.ts';

const MINUTE = 60_000;
type Square = Awaited<ReturnType<typeof squareShop>>;

const change = ({ sandbox }: Square, quantity: string, fromState: string, toState: string) =>
  sandbox.control.sale({ variation: 'V1', location: 'L1', quantity, fromState, toState });
const stockThere = ({ sandbox }: Square) => sandbox.control.quantity('V1', 'L1');
const tea = (shop: Square) => drifts(shop).find(([item]) => item === 'TEA');

/** Ten TEA on both sides, two of them promised to somebody at Square. */
async function twoReserved(): Promise<Square> {
  const shop = await squareShop();
  unwrap(await shop.sending.matchItems(shop.connection));
  shop.pass(MINUTE);
  change(shop, '2', 'IN_STOCK', 'RESERVED_FOR_SALE');
  shop.pass(MINUTE);
  return shop;
}

async function sent(shop: Square, batch: string): Promise<void> {
  unwrap(await shop.sending.send(shop.connection, batch));
  await shop.settle();
}

describe('stock that is reserved at Square', () => {
  test('O628 lies on the shelf: the whole shelf is compared with all that is there, and a matching count adds nothing', async () => {
    const shop = await twoReserved();
    unwrap(await shop.sending.pull(shop.connection));
    expect(tea(shop)).toEqual(['TEA', 'Main', '10', '10', 'reconciled']);
    await sent(shop, await postCounts(shop, [['TEA', 'A-1', 10]]));
    expect(stockThere(shop)).toBe('8');
  });

  test('O628 what is missing on the shelf is taken off what is free, and what is reserved stays', async () => {
    const shop = await twoReserved();
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    expect(unwrap(await shop.sending.plan(shop.connection, batch)).summary.reasons).toEqual([
      { code: 'part_reserved', lines: 1 },
    ]);
    await sent(shop, batch);
    expect(stockThere(shop)).toBe('7');
    shop.pass(MINUTE);
    unwrap(await shop.sending.pull(shop.connection));
    expect(tea(shop)).toEqual(['TEA', 'Main', '9', '9', 'reconciled']);
  });

  test('O628 promising moves nothing, handing over does, and only its row says so', async () => {
    const shop = await twoReserved();
    unwrap(await shop.sending.pull(shop.connection));
    expect(shop.sending.movements(shop.connection)).toEqual([]);
    shop.pass(20 * MINUTE);
    change(shop, '1', 'RESERVED_FOR_SALE', 'SOLD');
    shop.pass(MINUTE);
    unwrap(await shop.sending.pull(shop.connection));
    expect(shop.sending.movements(shop.connection)).toMatchObject([{ item: 'TEA', quantity: '-1' }]);
    expect(tea(shop)).toEqual(['TEA', 'Main', '10', '9', 'differs']);
  });

  test('O628 where it cannot be read what is reserved, no count goes', async () => {
    let isDown = false;
    const shop = await squareShop({
      host: (real) => ({
        ...real,
        pullCounts: async (input) =>
          isDown
            ? { ok: false, error: { code: 'remote_failed', remote: 'x', problem: 'unavailable', detail: '' } }
            : real.pullCounts(input),
      }),
    });
    unwrap(await shop.sending.matchItems(shop.connection));
    shop.pass(MINUTE);
    unwrap(await shop.sending.pull(shop.connection));
    change(shop, '2', 'IN_STOCK', 'RESERVED_FOR_SALE');
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    isDown = true;
    await sent(shop, batch);
    expect(stockThere(shop)).toBe('7');
  });

  test('O630 what is posted while figures are read is sent on a reading of its own, and no count goes over what is reserved', async () => {
    let onRead: (() => Promise<void>) | undefined;
    const shop = await squareShop({
      host: (real) => ({
        ...real,
        async pullCounts(input) {
          const figures = await real.pullCounts(input);
          const run = onRead;
          onRead = undefined;
          await run?.();
          return figures;
        },
      }),
    });
    unwrap(await shop.sending.matchItems(shop.connection));
    shop.pass(MINUTE);
    change(shop, '2', 'IN_STOCK', 'RESERVED_FOR_SALE');
    const { ledger } = shop.page;
    const counts = [
      ['TEA', 'A-1', 9],
      ['OIL', 'A-1', 3],
      ['OIL', 'A-2', 2],
    ] as const;
    const [batch, lines] = await submitCounts(shop, counts);
    const approve = async (item: string) => {
      const some = lines.filter((line) => line.item === item);
      unwrap(await ledger.decide(batch, some, 'approve'));
      unwrap(await ledger.post(batch));
    };
    await approve('OIL');
    onRead = () => approve('TEA');
    await sent(shop, batch);
    expect(stockThere(shop)).toBe('7');
    expect(shop.sandbox.control.quantity('V2', 'L1')).toBe('5');
  });
});

describe('a Square that keeps no figure of an item', () => {
  /** Ten OIL in A-1 and five in A-2 in our book; Square has never had any. */
  const withoutFigure = async () => {
    const shop = await squareShop({
      oilThere: null,
      oil: [
        ['OIL', 'A-1', '10'],
        ['OIL', 'A-2', '5'],
      ],
    });
    unwrap(await shop.sending.matchItems(shop.connection));
    shop.pass(MINUTE);
    return shop;
  };

  test('O629 a difference is not sent to where there is nothing to differ from; the whole figure is, when a person says so', async () => {
    const shop = await withoutFigure();
    const batch = await postCounts(shop, [['OIL', 'A-1', 9]]);
    const plan = unwrap(await shop.sending.plan(shop.connection, batch));
    expect(plan.stopped).toMatchObject([{ item: 'OIL', code: 'no_figure_there' }]);
    expect(plan.questions).toMatchObject([{ theirs: null, ours: '14' }]);
    // Nothing that could still be read would change it, so nothing more is asked of the remote.
    expect([...plan.unread]).toEqual([]);
    await sent(shop, batch);
    expect(shop.sandbox.control.quantity('V2', 'L1')).toBeUndefined();
    unwrap(await shop.sending.send(shop.connection, batch, { setFigures: true }));
    await shop.settle();
    expect(shop.sandbox.control.quantity('V2', 'L1')).toBe('14');
  });

  test('O629 a whole count needs nothing to differ from: it goes', async () => {
    const shop = await withoutFigure();
    await sent(
      shop,
      await postCounts(shop, [
        ['OIL', 'A-1', 9],
        ['OIL', 'A-2', 5],
      ]),
    );
    expect(shop.sandbox.control.quantity('V2', 'L1')).toBe('14');
  });
});
