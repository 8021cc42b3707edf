import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { RemoteItem, RemoteLocation } from '../../shared/ports/remote-inventory.ts';
import { watchPages } from '../../shared/ports/pages.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import { endlessAt } from './figures.ts';
import { createPatience, type After } from './patient.ts';

type Parts = { readonly host: Host; readonly ledger: Pick<Ledger, 'sending'>; readonly after: After };
type Page<Row> = { readonly rows: readonly Row[]; readonly cursor: string | undefined };

/** Asks for page after page until there is none. */
async function allPages<Row>(
  { ledger, after }: Parts,
  connection: string,
  ask: (cursor: string | undefined) => Promise<Result<Page<Row>, LedgerError>>,
): Promise<Result<Row[], LedgerError>> {
  const rows: Row[] = [];
  const endless = watchPages();
  const patiently = createPatience(after);
  let cursor: string | undefined;
  do {
    const from = cursor;
    const page = await patiently(() => ask(from));
    if (!page.ok) return page;
    for (const row of page.value.rows) rows.push(row);
    ({ cursor } = page.value);
    const refused = cursor === undefined ? undefined : endless(cursor);
    if (refused) return endlessAt(ledger, connection, refused.error);
  } while (cursor !== undefined);
  return ok(rows);
}

const from = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

/** Every item of the remote. */
export function readItems(parts: Parts, connection: string): Promise<Result<RemoteItem[], LedgerError>> {
  return allPages(parts, connection, async (cursor) => {
    const page = await parts.host.remoteItems({ connection, ...from(cursor) });
    if (!page.ok) return page;
    const rows = page.value.items.map(({ id, name, precision, sku, barcode, cases, tracked }) => ({
      id,
      name,
      precision,
      ...(sku !== undefined && { sku }),
      ...(barcode !== undefined && { barcode }),
      ...(cases !== undefined && { cases }),
      ...(tracked !== undefined && { tracked }),
    }));
    return ok({ rows, cursor: page.value.cursor });
  });
}

/** Every place of the remote. */
export function readLocations(parts: Parts, connection: string): Promise<Result<RemoteLocation[], LedgerError>> {
  return allPages(parts, connection, async (cursor) => {
    const page = await parts.host.remoteLocations({ connection, ...from(cursor) });
    if (!page.ok) return page;
    const rows = page.value.locations.map(({ id, name, active, site }) => ({
      id,
      name,
      active,
      ...(site !== undefined && { site }),
    }));
    return ok({ rows, cursor: page.value.cursor });
  });
}
