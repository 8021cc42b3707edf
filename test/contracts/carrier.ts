import { describe, expect, test } from 'vitest';
import { carriedName, type Carrier } from '../../shared/ports/carrier.ts';

const STRETCH = carriedName({ is: 'stretch', laptop: 'd-1', from: 1, to: 20, head: 'a'.repeat(12), copy: 1 });
const BLOB = carriedName({ is: 'blob', sha256: 'b'.repeat(64), copy: 1 });
const ASK = carriedName({ is: 'ask', of: STRETCH });
const BYTES = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31) % 251);

/** One place, and carriers onto it as two laptops have them. */
export type CarrierPlace = {
  readonly one: Carrier;
  readonly other: Carrier;
  /** The place is taken away, as far as nobody reaches it, and brought back as it was. */
  readonly takeAway: () => Promise<void>;
  readonly bringBack: () => Promise<void>;
};

/** What every carrier must do, whatever it carries bytes with. */
export function carrierContract(name: string, open: () => Promise<CarrierPlace>): void {
  describe(`carrier: ${name}`, () => {
    test('M867 what one laptop has put the other gets byte for byte, and a name that nobody put is nothing', async () => {
      const { one, other } = await open();
      expect(await one.begin()).toEqual({ ok: true, value: null });
      expect(await other.begin()).toEqual({ ok: true, value: null });
      expect(await other.list()).toEqual({ ok: true, value: [] });
      for (const put of [STRETCH, BLOB]) expect(await one.put(put, BYTES)).toEqual({ ok: true, value: 'put' });
      expect(await one.put(ASK, new Uint8Array())).toEqual({ ok: true, value: 'put' });
      const listed = await other.list();
      expect(listed.ok && listed.value.toSorted()).toEqual([ASK, STRETCH, BLOB].toSorted());
      const got = await other.get(STRETCH);
      expect(got.ok && got.value !== null && Buffer.from(got.value).equals(Buffer.from(BYTES))).toBe(true);
      const empty = await other.get(ASK);
      expect(empty.ok && empty.value?.length).toBe(0);
      expect(await other.get(carriedName({ is: 'blob', sha256: 'c'.repeat(64), copy: 1 }))).toEqual({
        ok: true,
        value: null,
      });
    });

    test('M868 what is there is never replaced, by whoever puts it again', async () => {
      const { one, other } = await open();
      await one.begin();
      await one.put(STRETCH, BYTES);
      expect(await other.put(STRETCH, Uint8Array.of(1))).toEqual({ ok: true, value: 'there' });
      expect(await one.put(STRETCH, Uint8Array.of(2))).toEqual({ ok: true, value: 'there' });
      const got = await one.get(STRETCH);
      expect(got.ok && got.value?.length).toBe(BYTES.length);
      const both = await Promise.all([one.put(BLOB, BYTES), other.put(BLOB, BYTES)]);
      expect(both.every(({ ok }) => ok)).toBe(true);
      const listed = await one.list();
      expect(listed.ok && listed.value.filter((put) => put === BLOB)).toHaveLength(1);
    });

    test('M869 a place that is gone is said to be away, is made anew by nobody, and goes on where it was', async () => {
      const { one, other, takeAway, bringBack } = await open();
      await one.begin();
      await one.put(STRETCH, BYTES);
      await takeAway();
      for (const answer of [await one.list(), await one.get(STRETCH), await one.put(BLOB, BYTES), await other.list()])
        expect(answer).toEqual({ ok: false, error: { code: 'away' } });
      await bringBack();
      expect(await other.list()).toEqual({ ok: true, value: [STRETCH] });
      expect(await one.put(BLOB, BYTES)).toEqual({ ok: true, value: 'put' });
    });

    test('M870 where a name may be taken away, it is gone for everybody, and taking it away again is no error', async () => {
      const { one, other } = await open();
      await one.begin();
      await one.put(STRETCH, BYTES);
      if (one.remove === undefined) return expect(one.abilities.appendOnly).toBe(true);
      expect(await one.remove(STRETCH)).toEqual({ ok: true, value: null });
      expect(await other.list()).toEqual({ ok: true, value: [] });
      expect(await one.remove(STRETCH)).toEqual({ ok: true, value: null });
      return expect(await other.put(STRETCH, BYTES)).toEqual({ ok: true, value: 'put' });
    });
  });
}
