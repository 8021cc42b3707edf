import { describe, expect, test } from 'vitest';
import { shiphero } from '../../../../shared/remotes/shiphero/shiphero.ts';
import { BIN, line, start } from './stand.ts';

const REF = 'tb-0123456789abcdef0123456789abcdef';
const since = '2026-03-01T10:00:00.000Z';
const gain = shiphero.freeze([line(REF, '5')]);
const count = shiphero.freeze([line(REF, '40', { change: 'count' })]);
const missing = { ok: true, value: { receipts: [], doubtful: [] } };
const arrived = { ok: true, value: { receipts: [{ ref: REF, remoteId: expect.any(String) }], doubtful: [] } };

describe('ShipHero connector: reading back', () => {
  test.each(['warehouse', 'location'])(
    'R335 what arrived is found by our reference, whosever figure the history tells: %s',
    async (previousOnHand) => {
      const { remote, sandbox } = start({}, { previousOnHand });
      sandbox.control.sale({ sku: 'TEA', location: BIN, quantity: 1 });
      sandbox.control.advance(60_000);
      expect(await remote.readBack(gain, { since })).toEqual(missing);
      sandbox.control.fault({ kind: 'applyThenDrop' });
      await remote.push(gain);
      sandbox.control.sale({ sku: 'TEA', location: BIN, quantity: 2 });
      expect(await remote.readBack(gain, { since })).toEqual(arrived);
      expect(await remote.readBack(count, { since })).toEqual(arrived);
      expect(await remote.readBack(shiphero.freeze([line('tb-other', '5')]), { since })).toEqual(missing);
    },
  );

  test('R336 a history that is behind the figures is waited for; one that stays behind is for a person', async () => {
    const { remote, sandbox } = start({}, { changesLagMs: 3_600_000 });
    sandbox.control.advance(600_000);
    sandbox.control.fault({ kind: 'applyThenDrop' });
    await remote.push(gain);
    const behind = { error: { code: 'unavailable', retryAfterMs: 30_000 } };
    expect(await remote.readBack(gain, { since })).toMatchObject(behind);
    sandbox.control.advance(9 * 60_000);
    expect(await remote.readBack(gain, { since })).toMatchObject(behind);
    sandbox.control.advance(60_000);
    expect(await remote.readBack(gain, { since })).toEqual({
      ok: true,
      value: { receipts: [], doubtful: [{ ref: REF, before: null, now: '17' }] },
    });
    sandbox.control.advance(3_600_000);
    expect(await remote.readBack(gain, { since })).toEqual(arrived);
  });

  test('R373 a history that leads to the figure by chance, because two writes are missing in it, proves nothing', async () => {
    const { remote, sandbox } = start({}, { changesLagMs: 180_000 });
    sandbox.control.sale({ sku: 'TEA', location: BIN, quantity: 1 });
    sandbox.control.advance(600_000);
    expect(await remote.readBack(gain, { since })).toEqual(missing);
    sandbox.control.fault({ kind: 'applyThenDrop' });
    await remote.push(gain);
    sandbox.control.advance(20_000);
    sandbox.control.sale({ sku: 'TEA', location: BIN, quantity: 5 });
    expect(await remote.readBack(gain, { since })).toMatchObject({ error: { code: 'unavailable' } });
    sandbox.control.advance(200_000);
    expect(await remote.readBack(gain, { since })).toEqual(arrived);
  });

  test('R337 a reason that was cut is known by what is left of it, or the line is in doubt', async () => {
    for (const [reasonLength, expected] of [
      [40, arrived],
      [24, arrived],
      [15, { ok: true, value: { receipts: [], doubtful: [{ ref: REF, before: '12', now: '17' }] } }],
      [5, { ok: true, value: { receipts: [], doubtful: [{ ref: REF, before: '12', now: '17' }] } }],
    ] as const) {
      const { remote } = start({}, { reasonLength });
      await remote.push(gain);
      expect(await remote.readBack(gain, { since })).toEqual(expected);
      expect(await remote.readBack(shiphero.freeze([line('tb-other', '4')]), { since })).toEqual(missing);
    }
  });

  test('R338 what was done twice, or by less, is never told as arrived', async () => {
    const twice = start();
    await twice.remote.push(gain);
    await twice.remote.push(gain);
    expect(await twice.remote.readBack(gain, { since })).toEqual({
      ok: true,
      value: { receipts: [], doubtful: [{ ref: REF, before: '12', now: '22' }] },
    });
    const clipped = start({}, { overRemoval: 'clip' });
    const loss = shiphero.freeze([line(REF, '-15')]);
    await clipped.remote.push(loss);
    expect(await clipped.remote.readBack(loss, { since })).toEqual({
      ok: true,
      value: { receipts: [], doubtful: [{ ref: REF, before: '12', now: '0' }] },
    });
  });

  test('R339 a count that stands at its figure has arrived, though the history keeps no entry of it', async () => {
    const { remote } = start({}, { logsUnchanged: false });
    const same = shiphero.freeze([line(REF, '12', { change: 'count' })]);
    expect(await remote.push(same)).toMatchObject({ ok: true });
    expect(await remote.readBack(same, { since })).toEqual({
      ok: true,
      value: { receipts: [{ ref: REF }], doubtful: [] },
    });
    const fresh = start();
    expect(await fresh.remote.readBack(count, { since })).toEqual(missing);
  });

  test('R340 a refusal without a code is looked into: what is surely not there is refused, the rest is open', async () => {
    const { remote, sandbox } = start({}, { refusalCodes: false });
    const loss = shiphero.freeze([line(REF, '-15')]);
    expect(await remote.push(loss)).toMatchObject({ error: { code: 'rejected', refs: [REF], detail: /Not enough/ } });
    expect(sandbox.control.quantity('TEA', BIN)).toBe(12);
    const behind = start({}, { refusalCodes: false, changesLagMs: 60_000 });
    await behind.remote.push(gain);
    behind.sandbox.control.sale({ sku: 'TEA', location: BIN, quantity: 10 });
    const other = shiphero.freeze([line(REF, '-99')]);
    expect(await behind.remote.push(other)).toMatchObject({ error: { code: 'unknown_outcome' } });
  });

  test('R341 a history of many pages is read to its end', async () => {
    const { remote, sandbox } = start({ credits: { max: 100_000 } });
    await remote.push(gain);
    for (let sale = 0; sale < 130; sale += 1) {
      sandbox.control.advance(1000);
      sandbox.control.sale({ sku: 'TEA', location: BIN, quantity: 1 });
    }
    for (const order of ['oldest', 'newest']) {
      const other = start({ credits: { max: 100_000 } }, { order });
      await other.remote.push(gain);
      for (let sale = 0; sale < 60; sale += 1) other.sandbox.control.sale({ sku: 'TEA', location: BIN, quantity: 1 });
      expect(await other.remote.readBack(gain, { since })).toEqual(arrived);
    }
    expect(await remote.readBack(gain, { since })).toEqual(arrived);
    sandbox.control.fault({ kind: 'status', status: 503 });
    expect(await remote.readBack(gain, { since })).toMatchObject({ error: { code: 'unavailable' } });
  });
});
