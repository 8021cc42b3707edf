import { z } from 'zod';
import { RESTORABLE, type ImportChoices } from '../../../shared/domain/import/choices.ts';
import type { ImportKind } from '../../../shared/domain/import/fields.ts';

const KEY = 'tallybook.import.choices.1';
const MOST = 30;

const schema = z
  .array(
    z.object({
      file: z.string().max(40_000),
      restore: z.array(z.enum(RESTORABLE)).max(RESTORABLE.length),
      decimalMark: z.enum(['.', ',']).optional(),
    }),
  )
  .max(MOST);
type Remembered = z.infer<typeof schema>[number];

/** By what a file is known again: the heads of its columns, or its name where it has none. */
export function fileKey(name: string, heads: readonly string[]): string {
  return heads.some((head) => head !== '') ? heads.join('\u001f') : `name:${name}`;
}

function load(storage: Pick<Storage, 'getItem'>, kind: ImportKind): readonly Remembered[] {
  try {
    return schema.safeParse(JSON.parse(storage.getItem(`${KEY}.${kind}`) ?? '[]')).data ?? [];
  } catch {
    return [];
  }
}

/** What a person decided for such a file before: damage to put right, and the decimal mark. Never to leave rows out. */
export function loadChoices(
  storage: Pick<Storage, 'getItem'>,
  kind: ImportKind,
  file: string,
): Pick<ImportChoices, 'restore' | 'decimalMark'> {
  const known = load(storage, kind).find((one) => one.file === file);
  if (known === undefined) return { restore: [] };
  const { restore, decimalMark } = known;
  return { restore, ...(decimalMark === undefined ? {} : { decimalMark }) };
}

/** Keeps them for the next such file; a full store loses the memory, not the import. */
export function saveChoices(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  kind: ImportKind,
  file: string,
  { restore, decimalMark }: ImportChoices,
): void {
  const others = load(storage, kind).filter((one) => one.file !== file);
  const one = { file, restore: [...restore], ...(decimalMark === undefined ? {} : { decimalMark }) };
  try {
    storage.setItem(`${KEY}.${kind}`, JSON.stringify([one, ...others].slice(0, MOST)));
  } catch {
    // The next file is asked about again.
  }
}
