import { codeKey } from '../barcode.ts';
import { toGtin14 } from '../gtin.ts';
import { findWrittenDamage } from './code-checks.ts';
import { readDecimal } from './decimal-text.ts';
import type { ImportField, ImportKind } from './fields.ts';

/** What a cell is shows in its beginning; a hostile one may be thirty thousand letters long. */
export const SAMPLE_CELL = 120;

/** What the cells of a column look like, as shares of those that hold something; `filled` is how many of them do. */
export type ColumnShape = {
  readonly filled: number;
  readonly codes: number;
  /** Codes of a GTIN's length with a right check digit, or with one after a spreadsheet's damage is undone. */
  readonly gtins: number;
  readonly numbers: number;
  readonly words: number;
  readonly tokens: number;
  readonly distinct: number;
  readonly money: number;
};

/** What the cells of one column look like, as shares of the cells that hold something. */
export function columnShape(rows: readonly (readonly string[])[], column: number): ColumnShape {
  const cells = rows.map((cells) => (cells[column] ?? '').slice(0, SAMPLE_CELL).trim()).filter((cell) => cell !== '');
  const share = (test: (cell: string) => boolean): number =>
    cells.length === 0 ? 0 : cells.filter(test).length / cells.length;
  return {
    filled: rows.length === 0 ? 0 : cells.length / rows.length,
    codes: share((cell) => codeKey(cell).startsWith('g:')),
    gtins: share(isGtinLike),
    numbers: share((cell) => readDecimal(cell, '.').ok && cell.length < 12),
    money: share((cell) => /[.,]\d{1,2}(\D|$)/.test(cell) && readDecimal(cell, '.').ok),
    words: share((cell) => /\p{L}{2}/u.test(cell) && /[\s,]/.test(cell)),
    tokens: share((cell) => /^[\p{L}\p{N}][\p{L}\p{N}._/-]*$/u.test(cell) && cell.length <= 32),
    distinct: cells.length === 0 ? 0 : new Set(cells).size / cells.length,
  };
}

/** Whether a code has a right check digit, or would have one after a spreadsheet's damage is undone. */
export function isGtinLike(cell: string): boolean {
  if (codeKey(cell).startsWith('g:')) return true;
  const damage = findWrittenDamage(cell);
  if (damage === null) return false;
  return 'suggestion' in damage ? toGtin14(damage.suggestion).ok : damage.code === 'scientific_notation';
}

/** How well a column's cells suit a field, 0 to 1; only fields that cells alone can tell. */
export function contentScore(kind: ImportKind, field: ImportField, shape: ColumnShape): number {
  if (shape.filled === 0) return 0;
  switch (field) {
    case 'barcode':
      return shape.codes;
    case 'sku':
      return shape.codes > 0.5 || shape.filled < 0.95 ? 0 : shape.tokens * shape.distinct * 0.9;
    case 'name':
      return shape.words * (0.5 + shape.distinct / 2);
    case 'cost':
      return shape.money * 0.8;
    case 'item':
      return Math.max(shape.codes, shape.tokens * shape.distinct * 0.9);
    case 'bin':
      return shape.tokens * (1 - shape.numbers) * (kind === 'bins' ? shape.distinct : 0.85);
    case 'quantity':
      return shape.numbers * (1 - shape.codes) * 0.9;
    case 'label':
    case 'site':
    case 'zone':
    case 'walk':
    case 'lot':
    case 'brand':
    case 'variant':
    case 'category':
    case 'size':
    case 'unit':
    case 'precision':
    case 'tracking':
    case 'active':
    case 'archived':
    case 'packBarcode':
    case 'packFactor':
    case 'packName':
      return 0;
  }
}
