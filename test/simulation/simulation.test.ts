import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { MUTANTS } from './mutants.ts';
import { REMOTES, type RemoteId } from './remotes/remotes.ts';
import { runSeed, type SeedReport } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { stepsOf, textOf } from './steps.ts';
import { createTimeline } from './timeline.ts';
import { createVirtualDisk } from './virtual-disk.ts';

const MINUTES = 60_000;
/** A few of each; `node build/simulate.mjs` lives through twenty thousand. */
const SEEDS_OF_EACH = 60;
/** Planted bugs that die within a few seeds; the others are hunted by `node build/simulate.mjs`. */
const SOON_DEAD = [
  'no answer is taken for success',
  'nothing is ever read back',
  'an attempt is not saved before it is made',
  'a new key with each attempt',
  'an item goes under the name of another',
  'a surplus goes as a shortage',
  'refused lines are dropped as done',
  'says "saved" before it is',
];

const broken = ({ seed, remote, violations }: SeedReport) =>
  violations.map(({ rule, detail }) => `--seed ${seed} --remote ${remote}: ${rule} ${detail}`);

describe('simulation', () => {
  test(
    'O200 seeds that once showed a bug show none',
    async () => {
      const text = readFileSync(fileURLToPath(new URL('pinned-seeds.json', import.meta.url)), 'utf8');
      const pinned: readonly { seed: number; remote: RemoteId }[] = JSON.parse(text);
      for (const { seed, remote } of pinned) expect(broken(await runSeed(seed, { remote }))).toEqual([]);
    },
    5 * MINUTES,
  );

  test.each(Object.keys(REMOTES) as RemoteId[])(
    'O201 whatever fails, what is approved takes effect at %s exactly once, and the laptop knows it',
    async (remote) => {
      for (let seed = 1; seed <= SEEDS_OF_EACH; seed += 1) expect(broken(await runSeed(seed, { remote }))).toEqual([]);
    },
    5 * MINUTES,
  );

  test('O202 the same seed lives through the same world, step by step', async () => {
    const lives = [];
    for (let life = 0; life < 2; life += 1) {
      const lines: string[] = [];
      const report = await runSeed(7, { remote: 'zettle', trace: (line) => lines.push(line) });
      lives.push({ lines, report });
    }
    expect(lives[0]?.lines.length).toBeGreaterThan(20);
    expect(lives[1]).toEqual(lives[0]);
  });

  test.each(SOON_DEAD)(
    'O203 a planted bug is found: %s',
    async (name) => {
      const mutant = MUTANTS.find((one) => one.name === name);
      let report: SeedReport | undefined;
      for (let seed = 1; seed <= 40 && (report?.violations.length ?? 0) === 0; seed += 1)
        report = await runSeed(seed, { mutant, isWhole: true });
      expect(mutant).toBeDefined();
      expect(report?.violations.length).toBeGreaterThan(0);
    },
    5 * MINUTES,
  );

  test(
    'O204 a failing seed is shrunk to fewer faults that still break the same rule',
    async () => {
      const mutant = MUTANTS.find((one) => one.name === 'no answer is taken for success');
      let seed = 1;
      while ((await runSeed(seed, { mutant })).violations.length === 0) seed += 1;
      const before = await runSeed(seed, { mutant });
      const found = await shrink(seed, { mutant });
      expect(found?.report.violations[0]?.rule).toBe(before.violations[0]?.rule);
      expect(found?.off.size).toBeGreaterThan(15);
    },
    5 * MINUTES,
  );

  test('O205 the oracle counts in whole steps, with an arithmetic of its own', () => {
    expect(['0', '12', '-3', '2.5', '-0.00001', '4999.99'].map((text) => textOf(stepsOf(text)))).toEqual([
      '0',
      '12',
      '-3',
      '2.5',
      '-0.00001',
      '4999.99',
    ]);
    expect(() => stepsOf('1e3')).toThrow('no quantity');
  });

  test('O206 the virtual disk keeps what was synced, and no more of the rest than was written', async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const virtual = createVirtualDisk();
      const disk = virtual.disk(async () => 'pass');
      const file = await disk.open('/a/file');
      await file.write(Buffer.from('kept'), 0);
      await file.datasync();
      await disk.syncFolder('/a');
      await file.write(Buffer.from(' or lost'), 4);
      virtual.cutPower(createRandom(seed, 'power'));
      const text = (await disk.read('/a/file'))?.toString() ?? '';
      expect('kept or lost'.startsWith(text) && text.startsWith('kept')).toBe(true);
    }
  });

  test('O207 virtual time goes on from happening to happening, and chance orders those of one instant', async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const timeline = createTimeline(1_000, createRandom(seed, 'ties'));
      const seen: string[] = [];
      timeline.after(5, () => seen.push(`a${timeline.now()}`));
      timeline.after(5, () => seen.push(`b${timeline.now()}`));
      timeline.after(2, () => seen.push(`c${timeline.now()}`));
      timeline.after(9, () => seen.push('never'))();
      await timeline.run(2_000);
      expect(seen[0]).toBe('c1002');
      expect(timeline.now()).toBe(2_000);
      orders.add(seen.join(' '));
    }
    expect([...orders].toSorted()).toEqual(['c1002 a1005 b1005', 'c1002 b1005 a1005']);
  });
});
