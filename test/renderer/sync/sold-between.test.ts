import { describe, expect, test } from 'vitest';
import { scan, unwrap } from '../ledger/page.ts';
import { drifts, type Shop } from './shop.ts';
import { squareShop } from './shops.ts';

const MINUTE = 60_000;

type Square = Awaited<ReturnType<typeof squareShop>>;
type Step = readonly [bin: string, counted: number] | ((shop: Square) => Promise<void> | void);

/** Opens the oil shop, matches and compares it. */
async function openOil(bins: Record<string, string> = { 'A-1': '3', 'A-2': '1' }): Promise<Square> {
  const shop = await squareShop({ oil: Object.entries(bins).map(([bin, many]) => ['OIL', bin, many] as const) });
  unwrap(await shop.sending.matchItems(shop.connection));
  shop.pass(MINUTE);
  unwrap(await shop.sending.pull(shop.connection));
  return shop;
}

/** Counts oil bin by bin, a minute each; what else happens, happens in between. Then all of it is posted. */
async function countAndPost(
  shop: Square,
  steps: readonly Step[],
  beforePosting?: () => Promise<void>,
): Promise<string> {
  const { page } = shop;
  await page.enter('lead');
  const bins = steps.flatMap((step) => (typeof step === 'function' ? [] : [step[0]]));
  const { stocktake } = unwrap(
    await page.ledger.createStocktake({ name: 'Oil', blind: true, bins: [...new Set(bins)] }),
  );
  for (const step of steps) {
    shop.pass(MINUTE);
    if (typeof step === 'function') await step(shop);
    else {
      const place = { stocktake, pass: 1, bin: step[0] };
      unwrap(await page.ledger.recordCount(place, scan('OIL', BigInt(step[1]) * 100_000n)));
      unwrap(await page.ledger.finishBin(place));
    }
  }
  const { batch } = unwrap(await page.ledger.submit(stocktake, 1));
  shop.pass(MINUTE);
  await beforePosting?.();
  await page.enter('approver');
  unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'approve'));
  unwrap(await page.ledger.post(batch));
  return batch;
}

const sell = (quantity: string) => (shop: Square) =>
  shop.sandbox.control.sale({ variation: 'V2', location: 'L1', quantity });
const oilThere = ({ sandbox }: Square) => sandbox.control.quantity('V2', 'L1');
const oilDrift = (shop: Square) => drifts(shop).find(([item]) => item === 'OIL');

async function planned({ sending, connection }: Square, batch: string) {
  return unwrap(await sending.plan(connection, batch));
}

async function sent(shop: Square, batch: string): Promise<void> {
  unwrap(await shop.sending.send(shop.connection, batch));
  await shop.settle();
  shop.pass(MINUTE);
  unwrap(await shop.sending.pull(shop.connection));
}

/** A person says out of which bin what was sold came. */
async function answer(shop: Square, bin: string): Promise<void> {
  const { page, sending, connection } = shop;
  await page.enter('lead');
  const open = sending.movements(connection).filter((row) => row.item === 'OIL' && !row.taken && !row.covered);
  unwrap(
    await sending.takeMovements(
      connection,
      open.map((row) => ({ row, bin })),
    ),
  );
  await page.enter('approver');
}

describe('a sale between the counts of two bins', () => {
  test('O622 is never erased: it is asked about with both numbers, and nothing goes before the answer', async () => {
    const shop = await openOil();
    const batch = await countAndPost(shop, [['A-1', 3], sell('2'), ['A-2', 1]]);
    const plan = await planned(shop, batch);
    expect(plan.lines.filter((line) => line.item === 'OIL')).toEqual([]);
    expect(plan.questions).toMatchObject([
      {
        code: 'sold_between',
        theirs: '2',
        answers: [
          { bin: 'A-1', result: '2' },
          { bin: 'A-2', result: '4' },
        ],
      },
    ]);
    await sent(shop, batch);
    expect(oilThere(shop)).toBe('2');
  });

  test.each([
    ['A-1', '2'],
    ['A-2', '4'],
  ])('O622 sold out of %s, both sides hold %s', async (bin, held) => {
    const shop = await openOil();
    const batch = await countAndPost(shop, [['A-1', 3], sell('2'), ['A-2', 1]]);
    await planned(shop, batch);
    await answer(shop, bin);
    await sent(shop, batch);
    expect(oilThere(shop)).toBe(held);
    expect(oilDrift(shop)).toEqual(['OIL', 'Main', held, held, 'reconciled']);
  });

  test('O622 the same when it was pulled before the counts were approved', async () => {
    const shop = await openOil();
    const pull = async () => void unwrap(await shop.sending.pull(shop.connection));
    const batch = await countAndPost(shop, [['A-1', 3], sell('2'), ['A-2', 1]], pull);
    expect((await planned(shop, batch)).questions).toMatchObject([{ code: 'sold_between' }]);
  });

  test('O622 a return is asked about too, and so is what was sold and brought back in between', async () => {
    const shop = await openOil();
    const brought = await countAndPost(shop, [
      ['A-1', 3],
      ({ sandbox }) =>
        sandbox.control.sale({
          variation: 'V2',
          location: 'L1',
          quantity: '2',
          fromState: 'NONE',
          toState: 'IN_STOCK',
        }),
      sell('2'),
      ['A-2', 1],
    ]);
    expect((await planned(shop, brought)).questions).toMatchObject([{ code: 'sold_between', theirs: '4' }]);
  });

  test('O622 what was sold before the first count or after the last is placed by its time: the count goes', async () => {
    const shop = await openOil();
    const batch = await countAndPost(shop, [sell('1'), ['A-1', 2], ['A-2', 1], sell('1')]);
    expect((await planned(shop, batch)).lines).toMatchObject([{ change: 'count', quantity: '3' }]);
    await sent(shop, batch);
    expect(oilThere(shop)).toBe('2');
  });

  test('O622 of three bins each answer has its own number, and a bin counted anew stands at its newest count', async () => {
    const shop = await openOil({ 'A-1': '1', 'A-2': '2', 'A-3': '1' });
    const batch = await countAndPost(shop, [['A-1', 1], ['A-2', 2], sell('1'), ['A-3', 1]]);
    expect((await planned(shop, batch)).questions[0]?.answers).toEqual([
      { bin: 'A-1', result: '3' },
      { bin: 'A-2', result: '3' },
      { bin: 'A-3', result: '4' },
    ]);
  });

  test('O622 a move of our own between the bins meanwhile is known, and a sale in between still goes nowhere', async () => {
    const shop = await openOil();
    const batch = await countAndPost(shop, [
      ['A-1', 3],
      async ({ page }) =>
        void unwrap(
          await page.ledger.appendFacts([{ kind: 'stock_moved', item: 'OIL', from: 'A-1', to: 'A-2', quantity: '1' }]),
        ),
      sell('1'),
      ['A-2', 2],
    ]);
    await sent(shop, batch);
    expect(oilThere(shop)).toBe('3');
    expect(oilDrift(shop)).toEqual(['OIL', 'Main', '4', '3', 'differs']);
  });

  test('O623 where it cannot be read what others did meanwhile, no count goes: differences do, and nothing is erased', async () => {
    let isDown = false;
    const shop = await squareShop({
      host: (real) => ({
        ...real,
        pullMovements: async (input) =>
          isDown
            ? { ok: false, error: { code: 'remote_failed', remote: 'x', problem: 'unavailable', detail: '' } }
            : real.pullMovements(input),
      }),
    });
    unwrap(await shop.sending.matchItems(shop.connection));
    shop.pass(MINUTE);
    unwrap(await shop.sending.pull(shop.connection));
    await sent(shop, await countAndPost(shop, [['A-1', 3]]));
    await sent(shop, await countAndPost(shop, [['A-1', 4]]));
    expect(oilThere(shop)).toBe('5');
    const batch = await countAndPost(shop, [['A-1', 3], sell('2'), ['A-2', 1]]);
    isDown = true;
    expect((await planned(shop, batch)).summary.reasons).toEqual([{ code: 'others_not_read', lines: 1 }]);
    unwrap(await shop.sending.send(shop.connection, batch));
    await shop.settle();
    expect(oilThere(shop)).toBe('2');
    expect(oilDrift(shop)?.slice(2, 4)).toEqual(['4', '3']);
  });

  test('O624 what became known only after the count was frozen is still offered, and the bin decides', async () => {
    const shop = await openOil();
    let happened = '';
    const note = ({ page }: Square) => void (happened = new Date(page.clock.wall).toISOString());
    const batch = await countAndPost(shop, [['A-1', 3], note, ['A-2', 1]]);
    unwrap(await shop.sending.send(shop.connection, batch));
    await shop.settle();
    shop.sandbox.control.sale({ variation: 'V2', location: 'L1', quantity: '1', occurredAt: happened });
    shop.pass(MINUTE);
    unwrap(await shop.sending.pull(shop.connection));
    expect(sendableMovements(shop)).toMatchObject([{ quantity: '-1', taken: false, covered: false }]);
    await answer(shop, 'A-1');
    expect(oilDrift(shop)).toEqual(['OIL', 'Main', '3', '4', 'differs']);
  });
});

function sendableMovements({ sending, connection }: Pick<Shop<unknown>, 'sending' | 'connection'>) {
  return sending.movements(connection);
}
