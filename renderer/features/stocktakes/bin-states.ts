import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { binsOfPass } from '../../../shared/domain/pass.ts';
import { unresolved } from '../../../shared/domain/unknown-code.ts';
import { findSheet, type Sheet, type SheetState, type Stocktake } from '../../../shared/domain/stocktake.ts';

/** Every state a bin of a pass can be in, in the order in which work goes on. */
export const BIN_STATES = [
  'not_visited',
  'open',
  'finished',
  'confirmed_empty',
  'skipped',
  'submitted',
] as const satisfies readonly (SheetState | 'not_visited')[];
export type BinState = (typeof BIN_STATES)[number];

/** One cell of the map. */
export type BinCell = {
  readonly bin: string;
  readonly zone: string;
  readonly state: BinState;
  readonly sheet: Sheet | undefined;
};

/** Cells of one zone, in walking order. */
export type ZoneMap = { readonly zone: string; readonly cells: readonly BinCell[] };

/** The map of a pass: small multiples by zone. A bin the catalogue does not know stands in the zone of its first letters. */
export function zoneMaps(stocktake: Stocktake, pass: number, catalogue: Catalogue): ZoneMap[] {
  const zones = new Map<string, BinCell[]>();
  for (const bin of binsOfPass(stocktake, pass)) {
    const zone = catalogue.bin(bin)?.zone ?? bin.split('-')[0] ?? '';
    const sheet = findSheet(stocktake, pass, bin);
    const cells = zones.get(zone) ?? [];
    cells.push({ bin, zone, state: sheet?.state ?? 'not_visited', sheet });
    zones.set(zone, cells);
  }
  return [...zones].map(([zone, cells]) => ({ zone, cells }));
}

/** How many cells are in each state. */
export function countStates(maps: readonly ZoneMap[]): Record<BinState, number> {
  const counts = { not_visited: 0, open: 0, finished: 0, confirmed_empty: 0, skipped: 0, submitted: 0 };
  for (const { cells } of maps) for (const cell of cells) counts[cell.state] += 1;
  return counts;
}

/** What was said about a bin before it was handed in. */
export function handedInAs(sheet: Sheet): 'finished' | 'confirmed_empty' | 'skipped' {
  if (sheet.emptyAt !== undefined) return 'confirmed_empty';
  return sheet.skipReason !== undefined && sheet.lines.size === 0 ? 'skipped' : 'finished';
}

/** What submitting now would hand in, and what it leaves. `skipped` by reason. */
export type SubmitSummary = {
  readonly finished: number;
  readonly empty: number;
  readonly skipped: ReadonlyMap<string, number>;
  readonly open: number;
  readonly notVisited: number;
  readonly submitted: number;
  /** Units nobody recognised in the bins that would be handed in. */
  readonly unknownCodes: number;
};

/** Sums up the cells of a pass for the sentence that is read before submitting. */
export function submitSummary(maps: readonly ZoneMap[]): SubmitSummary {
  const counts = countStates(maps);
  const skipped = new Map<string, number>();
  let unknownCodes = 0;
  for (const { cells } of maps) {
    for (const { sheet, state } of cells) {
      if (!sheet || state === 'submitted') continue;
      if (state === 'skipped') skipped.set(sheet.skipReason ?? '', (skipped.get(sheet.skipReason ?? '') ?? 0) + 1);
      if (state !== 'open') unknownCodes += unresolved(sheet).length;
    }
  }
  return {
    finished: counts.finished,
    empty: counts.confirmed_empty,
    skipped,
    open: counts.open,
    notVisited: counts.not_visited,
    submitted: counts.submitted,
    unknownCodes,
  };
}

/** Whether anything would be handed in. */
export function canSubmit(summary: SubmitSummary): boolean {
  return summary.finished + summary.empty + [...summary.skipped.values()].reduce((sum, count) => sum + count, 0) > 0;
}
