/** The three things that are imported. */
export type ImportKind = 'items' | 'bins' | 'stock';

export type ItemField =
  | 'sku'
  | 'barcode'
  | 'name'
  | 'variant'
  | 'brand'
  | 'category'
  | 'size'
  | 'unit'
  | 'precision'
  | 'cost'
  | 'tracking'
  | 'active'
  | 'archived'
  | 'packBarcode'
  | 'packFactor'
  | 'packName';
export type BinField = 'bin' | 'label' | 'site' | 'zone' | 'walk' | 'active' | 'archived';
export type StockField = 'item' | 'bin' | 'site' | 'quantity' | 'unit' | 'lot';
export type ImportField = ItemField | BinField | StockField;

/** What a column of each kind of file may be, in the order in which a person is offered it. */
export const FIELDS_OF: Readonly<Record<ImportKind, readonly ImportField[]>> = {
  items: [
    'sku',
    'barcode',
    'name',
    'variant',
    'brand',
    'category',
    'size',
    'unit',
    'precision',
    'cost',
    'tracking',
    'active',
    'archived',
    'packBarcode',
    'packFactor',
    'packName',
  ],
  bins: ['bin', 'label', 'site', 'zone', 'walk', 'active', 'archived'],
  stock: ['item', 'bin', 'site', 'quantity', 'unit', 'lot'],
};

/** Fields that several columns may have: an item has several barcodes, several packs, and may differ in size and colour. */
export const REPEATED_FIELDS: ReadonlySet<ImportField> = new Set<ImportField>([
  'barcode',
  'variant',
  'packBarcode',
  'packFactor',
  'packName',
]);

/** One of each inner list must have a column, or nothing can be imported. */
export const NEEDED_FIELDS: Readonly<Record<ImportKind, readonly (readonly ImportField[])[]>> = {
  items: [['sku', 'barcode']],
  bins: [['bin', 'label']],
  stock: [['item'], ['bin'], ['quantity']],
};
