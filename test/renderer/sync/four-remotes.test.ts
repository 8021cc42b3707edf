import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../renderer/ledger/projection.ts';
import type { Host } from '../../../shared/ports/host.ts';
import { code, expectSame, unwrap } from '../ledger/page.ts';
import { drifts, postCounts, type Shop } from './shop.ts';
import { decoShop, MAIN, openZettle, shipheroShop, squareShop, uuid, zettleShop } from './shops.ts';

type ZettleBehaviour = { atomicRequests: boolean; namesCulprit: 'message' | 'nowhere' };

/** Three products, all tracked, until the last is not any more just before the first attempt. */
async function zettleThatRefuses(behaviour: ZettleBehaviour) {
  const skus = ['CUP', 'TEA', 'WAX'];
  const untracked = uuid('20', 3);
  let untrack = (): void => undefined;
  const shop = await openZettle({
    products: skus.map((sku, at) => ({
      uuid: uuid('20', at + 1),
      name: sku,
      variants: [{ uuid: uuid('30', at + 1), sku, balance: 10 }],
    })),
    behaviour,
    skus,
    opening: skus.map((sku) => [sku, 'A-1', '10'] as const),
    host: (host) => ({
      ...host,
      pushRequest(input) {
        untrack();
        return host.pushRequest(input);
      },
    }),
  });
  untrack = () => shop.sandbox.control.turn({ kind: 'tracking', product: untracked, tracked: false });
  return shop;
}

describe('Square', () => {
  test('O140 a difference is sent or taken as a person decides, each once, and never while it says nothing', async () => {
    const shop = await squareShop();
    const { sending, connection, sandbox, page } = shop;
    unwrap(await sending.matchItems(connection));
    sandbox.control.sale({ variation: 'V1', location: 'L1', quantity: '3' });
    sandbox.control.sale({ variation: 'V2', location: 'L1', quantity: '1' });
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    const [tea, oil] = ['TEA', 'OIL'].map((item) => sending.drift(connection).filter((row) => row.item === item));
    await page.enter('approver');
    const pressed = await Promise.all([
      sending.sendOurs(connection, tea ?? []),
      sending.sendOurs(connection, tea ?? []),
    ]);
    expect(pressed.reduce((sum, one) => sum + unwrap(one).requests, 0)).toBe(1);
    await shop.settle();
    expect(sandbox.control.quantity('V1', 'L1')).toBe('10');
    expect(
      drifts(shop)
        .find(([item]) => item === 'TEA')
        ?.at(-1),
    ).toBe('waiting');
    expect(code(await sending.sendOurs(connection, tea ?? []))).toBe('figures_changed');
    unwrap(
      await sending.takeTheirs(
        connection,
        (oil ?? []).map((row) => ({ row, bin: 'A-1' })),
      ),
    );
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    expect(drifts(shop)).toEqual([
      ['TEA', 'Main', '10', '10', 'reconciled'],
      ['OIL', 'Main', '3', '3', 'reconciled'],
    ]);
  });

  test('O772 a place whose figures tell of a bin that an approver is counting blind is shown without them, until it is handed in', async () => {
    const shop = await squareShop();
    const { sending, connection, page } = shop;
    unwrap(await sending.matchItems(connection));
    unwrap(await sending.pull(connection));
    await page.enter('approver');
    const before = drifts(shop);
    expect(before.map(([item, , ours]) => [item, ours])).toEqual([
      ['TEA', '10'],
      ['OIL', '4'],
    ]);
    const rows = sending.drift(connection).map((row) => ({ row, bin: 'A-1' }));
    await page.enter('lead');
    const { stocktake } = unwrap(await page.ledger.createStocktake({ name: 'Spot', blind: true, bins: ['A-1'] }));
    await page.enter('approver');
    const place = { stocktake, pass: 1, bin: 'A-1' };
    unwrap(await page.ledger.openBin(place));
    expect(drifts(shop)).toEqual([
      ['TEA', 'Main', '0', null, 'hidden'],
      ['OIL', 'Main', '0', null, 'hidden'],
    ]);
    expect(
      sending.drift(connection).every(({ difference, seenAt }) => difference === '0' && seenAt === undefined),
    ).toBe(true);
    expect(code(await sending.takeTheirs(connection, rows))).toBe('figures_changed');
    await page.enter('lead');
    expect(drifts(shop)).toEqual(before);
    await page.enter('approver');
    unwrap(await page.ledger.skipBin(place, 'blocked'));
    unwrap(await page.ledger.submit(stocktake, 1));
    expect(drifts(shop)).toEqual(before);
  });

  test('O175 a correction that the host has sealed is in the book, though what was said after it is heard of first', async () => {
    let letGo = () => undefined as void;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    let tell = () => undefined as void;
    const sealed = new Promise<void>((resolve) => (tell = resolve));
    const host = (real: Host) => ({
      ...real,
      async decideDrift(input: Parameters<Host['decideDrift']>[0]) {
        const answer = await real.decideDrift(input);
        tell();
        await gate;
        return answer;
      },
    });
    const shop = await squareShop({ host });
    const { sending, connection, sandbox, page } = shop;
    unwrap(await sending.matchItems(connection));
    sandbox.control.sale({ variation: 'V1', location: 'L1', quantity: '3' });
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    await page.enter('approver');
    const rows = sending.drift(connection).filter((row) => row.item === 'TEA');
    const taken = sending.takeTheirs(
      connection,
      rows.map((row) => ({ row, bin: 'A-1' })),
    );
    await sealed;
    const received = { kind: 'stock_changed', item: 'TEA', bin: 'A-1', quantity: '5', reason: 'receipt' } as const;
    unwrap(await page.ledger.appendFacts([received]));
    const held = () => unwrap(page.ledger.bookOf('TEA')).map(({ book }) => book);
    expect(held()).toEqual([1_200_000n]);
    letGo();
    unwrap(await taken);
    expect(held()).toEqual([1_200_000n]);
    expect(page.ledger.state()).toEqual(await rebuild(page.copy));
    await expectSame(page);
  });

  test('O141 a sale that is taken as it happened is in the book of a count made after it, and is taken once', async () => {
    const shop = await squareShop();
    const { sending, connection, sandbox, page } = shop;
    unwrap(await sending.matchItems(connection));
    sandbox.control.sale({ variation: 'V1', location: 'L1', quantity: '2' });
    shop.pass(60_000);
    await page.enter('lead');
    const { stocktake } = unwrap(await page.ledger.createStocktake({ name: 'Spot', blind: true, bins: ['A-1'] }));
    const place = { stocktake, pass: 1, bin: 'A-1' };
    unwrap(await page.ledger.setCount(place, { item: 'TEA', quantity: 800_000n, entered: '8' }));
    unwrap(await page.ledger.finishBin(place));
    const { batch } = unwrap(await page.ledger.submit(stocktake, 1));
    const variance = () => unwrap(page.ledger.review(batch)).lines.map((line) => line.variance);
    expect(variance()).toEqual([-200_000n]);
    shop.pass(60_000);
    expect(unwrap(await sending.pull(connection)).movements).toBe(1);
    const rows = sending.movements(connection);
    expect(rows).toMatchObject([{ item: 'TEA', quantity: '-2', bins: ['A-1'], taken: false }]);
    await page.enter('lead');
    const take = () =>
      sending.takeMovements(
        connection,
        rows.map((row) => ({ row, bin: 'A-1' })),
      );
    const taken = await Promise.all([take(), take()]);
    expect(taken.reduce((sum, one) => sum + unwrap(one).taken, 0)).toBe(1);
    expect(variance()).toEqual([0n]);
    expect(sending.movements(connection).map((row) => row.taken)).toEqual([true]);
    expect(unwrap(await take()).taken).toBe(0);
  });

  test('O142 the preview says what others changed since, on figures read just now; without the network on the last ones', async () => {
    const shop = await squareShop();
    const { sending, connection, sandbox } = shop;
    unwrap(await sending.matchItems(connection));
    // A change has arrived there: what others do since is theirs, and the base is known.
    unwrap(await sending.send(connection, await postCounts(shop, [['TEA', 'A-1', 10]])));
    await shop.settle();
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    sandbox.control.sale({ variation: 'V1', location: 'L1', quantity: '4' });
    shop.pass(1000);
    const plan = unwrap(await sending.plan(connection, batch));
    expect(plan).toMatchObject({ fresh: true, summary: { rows: [{ theirs: '6', drift: '-4' }] } });
    sandbox.control.sale({ variation: 'V1', location: 'L1', quantity: '1' });
    sandbox.control.fault({ kind: 'drop' });
    const offline = unwrap(await sending.plan(connection, batch));
    expect(offline).toMatchObject({ fresh: false, summary: { rows: [{ theirs: '6' }] } });
  });
});

describe('refused lines', () => {
  test('O157 what the remote refused is planned again when a person asks for it, and only then', async () => {
    const shop = await squareShop({ oil: [['OIL', 'A-1', '4']] });
    const { sending, connection, sandbox, page } = shop;
    unwrap(await sending.matchItems(connection));
    const gone = { item: 'TEA', remoteItem: 'GONE', precision: 0 };
    unwrap(await sending.saveMapping(connection, { items: [gone] }));
    const batch = await postCounts(shop, [
      ['TEA', 'A-1', 9],
      ['OIL', 'A-1', 3],
    ]);
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    expect(sandbox.control.quantity('V2', 'L1')).toBe('3');
    expect(unwrap(await sending.plan(connection, batch)).lines).toEqual([]);
    unwrap(await sending.saveMapping(connection, { items: [{ ...gone, remoteItem: 'V1' }] }));
    expect(unwrap(await sending.plan(connection, batch, { withRejected: true })).lines).toHaveLength(1);
    unwrap(await sending.send(connection, batch, { withRejected: true }));
    await shop.settle();
    expect(sandbox.control.quantity('V1', 'L1')).toBe('9');
    expect(page.ledger.status().waitingToSend).toBe(0);
  });
});

describe('ShipHero', () => {
  test('O143 bins are matched by name and made where there are none; each bin is sent as its own change', async () => {
    const shop = await shipheroShop();
    const { sending, connection, sandbox, page } = shop;
    expect(unwrap(await sending.matchItems(connection))).toMatchObject({ matched: 2, bins: 1, sites: 0 });
    expect(sending.proposeMatches(connection).binsMissing).toEqual(['A-2']);
    const site = unwrap(await sending.readRemote(connection)).locations[0]?.site ?? '';
    expect(unwrap(await sending.createLocations(connection, ['A-2'], site))).toEqual({ created: 1 });
    expect(sending.mapping(connection).bins.size).toBe(2);
    unwrap(await sending.saveMapping(connection, { reasons: [{ reason: 'damaged', word: 'Damaged' }] }));

    const batch = await postCounts(
      shop,
      [
        ['TEA', 'A-1', 8],
        ['TEA', 'A-2', 1],
      ],
      'damaged',
    );
    const plan = unwrap(await sending.plan(connection, batch));
    expect(plan.lines.map((line) => [line.bins, line.quantity, line.reason])).toEqual([
      [['A-1'], '-2', 'Damaged'],
      [['A-2'], '1', 'Damaged'],
    ]);
    sandbox.control.fault({ kind: 'applyThenDrop' });
    expect(unwrap(await sending.send(connection, batch)).requests).toBe(2);
    await shop.settle();
    expect(sandbox.control.quantity('TEA', 'QmluOjE=')).toBe(8);
    expect(sandbox.control.onHand('TEA', MAIN)).toBe(9);
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    expect(drifts(shop).filter(([item]) => item === 'TEA')).toEqual([
      ['TEA', 'A-1', '8', '8', 'reconciled'],
      ['TEA', 'A-2', '1', '1', 'reconciled'],
    ]);
    await page.enter('admin');
  });

  test('O144 a file stands on figures read just now, is given as text, and is stopped or begun by a person', async () => {
    const shop = await shipheroShop();
    const { sending, connection } = shop;
    unwrap(await sending.matchItems(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 8]]);
    const { files } = unwrap(await sending.send(connection, batch, { delivery: 'file' }));
    expect(files).toHaveLength(1);
    expect(files[0]?.text).toContain('TEA,8,replace');
    await shop.settle();
    expect(sending.outbox().map((one) => one.state)).toEqual(['queued']);
    unwrap(await sending.abortFile(connection, files[0]?.request ?? ''));
    expect(sending.outbox().map((one) => [one.state, one.resendRefs.length])).toEqual([['split', 1]]);
    expect(unwrap(await sending.send(connection, batch)).requests).toBe(1);
    await shop.settle();
    expect(shop.sandbox.control.quantity('TEA', 'QmluOjE=')).toBe(8);
  });
});

describe('Zettle', () => {
  test('O145 what is not tracked is stopped; started, its first figure is answered with the count, later with variances', async () => {
    const shop = await zettleShop();
    const { sending, connection, page } = shop;
    expect(unwrap(await sending.matchItems(connection))).toMatchObject({ matched: 2, sites: 1 });
    unwrap(await sending.pull(connection));
    const batch = await postCounts(shop, [
      ['TEA', 'A-1', 9],
      ['WAX', 'A-1', 4],
    ]);
    const stopped = unwrap(await sending.plan(connection, batch)).stopped;
    expect(stopped.map((line) => [line.item, line.code])).toEqual([['WAX', 'not_tracked']]);
    const { items, sites } = sending.mapping(connection);
    const wax = items.get('WAX')?.remoteItem ?? '';
    unwrap(await sending.startTracking(connection, [wax], sites.get('Main') ?? ''));
    const plan = unwrap(await sending.plan(connection, batch));
    expect(plan.lines.map((line) => [line.item, line.quantity, line.from])).toEqual([
      ['TEA', '-1', undefined],
      ['WAX', '-3', '7'],
    ]);
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    expect(drifts(shop)).toEqual([
      ['TEA', 'Main', '9', '9', 'reconciled'],
      ['WAX', 'Main', '4', '4', 'reconciled'],
    ]);
    await page.enter('admin');
  });

  test('O167 what a refusal left done is not done twice, whether it takes all or nothing or a part', async () => {
    for (const atomicRequests of [true, false])
      for (const namesCulprit of ['message', 'nowhere'] as const) {
        const shop = await zettleThatRefuses({ atomicRequests, namesCulprit });
        const { sending, connection, sandbox } = shop;
        unwrap(await sending.matchItems(connection));
        const batch = await postCounts(shop, [
          ['CUP', 'A-1', 9],
          ['TEA', 'A-1', 8],
          ['WAX', 'A-1', 7],
        ]);
        unwrap(await sending.send(connection, batch));
        await shop.settle();
        expect([1, 2, 3].map((at) => sandbox.control.quantity(uuid('30', at)))).toEqual(['9', '8', '10']);
        const refused = sending.outbox().flatMap((one) => one.rejectedRefs);
        const words = sending.outbox().flatMap((one) => [one.detail, ...one.refusals.map(({ detail }) => detail)]);
        expect([refused.length, words.some((text) => text?.includes('PRODUCT_NOT_TRACKED'))]).toEqual([1, true]);
        expect(sending.outbox().flatMap((one) => one.doubtful)).toEqual([]);
      }
  });

  test('O146 figures that fit no outcome wait for a person, whose word ends it', async () => {
    const shop = await zettleShop();
    const { sending, connection, sandbox } = shop;
    unwrap(await sending.matchItems(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    sandbox.control.fault({ kind: 'applyThenDrop' });
    unwrap(await sending.send(connection, batch));
    while (sending.busy()) await new Promise((resolve) => setImmediate(resolve));
    sandbox.control.sale({ variant: uuid('30', 1), quantity: '4' });
    await shop.settle();
    const [request] = sending.outbox();
    expect([request?.state, request?.attempts]).toEqual(['split', 1]);
    const doubtful = request?.doubtful.map((line) => line.ref) ?? [];
    unwrap(await sending.settleDoubt(connection, request?.id ?? '', { arrived: doubtful, missing: [] }));
    await shop.settle();
    expect(sending.outbox()).toHaveLength(1);
    expect(code(await sending.settleDoubt(connection, request?.id ?? '', { arrived: doubtful, missing: [] }))).not.toBe(
      'ok',
    );
  });
});

describe('DecoNetwork', () => {
  test('O147 nothing is ever sent there: its movements are read, and taken into the bin that a person names', async () => {
    const shop = await decoShop();
    const { sending, connection, sandbox, page } = shop;
    expect(unwrap(await sending.matchItems(connection)).matched).toBe(1);
    shop.pass(60_000);
    sandbox.control.sale({ dn_sku_id: '13_691', quantity: '5' });
    shop.pass(60_000);
    expect(unwrap(await sending.pull(connection)).movements).toBe(1);
    const rows = sending.movements(connection);
    expect(rows).toMatchObject([{ item: 'TEA', quantity: '-5', bins: ['A-1', 'A-2'], taken: false }]);
    await page.enter('lead');
    unwrap(
      await sending.takeMovements(
        connection,
        rows.map((row) => ({ row, bin: 'A-1' })),
      ),
    );
    shop.pass(60_000);
    expect(unwrap(await sending.pull(connection)).movements).toBeGreaterThanOrEqual(0);
    expect(drifts(shop).map((row) => row.slice(2))).toEqual([['7', '7', 'reconciled']]);
    const batch = await postCounts(shop, [['TEA', 'A-1', 4]]);
    expect(unwrap(await sending.plan(connection, batch)).stopped.map((line) => line.code)).toEqual(['read_only']);
  });
});

describe('reading before a plan', () => {
  test('O191 what is only shown is read as what has changed; what an amount is worked out from is asked for by name', async () => {
    const asksByName = async (shop: Shop<object>, delivery: 'request' | 'file') => {
      const { sending, connection, sandbox } = shop;
      unwrap(await sending.matchItems(connection));
      unwrap(await sending.pull(connection));
      const batch = await postCounts(shop, [['TEA', 'A-1', 8]]);
      const before = sandbox.control.log().length;
      expect(unwrap(await sending.plan(connection, batch, { delivery })).fresh).toBe(true);
      const asked = sandbox.control.log().slice(before);
      // What of the changed items is reserved is asked beside.
      const named = ({ body }: { body: string }) => body.includes('catalog_object_ids') && body.includes('IN_STOCK');
      return asked.some((request) => named(request) || request.body.includes('"TEA"'));
    };
    expect(await asksByName(await squareShop(), 'request')).toBe(false);
    expect(await asksByName(await shipheroShop(), 'file')).toBe(true);
  });
});
