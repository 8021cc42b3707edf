import { BAD_PAGE, BAD_PARAMETERS, badDate, missing, NO_CONDITIONS, type Refusal } from './refusals.ts';
import { conditionsOf, type GivenCondition } from './search-form.ts';
import type { DecoBehaviour } from './world.ts';

/** What a field holds and so what it is compared with. `flag`: only == and !=, with 1 or 0. */
export type FieldKind = 'date' | 'number' | 'text' | 'flag';
/** The fields of one API by their numbers. */
export type Fields<Row> = Readonly<Record<number, { kind: FieldKind; of: (row: Row) => number | string | null }>>;

export type Search<Row> = {
  readonly matches: (row: Row) => boolean;
  readonly limit: number;
  readonly offset: number;
  readonly sortBy: number;
  /** Numbers that a field was asked to equal. */
  readonly equals: readonly { field: number; number: number }[];
};

type Kinds = Readonly<Record<number, { kind: FieldKind }>>;
type Checked = { field: number; test: number; first: number | string; second: number | string };
const isRefusal = (value: object): value is Refusal => 'severity' in value;

/** Reads a search, or says what is wrong with it, in the order of the codes. */
export function readSearch<Row>(
  parameters: ReadonlyMap<string, string>,
  fields: Fields<Row>,
  behaviour: DecoBehaviour,
): Search<Row> | Refusal {
  const given = conditionsOf(parameters);
  if (given.length === 0) return NO_CONDITIONS;
  for (const [at, condition] of given.entries()) {
    if (!condition.has('field')) return missing(at + 1, 'field');
    if (!condition.has('condition')) return missing(at + 1, 'condition');
  }
  const checked = given.map((condition) => checkCondition(condition, fields));
  const dates = checked.find((one) => isRefusal(one) && one.code === 50003);
  if (dates !== undefined && isRefusal(dates)) return dates;
  const limit = wholeOf(parameters.get('limit') ?? '100');
  const offset = wholeOf(parameters.get('offset') ?? '0');
  if (limit === undefined || limit < 0 || limit > 100 || offset === undefined || offset < 0) return BAD_PAGE;
  const sortBy = wholeOf(parameters.get('sortby') ?? '1');
  if (sortBy === undefined || fields[sortBy] === undefined) return BAD_PARAMETERS;
  if (behaviour.sortby === 'refused' && sortBy !== 1) return BAD_PARAMETERS;
  const conditions: Checked[] = [];
  for (const one of checked) {
    if (isRefusal(one)) return one;
    conditions.push(one);
  }
  return {
    matches: (row) => conditions.every((one) => meets(fields[one.field]?.of(row) ?? null, one, behaviour)),
    limit,
    offset,
    sortBy: behaviour.sortby === 'ignored' ? 1 : sortBy,
    equals: conditions.flatMap(({ field, test, first }) =>
      test === 1 && typeof first === 'number' ? [{ field, number: first }] : [],
    ),
  };
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

function checkCondition(given: GivenCondition, kinds: Kinds): Checked | Refusal {
  const field = wholeOf(given.get('field') ?? '');
  const test = wholeOf(given.get('condition') ?? '');
  const kind = field === undefined ? undefined : kinds[field]?.kind;
  if (field === undefined || kind === undefined || test === undefined || test < 1 || test > 7) return BAD_PARAMETERS;
  switch (kind) {
    case 'date': {
      const [first = '', second = first] = [given.get('date1'), given.get('date2')];
      if (!isTime(first)) return badDate('date1');
      if (test === 7 && !isTime(given.get('date2') ?? '')) return badDate('date2');
      return { field, test, first, second };
    }
    case 'number': {
      const first = numberOf(given.get('number1'));
      const second = test === 7 ? numberOf(given.get('number2')) : first;
      return first === undefined || second === undefined ? BAD_PARAMETERS : { field, test, first, second };
    }
    case 'text': {
      const text = given.get('string');
      return text === undefined || test === 7 ? BAD_PARAMETERS : { field, test, first: text, second: text };
    }
    case 'flag': {
      const first = numberOf(given.get('number1'));
      return test > 2 || (first !== 0 && first !== 1) ? BAD_PARAMETERS : { field, test, first, second: first };
    }
  }
}

function meets(value: number | string | null, { test, first, second }: Checked, behaviour: DecoBehaviour): boolean {
  if (value === null) return test === 2;
  switch (test) {
    case 1:
      return value === first;
    case 2:
      return value !== first;
    case 3:
      return value < first;
    case 4:
      return value > first;
    case 5:
      return value <= first;
    case 6:
      return value >= first;
    default:
      return behaviour.betweenIncludesEnds ? value >= first && value <= second : value > first && value < second;
  }
}

function isTime(text: string): boolean {
  // The 31st of February would be moved to March by a lenient reader.
  return (
    TIME.test(text) && !Number.isNaN(Date.parse(`${text}Z`)) && new Date(`${text}Z`).toISOString().startsWith(text)
  );
}

function wholeOf(text: string): number | undefined {
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
