import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { APPLICATION_IDENTIFIERS } from '../../../shared/domain/gs1-application-identifiers.ts';
import { type Gs1Fields, longDate, readFields } from '../../../shared/domain/gs1-fields.ts';
import type { Gs1Element, Gs1Issue } from '../../../shared/domain/gs1-issues.ts';
import { possibleReadings } from '../../../shared/domain/gs1-readings.ts';
import { type Gs1Problem, parseElementString } from '../../../shared/domain/gs1.ts';

const elementSchema = z.object({ ai: z.string(), title: z.string(), value: z.string() });
const vectorsSchema = z.object({
  meta: z.object({ count: z.number(), referenceYearForDates: z.number() }),
  vectors: z.array(
    z.object({
      id: z.string(),
      raw: z.string(),
      expect: z.object({
        parse: z.enum(['ok', 'error']),
        elements: z.array(elementSchema),
        typed: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
        issues: z.array(z.object({ ai: z.string(), code: z.string(), severity: z.string() })),
        error: z.string().nullable(),
        bracketed: z.string().nullable(),
      }),
    }),
  ),
});

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/gs1/${name}`, import.meta.url), 'utf8');
const { meta, vectors } = vectorsSchema.parse(JSON.parse(fixture('gs1-vectors.json')));

/** Our codes in the words of the vectors. Whether a country or currency exists is nothing that a count depends on. */
const ISSUE_WORDS: Readonly<Record<Gs1Issue['code'], (issue: Gs1Issue) => string>> = {
  check_digit: () => 'check-digit',
  illegal_date: () => 'illegal-date',
  repeated_with_other_value: () => 'repeated-ai-different-value',
  forbidden_pair: ({ severity }) => (severity === 'error' ? 'invalid-pair-01-37' : 'invalid-pair'),
  no_gtin_in_this_barcode: () => 'no-gtin-in-this-barcode',
  content_and_count_belong_together: () => '02-and-37-must-occur-together',
  content_without_sscc: () => '02-requires-00',
};
const NOT_LOOKED_UP = new Set(['country-code', 'currency-code']);

function problemWords(problem: Gs1Problem): string {
  switch (problem.code) {
    case 'empty':
      return 'empty: no element string';
    case 'unknown_symbology':
      return 'symbology identifier cut short or unknown';
    case 'wrong_length':
      return `${problem.symbology} needs ${problem.needs} digits`;
    case 'unknown_ai':
      return problem.found.startsWith('(') ? `unknown AI ${problem.found}` : `unknown AI at '${problem.found}'`;
    case 'too_short':
      return problem.length === 0
        ? `AI (${problem.ai}) length 0, allowed ${problem.allowed}`
        : `AI (${problem.ai}) value too short: ${problem.length} of ${problem.allowed.replace(/^\d+-/, '')}`;
    case 'too_long':
      return `AI (${problem.ai}) value too long: ${problem.length} of ${problem.allowed.replace(/^\d+-/, '')}`;
    case 'not_digits':
      return `AI (${problem.ai}) non-digit character`;
    case 'bad_character':
      return `AI (${problem.ai}) character not in GS1 82-character set`;
  }
}

const DATE_FIELDS: Readonly<Record<string, readonly [string, keyof Gs1Fields]>> = {
  '11': ['productionDate', 'producedOn'],
  '13': ['packagingDate', 'packedOn'],
  '15': ['bestBefore', 'bestBefore'],
  '17': ['expiry', 'expiresOn'],
};

/** Our fields under the names of the vectors; a date that cannot be is null there and absent here. */
function typedOf(elements: readonly Gs1Element[]): Record<string, unknown> {
  const fields = readFields(elements, meta.referenceYearForDates);
  const typed: Record<string, unknown> = {
    gtin: fields.gtin14,
    contentGtin: fields.containedGtin14,
    sscc: fields.sscc,
    gln: fields.gln,
    lot: fields.lot,
    serial: fields.serial,
    purchaseOrder: fields.orderNumber,
    count: fields.containedCount === undefined ? undefined : Number(fields.containedCount),
    variableCount: fields.variableCount === undefined ? undefined : Number(fields.variableCount),
    netWeightKg: fields.measures.find(({ unit, of }) => unit === 'kg' && of === 'content')?.value,
    netWeightLb: fields.measures.find(({ unit, of }) => unit === 'lb' && of === 'content')?.value,
  };
  for (const { ai } of elements) {
    const date = DATE_FIELDS[ai];
    if (date !== undefined) typed[date[0]] = fields[date[1]] ?? null;
  }
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
}

const OTHER_TITLES: Readonly<Record<string, string>> = {
  'BEST BEFORE or BEST BY': 'BEST BEFORE',
  'USE BY or EXPIRY': 'USE BY/EXPIRY',
};

function titleInVectors(element: Gs1Element): Gs1Element {
  const title = element.ai === '421' ? 'SHIP TO POST (ISO)' : (OTHER_TITLES[element.title] ?? element.title);
  return { ...element, title };
}

describe('GS1 element strings', () => {
  test('S40 the collection of vectors is whole', () => {
    expect(vectors).toHaveLength(79);
    expect(meta.count).toBe(79);
  });

  test.each(vectors.map((vector) => [vector.id, vector] as const))(
    'S40 vector %s reads as its source says',
    (_, vector) => {
      const parsed = parseElementString(vector.raw);
      // Of the vectors that cannot be read, some keep what stood in front of the fault and some keep nothing.
      const kept = vector.expect.elements.length;
      const elements = parsed.ok ? parsed.value.elements : parsed.error.readBefore.slice(0, kept);
      const issues = parsed.ok ? parsed.value.issues : [];
      expect({
        parse: parsed.ok ? 'ok' : 'error',
        elements: elements.map(titleInVectors),
        bracketed: elements.map(({ ai, value }) => `(${ai})${value}`).join(''),
        typed: typedOf(elements),
        issues: issues.map((issue) => ({ ...issue, code: ISSUE_WORDS[issue.code](issue) })),
        error: parsed.ok ? null : problemWords(parsed.error),
      }).toEqual({
        ...vector.expect,
        bracketed: vector.expect.bracketed ?? '',
        issues: vector.expect.issues.filter(({ code }) => !NOT_LOOKED_UP.has(code)),
      });
    },
  );

  test('S41 the table of identifiers is the GS1 Barcode Syntax Dictionary, line by line', () => {
    const seen = new Set<string>();
    for (const line of fixture('gs1-syntax-dictionary.txt').split('\n')) {
      const match = /^(\d+)(?:-(\d+))?\s+([*?]*)\s+(.*?)\s*(?:# (.*))?$/.exec(line);
      if (match === null) continue;
      const [, first = '', last = first, flags = '', rest = '', title = ''] = match;
      const spec = rest.split(/\s+/).filter((word) => /^\[?[NXYZ](\.\.)?\d+/.test(word));
      const widths = spec.map((word) => Number(/\d+/.exec(word)?.[0]));
      for (let number = Number(first); number <= Number(last); number += 1) {
        const ai = String(number).padStart(first.length, '0');
        seen.add(ai);
        const found = APPLICATION_IDENTIFIERS.get(ai);
        expect(found).toMatchObject({ ai, title, predefined: flags.includes('*') });
        expect(found?.components.map(({ max }) => max)).toEqual(widths);
        expect(found?.components.map(({ type }) => type)).toEqual(spec.map((word) => word.replace('[', '').charAt(0)));
        expect(found?.components.map(({ check }) => check)).toEqual(
          spec.map((word) =>
            word.includes('csum') && !word.includes('csumalpha')
              ? 'check_digit'
              : word.includes(',yymmd')
                ? 'date'
                : null,
          ),
        );
      }
    }
    expect([...APPLICATION_IDENTIFIERS.keys()].toSorted()).toEqual([...seen].toSorted());
  });

  test('S42 each of the ways in which FNC1 arrives separates the same elements', () => {
    const expected = [
      ['01', '07032069804988'],
      ['10', '0329'],
      ['15', '210526'],
    ];
    for (const separator of ['\u001D', '|', '^', '<F8>', '{GS}']) {
      for (const prefix of ['', ']C1', ']e0', ']d2', ']Q3', separator]) {
        const parsed = parseElementString(`${prefix}0107032069804988100329${separator}15210526`, [separator]);
        expect(parsed.ok && parsed.value.elements.map(({ ai, value }) => [ai, value])).toEqual(expected);
      }
    }
  });

  test('S43 a short date belongs to the century that puts it within 49 years back and 50 ahead', () => {
    expect(longDate('760101', 2026)).toBe('2076-01-01');
    expect(longDate('770101', 2026)).toBe('1977-01-01');
    expect(longDate('990101', 2026)).toBe('1999-01-01');
    expect(longDate('010101', 2099)).toBe('2101-01-01');
    expect(longDate('490101', 2099)).toBe('2149-01-01');
    expect(longDate('500101', 2099)).toBe('2050-01-01');
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 2199 }), fc.integer({ min: 0, max: 99 }), (thisYear, shortYear) => {
        const year = Number(longDate(`${String(shortYear).padStart(2, '0')}0615`, thisYear)?.slice(0, 4));
        expect(year % 100).toBe(shortYear);
        expect(year - thisYear).toBeGreaterThanOrEqual(-49);
        expect(year - thisYear).toBeLessThanOrEqual(50);
      }),
    );
  });

  test('S43 day 00 is the last day of its month, and no other day is invented', () => {
    expect(longDate('280200', 2026)).toBe('2028-02-29');
    expect(longDate('260200', 2026)).toBe('2026-02-28');
    expect(longDate('261200', 2026)).toBe('2026-12-31');
    for (const wrong of ['261301', '260001', '260230', '260431', '260132']) expect(longDate(wrong, 2026)).toBeNull();
  });

  test('S44 a label that may have lost a separator lists every way to read it', () => {
    const readings = possibleReadings('010703206980498810032915210526');
    expect(readings.map(({ elements }) => elements.slice(1).map(({ ai, value }) => `${ai}:${value}`))).toEqual([
      ['10:032915210526'],
      ['10:0329', '15:210526'],
      ['10:032915', '21:0526'],
    ]);
    expect(possibleReadings('010703206980498815210526100329')).toHaveLength(1);
    expect(possibleReadings('0107032069804988100329\u001D15210526')).toHaveLength(1);
    expect(possibleReadings('01070320698049889')).toHaveLength(0);
  });

  test('S44 no text makes the reader throw', () => {
    const awkward = fc.string({ unit: fc.constantFrom(...'0123456789()]CE[e|\u001DAa '.split('')) });
    fc.assert(
      fc.property(fc.oneof(fc.string(), awkward), (text) => {
        expect(typeof parseElementString(text).ok).toBe('boolean');
        expect(possibleReadings(text).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
