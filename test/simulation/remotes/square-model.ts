import { square } from '../../../shared/remotes/square/square.ts';
import { createSquareSandbox } from '../../sandbox/square/square-sandbox.ts';
import { stepsOf, textOf } from '../steps.ts';
import type { SandboxRequest } from '../../sandbox/chassis/messages.ts';
import { createOthers, type ModelParts, type RemoteModel, type RemoteThing } from './remote-model.ts';

const OTHERS_TOKEN = 'token-of-others';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Square as its sandbox plays it. */
export function squareModel({ random, now, isOdd, hasLateRequests, hasGhost, hasBare }: ModelParts): RemoteModel {
  const places = random.chance(0.3) ? ['MAIN', 'SHOP'] : ['MAIN'];
  const things: RemoteThing[] = Array.from({ length: random.between(1, 4) }, (_, at) => ({
    sku: `V${at}`,
    remoteItem: `V${at}`,
    precision: random.chance(0.25) ? random.between(1, 5) : 0,
    exists: true,
  }));
  const variations = things.map(({ remoteItem, precision }) => ({
    id: remoteItem,
    item: remoteItem,
    sku: remoteItem,
    precision,
    stock: Object.fromEntries(hasBare && remoteItem === 'V0' ? [] : places.map((place) => [place, '5000'])),
  }));
  if (hasGhost) things.push({ sku: 'GHOST', remoteItem: 'GHOST', precision: 0, exists: false });
  // Where a request may be late or come twice, keys must live longer than that: nobody could do without.
  const lives = hasLateRequests ? [3 * MINUTE, HOUR, 24 * HOUR] : [0, 10_000, HOUR, 24 * HOUR];
  const sandbox = createSquareSandbox(
    {
      tokens: { 'sandbox-token': 'ok', [OTHERS_TOKEN]: 'ok' },
      square: {
        locations: places.map((place) => ({ id: place, name: place })),
        variations,
        behaviour: isOdd
          ? {
              atomicBatches: random.chance(0.5),
              ignoresIdempotencyKeys: !hasLateRequests && random.chance(0.3),
              answersChanges: random.chance(0.5),
              pageRows: random.pick([2, 3, 1000]),
              emptyPages: random.chance(0.3),
              idempotencyKeyLifeMs: random.pick(lives),
              cursorLifeMs: random.pick([5 * MINUTE, 15 * MINUTE]),
              unchanged: random.pick(['calculated', 'last_count'] as const),
            }
          : {},
      },
    },
    now,
  );
  const { control } = sandbox;
  const reservedOf = (thing: RemoteThing, place: string) =>
    stepsOf(control.quantity(thing.remoteItem, place, 'RESERVED_FOR_SALE') ?? '0');
  const figure: RemoteModel['figure'] = (thing, place) =>
    stepsOf(control.quantity(thing.remoteItem, place) ?? '0') + reservedOf(thing, place);
  let recorded = control.changes().length;
  return {
    connector: square,
    takeRecorded() {
      const fresh = control.changes().slice(recorded);
      recorded = control.changes().length;
      return fresh.flatMap((change) => change.referenceId ?? []);
    },
    settings: { baseUrl: 'https://square.invalid' },
    secrets: { accessToken: 'sandbox-token' },
    things,
    places,
    opening: stepsOf('5000'),
    isBare: (thing) => hasBare && thing.remoteItem === 'V0',
    reply: sandbox.reply,
    fault: control.fault,
    isChange: ({ url }) => url.pathname === '/v2/inventory/changes/batch-create',
    isTokenCall: ({ url }) => url.pathname.startsWith('/oauth2/'),
    ...createOthers(
      now,
      (thing, place, steps, happenedAt) => {
        const what = { variation: thing.remoteItem, location: place, quantity: textOf(Math.abs(steps)) };
        if (steps < 0 && happenedAt === undefined) control.sale(what);
        else
          void sandbox.reply(
            noteOf(
              { ...what, states: steps < 0 ? ['IN_STOCK', 'SOLD'] : ['NONE', 'IN_STOCK'] },
              { happened: happenedAt ?? now(), now: now() },
            ),
          );
      },
      figure,
    ),
    reserve(thing, place, steps) {
      const free = stepsOf(control.quantity(thing.remoteItem, place) ?? '0');
      if (reservedOf(thing, place) + steps < 0 || free < steps) return;
      const [fromState, toState] = steps > 0 ? ['IN_STOCK', 'RESERVED_FOR_SALE'] : ['RESERVED_FOR_SALE', 'IN_STOCK'];
      const quantity = textOf(Math.abs(steps));
      control.sale({ variation: thing.remoteItem, location: place, quantity, fromState, toState });
    },
    newestTime({ text }) {
      const times = [...text.matchAll(/"occurred_at":"([^"]+)"/g)].map(([, at = '']) => Date.parse(at));
      return times.length === 0 ? undefined : Math.max(...times);
    },
    backDatesMs: 20 * HOUR,
    expireToken: control.expireToken,
    restoreToken: control.restoreToken,
  };
}

/** Somebody else writes down a delivery, or late a sale, with a client of their own. */
function noteOf(
  what: { variation: string; location: string; quantity: string; states: readonly [string, string] },
  at: { happened: number; now: number },
): SandboxRequest {
  const adjustment = {
    catalog_object_id: what.variation,
    location_id: what.location,
    from_state: what.states[0],
    to_state: what.states[1],
    quantity: what.quantity,
    occurred_at: new Date(at.happened).toISOString(),
  };
  return {
    method: 'POST',
    url: new URL('https://square.invalid/v2/inventory/changes/batch-create'),
    text: JSON.stringify({
      idempotency_key: `others ${at.now} ${what.variation}`,
      changes: [{ type: 'ADJUSTMENT', adjustment }],
    }),
    headers: { authorization: `Bearer ${OTHERS_TOKEN}` },
  };
}
