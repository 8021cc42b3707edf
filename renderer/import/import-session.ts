import type { CatalogueFact } from '../../shared/domain/catalogue-facts.ts';
import type { ImportChoices } from '../../shared/domain/import/choices.ts';
import type { ImportKind } from '../../shared/domain/import/fields.ts';
import type { ColumnMapping, RememberedMapping } from '../../shared/domain/import/mapping.ts';
import type { Mend } from '../../shared/domain/import/mending.ts';
import type { ImportProblem } from '../../shared/domain/import/problem.ts';
import type { TableError } from '../../shared/domain/import/table.ts';
import type { Item } from '../../shared/domain/item.ts';
import type { LineKey } from '../../shared/domain/line-key.ts';
import type { Bin } from '../../shared/domain/location.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { ConversionSummary, FromWorker, OpenedTable, RowPage, ToWorker, WorkerPort } from './import-messages.ts';
import { nextTask } from '../ledger/next-task.ts';
import type { ReadOptions } from './read-table.ts';

/** The worker ended: it was cancelled, it crashed, or it was silent for too long. */
export type ImportFailure =
  | { readonly code: 'cancelled' }
  | { readonly code: 'worker_failed' }
  | { readonly code: 'took_too_long' };

export type ConvertedTable = ConversionSummary & { readonly problems: readonly ImportProblem[] };

/** One file being imported. */
export type ImportSession = {
  readonly what: ImportKind;
  readonly table: OpenedTable;
  /** What the columns are, should this row head them (0: none does). */
  propose(headerRow: number): Promise<Result<ColumnMapping, ImportFailure>>;
  /** The cells of a row, as the file has them. */
  cells(row: number): Promise<Result<readonly string[], ImportFailure>>;
  /** Tries the whole file under a mapping and choices, with the mended cells; nothing is kept but in the worker. */
  convert(
    mapping: ColumnMapping,
    choices: ImportChoices,
    mends: readonly Mend[],
    onProgress?: (done: number, of: number) => void,
  ): Promise<Result<ConvertedTable, ImportFailure>>;
  /** The rows of the newest conversion, page by page; the worker makes a page when it is asked for. */
  pages(): AsyncGenerator<Result<RowPage, ImportFailure>>;
  /** Ends the worker. Whatever was asked of it is answered with `cancelled`. */
  cancel(): void;
};

export type Known = {
  readonly items: readonly Item[];
  readonly bins: readonly Bin[];
  readonly openings: ReadonlySet<LineKey>;
  /** What was said of items and bins beside the files; it stands in `items` and `bins` already. */
  readonly said: readonly CatalogueFact[];
};

export type SessionInput = {
  readonly what: ImportKind;
  readonly file: Blob;
  readonly name: string;
  readonly options: ReadOptions;
  readonly remembered: readonly RememberedMapping[];
  readonly known: Known;
};

const KNOWN_PAGE = 4000;
/** A worker that says nothing for so long will not say anything. Milliseconds. */
const SILENCE_MS = 120_000;

type Waiting = {
  readonly hear: (message: FromWorker) => boolean;
  readonly fail: (failure: ImportFailure) => void;
  timer: ReturnType<typeof setTimeout>;
};

/**
 * Opens a file in a worker: encoding, separator, columns and a first guess; or why it is no table.
 * One piece: whatever is asked shares the answers that are waited for.
 */
export async function openSession(
  port: WorkerPort,
  input: SessionInput,
): Promise<Result<ImportSession, TableError | ImportFailure>> {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let ended: ImportFailure | undefined;

  function end(failure: ImportFailure): void {
    if (ended !== undefined) return;
    ended = failure;
    port.terminate();
    for (const one of waiting.values()) {
      clearTimeout(one.timer);
      one.fail(failure);
    }
    waiting.clear();
  }
  const watch = (): ReturnType<typeof setTimeout> => setTimeout(() => end({ code: 'took_too_long' }), SILENCE_MS);

  port.onFailure(() => end({ code: 'worker_failed' }));
  port.onMessage((message) => {
    const one = waiting.get(message.id);
    if (one === undefined) return;
    clearTimeout(one.timer);
    if (one.hear(message)) waiting.delete(message.id);
    else one.timer = watch();
  });

  /** Asks, and listens until `hear` gives an answer. */
  function ask<Answer>(
    make: (id: number) => ToWorker,
    hear: (message: FromWorker) => Answer | undefined,
  ): Promise<Result<Answer, ImportFailure>> {
    return new Promise((resolve) => {
      if (ended !== undefined) {
        resolve(err(ended));
        return;
      }
      const id = nextId;
      nextId += 1;
      waiting.set(id, {
        hear(message) {
          const answer = hear(message);
          if (answer === undefined) return false;
          resolve(ok(answer));
          return true;
        },
        fail: (failure) => resolve(err(failure)),
        timer: watch(),
      });
      port.postMessage(make(id));
    });
  }

  await sendKnown(port, input.known);
  const { file, name, what, options, remembered } = input;
  const opened = await ask<Result<OpenedTable, TableError>>(
    (id) => ({ kind: 'open', id, file, name, what, options, remembered }),
    (message) =>
      message.kind === 'opened' ? ok(message.table) : message.kind === 'refused' ? err(message.error) : undefined,
  );
  if (!opened.ok) return opened;
  if (!opened.value.ok) {
    end({ code: 'cancelled' });
    return opened.value;
  }

  return ok({
    what,
    table: opened.value.value,
    propose: (headerRow) =>
      ask<ColumnMapping>(
        (id) => ({ kind: 'propose', id, headerRow }),
        (message) => (message.kind === 'proposed' ? message.guess : undefined),
      ),
    cells: (row) =>
      ask<readonly string[]>(
        (id) => ({ kind: 'cells', id, row }),
        (message) => (message.kind === 'cells' ? message.cells : undefined),
      ),
    async convert(mapping, choices, mends, onProgress) {
      const problems: ImportProblem[] = [];
      return ask<ConvertedTable>(
        (id) => ({ kind: 'convert', id, mapping, choices, mends }),
        (message) => {
          if (message.kind === 'progress') onProgress?.(message.done, message.of);
          if (message.kind === 'problems') for (const problem of message.problems) problems.push(problem);
          return message.kind === 'converted' ? { ...message.summary, problems } : undefined;
        },
      );
    },
    async *pages() {
      let from: number | undefined = 0;
      while (from !== undefined) {
        const start: number = from;
        const answer: Result<{ page: RowPage; next: number | undefined }, ImportFailure> = await ask(
          (id) => ({ kind: 'rows', id, from: start }),
          (message) => (message.kind === 'rows' ? { page: message.page, next: message.next } : undefined),
        );
        yield answer.ok ? ok(answer.value.page) : answer;
        from = answer.ok ? answer.value.next : undefined;
      }
    },
    cancel: () => end({ code: 'cancelled' }),
  });
}

/** What is known goes over in pages, so that the page may paint between them. */
async function sendKnown(port: WorkerPort, known: Known): Promise<void> {
  const { bins, openings, said } = known;
  port.postMessage({ kind: 'known', items: [], bins, openings: [...openings], said });
  for (let from = 0; from < known.items.length; from += KNOWN_PAGE) {
    const items = known.items.slice(from, from + KNOWN_PAGE);
    port.postMessage({ kind: 'known', items, bins: [], openings: [], said: [] });
    await nextTask();
  }
}
