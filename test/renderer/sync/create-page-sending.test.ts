import { describe, expect, test } from 'vitest';
import type { Sending } from '../../../renderer/sync/sending.ts';
import { createPageSending } from '../../../renderer/sync/create-page-sending.ts';
import { square } from '../../../shared/remotes/square/square.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import type { Host } from '../../../shared/ports/host.ts';
import type { Sandbox } from '../../sandbox/chassis/sandbox.ts';
import { sandboxHttpClient } from '../../sandbox/chassis/http-client.ts';
import { does } from '../../electron/host/bench.ts';
import { createSquareSandbox, type SquareControl } from '../../sandbox/square/square-sandbox.ts';
import { worldSchema } from '../../sandbox/square/world.ts';
import { code, newLaptop, scan, startPage, unwrap, type Page } from '../ledger/page.ts';

type Shop = {
  page: Page;
  engine: Sandbox<SquareControl>;
  sending: Sending;
  connection: string;
  alarms: { ms: number; run(): void }[];
  pass(ms: number): void;
};

/** A laptop connected with a Square of two items, whose books say the same as ours: ten TEA and four OIL in two bins. */
async function openShop(between: { host?: (host: Host) => Host } = {}): Promise<Shop> {
  const laptop = await newLaptop();
  const engine = createSquareSandbox(
    worldSchema.parse({
      clock: new Date(laptop.clock.wall).toISOString(),
      square: {
        locations: [{ id: 'L1', name: 'Main' }],
        variations: [
          { id: 'V1', item: 'Tea', sku: 'TEA', stock: { L1: '10' } },
          { id: 'V2', item: 'Oil', sku: 'OIL', stock: { L1: '4' } },
        ],
        behaviour: { pageRows: 1 },
      },
    }),
    () => 0,
  );
  const page = await startPage(laptop, {
    setting: { connectors: [square], openHttp: () => sandboxHttpClient(engine) },
  });
  await page.enter('admin');
  const items = ['TEA', 'OIL'].map((sku) => ({
    sku,
    name: sku,
    barcodes: [],
    unit: 'each',
    precision: 0,
    tracking: 'none',
  }));
  const bins = ['A-1', 'A-2'].map((label, walk) => ({ code: label, label, site: 'Main', zone: 'A', walk }));
  for (const [what, rows] of [
    ['items', items],
    ['bins', bins],
  ] as const) {
    const { file } = await does(page.running, 'beginCatalogueFile', { what });
    await does(page.running, 'appendCatalogueRows', {
      file,
      lines: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      rows: rows.length,
    });
    const { sha256 } = await does(page.running, 'sealCatalogueFile', { file });
    unwrap(
      await page.ledger.appendFacts([{ kind: 'catalogue_imported', what, sha256, rows: rows.length, source: 'test' }]),
    );
  }
  await page.ledger.reloadCatalogue();
  unwrap(
    await page.ledger.appendFacts([
      { kind: 'stock_changed', item: 'TEA', bin: 'A-1', quantity: '10', reason: 'opening' },
      { kind: 'stock_changed', item: 'OIL', bin: 'A-1', quantity: '3', reason: 'opening' },
      { kind: 'stock_changed', item: 'OIL', bin: 'A-2', quantity: '1', reason: 'opening' },
    ]),
  );
  const form = {
    remote: 'square',
    name: 'Shop',
    settings: { baseUrl: 'https://square.example' },
    secrets: { accessToken: 'sandbox-token' },
  };
  const saved = await does(page.running, 'saveConnection', form);
  unwrap(await page.ledger.takeIn(saved.entries));
  const alarms: Shop['alarms'] = [];
  const sending = createPageSending({
    host: between.host?.(page.running.host) ?? page.running.host,
    ledger: page.ledger,
    connectors: await does(page.running, 'connectors', {}),
    now: () => new Date(page.clock.wall).toISOString(),
    after(ms, run) {
      const alarm = { ms, run };
      alarms.push(alarm);
      return () => alarms.splice(alarms.indexOf(alarm), 1);
    },
  });
  const pass = (ms: number) => {
    page.clock.pass(ms);
    engine.control.advance(ms);
  };
  return { page, engine, sending, connection: saved.connection, alarms, pass };
}

/** Counts nine TEA and four OIL (three where three are), and posts them. */
async function postedBatch({ page, pass }: Shop): Promise<string> {
  await page.enter('lead');
  const { stocktake } = unwrap(
    await page.ledger.createStocktake({ name: 'Autumn', blind: true, bins: ['A-1', 'A-2'] }),
  );
  const place = { stocktake, pass: 1, bin: 'A-1' };
  unwrap(await page.ledger.recordCount(place, scan('TEA', 900_000n)));
  unwrap(await page.ledger.recordCount(place, scan('OIL', 300_000n)));
  unwrap(await page.ledger.finishBin(place));
  const { batch } = unwrap(await page.ledger.submit(stocktake, 1));
  pass(60_000);
  await page.enter('approver');
  unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'approve'));
  unwrap(await page.ledger.post(batch));
  return batch;
}

const drifts = ({ sending, connection }: Shop) =>
  Object.fromEntries(sending.drift(connection).map((row) => [row.item, [row.ours, row.theirs, row.state]]));

const sent = ({ engine }: Shop) =>
  engine.control.log().filter((request) => request.path.includes('batch-create')).length;

describe('sending', () => {
  test('O90 matched, planned, frozen, sent and pulled: ours and theirs end up equal', async () => {
    const shop = await openShop();
    const { sending, connection, engine, page } = shop;
    expect(unwrap(await sending.matchItems(connection))).toEqual({
      matched: 2,
      unmatched: [],
      sites: 1,
      bins: 0,
    });
    expect(sending.mapping(connection).items.size).toBe(2);
    const batch = await postedBatch(shop);
    expect(drifts(shop)['TEA']?.[2]).toBe('waiting');

    const plan = unwrap(await sending.plan(connection, batch));
    expect(plan.summary).toMatchObject({ counts: 1, verified: 1, adjustments: 0, requests: 1, stopped: [] });
    expect(engine.control.quantity('V1', 'L1')).toBe('10');
    expect(unwrap(await sending.send(connection, batch))).toEqual({ requests: 1, files: [] });
    await sending.flush();
    while (sending.busy()) await new Promise((resolve) => setImmediate(resolve));
    expect(sending.outbox().map((request) => request.state)).toEqual(['confirmed']);
    expect(engine.control.quantity('V1', 'L1')).toBe('9');
    expect(page.ledger.status().waitingToSend).toBe(0);

    shop.pass(60_000);
    expect(unwrap(await sending.pull(connection))).toMatchObject({ figures: 2 });
    expect(drifts(shop)).toEqual({ TEA: ['9', '9', 'reconciled'], OIL: ['4', '4', 'reconciled'] });
    engine.control.sale({ variation: 'V2', location: 'L1', quantity: '1' });
    shop.pass(60_000);
    unwrap(await sending.pull(connection));
    expect(drifts(shop)['OIL']).toEqual(['4', '3', 'differs']);
  });

  test('O91 pressed twice, a batch is frozen once', async () => {
    const shop = await openShop();
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postedBatch(shop);
    await Promise.all([shop.sending.send(shop.connection, batch), shop.sending.send(shop.connection, batch)]);
    await shop.sending.flush();
    while (shop.sending.busy()) await new Promise((resolve) => setImmediate(resolve));
    expect(shop.sending.outbox().length).toBe(1);
    expect(sent(shop)).toBe(1);
  });

  test('O770 what is frozen is the plan that was shown; where it would be another, nothing is, and the new one comes back', async () => {
    const shop = await openShop();
    const { sending, connection } = shop;
    unwrap(await sending.matchItems(connection));
    const batch = await postedBatch(shop);
    const shown = unwrap(await sending.plan(connection, batch));
    unwrap(await sending.saveMapping(connection, { items: [{ item: 'TEA', remoteItem: 'V2', precision: 0 }] }));
    const refused = await sending.send(connection, batch, { shown });
    if (refused.ok || refused.error.code !== 'plan_changed') throw new Error('frozen, or refused for another reason');
    expect(refused.error.differences.map(({ item }) => item)).toContain('TEA');
    expect([sending.outbox(), sent(shop)]).toEqual([[], 0]);

    unwrap(await sending.saveMapping(connection, { items: [{ item: 'TEA', remoteItem: 'V1', precision: 0 }] }));
    const again = unwrap(await sending.plan(connection, batch));
    shop.engine.control.sale({ variation: 'V2', location: 'L1', quantity: '1' });
    shop.pass(1000);
    unwrap(await sending.send(connection, batch, { shown: again }));
    await sending.flush();
    while (sending.busy()) await new Promise((resolve) => setImmediate(resolve));
    const { entries } = await does(shop.page.running, 'readJournal', { fromSeq: 1, limit: 1000 });
    const frozen = entries.flatMap(({ fact }) =>
      fact.kind === 'send_frozen' ? fact.requests.flatMap(({ lines }) => lines) : [],
    );
    expect(frozen.map(({ ref, quantity }) => [ref, quantity])).toEqual(
      again.lines.map(({ ref, quantity }) => [ref, quantity]),
    );
  });

  test.each(['same', 'circle'])(
    'R770 a remote whose lists never end (%s) is refused with a code, in every reading of the page',
    async (kind) => {
      let asked = 0;
      const next = () => (kind === 'same' ? 'again' : String((asked += 1) % 3));
      const real = await openShop();
      unwrap(await real.sending.matchItems(real.connection));
      const { host } = real.page.running;
      const readOn = async (page: ReturnType<Host['pullCounts']>) => {
        const answer = await page;
        return answer.ok ? ok({ ...answer.value, cursor: next() }) : answer;
      };
      const endless = createPageSending({
        host: {
          ...host,
          pullCounts: ({ connection }) => readOn(host.pullCounts({ connection, items: ['V1'] })),
          pullMovements: async () => ok({ entries: [], cursor: next() }),
          remoteItems: async () => ok({ items: [], cursor: next() }),
          remoteLocations: async () => ok({ locations: [], cursor: next() }),
        },
        ledger: real.page.ledger,
        connectors: await does(real.page.running, 'connectors', {}),
        now: () => new Date(real.page.clock.wall).toISOString(),
        after: () => () => undefined,
      });
      real.pass(60_000);
      for (const read of [endless.pull, endless.readRemote])
        expect(await read(real.connection)).toMatchObject({
          error: { code: 'remote_failed', problem: 'endless_list' },
        });
    },
  );

  test('O92 an answer that never comes is waited for, read back, and nothing is sent twice', async () => {
    const shop = await openShop();
    unwrap(await shop.sending.matchItems(shop.connection));
    const batch = await postedBatch(shop);
    shop.engine.control.fault({ kind: 'applyThenDrop' });
    unwrap(await shop.sending.send(shop.connection, batch));
    for (let turn = 0; turn < 50 && shop.sending.outbox()[0]?.state !== 'confirmed'; turn += 1) {
      while (shop.sending.busy()) await new Promise((resolve) => setImmediate(resolve));
      const alarm = shop.alarms.shift();
      if (!alarm) continue;
      expect(shop.sending.outbox()[0]?.state).toBe('unknown');
      shop.pass(alarm.ms + 1);
      alarm.run();
    }
    expect(shop.sending.outbox()[0]?.state).toBe('confirmed');
    expect(sent(shop)).toBe(1);
    expect(shop.engine.control.quantity('V1', 'L1')).toBe('9');
  });

  test('O170 a reading that a remote puts off goes on with the same page after the time it names, and loses nothing', async () => {
    const shop = await openShop();
    const { sending, connection, engine } = shop;
    unwrap(await sending.matchItems(connection));
    const someTurns = async () => {
      for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const whileWaiting = async <Value>(work: Promise<Value>): Promise<Value> => {
      const done = work.then((value) => ({ value }));
      for (;;) {
        const ended = await Promise.race([done, someTurns()]);
        if (ended !== undefined) return ended.value;
        const alarm = shop.alarms.shift();
        if (alarm === undefined) continue;
        shop.pass(alarm.ms);
        alarm.run();
      }
    };
    const before = engine.control.log().length;
    engine.control.fault({ kind: 'status', status: 429, times: 2, retryAfterSeconds: 20 });
    expect(unwrap(await whileWaiting(sending.pull(connection))).figures).toBe(2);
    const asked = engine.control.log().slice(before);
    const answered = asked.filter(({ status }) => status === 200).map(({ body }) => JSON.stringify(body));
    expect(asked.filter(({ status }) => status === 429)).toHaveLength(2);
    expect(new Set(answered).size).toBe(answered.length);
    engine.control.fault({ kind: 'status', status: 429, times: 1, retryAfterSeconds: 20 });
    expect(unwrap(await whileWaiting(sending.readRemote(connection))).items).toHaveLength(2);
    engine.control.fault({ kind: 'status', status: 429, times: 1, retryAfterSeconds: 600 });
    expect(await sending.pull(connection)).toMatchObject({ error: { problem: 'rate_limited', retryAfterMs: 600_000 } });
  });

  test('O156 a page that was loaded anew while the host was sending learns how it ended, and goes on', async () => {
    let letGo = () => undefined as void;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const done: Promise<unknown>[] = [];
    const host = (real: Host): Host => ({
      ...real,
      pushRequest(input) {
        done.push(gate.then(() => real.pushRequest(input)));
        return new Promise(() => undefined);
      },
    });
    const shop = await openShop({ host });
    const { page, connection } = shop;
    unwrap(await shop.sending.matchItems(connection));
    const batch = await postedBatch(shop);
    unwrap(await shop.sending.send(connection, batch));
    while (done.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const anew = createPageSending({
      host: page.running.host,
      ledger: page.ledger,
      connectors: await does(page.running, 'connectors', {}),
      now: () => new Date(page.clock.wall).toISOString(),
      after: () => () => undefined,
    });
    letGo();
    await Promise.all(done);
    expect(anew.outbox().map((request) => request.state)).toEqual(['queued']);
    await anew.flush();
    expect(anew.outbox().map((request) => request.state)).toEqual(['confirmed']);
    expect(sent(shop)).toBe(1);
  });

  test('O93 a cursor that died half way starts the pull again, once', async () => {
    let dying = 1;
    const asked: (string | undefined)[] = [];
    const host = (real: Host): Host => ({
      ...real,
      async pullCounts(input) {
        asked.push(input.cursor);
        if (input.cursor === undefined || dying === 0) return real.pullCounts(input);
        dying -= 1;
        return err({ code: 'remote_failed', remote: 'Shop', problem: 'cursor_expired', detail: '' });
      },
    });
    const shop = await openShop({ host });
    unwrap(await shop.sending.matchItems(shop.connection));
    expect(code(await shop.sending.pull(shop.connection))).toBe('ok');
    expect(asked.filter((cursor) => cursor === undefined).length).toBe(2);
    expect(shop.sending.drift(shop.connection).map((row) => row.state)).toEqual(['reconciled', 'reconciled']);
    dying = 2;
    expect(code(await shop.sending.pull(shop.connection))).toBe('remote_failed');
  });

  test('O94 without a connection there is nothing to plan, to send or to compare', async () => {
    const shop = await openShop();
    expect(code(await shop.sending.plan('x', 'b'))).toBe('not_found');
    expect(code(await shop.sending.send('x', 'b'))).toBe('not_found');
    expect(shop.sending.drift('x')).toEqual([]);
    expect(shop.sending.connections().map(({ name, remote }) => [name, remote])).toEqual([['Shop', 'square']]);
  });

  test('O95 a movement between two counts of an item at a site is known to the plan', async () => {
    const shop = await openShop();
    const { page, pass, sending, connection } = shop;
    unwrap(await sending.matchItems(connection));
    await page.enter('lead');
    const { stocktake } = unwrap(
      await page.ledger.createStocktake({ name: 'Autumn', blind: true, bins: ['A-1', 'A-2'] }),
    );
    const place = { stocktake, pass: 1, bin: 'A-1' };
    unwrap(await page.ledger.recordCount(place, scan('OIL', 200_000n)));
    pass(60_000);
    unwrap(await page.ledger.moveStock({ item: 'OIL', from: 'A-1', to: 'A-2', quantity: 100_000n }));
    pass(60_000);
    unwrap(await page.ledger.recordCount({ ...place, bin: 'A-2' }, scan('OIL', 200_000n)));
    for (const bin of ['A-1', 'A-2']) unwrap(await page.ledger.finishBin({ ...place, bin }));
    const { batch } = unwrap(await page.ledger.submit(stocktake, 1));
    await page.enter('approver');
    unwrap(await page.ledger.decide(batch, unwrap(page.ledger.review(batch)).lines, 'approve'));
    unwrap(await page.ledger.post(batch));
    const plan = unwrap(await sending.plan(connection, batch));
    expect(plan.summary.rows).toMatchObject([{ item: 'OIL', change: 'adjust', reason: 'moved_while_counted' }]);
  });
});
