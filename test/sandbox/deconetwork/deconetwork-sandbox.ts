import { z } from 'zod';
import { createClock } from '../chassis/clock.ts';
import type { SandboxControl } from '../chassis/control.ts';
import type { SandboxAnswer, SandboxRequest, SandboxSystem } from '../chassis/messages.ts';
import { createSandbox, type Sandbox } from '../chassis/sandbox.ts';
import { serveSandbox, type Served } from '../chassis/server.ts';
import { createSite } from './site.ts';
import { createStock, type StoredEvent } from './stock.ts';
import { givenEventSchema, worldSchema, type GivenEvent, type WorldInput } from './world.ts';

/** What a test may ask of a DecoNetwork site beside the common switches. */
export type DecoControl = {
  /** Every event as the site answers it, in the order in which they were recorded. */
  events(): readonly StoredEvent[];
  /** Somebody changes stock at the site. */
  add(event: GivenEvent): void;
  /** What the site holds of a SKU; undefined: nothing is known. */
  quantity(sku: string): string | undefined;
};
export type DecoSandbox = SandboxControl & DecoControl & Served;

const times = z.number().int().min(1).default(1);
/** `quantity` sold of one SKU. */
const saleSchema = z.object({
  dn_sku_id: z.string().optional(),
  inventory_id: z.number().int().optional(),
  quantity: z.coerce.number(),
});
const eventSchema = givenEventSchema.extend({ kind: z.literal('event') });
/** After each of the next `times` answers with rows, `events` are recorded. */
const betweenSchema = z.object({
  kind: z.literal('addBetweenPages'),
  times,
  events: z.array(givenEventSchema).min(1),
});
/** The next `times` answers lack a row in their middle, which `total` counts all the same. */
const skipSchema = z.object({ kind: z.literal('skipRow'), times });

/** A site that behaves as its contract says; it can only be read. `machine`: ms since 1970, where the world has no clock. */
export function createDeconetworkSandbox(world: WorldInput, machine: () => number): Sandbox<DecoControl> {
  const { clock: standsAt, deconetwork } = worldSchema.parse(world);
  const clock = createClock(standsAt, machine);
  const stock = createStock(deconetwork, clock);
  const site = createSite(deconetwork, stock);
  const system: SandboxSystem = {
    system: 'deconetwork',
    answer: (request: SandboxRequest): SandboxAnswer => site.answer(request),
    isChange: () => false,
    errorText: (status) => `<!doctype html><html><head><title>${status}</title></head><body>Oops</body></html>`,
    errorsIn200: () =>
      JSON.stringify({ response_status: { code: 99_999, severity: 'ERROR', description: 'A fault of the sandbox' } }),
    expireToken: () => site.refuseLogins(true),
    restoreToken: () => site.refuseLogins(false),
    sale(input) {
      const { dn_sku_id: sku, inventory_id: id, quantity } = saleSchema.parse(input);
      const which = {
        ...(sku === undefined ? {} : { dn_sku_id: sku }),
        ...(id === undefined ? {} : { inventory_id: id }),
      };
      if (!stock.sell(which, quantity))
        throw new z.ZodError([{ code: 'custom', path: ['dn_sku_id'], message: 'no such SKU', input }]);
    },
    extra: {
      event: (input) => void stock.add(eventSchema.parse(input)),
      addBetweenPages(input) {
        const { events, times: count } = betweenSchema.parse(input);
        site.afterPages(count, () => events.forEach((event) => stock.add(event)));
      },
      skipRow: (input) => site.skipRows(skipSchema.parse(input).times),
    },
    views: { events: () => stock.events() },
  };
  const { control, reply } = createSandbox(system, clock);
  return {
    control: {
      ...control,
      events: () => stock.events(),
      add: (event) => void stock.add(event),
      quantity(sku) {
        const level = stock.level(stock.inventoryOf(sku) ?? -1);
        return level === undefined ? undefined : String(level);
      },
    },
    reply,
  };
}

/** The same behind an address of this machine. `port` 0 takes a free one. */
export function startDeconetworkSandbox(
  world: WorldInput,
  options: { port?: number; clock?: () => number } = {},
): Promise<DecoSandbox> {
  return serveSandbox(createDeconetworkSandbox(world, options.clock ?? Date.now), options);
}
