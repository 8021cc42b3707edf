/** `stop`: the row cannot be taken in as it stands. `warn`: it can, and a person should know. */
export type Severity = 'stop' | 'warn';

/** What may be wrong with a cell or a row of an imported table. Every code has a sentence in the page's texts. */
export type ProblemCode =
  // reading the table
  | 'nul_character'
  | 'unreadable_character'
  | 'cell_too_long'
  | 'unclosed_quote'
  | 'stray_quote'
  | 'too_many_cells'
  | 'header_again'
  | 'row_is_total'
  | 'cell_error'
  // codes
  | 'code_scientific_notation'
  | 'code_decimal_point'
  | 'code_lost_zeros'
  | 'code_letter_for_digit'
  | 'code_thousands_marks'
  | 'code_dashes'
  | 'code_label'
  | 'code_odd_dash'
  | 'code_is_none'
  | 'code_check_digit'
  | 'code_is_date'
  | 'code_is_command'
  | 'code_control_character'
  | 'code_too_long'
  | 'code_is_bin'
  | 'code_is_item'
  | 'code_is_sku'
  | 'duplicate_barcode'
  | 'barcode_moves'
  | 'barcode_moved'
  | 'too_many_barcodes'
  // items
  | 'sku_missing'
  | 'sku_too_long'
  | 'sku_from_barcode'
  | 'zeros_differ'
  | 'sku_twice'
  | 'row_twice'
  | 'rows_joined'
  | 'name_missing'
  | 'text_cut'
  | 'price_ambiguous'
  | 'price_unreadable'
  | 'price_too_precise'
  | 'precision_unreadable'
  | 'unit_unknown'
  | 'status_unknown'
  | 'is_out_of_use'
  | 'goes_out_of_use'
  | 'tracking_unknown'
  | 'pack_without_factor'
  | 'pack_factor_unreadable'
  // bins
  | 'bin_missing'
  | 'bin_too_long'
  | 'bin_twice'
  | 'bin_site_unknown'
  | 'site_unclear'
  | 'duplicate_label'
  | 'walk_unreadable'
  // opening stock
  | 'item_missing'
  | 'item_unknown'
  | 'item_ambiguous'
  | 'bin_unknown'
  | 'bin_ambiguous'
  | 'bin_not_there'
  | 'quantity_missing'
  | 'quantity_unreadable'
  | 'quantity_ambiguous'
  | 'quantity_unit_unknown'
  | 'quantity_too_precise'
  | 'quantity_negative'
  | 'lot_missing'
  | 'lot_too_long'
  | 'stock_twice'
  | 'already_has_opening';

/** One thing to know before importing. `row` counts as a spreadsheet does, from 1, the header row included. */
export type ImportProblem = {
  readonly row: number;
  /** The column's header, or its letter where there is none; empty when the whole row is meant. */
  readonly column: string;
  /** That column's index, from 0; absent when the whole row is meant. */
  readonly cell?: number;
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** The cell as the file has it, shortened. */
  readonly value: string;
  /** What it probably was. Only ever taken when a person chose so. */
  readonly suggestion?: string;
  /** The other party: an earlier row's number, or the SKU that has the same barcode. */
  readonly other?: string;
  /** What the row is about, by name, where the sentence needs it. */
  readonly name?: string;
};

export type ProblemCounts = Readonly<Partial<Record<ProblemCode, number>>>;

/** Rows of such a problem cannot be left out: what follows in the file may have been swallowed. */
const NEVER_LEFT_OUT: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['unclosed_quote']);
/** More are counted, not listed: nobody reads them, and a page has to hold them. */
export const MOST_PROBLEMS = 100_000;
const LONGEST_VALUE = 80;

export type ProblemList = {
  add(problem: ImportProblem): void;
  /** Whether the row has a problem that stops it. */
  stops(row: number): boolean;
  readonly stoppedRows: ReadonlySet<number>;
  /** A stop that no choice can pass. */
  readonly fatal: () => boolean;
  readonly list: () => readonly ImportProblem[];
  readonly counts: () => ProblemCounts;
};

/** The text of a cell as it may be shown: control characters made visible, at most 80 characters. */
export function shownValue(text: string): string {
  const short = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  // oxlint-disable-next-line no-control-regex -- control characters are what is made visible
  return short.replace(/[\u0000-\u001f]/g, (letter) => String.fromCodePoint(0x2400 + letter.charCodeAt(0)));
}

/** Collects every problem of one pass, in the order of rows. */
export function createProblemList(): ProblemList {
  const list: ImportProblem[] = [];
  const counts: Partial<Record<ProblemCode, number>> = {};
  const stoppedRows = new Set<number>();
  let fatal = false;
  return {
    add(problem) {
      counts[problem.code] = (counts[problem.code] ?? 0) + 1;
      if (problem.severity === 'stop') stoppedRows.add(problem.row);
      if (problem.severity === 'stop' && NEVER_LEFT_OUT.has(problem.code)) fatal = true;
      if (list.length < MOST_PROBLEMS) list.push({ ...problem, value: shownValue(problem.value) });
    },
    stops: (row) => stoppedRows.has(row),
    stoppedRows,
    fatal: () => fatal,
    // A stable sort: problems of one row stay in the order in which they were seen.
    list: () => list.toSorted((left, right) => left.row - right.row),
    counts: () => counts,
  };
}
