import { useCallback, useEffect, useRef, useState } from 'react';
import type { ImportCounts } from '../../../shared/domain/import/conversion.ts';
import { NO_CHOICES, type ImportChoices } from '../../../shared/domain/import/choices.ts';
import type { ImportKind } from '../../../shared/domain/import/fields.ts';
import { headerKeys } from '../../../shared/domain/import/header-words.ts';
import { withMend, type Mend } from '../../../shared/domain/import/mending.ts';
import { missingFields, rememberMapping, type ColumnMapping } from '../../../shared/domain/import/mapping.ts';
import type { TableError } from '../../../shared/domain/import/table.ts';
import type { Result } from '../../../shared/domain/result.ts';
import type { Host } from '../../../shared/ports/host.ts';
import { commitCatalogue, commitStock, type AppendFacts, type CommitHost } from '../../import/commit-import.ts';
import { importInWorker } from '../../import/import-in-worker.ts';
import type { ConvertedTable, ImportFailure, ImportSession, Known, SessionInput } from '../../import/import-session.ts';
import type { OpenedTable } from '../../import/import-messages.ts';
import type { ReadOptions } from '../../import/read-table.ts';
import { fileKey, loadChoices, saveChoices } from './remembered-choices.ts';
import { loadMappings, saveMappings } from './remembered-mappings.ts';

/** A refusal as the texts need it. */
export type Refusal = { readonly code: string };

/** What importing needs of the rest of the app. */
export type ImportSurroundings = {
  readonly host: CommitHost & Pick<Host, 'saveFile'>;
  readonly ledger: { readonly appendFacts: AppendFacts<Refusal>; reloadCatalogue(): Promise<void> };
  /** What is known now; asked each time a file is opened. */
  readonly known: () => Known;
  /** Another way to start the worker, for tests. */
  readonly open?: (input: SessionInput) => Promise<Result<ImportSession, TableError | ImportFailure>>;
};

export type CheckStep = {
  readonly step: 'check';
  readonly session: ImportSession;
  readonly mapping: ColumnMapping;
  readonly choices: ImportChoices;
  /** Cells that a person wrote anew. */
  readonly mends: readonly Mend[];
  /** Part of the rows looked at, while they are. */
  readonly looking: number | undefined;
  readonly result: ConvertedTable | undefined;
};
export type ImportStep =
  | { readonly step: 'choose' }
  | { readonly step: 'opening'; readonly name: string }
  | CheckStep
  | { readonly step: 'writing'; readonly name: string; readonly rows: number; readonly of: number }
  | { readonly step: 'done'; readonly what: ImportKind; readonly name: string; readonly counts: ImportCounts };

export type ImportWork = {
  readonly state: ImportStep;
  /** Why the last thing asked for did not happen; `rows` opening quantities were already in. */
  readonly refusal: (Refusal & { readonly rows?: number }) | undefined;
  openFile(what: ImportKind, file: Blob, name: string, options?: ReadOptions): void;
  reopen(options: ReadOptions): void;
  setMapping(mapping: ColumnMapping): void;
  /** Another row heads the columns (0: none does); they are proposed anew. */
  setHeaderRow(headerRow: number): void;
  setChoices(choices: ImportChoices): void;
  /** A cell written anew; the whole file is looked at again with it. */
  mend(mend: Mend): void;
  /** The cells as the file has them again. */
  dropMends(): void;
  /** The cells of a row as the file has them; undefined once the file is closed. */
  cellsOf(row: number): Promise<readonly string[] | undefined>;
  /** Saves text where the person chooses. */
  readonly saveFile: Host['saveFile'];
  importAll(): void;
  cancel(): void;
};

/** The texts that head the columns, as they are compared; none where no row does. */
function headsOf(table: OpenedTable, mapping: ColumnMapping): readonly string[] {
  return headerKeys(table.sample.find((row) => row.row === mapping.headerRow)?.cells ?? [], table.columnCount);
}

/**
 * The course of one import: a file, its columns and problems, the writing. Leaving the screen ends it.
 * One piece: each step starts from what the one before it left.
 */
export function useImport(surroundings: ImportSurroundings): ImportWork {
  const { host, ledger, known, open = importInWorker } = surroundings;
  const [state, setState] = useState<ImportStep>({ step: 'choose' });
  const [refusal, setRefusal] = useState<ImportWork['refusal']>();
  const session = useRef<ImportSession>(undefined);
  const chosen = useRef<{ what: ImportKind; file: Blob; name: string }>(undefined);
  const writing = useRef<AbortController>(undefined);
  /** Answers to anything but the newest question are dropped. */
  const turn = useRef(0);

  const end = useCallback(() => {
    turn.current += 1;
    writing.current?.abort();
    session.current?.cancel();
    session.current = undefined;
  }, []);
  useEffect(() => end, [end]);

  type Looked = Pick<CheckStep, 'session' | 'mapping' | 'choices' | 'mends'>;
  async function look(asked: Looked): Promise<void> {
    turn.current += 1;
    const mine = turn.current;
    const { session: current, mapping, choices, mends } = asked;
    const base = { step: 'check', session: current, mapping, choices, mends } as const;
    if (missingFields(current.what, mapping).length > 0) {
      setState({ ...base, looking: undefined, result: undefined });
      return;
    }
    setState((before) => ({ ...base, looking: 0, result: before.step === 'check' ? before.result : undefined }));
    const result = await current.convert(mapping, choices, mends, (done, of) => {
      if (turn.current === mine)
        setState((before) => (before.step === 'check' ? { ...before, looking: done / of } : before));
    });
    if (turn.current !== mine) return;
    if (result.ok) setState({ ...base, looking: undefined, result: result.value });
    else stop(result.error);
  }

  function stop(error: Refusal & { rows?: number }): void {
    end();
    setState({ step: 'choose' });
    setRefusal(error.code === 'cancelled' && error.rows === undefined ? undefined : error);
  }

  async function openChosen(options: ReadOptions): Promise<void> {
    if (chosen.current === undefined) return;
    end();
    const mine = turn.current;
    const { what, file, name } = chosen.current;
    setRefusal(undefined);
    setState({ step: 'opening', name });
    const opened = await open({
      what,
      file,
      name,
      options,
      remembered: loadMappings(localStorage, what),
      known: known(),
    });
    if (turn.current !== mine) {
      if (opened.ok) opened.value.cancel();
      return;
    }
    if (!opened.ok) {
      stop(opened.error);
      return;
    }
    session.current = opened.value;
    const { table } = opened.value;
    const decided = loadChoices(localStorage, what, fileKey(table.name, headsOf(table, table.guess)));
    await look({ session: opened.value, mapping: table.guess, choices: { ...NO_CHOICES, ...decided }, mends: [] });
  }

  async function proposeAnew(headerRow: number): Promise<void> {
    if (state.step !== 'check') return;
    turn.current += 1;
    const mine = turn.current;
    const guess = await state.session.propose(headerRow);
    if (turn.current !== mine) return;
    if (guess.ok) await look({ ...state, mapping: guess.value });
    else stop(guess.error);
  }

  async function write(step: CheckStep, result: ConvertedTable): Promise<void> {
    const { session: current, mapping } = step;
    const { what, table } = current;
    turn.current += 1;
    const mine = turn.current;
    const controller = new AbortController();
    writing.current = controller;
    const of =
      what === 'stock'
        ? result.counts.added
        : result.counts.added +
          result.counts.changed +
          result.counts.unchanged +
          result.counts.kept +
          result.counts.retired;
    const onProgress = (rows: number): void => {
      if (turn.current === mine) setState({ step: 'writing', name: table.name, rows, of });
    };
    setState({ step: 'writing', name: table.name, rows: 0, of });
    const headers = headsOf(table, mapping);
    const remembered = rememberMapping(loadMappings(localStorage, what), headers, mapping);
    const common = { appendFacts: ledger.appendFacts, pages: current.pages(), onProgress, signal: controller.signal };
    const written =
      what === 'stock'
        ? await commitStock(common)
        : await commitCatalogue({ ...common, host, what, source: table.name, facts: result.facts });
    if (written.ok && what !== 'stock') await ledger.reloadCatalogue();
    if (written.ok) {
      saveMappings(localStorage, what, remembered);
      saveChoices(localStorage, what, fileKey(table.name, headers), step.choices);
    }
    if (turn.current !== mine) return;
    if (written.ok) {
      end();
      setState({ step: 'done', what, name: table.name, counts: result.counts });
    } else if ('rows' in written.error && 'cause' in written.error)
      stop({ ...written.error.cause, rows: written.error.rows });
    else stop(written.error);
  }

  return {
    state,
    refusal,
    openFile(what, file, name, options = {}) {
      chosen.current = { what, file, name };
      void openChosen(options);
    },
    reopen: (options) => void openChosen(options),
    setHeaderRow: (headerRow) => void proposeAnew(headerRow),
    setMapping: (mapping) => void (state.step === 'check' && look({ ...state, mapping })),
    setChoices: (choices) => void (state.step === 'check' && look({ ...state, choices })),
    mend: (mend) => void (state.step === 'check' && look({ ...state, mends: withMend(state.mends, mend) })),
    async cellsOf(row) {
      const cells = await session.current?.cells(row);
      return cells?.ok === true ? cells.value : undefined;
    },
    saveFile: (input) => host.saveFile(input),
    dropMends: () => void (state.step === 'check' && look({ ...state, mends: [] })),
    importAll() {
      if (state.step === 'check' && state.result?.state === 'ready' && state.looking === undefined)
        void write(state, state.result);
    },
    cancel() {
      // Writing stops at its next page and then says what is in.
      if (state.step === 'writing') writing.current?.abort();
      else {
        end();
        setState({ step: 'choose' });
        setRefusal(undefined);
      }
    },
  };
}
