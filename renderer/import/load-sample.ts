import type { ImportChoices } from '../../shared/domain/import/choices.ts';
import type { ImportKind } from '../../shared/domain/import/fields.ts';
import { saidOf, type LedgerState } from '../../shared/domain/ledger-state.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import { commitCatalogue, commitStock } from './commit-import.ts';
import { importInWorker } from './import-in-worker.ts';

const STEPS = ['items', 'bins', 'stock'] as const;
const SOURCE = 'sample/';
/** Openings in the sample's stock.csv; each makes a line of the books. */
export const SAMPLE_OPENINGS = 7290;

/**
 * Whether the sample's items are in and not all of the rest: loading it again goes on. A laptop that counts holds no books: how
 * much was said where the sample was loaded tells it.
 */
export function isSampleCutShort({
  catalogue,
  books,
  devices,
}: Pick<LedgerState, 'catalogue' | 'books' | 'devices'>): boolean {
  const items = catalogue.get('items');
  if (items?.source.startsWith(SOURCE) !== true) return false;
  return books.lines.size < SAMPLE_OPENINGS && (devices.get(items.told.device)?.seq ?? 0) < SAMPLE_OPENINGS;
}

/**
 * Loads the sample by the same path as a person's own files: read, convert, commit. `onProgress` runs from 0 to 1. Run
 * again after it was cut short, it goes on: what is there already is left out.
 */
export async function loadSample(
  ledger: Ledger,
  host: Host,
  choices: ImportChoices,
  onProgress: (part: number) => void,
): Promise<Result<null, LedgerError>> {
  for (const [step, what] of STEPS.entries()) {
    const loaded = await loadOne(ledger, host, what, choices, (part) => onProgress((step + part) / STEPS.length));
    if (!loaded.ok) return loaded;
    await ledger.reloadCatalogue();
  }
  onProgress(1);
  return ok(null);
}

async function loadOne(
  ledger: Ledger,
  host: Host,
  what: ImportKind,
  choices: ImportChoices,
  onProgress: (part: number) => void,
): Promise<Result<null, LedgerError>> {
  const sample = await host.readSample({ what });
  if (!sample.ok) return sample;
  const catalogue = ledger.catalogue();
  const session = await importInWorker({
    what,
    file: new Blob([sample.value.text]),
    name: sample.value.name,
    options: {},
    remembered: [],
    known: {
      items: catalogue.items(),
      bins: catalogue.bins(),
      openings: new Set(ledger.state().books.lines.keys()),
      said: saidOf(ledger.state()),
    },
  });
  if (!session.ok) return err({ code: 'bad_request', reason: session.error.code });
  const { table, convert, pages, cancel } = session.value;
  try {
    const converted = await convert(table.guess, choices, []);
    if (!converted.ok) return err({ code: 'bad_request', reason: converted.error.code });
    const { facts } = converted.value;
    const input = {
      pages: pages(),
      appendFacts: (facts: Parameters<Ledger['appendFacts']>[0]) => ledger.appendFacts(facts),
      onProgress: (rows: number) => onProgress(rows / Math.max(1, table.rowCount)),
    };
    if (what === 'stock') {
      const taken = await commitStock(input);
      return taken.ok ? ok(null) : asLedgerError(taken.error.cause);
    }
    const committed = await commitCatalogue({ ...input, host, what, source: `${SOURCE}${sample.value.name}`, facts });
    return committed.ok ? ok(null) : asLedgerError(committed.error);
  } finally {
    cancel();
  }
}

function asLedgerError(error: LedgerError | { code: 'cancelled' | 'worker_failed' | 'took_too_long' }): {
  ok: false;
  error: LedgerError;
} {
  switch (error.code) {
    case 'cancelled':
    case 'worker_failed':
    case 'took_too_long':
      return err({ code: 'bad_request', reason: error.code });
    default:
      return err(error);
  }
}
