import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ANA, BEN, CLEO, goTo, handOver, signInAs, test } from './prepared.ts';
import { must } from './steps/check.ts';
import { countItem, createStocktake, finishBin, handIn, openBin } from './steps/counting.ts';
import { saveEvidence, verify } from './steps/evidence.ts';
import { BINS } from './steps/plan.ts';
import { approveAll, openBatch, openTab, post } from './steps/reviewing.ts';
import { labelOf, readWarehouse } from './steps/warehouse.ts';

const STOCKTAKE = 'For the auditor';

test('J783 what was counted and posted is saved as evidence, checked by a program without the app, and refused once changed', async ({
  profile,
  launch,
}) => {
  const warehouse = readWarehouse();
  const line = warehouse.stock.find(({ bin }) => bin === BINS.first);
  must(line !== undefined, 'the sample has too few lines');
  const folder = mkdtempSync(join(tmpdir(), 'tallybook-evidence-'));
  const laptop = await launch(profile);
  const { page } = laptop;
  await signInAs(page, ANA);
  await createStocktake(page, { name: STOCKTAKE, bins: [BINS.first] });
  await handOver(page, BEN);
  await goTo(page, '/count');
  await openBin(page, BINS.first);
  const found = String(line.quantity + 3);
  const name = warehouse.names.get(line.item) ?? '';
  await countItem(page, { code: labelOf(line.item), name, typed: found, total: found });
  await finishBin(page, 'Leave as not counted');
  await handIn(page);
  await expect(page.getByRole('button', { name: 'Save evidence' })).toHaveCount(0);
  await handOver(page, CLEO);
  await openBatch(page, STOCKTAKE, 1);
  await openTab(page, 'To decide');
  await approveAll(page);
  await post(page, { lines: 1, zeroed: 0 });

  const file = join(folder, 'audit.jsonl');
  const digest = await saveEvidence(laptop, file);
  expect(readdirSync(folder)).toEqual(['audit.jsonl', 'verify.mjs']);
  const whole = verify(file);
  expect(whole).toMatchObject({ code: 0 });
  for (const words of [
    `Saved for the stocktake: ${STOCKTAKE}`,
    'bins: 1 to count, 1 looked at by Ben Ito',
    'lines: 1 counted',
    'decided: 1 approve by Cleo Park',
    'posted: 1 by Cleo Park',
    'Nothing here is signed',
    `Digest: ${digest}`,
    'whole: ',
  ])
    expect(whole.said).toContain(words);

  // One digit of what Ben counted.
  const bytes = readFileSync(file);
  const counted = bytes.indexOf('"kind":"counted"');
  const at = bytes.indexOf(`"quantity":"${found}"`, counted) + '"quantity":"'.length;
  bytes[at] = bytes[at] === 0x39 ? 0x38 : (bytes[at] ?? 0) + 1;
  writeFileSync(file, bytes);
  const changed = verify(file);
  expect(changed.code).toBe(1);
  const where = bytes.subarray(0, at).toString('utf8').split('\n').length;
  expect(changed.said).toMatch(
    new RegExp(`NOT whole[^]*line ${where}, laptop [^,]+, entry \\d+: the entry is not what its hash says`),
  );

  // Whoever leads finds it at the stocktake too.
  await handOver(page, ANA);
  await goTo(page, '/stocktakes');
  await page.getByRole('link', { name: STOCKTAKE }).click();
  await saveEvidence(laptop, file);
  expect(verify(file)).toMatchObject({
    code: 0,
    said: expect.stringContaining(`Saved for the stocktake: ${STOCKTAKE}`),
  });
  rmSync(folder, { recursive: true });
});
