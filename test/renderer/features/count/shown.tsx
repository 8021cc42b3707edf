import { render, screen, waitFor } from '@testing-library/react';
import { Profiler, type ReactElement } from 'react';
import { Route, Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { countPath } from '../../../../renderer/tallybook/place-path.ts';
import { ScansProvider, startScans, type Scans } from '../../../../renderer/scan/scans.tsx';
import { StatusLine } from '../../../../renderer/app/status-line.tsx';
import { TallybookContext, type Tallybook } from '../../../../renderer/tallybook/tallybook-context.tsx';
import { CountScreen } from '../../../../renderer/features/count/count-screen.tsx';
import { createPageSending } from '../../../../renderer/sync/create-page-sending.ts';
import { useCounting } from '../../../../renderer/stores/counting.ts';
import { Live } from '../../../../renderer/ui/live.tsx';
import type { Item } from '../../../../shared/domain/item.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { checkDigit } from '../../../../shared/domain/barcode.ts';
import { does } from '../../../electron/host/bench.ts';
import { unwrap, type Page, type PLACE } from '../../ledger/page.ts';

let scans: Scans | undefined;

/** Lists show what fits their height; here the list is 800 px high and every row as high as a line is. */
export function giveRoom(): void {
  for (const [side, value] of [
    ['clientHeight', 800],
    ['clientWidth', 400],
    ['offsetHeight', 57],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, value });
}

/** So many items with a GTIN each. */
export function makeItems(count: number): readonly Item[] {
  return Array.from({ length: count }, (_, at) => ({
    sku: `I${at}`,
    name: `Item ${at}`,
    barcodes: [{ code: codeOf(at) }],
    unit: 'pcs',
    precision: 0,
    tracking: 'none' as const,
  }));
}

/** The GTIN of an item. */
export function codeOf(at: number): string {
  const digits = `20${String(at).padStart(10, '0')}`;
  return `${digits}${checkDigit(digits)}`;
}

/** Imports items as the Import screen does. */
export async function importItems(page: Page, items: readonly Item[]): Promise<void> {
  const { file } = await does(page.running, 'beginCatalogueFile', { what: 'items' });
  const lines = items.map((item) => `${JSON.stringify(item)}\n`).join('');
  await does(page.running, 'appendCatalogueRows', { file, lines, rows: items.length });
  const { sha256 } = await does(page.running, 'sealCatalogueFile', { file });
  const rows = items.length;
  unwrap(
    await page.ledger.appendFacts([{ kind: 'catalogue_imported', what: 'items', sha256, rows, source: 'items.csv' }]),
  );
  await page.ledger.reloadCatalogue();
}

const MIA: Person = { id: 'p', name: 'Mia', roles: ['counter', 'lead'], active: true };

/** What the screens stand on, over a page's real ledger. */
export function tallybookOf(page: Page, person: Person = MIA): Tallybook {
  return {
    host: page.running.host,
    ledger: page.ledger,
    sending: createPageSending({
      host: page.running.host,
      ledger: page.ledger,
      connectors: [],
      now: () => new Date(page.clock.now()).toISOString(),
      after: () => () => undefined,
    }),
    sounds: {
      taken() {},
      noted() {},
      look() {},
      notTaken() {},
      played: () => ({ taken: 0, noted: 0, look: 0, notTaken: 0 }),
    },
    person,
    people: [],
    laptop: 'laptop',
    signOut: async () => {},
    reloadPeople: async () => {},
  };
}

/** The counting screen over a page's real ledger, with what stands around it; answers how often anything of it was drawn. */
export function showCounting(page: Page, place: typeof PLACE, person?: Person): { commits(): number } {
  let commits = 0;
  const tallybook = tallybookOf(page, person);
  useCounting.getState().show(undefined);
  useCounting.getState().select(undefined);
  scans?.stop();
  scans = startScans(window, () => []);
  const { hook } = memoryLocation({ path: countPath(place.stocktake, place.pass, place.bin) });
  render(
    <TallybookContext.Provider value={tallybook}>
      <Profiler id="counting" onRender={() => (commits += 1)}>
        <Router hook={hook}>
          <ScansProvider scans={scans}>
            <Route path="/count/:stocktake/:pass/:bin?">{(): ReactElement => <CountScreen />}</Route>
            <StatusLine />
            <Live />
          </ScansProvider>
        </Router>
      </Profiler>
    </TallybookContext.Provider>,
  );
  return { commits: () => commits };
}

/** Keys as a scanner sends them, one right after another. */
export function sendScan(code: string): void {
  for (const key of [...code.split(''), 'Enter'])
    for (const kind of ['keydown', 'keyup'])
      window.dispatchEvent(
        new KeyboardEvent(kind, { key, code: key.length === 1 ? `Digit${key}` : key, bubbles: true, cancelable: true }),
      );
}

/** Scans and waits until the card says the total. */
export async function scanTo(code: string, name: string, total: string): Promise<void> {
  sendScan(code);
  await waitFor(() => {
    const card = [screen.getByTestId('hero-name').textContent, screen.getByTestId('hero-total').textContent];
    if (card[0] !== name || card[1] !== total) throw new Error(`the card says ${card.join(' ')}`);
  });
}
