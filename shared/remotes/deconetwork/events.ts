import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { ask } from './ask.ts';
import {
  dateCondition,
  numberCondition,
  searchFields,
  type Condition,
  type DateTest,
  type NumberTest,
} from './conditions.ts';
import { eventsSchema, type EventRow } from './schemas.ts';
import type { DecoSite } from './site.ts';

/** Rows of one page at most, and what the site takes when no limit is given. */
export const PAGE_ROWS = 100;
/** What the rows are sorted by. By analogy with the fields; neither the numbers nor the direction are documented. */
export const SORT_BY = { created: 1, inventory: 2 } as const;

/** Field 1 is when the event was made, field 2 the inventory record that it belongs to. */
export type EventCondition =
  | ({ readonly field: 'created' } & DateTest)
  | ({ readonly field: 'inventory' } & NumberTest);

/** `where`: one condition, or several that must all be met. `limit` 0 to 100: 0 gives no rows, only how many there are. */
export type EventSearch = {
  readonly where: EventCondition | readonly [EventCondition, ...EventCondition[]];
  readonly limit?: number;
  readonly offset?: number;
  readonly sortBy?: 'created' | 'inventory';
};

/** One change of one inventory record. Quantities are canonical text, `createdAt` an instant. Of the person only a number. */
export type InventoryEvent = {
  readonly inventoryId: number;
  readonly productId?: number;
  /** The site's own key of the SKU, "13_691"; nothing may be read out of it. */
  readonly sku?: string;
  readonly createdAt: string;
  /** Its values are documented nowhere: shown, never decided by. */
  readonly changeType?: number;
  readonly poNumber?: string;
  readonly poLineId?: number;
  readonly before: string;
  readonly after: string;
  readonly userId?: number;
};
export type EventPage = { readonly events: readonly InventoryEvent[]; readonly total: number };

/** Finds events by when they were made or by inventory record; one page in the site's order, and how many there are in all. */
export async function findEvents(site: DecoSite, search: EventSearch): Promise<Result<EventPage, RemoteError>> {
  const { where, limit, offset, sortBy } = search;
  const fields = searchFields(isSeveral(where) ? { all: where.map(conditionOf) } : conditionOf(where), {
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    ...(sortBy === undefined ? {} : { sortBy: SORT_BY[sortBy] }),
  });
  const answer = await ask(site, '/api/json/manage_inventory_events/find', fields, eventsSchema);
  if (!answer.ok) return answer;
  if (answer.value === null) return ok({ events: [], total: 0 });
  return ok({ events: (answer.value.inventory_events ?? []).map(eventOf), total: answer.value.total });
}

function isSeveral(where: EventSearch['where']): where is readonly [EventCondition, ...EventCondition[]] {
  return Array.isArray(where);
}

function conditionOf(condition: EventCondition): Condition {
  return condition.field === 'created' ? dateCondition(1, condition) : numberCondition(2, condition);
}

function eventOf(row: EventRow): InventoryEvent {
  const userId = row.user?.user_id ?? undefined;
  return {
    inventoryId: row.inventory_id,
    createdAt: row.created_at,
    before: row.old_qty,
    after: row.new_qty,
    ...(row.product_id == null ? {} : { productId: row.product_id }),
    ...(row.dn_sku_id == null ? {} : { sku: row.dn_sku_id }),
    ...(row.change_type == null ? {} : { changeType: row.change_type }),
    ...(row.po_number == null || row.po_number === '' ? {} : { poNumber: row.po_number }),
    ...(row.po_line_id == null ? {} : { poLineId: row.po_line_id }),
    ...(userId === undefined ? {} : { userId }),
  };
}
