import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FrozenRequest } from '../../shared/domain/ledger-entry.ts';
import type { PlannedLine, RemoteConnector, RemoteInventory } from '../../shared/ports/remote-inventory.ts';

/** What can be made to go wrong at the remote's next answer. */
export type RemoteFault =
  | 'lost_before'
  | 'lost_after'
  | 'failed_after'
  | 'unavailable'
  | 'too_many'
  | 'too_many_after_half'
  | 'cut_text'
  | 'errors_in_success'
  | 'no_answer';

/** A remote of the kind under test, with a switchboard: a local server that keeps to the vendor's contract. */
export type RemoteStand = {
  /** `full` may do everything, `read_only` may not write, `expired` is a token past its time. */
  open(token: 'full' | 'read_only' | 'expired'): RemoteInventory;
  /** Nobody listens there. */
  openNowhere(): RemoteInventory;
  /** An active place, and three things countable there: two in whole pieces, the first with `stock`, and one in kilograms with three decimals. */
  readonly place: string;
  readonly items: {
    readonly whole: string;
    readonly stock: string;
    readonly other: string;
    readonly unseen: string;
    readonly kilos: string;
  };
  now(): string;
  advance(byMs: number): void;
  fault(fault: RemoteFault): void;
  sale(item: string, quantity: string): void;
  quantity(item: string): string | undefined;
  close(): Promise<void>;
};

export type RemoteDriver = { readonly connector: RemoteConnector; start(): Promise<RemoteStand> };

/** What every remote connector must do, whichever vendor is behind it. */
export function remoteInventoryContract(name: string, driver: RemoteDriver): void {
  const { connector } = driver;
  describe(`remote contract: ${name}`, () => {
    let stand: RemoteStand;
    let remote: RemoteInventory;
    beforeEach(async () => {
      stand = await driver.start();
      remote = stand.open('full');
    });
    afterEach(() => stand.close());

    function line(ref: string, item: string, quantity: string, more: Partial<PlannedLine> = {}): PlannedLine {
      return {
        ref,
        item: ref,
        remoteItem: item,
        remoteLocation: stand.place,
        change: 'adjust',
        quantity,
        bins: ['A-01'],
        occurredAt: stand.now(),
        ...more,
      };
    }
    const freezeOne = (quantity: string): FrozenRequest =>
      connector.freeze([line('ref-1', stand.items.whole, quantity)]);
    const plus = (quantity: string) => String(Number(stand.items.stock) + Number(quantity));
    const since = (): string => new Date(Date.parse(stand.now()) - 3_600_000).toISOString();

    test('R1 the same lines freeze to the same bytes and the same key, other lines to another key', () => {
      const one = connector.freeze([line('ref-1', stand.items.whole, '5'), line('ref-2', stand.items.other, '-2')]);
      expect(connector.freeze([line('ref-1', stand.items.whole, '5'), line('ref-2', stand.items.other, '-2')])).toEqual(
        one,
      );
      for (const other of [freezeOne('5'), freezeOne('6'), connector.freeze([line('ref-9', stand.items.whole, '5')])]) {
        expect(other.id).not.toBe(one.id);
        expect(other.idempotencyKey).not.toBe(one.idempotencyKey);
      }
      expect(one.lines.map((sent) => sent.ref)).toEqual(['ref-1', 'ref-2']);
      expect(one.id.length).toBeLessThanOrEqual(64);
    });

    test('R2 the test call names the account, and the places and things can be listed page by page', async () => {
      expect(await remote.test()).toMatchObject({ ok: true });
      const places = await remote.locations();
      expect(places.ok && places.value.find((one) => one.id === stand.place)?.active).toBe(true);
      const found = new Map<string, number>();
      for (let cursor: string | undefined, pages = 0; pages < 50; pages += 1) {
        const page = await remote.items(cursor);
        if (!page.ok) throw new Error(page.error.code);
        for (const item of page.value.items) found.set(item.id, item.precision);
        cursor = page.value.cursor;
        if (cursor === undefined) break;
      }
      expect(found.get(stand.items.whole)).toBe(0);
      expect(found.get(stand.items.kilos)).toBe(3);
    });

    test('R3 an adjustment changes the figure by its signed amount, and every line has a receipt', async () => {
      const request = connector.freeze([
        line('up', stand.items.whole, '5'),
        line('down', stand.items.other, '-2'),
        line('kilo', stand.items.kilos, '0.125'),
      ]);
      const before = Number(stand.quantity(stand.items.other));
      const answer = await remote.push(request);
      expect(answer.ok && answer.value.map((receipt) => receipt.ref)).toEqual(['up', 'down', 'kilo']);
      expect(stand.quantity(stand.items.whole)).toBe(plus('5'));
      expect(stand.quantity(stand.items.other)).toBe(String(before - 2));
      expect(stand.quantity(stand.items.kilos)).toBe('0.125');
    });

    test('R4 the same request sent again changes nothing more', async () => {
      const request = freezeOne('5');
      const first = await remote.push(request);
      expect(await remote.push(request)).toEqual(first);
      expect(stand.quantity(stand.items.whole)).toBe(plus('5'));
    });

    test('R5 when the answer is lost the outcome is unknown, whether or not it took effect', async () => {
      for (const fault of ['lost_before', 'lost_after', 'failed_after', 'no_answer'] as const) {
        stand.fault(fault);
        expect({ fault, answer: await remote.push(freezeOne('1')) }).toMatchObject({
          fault,
          answer: { ok: false, error: { code: 'unknown_outcome' } },
        });
      }
      expect(stand.quantity(stand.items.whole)).toBe(plus('1'));
    });

    test('R6 reading back names exactly the lines that arrived', async () => {
      const arrived = freezeOne('3');
      expect(await remote.readBack(arrived, since())).toEqual({ ok: true, value: [] });
      stand.fault('lost_after');
      await remote.push(arrived);
      const back = await remote.readBack(arrived, since());
      expect(back.ok && back.value.map((receipt) => receipt.ref)).toEqual(['ref-1']);
      stand.fault('too_many_after_half');
      const four = connector.freeze(['a', 'b', 'c', 'd'].map((ref) => line(ref, stand.items.other, '1')));
      expect(await remote.push(four)).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
      const half = await remote.readBack(four, since());
      expect(half.ok && half.value.map((receipt) => receipt.ref)).toEqual(['a', 'b']);
    });

    test('R7 an answer that is cut or that holds errors is never taken for success', async () => {
      stand.fault('cut_text');
      expect(await remote.push(freezeOne('1'))).toMatchObject({ ok: false, error: { code: 'bad_answer' } });
      stand.fault('errors_in_success');
      expect(await remote.push(freezeOne('2'))).toMatchObject({ ok: false, error: { code: 'unknown_outcome' } });
      stand.fault('errors_in_success');
      expect((await remote.counts({ locations: [stand.place] })).ok).toBe(false);
    });

    test('R8 too many requests says how long to wait', async () => {
      stand.fault('too_many');
      expect(await remote.push(freezeOne('1'))).toMatchObject({
        ok: false,
        error: { code: 'rate_limited', retryAfterMs: 7000 },
      });
    });

    test('R9 where nobody answers, nothing was sent', async () => {
      expect(await stand.openNowhere().push(freezeOne('1'))).toMatchObject({ ok: false, error: { code: 'not_sent' } });
    });

    test('R10 an expired token is unauthorized and a token without the right is forbidden; nothing is changed', async () => {
      expect(await stand.open('expired').push(freezeOne('1'))).toMatchObject({
        ok: false,
        error: { code: 'unauthorized' },
      });
      expect(await stand.open('expired').test()).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
      expect(await stand.open('read_only').push(freezeOne('1'))).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      });
      expect(stand.quantity(stand.items.whole)).toBe(stand.items.stock);
    });

    test('R11 a refused line is named and the rest can go with another key', async () => {
      const bad = line('bad', 'no-such-thing', '1');
      const answer = await remote.push(connector.freeze([line('good', stand.items.whole, '1'), bad]));
      expect(answer).toMatchObject({ ok: false, error: { code: 'rejected', refs: ['bad'] } });
      expect(stand.quantity(stand.items.whole)).toBe(stand.items.stock);
      expect((await remote.push(connector.freeze([line('good', stand.items.whole, '1')]))).ok).toBe(true);
      expect(stand.quantity(stand.items.whole)).toBe(plus('1'));
    });

    test('R12 a quantity finer than the unit is refused', async () => {
      const answer = await remote.push(connector.freeze([line('fine', stand.items.whole, '2.5')]));
      expect(answer).toMatchObject({ ok: false, error: { code: 'rejected', refs: ['fine'] } });
    });

    test('R13 figures come in canonical text page by page, and no record is not zero', async () => {
      const page = await remote.counts({ locations: [stand.place], items: [stand.items.whole, stand.items.unseen] });
      if (!page.ok) throw new Error(page.error.code);
      const figure = (item: string) => page.value.counts.find((count) => count.remoteItem === item)?.quantity;
      expect(figure(stand.items.whole)).toBe(stand.items.stock);
      expect(figure(stand.items.unseen)).toBeNull();
    });

    test('R14 figures changed since a time leave the others out', async () => {
      stand.advance(60_000);
      const from = stand.now();
      stand.advance(60_000);
      stand.sale(stand.items.whole, '1');
      const page = await remote.counts({ locations: [stand.place], updatedAfter: from });
      expect(page.ok && page.value.counts.map((count) => [count.remoteItem, count.quantity])).toEqual([
        [stand.items.whole, plus('-1')],
      ]);
    });

    test('R15 a dead cursor says so', async () => {
      expect(await remote.counts({ locations: [stand.place], cursor: 'long-dead' })).toMatchObject({
        ok: false,
        error: { code: 'cursor_expired' },
      });
    });

    test('R16 a read that fails is unavailable, never unknown', async () => {
      stand.fault('unavailable');
      expect(await remote.locations()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    });

    test.runIf(connector.abilities.absoluteCounts)(
      'R17 a count sets the figure as at its time, and what happened later stays on top',
      async () => {
        const countedAt = stand.now();
        stand.advance(600_000);
        stand.sale(stand.items.whole, '2');
        expect(
          (
            await remote.push(
              connector.freeze([line('count', stand.items.whole, '40', { change: 'count', occurredAt: countedAt })]),
            )
          ).ok,
        ).toBe(true);
        expect(stand.quantity(stand.items.whole)).toBe('38');
      },
    );

    test.runIf(connector.abilities.backDatingMs > 0)('R18 a time outside the window is refused by name', async () => {
      const at = (ms: number) => new Date(Date.parse(stand.now()) + ms).toISOString();
      const window = connector.abilities.backDatingMs;
      for (const occurredAt of [at(60_000), at(-window - 60_000)]) {
        const answer = await remote.push(
          connector.freeze([
            line('timed', stand.items.whole, '1', { occurredAt }),
            line('fine', stand.items.other, '1'),
          ]),
        );
        expect(answer).toMatchObject({ ok: false, error: { code: 'rejected', refs: ['timed'] } });
      }
      expect(
        (
          await remote.push(
            connector.freeze([line('timed', stand.items.whole, '1', { occurredAt: at(-window + 60_000) })]),
          )
        ).ok,
      ).toBe(true);
    });
  });
}
