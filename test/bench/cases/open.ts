import { ask, forget, newFolder, openBench } from '../bench-app.ts';
import { forgetCached } from '../cold-cache.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';
import { seedJournal } from '../seed/seed-journal.ts';
import { median, shuffled } from '../statistics.ts';
import { seeded } from '../../seeded.ts';

/** Entries after the checkpoint that a cold start folds. */
const TAIL = 1000;
/** What the host writes of its own at a start and a close comes on top, a few entries each time. */
const MOST_OWN = 100;
const areAll = (entries: number, wanted: number): boolean => entries >= wanted && entries <= wanted + MOST_OWN;

/** A profile with a ledger in both copies. `tail`: without one there is no checkpoint. */
export async function seedLedger(
  name: string,
  entries: number,
  options: { readonly raw: boolean; readonly tail?: number },
): Promise<string> {
  const profile = newFolder(name);
  await seedJournal({ profile, entries });
  const bench = await openBench(profile);
  const { rows } = await ask(bench, 'seedCopy', {
    after: 0,
    upTo: entries,
    raw: options.raw,
    ...(options.tail === undefined ? {} : { checkpointAt: Math.max(1, entries - options.tail) }),
  });
  await bench.close();
  if (rows !== entries) throw new Error(`${rows} of ${entries} entries were seeded`);
  return profile;
}

async function coldly<Answer>(
  profile: string,
  work: (bench: Awaited<ReturnType<typeof openBench>>) => Promise<Answer>,
): Promise<Answer> {
  forgetCached(profile);
  const bench = await openBench(profile);
  const answer = await work(bench);
  await bench.close();
  return answer;
}

/** A profile with the entries of another's journal in a raw IndexedDB, and nothing else. */
async function seedRawAlone(journal: string, entries: number): Promise<string> {
  const profile = newFolder('raw');
  const bench = await openBench(profile, journal);
  const { rows } = await ask(bench, 'seedCopy', { after: 0, upTo: entries, raw: 'alone' });
  await bench.close();
  if (rows !== entries) throw new Error(`${rows} of ${entries} entries were seeded`);
  return profile;
}

/** Cold starts of a small and a large ledger against folding the large one. The large profile is left for other cases. */
export async function measureColdStarts(figures: Figures, scale: Scale, large: string): Promise<void> {
  const raw = await seedRawAlone(large, scale.many);
  const small = await seedLedger('few', scale.few, { raw: false, tail: Math.min(TAIL, scale.few / 2) });
  for (let round = 0; round < scale.coldStarts; round += 1) {
    const took = new Map<string, number>();
    for (const which of shuffled(['few', 'many', 'fold'], seeded(round + 1))) {
      if (which === 'fold') {
        // Folding a million entries takes seconds and hardly varies.
        if (round < 2) took.set(which, (await coldly(raw, (bench) => ask(bench, 'measureRawFold'))).ms);
        continue;
      }
      const opened = await coldly(which === 'few' ? small : large, (bench) => ask(bench, 'measureColdOpen'));
      const wanted = which === 'few' ? scale.few : scale.many;
      if (!areAll(opened.entries, wanted) || opened.lines !== 50)
        throw new Error(`${opened.entries} entries, ${opened.lines} lines`);
      took.set(which, opened.ms);
      figures.tell(`cold start, ${which}, waiting for the host ms`, opened.hostMs);
    }
    const [few = Number.NaN, many = Number.NaN, fold] = [took.get('few'), took.get('many'), took.get('fold')];
    figures.tell('cold start, few entries ms', few);
    figures.tell('cold start, many entries ms', many);
    figures.note('G7', many / few);
    if (fold === undefined) continue;
    figures.tell('raw fold of many entries ms', fold);
    figures.note('G6', many / fold);
  }
  forget(small);
  forget(raw);
}

/** A ledger of `many` entries in both copies. */
export function seedLarge(scale: Scale): Promise<string> {
  return seedLedger('many', scale.many, { raw: false, tail: Math.min(TAIL, scale.many / 2) });
}

/** The state from every entry, as after a lost checkpoint, against a raw fold. */
export async function measureRebuilding(figures: Figures, scale: Scale): Promise<void> {
  const profile = await seedLedger('rebuild', scale.rebuild, { raw: true });
  for (let round = 0; round < Math.min(3, scale.rounds); round += 1) {
    const { own, raw, entries } = await coldly(profile, (bench) => ask(bench, 'measureRebuild', { turns: 4 }));
    if (!areAll(entries, scale.rebuild)) throw new Error(`${entries} entries were rebuilt`);
    figures.tell('rebuild ms', median(own));
    figures.tell('raw fold of the same ms', median(raw));
    figures.note('G9', median(own) / median(raw));
  }
  forget(profile);
}

/** The page's copy lost and filled again from the journal, against one raw insert of the same. */
export async function measureHealing(figures: Figures, scale: Scale): Promise<void> {
  const profile = newFolder('heal');
  await seedJournal({ profile, entries: scale.heal });
  for (let round = 0; round < scale.healRounds; round += 1) {
    const took = new Map<string, number>();
    for (const which of shuffled(['heal', 'raw'], seeded(round + 1))) {
      const name = `bench-${which}-${round}`;
      const { ms, entries } = await coldly(profile, (bench) =>
        ask(bench, which === 'heal' ? 'measureHeal' : 'measureRawFill', { name }),
      );
      if (!areAll(entries, scale.heal)) throw new Error(`${entries} entries were healed`);
      took.set(which, ms);
    }
    const [heal = Number.NaN, raw = Number.NaN] = [took.get('heal'), took.get('raw')];
    figures.tell('heal ms', heal);
    figures.tell('raw insert of the same ms', raw);
    figures.note('W9', heal / raw);
  }
  forget(profile);
}
