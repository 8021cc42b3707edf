import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { does, faultyDisk } from './bench.ts';
import { COUNTED, STOCKTAKE } from './crew.ts';
import { closeFile, goOn, openFile, stolenKey } from './team-attacks.ts';
import { as, comes, founder, give, join, save } from './team-rig.ts';

const ENTRIES = 100_000;

describe('a large file', () => {
  test('H799 a file of 100,000 entries is taken in seconds, and the next start folds none of them again', async () => {
    const disk = faultyDisk();
    const office = await founder({ disk });
    await as(office, 'lead');
    const bins = Array.from({ length: 200 }, (_, number) => `B-${number}`);
    await does(office.running, 'append', { facts: [{ ...STOCKTAKE, bins } as Fact] });
    await as(office, 'admin');
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.byRole.counter);
    const open = await openFile(await save(cold));
    const facts = Array.from({ length: ENTRIES }, (_, number) => ({
      fact: { ...COUNTED, item: `SKU-${number % 997}`, bin: `B-${number % 200}`, quantity: '1' },
      by: office.crew.byRole.counter,
      at: new Date(Date.UTC(2026, 10, 22, 9) + number * 100).toISOString(),
    }));
    const signed = await stolenKey(cold);
    const chains = open.chains.map((chain) =>
      chain.device === cold.device ? goOn(chain, open.start.site.id, signed, facts) : chain,
    );
    const file = await closeFile({ ...open, chains });
    await give(office, file);
    const start = performance.now();
    const report = await does(office.running, 'lookAtHandOver', {});
    const taken = await does(office.running, 'takeHandOver', {});
    const tookMs = performance.now() - start;
    expect([report.fresh, report.refused, taken.fresh]).toEqual([ENTRIES + 2, 0, ENTRIES + 2]);
    // Under 10 s on a machine that does nothing else; tests share theirs.
    expect(tookMs).toBeLessThan(30_000);
    // A start reads none of the lines, and folds what was kept.
    await office.running.close();
    let reads = 0;
    disk.fault = (operation, path) => {
      if (['readFile', 'open'].includes(operation) && /chains.*jsonl/.test(path)) reads += 1;
      return null;
    };
    await office.open();
    expect((await does(office.running, 'start', {})).journal.chains).toHaveLength(1);
    expect(reads).toBe(0);
    await office.running.close();
    await cold.running.close();
  });
});
