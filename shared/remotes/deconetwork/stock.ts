import { z } from 'zod';
import type { ObservedCount } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { CountPage, RemoteError, RemoteItem, RemoteLocation } from '../../ports/remote-inventory.ts';
import { NOT_AN_API } from './errors.ts';
import { PAGE_ROWS } from './events.ts';
import { findLevels, type Level, type LevelCondition } from './levels.ts';
import type { DecoSite } from './site.ts';
import { readSpan } from './span.ts';

/**
 * The one place there is: an item has one figure for the whole site. Figures stand here, so that one of our sites can be
 * matched with it; movements say "" for the same, one figure an item.
 */
export const WHOLE_SITE = 'site';

/** One place, which is the site itself. Nothing is asked. */
export function listLocations(site: DecoSite): readonly RemoteLocation[] {
  return [{ id: WHOLE_SITE, name: site.host, active: true }];
}

/** A search without a condition is refused; every inventory record meets this one. */
const ANY: LevelCondition = { field: 'inventory', is: '>=', number: 0 };

const FALLBACK_DAYS = 90;
const FALLBACK_PAGES = 100;

/**
 * One page of the SKUs. Where the sister API is not there, the keys alone, as far as events of the last 90 days name them:
 * one page, without names; at most 100 requests are spent on it.
 */
export async function listItems(
  site: DecoSite,
  cursor: string | undefined,
  now: number,
): Promise<Result<{ items: readonly RemoteItem[]; cursor?: string }, RemoteError>> {
  const page = await readLevels(site, [ANY], cursor);
  if (!page.ok) return page.error === NOT_AN_API && cursor === undefined ? itemsOfEvents(site, now) : page;
  return ok({ ...page.value.next, items: page.value.levels.map(itemOf) });
}

async function itemsOfEvents(
  site: DecoSite,
  now: number,
): Promise<Result<{ items: readonly RemoteItem[] }, RemoteError>> {
  const span = {
    from: new Date(now - FALLBACK_DAYS * 24 * 3_600_000).toISOString(),
    to: new Date(now - 2000).toISOString(),
  };
  const skus = new Set<string>();
  for (let cursor: string | undefined, pages = 0; pages < FALLBACK_PAGES; pages += 1) {
    const run = await readSpan(site, cursor === undefined ? span : { ...span, cursor });
    if (!run.ok) return run;
    for (const { sku } of run.value.events) if (sku !== undefined) skus.add(sku);
    cursor = run.value.cursor;
    if (cursor === undefined) break;
  }
  return ok({ items: [...skus].map((id) => ({ id, name: id, precision: 0 })) });
}

/**
 * Stock by SKU, one page a call; asked for certain items, all of it at once, since the site cannot look them up, and those
 * that it does not name come as null. Where the sister API is not there, `bad_answer`: no figure is worked out of events.
 */
export async function listCounts(
  site: DecoSite,
  query: { locations: readonly string[]; items?: readonly string[]; updatedAfter?: string; cursor?: string },
): Promise<Result<CountPage, RemoteError>> {
  if (!query.locations.includes(WHOLE_SITE)) return ok({ counts: [] });
  const where: readonly [LevelCondition, ...LevelCondition[]] =
    query.updatedAfter === undefined ? [ANY] : [{ field: 'modified', is: '>=', at: query.updatedAfter }];
  if (query.items !== undefined) return countsOf(site, where, { ...query, items: query.items });
  const page = await readLevels(site, where, query.cursor);
  return page.ok ? ok({ ...page.value.next, counts: page.value.levels.map(countOf) }) : page;
}

async function countsOf(
  site: DecoSite,
  where: readonly [LevelCondition, ...LevelCondition[]],
  query: { items: readonly string[]; updatedAfter?: string; cursor?: string },
): Promise<Result<CountPage, RemoteError>> {
  const silent = new Set(query.items);
  const wanted = new Set(query.items);
  const counts: ObservedCount[] = [];
  const endless = watchPages();
  for (let { cursor } = query; ;) {
    const page: Result<LevelRun, RemoteError> = await readLevels(site, where, cursor);
    if (!page.ok) return page;
    for (const level of page.value.levels) {
      if (wanted.has(level.sku)) counts.push(countOf(level));
      silent.delete(level.sku);
    }
    ({ cursor } = page.value.next);
    if (cursor === undefined) break;
    const refused = endless(cursor);
    if (refused) return refused;
  }
  // Asked for changes only, silence says nothing.
  if (query.updatedAfter !== undefined || query.cursor !== undefined) return ok({ counts });
  const none = [...silent].map((remoteItem) => ({ remoteItem, remoteLocation: WHOLE_SITE, quantity: null }));
  return ok({ counts: [...counts, ...none] });
}

const cursorSchema = z.object({ offset: z.number().int().min(1), total: z.number().int().min(1) });
type LevelRun = { readonly levels: readonly Level[]; readonly next: { readonly cursor?: string } };

/** One page of levels. Rows that come or go between pages shift the others: `cursor_expired`, from the start. */
async function readLevels(
  site: DecoSite,
  where: readonly [LevelCondition, ...LevelCondition[]],
  cursor: string | undefined,
): Promise<Result<LevelRun, RemoteError>> {
  const place = cursor === undefined ? undefined : cursorSchema.safeParse(parseJson(cursor));
  if (place !== undefined && !place.success) return err({ code: 'cursor_expired', detail: 'not a cursor' });
  const start = place?.data.offset ?? 0;
  const page = await findLevels(site, { where, limit: PAGE_ROWS, ...(start === 0 ? {} : { offset: start }) });
  if (!page.ok) return page;
  const { levels, total } = page.value;
  const offset = start + levels.length;
  if (place !== undefined && (total !== place.data.total || levels.length === 0))
    return err({ code: 'cursor_expired', detail: `${total} rows instead of ${place.data.total}` });
  if (levels.length === 0 && total > 0)
    return err({ code: 'bad_answer', detail: `${total} rows are announced and none is there` });
  return ok({ levels, next: offset < total ? { cursor: JSON.stringify({ offset, total }) } : {} });
}

function itemOf({ sku, name, stockCode, on }: Level): RemoteItem {
  return {
    id: sku,
    name: name.slice(0, 255),
    precision: 0,
    ...(stockCode === undefined ? {} : { sku: stockCode.slice(0, 128) }),
    ...(on ? {} : { tracked: false }),
  };
}

function countOf({ sku, level, on, modifiedAt }: Level): ObservedCount {
  return {
    remoteItem: sku,
    remoteLocation: WHOLE_SITE,
    quantity: level,
    ...(modifiedAt === undefined ? {} : { calculatedAt: modifiedAt }),
    ...(on ? {} : { tracked: false }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
