import { readFileSync } from 'node:fs';
import { NO_CHOICES, type ImportChoices } from '../../../shared/domain/import/choices.ts';
import { convertItems } from '../../../shared/domain/import/convert-items.ts';
import { guessMapping } from '../../../shared/domain/import/mapping.ts';
import type { Table } from '../../../shared/domain/import/table.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { readTable, type ReadOptions } from '../../../renderer/import/read-table.ts';

/** A file of test/fixtures as a table. */
export async function readFixture(path: string): Promise<Table> {
  return readBytes(new Uint8Array(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))), path);
}

/** Bytes or text as a table; refused ones fail the test. */
export async function readBytes(
  bytes: Uint8Array | string,
  name = 'test.csv',
  options: ReadOptions = {},
): Promise<Table> {
  const read = await readTable(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, name, options);
  if (!read.ok) throw new Error(`not a table: ${read.error.code}`);
  return read.value;
}

/** Items of a table as it is guessed. */
export function itemsOf(table: Table, existing: readonly Item[] = [], choices: Partial<ImportChoices> = {}) {
  return convertItems(table, guessMapping('items', table), existing, { ...NO_CHOICES, ...choices });
}
