import { createCatalogue } from '../../shared/domain/catalogue.ts';
import { convertBins } from '../../shared/domain/import/convert-bins.ts';
import { convertItems } from '../../shared/domain/import/convert-items.ts';
import { convertStock, type OpeningFact } from '../../shared/domain/import/convert-stock.ts';
import { NO_CHOICES, type Conversion } from '../../shared/domain/import/conversion.ts';
import type { ImportKind } from '../../shared/domain/import/fields.ts';
import { guessMapping } from '../../shared/domain/import/mapping.ts';
import type { Table } from '../../shared/domain/import/table.ts';
import type { Item } from '../../shared/domain/item.ts';
import type { LineKey } from '../../shared/domain/line-key.ts';
import type { Bin } from '../../shared/domain/location.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host, HostError } from '../../shared/ports/host.ts';
import { commitCatalogue, commitStock, type AppendFacts, type CommitHost } from './commit-import.ts';
import type { RowPage } from './import-messages.ts';
import { nextTask } from './next-task.ts';
import { readCsv } from './read-csv.ts';

export type SampleInput<Refusal> = {
  readonly host: CommitHost & Pick<Host, 'readSample'>;
  readonly appendFacts: AppendFacts<Refusal>;
  readonly known: { readonly items: readonly Item[]; readonly bins: readonly Bin[]; readonly openings: ReadonlySet<LineKey> };
  readonly onProgress: (part: number) => void;
};
type SampleRefusal<Refusal> = Refusal | HostError | { readonly code: 'cancelled' | 'worker_failed' | 'took_too_long' };

const FACT_PAGE = 2000;

/**
 * Imports the sample's items, bins and opening stock, by the same way as a person's files. Loading it twice changes
 * nothing: what is there is not added again. The caller reloads the catalogue afterwards.
 */
export async function importSample<Refusal>(input: SampleInput<Refusal>): Promise<Result<null, SampleRefusal<Refusal>>> {
  const { host, appendFacts, known, onProgress } = input;
  const choices = { ...NO_CHOICES, leaveOutStopped: true };

  async function read(what: ImportKind): Promise<Result<Table, HostError>> {
    const sample = await host.readSample({ what });
    if (!sample.ok) return sample;
    const table = readCsv(new TextEncoder().encode(sample.value.text), sample.value.name);
    if (!table.ok) throw new Error(`importSample: ${what} is no table (${table.error.code})`);
    await nextTask();
    return table;
  }
  async function write(what: 'items' | 'bins', table: Table, rows: readonly (Item | Bin)[]): Promise<Result<unknown, SampleRefusal<Refusal>>> {
    return rows.length === 0 ? ok(null) : commitCatalogue({ host, appendFacts, what, source: table.name, pages: linePages(rows) });
  }

  const itemTable = await read('items');
  if (!itemTable.ok) return itemTable;
  const items: Conversion<Item> = convertItems(itemTable.value, guessMapping('items', itemTable.value), known.items, choices);
  const itemsIn = await write('items', itemTable.value, items.rows);
  if (!itemsIn.ok) return itemsIn;
  onProgress(0.3);

  const binTable = await read('bins');
  if (!binTable.ok) return binTable;
  const bins: Conversion<Bin> = convertBins(binTable.value, guessMapping('bins', binTable.value), known.bins, choices);
  const binsIn = await write('bins', binTable.value, bins.rows);
  if (!binsIn.ok) return binsIn;
  onProgress(0.4);

  const stockTable = await read('stock');
  if (!stockTable.ok) return stockTable;
  const catalogue = createCatalogue(items.rows.length > 0 ? items.rows : known.items, bins.rows.length > 0 ? bins.rows : known.bins);
  const stock = convertStock(stockTable.value, guessMapping('stock', stockTable.value), { catalogue, openings: known.openings }, choices);
  const stockIn = await commitStock({ appendFacts, pages: factPages(stock.rows), onProgress: (rows) => onProgress(0.4 + (0.6 * rows) / Math.max(1, stock.rows.length)) });
  if (!stockIn.ok) return { ok: false, error: stockIn.error.cause };
  onProgress(1);
  return ok(null);
}

async function* linePages(rows: readonly (Item | Bin)[]): AsyncGenerator<Result<RowPage, never>> {
  yield ok({ kind: 'lines', lines: rows.map((row) => `${JSON.stringify(row)}\n`).join(''), rows: rows.length });
}

async function* factPages(facts: readonly OpeningFact[]): AsyncGenerator<Result<RowPage, never>> {
  for (let from = 0; from < facts.length; from += FACT_PAGE) {
    const page = facts.slice(from, from + FACT_PAGE);
    yield ok({ kind: 'facts', facts: page, rows: page.length });
  }
}
