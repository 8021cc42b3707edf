import { parseQuantity, hasPrecision } from '../../../shared/domain/quantity.ts';
import { errorBody, type SquareErrorBody } from './refusals.ts';
import type { RecordedChange } from './count.ts';
import type { World } from './world.ts';

/** A change that may be recorded. */
export type CheckedChange = Omit<RecordedChange, 'id' | 'order' | 'createdAt'>;
export type ChangeProblem = { readonly status: number; readonly error: SquareErrorBody };

const DAY_MS = 24 * 3_600_000;
const MEMBERS: Readonly<Record<string, string>> = {
  PHYSICAL_COUNT: 'physical_count',
  ADJUSTMENT: 'adjustment',
  TRANSFER: 'transfer',
};
/** The pairs that the documentation describes in words (contracts: Square 2.6). */
const WRITABLE_PAIRS: ReadonlySet<string> = new Set([
  'NONE>IN_STOCK',
  'UNLINKED_RETURN>IN_STOCK',
  'IN_STOCK>SOLD',
  'IN_STOCK>WASTE',
]);
const STATES: ReadonlySet<string> = new Set(
  (
    'IN_STOCK NONE WASTE SOLD UNLINKED_RETURN CUSTOM RETURNED_BY_CUSTOMER RESERVED_FOR_SALE SOLD_ONLINE ORDERED_FROM_VENDOR ' +
    'RECEIVED_FROM_VENDOR IN_TRANSIT_TO IN_TRANSIT COMPOSED DECOMPOSED SUPPORTED_BY_NEWER_VERSION'
  ).split(' '),
);
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** Checks one element of `changes` as the documentation says (contracts: Square 2.1 and 8.2). */
export function checkChange(value: unknown, at: number, world: World, now: number): CheckedChange | ChangeProblem {
  const change = membersOf(value);
  const type = change['type'];
  const here = `changes[${at}]`;
  if (type === undefined) return problem(400, 'MISSING_REQUIRED_PARAMETER', 'Field must be set', `${here}.type`);
  const member = typeof type === 'string' ? MEMBERS[type] : undefined;
  if (member === undefined) return problem(400, 'INVALID_ENUM_VALUE', 'Not a change type', `${here}.type`);
  if (type === 'TRANSFER') return problem(400, 'INVALID_VALUE', 'Transfers cannot be created', `${here}.type`);
  const others = Object.values(MEMBERS).filter(
    (name) => name !== member && change[name] !== undefined && change[name] !== null,
  );
  if (others[0] !== undefined)
    return problem(400, 'INVALID_VALUE', `Only ${member} may be set`, `${here}.${others[0]}`);
  if (change[member] === undefined)
    return problem(400, 'MISSING_REQUIRED_PARAMETER', 'Field must be set', `${here}.${member}`);
  const fields = membersOf(change[member]);
  const field = (name: string) => `${here}.${member}.${name}`;
  return (
    checkTexts(fields, type === 'ADJUSTMENT', field) ??
    checkStates(fields, type === 'ADJUSTMENT', world, field) ??
    checkPlace(fields, world, field) ??
    checkQuantity(fields, world, field) ??
    checkTime(fields, now, field) ??
    checked(fields, type === 'ADJUSTMENT' ? 'ADJUSTMENT' : 'PHYSICAL_COUNT')
  );
}

type Fields = Readonly<Record<string, unknown>>;
type FieldName = (name: string) => string;

function checkTexts(fields: Fields, adjusts: boolean, field: FieldName): ChangeProblem | undefined {
  const needed = [
    'catalog_object_id',
    'location_id',
    'quantity',
    'occurred_at',
    ...(adjusts ? ['from_state', 'to_state'] : ['state']),
  ];
  for (const name of needed) {
    if (fields[name] === undefined || fields[name] === null)
      return problem(400, 'MISSING_REQUIRED_PARAMETER', 'Field must be set', field(name));
  }
  const longest: Readonly<Record<string, number>> = {
    catalog_object_id: 100,
    location_id: 100,
    quantity: 26,
    occurred_at: 34,
    reference_id: 255,
  };
  for (const name of [...needed, 'reference_id']) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') return problem(400, 'EXPECTED_STRING', 'Expected a string value', field(name));
    if (value.length > (longest[name] ?? 100)) return problem(400, 'VALUE_TOO_LONG', 'Field is too long', field(name));
  }
  return undefined;
}

function checkStates(fields: Fields, adjusts: boolean, world: World, field: FieldName): ChangeProblem | undefined {
  for (const name of adjusts ? ['from_state', 'to_state'] : ['state']) {
    if (!STATES.has(textOf(fields, name)))
      return problem(400, 'INVALID_ENUM_VALUE', 'Not an inventory state', field(name));
  }
  if (!adjusts)
    return textOf(fields, 'state') === 'IN_STOCK'
      ? undefined
      : problem(400, 'INVALID_VALUE', 'This state is read only', field('state'));
  const pair = `${textOf(fields, 'from_state')}>${textOf(fields, 'to_state')}`;
  return WRITABLE_PAIRS.has(pair) || world.square.behaviour.anyStates
    ? undefined
    : problem(400, 'INVALID_VALUE', `Not a change between states that may be written: ${pair}`, field('to_state'));
}

function checkPlace(fields: Fields, world: World, field: FieldName): ChangeProblem | undefined {
  const variation = textOf(fields, 'catalog_object_id');
  if (!variationsOf(world).has(variation))
    return problem(404, 'NOT_FOUND', `Catalog object ${variation} not found`, field('catalog_object_id'));
  const location = textOf(fields, 'location_id');
  if (!world.square.locations.some((one) => one.id === location))
    return problem(404, 'NOT_FOUND', `Location ${location} not found`, field('location_id'));
  return undefined;
}

function checkQuantity(fields: Fields, world: World, field: FieldName): ChangeProblem | undefined {
  const text = textOf(fields, 'quantity');
  const quantity = parseQuantity(text);
  if (!quantity.ok || (quantity.value < 0n && !world.square.behaviour.negativeCounts))
    return problem(400, 'INVALID_VALUE', `Not a quantity: ${text}`, field('quantity'));
  const decimals = variationsOf(world).get(textOf(fields, 'catalog_object_id')) ?? 0;
  return hasPrecision(quantity.value, decimals)
    ? undefined
    : problem(400, 'INVALID_VALUE', `At most ${decimals} decimals`, field('quantity'));
}

function checkTime(fields: Fields, now: number, field: FieldName): ChangeProblem | undefined {
  const text = textOf(fields, 'occurred_at');
  const at = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return problem(400, 'INVALID_TIME', 'Not an RFC 3339 timestamp', field('occurred_at'));
  if (at > now) return problem(400, 'INVALID_TIME', 'Time is in the future', field('occurred_at'));
  return now - at > DAY_MS
    ? problem(400, 'INVALID_TIME', 'Time is more than 24 hours ago', field('occurred_at'))
    : undefined;
}

function checked(fields: Fields, type: 'PHYSICAL_COUNT' | 'ADJUSTMENT'): CheckedChange {
  const occurredAtText = textOf(fields, 'occurred_at');
  const states =
    type === 'ADJUSTMENT'
      ? { fromState: textOf(fields, 'from_state'), toState: textOf(fields, 'to_state') }
      : { state: textOf(fields, 'state') };
  const reference = fields['reference_id'];
  return {
    type,
    variation: textOf(fields, 'catalog_object_id'),
    location: textOf(fields, 'location_id'),
    ...states,
    quantity: textOf(fields, 'quantity'),
    occurredAt: Date.parse(occurredAtText),
    occurredAtText,
    ...(typeof reference === 'string' ? { referenceId: reference } : {}),
  };
}

const precisions = new WeakMap<World, ReadonlyMap<string, number>>();

function variationsOf(world: World): ReadonlyMap<string, number> {
  const known = precisions.get(world) ?? new Map(world.square.variations.map((one) => [one.id, one.precision]));
  precisions.set(world, known);
  return known;
}

/** The members of a JSON object, none for anything else. */
export function membersOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value)) : {};
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function problem(status: number, code: string, detail: string, field: string): ChangeProblem {
  return { status, error: errorBody(status, code, detail, field) };
}
