import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryId, type Fact, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { orderEntries } from '../../../shared/domain/ledger-order.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { ok } from '../../../shared/domain/result.ts';
import { eachInOrder, foldUnion, type ForeignChains } from '../../../electron/host/authority/union.ts';

const SCAN: Fact = { kind: 'unknown_noted', where: 'no_bin', code: 'c', quantity: '1' };
const instant = (minute: number) => new Date(Date.UTC(2026, 10, 22, 8, minute)).toISOString();

/** One step of a chain: minutes on its clock, and whether it hears of somebody up to a minute. */
type Step = { minute: number; hears?: number | undefined };

function chainOf(device: string, steps: readonly Step[]): LedgerEntry[] {
  return steps.map(({ minute, hears }, at) => {
    const head = { device: 'x', seq: 1, hash: 'a'.repeat(64) };
    const fact: Fact = hears === undefined ? SCAN : { kind: 'heard', heads: [head], at: instant(hears) };
    const seq = at + 1;
    const hash = `${device}-${seq}`;
    return { id: entryId(device, seq), device, seq, at: instant(minute), by: 'p', v: 4, prev: '', hash, fact };
  });
}

/** Chains read a few entries at a time. */
function paged(chain: readonly LedgerEntry[], size: number) {
  return async (fromSeq: number) => {
    const entries = chain.filter(({ seq }) => seq >= fromSeq).slice(0, size);
    const last = entries.at(-1)?.seq ?? 0;
    return ok({ entries, ...(last > 0 && last < chain.length && { nextSeq: last + 1 }) });
  };
}

function held(chains: readonly (readonly LedgerEntry[])[], size: number): ForeignChains {
  const find = (device: string) => chains.find(([first]) => first?.device === device) ?? [];
  return {
    root: () => null,
    heads: () => chains.flatMap((chain) => chain.at(-1) ?? []),
    read: (device, fromSeq) => paged(find(device), size)(fromSeq),
  };
}

const step = fc.record({ minute: fc.nat(300), hears: fc.option(fc.nat(300), { nil: undefined, freq: 4 }) });
const world = fc.array(fc.array(step, { maxLength: 12 }), { minLength: 1, maxLength: 4 });

describe('all chains at once', () => {
  test('M815 chains read side by side in pages come in ledger order, whatever clocks say, and fold without a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.integer({ min: 1, max: 5 }), async (some, size) => {
        const chains = some.map((steps, at) => chainOf(`d${at}`, steps));
        const [own = [], ...others] = chains;
        const met: LedgerEntry[] = [];
        const journal = { read: paged(own, size) };
        const foreign = held(
          others.filter((chain) => chain.length > 0),
          size,
        );
        expect(await eachInOrder(journal, foreign, (entry) => met.push(entry))).toBeNull();
        expect(met).toEqual(orderEntries(chains.flat()));
        expect(foldLedger(met).entries).toBe(met.length);
        const folded: LedgerEntry[] = [];
        const all = await foldUnion(
          { journal, chains: foreign, self: 'd0', isAct: () => false },
          { begin: () => folded.splice(0), take: (entry) => folded.push(entry) },
        );
        expect(all.ok && [...all.value.heads.values()].map(({ seq }) => seq).reduce((sum, seq) => sum + seq, 0)).toBe(
          met.length,
        );
        expect(folded).toEqual(met);
      }),
    );
  });

  test('M816 after others were heard everything said here comes after all of them, whatever this clock shows', () => {
    const ahead = chainOf('b', [{ minute: 200 }, { minute: 100 }]);
    const own = chainOf('a', [{ minute: 5 }, { minute: 6, hears: 200 }, { minute: 7 }]);
    expect(orderEntries([...own, ...ahead]).map(({ id }) => id)).toEqual([
      own[0]?.id,
      ahead[0]?.id,
      ahead[1]?.id,
      own[1]?.id,
      own[2]?.id,
    ]);
  });
});
