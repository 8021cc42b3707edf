import {
  checkFigures,
  countAgain,
  countFirstBin,
  countInSecondBin,
  decideFirstRound,
  finishFirstCount,
  moveBetween,
} from '../journeys/steps/acts.ts';
import { eventually, mustBe } from '../journeys/steps/check.ts';
import { createStocktake, openBin, scanCount } from '../journeys/steps/counting.ts';
import { ofKind, readJournal } from '../journeys/steps/journal.ts';
import { addCounter, ANA, BEN, goTo, handOver, MIA, signIn } from '../journeys/steps/people.ts';
import {
  BINS,
  COUNTED_BEFORE_CRASH,
  lineOf,
  planCounts,
  postedFirst,
  SOLD,
  STOCKTAKE,
} from '../journeys/steps/plan.ts';
import { approveAll, openBatch, post } from '../journeys/steps/reviewing.ts';
import {
  connectSquare,
  goOnSending,
  matchItems,
  newestRequestIs,
  openPart,
  pull,
  send,
  showPlan,
  testConnection,
} from '../journeys/steps/sending.ts';
import { SQUARE_LOCATION, SQUARE_TOKEN, variationOf } from '../journeys/steps/square-world.ts';
import type { Stage } from '../journeys/steps/stage.ts';
import type { Seen } from '../journeys/steps/findings.ts';
import type { Warehouse } from '../journeys/steps/warehouse.ts';
import { createFirstPerson, loadSample } from '../journeys/tallybook-app.ts';
import type { Album } from './pictures.ts';

type Walk = { stage: Stage; warehouse: Warehouse; album: Album; say: (text: string) => void };

/** The whole job, from an empty laptop to figures that agree. */
export async function walk({ stage, warehouse, album, say }: Walk): Promise<Seen> {
  const lines = planCounts(warehouse);
  const picture = (name: string) => album.take(stage.page(), name);
  const crash = () => readJournal(stage.profile).length;

  say('Mia opens a new laptop and loads the sample');
  await createFirstPerson(stage.page(), MIA.name, MIA.pin);
  await stage
    .page()
    .getByRole('button', { name: /Load the sample/ })
    .waitFor();
  await picture('first-run');
  await loadSample(stage.page());
  await addCounter(stage.page(), ANA);
  await addCounter(stage.page(), BEN);
  await createStocktake(stage.page(), { name: STOCKTAKE, bins: Object.values(BINS) });

  say('Ana counts, without a mouse');
  await handOver(stage.page(), ANA);
  await picture('my-counts');
  await countFirstBin(stage.page(), lines, picture);
  await album.takeDark(stage.page(), 'next-bin-dark');
  await moveBetween(stage.page(), lines, picture);
  await openBin(stage.page(), BINS.second);
  await countInSecondBin(stage.page(), lines, 0, COUNTED_BEFORE_CRASH);
  await album.takeDark(stage.page(), 'count-dark');

  say('The power goes in the middle of a shelf');
  const scansAtCrash = await scanCount(stage.page());
  const entriesAtCrash = crash();
  await stage.killAndStart();
  await stage.page().getByRole('radiogroup', { name: 'People' }).waitFor();
  await picture('sign-in');
  await signIn(stage.page(), ANA);
  await openBin(stage.page(), BINS.second);
  mustBe(await scanCount(stage.page()), scansAtCrash, 'Scans in the bin after the crash');
  const entriesAfterCrash = crash();
  await countInSecondBin(stage.page(), lines, COUNTED_BEFORE_CRASH);
  await picture('count-second-bin');
  const handedIn = await finishFirstCount(stage.page(), picture);

  say('Mia decides: one line again, one rejected, one held, the others posted');
  await handOver(stage.page(), MIA);
  await goTo(stage.page(), 'Stocktakes');
  await stage.page().getByRole('link', { name: STOCKTAKE }).click();
  await picture('stocktake');
  await openBatch(stage.page(), STOCKTAKE, 1);
  const compared = await checkFigures(stage.page(), lines);
  await decideFirstRound(stage.page(), lines, postedFirst(lines).length, picture);
  await stage
    .page()
    .getByRole('tab', { name: /^Differences/ })
    .click();
  await stage
    .page()
    .getByTestId('review-row')
    .filter({ hasText: lineOf(lines, 'moved').name })
    .first()
    .click();
  await stage.page().keyboard.press('e');
  await stage.page().getByRole('complementary', { name: 'Evidence' }).waitFor();
  await album.takeDark(stage.page(), 'evidence-dark');

  say('Ben counts the doubtful line again; Mia approves it');
  await handOver(stage.page(), BEN);
  await countAgain(stage.page(), lineOf(lines, 'recounted'), picture);
  await handOver(stage.page(), MIA);
  await openBatch(stage.page(), STOCKTAKE, 2);
  await approveAll(stage.page());
  await post(stage.page(), { lines: 1, zeroed: 0 });

  say('Square is connected, matched and read');
  await connectSquare(stage.page(), { name: 'Main Street till', baseUrl: stage.square.baseUrl, token: SQUARE_TOKEN });
  await testConnection(stage.page());
  const matched = await matchItems(stage.page());
  await picture('connection');
  const driftBefore = await pull(stage.page());
  stage.square.sale({
    variation: variationOf(lineOf(lines, 'sum').item),
    location: SQUARE_LOCATION,
    quantity: String(SOLD),
  });

  say('The first batch is sent; Square takes it and its answer is lost');
  const plan = await showPlan(stage.page(), `${STOCKTAKE}, pass 1`);
  await picture('plan');
  stage.square.fault({ kind: 'applyThenDrop' });
  await send(stage.page());
  await newestRequestIs(stage.page(), 'confirmed');
  await stage.page().getByRole('button', { name: 'Show lines' }).first().click();
  await picture('confirmed');

  say('The second is on its way when the power goes again');
  await openPart(stage.page(), 'Send');
  await showPlan(stage.page(), `${STOCKTAKE}, pass 2`);
  stage.square.fault({ kind: 'hang', apply: true, path: '/v2/inventory/changes/batch-create' });
  await send(stage.page());
  await eventually(
    () => stage.square.log().at(-1)?.status,
    (status) => status === 'hang',
    'The second request at Square',
  );
  await stage.killAndStart();
  await signIn(stage.page(), MIA);
  await goOnSending(stage.page());
  await picture('resumed');
  const mended = stage.page().getByRole('button', { name: 'I have read this' });
  if (await mended.isVisible()) await mended.click();

  say('What Square says now is compared with the book');
  const driftAfter = await pull(stage.page());
  await picture('drift');
  mustBe(ofKind(readJournal(stage.profile), 'send_frozen').length, 2, 'Plans frozen in the journal');
  return { lines, handedIn, compared, entriesAtCrash, entriesAfterCrash, matched, plan, driftBefore, driftAfter };
}
