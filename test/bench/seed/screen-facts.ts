import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { itemSku } from './ledger-model.ts';

/** A stocktake that scans are measured in: so many bins of so many lines each, counted once. */
export type ScreenSheet = {
  readonly stocktake: string;
  readonly bins: number;
  readonly linesABin: number;
};

export function sheetBin({ stocktake }: ScreenSheet, bin: number): string {
  return `${stocktake.toUpperCase()}-${String(bin).padStart(4, '0')}`;
}

/** The facts of a sheet: the stocktake, then a scan of every line. Each bin has the same items. */
export function sheetFacts(sheet: ScreenSheet): Fact[] {
  const { stocktake, linesABin } = sheet;
  const bins = Array.from({ length: sheet.bins }, (_, bin) => sheetBin(sheet, bin));
  return [
    { kind: 'stocktake_created', stocktake, name: stocktake, blind: false, bins },
    ...bins.flatMap((bin) =>
      Array.from({ length: linesABin }, (_, line): Fact => ({
        kind: 'counted',
        stocktake,
        pass: 1,
        bin,
        item: itemSku(line),
        quantity: '1',
        how: 'scan',
        code: itemSku(line),
      })),
    ),
  ];
}
