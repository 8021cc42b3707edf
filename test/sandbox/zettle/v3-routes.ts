import type { SandboxAnswer } from '../chassis/messages.ts';
import {
  answered,
  done,
  listOf,
  membersOf,
  notFound,
  refused,
  textOf,
  violated,
  type ApiCall,
  type Route,
} from './answers.ts';
import { setLowStock } from './low-stock-routes.ts';
import { moveAll } from './movements.ts';
import type { Location, ZettleState } from './state.ts';
import { page, stockRoutes } from './v3-stock-routes.ts';

const READ = 'READ:PRODUCT';
const WRITE = 'WRITE:PRODUCT';

/** The third generation (contracts: Zettle 4): several STOREs, pages by `Link`, and movements that answer with nothing. */
export function newRoutes(state: ZettleState): readonly Route[] {
  return [
    ...stockRoutes(state),
    {
      method: 'GET',
      path: /^\/v3\/inventories$/,
      scope: READ,
      answer: (call) => page(state, call, [...state.locations.values()].map(inventoryOf)),
    },
    {
      method: 'POST',
      path: /^\/v3\/inventories$/,
      scope: WRITE,
      answer(call) {
        const { name, description } = membersOf(call.body);
        if (textOf(name) === '') return refused(violated('name', 'MUST_NOT_BE_EMPTY', 'name must not be empty'));
        const uuid = state.newUuid();
        const made = {
          uuid,
          type: 'STORE',
          name: textOf(name),
          description: textOf(description),
          default: false,
        } as const;
        state.locations.set(uuid, made);
        return done(201, { location: `${call.origin}/v3/inventories/${uuid}` });
      },
    },
    {
      method: 'GET',
      path: /^\/v3\/inventories\/([^/]+)$/,
      scope: READ,
      answer(_, [uuid = '']) {
        const found = state.locations.get(uuid);
        return found === undefined ? refused(notFound('Inventory', uuid)) : answered(inventoryOf(found));
      },
    },
    { method: 'POST', path: /^\/v3\/movements$/, scope: WRITE, answer: (call) => move(state, call) },
    { method: 'POST', path: /^\/v3\/products$/, scope: WRITE, answer: (call) => changeTracking(state, call) },
    {
      method: 'POST',
      path: /^\/v3\/products\/status$/,
      scope: READ,
      answer: (call) =>
        answered(
          listOf(call.body)
            .map(textOf)
            .map((productUuid) => ({ productUuid, enabled: state.products.get(productUuid)?.tracked === true })),
        ),
    },
    {
      method: 'POST',
      path: /^\/v3\/custom-low-stock$/,
      scope: WRITE,
      answer(call) {
        for (const row of listOf(call.body)) {
          const problem = setLowStock(state, textOf(membersOf(row)['inventoryUuid']), row);
          if (problem !== undefined) return refused(problem);
        }
        return done();
      },
    },
  ];
}

function inventoryOf({ uuid, type, name, description, default: isDefault }: Location): unknown {
  return { inventoryUuid: uuid, inventoryType: type, name, description, defaultInventory: isDefault };
}

function move(state: ZettleState, call: ApiCall): SandboxAnswer {
  const { movements, identifier } = membersOf(call.body);
  const rows = listOf(movements).slice(0, call.onlyChanges);
  if (rows.length === 0) return refused(violated('movements', 'MUST_NOT_BE_EMPTY', 'movements must not be empty'));
  const asked = rows.map((row, at) => {
    const { productUuid, variantUuid, from, to, change } = membersOf(row);
    const where = `movements[${at}]`;
    return {
      where,
      product: textOf(productUuid),
      variant: textOf(variantUuid),
      from: textOf(from),
      to: textOf(to),
      change,
    };
  });
  const problem = moveAll(state, asked, { externalUuid: textOf(identifier), tracked: new Set() });
  return problem === undefined ? done() : refused(problem);
}

function changeTracking(state: ZettleState, call: ApiCall): SandboxAnswer {
  const rows = listOf(call.body).map(membersOf);
  for (const { productUuid } of rows) {
    const uuid = textOf(productUuid);
    if (!state.products.has(uuid)) return refused(notFound('Product', uuid));
  }
  for (const { productUuid, tracking } of rows) {
    const product = state.products.get(textOf(productUuid));
    if (product !== undefined) product.tracked = tracking === 'enable';
  }
  return done();
}
