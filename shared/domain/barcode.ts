import { findCodeDamage } from './code-damage.ts';
import { type Gs1Fields, readFields } from './gs1-fields.ts';
import type { Gs1Element, Gs1Issue } from './gs1-issues.ts';
import { possibleReadings } from './gs1-readings.ts';
import { GROUP_SEPARATOR, type Gs1Reading, isGs1Symbology, parseElementString, symbologyOf } from './gs1.ts';
import { endsInCheckDigit, expandUpcE, toGtin14 } from './gtin.ts';
import { textKey } from './text-key.ts';

export { findCodeDamage } from './code-damage.ts';
export { checkDigit, toGtin14 } from './gtin.ts';

/** Longer than any symbol holds: a stuck key, not a label. Characters. */
const LONGEST = 4096;
/** Stand for FNC1 on scanners that cannot send ASCII 29; none of them may occur in a GS1 value. */
const USUAL_SEPARATORS = ['|', '^', '~', '\u241D'] as const;
const INVISIBLE = /[\u200B-\u200F\u2060\uFEFF]/g;

export type GtinForm = 'gtin8' | 'upca' | 'ean13' | 'itf14' | 'upce';

export type CardCommand = 'undo' | 'redo' | 'empty' | 'done' | 'recount' | 'times';

export type BarcodeDamage =
  | 'empty'
  | 'too_long'
  | 'check_digit'
  | 'scientific_notation'
  | 'bad_date'
  | 'bad_gs1'
  | 'bad_symbology'
  | 'bad_command';

/** What a scan turned out to be. `raw` is what arrived; only outer white space is taken off before reading. */
export type ParsedBarcode =
  | {
      readonly kind: 'gtin';
      readonly gtin14: string;
      readonly form: GtinForm;
      /** Other GTIN-14s that the same digits can stand for (an EAN-8 that is also a UPC-E). */
      readonly alternatives: readonly string[];
      readonly raw: string;
    }
  | ParsedGs1
  /** A code of the shop itself: a bin label, an SKU, a badge. */
  | { readonly kind: 'internal'; readonly code: string; readonly raw: string }
  | { readonly kind: 'command'; readonly command: CardCommand; readonly times?: number; readonly raw: string }
  /** Nothing may be counted from it. `detail` holds the fact behind the code: an identifier, the expected digit. */
  | { readonly kind: 'damaged'; readonly code: BarcodeDamage; readonly detail: string; readonly raw: string };

/** Dates are `YYYY-MM-DD`; counts and measures are decimal text. */
export type ParsedGs1 = Omit<Gs1Fields, 'containedGtin14' | 'containedCount' | 'variableCount'> & {
  readonly kind: 'gs1';
  readonly elements: readonly Gs1Element[];
  /** From (01), or from (02) or (8026): the item inside a logistic unit, and then `count` says how many are inside. */
  readonly gtin14?: string;
  /** The item number is that of what is inside. */
  readonly isContent: boolean;
  /** From (30), or from (37). */
  readonly count?: string;
  /** (37) counts what is inside; beside (01) it contradicts the label. */
  readonly countUnclear: boolean;
  /**
   * Empty when the reading is certain. Otherwise separators may have been lost: every way to read the label is listed,
   * the other fields hold only what all of them agree on, and a person has to choose.
   */
  readonly readings: readonly ParsedGs1[];
  readonly raw: string;
};

export type BarcodeOptions = {
  /** Symbology identifier such as `]C1`, when the scanner reports it beside the text. */
  readonly symbology?: string;
  /** Texts that stand for FNC1 on this scanner, besides ASCII 29. */
  readonly separators?: readonly string[];
  /** `sent`: this scanner is known to send FNC1, so a label without one has none. Otherwise it may have been lost. */
  readonly fnc1?: 'sent' | 'unknown';
  /** The year on the wall, for the century of short dates; without it no date is given. */
  readonly today?: { readonly year: number };
};

/** Reads anything that a scanner sends or a person types as a code. Never throws. */
export function parseBarcode(raw: string, options: BarcodeOptions = {}): ParsedBarcode {
  if (raw.length > LONGEST) return damaged('too_long', String(raw.length), raw.slice(0, 64));
  const text = tidy(raw);
  if (text === '') return damaged('empty', '', raw);
  if (/^TALLYBOOK:/i.test(codeText(text))) return parseCommand(codeText(text), raw);
  if (text.startsWith(']') && symbologyOf(text) === null) return damaged('bad_symbology', text.slice(0, 3), raw);
  const symbology = symbologyOf(text) ?? options.symbology ?? null;
  const body = symbologyOf(text) === null ? text : text.slice(3);
  if (isGs1(body, symbology)) return parseGs1(body, raw, symbology, options);
  const code = findCodeDamage(body);
  if (code?.code === 'scientific_notation') return damaged('scientific_notation', body, raw);
  return parsePlain(body, symbology, raw);
}

/** What a symbol holds: without blanks around it, and without the scanner's symbology identifier in front (`]C0`). */
export function codeText(raw: string): string {
  const text = tidy(raw);
  return symbologyOf(text) === null ? text : text.slice(3);
}

function damaged(code: BarcodeDamage, detail: string, raw: string): ParsedBarcode {
  return { kind: 'damaged', code, detail, raw };
}

function tidy(raw: string): string {
  // oxlint-disable-next-line no-control-regex -- a separator at the edge belongs to a GS1 label, other space does not
  return raw.replace(INVISIBLE, '').replace(/^[^\S\u001D]+|[^\S\u001D]+$/g, '');
}

function parseCommand(text: string, raw: string): ParsedBarcode {
  const words = text.toUpperCase().split(':').slice(1);
  const [word = '', amount] = words;
  const simple = { UNDO: 'undo', REDO: 'redo', EMPTY: 'empty', DONE: 'done', RECOUNT: 'recount' } as const;
  for (const [name, command] of Object.entries(simple)) {
    if (word === name && words.length === 1) return { kind: 'command', command, raw };
  }
  if (word === 'TIMES' && words.length === 2 && amount !== undefined && /^[1-9]\d{0,3}$/.test(amount)) {
    return { kind: 'command', command: 'times', times: Number(amount), raw };
  }
  return damaged('bad_command', words.join(':'), raw);
}

function isGs1(text: string, symbology: string | null): boolean {
  if (symbology !== null && isGs1Symbology(symbology)) return true;
  // A symbology that says "no FNC1 in front" is believed.
  if (symbology !== null && symbology !== ']C0' && symbology !== ']Q1' && symbology !== ']d1') return false;
  if (text.includes(GROUP_SEPARATOR) || /^\(\d{2,4}\)./.test(text)) return true;
  if (symbology !== null) return false;
  // Bare: only what cannot well be a code of the shop's own.
  if (/^0[12]\d{14}/.test(text)) return endsInCheckDigit(text.slice(2, 16)) || /^\d{16}$/.test(text);
  if (/^00\d{18}$/.test(text)) return true;
  return /^414\d{13}/.test(text) && endsInCheckDigit(text.slice(3, 16));
}

function parseGs1(text: string, raw: string, symbology: string | null, options: BarcodeOptions): ParsedBarcode {
  const separators = [...USUAL_SEPARATORS, ...(options.separators ?? [])];
  const year = options.today?.year ?? null;
  const mayHaveLost = options.fnc1 !== 'sent' && !hasSeparator(text, separators) && !text.startsWith('(');
  const readings = mayHaveLost ? possibleReadings(text, separators) : [];
  if (readings.length > 1) return openReading(readings, year, raw);
  const strict = parseElementString(text, separators);
  const reading = readings[0] ?? (strict.ok ? strict.value : null);
  if (reading === null) return damaged('bad_gs1', strict.ok ? '' : describe(strict.error), raw);
  for (const { ai, code, severity } of reading.issues) {
    if (severity === 'error' && code !== 'forbidden_pair') return damaged(damageOf(code), ai, raw);
  }
  return gs1Of(reading, year, raw);
}

function hasSeparator(text: string, separators: readonly string[]): boolean {
  return text.includes(GROUP_SEPARATOR) || separators.some((separator) => text.includes(separator));
}

function describe(problem: { readonly code: string; readonly ai?: string; readonly found?: string }): string {
  return [problem.code, problem.ai ?? problem.found ?? ''].join(' ').trim();
}

function damageOf(code: Gs1Issue['code']): BarcodeDamage {
  return code === 'check_digit' ? 'check_digit' : code === 'illegal_date' ? 'bad_date' : 'bad_gs1';
}

function gs1Of(reading: Gs1Reading, year: number | null, raw: string): ParsedGs1 {
  const { containedGtin14, containedCount, variableCount, ...fields } = readFields(reading.elements, year);
  const gtin14 = fields.gtin14 ?? containedGtin14;
  const count = variableCount ?? containedCount;
  return {
    ...fields,
    kind: 'gs1',
    elements: reading.elements,
    ...(gtin14 === undefined ? {} : { gtin14 }),
    isContent: fields.gtin14 === undefined && containedGtin14 !== undefined,
    countUnclear: containedCount !== undefined && (fields.gtin14 !== undefined || variableCount !== undefined),
    ...(count === undefined ? {} : { count }),
    readings: [],
    raw,
  };
}

function openReading(readings: readonly Gs1Reading[], year: number | null, raw: string): ParsedGs1 {
  const [first, ...others] = readings;
  const agreed = (first?.elements ?? []).filter(({ ai, value }) =>
    others.every(({ elements }) => elements.some((element) => element.ai === ai && element.value === value)),
  );
  const parsed = readings.map((reading) => gs1Of(reading, year, raw));
  return { ...gs1Of({ elements: agreed, issues: [] }, year, raw), readings: parsed };
}

function parsePlain(text: string, symbology: string | null, raw: string): ParsedBarcode {
  const retail = symbology?.startsWith(']E') ?? false;
  // ]E3 is an EAN-13 with its two or five digit add-on, which is no part of the key.
  const digits = symbology === ']E3' ? text.slice(0, 13) : text;
  const gtin = toGtin14(digits);
  const expanded = expandUpcE(digits);
  const upcE = expanded === null ? [] : [expanded.padStart(14, '0')];
  if (gtin.ok) {
    const alternatives = symbology === ']E4' ? [] : upcE;
    return { kind: 'gtin', gtin14: gtin.value, form: formOf(digits), alternatives, raw };
  }
  const [gtin14] = upcE;
  if (gtin14 !== undefined) return { kind: 'gtin', gtin14, form: 'upce', alternatives: [], raw };
  // Code 39, Code 128 and 2D symbols carry what a shop likes; an item number is only promised by the retail ones.
  const mayBeGtin = symbology === null || retail || symbology.startsWith(']I');
  if (mayBeGtin && gtin.error.code === 'check_digit') return damaged('check_digit', digits.slice(-1), raw);
  return { kind: 'internal', code: text, raw };
}

function formOf(digits: string): GtinForm {
  switch (digits.length) {
    case 8:
      return 'gtin8';
    case 12:
      return 'upca';
    case 13:
      return 'ean13';
    default:
      return 'itf14';
  }
}

/**
 * The key of a code in the catalogue's index: `g:` and 14 digits for anything that is a GTIN, whatever its length
 * (UPC-A and EAN-13 with a zero in front are one key), otherwise `c:` and the text in capitals without outer space.
 */
export function codeKey(text: string): string {
  const code = tidy(text);
  const gtin = toGtin14(code);
  if (gtin.ok) return `g:${gtin.value}`;
  const expanded = expandUpcE(code);
  return expanded === null ? `c:${textKey(code)}` : `g:${expanded.padStart(14, '0')}`;
}

/**
 * Keys to try in that index, best first. The text itself comes last, also for a damaged code: a shop may have chosen
 * a number that merely looks like a bad GTIN. Labels without an item of their own have no GTIN key.
 */
export function lookUpKeys(parsed: ParsedBarcode): string[] {
  const literals = new Set([tidy(parsed.raw), codeText(parsed.raw)].map((text) => `c:${textKey(text)}`));
  switch (parsed.kind) {
    case 'gtin':
      return [`g:${parsed.gtin14}`, ...parsed.alternatives.map((gtin14) => `g:${gtin14}`), ...literals];
    case 'gs1':
      return parsed.gtin14 === undefined ? [...literals] : [`g:${parsed.gtin14}`, ...literals];
    case 'internal':
      return [...new Set([codeKey(parsed.code), ...literals])];
    case 'damaged':
      return parsed.code === 'empty' || parsed.code === 'too_long' ? [] : [...literals];
    case 'command':
      // A card is what it says; an item or a bin may be called so all the same, and then a person is asked.
      return [...literals];
  }
}
