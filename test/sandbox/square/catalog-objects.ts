import type { World, WorldVariation } from './world.ts';

export type CatalogObject = {
  readonly type: string;
  readonly id: string;
  readonly updated_at: string;
  readonly [member: string]: unknown;
};

const UPDATED_AT = '2025-01-01T00:00:00.000Z';

/** The world's variations as catalogue objects: items that hold their variations, the variations themselves, and units. */
export function catalogOf(world: World): readonly CatalogObject[] {
  const groups = new Map<string, WorldVariation[]>();
  for (const variation of world.square.variations) {
    const group = groups.get(variation.item);
    if (group) group.push(variation);
    else groups.set(variation.item, [variation]);
  }
  const items = [...groups].map(([item, variations]) => itemObject(item, variations));
  const variations = [...groups].flatMap(([item, group]) =>
    group.map((one) => variationObject(item, one, group.length)),
  );
  const precisions = [...new Set(world.square.variations.map((one) => one.precision))].filter(
    (precision) => precision > 0,
  );
  return [...items, ...variations, ...precisions.map(unitObject)];
}

export function itemIdOf(item: string): string {
  return `ITEM-${item}`.slice(0, 100);
}

function itemObject(item: string, group: readonly WorldVariation[]): CatalogObject {
  const name = group.length === 1 ? (group[0]?.name ?? item) : item;
  const variations = group.map((one) => variationObject(item, one, group.length));
  return {
    type: 'ITEM',
    id: itemIdOf(item),
    updated_at: UPDATED_AT,
    version: 1,
    is_deleted: false,
    present_at_all_locations: true,
    item_data: { name, variations },
  };
}

function variationObject(item: string, one: WorldVariation, siblings: number): CatalogObject {
  return {
    type: 'ITEM_VARIATION',
    id: one.id,
    updated_at: UPDATED_AT,
    version: 1,
    is_deleted: false,
    present_at_all_locations: true,
    item_variation_data: {
      item_id: itemIdOf(item),
      name: siblings === 1 ? 'Regular' : (one.name ?? one.id),
      ...(one.sku === undefined ? {} : { sku: one.sku }),
      ...(one.upc === undefined ? {} : { upc: one.upc }),
      track_inventory: true,
      stockable: true,
      sellable: true,
      // An unset unit means whole pieces.
      ...(one.precision === 0 ? {} : { measurement_unit_id: unitId(one.precision) }),
    },
  };
}

function unitId(precision: number): string {
  return `UNIT-P${precision}`;
}

function unitObject(precision: number): CatalogObject {
  const unit = { type: 'TYPE_WEIGHT', weight_unit: 'METRIC_KILOGRAM' };
  return {
    type: 'MEASUREMENT_UNIT',
    id: unitId(precision),
    updated_at: UPDATED_AT,
    version: 1,
    measurement_unit_data: { measurement_unit: unit, precision },
  };
}
