import type { Page } from '@playwright/test';
import { scan } from '../tallybook-app.ts';
import { mustBe } from './check.ts';
import {
  confirmEmpty,
  countItem,
  finishBin,
  heroSays,
  moveStock,
  openBin,
  scanCount,
  setLine,
  skipBlocked,
  typeQuantity,
  handIn,
} from './counting.ts';
import { BINS, lineOf, MISREAD_CODE, MOVED, SUM, UNKNOWN_CODE, type PlannedLine } from './plan.ts';
import { approveAll, decide, openTab, post, shownLine } from './reviewing.ts';
import { labelOf } from './warehouse.ts';

/** Takes a picture for whoever wants one; a journey wants none. */
export type Picture = (name: string) => Promise<void>;
export const noPicture: Picture = () => Promise.resolve();

/** Counts one line the way the plan says. */
async function countLine(page: Page, line: PlannedLine): Promise<void> {
  const { code, name, counted } = line;
  if (counted === undefined || line.way === 'not_here') return;
  const total = String(counted);
  switch (line.way) {
    case 'plus_one':
      await countItem(page, { code, name, typed: String(counted - 1), total: String(counted - 1) });
      return countItem(page, { code, name, total });
    case 'sum':
      await countItem(page, { code, name, total: '1' });
      return setLine(page, SUM.typed, { outcome: 'taken', name, total });
    case 'undone':
      await countItem(page, { code, name, typed: total, total });
      await countItem(page, { code, name, total: String(counted + 1) });
      await page.keyboard.press('Control+z');
      return heroSays(page, { outcome: 'taken', name, total });
    default:
      return countItem(page, { code, name, typed: total, total });
  }
}

/** The first shelf, with everything that can happen at a shelf. */
export async function countFirstBin(page: Page, lines: readonly PlannedLine[], picture = noPicture): Promise<void> {
  await openBin(page, BINS.first);
  const here = lines.filter(({ bin }) => bin === BINS.first);
  for (const line of here.filter(({ way }) => way !== 'sum')) await countLine(page, line);
  await countLine(page, lineOf(here, 'sum'));
  await picture('count-sum');
  const before = await scanCount(page);
  await scan(page, MISREAD_CODE);
  await heroSays(page, { outcome: 'not-taken', name: MISREAD_CODE });
  mustBe(await scanCount(page), before, 'A misread label adds no scan');
  await typeQuantity(page, '3');
  await picture('count-typed');
  await scan(page, UNKNOWN_CODE);
  await heroSays(page, { outcome: 'look', name: UNKNOWN_CODE, total: '3' });
  await picture('count-unknown');
  await finishBin(page, 'Leave as not counted');
}

/** Takes stock off the shelf that was just counted and puts it where nobody has counted yet. */
export async function moveBetween(page: Page, lines: readonly PlannedLine[], picture = noPicture): Promise<void> {
  const { code, name } = lineOf(lines, 'moved');
  await moveStock(page, { from: BINS.first, code, name, quantity: String(MOVED), to: BINS.second });
  await picture('moved');
  await page.keyboard.press('Alt+1');
  await page.getByRole('heading', { name: 'My counts' }).waitFor();
}

/** Some lines of the second shelf, in the bin that is open. */
export async function countInSecondBin(
  page: Page,
  lines: readonly PlannedLine[],
  from: number,
  to?: number,
): Promise<void> {
  for (const line of lines.filter(({ bin }) => bin === BINS.second).slice(from, to)) await countLine(page, line);
}

/** The last shelves and handing in. Answers the sentence shown before it. */
export async function finishFirstCount(page: Page, picture = noPicture): Promise<string> {
  await finishBin(page, 'None is here');
  await scan(page, BINS.blocked);
  await page.getByTestId('scan-count').waitFor();
  await skipBlocked(page);
  await scan(page, BINS.empty);
  await page.getByTestId('scan-count').waitFor();
  await confirmEmpty(page);
  await picture('hand-in');
  return handIn(page);
}

/** The second count of the line that was sent back, by somebody else: the shelf was right. */
export async function countAgain(page: Page, line: PlannedLine, picture = noPicture): Promise<void> {
  await page.getByText('Second count').first().waitFor();
  await openBin(page, line.bin);
  await picture('second-count');
  await countItem(page, {
    code: labelOf(line.item),
    name: line.name,
    typed: String(line.book),
    total: String(line.book),
  });
  await finishBin(page);
  await handIn(page);
}

/** Decides the first round: one line again, one not, one later, the rest as counted. Posts it. */
export async function decideFirstRound(
  page: Page,
  lines: readonly PlannedLine[],
  posted: number,
  picture = noPicture,
): Promise<void> {
  await decide(page, lineOf(lines, 'recounted'), { key: 'r', word: 'Recount' });
  await decide(page, lineOf(lines, 'rejected'), { key: 'x', word: 'Rejected' });
  await decide(page, lineOf(lines, 'held'), { key: 'h', word: 'Held' });
  await picture('review');
  await openTab(page, 'To decide');
  await approveAll(page);
  await page.keyboard.press('F10');
  await page.getByRole('dialog', { name: 'Post approved lines' }).waitFor();
  await picture('post');
  await page.keyboard.press('Escape');
  await post(page, { lines: posted, zeroed: 1 });
}

/** Compares every line of the grid that has a variance with the plan. Answers how many it compared. */
export async function checkFigures(page: Page, lines: readonly PlannedLine[]): Promise<number> {
  await openTab(page, 'Differences');
  const differing = lines.filter(({ counted, book }) => counted !== undefined && counted !== book);
  for (const line of differing) {
    const counted = line.counted ?? 0;
    const shown = await shownLine(page, line);
    const signed = (value: number) => (value > 0 ? `+${value}` : String(value));
    mustBe(
      [shown['Counted'], shown['Book then'], shown['Moved since'], shown['Resulting'], shown['Variance']],
      [
        String(counted),
        String(line.book),
        line.movedSince === 0 ? '' : signed(line.movedSince),
        String(counted + line.movedSince),
        signed(counted - line.book),
      ],
      `Figures of ${line.name} in ${line.bin} (counted, book then, moved since, resulting, variance)`,
    );
  }
  mustBe(await page.getByTestId('review-row').count(), differing.length, 'Lines that differ from the book');
  await openTab(page, 'To decide');
  return differing.length;
}
