import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { does } from '../../electron/host/bench.ts';
import { newLaptop, startPage } from './page.ts';

test('L703 a list that cannot be read is a problem and not an empty list; imported again it is one', async () => {
  const laptop = await newLaptop();
  const page = await startPage(laptop);
  await page.enter('lead');
  const lines = '{"sku":"TEA","name":"Tea","unit":"pcs","barcodes":[]}\n';
  async function write(): Promise<{ sha256: string; rows: number }> {
    const { file } = await does(page.running, 'beginCatalogueFile', { what: 'items' });
    await does(page.running, 'appendCatalogueRows', { file, lines, rows: 1 });
    return does(page.running, 'sealCatalogueFile', { file });
  }
  const sealed = await write();
  for (const place of ['catalogue', 'catalogue-copy'])
    await writeFile(join(laptop.folder, place, `${sealed.sha256}.jsonl`), lines.replace('Tea', 'Tee'));
  await page.ledger.appendFacts([{ kind: 'catalogue_imported', what: 'items', ...sealed, source: 'a.csv' }]);
  await page.ledger.reloadCatalogue();
  expect(page.ledger.catalogueReady()).toBe(false);
  expect(page.ledger.catalogueProblem()).toMatchObject({ code: 'damaged_file' });
  expect((await does(page.running, 'filesFound', {})).mended).toContainEqual({ file: 'catalogue', what: 'lost' });
  await write();
  await page.ledger.reloadCatalogue();
  expect(page.ledger.catalogueProblem()).toBeUndefined();
  expect(page.ledger.catalogueReady()).toBe(true);
  await page.close();
});
