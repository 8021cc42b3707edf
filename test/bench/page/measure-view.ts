import { LARGE_BIN, largeSheetFact, STOCKTAKE } from '../seed/ledger-model.ts';
import { seededRandom, shuffled } from '../statistics.ts';
import { must, openNewLedger } from './ours.ts';

/**
 * Scans with and without a view of a sheet of `lines` lines, in turns of `block`. The view does what the counting screen
 * asks of the ledger after each change: the sheet, its lines with the newest first, and what was not seen yet. Milliseconds
 * until the scan is saved and the view was told.
 */
export async function measureView(input: {
  seed: number;
  lines: number;
  singles: number;
  block: number;
}): Promise<{ shown: number[]; alone: number[]; told: number }> {
  const ledger = await openNewLedger();
  const place = { stocktake: STOCKTAKE, pass: 1, bin: LARGE_BIN };
  must(await ledger.appendFacts(Array.from({ length: input.lines }, (_, line) => largeSheetFact(line))));
  const random = seededRandom(input.seed);
  const figures = { shown: [] as number[], alone: [] as number[], told: 0 };
  let line = 0;

  async function scans(count: number, samples: number[]): Promise<void> {
    for (let done = 0; done < count; done += 1) {
      line = (line + 7) % input.lines;
      const began = performance.now();
      must(await ledger.appendFacts([largeSheetFact(line)]));
      samples.push(performance.now() - began);
    }
  }
  const show = (): void => {
    const lines = ledger.sheet(place) === undefined ? [] : ledger.lines(place);
    figures.told += lines.slice(0, 50).length > 0 && ledger.notSeen(place).length >= 0 ? 1 : 0;
  };

  await scans(60, []);
  for (let done = 0; done < input.singles; done += input.block) {
    for (const shown of shuffled([true, false], random)) {
      const stop = shown ? ledger.subscribe(show) : () => undefined;
      await scans(input.block, shown ? figures.shown : figures.alone);
      stop();
    }
  }
  await ledger.close();
  return figures;
}
