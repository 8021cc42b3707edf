import type { Table, TableError } from '../../shared/domain/import/table.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import { finishTable } from './read-csv.ts';
import { readSheet, type SheetCells } from './read-sheet.ts';
import { openWorkbook, type Workbook, type WorkbookSheet } from './workbook.ts';

/**
 * Reads one sheet of an Excel workbook as text, with what each cell is: the one named, else the first that is not hidden
 * and holds anything. A hidden sheet is only taken when it is the only one that does, or a person chose it.
 */
export async function readXlsx(bytes: Uint8Array, name: string, sheet?: string): Promise<Result<Table, TableError>> {
  const opened = await openWorkbook(bytes);
  if (!opened.ok) return opened;
  const { sheets } = opened.value;
  const named = sheets.filter((one) => one.name === sheet);
  const wanted =
    named.length > 0 ? named : [...sheets.filter((one) => !one.hidden), ...sheets.filter((one) => one.hidden)];
  const found = await firstWritten(opened.value, wanted);
  if (!found.ok) return found;
  const { cells } = found.value;
  const hidden = sheets.filter((one) => one.hidden).map((one) => one.name);
  return finishTable(
    {
      name,
      format: {
        kind: 'xlsx',
        sheet: found.value.sheet.name,
        sheets: sheets.map((one) => one.name),
        ...(hidden.length === 0 ? {} : { hidden }),
      },
      cellKinds: cells.kinds,
      values: cells.values,
    },
    cells.rows,
    cells.problems,
    true,
  );
}

async function firstWritten(
  book: Workbook,
  sheets: readonly WorkbookSheet[],
): Promise<Result<{ readonly sheet: WorkbookSheet; readonly cells: SheetCells }, TableError>> {
  for (const sheet of sheets) {
    const cells = await readSheet(book, sheet.entry);
    if (!cells.ok) return cells;
    if (cells.value.rows.some((row) => row.some((cell) => cell.trim() !== '')))
      return ok({ sheet, cells: cells.value });
  }
  return err({ code: 'file_empty' });
}

/** Whether the bytes begin as an archive does, which is what an .xlsx is. */
export function looksZipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** Whether the bytes begin as a compound file does: an Excel file of before 2007, or one locked with a password. */
export function looksCompound(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0;
}

/** Whether a compound file holds a workbook that is locked with a password ([MS-OFFCRYPTO] 2.3.4.4). */
export function isLocked(bytes: Uint8Array): boolean {
  // Names of a compound file's directory are UTF-16.
  const name = 'EncryptedPackage'.split('').flatMap((letter) => [letter.charCodeAt(0), 0]);
  for (let at = bytes.indexOf(0x45); at >= 0; at = bytes.indexOf(0x45, at + 1)) {
    if (name.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}
