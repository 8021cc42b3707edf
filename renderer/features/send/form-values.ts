import type { ConnectorCard } from '../../../shared/ports/host.ts';
import { goesFor } from '../../../shared/ports/remote-inventory.ts';

/** One field of a connection's form as its connector asks for it. */
export type FormField = ConnectorCard['fields'][number];
export type FormValues = Readonly<Record<string, string>>;

/**
 * What stands in a field: what was typed or stored, else what the connector proposes for a new connection. A choice that
 * must be made starts with its first word, as a native select shows it.
 */
export function fieldValue(field: FormField, values: FormValues, isNew: boolean): string {
  const first = field.required ? field.choices?.[0] : undefined;
  return values[field.name] ?? (isNew ? (field.initial ?? first ?? '') : (first ?? ''));
}

/** The fields that go for what is chosen in the others. */
export function askedFields(fields: readonly FormField[], values: FormValues, isNew: boolean): readonly FormField[] {
  const shown = Object.fromEntries(fields.map((field) => [field.name, fieldValue(field, values, isNew)]));
  return fields.filter(({ only }) => goesFor(only, shown));
}

/** Fields that still need something. A stored secret may stay as it is: an empty field does not overwrite it. */
export function missingFields(fields: readonly FormField[], values: FormValues, isNew: boolean): readonly FormField[] {
  return fields.filter(
    (field) => field.required && fieldValue(field, values, isNew).trim() === '' && (isNew || !field.secret),
  );
}

/** What is saved: only what the connector has a field for, settings and secrets apart, nothing empty. */
export function filledIn(
  fields: readonly FormField[],
  values: FormValues,
  isNew: boolean,
): { settings: Record<string, string>; secrets: Record<string, string> } {
  const given = (secret: boolean) =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const value = fieldValue(field, values, isNew).trim();
        return field.secret === secret && value !== '' ? [[field.name, value]] : [];
      }),
    );
  return { settings: given(false), secrets: given(true) };
}
