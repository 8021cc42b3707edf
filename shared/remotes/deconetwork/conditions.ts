import { secondOf, siteTime } from './time.ts';

/** One parameter of a form, by its plain name. */
export type FormField = readonly [name: string, value: string];

export type Comparison = '==' | '!=' | '<' | '>' | '<=' | '>=';

/** The numbers of the logical tests (contracts: inventory events 2). */
const TESTS: Readonly<Record<Comparison | 'between', number>> = {
  '==': 1,
  '!=': 2,
  '<': 3,
  '>': 4,
  '<=': 5,
  '>=': 6,
  between: 7,
};

/** A test of a time. Instants; fractions of a second are cut off. Whether `between` holds its ends is not documented. */
export type DateTest =
  | { readonly is: Comparison; readonly at: string }
  | { readonly is: 'between'; readonly from: string; readonly to: string };
export type NumberTest =
  | { readonly is: Comparison; readonly number: number }
  | { readonly is: 'between'; readonly from: number; readonly to: number };

/** A condition before it is numbered: which field by its number, and the parameters of its test. */
export type Condition = readonly FormField[];

export function dateCondition(field: number, test: DateTest): Condition {
  const start = condition(field, test.is);
  if (test.is !== 'between') return [...start, ['date1', dateText(test.at)]];
  return [...start, ['date1', dateText(test.from)], ['date2', dateText(test.to)]];
}

export function numberCondition(field: number, test: NumberTest): Condition {
  const start = condition(field, test.is);
  if (test.is !== 'between') return [...start, ['number1', String(test.number)]];
  return [...start, ['number1', String(test.from)], ['number2', String(test.to)]];
}

export function textCondition(field: number, test: { readonly is: Comparison; readonly text: string }): Condition {
  return [...condition(field, test.is), ['string', test.text]];
}

function condition(field: number, is: Comparison | 'between'): Condition {
  return [
    ['field', String(field)],
    ['condition', String(TESTS[is])],
  ];
}

const dateText = (instant: string) => siteTime(secondOf(instant));

/** `where`: one condition goes by its plain names, a list by `conditions[n][name]`, n from 1, all of them to be met. */
export type Paging = { readonly limit?: number; readonly offset?: number; readonly sortBy?: number };

/** The parameters of a search: a list of conditions is numbered from 1. What is not given is left to the site. */
export function searchFields(where: Condition | { readonly all: readonly Condition[] }, paging: Paging): FormField[] {
  const fields: FormField[] =
    'all' in where
      ? where.all.flatMap((one, at) => one.map(([name, value]): FormField => [`conditions[${at + 1}][${name}]`, value]))
      : [...where];
  const { limit, offset, sortBy } = paging;
  if (limit !== undefined) fields.push(['limit', String(limit)]);
  if (offset !== undefined) fields.push(['offset', String(offset)]);
  if (sortBy !== undefined) fields.push(['sortby', String(sortBy)]);
  return fields;
}

/** As a form encoder writes it, brackets percent-encoded: whether bare ones are understood is not documented. */
export function encodeForm(fields: readonly FormField[]): string {
  return fields.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

function encode(text: string): string {
  // Half a character cannot be encoded, and would throw.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
