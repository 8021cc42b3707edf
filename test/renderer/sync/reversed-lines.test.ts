import { describe, expect, test } from 'vitest';
import { needsOf } from '../../../renderer/sync/needs.ts';
import { code, unwrap } from '../ledger/page.ts';
import { drifts, postCounts, type Shop } from './shop.ts';
import { decoShop, MAIN, shipheroShop, squareShop, uuid, zettleShop } from './shops.ts';

/** Takes all lines of a batch back; answers with the batch under which it was. */
async function reverse({ page }: Shop<object>, batch: string, reason = 'data_entry_error'): Promise<string> {
  await page.enter('approver');
  const { lines } = unwrap(page.ledger.review(batch));
  unwrap(await page.ledger.reverse(batch, lines, { reason }));
  const made = page.ledger.batches().find(({ reverses }) => reverses === batch);
  return made?.id ?? '';
}

const waiting = ({ page }: Shop<object>) => page.ledger.status().waitingToSend;

describe('what is taken back', () => {
  test('O778 Square gets a change at the present time, with its reason, though the count was sent as one', async () => {
    const shop = await squareShop({ oil: [['OIL', 'A-1', '4']] });
    const { sending, connection, sandbox, page } = shop;
    unwrap(await sending.matchItems(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 7]]);
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    expect(sandbox.control.quantity('V1', 'L1')).toBe('7');
    shop.pass(60_000);
    // What is sold there meanwhile stays sold.
    sandbox.control.sale({ variation: 'V1', location: 'L1', quantity: '2' });
    shop.pass(60_000);
    const back = await reverse(shop, batch);
    expect([waiting(shop), unwrap(await sending.plan(connection, batch)).lines]).toEqual([1, []]);
    const plan = unwrap(await sending.plan(connection, back));
    expect(plan.lines).toMatchObject([{ change: 'adjust', quantity: '3', bins: ['A-1'] }]);
    expect(plan.summary.reasons).toEqual([{ code: 'reversed', lines: 1 }]);
    expect(Date.parse(plan.lines[0]?.occurredAt ?? '')).toBeGreaterThan(
      Date.parse(unwrap(page.ledger.review(batch)).lines[0]?.countedAt ?? ''),
    );
    // Pressed twice, and once more after it arrived.
    await Promise.all([sending.send(connection, back), sending.send(connection, back)]);
    await shop.settle();
    expect([sandbox.control.quantity('V1', 'L1'), waiting(shop)]).toEqual(['8', 0]);
    expect(unwrap(await sending.plan(connection, back)).lines).toEqual([]);
    const { lines } = unwrap(page.ledger.review(batch));
    expect(code(await page.ledger.reverse(batch, lines, { reason: 'other' }))).toBe('not_reversible');
  });

  test('O775 what was taken back before it was sent is not sent, on any remote', async () => {
    for (const open of [squareShop, shipheroShop, zettleShop, decoShop]) {
      const shop: Shop<object> = await open();
      const { sending, connection } = shop;
      unwrap(await sending.matchItems(connection));
      const batch = await postCounts(shop, [['TEA', 'A-1', 5]]);
      const before = shop.sandbox.control.log().length;
      const back = await reverse(shop, batch);
      expect(waiting(shop)).toBe(0);
      for (const one of [batch, back]) {
        const plan = unwrap(await sending.plan(connection, one, { withRejected: true }));
        expect([plan.lines, plan.stopped]).toEqual([[], []]);
      }
      const asked = shop.sandbox.control.log().slice(before);
      expect(asked.filter(({ path }) => path.includes('batch-change'))).toEqual([]);
    }
  });

  test('O775 what was refused and then taken back is not sent again, and needs nobody', async () => {
    const shop = await squareShop();
    const { sending, connection, page } = shop;
    unwrap(await sending.matchItems(connection));
    unwrap(await sending.saveMapping(connection, { items: [{ item: 'TEA', remoteItem: 'GONE', precision: 0 }] }));
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    const needs = () => needsOf(page.ledger.sending()).map(({ kind }) => kind);
    expect(needs()).toEqual(['rejected']);
    const back = await reverse(shop, batch);
    expect([needs(), waiting(shop)]).toEqual([[], 0]);
    for (const one of [batch, back])
      expect(unwrap(await sending.plan(connection, one, { withRejected: true })).lines).toEqual([]);
  });

  test('O776 ShipHero gets it back into the bin that it was taken from, with the remote’s word for the reason', async () => {
    const shop = await shipheroShop();
    const { sending, connection, sandbox } = shop;
    unwrap(await sending.matchItems(connection));
    unwrap(await sending.saveMapping(connection, { reasons: [{ reason: 'data_entry_error', word: 'Typo' }] }));
    const before = sandbox.control.onHand('TEA', MAIN);
    const batch = await postCounts(shop, [['TEA', 'A-1', 8]]);
    // The answer is lost: whether it arrived is read back.
    sandbox.control.fault({ kind: 'applyThenDrop' });
    unwrap(await sending.send(connection, batch));
    const back = await reverse(shop, batch);
    await shop.settle();
    expect(sandbox.control.quantity('TEA', 'QmluOjE=')).toBe(8);
    const plan = unwrap(await sending.plan(connection, back));
    expect(plan.lines).toMatchObject([{ bins: ['A-1'], quantity: '2', reason: 'Typo' }]);
    unwrap(await sending.send(connection, back));
    await shop.settle();
    expect([sandbox.control.onHand('TEA', MAIN), waiting(shop)]).toEqual([before, 0]);
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    expect(drifts(shop).filter(([item]) => item === 'TEA')).toEqual([['TEA', 'A-1', '10', '10', 'reconciled']]);
  });

  test('O776 a file takes it back on the figure read just then', async () => {
    const shop = await shipheroShop();
    const { sending, connection } = shop;
    unwrap(await sending.matchItems(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 8]]);
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    shop.pass(60_000);
    const back = await reverse(shop, batch);
    const { files } = unwrap(await sending.send(connection, back, { delivery: 'file' }));
    expect(files[0]?.text).toContain('TEA,10,replace');
  });

  test('O776 Zettle has its figure back, also where the first answer was lost', async () => {
    const shop = await zettleShop();
    const { sending, connection, sandbox } = shop;
    unwrap(await sending.matchItems(connection));
    unwrap(await sending.pull(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 7]]);
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    expect(sandbox.control.quantity(uuid('30', 1))).toBe('7');
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    const back = await reverse(shop, batch);
    sandbox.control.fault({ kind: 'applyThenDrop' });
    unwrap(await sending.send(connection, back));
    await shop.settle();
    expect([sandbox.control.quantity(uuid('30', 1)), waiting(shop)]).toEqual(['10', 0]);
  });
});
