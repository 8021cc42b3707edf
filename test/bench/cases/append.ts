import { ask, forget, newFolder, openBench } from '../bench-app.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';
import { median, quantile } from '../statistics.ts';

/** Scans one by one, in a burst, and as an import. A round is a fresh profile. */
export async function measureAppending(figures: Figures, scale: Scale): Promise<void> {
  for (let round = 0; round < scale.rounds; round += 1) {
    const profile = newFolder('append');
    const bench = await openBench(profile);
    const { singles, block, burst, bulk } = scale;
    const measured = await ask(bench, 'measureAppend', { seed: round + 1, singles, block, burst, bulk });
    await bench.close();
    forget(profile);

    const p50 = (name: string): number => median(measured.singles[name] ?? []);
    for (const name of Object.keys(measured.singles)) {
      figures.tell(`scan ${name} p50 ms`, p50(name));
      figures.tell(`scan ${name} p99 ms`, quantile(measured.singles[name] ?? [], 0.99));
    }
    figures.note('G1', p50('own') / p50('raw'));
    figures.note('W1', p50('whole') / p50('raw'));
    figures.note('W1-p99', quantile(measured.singles['whole'] ?? [], 0.99));
    figures.note('G1-dexie', p50('dexie') / p50('raw'));
    figures.note('G1-rxdb', p50('rxdb') / p50('raw'));

    const took = (name: string): number => measured.burst[name] ?? Number.NaN;
    for (const name of Object.keys(measured.burst))
      figures.tell(`burst ${name} entries/s`, (burst / took(name)) * 1000);
    for (const goal of ['G2', 'W2']) figures.note(goal, took('raw') / took('whole'));
    figures.note('G3', took('rxdb') / took('whole'));
    figures.note('G3-dexie', took('dexie') / took('whole'));

    const imported = (name: string): number => measured.bulk[name] ?? Number.NaN;
    for (const name of Object.keys(measured.bulk)) figures.tell(`import ${name} ms`, imported(name));
    figures.note('G4', imported('own') / imported('raw'));
    figures.note('G4-whole', imported('whole') / imported('raw'));
  }
}
