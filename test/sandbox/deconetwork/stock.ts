import type { SandboxClock } from '../chassis/clock.ts';
import type { EventUser, GivenEvent, GivenLevel, World } from './world.ts';

/** An event as the site answers it, member for member. */
export type StoredEvent = {
  readonly product_id: number;
  readonly dn_sku_id: string;
  readonly created_at: string;
  readonly change_type: number;
  readonly po_number: string | null;
  readonly inventory_id: number;
  readonly po_line_id: number | null;
  readonly old_qty: number;
  readonly new_qty: number;
  readonly user: EventUser | null;
};

/** Made up: nobody of that name or at that address is meant. */
const SOMEBODY: EventUser = {
  user_id: 90_001,
  salutation: 'Dr',
  firstname: 'Quentin',
  lastname: 'Nobodyson',
  company_id: 77_002,
  street: '1 Nowhere Lane',
  city: 'Emptyville',
  state: 'Noland',
  ph_number: '+1 555-0100',
  country_code: 'ZZ',
  postcode: '00000',
  email: 'quentin.nobodyson@example.invalid',
  company: 'Imaginary Prints Ltd',
};

/** A change made at the site itself, as on its stock screen. Not documented. */
const BY_HAND = 1;

export type Stock = {
  /** In the order in which they happened. */
  events(): readonly StoredEvent[];
  add(given: GivenEvent): StoredEvent;
  sell(sku: { dn_sku_id?: string; inventory_id?: number }, quantity: number): boolean;
  /** undefined: nothing is known of it. */
  level(inventoryId: number): number | undefined;
  inventoryOf(sku: string): number | undefined;
  /** Every record: by an event or a row of the world. */
  records(): readonly InventoryRecord[];
};
export type InventoryRecord = {
  readonly inventory_id: number;
  readonly dn_sku_id: string;
  readonly given?: GivenLevel;
};

/** The site's inventory records and what happened to them. */
export function createStock(world: World['deconetwork'], clock: SandboxClock): Stock {
  const events: StoredEvent[] = [];
  const records = new Map<number, InventoryRecord>();
  const bySku = new Map<string, number>();
  const levels = new Map<number, number>();
  let nextId = 2_435_345;

  function recordOf(given: { inventory_id?: number | undefined; dn_sku_id?: string | undefined }): InventoryRecord {
    const wanted = given.inventory_id ?? (given.dn_sku_id === undefined ? undefined : bySku.get(given.dn_sku_id));
    const known = wanted === undefined ? undefined : records.get(wanted);
    if (known !== undefined) return known;
    while (records.has(nextId)) nextId += 1;
    const inventoryId = wanted ?? nextId;
    const record = { inventory_id: inventoryId, dn_sku_id: given.dn_sku_id ?? `${inventoryId}_1` };
    records.set(inventoryId, record);
    bySku.set(record.dn_sku_id, inventoryId);
    return record;
  }

  function add(given: GivenEvent): StoredEvent {
    const record = recordOf(given);
    const before = given.old_qty ?? levels.get(record.inventory_id) ?? 0;
    const event: StoredEvent = {
      product_id: given.product_id ?? productOf(record.dn_sku_id),
      dn_sku_id: given.dn_sku_id ?? record.dn_sku_id,
      created_at: given.created_at ?? timeText(clock.now()),
      change_type: given.change_type ?? BY_HAND,
      po_number: given.po_number ?? null,
      inventory_id: record.inventory_id,
      po_line_id: given.po_line_id ?? null,
      old_qty: before,
      new_qty: given.new_qty ?? before,
      user: given.user === undefined ? SOMEBODY : given.user,
    };
    events.push(event);
    levels.set(event.inventory_id, event.new_qty);
    return event;
  }

  for (const given of world.inventory) {
    const record = recordOf(given);
    records.set(record.inventory_id, { ...record, given });
  }
  // A world may list its events in any order; the newest one says what is there.
  const dated = world.events.map((given) => ({ ...given, created_at: given.created_at ?? timeText(clock.now()) }));
  for (const given of dated.toSorted((one, other) => compareText(one.created_at, other.created_at))) add(given);
  for (const { inventory_id: id, given } of records.values())
    if (given?.inv_lvl !== undefined) levels.set(id, given.inv_lvl);

  return {
    events: () => events,
    add,
    sell({ dn_sku_id: sku, inventory_id: id }, quantity) {
      const record = records.get(id ?? bySku.get(sku ?? '') ?? -1);
      if (record === undefined) return false;
      add({ inventory_id: record.inventory_id, new_qty: (levels.get(record.inventory_id) ?? 0) - quantity });
      return true;
    },
    level: (inventoryId) => levels.get(inventoryId),
    inventoryOf: (sku) => bySku.get(sku),
    records: () => [...records.values()],
  };
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** The site writes UTC without a zone mark. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** A SKU key looks like "<product>_<option>". */
export function productOf(sku: string): number {
  const number = Number.parseInt(sku, 10);
  return Number.isNaN(number) ? 1 : number;
}
