import { codeText } from '../../../shared/domain/barcode.ts';
import { textKey } from '../../../shared/domain/text-key.ts';

/** The person id on a badge, a barcode that reads `TALLYBOOK:PERSON:<id>`; undefined for any other code. Letter case of the id is kept. */
export function personOfBadge(text: string): string | undefined {
  return /^TALLYBOOK:PERSON:(\S{1,64})$/i.exec(codeText(text))?.[1];
}

/** Whose badge it is: the id as it stands, or in other letters where that is one person's only. */
export function findByBadge<Somebody extends { readonly id: string }>(
  id: string,
  people: readonly Somebody[],
): Somebody | undefined {
  const exact = people.find((one) => one.id === id);
  const alike = people.filter((one) => textKey(one.id) === textKey(id));
  return exact ?? (alike.length === 1 ? alike[0] : undefined);
}
