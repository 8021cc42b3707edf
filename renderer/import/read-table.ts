import { TABLE_LIMITS, type Table, type TableError } from '../../shared/domain/import/table.ts';
import { err, type Result } from '../../shared/domain/result.ts';
import { readCsv, type CsvOptions } from './read-csv.ts';
import { isLocked, looksCompound, looksZipped, readXlsx } from './read-xlsx.ts';

/** What a person may overrule: how the text is encoded and separated, which sheet is meant. */
export type ReadOptions = CsvOptions & { readonly sheet?: string };

/** Reads a file into rows of text, by what its bytes are and not by what it is called. Runs in a worker and in tests. */
export async function readTable(
  bytes: Uint8Array,
  name: string,
  options: ReadOptions = {},
): Promise<Result<Table, TableError>> {
  if (bytes.length === 0) return err({ code: 'file_empty' });
  if (bytes.length > TABLE_LIMITS.bytes)
    return err({ code: 'file_too_large', bytes: bytes.length, most: TABLE_LIMITS.bytes });
  if (looksCompound(bytes)) return err({ code: isLocked(bytes) ? 'locked_xlsx' : 'old_excel' });
  return looksZipped(bytes) ? readXlsx(bytes, name, options.sheet) : readCsv(bytes, name, options);
}
