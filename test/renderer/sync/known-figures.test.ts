import { describe, expect, test } from 'vitest';
import { unwrap } from '../ledger/page.ts';
import { postCounts, type Shop } from './shop.ts';
import { MAIN, openZettle, shipheroShop, squareShop, TEA_VARIANT, uuid } from './shops.ts';

const teaAtZettle = (balance: number) => [
  { uuid: uuid('20', 1), name: 'Tea', variants: [{ uuid: TEA_VARIANT, sku: 'TEA', balance }] },
];

/** A Zettle that holds ten TEA, and a book that says how many are in each bin. */
const zettleWith = (opening: readonly (readonly [string, string, string])[]) =>
  openZettle({ products: teaAtZettle(10), skus: ['TEA'], opening });

/** What the Zettle holds, as its own answer says. */
async function teaThere({ sending, connection }: Pick<Shop<unknown>, 'sending' | 'connection'>) {
  unwrap(await sending.pull(connection));
  return sending.drift(connection).find((row) => row.item === 'TEA')?.theirs;
}

async function sentAs(shop: Pick<Shop<unknown>, 'sending' | 'connection' | 'settle'>, batch: string, options = {}) {
  const sent = unwrap(await shop.sending.send(shop.connection, batch, options));
  await shop.settle();
  return sent.requests;
}

describe('a figure that was never one with our book', () => {
  test('O620 a difference is never sent on top of it: a book that was never opened doubles nothing', async () => {
    const shop = await zettleWith([]);
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 10]]);
    const plan = unwrap(await shop.sending.plan(shop.connection, batch));
    expect(plan.stopped).toMatchObject([{ item: 'TEA', code: 'base_unknown', detail: '10 ≠ 0' }]);
    expect(await sentAs(shop, batch)).toBe(0);
    expect(await teaThere(shop)).toBe('10');
  });

  test('O620 counted none agrees with nothing either: their ten are asked about', async () => {
    const shop = await zettleWith([]);
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 0]]);
    const { stopped, summary } = unwrap(await shop.sending.plan(shop.connection, batch));
    expect([stopped[0]?.code, summary.verified]).toEqual(['base_unknown', 0]);
  });

  test('O620 the same where every bin has a figure of its own, as requests and as a file', async () => {
    const shop = await shipheroShop({ opening: [['CUP', 'A-1', '5']] });
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 10]]);
    for (const delivery of ['request', 'file'] as const) {
      const { stopped } = unwrap(await shop.sending.plan(shop.connection, batch, { delivery }));
      expect(stopped).toMatchObject([{ item: 'TEA', code: 'base_unknown' }]);
    }
    expect(shop.sandbox.control.onHand('TEA', MAIN)).toBe(10);
  });

  test('O621 said so by a person, theirs becomes what was counted, with what lies in bins that were not', async () => {
    const whole = await zettleWith([]);
    unwrap(await whole.sending.matchItems(whole.connection));
    const ten = await postCounts(whole, [['TEA', 'A-1', 12]]);
    const { rows } = unwrap(await whole.sending.plan(whole.connection, ten, { setFigures: true })).summary;
    expect(rows).toMatchObject([{ quantity: '2', reason: 'figure_set', theirs: '10', after: '12' }]);
    await sentAs(whole, ten, { setFigures: true });
    expect(await teaThere(whole)).toBe('12');

    const part = await zettleWith([['TEA', 'A-2', '5']]);
    unwrap(await part.sending.matchItems(part.connection));
    const nine = await postCounts(part, [['TEA', 'A-1', 9]]);
    await sentAs(part, nine, { setFigures: true });
    expect(await teaThere(part)).toBe('14');
  });

  test('O621 the same in a file, where all of it was counted and nothing lies beside it', async () => {
    const shop = await shipheroShop({ opening: [['TEA', 'A-1', '4']] });
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 7]]);
    const options = { delivery: 'file', setFigures: true } as const;
    const sent = unwrap(await shop.sending.send(shop.connection, batch, options));
    expect(sent.files.map(({ text }) => text.trim().split('\n').length)).toEqual([2]);
  });

  test('O632 theirs is set by what was read just now: where it cannot be read nothing goes, and a sale stands', async () => {
    const shop = await zettleWith([]);
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 12]]);
    unwrap(await shop.sending.plan(shop.connection, batch));
    shop.sandbox.control.turn({ kind: 'sale', variant: TEA_VARIANT, quantity: 3 });
    shop.sandbox.control.fault({ kind: 'status', status: 500, times: 1 });
    const sent = await shop.sending.send(shop.connection, batch, { setFigures: true });
    expect(sent).toMatchObject({ ok: false, error: { code: 'remote_failed' } });
    await sentAs(shop, batch, { setFigures: true });
    expect(await teaThere(shop)).toBe('12');
  });

  test('O632 a file stands on what was read just now, too', async () => {
    const shop = await shipheroShop({ opening: [['TEA', 'A-1', '10']] });
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 7]]);
    unwrap(await shop.sending.plan(shop.connection, batch));
    shop.sandbox.control.fault({ kind: 'status', status: 500, times: 3 });
    const sent = await shop.sending.send(shop.connection, batch, { delivery: 'file' });
    expect(sent).toMatchObject({ ok: false, error: { code: 'remote_failed' } });
  });

  test('O620 once a change has arrived there, what others sell stands beside our differences', async () => {
    const shop = await zettleWith([['TEA', 'A-1', '10']]);
    unwrap(await shop.sending.matchItems(shop.connection));
    await sentAs(shop, await postCounts(shop, [['TEA', 'A-1', 9]]));
    shop.sandbox.control.turn({ kind: 'sale', variant: TEA_VARIANT, quantity: 2 });
    expect(await sentAs(shop, await postCounts(shop, [['TEA', 'A-1', 8]]))).toBe(1);
    expect(await teaThere(shop)).toBe('6');
  });

  test('O631 once they agreed at a reading, what others sell stands beside our difference, told or not', async () => {
    const shop = await zettleWith([['TEA', 'A-1', '10']]);
    unwrap(await shop.sending.matchItems(shop.connection));
    unwrap(await shop.sending.pull(shop.connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    for (const sold of [2, 1]) {
      shop.sandbox.control.turn({ kind: 'sale', variant: TEA_VARIANT, quantity: sold });
      const { stopped, rows } = unwrap(await shop.sending.plan(shop.connection, batch)).summary;
      expect([stopped, rows.map(({ quantity }) => quantity)]).toEqual([[], ['-1']]);
    }
    expect(await sentAs(shop, batch)).toBe(1);
    expect(await teaThere(shop)).toBe('6');
  });

  test('O631 a figure that never agreed stays one that nobody knows, however often it is read and changes', async () => {
    const shop = await zettleWith([['TEA', 'A-1', '4']]);
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 3]]);
    for (const sold of [2, 3, 4]) {
      unwrap(await shop.sending.pull(shop.connection));
      shop.sandbox.control.turn({ kind: 'sale', variant: TEA_VARIANT, quantity: sold });
      const { stopped } = unwrap(await shop.sending.plan(shop.connection, batch));
      expect(stopped.map(({ code }) => code)).toEqual(['base_unknown']);
    }
  });

  test('O620 what others sold since, where the remote tells it, explains a difference that nobody has settled yet', async () => {
    const shop = await squareShop();
    unwrap(await shop.sending.matchItems(shop.connection));
    shop.pass(60_000);
    shop.sandbox.control.sale({ variation: 'V2', location: 'L1', quantity: '1' });
    shop.pass(60_000);
    const batch = await postCounts(shop, [['OIL', 'A-1', 2]]);
    expect(unwrap(await shop.sending.plan(shop.connection, batch)).stopped).toEqual([]);
  });
});
