import { z } from 'zod';
import { FIELDS_OF, type ImportField, type ImportKind } from '../../../shared/domain/import/fields.ts';
import type { RememberedMapping } from '../../../shared/domain/import/mapping.ts';

const KEY = 'tallybook.import.columns.1';

function schemaOf(kind: ImportKind) {
  const fields = new Set<string>(FIELDS_OF[kind]);
  const field = z.custom<ImportField>((value) => typeof value === 'string' && fields.has(value)).nullable();
  return z
    .array(z.object({ headers: z.array(z.string().max(400)).max(512), columns: z.array(field).max(512) }))
    .max(30);
}

/** Columns a person confirmed before, newest first. What cannot be read is as good as forgotten. */
export function loadMappings(storage: Pick<Storage, 'getItem'>, kind: ImportKind): readonly RememberedMapping[] {
  try {
    return schemaOf(kind).safeParse(JSON.parse(storage.getItem(`${KEY}.${kind}`) ?? '[]')).data ?? [];
  } catch {
    return [];
  }
}

/** Keeps them for the next file; a full store loses the memory, not the import. */
export function saveMappings(
  storage: Pick<Storage, 'setItem'>,
  kind: ImportKind,
  mappings: readonly RememberedMapping[],
): void {
  try {
    storage.setItem(`${KEY}.${kind}`, JSON.stringify(mappings));
  } catch {
    // The next file is guessed again.
  }
}
