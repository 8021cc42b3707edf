import { describe, expect, test } from 'vitest';
import { unwrap } from '../ledger/page.ts';
import { heldChains, minuteOf } from '../ledger/held-chains.ts';
import { counted, created, submitted } from '../../shared/domain/history.ts';
import { postCounts } from './shop.ts';
import { zettleShop } from './shops.ts';

const BEN = '~ben';

/** Nine TEA were counted and sent, or just posted; then it is heard that another laptop had posted seven of them before that. */
async function heardLate(sent: 'not' | 'on its way' | 'arrived') {
  const chains = heldChains();
  const shop = await zettleShop({ between: chains.between });
  const { sending, connection, page } = shop;
  unwrap(await sending.matchItems(connection));
  const earlier = minuteOf(page.clock.now());
  shop.pass(60 * 60_000);
  const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
  if (sent === 'on its way') shop.sandbox.control.fault({ kind: 'applyThenDrop' });
  if (sent !== 'not') unwrap(await sending.send(connection, batch));
  if (sent === 'arrived') await shop.settle();
  while (sending.busy()) await new Promise((resolve) => setImmediate(resolve));
  chains.say(BEN, earlier, created('s9', ['A-1']));
  const { id: anchor, at: countedAt } = chains.say(BEN, earlier, counted('7', { stocktake: 's9', bin: 'A-1' }));
  chains.say(BEN, earlier, submitted('b9', { stocktake: 's9' }));
  const line = { item: 'TEA', bin: 'A-1', counted: '7', bookThen: '10', variance: '-3', anchor, countedAt };
  chains.say(BEN, earlier, { kind: 'lines_posted', batch: 'b9', lines: [line] });
  unwrap(await page.ledger.takeChains(unwrap(await page.host.whoIsHere({})).journal));
  const plan = async (of: string, setFigures = false) => unwrap(await sending.plan(connection, of, { setFigures }));
  return { shop, batch, plan };
}

describe('an earlier count of a shelf, heard of late', () => {
  test('O779 what a later count has sent already is not sent once more: a person is asked', async () => {
    const { plan } = await heardLate('arrived');
    const { lines, stopped, questions } = await plan('b9');
    expect([lines, stopped]).toMatchObject([[], [{ item: 'TEA', code: 'base_unknown' }]]);
    // What the remote holds is our book: there is nothing to set.
    expect(questions).toMatchObject([{ theirs: '9', ours: '9' }]);
    const set = await plan('b9', true);
    expect([set.lines, set.stopped]).toEqual([[], []]);
  });

  test('O779 it waits while a later count is on its way, and is asked about once that has arrived', async () => {
    const { shop, plan } = await heardLate('on its way');
    expect(await plan('b9')).toMatchObject({ lines: [], stopped: [{ code: 'waiting_there' }] });
    await shop.settle();
    expect(await plan('b9')).toMatchObject({ lines: [], stopped: [{ code: 'base_unknown' }] });
  });

  test('O779 before anything was sent, both go, and the remote ends at the later count', async () => {
    const { shop, batch, plan } = await heardLate('not');
    expect((await plan('b9')).lines).toMatchObject([{ change: 'adjust', quantity: '-3' }]);
    expect((await plan(batch)).lines).toMatchObject([{ change: 'adjust', quantity: '2', beside: '3' }]);
    unwrap(await shop.sending.send(shop.connection, batch));
    await shop.settle();
    expect((await plan('b9')).lines).toMatchObject([{ change: 'adjust', quantity: '-3' }]);
  });
});
