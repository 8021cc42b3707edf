import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, forget, newFolder, openBench } from '../bench-app.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';
import { itemsCsv, makeItems } from '../seed/catalogue-rows.ts';
import { median, quantile, shuffled } from '../statistics.ts';
import { seeded } from '../../seeded.ts';

/** Items imported, found by barcode and by name. */
export async function measureCatalogue(figures: Figures, scale: Scale): Promise<void> {
  const files = newFolder('items');
  const items = makeItems(process.cwd(), scale.items);
  writeFileSync(join(files, 'items.csv'), itemsCsv(items));
  writeFileSync(join(files, 'items.jsonl'), items.map((item) => `${JSON.stringify(item)}\n`).join(''));

  for (let round = 0; round < scale.importRounds; round += 1) {
    const profile = newFolder('catalogue');
    const bench = await openBench(profile, files);
    const took = new Map<string, number>();
    for (const which of shuffled(['own', 'rxdb'], seeded(round + 1))) {
      if (which === 'rxdb') {
        took.set(which, (await ask(bench, 'measureRxImport')).ms);
        continue;
      }
      const own = await ask(bench, 'measureImport');
      if (own.items !== scale.items) throw new Error(`${own.items} items were imported`);
      took.set(which, own.ms);
      figures.note('W7-stall', own.stall);
    }
    const [own = Number.NaN, rxdb = Number.NaN] = [took.get('own'), took.get('rxdb')];
    figures.tell('import of items ms', own);
    figures.tell('RxDB bulkInsert of the same ms', rxdb);
    figures.note('W7', own / rxdb);

    const lookUp = await ask(bench, 'measureLookUp', { seed: round + 1, count: 20_000 });
    figures.tell('item by barcode ns', lookUp.own * 1_000_000);
    figures.tell('item by scanned code ns', lookUp.scanned * 1_000_000);
    figures.tell('RxDB findOne p50 ms', median(lookUp.rxdb));
    figures.note('G11', lookUp.own * 1000);
    figures.note('G11-map', lookUp.own / lookUp.plain);
    figures.note('G11-rxdb', lookUp.own / median(lookUp.rxdb));
    figures.note('G11-scan', lookUp.scanned / median(lookUp.rxdb));

    const strokes = await ask(bench, 'measureSearch', { seed: round + 1, names: 100 });
    figures.tell('search p50 ms', median(strokes));
    figures.note('W6', quantile(strokes, 0.95));
    await bench.close();
    forget(profile);
  }
  forget(files);
}
