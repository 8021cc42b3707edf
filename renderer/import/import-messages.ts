import type { CatalogueFact } from '../../shared/domain/catalogue-facts.ts';
import type {
  Conversion,
  ImportCounts,
  NumberSample,
  SharedCode,
  UnknownSite,
  UnknownUnit,
} from '../../shared/domain/import/conversion.ts';
import type { ImportChoices } from '../../shared/domain/import/choices.ts';
import type { OpeningFact } from '../../shared/domain/import/convert-stock.ts';
import type { ImportKind } from '../../shared/domain/import/fields.ts';
import type { ColumnMapping, RememberedMapping } from '../../shared/domain/import/mapping.ts';
import type { Mend } from '../../shared/domain/import/mending.ts';
import type { ImportProblem, ProblemCounts } from '../../shared/domain/import/problem.ts';
import type { TableError, TableFormat } from '../../shared/domain/import/table.ts';
import type { Item } from '../../shared/domain/item.ts';
import type { LineKey } from '../../shared/domain/line-key.ts';
import type { Bin } from '../../shared/domain/location.ts';
import type { ReadOptions } from './read-table.ts';

/** What a preview shows of a file: enough to see what the columns are. */
export type OpenedTable = {
  readonly name: string;
  readonly format: TableFormat;
  readonly rowCount: number;
  readonly columnCount: number;
  /** The first written rows, header included, each with its spreadsheet row. */
  readonly sample: readonly { readonly row: number; readonly cells: readonly string[] }[];
  /** One name a column: its header, or its letter. */
  readonly columns: readonly string[];
  readonly guess: ColumnMapping;
  /** Letters look as if the file had been written in one encoding and saved in another ("PÃ¢te"). */
  readonly garbled: boolean;
  /** Two cells with letters beyond ASCII: by them a person sees whether the encoding is right. */
  readonly letters: readonly { readonly row: number; readonly text: string }[];
};

/** A conversion without its rows: they stay in the worker until they are wanted. */
export type ConversionSummary = {
  readonly state: Conversion<never>['state'];
  readonly counts: ImportCounts;
  readonly problemCounts: ProblemCounts;
  readonly duplicates: readonly SharedCode[];
  readonly numbers: readonly NumberSample[];
  readonly unknownUnits: readonly UnknownUnit[];
  readonly unknownSites: readonly UnknownSite[];
  /** What is said again with the rows, where they differ from what was said by hand before. */
  readonly facts: readonly CatalogueFact[];
};

/** Catalogue rows as JSON lines, ready for the host; or opening facts. */
export type RowPage =
  | { readonly kind: 'lines'; readonly lines: string; readonly rows: number }
  | { readonly kind: 'facts'; readonly facts: readonly OpeningFact[]; readonly rows: number };

/** Page → worker. `id` comes back with every answer. */
export type ToWorker =
  /** What is known already, in pages, before anything is converted. */
  | {
      readonly kind: 'known';
      readonly items: readonly Item[];
      readonly bins: readonly Bin[];
      readonly openings: readonly LineKey[];
      readonly said: readonly CatalogueFact[];
    }
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly file: Blob;
      readonly name: string;
      readonly what: ImportKind;
      readonly options: ReadOptions;
      readonly remembered: readonly RememberedMapping[];
    }
  /** What the columns are, should this row head them (0: none does). */
  | { readonly kind: 'propose'; readonly id: number; readonly headerRow: number }
  | {
      readonly kind: 'convert';
      readonly id: number;
      readonly mapping: ColumnMapping;
      readonly choices: ImportChoices;
      readonly mends: readonly Mend[];
    }
  /** The cells of one row, as the file has them. */
  | { readonly kind: 'cells'; readonly id: number; readonly row: number }
  /** The next page of rows of the newest conversion. */
  | { readonly kind: 'rows'; readonly id: number; readonly from: number };

/** Worker → page. */
export type FromWorker =
  | { readonly kind: 'opened'; readonly id: number; readonly table: OpenedTable }
  | { readonly kind: 'refused'; readonly id: number; readonly error: TableError }
  | { readonly kind: 'proposed'; readonly id: number; readonly guess: ColumnMapping }
  | { readonly kind: 'cells'; readonly id: number; readonly cells: readonly string[] }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly of: number }
  | { readonly kind: 'problems'; readonly id: number; readonly problems: readonly ImportProblem[] }
  | { readonly kind: 'converted'; readonly id: number; readonly summary: ConversionSummary }
  | { readonly kind: 'rows'; readonly id: number; readonly page: RowPage; readonly next?: number };

/** The two ends of a worker that are used; a test may give a double that runs in the same thread. */
export type WorkerPort = {
  postMessage(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  onFailure(listener: () => void): void;
  terminate(): void;
};
