import { join as pathTo } from 'node:path';
import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { entryId, type Fact, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { ok } from '../../../shared/domain/result.ts';
import { emptyTrust } from '../../../shared/team/trust.ts';
import { foldBehind } from '../../../electron/host/authority/late.ts';
import { emptyVerdict, type ForeignChains } from '../../../electron/host/authority/union.ts';
import { binOf } from '../../../shared/domain/line-key.ts';
import { readCheckpoint, readMarks } from '../../../electron/host/authority/checkpoint.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import { does, faultyDisk } from './bench.ts';
import { COUNTED, STOCKTAKE, type Crew } from './crew.ts';
import { as, comes, founder, handOver, join, type Laptop } from './team-rig.ts';

const BINS = ['A-01', 'A-02', 'A-03'];

function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** An office with a stocktake over some bins; its lead is signed in. */
async function office(setting = {}): Promise<Laptop & { crew: Crew }> {
  const laptop = await founder(setting);
  await as(laptop, 'lead');
  await does(laptop.running, 'append', { facts: [{ ...STOCKTAKE, bins: BINS } as Fact] });
  await as(laptop, 'admin');
  return laptop;
}

/** Everything that the host remembers, as it keeps it at its close; the laptop is closed then. */
async function remembered(laptop: Laptop) {
  await laptop.running.close();
  const { folder } = laptop;
  const kept = await readCheckpoint(realDisk, folder);
  if (typeof kept === 'string') throw new Error(kept);
  const { state, team, marked } = kept.checkpoint;
  const marks = new Map(
    await Promise.all(
      [...marked].map(async ([stocktake, digest]) => {
        const found = await readMarks(realDisk, folder, { stocktake, digest });
        // To be undecided is to be not decided.
        for (const [key, decision] of found?.decisions ?? [])
          if (decision === 'undecided') found?.decisions.delete(key);
        return [stocktake, found] as const;
      }),
    ),
  );
  const { people, batches, stocktakes, catalogues } = state;
  return { people, batches, stocktakes, catalogues, marks, trust: team.trust, verdict: team.verdict };
}

/** How many people have counted each bin, as the host remembers it. */
async function counters(laptop: Laptop): Promise<[string, number][]> {
  const { marks } = await remembered(laptop);
  const counted = [...(marks.get('take-1')?.counters ?? [])];
  return counted
    .map(([line, people]): [string, number] => [binOf(line).toUpperCase(), people.size])
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** Something that is said at a shelf. */
function said(random: (below: number) => number, laptop: Laptop): Fact {
  const bin = BINS[random(BINS.length)] ?? 'A-01';
  const sheet = { stocktake: 'take-1', pass: 1, bin };
  const facts: Fact[] = [
    { ...COUNTED, bin, quantity: String(1 + random(9)) },
    { kind: 'unknown_scanned', ...sheet, code: `QX-${random(3)}`, quantity: '1' },
    { kind: 'bin_confirmed_empty', ...sheet },
    { kind: 'bin_finished', ...sheet },
    { kind: 'stock_moved', item: 'SKU-1', from: bin, to: 'A-02', quantity: '1' },
    {
      kind: 'batch_submitted',
      batch: `${laptop.device.slice(0, 8)}-${random(1_000_000)}`,
      stocktake: 'take-1',
      pass: 1,
      bins: [bin],
    },
  ];
  return facts[random(facts.length)] ?? (facts[0] as Fact);
}

describe('what comes late to a host', () => {
  test.each([1, 2, 3])(
    'H863 whatever is taken in, a host remembers what it would from all of it in order (world %i)',
    async (seed) => {
      const random = dice(seed * 104_729);
      const desk = await office();
      const cold = await join(desk, 'Cold store', 'counting');
      const yard = await join(desk, 'Yard', 'counting');
      await comes(cold, desk.crew.byRole.counter);
      await comes(yard, desk.crew.byRole.lead);
      const second = await join(desk, 'Second desk', 'supervising');
      const { admin, code, byRole } = desk.crew;
      await does(second.running, 'recoverAccess', { person: admin, code, pin: '2468' });
      const all = [desk, second, cold, yard];
      const handedIn: string[] = [];
      for (const laptop of all) laptop.clock.wall += (random(7) - 3) * 3_600_000;
      for (let step = 0; step < 120; step += 1) {
        const laptop = all[random(all.length)] ?? desk;
        const other = all[random(all.length)] ?? desk;
        laptop.clock.pass(1_000 * (1 + random(100)));
        if (random(3) > 0) {
          if (laptop === desk)
            await as(desk, (['lead', 'approver', 'admin'] as const)[random(3)] ?? 'admin').catch(() =>
              as(desk, 'admin'),
            );
          if ((laptop === desk || laptop === second) && random(3) === 0) {
            // Who may count is changed on two laptops that have not heard of each other.
            const roles = random(2) === 0 ? ['counter' as const] : ['counter' as const, 'lead' as const];
            const id = random(2) === 0 ? byRole.counter : byRole.lead;
            await laptop.running.host.savePerson({ id, name: 'one', roles, active: random(3) > 0 });
            continue;
          }
          const facts: Fact[] = [said(random, laptop)];
          if (laptop === yard && random(6) === 0)
            facts[0] = {
              kind: 'unknown_matched',
              stocktake: 'take-1',
              pass: 1,
              bin: 'A-01',
              code: 'QX-1',
              item: 'SKU-1',
              batch: `m-${step}`,
            };
          if (laptop === desk && random(4) === 0) {
            const batch = handedIn[random(Math.max(1, handedIn.length))] ?? 'none';
            facts[0] = { kind: 'lines_decided', batch, decision: 'approve', lines: [{ item: 'SKU-1', bin: 'A-01' }] };
          }
          const [fact] = facts;
          if (fact?.kind === 'batch_submitted') handedIn.push(fact.batch);
          await laptop.running.host.append({ facts });
        } else if (laptop !== other) await handOver(laptop, other).catch(() => undefined);
      }
      for (const laptop of all) {
        const live = await remembered(laptop);
        await rm(pathTo(laptop.folder, 'authority'), { recursive: true, force: true });
        await laptop.open();
        const anew = await remembered(laptop);
        expect(live).toEqual(anew);
      }
    },
    60_000,
  );

  test('H864 counts of a laptop that was heard before are taken in without reading again what is held', async () => {
    const disk = faultyDisk();
    const desk = await office({ disk, segmentBytes: 4_000 });
    const cold = await join(desk, 'Cold store', 'counting');
    await comes(cold, desk.crew.byRole.counter);
    await handOver(cold, desk);
    await as(desk, 'lead');
    for (let scan = 0; scan < 200; scan += 1) await does(desk.running, 'append', { facts: [COUNTED] });
    await does(cold.running, 'append', { facts: [COUNTED] });
    await handOver(cold, desk);
    await does(cold.running, 'append', {
      facts: [
        { ...COUNTED, bin: 'A-02' },
        { ...COUNTED, bin: 'A-03' },
      ],
    });
    const read = new Set<string>();
    disk.fault = (operation, path) => {
      if ((operation === 'read' || operation === 'readFile') && path.endsWith('.jsonl')) read.add(path);
      return null;
    };
    expect((await handOver(cold, desk)).fresh).toBe(2);
    // The journal's newest segment, and what has just come.
    expect(read.size).toBeLessThan(4);
    expect(await counters(desk)).toEqual([
      ['A-01', 2],
      ['A-02', 1],
      ['A-03', 1],
    ]);
  });

  test('H865 a chain that came again with another past is folded anew, whether it is longer or as long', async () => {
    const entry = (seq: number, past: string): LedgerEntry => {
      const [prev, hash] = [`${past}${seq - 1}`, `${past}${seq}`];
      return {
        id: entryId('d2', seq),
        device: 'd2',
        seq,
        at: '2026-11-22T08:00:00.000Z',
        by: 'p',
        v: 5,
        prev,
        hash,
        fact: COUNTED,
      };
    };
    const comes = async (past: string, to: number): Promise<[boolean, number]> => {
      const held = Array.from({ length: to }, (_, at) => entry(at + 1, past));
      const chains: ForeignChains = {
        root: () => null,
        heads: () => held.slice(-1),
        read: async (_, from) => ok({ entries: held.filter(({ seq }) => seq >= from) }),
      };
      let taken = 0;
      const folded = [{ device: 'd2', seq: 2, hash: 'a2' }];
      const parts = { chains, trust: emptyTrust(null), verdict: emptyVerdict(), folded };
      return [await foldBehind(parts, () => (taken += 1) > 0), taken];
    };
    expect(await comes('a', 4)).toEqual([true, 2]);
    expect(await comes('a', 2)).toEqual([true, 0]);
    expect(await comes('b', 4)).toEqual([false, 0]);
    expect(await comes('b', 2)).toEqual([false, 0]);
  });
});
