import { z } from 'zod';
import { formatQuantity, quantityOf, quantitySchema } from '../../../shared/domain/quantity.ts';
import { createClock } from '../chassis/clock.ts';
import type { SandboxControl } from '../chassis/control.ts';
import { createSandbox, type Sandbox } from '../chassis/sandbox.ts';
import { serveSandbox, type Served } from '../chassis/server.ts';
import { createApi, movementsIn, movesStock } from './api.ts';
import { refused } from './answers.ts';
import { createAccess } from './oauth.ts';
import { productChanged } from './product-routes.ts';
import { createState, type Movement, type ZettleState } from './state.ts';
import { zettleWorldSchema, type LocationType, type ZettleWorldInput } from './world.ts';

/** What a test may look at and do beside the switches that every sandbox has. */
export type ZettleControl = {
  /** What a STORE holds of a variant, tracked or not; the default STORE when none is named. */
  quantity(variant: string, store?: string): string;
  movements(): readonly Movement[];
  /** Times of the requests to the inventory service, in ms. */
  askedAt(): readonly number[];
  tokensGiven(): number;
};
export type ZettleSandbox = Sandbox<ZettleControl>;

const amountSchema = z.preprocess((amount) => (typeof amount === 'number' ? String(amount) : amount), quantitySchema);
/** A variant alone, or as "product:variant". */
const variantSchema = z.string().transform((variant) => variant.split(':').at(-1) ?? '');
const saleSchema = z.object({ variant: variantSchema, quantity: amountSchema, location: z.string().optional() });
const trackingSchema = z.object({ product: z.string(), tracked: z.boolean() });
const renamingSchema = z.object({ product: z.string(), name: z.string() });

/** A Zettle that behaves as its contract says. `machine`: ms since 1970, where the world sets no time of its own. */
export function createZettleSandbox(input: ZettleWorldInput, machine: () => number): ZettleSandbox {
  const world = zettleWorldSchema.parse(input);
  const clock = createClock(world.clock, machine);
  const state = createState(world, clock);
  const access = createAccess(world, clock);
  const api = createApi(state, access);
  const { control, reply } = createSandbox(
    {
      system: 'zettle',
      answer: (request) => api(request),
      answerHalf: (request) => api(request, Math.floor(movementsIn(request.text) / 2)),
      isChange: movesStock,
      errorText,
      errorsIn200: () => errorText(500),
      expireToken: access.expire,
      restoreToken: access.restore,
      sale: (sale) => moveByOthers(state, sale, 'STORE', 'SOLD'),
      extra: {
        /** Stock that comes in from a supplier. */
        delivery: (delivery) => moveByOthers(state, delivery, 'SUPPLIER', 'STORE'),
        tracking(change) {
          const { product, tracked } = trackingSchema.parse(change);
          const known = state.products.get(product);
          if (known !== undefined) known.tracked = tracked;
        },
        rename(change) {
          const { product, name } = renamingSchema.parse(change);
          const known = state.products.get(product);
          if (known === undefined) return;
          known.row = { ...known.row, name };
          productChanged(state, known);
        },
        revokeGrants: () => access.revoke(true),
        restoreGrants: () => access.revoke(false),
      },
      views: {
        movements: () => state.movements.map((one) => ({ ...one, change: formatQuantity(one.change) })),
        rate: () => ({ requests: state.askedAt.length, busiestSecond: busiestSecond(state.askedAt) }),
      },
    },
    clock,
  );
  const own: ZettleControl = {
    quantity: (variant, store) =>
      formatQuantity(state.balance(store ?? state.storeOf()?.uuid ?? '', variant.split(':').at(-1) ?? '')),
    movements: () => state.movements,
    askedAt: () => state.askedAt,
    tokensGiven: access.given,
  };
  return { control: { ...control, ...own }, reply };
}

/** The same behind an address of this machine. `port` 0 takes a free one. */
export function startZettleSandbox(
  world: ZettleWorldInput,
  options: { port?: number; clock?: () => number } = {},
): Promise<SandboxControl & ZettleControl & Served> {
  return serveSandbox(createZettleSandbox(world, options.clock ?? Date.now), options);
}

/** What happens at tills and in back offices. Products that are not tracked are sold without a trace. */
function moveByOthers(state: ZettleState, input: unknown, fromType: LocationType, toType: LocationType): void {
  const { variant, quantity, location } = saleSchema.parse(input);
  const product = [...state.products.values()].find(({ row }) => row.variants.some((one) => one.uuid === variant));
  const placeOf = (type: LocationType): string => {
    if (type === 'STORE') return location ?? state.storeOf()?.uuid ?? '';
    return [...state.locations.values()].find((one) => one.type === type)?.uuid ?? '';
  };
  if (product?.tracked !== true) return;
  const [from, to] = [placeOf(fromType), placeOf(toType)];
  state.move({ product: product.row.uuid, variant, from, to, change: quantityOf(quantity), by: 'others' });
}

function errorText(status: number): string {
  const errorType = status === 429 ? 'TOO_MANY_REQUESTS' : 'INTERNAL_ERROR';
  return refused({ status, errorType, message: 'A fault of the sandbox' }).text;
}

function busiestSecond(askedAt: readonly number[]): number {
  let [from, most] = [0, 0];
  for (const [to, at] of askedAt.entries()) {
    while (at - (askedAt[from] ?? at) >= 1000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
