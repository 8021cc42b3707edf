import { identifierAt, splitValue } from './gs1-application-identifiers.ts';
import { endsInCheckDigit } from './gtin.ts';

export type Gs1Element = { readonly ai: string; readonly title: string; readonly value: string };

/** `error`: what the label says cannot be true. `advice`: it can be used, and somebody should know. */
export type Gs1Issue = {
  readonly ai: string;
  readonly code:
    | 'check_digit'
    | 'illegal_date'
    | 'repeated_with_other_value'
    | 'forbidden_pair'
    | 'no_gtin_in_this_barcode'
    | 'content_and_count_belong_together'
    | 'content_without_sscc';
  readonly severity: 'error' | 'advice';
};

/** Everything that is wrong or worth knowing about elements that could be read, in a fixed order. */
export function findIssues(elements: readonly Gs1Element[]): readonly Gs1Issue[] {
  return [...findWrongValues(elements), ...findRepeats(elements), ...findWrongCompany(elements)];
}

function findWrongValues(elements: readonly Gs1Element[]): readonly Gs1Issue[] {
  const issues: Gs1Issue[] = [];
  for (const { ai, value } of elements) {
    const identifier = identifierAt(ai, 0);
    if (identifier === undefined) continue;
    for (const { component, text } of splitValue(identifier, value)) {
      if (component.check === 'check_digit' && !endsInCheckDigit(text)) {
        issues.push({ ai, code: 'check_digit', severity: 'error' });
      }
      if (component.check === 'date' && text !== '' && !isShortDate(text)) {
        issues.push({ ai, code: 'illegal_date', severity: 'error' });
      }
    }
  }
  return issues;
}

function findRepeats(elements: readonly Gs1Element[]): readonly Gs1Issue[] {
  const last = new Map<string, string>();
  const issues: Gs1Issue[] = [];
  for (const { ai, value } of elements) {
    const before = last.get(ai);
    if (before !== undefined && before !== value) {
      issues.push({ ai, code: 'repeated_with_other_value', severity: 'error' });
    }
    last.set(ai, value);
  }
  return issues;
}

/** Needs an item beside it; what is named first is what a reader would ask about. */
const ABOUT_AN_ITEM = ['10', '21', '11', '13', '15', '16', '17'] as const;
const NAMES_AN_ITEM = ['01', '02', '03', '8006', '8026'] as const;

function findWrongCompany(elements: readonly Gs1Element[]): readonly Gs1Issue[] {
  const has = (ai: string): boolean => elements.some((element) => element.ai === ai);
  const issues: Gs1Issue[] = [];
  if (has('01') && has('37')) issues.push({ ai: '37', code: 'forbidden_pair', severity: 'error' });
  const price = elements.find((element) => element.ai.startsWith('392'));
  if (price !== undefined && elements.some((element) => element.ai.startsWith('393'))) {
    issues.push({ ai: price.ai, code: 'forbidden_pair', severity: 'advice' });
  }
  if (has('02') !== has('37')) {
    issues.push({ ai: has('02') ? '02' : '37', code: 'content_and_count_belong_together', severity: 'advice' });
  }
  if (has('02') && !has('00')) issues.push({ ai: '02', code: 'content_without_sscc', severity: 'advice' });
  const lonely = NAMES_AN_ITEM.some(has) ? undefined : ABOUT_AN_ITEM.find(has);
  if (lonely !== undefined) issues.push({ ai: lonely, code: 'no_gtin_in_this_barcode', severity: 'advice' });
  return issues;
}

function isShortDate(yymmdd: string): boolean {
  // Any leap year will do: whether 29 February exists is decided when the century is known.
  const month = Number(yymmdd.slice(2, 4));
  const day = Number(yymmdd.slice(4, 6));
  return month >= 1 && month <= 12 && day <= new Date(Date.UTC(2000, month, 0)).getUTCDate();
}
