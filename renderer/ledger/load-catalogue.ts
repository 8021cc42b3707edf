import { createCatalogueInSteps, type Catalogue } from '../../shared/domain/catalogue.ts';
import { itemSchema, type Item } from '../../shared/domain/item.ts';
import { binSchema, type Bin } from '../../shared/domain/location.ts';
import { saidOf, type LedgerState } from '../../shared/domain/ledger-state.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { LedgerError } from './ledger.ts';
import { nextTask } from './next-task.ts';

/** Reads the newest snapshots of items and bins from the host's files and makes the in-memory catalogue of them. */
export async function loadCatalogue(
  host: Pick<Host, 'readCatalogueFile'>,
  state: LedgerState,
): Promise<Result<Catalogue, LedgerError>> {
  const items = await readFile(
    host,
    state.catalogue.get('items')?.sha256,
    (line) => itemSchema.safeParse(JSON.parse(line)).data,
  );
  if (!items.ok) return items;
  const bins = await readFile(
    host,
    state.catalogue.get('bins')?.sha256,
    (line) => binSchema.safeParse(JSON.parse(line)).data,
  );
  if (!bins.ok) return bins;
  return ok(await createCatalogueInSteps(items.value, bins.value, saidOf(state), nextTask));
}

async function readFile<Row extends Item | Bin>(
  host: Pick<Host, 'readCatalogueFile'>,
  sha256: string | undefined,
  read: (line: string) => Row | undefined,
): Promise<Result<Row[], LedgerError>> {
  const rows: Row[] = [];
  if (sha256 === undefined) return ok(rows);
  let offset: number | undefined = 0;
  while (offset !== undefined) {
    const page = await host.readCatalogueFile({ sha256, offset });
    if (!page.ok) return err(page.error);
    for (const line of page.value.lines.split('\n')) {
      const row = line === '' ? undefined : read(line);
      if (row) rows.push(row);
    }
    offset = page.value.next;
  }
  return ok(rows);
}
