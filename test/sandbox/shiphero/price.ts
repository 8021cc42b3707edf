import {
  getArgumentValues,
  isObjectType,
  getNamedType,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { PAGE_ROWS } from './paging.ts';

/** Samples of the contract that no rule explains: operations at a price of their own. */
const FIXED: Readonly<Record<string, number>> = { inventory_sync: 0, inventory_generate_snapshot: 30 };

export type Pricing = {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: { readonly [name: string]: unknown };
};

/** Credits of each root field by its name in the answer: 1 + what its connections ask for (contracts: ShipHero 4). */
export function pricesOf(
  operation: OperationDefinitionNode,
  root: GraphQLObjectType,
  pricing: Pricing,
): Map<string, number> {
  const prices = new Map<string, number>();
  for (const { name, key, args, type, selection } of fieldsOf(operation.selectionSet, root, pricing)) {
    const fixed = FIXED[name];
    const inner = isObjectType(type) && selection ? rowsOf(selection, type, pricing) : 0;
    const price = args['analyze'] === true ? 0 : (fixed ?? 1 + inner);
    prices.set(key, Math.max(price, prices.get(key) ?? 0));
  }
  return prices;
}

/** What `analyze` answers: the price as if the operation ran. */
export function priceIfRun(
  name: string,
  selection: SelectionSetNode | undefined,
  type: unknown,
  pricing: Pricing,
): number {
  return FIXED[name] ?? 1 + (isObjectType(type) && selection ? rowsOf(selection, type, pricing) : 0);
}

/** Objects that a selection asks for: a connection costs its rows, and each row what its own connections cost. */
function rowsOf(set: SelectionSetNode, on: GraphQLObjectType, pricing: Pricing): number {
  let rows = 0;
  for (const { args, type, selection, isConnection } of fieldsOf(set, on, pricing)) {
    if (!isObjectType(type) || !selection) continue;
    const inner = rowsOf(selection, type, pricing);
    if (!isConnection) {
      rows += inner;
      continue;
    }
    const wanted = args['first'] ?? args['last'];
    rows += (typeof wanted === 'number' ? wanted : PAGE_ROWS) * (1 + inner);
  }
  return rows;
}

type Asked = {
  readonly name: string;
  readonly key: string;
  readonly args: { readonly [name: string]: unknown };
  readonly type: unknown;
  readonly selection: SelectionSetNode | undefined;
  readonly isConnection: boolean;
};

function fieldsOf(set: SelectionSetNode, on: GraphQLObjectType, pricing: Pricing): Asked[] {
  return set.selections.flatMap((one): Asked[] => {
    if (one.kind === Kind.INLINE_FRAGMENT) return fieldsOf(one.selectionSet, on, pricing);
    if (one.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = pricing.fragments[one.name.value];
      return fragment ? fieldsOf(fragment.selectionSet, on, pricing) : [];
    }
    const field = on.getFields()[one.name.value];
    if (field === undefined) return [];
    const type = getNamedType(field.type);
    return [
      {
        name: one.name.value,
        key: one.alias?.value ?? one.name.value,
        args: getArgumentValues(field, one, pricing.variables),
        type,
        selection: one.selectionSet,
        isConnection: field.args.some((arg) => arg.name === 'first'),
      },
    ];
  });
}
