import { placeNode, shelfNode, snapshotNode, syncNode } from './nodes.ts';
import type { Args, RootFields } from './queries.ts';
import { refuse } from './refusal.ts';
import { unassigned } from './rows-file.ts';
import { warehouseOf, type ShipheroState } from './state.ts';
import { opaqueId, type Shelf } from './stock.ts';

/** Every mutation of the contract's section 2; of the others the sandbox says that it has none. `origin`: where it is asked. */
export function createMutations(state: ShipheroState, origin: () => string): RootFields {
  const { world, stock } = state;
  const answer = (shelf: Shelf) => ({ warehouse_product: shelfNode(state, shelf) });
  const change = (sign: 1 | -1) => (args: Args) => {
    const { shelf, location, quantity, reason } = effectOf(state, dataOf(args));
    if (quantity <= 0) refuse('invalid', 'quantity must be greater than 0');
    const before = location === null ? shelf.onHand : (shelf.rows.get(location) ?? 0);
    stock.set(shelf, location, leftAfter(state, before, sign * quantity), reason);
    return answer(shelf);
  };
  const notSimulated = () => refuse('not_simulated', 'the sandbox has no such operation');
  return {
    inventory_add: change(1),
    inventory_remove: change(-1),
    inventory_subtract: change(-1),
    inventory_replace(args) {
      const { shelf, location, quantity, reason } = effectOf(state, dataOf(args));
      if (quantity < 0) refuse('invalid', 'quantity must not be negative');
      stock.set(shelf, location, quantity, reason);
      return answer(shelf);
    },
    inventory_transfer(args) {
      const { location_from_id: from, location_to_id: to, ...rest } = dataOf(args);
      const source = effectOf(state, { ...rest, location_id: from });
      const target = effectOf(state, { ...rest, location_id: to });
      if (source.quantity <= 0) refuse('invalid', 'quantity must be greater than 0');
      const left = leftAfter(state, source.shelf.rows.get(String(from)) ?? 0, -source.quantity);
      stock.set(source.shelf, String(from), left, source.reason);
      stock.set(target.shelf, String(to), (target.shelf.rows.get(String(to)) ?? 0) + source.quantity, source.reason);
      return { ok: true };
    },
    location_create(args) {
      const { warehouse_id: warehouse, name, zone, pickable, sellable, is_cart } = dataOf(args);
      warehouseOf(world, String(warehouse));
      if (name === '') refuse('invalid', 'name is required');
      if (stock.placeNamed(String(warehouse), String(name)))
        refuse('invalid', `Location ${String(name)} exists already`);
      const place = stock.addPlace({
        id: opaqueId('Bin', stock.number()),
        warehouse: String(warehouse),
        name: String(name),
        zone: String(zone),
        type: 'Bin',
        pickable: pickable === true,
        sellable: sellable === true,
        is_cart: is_cart === true,
      });
      return { location: placeNode(state, place) };
    },
    location_update(args) {
      const { location_id: id, zone, pickable, sellable, is_cart } = dataOf(args);
      const place = stock.places.get(String(id)) ?? refuse('not_found', 'Location not found');
      const wanted = { zone, pickable, sellable, is_cart };
      Object.assign(place, Object.fromEntries(Object.entries(wanted).filter(([, value]) => value != null)));
      return { location: placeNode(state, place) };
    },
    inventory_sync(args) {
      const { url, warehouse_id: warehouse, customer_account_id: customer } = dataOf(args);
      warehouseOf(world, String(warehouse));
      if (!/^https?:\/\//.test(String(url))) refuse('invalid', 'url is not an address');
      return {
        sync_id: state.syncs.start({ url: String(url), warehouse: String(warehouse), customer: text(customer) }).id,
      };
    },
    inventory_sync_abort: (args) => ({ sync: syncNode(state, state.syncs.abort(String(dataOf(args)['sync_id']))) }),
    inventory_generate_snapshot(args) {
      const wish = dataOf(args);
      const warehouse = text(wish['warehouse_id']);
      const updatedFrom = text(wish['updated_from']);
      if (warehouse !== undefined) warehouseOf(world, warehouse);
      const snapshot = state.snapshots.start({
        warehouse,
        customer: text(wish['customer_account_id']),
        email: text(wish['notification_email']) ?? null,
        postUrl: text(wish['post_url']) ?? null,
        preCheck: wish['post_url_pre_check'] !== false,
        newFormat: wish['new_format'] === true,
        updatedFrom: updatedFrom === undefined ? undefined : Date.parse(updatedFrom),
        hasInventory: wish['has_inventory'] === true,
        origin: origin(),
      });
      return { snapshot: snapshotNode(state, snapshot) };
    },
    inventory_abort_snapshot: (args) => ({
      snapshot: snapshotNode(state, state.snapshots.abort(String(dataOf(args)['snapshot_id']))),
    }),
    warehouse_product_update(args) {
      const {
        sku,
        warehouse_id: warehouse,
        customer_account_id: customer,
        on_hand,
        inventory_bin,
        active,
      } = dataOf(args);
      const shelf = shelfOf(state, { sku, warehouse, customer });
      if (typeof on_hand === 'number') {
        if (warehouseOf(world, String(warehouse)).dynamic_slotting)
          refuse('not_allowed', 'on_hand cannot be set where stock lies in locations');
        stock.set(shelf, null, on_hand, 'warehouse_product_update');
      }
      if (typeof inventory_bin === 'string') shelf.bin = inventory_bin;
      if (typeof active === 'boolean') shelf.isActive = active;
      return answer(shelf);
    },
    product_add_to_warehouse(args) {
      const { sku, warehouse_id: warehouse, customer_account_id: customer } = dataOf(args);
      warehouseOf(world, String(warehouse));
      const product = stock.product(String(sku), text(customer) ?? null) ?? refuse('not_found', 'Product not found');
      return answer(
        stock.shelf(String(warehouse), product.sku, product.customer) ?? stock.assign(product, String(warehouse)),
      );
    },
    lot_create: notSimulated,
    lot_update: notSimulated,
    lot_delete: notSimulated,
    lot_assign_to_location: notSimulated,
    webhook_create: notSimulated,
    webhook_delete: notSimulated,
  };
}

type Data = Readonly<Record<string, unknown>>;

/** Every mutation has one argument, an input object that the schema has coerced. */
function dataOf(args: Args): Data {
  const data: unknown = args['data'];
  return typeof data === 'object' && data !== null ? { ...data } : {};
}

function effectOf(
  state: ShipheroState,
  data: Data,
): { shelf: Shelf; location: string | null; quantity: number; reason: string } {
  const { sku, warehouse_id: warehouse, customer_account_id: customer, quantity, location_id: id, reason } = data;
  const at = warehouseOf(state.world, String(warehouse));
  const shelf = shelfOf(state, { sku, warehouse, customer });
  if (shelf.product.kit && !shelf.product.kit_build) refuse('not_allowed', 'A kit has no stock of its own');
  const rest = { shelf, quantity: Number(quantity), reason: text(reason) ?? '' };
  if (typeof id !== 'string') {
    if (!at.dynamic_slotting) return { ...rest, location: null };
    if (state.world.behaviour.withoutLocation === 'refuse') refuse('invalid', 'location_id is required');
    return { ...rest, location: unassigned(state.stock, at.id).id };
  }
  const place = state.stock.places.get(id);
  if (place === undefined || place.warehouse !== warehouse) return refuse('not_found', `Location ${id} not found`);
  return { ...rest, location: place.id };
}

function shelfOf(state: ShipheroState, what: { sku: unknown; warehouse: unknown; customer: unknown }): Shelf {
  const { id } = warehouseOf(state.world, String(what.warehouse));
  const shelf = state.stock.shelf(id, String(what.sku), text(what.customer));
  return shelf ?? refuse('not_found', `Product ${String(what.sku)} not found in this warehouse`);
}

function leftAfter(state: ShipheroState, before: number, change: number): number {
  const after = before + change;
  if (after >= 0 || change > 0) return after;
  switch (state.world.behaviour.overRemoval) {
    case 'allow':
      return after;
    case 'clip':
      return 0;
    case 'refuse':
      return refuse('invalid', `Not enough inventory: ${before} left`);
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
