import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkEverything } from '../journeys/steps/verdict.ts';
import { readWarehouse } from '../journeys/steps/warehouse.ts';
import { openStage } from '../journeys/steps/stage.ts';
import { openAlbum } from './pictures.ts';
import { createReport } from './report.ts';
import { walk } from './walk.ts';

/**
 * `npm run demo [-- --pictures]`: the real app is driven through the whole job with real products, two crashes and a
 * lost answer, on a profile that is thrown away. Prints what is in the journal and at the remote afterwards and ends
 * with 1 if any figure is not what it must be. Pictures go to out/demo/, with `--pictures` to those of the README.
 */
const { values } = parseArgs({ options: { pictures: { type: 'boolean', default: false } } });
const folder = values.pictures ? 'test/demo/pictures' : 'out/demo';
const startedAt = Date.now();
const warehouse = readWarehouse();
const stage = await openStage(warehouse);
const album = openAlbum(join(process.cwd(), folder));
const report = createReport();
try {
  const seen = await walk({ stage, warehouse, album, say: (text) => console.log(`· ${text}`) });
  checkEverything({ stage, warehouse, seen, report });
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  report.add('Pictures', `${album.count()} in ${folder}/`);
  report.print(`Everything is as it must be (${seconds} s).`);
} catch (problem) {
  console.error(
    `\nNot as it must be. ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}`,
  );
  await album.take(stage.page(), 'where-it-stopped').catch(() => undefined);
  process.exitCode = 1;
} finally {
  await stage.close();
}
