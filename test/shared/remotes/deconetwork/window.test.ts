import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RemoteError } from '../../../../shared/ports/remote-inventory.ts';
import { listMovements, movementOf } from '../../../../shared/remotes/deconetwork/movements.ts';
import { siteOf, type DecoSite } from '../../../../shared/remotes/deconetwork/site.ts';
import { sandboxHttpClient } from '../../../sandbox/chassis/http-client.ts';
import { createDeconetworkSandbox } from '../../../sandbox/deconetwork/deconetwork-sandbox.ts';
import type { DecoBehaviour, GivenEvent } from '../../../sandbox/deconetwork/world.ts';

const LOGIN = { username: 'stock', password: 'secret' };
const START = Date.UTC(2026, 2, 1);
const text = (second: number) => new Date(START + second * 1000).toISOString();
const WINDOW = { from: text(10), to: text(400) };

const behaviour = fc.record({
  sort: fc.constantFrom('rising' as const, 'falling' as const, 'none' as const),
  sortby: fc.constantFrom('fields' as const, 'ignored' as const),
  betweenIncludesEnds: fc.boolean(),
  pageRows: fc.constantFrom(3, 7, 100),
});
/** Clumps of events, as one delivery of many SKUs makes them, inside the window and around it. */
const events = fc
  .array(
    fc.record({
      second: fc.integer({ min: 0, max: 420 }),
      rows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 }), fc.constant(130)),
      record: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 25 },
  )
  .map((clumps) =>
    clumps
      .toSorted((one, other) => one.second - other.second)
      .flatMap(({ second, rows, record }, clump): GivenEvent[] =>
        Array.from({ length: rows }, (_, row) => ({
          inventory_id: (record * 37 + row) % 50,
          created_at: text(second).slice(0, 19),
          new_qty: clump * 200 + row,
        })),
      ),
  );

function start(given: readonly GivenEvent[], switches: Partial<DecoBehaviour>) {
  const world = { clock: text(1000), ...LOGIN, events: [...given], behaviour: switches };
  const sandbox = createDeconetworkSandbox(world, () => 0);
  const site = siteOf({ address: 'https://shop.example.test', ...LOGIN }, sandboxHttpClient(sandbox));
  return { ...sandbox.control, site };
}

async function readAll(site: DecoSite, between: () => void = () => undefined): Promise<string[] | RemoteError> {
  const keys: string[] = [];
  for (let cursor: string | undefined, pages = 0; pages < 2000; pages += 1) {
    const page: Awaited<ReturnType<typeof listMovements>> = await listMovements(
      site,
      cursor === undefined ? WINDOW : { ...WINDOW, cursor },
    );
    if (!page.ok) return page.error;
    expect(page.value.movements.length).toBeLessThanOrEqual(100);
    expect(page.value.movements.map((row) => row.happenedAt)).toEqual(
      page.value.movements.map((row) => row.happenedAt).toSorted(),
    );
    keys.push(...page.value.movements.map((row) => row.key));
    cursor = page.value.cursor;
    if (cursor === undefined) return keys.toSorted();
    expect(cursor.length).toBeLessThan(4000);
    between();
  }
  throw new Error('pages without end');
}

const keyOf = (event: GivenEvent) =>
  movementOf({
    inventoryId: event.inventory_id ?? 0,
    createdAt: `${event.created_at ?? ''}.000Z`,
    ...(event.change_type === undefined ? {} : { changeType: event.change_type }),
    before: String(event.old_qty),
    after: String(event.new_qty),
  }).key;

describe('reading a window without loss', () => {
  test('R433 every event of the window comes exactly as often as it is there, whatever the order and the pages', async () => {
    await fc.assert(
      fc.asyncProperty(events, behaviour, async (given, switches) => {
        const { site, events: stored } = start(given, switches);
        const expected = stored()
          .filter((event) => event.created_at >= WINDOW.from.slice(0, 19) && event.created_at < WINDOW.to.slice(0, 19))
          .map(keyOf);
        expect(await readAll(site)).toEqual(expected.toSorted());
      }),
      { numRuns: 150 },
    );
  });

  test('R434 events of one second may come in another order on every page: nothing is lost while they fit on one', async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.constantFrom('rising' as const, 'falling' as const), async (given, sort) => {
        const perSecond = new Map<string, number>();
        const few = given.filter(({ created_at: at = '' }) => {
          perSecond.set(at, (perSecond.get(at) ?? 0) + 1);
          return (perSecond.get(at) ?? 0) < 100;
        });
        const { site, events: stored } = start(few, { sort, shufflesTies: true });
        const expected = stored()
          .filter((event) => event.created_at >= WINDOW.from.slice(0, 19) && event.created_at < WINDOW.to.slice(0, 19))
          .map(keyOf);
        expect(await readAll(site)).toEqual(expected.toSorted());
      }),
      { numRuns: 60 },
    );
  });

  test('R435 a reading that ends has every event that was there when it began, or it starts again', async () => {
    await fc.assert(
      fc.asyncProperty(events, behaviour, fc.array(fc.integer({ min: 0, max: 420 })), async (given, switches, late) => {
        const { site, add, events: stored } = start(given, switches);
        const inWindow = () =>
          stored()
            .filter(
              (event) => event.created_at >= WINDOW.from.slice(0, 19) && event.created_at < WINDOW.to.slice(0, 19),
            )
            .map(keyOf)
            .toSorted();
        const seconds = [...late];
        const read = await readAll(site, () => {
          const second = seconds.pop();
          if (second !== undefined) add({ inventory_id: 99, created_at: text(second).slice(0, 19), new_qty: second });
        });
        if (Array.isArray(read)) expect(read).toEqual(inWindow());
        else expect(read.code).toBe('cursor_expired');
      }),
      { numRuns: 100 },
    );
  });
});
