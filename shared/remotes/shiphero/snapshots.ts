import { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { change, read, type ShipheroAccount } from './call.ts';
import { SNAPSHOT_ABORT, SNAPSHOT_ONE, SNAPSHOT_START, SNAPSHOTS } from './documents.ts';
import { failureOf, outcomeOf } from '../http/outcome.ts';
import {
  pageOf,
  snapshotAbortAnswer,
  snapshotAnswer,
  snapshotsAnswer,
  snapshotStartAnswer,
  type ShipheroSnapshot,
} from './schemas.ts';

/** How long the file of a snapshot is kept; its own expiry may be missing (contracts: ShipHero 2.4). */
const FILE_LIFE_MS = 24 * 3_600_000;

/** Where the vendor was seen to keep the files of snapshots: the one origin that is asked beside the API. */
export const SNAPSHOT_ORIGIN = 'https://shiphero-uploads.s3.amazonaws.com';

export type SnapshotFigure = {
  readonly sku: string;
  readonly warehouse: string;
  readonly location: string;
  readonly quantity: number;
};

/** Has everything of a warehouse written to a file. A filter is a must: a whole account may be too much. */
export async function generateSnapshot(
  account: ShipheroAccount,
  wanted: { warehouse: string; updatedFrom?: string; hasInventory?: boolean },
): Promise<Result<ShipheroSnapshot, RemoteError>> {
  const data = {
    warehouse_id: wanted.warehouse,
    customer_account_id: account.customer,
    updated_from: wanted.updatedFrom,
    has_inventory: wanted.hasInventory,
  };
  const answer = await change(account, SNAPSHOT_START, data, snapshotStartAnswer);
  return answer.ok ? ok(answer.value.inventory_generate_snapshot.snapshot) : answer;
}

/** Stops a snapshot that is being made. */
export async function abortSnapshot(
  account: ShipheroAccount,
  id: string,
): Promise<Result<ShipheroSnapshot, RemoteError>> {
  const answer = await change(
    account,
    SNAPSHOT_ABORT,
    { snapshot_id: id, reason: 'Stopped in Tallybook' },
    snapshotAbortAnswer,
  );
  return answer.ok ? ok(answer.value.inventory_abort_snapshot.snapshot) : answer;
}

/** One snapshot, as far as it is. Any status but "success" means: not ready. */
export async function readSnapshot(
  account: ShipheroAccount,
  id: string,
): Promise<Result<ShipheroSnapshot, RemoteError>> {
  const answer = await read(account, SNAPSHOT_ONE, { id }, snapshotAnswer);
  return answer.ok ? ok(answer.value.inventory_snapshot.snapshot) : answer;
}

/** One page of the snapshots of a warehouse, or of all. */
export async function listSnapshots(
  account: ShipheroAccount,
  query: { warehouse?: string; status?: string; after?: string },
): Promise<Result<{ snapshots: readonly ShipheroSnapshot[]; next?: string }, RemoteError>> {
  const answer = await read(account, SNAPSHOTS, { first: 20, customer: account.customer, ...query }, snapshotsAnswer);
  if (!answer.ok) return answer;
  const { rows, next } = pageOf(answer.value.inventory_snapshots.snapshots);
  return ok({ snapshots: rows, ...(next === undefined ? {} : { next }) });
}

/**
 * The figures of a finished snapshot. Its address opens it to anyone, so no token goes with the question, and only the
 * vendor's own places are asked.
 */
export async function downloadSnapshot(
  account: ShipheroAccount,
  snapshot: ShipheroSnapshot,
): Promise<Result<readonly SnapshotFigure[], RemoteError>> {
  const url = snapshot.snapshot_url ?? '';
  if (snapshot.status !== 'success' || url === '')
    return err({ code: 'unavailable', detail: 'the snapshot is not ready' });
  if (account.now() > Date.parse(snapshot.created_at ?? '') + FILE_LIFE_MS)
    return err({ code: 'cursor_expired', detail: 'the file of the snapshot is gone after a day' });
  const allowed = [SNAPSHOT_ORIGIN, account.baseUrl].some((origin) => url.startsWith(`${origin}/`));
  if (!allowed) return err({ code: 'bad_answer', detail: 'the file of the snapshot lies at an unknown place' });
  const answer = await account.http({ method: 'GET', url, headers: { accept: 'application/json' } });
  if (!answer.ok) return err(failureOf(answer.error, 'read'));
  const problem = outcomeOf({ ...answer.value, effect: 'read', detail: `HTTP ${answer.value.status}`, refs: [] });
  if (problem) return err({ code: 'unavailable', detail: `the file: ${problem.detail}` });
  const figures = readFigures(answer.value.body);
  return figures === null
    ? err({ code: 'bad_answer', detail: 'the file of the snapshot cannot be read' })
    : ok(figures);
}

const record = z.record(z.string(), z.unknown());
const rowSchema = z.looseObject({ quantity: z.number().int() });

/**
 * Reads a snapshot's file: products, in them warehouses, in them bins, each a list or a map by its id. The exact shape is
 * not known (contracts: ShipHero 2.4), so members are looked for by every name that was heard of; null: nothing fits, which is not the same as no stock.
 */
export function readFigures(text: string): readonly SnapshotFigure[] | null {
  const root = record.safeParse(parseJson(text));
  if (!root.success) return null;
  const figures: SnapshotFigure[] = [];
  const products = entriesOf(root.data['products'] ?? root.data['data'] ?? root.data);
  let isUnderstood = products.length === 0;
  for (const [skuKey, product] of products) {
    const sku = textOf(product['sku']) ?? skuKey;
    const warehouses = product['warehouse_products'] ?? product['warehouses'];
    for (const [warehouseKey, held] of entriesOf(warehouses)) {
      const warehouse = textOf(held['warehouse_id']) ?? warehouseKey;
      const bins = held['item_bins'] ?? held['bins'] ?? held['locations'];
      isUnderstood ||= typeof bins === 'object';
      for (const [binKey, bin] of entriesOf(bins)) {
        const row = rowSchema.safeParse(bin);
        if (!row.success) return null;
        const location = textOf(bin['location_id']) ?? textOf(bin['bin_id']) ?? textOf(bin['id']) ?? binKey;
        figures.push({ sku, warehouse, location, quantity: row.data.quantity });
      }
    }
  }
  return isUnderstood ? figures : null;
}

/** Members of a map, or of a list under their place in it. */
function entriesOf(value: unknown): [string, Readonly<Record<string, unknown>>][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]): [string, Readonly<Record<string, unknown>>][] => {
    const parsed = record.safeParse(member);
    return parsed.success ? [[key, parsed.data]] : [];
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
