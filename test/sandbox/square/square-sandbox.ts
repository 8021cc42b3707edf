import { z } from 'zod';
import { createSandbox, type Sandbox } from '../chassis/sandbox.ts';
import { serveSandbox, type Served } from '../chassis/server.ts';
import type { SandboxControl } from '../chassis/control.ts';
import type { SandboxAnswer, SandboxRequest, SandboxSystem } from '../chassis/messages.ts';
import { createAccess } from './access.ts';
import { createApi, type Api } from './api.ts';
import { membersOf } from './check-change.ts';
import { codeOf, refuse } from './refusals.ts';
import { createSignInDesk } from './sign-in.ts';
import { createState, type SquareState } from './state.ts';
import { countText, type RecordedChange } from './count.ts';
import { worldSchema, type WorldInput } from './world.ts';

/** What a test may ask of a Square beside the common switches. */
export type SquareControl = {
  /** What is in stock, or in another state, now; undefined: no record. */
  quantity(variation: string, location: string, stockState?: string): string | undefined;
  changes(): readonly RecordedChange[];
  /** How many access tokens were given out. */
  tokensGiven(): number;
};
export type SquareSandbox = SandboxControl & SquareControl & Served;

/** A Square that behaves as its contract says. `machine`: ms since 1970, where the world sets no time of its own. */
export function createSquareSandbox(world: WorldInput, machine: () => number): Sandbox<SquareControl> {
  const state = createState(worldSchema.parse(world), machine);
  const access = createAccess(state.world, state.clock);
  const desk = createSignInDesk(state.world, state.clock, access);
  const api = createApi(state, access, desk);
  const system: SandboxSystem = {
    system: 'square',
    answer: api,
    answerHalf: (request) => halfOf(api, request),
    isChange: ({ url }) => url.pathname === '/v2/inventory/changes/batch-create',
    errorText: (status) => errorsText(status, codeOf(status)),
    errorsIn200: () => errorsText(500, 'INTERNAL_SERVER_ERROR'),
    expireToken: access.expire,
    restoreToken: access.restore,
    sale: (input) => sell(state, saleSchema.parse(input)),
    views: { changes: () => state.stock.all() },
  };
  const { control, reply } = createSandbox(system, state.clock);
  return {
    control: {
      ...control,
      quantity(variation, location, stockState = 'IN_STOCK') {
        const count = state.stock.count(variation, location, stockState, state.clock.now());
        return count === undefined ? undefined : countText(count);
      },
      changes: () => state.stock.all(),
      tokensGiven: desk.given,
    },
    reply,
  };
}

/** The same behind an address of this machine. `port` 0 takes a free one. */
export function startSquareSandbox(
  world: WorldInput,
  options: { port?: number; clock?: () => number } = {},
): Promise<SquareSandbox> {
  return serveSandbox(createSquareSandbox(world, options.clock ?? Date.now), options);
}

const saleSchema = z.object({
  variation: z.string(),
  location: z.string(),
  quantity: z.string(),
  /** Between other states than at a till: a delivery, a reservation. */
  fromState: z.string().default('IN_STOCK'),
  toState: z.string().default('SOLD'),
  /** When it happened, where a till that was offline tells of it late. */
  occurredAt: z.string().optional(),
});

/** Somebody else changes stock, as a rule by a sale at the till at this moment. */
function sell(state: SquareState, sale: z.infer<typeof saleSchema>): void {
  const at = state.clock.now();
  state.stock.append({
    type: 'ADJUSTMENT',
    variation: sale.variation,
    location: sale.location,
    fromState: sale.fromState,
    toState: sale.toState,
    quantity: sale.quantity,
    occurredAt: sale.occurredAt === undefined ? at : Date.parse(sale.occurredAt),
    createdAt: at,
    occurredAtText: sale.occurredAt ?? new Date(at).toISOString(),
  });
}

function halfOf(api: Api, request: SandboxRequest): SandboxAnswer {
  const changes = membersOf(JSON.parse(request.text))['changes'];
  return api(request, { onlyChanges: Array.isArray(changes) ? Math.floor(changes.length / 2) : 0 });
}

function errorsText(status: number, code: string): string {
  return JSON.stringify({ errors: refuse(status, code, 'A fault of the sandbox').errors });
}
