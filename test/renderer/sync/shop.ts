import { createPageSending } from '../../../renderer/sync/create-page-sending.ts';
import type { Sending } from '../../../renderer/sync/sending.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import type { Host } from '../../../shared/ports/host.ts';
import type { RemoteConnector } from '../../../shared/ports/remote-inventory.ts';
import { sandboxHttpClient } from '../../sandbox/chassis/http-client.ts';
import type { Sandbox } from '../../sandbox/chassis/sandbox.ts';
import { does } from '../../electron/host/bench.ts';
import { newLaptop, scan, startPage, unwrap, type Between, type Page } from '../ledger/page.ts';

/** A laptop with a page, a host, and one connection to a sandbox, all on one clock. */
export type Shop<Control> = {
  readonly page: Page;
  readonly sandbox: Sandbox<Control>;
  readonly sending: Sending;
  readonly connection: string;
  readonly alarms: { ms: number; run(): void }[];
  pass(ms: number): void;
  /** Runs the loop until nothing is due any more, letting time pass to each alarm. */
  settle(): Promise<void>;
};

export type ShopPlan<Control> = {
  readonly connector: RemoteConnector;
  readonly sandbox: (clock: string) => Sandbox<Control>;
  readonly settings: Record<string, string>;
  readonly secrets: Record<string, string>;
  readonly skus: readonly string[];
  readonly bins?: readonly string[];
  /** Opening stock: item, bin, quantity. */
  readonly opening: readonly (readonly [string, string, string])[];
  readonly host?: (host: Host) => Host;
  /** What stands between the page and its host. */
  readonly between?: Between;
  /** By how much the laptop's clock shows more than the remote's, ms. */
  readonly aheadMs?: number;
};

/** Opens it: items and bins imported, stock opened, the connection saved. The admin is signed in. */
export async function openShop<Control>(plan: ShopPlan<Control>): Promise<Shop<Control>> {
  const laptop = await newLaptop();
  const sandbox = plan.sandbox(new Date(laptop.clock.wall - (plan.aheadMs ?? 0)).toISOString());
  const setting = { connectors: [plan.connector], openHttp: () => sandboxHttpClient(sandbox) };
  const page = await startPage(laptop, { ...plan.between, setting });
  await page.enter('admin');
  const plain = { barcodes: [], unit: 'each', precision: 0, tracking: 'none' };
  await importFile(
    page,
    'items',
    plan.skus.map((sku) => ({ sku, name: sku, ...plain })),
  );
  await importFile(
    page,
    'bins',
    (plan.bins ?? ['A-1', 'A-2']).map((label, walk) => ({ code: label, label, site: 'Main', zone: 'A', walk })),
  );
  await page.ledger.reloadCatalogue();
  const opening = plan.opening.map(([item, bin, quantity]): Fact => ({
    kind: 'stock_changed',
    item,
    bin,
    quantity,
    reason: 'opening',
  }));
  unwrap(await page.ledger.appendFacts(opening));
  const { settings, secrets } = plan;
  const saved = await does(page.running, 'saveConnection', {
    remote: plan.connector.id,
    name: 'Shop',
    settings,
    secrets,
  });
  unwrap(await page.ledger.takeIn(saved.entries));
  const alarms: Shop<Control>['alarms'] = [];
  const sending = createPageSending({
    host: plan.host?.(page.running.host) ?? page.running.host,
    ledger: page.ledger,
    connectors: await does(page.running, 'connectors', {}),
    now: () => new Date(page.clock.wall).toISOString(),
    after(ms, run) {
      const alarm = { ms, run };
      alarms.push(alarm);
      return () => {
        const at = alarms.indexOf(alarm);
        if (at >= 0) alarms.splice(at, 1);
      };
    },
  });
  const pass = (ms: number) => {
    page.clock.pass(ms);
    sandbox.control.advance(ms);
  };
  return {
    page,
    sandbox,
    sending,
    connection: saved.connection,
    alarms,
    pass,
    async settle() {
      await sending.flush();
      for (let turn = 0; turn < 500; turn += 1) {
        while (sending.busy()) await new Promise((resolve) => setImmediate(resolve));
        const alarm = alarms.shift();
        if (alarm === undefined) return;
        pass(alarm.ms + 1);
        alarm.run();
      }
    },
  };
}

async function importFile(page: Page, what: 'items' | 'bins', rows: readonly object[]): Promise<void> {
  const { file } = await does(page.running, 'beginCatalogueFile', { what });
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await does(page.running, 'appendCatalogueRows', { file, lines, rows: rows.length });
  const { sha256 } = await does(page.running, 'sealCatalogueFile', { file });
  unwrap(
    await page.ledger.appendFacts([{ kind: 'catalogue_imported', what, sha256, rows: rows.length, source: 'test' }]),
  );
}

/** Counts these, bin by bin, and submits them: the batch and its lines. Ends with the approver signed in. */
export async function submitCounts(
  { page, pass }: Pick<Shop<unknown>, 'page' | 'pass'>,
  counts: readonly (readonly [string, string, number])[],
) {
  await page.enter('lead');
  const bins = [...new Set(counts.map(([, bin]) => bin))];
  const { stocktake } = unwrap(await page.ledger.createStocktake({ name: 'Autumn', blind: true, bins }));
  for (const bin of bins) {
    const place = { stocktake, pass: 1, bin };
    for (const [item, where, counted] of counts)
      if (where === bin) unwrap(await page.ledger.recordCount(place, scan(item, BigInt(counted) * 100_000n)));
    unwrap(await page.ledger.finishBin(place));
  }
  const { batch } = unwrap(await page.ledger.submit(stocktake, 1));
  pass(60_000);
  await page.enter('approver');
  return [batch, unwrap(page.ledger.review(batch)).lines] as const;
}

/** Counts these, bin by bin, and posts them; reasons are given with the approval. Ends with the approver signed in. */
export async function postCounts(
  { page, pass }: Pick<Shop<unknown>, 'page' | 'pass'>,
  counts: readonly (readonly [string, string, number])[],
  reason?: string,
): Promise<string> {
  const [batch, lines] = await submitCounts({ page, pass }, counts);
  unwrap(await page.ledger.decide(batch, lines, 'approve', reason));
  unwrap(await page.ledger.post(batch));
  return batch;
}

/** Our book, the remote's figure and what is to be said of them, by item and place. */
export function drifts({ sending, connection }: Pick<Shop<unknown>, 'sending' | 'connection'>) {
  return sending.drift(connection).map((row) => [row.item, row.site, row.ours, row.theirs, row.state]);
}
