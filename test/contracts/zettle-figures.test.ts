import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatQuantity } from '../../shared/domain/quantity.ts';
import type { PlannedLine } from '../../shared/ports/remote-inventory.ts';
import { listCounts } from '../../shared/remotes/zettle/counts.ts';
import { freeze } from '../../shared/remotes/zettle/freeze.ts';
import { variantId, type Generation } from '../../shared/remotes/zettle/ids.ts';
import type { FaultInput } from '../sandbox/chassis/faults.ts';
import type { WholeZettleWorldInput } from '../sandbox/zettle/world.ts';
import {
  CLOCK,
  ITEMS,
  openDesk,
  PLACES,
  placeOf,
  PRODUCTS,
  uuidOfTest,
  VARIANTS,
  zettleWorld,
} from './zettle-world.ts';

const GENERATIONS: readonly Generation[] = ['v2', 'v3'];

function line(ref: string, remoteItem: string, quantity: string, generation: Generation): PlannedLine {
  const remoteLocation = placeOf(generation);
  return { ref, item: ref, remoteItem, remoteLocation, change: 'adjust', quantity, bins: ['A'], occurredAt: CLOCK };
}

/** A shop with that many tracked products of one variant each. */
function largeWorld(products: number): WholeZettleWorldInput {
  const world = zettleWorld();
  const rows = Array.from({ length: products }, (_, at) => ({
    uuid: uuidOfTest('21', at),
    variants: [{ uuid: uuidOfTest('31', at), balance: String(at) }],
  }));
  return { ...world, zettle: { ...world.zettle, products: rows } };
}

describe('Zettle figures', () => {
  test('R223 tracked without a row is zero, not tracked is no figure', async () => {
    for (const generation of GENERATIONS) {
      for (const zeroRows of [false, true]) {
        const { remote } = openDesk({ zeroRows }, { generation });
        const items = [ITEMS.bigTea, ITEMS.candles, ITEMS.flour, ITEMS.missing];
        const page = await remote.counts({ locations: [placeOf(generation)], items });
        expect(page.ok && page.value.counts.map(({ quantity, tracked }) => [quantity, tracked])).toEqual([
          ['0', true],
          [null, false],
          ['2.5', true],
          [null, false],
        ]);
      }
    }
  });

  test('R250 a whole place tells every tracked variant, those at zero too, and nothing that is not tracked', async () => {
    for (const generation of GENERATIONS) {
      const { remote } = openDesk({ productsPerPage: 2, pageRows: 1 }, { generation });
      const locations = generation === 'v2' ? [placeOf('v2')] : [placeOf('v3'), placeOf('v3', PLACES.ANNEX)];
      const first = await remote.counts({ locations });
      expect(first.ok && first.value.counts.map(({ remoteItem, quantity }) => [remoteItem, quantity])).toEqual([
        [ITEMS.tea, '12'],
        [ITEMS.bigTea, '0'],
        [ITEMS.cups, '30'],
        [ITEMS.flour, '2.5'],
      ]);
      const cursor = first.ok ? first.value.cursor : undefined;
      expect(cursor === undefined).toBe(generation === 'v2');
      if (cursor === undefined) continue;
      const second = await remote.counts({ locations, cursor });
      expect(second.ok && second.value.counts.map(({ quantity }) => quantity)).toEqual(['0', '0', '4', '0']);
      expect(second.ok && second.value.cursor).toBeUndefined();
    }
  });

  test('R251 up to a hundred products are one question, more are more pages', async () => {
    const { remote, sandbox } = openDesk({}, {}, largeWorld(101));
    await remote.locations();
    const items = Array.from({ length: 101 }, (_, at) =>
      variantId({ product: uuidOfTest('21', at), variant: uuidOfTest('31', at) }),
    );
    const before = sandbox.control.askedAt().length;
    const page = await remote.counts({ locations: [placeOf('v2')], items: items.slice(0, 100) });
    expect(page.ok && [page.value.counts.length, page.value.cursor]).toEqual([100, undefined]);
    expect(sandbox.control.askedAt().length).toBe(before + 1);
    const first = await remote.counts({ locations: [placeOf('v2')], items });
    if (!first.ok || first.value.cursor === undefined) throw new Error('no second page');
    const second = await remote.counts({ locations: [placeOf('v2')], items, cursor: first.value.cursor });
    expect(second.ok && [second.value.counts.map(({ quantity }) => quantity), second.value.cursor]).toEqual([
      ['100'],
      undefined,
    ]);
  });

  test('R252 a product that is gone does not keep the others from being read', async () => {
    for (const generation of GENERATIONS) {
      const { remote } = openDesk({ refusesUnknownProducts: true }, { generation });
      const page = await remote.counts({
        locations: [placeOf(generation)],
        items: [ITEMS.missing, ITEMS.tea, ITEMS.bigTea],
      });
      expect(page.ok && page.value.counts.map(({ quantity }) => quantity)).toEqual([null, '12', '0']);
    }
  });

  test('R253 a balance that cannot be held exactly is told, never left out', async () => {
    const { remote, sandbox, account } = openDesk();
    await remote.locations();
    const tooFine = JSON.stringify({
      locationUuid: PLACES.STORE,
      trackedProducts: [PRODUCTS.tea],
      variants: [{ productUuid: PRODUCTS.tea, variantUuid: VARIANTS.tea, balance: '0.1234567' }],
    });
    const http = () => Promise.resolve({ ok: true, value: { status: 200, headers: {}, body: tooFine } } as const);
    const answer = await listCounts({ ...account, http }, { locations: [placeOf('v2')], items: [ITEMS.tea] });
    expect(answer).toMatchObject({ error: { code: 'bad_answer', detail: expect.stringContaining('0.1234567') } });
    expect(sandbox.control.quantity(VARIANTS.tea)).toBe('12');
    expect(await remote.counts({ locations: ['nowhere'] })).toMatchObject({ error: { code: 'rejected' } });
    expect(await remote.counts({ locations: [] })).toEqual({ ok: true, value: { counts: [] } });
  });

  test('R254 whatever part of a request arrived, the figures name it, and others who sold make a doubt', async () => {
    const faults: readonly (FaultInput | null)[] = [
      null,
      { kind: 'drop', path: '/organizations/self/inventory' },
      { kind: 'applyThenDrop' },
      { kind: 'applyThenFail', status: 500 },
      { kind: 'applyHalfThenFail', status: 429 },
    ];
    const runOf = fc.record({
      generation: fc.constantFrom(...GENERATIONS),
      amounts: fc.uniqueArray(
        fc.integer({ min: -500_000, max: 500_000 }).filter((steps) => steps !== 0),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      fault: fc.constantFrom(...faults),
      sold: fc.array(fc.nat(5), { maxLength: 2 }),
      readBalances: fc.constantFrom('string', 'number'),
      atomicRequests: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(runOf, async ({ generation, amounts, fault, sold, ...behaviour }) => {
        const world = largeWorld(6);
        const { remote, sandbox } = openDesk(
          {},
          { generation },
          { ...world, zettle: { ...world.zettle, behaviour: { ...behaviour, generation } } },
        );
        const lines = amounts.map((steps, at) => {
          const id = variantId({ product: uuidOfTest('21', at), variant: uuidOfTest('31', at) });
          return line(`l${at}`, id, formatQuantity(BigInt(steps)), generation);
        });
        const request = freeze(lines);
        const items = lines.map((one) => one.remoteItem);
        const before = await remote.counts({ locations: [placeOf(generation)], items });
        if (!before.ok) throw new Error(before.error.detail);
        if (fault !== null)
          sandbox.control.fault(generation === 'v3' && 'path' in fault ? { ...fault, path: '/v3/movements' } : fault);
        const known = { since: CLOCK, before: before.value.counts };
        await remote.push(request);
        const moved = sandbox.control
          .movements()
          .filter(({ by }) => by === 'api')
          .map(({ variant }) => variant);
        const isSold = (at: number) => sold.includes(at);
        // More than any line is about, so that no sale can be mistaken for one.
        for (const at of sold) sandbox.control.sale({ variant: uuidOfTest('31', at), quantity: '7.00001' });
        const back = await remote.readBack(request, known);
        if (!back.ok) throw new Error(back.error.detail);
        const arrived = lines.filter((_, at) => moved.includes(uuidOfTest('31', at)) && !isSold(at));
        expect(back.value.receipts.map(({ ref }) => ref)).toEqual(arrived.map(({ ref }) => ref));
        const doubts = lines.filter((_, at) => isSold(at));
        expect(back.value.doubtful.map(({ ref }) => ref)).toEqual(doubts.map(({ ref }) => ref));
        for (const { ref, now } of back.value.doubtful)
          expect(now).toBe(sandbox.control.quantity(uuidOfTest('31', Number(ref.slice(1)))));
      }),
      { numRuns: 200 },
    );
  });

  test('R255 without figures from before, or of what is not tracked any more, every line is in doubt', async () => {
    const { remote, sandbox } = openDesk();
    const request = freeze([line('tea', ITEMS.tea, '3', 'v2'), line('cup', ITEMS.cups, '-1', 'v2')]);
    await remote.push(request);
    expect(await remote.readBack(request, { since: CLOCK })).toEqual({
      ok: true,
      value: {
        receipts: [],
        doubtful: [
          { ref: 'tea', before: null, now: '15' },
          { ref: 'cup', before: null, now: '29' },
        ],
      },
    });
    const before = [{ remoteItem: ITEMS.tea, remoteLocation: placeOf('v2'), quantity: '12', tracked: true }];
    sandbox.control.turn({ kind: 'tracking', product: PRODUCTS.tea, tracked: false });
    expect(await remote.readBack(request, { since: CLOCK, before })).toMatchObject({
      value: { doubtful: [{ ref: 'tea', before: '12', now: null }, { ref: 'cup' }] },
    });
  });

  test('R256 lines of one figure are judged together, and those that cancel out are in doubt', async () => {
    const { remote } = openDesk();
    const before = [{ remoteItem: ITEMS.tea, remoteLocation: placeOf('v2'), quantity: '12', tracked: true }];
    const known = { since: CLOCK, before };
    const both = freeze([line('one', ITEMS.tea, '3', 'v2'), line('two', ITEMS.tea, '-1', 'v2')]);
    expect(await remote.readBack(both, known)).toEqual({ ok: true, value: { receipts: [], doubtful: [] } });
    await remote.push(both);
    expect(await remote.readBack(both, known)).toMatchObject({ value: { receipts: [{ ref: 'one' }, { ref: 'two' }] } });
    const none = freeze([line('one', ITEMS.cups, '3', 'v2'), line('two', ITEMS.cups, '-3', 'v2')]);
    const cups = [{ remoteItem: ITEMS.cups, remoteLocation: placeOf('v2'), quantity: '30', tracked: true }];
    expect(await remote.readBack(none, { since: CLOCK, before: cups })).toMatchObject({
      value: { receipts: [], doubtful: [{ ref: 'one' }, { ref: 'two' }] },
    });
  });
});
