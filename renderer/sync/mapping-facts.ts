import type { Fact } from '../../shared/domain/ledger-entry.ts';
import type { MappingChange } from './sending.ts';

/** One entry holds this many matches of each kind. */
const MAPPING_ROWS = { items: 5000, sites: 500, bins: 5000, reasons: 100 } as const;
/** Rows in pieces of a size. */
export function piecesOf<Row>(rows: readonly Row[], size: number): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, at) => rows.slice(at * size, (at + 1) * size));
}

/** Matches as facts of a size that one entry bears. */
export function mappingFacts(connection: string, change: MappingChange): Fact[] {
  const base = { kind: 'mapping_set' as const, connection, items: [], sites: [] };
  return [
    ...piecesOf(change.sites ?? [], MAPPING_ROWS.sites).map((sites) => ({ ...base, sites })),
    ...piecesOf(change.items ?? [], MAPPING_ROWS.items).map((items) => ({ ...base, items })),
    ...piecesOf(change.bins ?? [], MAPPING_ROWS.bins).map((bins) => ({ ...base, bins })),
    ...piecesOf(change.reasons ?? [], MAPPING_ROWS.reasons).map((reasons) => ({ ...base, reasons })),
  ];
}
