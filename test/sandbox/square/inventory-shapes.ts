import { countText, type ComputedCount, type RecordedChange } from './count.ts';

/** A time as Square writes it. */
export function timeText(at: number): string {
  return new Date(at).toISOString();
}

export function changeBody(change: RecordedChange): unknown {
  switch (change.type) {
    case 'PHYSICAL_COUNT':
      return { type: change.type, physical_count: physicalCountBody(change) };
    case 'ADJUSTMENT':
      return { type: change.type, adjustment: adjustmentBody(change) };
    case 'TRANSFER':
      return { type: change.type, transfer: transferBody(change) };
  }
}

function sharedMembers(change: RecordedChange): Record<string, unknown> {
  return {
    id: change.id,
    ...(change.referenceId === undefined ? {} : { reference_id: change.referenceId }),
    catalog_object_id: change.variation,
    catalog_object_type: 'ITEM_VARIATION',
    quantity: change.quantity,
    occurred_at: change.occurredAtText,
    created_at: timeText(change.createdAt),
  };
}

export function physicalCountBody(change: RecordedChange): unknown {
  return { ...sharedMembers(change), location_id: change.location, state: change.state };
}

export function adjustmentBody(change: RecordedChange): unknown {
  return {
    ...sharedMembers(change),
    location_id: change.location,
    from_state: change.fromState,
    to_state: change.toState,
  };
}

export function transferBody(change: RecordedChange): unknown {
  return {
    ...sharedMembers(change),
    state: 'IN_STOCK',
    from_location_id: change.fromLocation,
    to_location_id: change.location,
  };
}

export function countBody(row: { variation: string; location: string; state: string; count: ComputedCount }): unknown {
  return {
    catalog_object_id: row.variation,
    catalog_object_type: 'ITEM_VARIATION',
    state: row.state,
    location_id: row.location,
    quantity: countText(row.count),
    calculated_at: timeText(row.count.calculatedAt),
  };
}
