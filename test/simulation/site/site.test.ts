import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, fold } from '../../../shared/domain/ledger-state.ts';
import { counted, createHistory } from '../../shared/domain/history.ts';
import { createRandom } from '../random.ts';
import type { runSeed, SeedReport } from '../run-seed.ts';
import { shrink } from '../shrink.ts';
import { createVirtualDisk } from '../virtual-disk.ts';
import { runSite } from './run-site.ts';
import { SITE_MUTANTS } from './site-mutants.ts';
import { truthOf, unlike } from './site-oracle.ts';

const MINUTES = 60_000;
/** A few; `node build/simulate.mjs --site` lives through as many as it is told. */
const SEEDS = 15;
/** Planted bugs that die within a few seeds; the others are hunted by `node build/simulate.mjs`. */
const SOON_DEAD = [
  'a bin is left out when bins are folded anew',
  'of two batches of a bin one is lost',
  'a chain counts again under another name when its file comes twice',
];

const broken = ({ seed, violations }: SeedReport) =>
  violations.map(({ rule, detail }) => `--site --seed ${seed}: ${rule} ${detail}`);

describe('several laptops of one site', () => {
  test(
    'H880 whatever befalls files, clocks and disks: when all have met, all laptops hold, judge and figure the same',
    async () => {
      for (let seed = 1; seed <= SEEDS; seed += 1) expect(broken(await runSite(seed))).toEqual([]);
    },
    5 * MINUTES,
  );

  test('H881 an oracle with an order and sums of its own finds what was left out, and what counts twice', () => {
    const history = createHistory();
    const place = { bin: 'A-1', item: 'S-1' };
    history.say(
      0,
      { kind: 'stocktake_created', stocktake: 's1', name: 'Count', blind: false, bins: ['A-1'] },
      { device: 'd1' },
    );
    for (const at of [1, 2, 3]) history.say(at, counted('2', place), { device: at === 2 ? 'd2' : 'd1' });
    const stateOf = (entries: readonly LedgerEntry[]) => {
      const state = emptyLedgerState();
      for (const entry of entries) fold(state, entry);
      return state;
    };
    const chains = ['d1', 'd2'].map((device) => history.entries.filter((entry) => entry.device === device));
    const truth = truthOf(chains);
    const told = history.entries.filter(({ fact }) => fact.kind === 'counted');
    expect([...truth.lines.values()].map((line) => line.counted)).toEqual([600_000]);
    expect(unlike(truth, stateOf(history.entries))).toEqual([]);
    expect(unlike(truth, stateOf(history.entries.filter((entry) => entry !== told[1])))).toHaveLength(1);
    expect(unlike(truthOf(chains.slice(0, 1)), stateOf(history.entries))).toHaveLength(1);
  });

  test('H882 the same seed lives through the same site, step by step, keys and files included', async () => {
    const lives = [];
    for (let life = 0; life < 2; life += 1) {
      const lines: string[] = [];
      const report = await runSite(3, { trace: (line) => lines.push(line) });
      lives.push({ lines, report });
    }
    expect(lives[0]?.lines.length).toBeGreaterThan(100);
    expect(lives[1]).toEqual(lives[0]);
  });

  test.each(SOON_DEAD)(
    'H883 a bug planted into what laptops do together is found: %s',
    async (name) => {
      const mutant = SITE_MUTANTS.find((one) => one.name === name);
      let report: SeedReport | undefined;
      for (let seed = 1; seed <= 40 && (report?.violations.length ?? 0) === 0; seed += 1)
        report = await runSite(seed, { mutant });
      expect(mutant).toBeDefined();
      expect(report?.violations.length).toBeGreaterThan(0);
    },
    5 * MINUTES,
  );

  test(
    'H884 a failing site is shrunk to fewer faults that still break the same rule',
    async () => {
      const mutant = SITE_MUTANTS.find((one) => one.name === SOON_DEAD[0]);
      const live: typeof runSeed = (seed, options) => runSite(seed, { off: options?.off, mutant });
      let seed = 1;
      while ((await runSite(seed, { mutant })).violations.length === 0) seed += 1;
      const before = await runSite(seed, { mutant });
      const found = await shrink(seed, {}, live);
      expect(found?.report.violations[0]?.rule).toBe(before.violations[0]?.rule);
      expect(found?.off.size).toBeGreaterThan(15);
    },
    5 * MINUTES,
  );

  test('H885 a virtual disk with folders loses names that were not synced in their own folder', async () => {
    const kept = new Set<string>();
    for (let seed = 1; seed <= 40; seed += 1) {
      const virtual = createVirtualDisk({ hasFolders: true });
      const disk = virtual.disk(async () => 'pass');
      for (const path of ['/p/chains/one/a', '/p/chains/b']) {
        const file = await disk.open(path);
        await file.write(Buffer.from('kept'), 0);
        await file.datasync();
      }
      await disk.syncFolder('/p/chains');
      const backup = virtual.copied();
      expect(await disk.list('/p/chains')).toEqual(['b', 'one']);
      virtual.cutPower(createRandom(seed, 'power'));
      kept.add((await disk.list('/p/chains')).join(' '));
      expect(await backup.disk(async () => 'pass').list('/p/chains')).toEqual(['b', 'one']);
    }
    expect([...kept].toSorted()).toEqual(['b', 'b one']);
  });
});
