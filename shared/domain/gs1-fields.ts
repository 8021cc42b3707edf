import type { Gs1Element } from './gs1-issues.ts';

/**
 * A measured amount as decimal text in the unit of its identifier, e.g. { ai: '3103', unit: 'kg', value: '1.750' }. `of`:
 * `content` is how much is in it (net weight, length, …); `package` describes what is around it, or its shape.
 */
export type Gs1Measure = {
  readonly ai: string;
  readonly unit: string;
  readonly value: string;
  readonly of: 'content' | 'package';
};

/** What the elements say, in our words. Dates are `YYYY-MM-DD`; counts are decimal text. The first of a kind counts. */
export type Gs1Fields = {
  readonly gtin14?: string;
  /** (02) or (8026): the item inside a logistic unit; `containedCount` says how many. */
  readonly containedGtin14?: string;
  readonly containedCount?: string;
  readonly variableCount?: string;
  readonly sscc?: string;
  readonly gln?: string;
  /** (254): which place of that location, as its owner calls it: a bin. */
  readonly glnExtension?: string;
  readonly lot?: string;
  readonly serial?: string;
  readonly orderNumber?: string;
  readonly producedOn?: string;
  readonly dueOn?: string;
  readonly packedOn?: string;
  readonly bestBefore?: string;
  readonly sellBy?: string;
  readonly expiresOn?: string;
  /** In the order of the label. */
  readonly measures: readonly Gs1Measure[];
};

type TextField = Exclude<keyof Gs1Fields, 'measures'>;

const TEXTS: Readonly<Record<string, TextField>> = {
  '00': 'sscc',
  '01': 'gtin14',
  '02': 'containedGtin14',
  '03': 'gtin14',
  '10': 'lot',
  '21': 'serial',
  '254': 'glnExtension',
  '400': 'orderNumber',
  '414': 'gln',
};
const DATES: Readonly<Record<string, TextField>> = {
  '11': 'producedOn',
  '12': 'dueOn',
  '13': 'packedOn',
  '15': 'bestBefore',
  '16': 'sellBy',
  '17': 'expiresOn',
};
const COUNTS: Readonly<Record<string, TextField>> = { '30': 'variableCount', '37': 'containedCount' };
const ITIPS: Readonly<Record<string, TextField>> = { '8006': 'gtin14', '8026': 'containedGtin14' };

/** Trade measures that say how much there is: net weight, length, area, net volume. */
const CONTENT: Readonly<Record<string, string>> = {
  '310': 'kg',
  '311': 'm',
  '314': 'm2',
  '315': 'l',
  '316': 'm3',
  '320': 'lb',
  '321': 'in',
  '322': 'ft',
  '323': 'yd',
  '350': 'in2',
  '351': 'ft2',
  '352': 'yd2',
  '356': 'ozt',
  '357': 'floz',
  '360': 'qt',
  '361': 'gal',
  '364': 'in3',
  '365': 'ft3',
  '366': 'yd3',
};

/** Width and height, and every logistic measure (gross weight, the carton's own length, area and volume). */
const PACKAGE: Readonly<Record<string, string>> = {
  '312': 'm',
  '313': 'm',
  '324': 'in',
  '325': 'ft',
  '326': 'yd',
  '327': 'in',
  '328': 'ft',
  '329': 'yd',
  '330': 'kg',
  '331': 'm',
  '332': 'm',
  '333': 'm',
  '334': 'm2',
  '335': 'l',
  '336': 'm3',
  '340': 'lb',
  '341': 'in',
  '342': 'ft',
  '343': 'yd',
  '344': 'in',
  '345': 'ft',
  '346': 'yd',
  '347': 'in',
  '348': 'ft',
  '349': 'yd',
  '353': 'in2',
  '354': 'ft2',
  '355': 'yd2',
  '362': 'qt',
  '363': 'gal',
  '367': 'in3',
  '368': 'ft3',
  '369': 'yd3',
};

/**
 * Reads elements into fields. Dates need the year of today for their century; without it, and when a date cannot be
 * (month 13), the field is left out.
 */
export function readFields(elements: readonly Gs1Element[], year: number | null): Gs1Fields {
  const texts: Partial<Record<TextField, string>> = {};
  const measures: Gs1Measure[] = [];
  for (const { ai, value } of elements) {
    const [field, text] = readField(ai, value, year);
    if (field !== undefined && text !== null) texts[field] ??= text;
    const measure = readMeasure(ai, value);
    if (measure !== undefined) measures.push(measure);
  }
  return { ...texts, measures };
}

function readField(ai: string, value: string, year: number | null): [TextField | undefined, string | null] {
  if (DATES[ai] !== undefined) return [DATES[ai], year === null ? null : longDate(value, year)];
  if (COUNTS[ai] !== undefined) return [COUNTS[ai], value.replace(/^0+(?=\d)/, '')];
  if (ITIPS[ai] !== undefined) return [ITIPS[ai], value.slice(0, 14)];
  return [TEXTS[ai], value];
}

function readMeasure(ai: string, value: string): Gs1Measure | undefined {
  if (ai.length !== 4) return undefined;
  const kind = ai.slice(0, 3);
  const content = CONTENT[kind];
  const unit = content ?? PACKAGE[kind];
  if (unit === undefined) return undefined;
  const of = content === undefined ? 'package' : 'content';
  return { ai, unit, value: withPoint(value, Number(ai.charAt(3))), of };
}

function withPoint(digits: string, decimals: number): string {
  const whole = digits.slice(0, digits.length - decimals).replace(/^0+(?=\d)/, '');
  return decimals === 0 ? whole : `${whole === '' ? '0' : whole}.${digits.slice(digits.length - decimals)}`;
}

/**
 * `YYMMDD` as `YYYY-MM-DD`, or null when there is no such day. The century is the one that puts the year between 49
 * before and 50 after today (GS1 General Specifications, 7.12); day 00 is the last day of the month (7.14).
 */
export function longDate(yymmdd: string, thisYear: number): string | null {
  const shortYear = Number(yymmdd.slice(0, 2));
  const month = Number(yymmdd.slice(2, 4));
  const day = Number(yymmdd.slice(4, 6));
  const ahead = shortYear - (thisYear % 100);
  const century = Math.floor(thisYear / 100) + (ahead >= 51 ? -1 : ahead <= -50 ? 1 : 0);
  const year = century * 100 + shortYear;
  if (month < 1 || month > 12) return null;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > lastDay) return null;
  return `${year}-${yymmdd.slice(2, 4)}-${String(day === 0 ? lastDay : day).padStart(2, '0')}`;
}
