import { GraphQLError, type ExecutionResult } from 'graphql';
import { z } from 'zod';
import type { SandboxAnswer, SandboxRequest, SandboxSystem } from '../chassis/messages.ts';
import type { SandboxControl } from '../chassis/control.ts';
import { createSandbox, type Sandbox } from '../chassis/sandbox.ts';
import { serveSandbox, type Served } from '../chassis/server.ts';
import { isMutation, prepare, run, type Prepared } from './documents.ts';
import { createMutations } from './mutations.ts';
import { createQueries, type Args, type RootFields } from './queries.ts';
import { createState, type ShipheroState } from './state.ts';
import type { Change } from './stock.ts';
import type { FetchFile } from './syncs.ts';
import { shipheroWorldSchema } from './world.ts';

/** What a test may ask beside the switches that every sandbox has. */
export type ShipheroControl = {
  /** Pieces in a location now; undefined: no row. Without a location, on hand in the warehouse. */
  quantity(sku: string, location: string): number | undefined;
  onHand(sku: string, warehouse: string): number | undefined;
  changes(): readonly Change[];
  credits(): number;
  /** Neither the password nor a refresh token opens anything any more. */
  revoke(): void;
  tokensGiven(): number;
};

const requestSchema = z.object({
  query: z.string(),
  variables: z.unknown().optional(),
  operationName: z.unknown().optional(),
});
const saleSchema = z.object({
  sku: z.string(),
  location: z.string(),
  quantity: z.coerce.number().int(),
  reason: z.string().default('Order 1001 shipped'),
});

/** Fetches over the network, as a worker of the vendor would. */
const fetchOverHttp: FetchFile = async (url) => {
  const answer = await fetch(url, { redirect: 'follow' });
  return { status: answer.status, text: await answer.text() };
};

/**
 * A whole ShipHero without its socket. `fetchFile` fetches the files of `inventory_sync`: over HTTP unless another way is
 * given.
 */
export function createShipheroSandbox(
  world: unknown,
  machine: () => number = Date.now,
  options: { fetchFile?: FetchFile } = {},
): Sandbox<ShipheroControl> {
  const state = createState(shipheroWorldSchema.parse(world), machine, options.fetchFile ?? fetchOverHttp);
  const { control, reply } = createSandbox(createSystem(state), state.clock);
  const { stock } = state;
  return {
    reply,
    control: {
      ...control,
      quantity: (sku, location) =>
        stock.shelves.find((one) => one.product.sku === sku && one.rows.has(location))?.rows.get(location),
      onHand: (sku, warehouse) =>
        stock.shelves.find((one) => one.product.sku === sku && one.warehouse === warehouse)?.onHand,
      changes: () => stock.changes,
      credits: () => state.credits.remaining(),
      revoke: () => state.access.revoke(),
      tokensGiven: () => state.access.given(),
    },
  };
}

/** A ShipHero served on the loopback address. */
export function startShipheroSandbox(
  world: unknown,
  options: { port?: number; clock?: () => number } = {},
): Promise<SandboxControl & ShipheroControl & Served> {
  return serveSandbox(createShipheroSandbox(world, options.clock ?? Date.now), options);
}

function createSystem(state: ShipheroState): SandboxSystem {
  let origin = '';
  const root = rootOf({ ...createQueries(state), ...createMutations(state, () => origin) }, state);
  const { behaviour } = state.world;

  const answerNow = (request: SandboxRequest, half = false): SandboxAnswer => {
    const { pathname } = request.url;
    if (pathname.startsWith('/auth/')) return state.access.answer(pathname, request.text);
    if (request.method === 'GET') return answerFile(state, pathname);
    if (pathname !== '/graphql') return { status: 404, text: JSON.stringify({ message: 'not found' }) };
    if (!state.access.isGood(request.headers['authorization'])) return tokenRefusal(state);
    const asked = parseRequest(request.text);
    if (asked === undefined)
      return { status: 400, text: said({ errors: [{ message: 'Must provide query string.' }] }) };
    origin = request.headers['host'] === undefined ? request.url.origin : `http://${request.headers['host']}`;
    const prepared = prepare(asked, half);
    if (!('document' in prepared)) return { status: 200, text: said({ errors: prepared.map((one) => one.toJSON()) }) };
    const price = [...prepared.prices.values()].reduce((sum, one) => sum + one, 0);
    if (!state.credits.take(price)) return creditsRefusal(state, price);
    return { status: 200, text: said(shown(run(prepared, root), state)) };
  };
  const answer = (request: SandboxRequest, half = false): SandboxAnswer | Promise<SandboxAnswer> => {
    const work = state.syncs.settle();
    state.snapshots.settle();
    return work === undefined ? answerNow(request, half) : work.then(() => answerNow(request, half));
  };
  return {
    system: 'shiphero',
    answer: (request) => answer(request),
    answerHalf: (request) => answer(request, true),
    isChange: ({ url, text }) => url.pathname === '/graphql' && isMutation(parseRequest(text)?.query ?? ''),
    errorText: (status) =>
      status >= 500 ? '<html><body><h1>Service unavailable</h1></body></html>' : said({ message: `status ${status}` }),
    errorsIn200: () =>
      said({ errors: [{ message: 'An unexpected error occurred', request_id: state.requestId() }], data: null }),
    expireToken: () => state.access.expire(),
    restoreToken: () => state.access.restore(),
    sale(input) {
      const { sku, location, quantity, reason } = saleSchema.parse(input);
      const shelf = state.stock.shelves.find(
        (one) => one.product.sku === sku && one.warehouse === state.stock.places.get(location)?.warehouse,
      );
      if (shelf === undefined)
        throw new z.ZodError([{ code: 'custom', path: ['sku'], message: 'no such stock', input }]);
      state.stock.set(shelf, location, (shelf.rows.get(location) ?? 0) - quantity, reason);
    },
    setCredits: (remaining) => state.credits.set(remaining),
    extra: { revoke: () => state.access.revoke() },
    views: { changes: () => state.stock.changes, behaviour: () => behaviour },
  };
}

/** The root of every execution: each field answers in its envelope, and `analyze` answers the price alone. */
function rootOf(fields: RootFields, state: ShipheroState): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      (args: Args, prepared: Prepared, info: { path: { key: string } }) => {
        const { key } = info.path;
        if (args['analyze'] === true) return { request_id: state.requestId(), complexity: prepared.analyzed(key) };
        return { request_id: state.requestId(), complexity: prepared.prices.get(key) ?? 0, ...field(args) };
      },
    ]),
  );
}

/** Errors as the vendor writes them: `code` beside `message`, and always within a 200 (contracts: ShipHero 5). */
function shown(result: ExecutionResult, state: ShipheroState): unknown {
  if (!result.errors) return result;
  return {
    data: result.data ?? null,
    errors: result.errors.map((error) => {
      if (error.originalError && !(error.originalError instanceof GraphQLError)) throw error.originalError;
      const code = state.world.behaviour.refusalCodes ? error.extensions['code'] : undefined;
      return {
        ...(code === undefined ? {} : { code }),
        message: error.message,
        operation: String(error.path?.[0] ?? ''),
        request_id: state.requestId(),
        locations: error.locations,
        path: error.path,
      };
    }),
  };
}

function creditsRefusal(state: ShipheroState, required: number): SandboxAnswer {
  const { creditsStatus, creditsMembers } = state.world.behaviour;
  const left = state.credits.remaining();
  const seconds = Math.max(1, Math.ceil((required - left) / Math.max(1, state.credits.perSecond)));
  const members = { required_credits: required, remaining_credits: left, time_remaining: `${seconds} seconds` };
  const message =
    `There are not enough credits to perform the requested operation, which requires ${required} credits, but there are ` +
    `only ${left} left. In ${seconds} seconds you will have enough credits to perform the operation`;
  const error = { code: 30, message, operation: '', request_id: state.requestId() };
  const whole =
    creditsMembers === 'beside'
      ? { ...error, ...members }
      : creditsMembers === 'extensions'
        ? { ...error, extensions: members }
        : error;
  return { status: creditsStatus, text: said({ errors: [whole] }) };
}

function tokenRefusal(state: ShipheroState): SandboxAnswer {
  const { tokenError } = state.world.behaviour;
  if (tokenError === 'errors')
    return { status: 200, text: said({ errors: [{ message: 'Access token is invalid or expired' }], data: null }) };
  return { status: Number(tokenError), text: said({ message: 'Unauthorized' }) };
}

function answerFile(state: ShipheroState, path: string): SandboxAnswer {
  const file = state.snapshots.file(path);
  if (file === null)
    return { status: 403, text: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>' };
  return file === undefined
    ? { status: 404, text: '<Error><Code>NoSuchKey</Code></Error>' }
    : { status: 200, text: file };
}

function parseRequest(text: string): z.output<typeof requestSchema> | undefined {
  try {
    return requestSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function said(value: unknown): string {
  return JSON.stringify(value);
}
