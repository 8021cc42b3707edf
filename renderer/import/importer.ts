import { factsOfBinRows, factsOfItemRows, type CatalogueFact } from '../../shared/domain/catalogue-facts.ts';
import { createCatalogue } from '../../shared/domain/catalogue.ts';
import { convertBins } from '../../shared/domain/import/convert-bins.ts';
import { convertItems } from '../../shared/domain/import/convert-items.ts';
import { convertStock, type OpeningFact } from '../../shared/domain/import/convert-stock.ts';
import type { Conversion, OnProgress } from '../../shared/domain/import/conversion.ts';
import type { ImportChoices } from '../../shared/domain/import/choices.ts';
import type { ImportKind } from '../../shared/domain/import/fields.ts';
import { guessMapping, type ColumnMapping, type RememberedMapping } from '../../shared/domain/import/mapping.ts';
import { mendTable } from '../../shared/domain/import/mending.ts';
import { columnNames, isBlankRow, TABLE_LIMITS, type Table } from '../../shared/domain/import/table.ts';
import type { Item } from '../../shared/domain/item.ts';
import type { LineKey } from '../../shared/domain/line-key.ts';
import type { Bin } from '../../shared/domain/location.ts';
import type { FromWorker, OpenedTable, RowPage, ToWorker } from './import-messages.ts';
import { readTable } from './read-table.ts';

const SAMPLE_ROWS = 30;
const SAMPLE_CELL = 200;
const LETTERS_LENGTH = 60;
const GARBLED_ROWS = 2000;
/** What UTF-8 looks like when it was read as Windows-1252 and saved again: Ã© for é, â€™ for ’. */
const GARBLED = /[ÃÂ][\u00A0-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œž]|â€[™œ\u009D“”¦"]/;
const PROBLEM_PAGE = 2000;
const SHARED_SHOWN = 1000;
/** Opening facts in one append: small enough that the journal answers while the person watches. */
const FACT_PAGE = 2000;
/** JSON lines in one message, in characters and in rows. */
const LINES_LENGTH = 1_000_000;
const LINES_ROWS = 5000;

type Converted =
  | { readonly what: 'items'; readonly rows: readonly Item[] }
  | { readonly what: 'bins'; readonly rows: readonly Bin[] }
  | { readonly what: 'stock'; readonly rows: readonly OpeningFact[] };

/**
 * Everything an import does away from the page: reads a file, converts it as often as asked, gives out rows by the page.
 * One piece: its messages share the table that is open.
 */
export function createImporter(answer: (message: FromWorker) => void): (message: ToWorker) => Promise<void> {
  const items: Item[] = [];
  const bins: Bin[] = [];
  const openings = new Set<LineKey>();
  const said: CatalogueFact[] = [];
  let table: Table | undefined;
  let what: ImportKind = 'items';
  let remembered: readonly RememberedMapping[] = [];
  let converted: Converted = { what: 'items', rows: [] };

  function convert(
    given: Table,
    mapping: ColumnMapping,
    choices: ImportChoices,
    onProgress: OnProgress,
  ): Conversion<Item | Bin | OpeningFact> {
    switch (what) {
      case 'items': {
        const conversion = convertItems(given, mapping, items, choices, onProgress, bins);
        converted = { what, rows: conversion.rows };
        return conversion;
      }
      case 'bins': {
        const conversion = convertBins(given, mapping, bins, choices, onProgress, items);
        converted = { what, rows: conversion.rows };
        return conversion;
      }
      case 'stock': {
        const conversion = convertStock(
          given,
          mapping,
          { catalogue: createCatalogue(items, bins), openings },
          choices,
          onProgress,
        );
        converted = { what, rows: conversion.rows };
        return conversion;
      }
    }
  }

  return async (message) => {
    switch (message.kind) {
      case 'known':
        for (const item of message.items) items.push(item);
        for (const bin of message.bins) bins.push(bin);
        for (const key of message.openings) openings.add(key);
        for (const fact of message.said) said.push(fact);
        return;
      case 'open': {
        const { id } = message;
        // Before a byte of it is in memory.
        if (message.file.size > TABLE_LIMITS.bytes) {
          answer({
            kind: 'refused',
            id,
            error: { code: 'file_too_large', bytes: message.file.size, most: TABLE_LIMITS.bytes },
          });
          return;
        }
        const read = await readTable(new Uint8Array(await message.file.arrayBuffer()), message.name, message.options);
        if (!read.ok) {
          answer({ kind: 'refused', id, error: read.error });
          return;
        }
        table = read.value;
        what = message.what;
        remembered = message.remembered;
        answer({ kind: 'opened', id, table: openedTable(table, guessMapping(what, table, remembered)) });
        return;
      }
      case 'propose':
        if (table !== undefined)
          answer({ kind: 'proposed', id: message.id, guess: guessMapping(what, table, remembered, message.headerRow) });
        return;
      case 'cells':
        answer({ kind: 'cells', id: message.id, cells: table?.rows[message.row - 1] ?? [] });
        return;
      case 'convert': {
        const { id } = message;
        if (table === undefined) return;
        const conversion = convert(mendTable(table, message.mends), message.mapping, message.choices, (done, of) =>
          answer({ kind: 'progress', id, done, of }),
        );
        for (let from = 0; from < conversion.problems.length; from += PROBLEM_PAGE) {
          answer({ kind: 'problems', id, problems: conversion.problems.slice(from, from + PROBLEM_PAGE) });
        }
        const { state, counts, problemCounts, duplicates, numbers, unknownUnits, unknownSites } = conversion;
        answer({
          kind: 'converted',
          id,
          summary: {
            state,
            counts,
            problemCounts,
            duplicates: duplicates.slice(0, SHARED_SHOWN),
            numbers,
            unknownUnits,
            unknownSites,
            facts: factsOfRows(converted, said),
          },
        });
        return;
      }
      case 'rows': {
        const { page, next } = rowPage(converted, message.from);
        answer({ kind: 'rows', id: message.id, page, ...(next < converted.rows.length ? { next } : {}) });
      }
    }
  };
}

function factsOfRows(converted: Converted, said: readonly CatalogueFact[]): readonly CatalogueFact[] {
  switch (converted.what) {
    case 'items':
      return factsOfItemRows(converted.rows, said);
    case 'bins':
      return factsOfBinRows(converted.rows, said);
    case 'stock':
      return [];
  }
}

function openedTable(table: Table, guess: ColumnMapping): OpenedTable {
  const sample: { row: number; cells: readonly string[] }[] = [];
  for (const [index, cells] of table.rows.entries()) {
    if (sample.length >= SAMPLE_ROWS) break;
    if (!isBlankRow(cells)) sample.push({ row: index + 1, cells: cells.map((cell) => cell.slice(0, SAMPLE_CELL)) });
  }
  return {
    name: table.name,
    format: table.format,
    rowCount: table.rows.length,
    columnCount: table.columnCount,
    sample,
    columns: columnNames(table, guess.headerRow),
    guess,
    letters: strangeLetters(table),
    garbled: table.rows.slice(0, GARBLED_ROWS).some((cells) => cells.some((cell) => GARBLED.test(cell))),
  };
}

/** The first cells in which a wrong encoding would show. */
function strangeLetters(table: Table): OpenedTable['letters'] {
  const found: { row: number; text: string }[] = [];
  for (const [index, cells] of table.rows.entries()) {
    // oxlint-disable-next-line no-control-regex -- ASCII is what is passed over
    const cell = cells.find((one) => /[^\u0000-\u007f]/.test(one));
    if (cell !== undefined) found.push({ row: index + 1, text: cell.trim().slice(0, LETTERS_LENGTH) });
    if (found.length === 2) break;
  }
  return found;
}

function rowPage(converted: Converted, from: number): { page: RowPage; next: number } {
  if (converted.what === 'stock') {
    const facts = converted.rows.slice(from, from + FACT_PAGE);
    return { page: { kind: 'facts', facts, rows: facts.length }, next: from + facts.length };
  }
  const lines: string[] = [];
  let length = 0;
  while (from + lines.length < converted.rows.length && lines.length < LINES_ROWS && length < LINES_LENGTH) {
    const line = JSON.stringify(converted.rows[from + lines.length]);
    length += line.length + 1;
    lines.push(line);
  }
  return {
    page: { kind: 'lines', lines: lines.map((line) => `${line}\n`).join(''), rows: lines.length },
    next: from + lines.length,
  };
}
