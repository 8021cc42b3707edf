import { type ApplicationIdentifier, type Component, identifierAt, splitValue } from './gs1-application-identifiers.ts';
import { findIssues, type Gs1Element, type Gs1Issue } from './gs1-issues.ts';
import { err, ok, type Result } from './result.ts';

/** ASCII 29: how FNC1 arrives when it separates elements. */
export const GROUP_SEPARATOR = '\u001D';

/** Symbology identifiers (ISO/IEC 15424) that promise an element string: GS1-128, DataBar, DataMatrix, QR, DotCode. */
const GS1_SYMBOLOGIES: ReadonlySet<string> = new Set([']C1', ']e0', ']d2', ']Q3', ']J1']);
const SYMBOLOGY = /^\][A-CD-LMNO-SU-Zcdehopsz][0-9A-Fa-z]/;

/** Why a text is no element string. `readBefore` holds the elements in front of the fault. */
export type Gs1Problem = { readonly readBefore: readonly Gs1Element[] } & (
  | { readonly code: 'empty' | 'unknown_symbology' }
  | { readonly code: 'wrong_length'; readonly symbology: string; readonly needs: number }
  | { readonly code: 'unknown_ai'; readonly found: string }
  | { readonly code: 'too_short' | 'too_long'; readonly ai: string; readonly length: number; readonly allowed: string }
  | { readonly code: 'not_digits' | 'bad_character'; readonly ai: string }
);

export type Gs1Reading = { readonly elements: readonly Gs1Element[]; readonly issues: readonly Gs1Issue[] };

/** What stands in front of the text: `]` plus two characters, or null. */
export function symbologyOf(text: string): string | null {
  return SYMBOLOGY.test(text) ? text.slice(0, 3) : null;
}

/** Whether this symbology identifier promises GS1 elements. */
export function isGs1Symbology(symbology: string): boolean {
  return GS1_SYMBOLOGIES.has(symbology);
}

/**
 * Reads one GS1 barcode: with a symbology identifier, bare, or as the bracketed text printed under it. FNC1 counts as
 * ASCII 29 and as every text in `separators`; one at the start or the end, or several in a row, mean nothing more.
 * Values keep their text; `issues` says which of them cannot be right. Source: GS1 General Specifications, 7.8.
 */
export function parseElementString(raw: string, separators: readonly string[] = []): Result<Gs1Reading, Gs1Problem> {
  const symbology = symbologyOf(raw);
  if (symbology === null && raw.startsWith(']')) return err({ code: 'unknown_symbology', readBefore: [] });
  const text = symbology === null ? raw : raw.slice(3);
  if (symbology === ']E0' || symbology === ']E4') return parseRetailCode(text, symbology);
  const clean = separators.reduce((kept, separator) => kept.replaceAll(separator, GROUP_SEPARATOR), text);
  const elements = /^\(\d{2,4}\)/.test(clean) ? splitBracketed(clean) : splitPlain(clean);
  return elements.ok ? ok({ elements: elements.value, issues: findIssues(elements.value) }) : elements;
}

function parseRetailCode(digits: string, symbology: string): Result<Gs1Reading, Gs1Problem> {
  const needs = symbology === ']E4' ? 8 : 13;
  if (digits.length !== needs || !/^\d+$/.test(digits)) {
    return err({ code: 'wrong_length', symbology, needs, readBefore: [] });
  }
  const elements = [{ ai: '01', title: 'GTIN', value: digits.padStart(14, '0') }];
  return ok({ elements, issues: findIssues(elements) });
}

function splitPlain(text: string): Result<readonly Gs1Element[], Gs1Problem> {
  const elements: Gs1Element[] = [];
  let at = 0;
  while (at < text.length) {
    if (text.charAt(at) === GROUP_SEPARATOR) {
      at += 1;
      continue;
    }
    const identifier = identifierAt(text, at);
    if (identifier === undefined) {
      return err({ code: 'unknown_ai', found: text.slice(at, at + 4), readBefore: elements });
    }
    const from = at + identifier.ai.length;
    const separator = text.indexOf(GROUP_SEPARATOR, from);
    const end = separator === -1 ? text.length : separator;
    const to = identifier.predefined ? Math.min(from + identifier.max, end) : end;
    const value = text.slice(from, to);
    const fault = findFault(identifier, value);
    if (fault !== null) return err({ ...fault, readBefore: elements });
    elements.push({ ai: identifier.ai, title: identifier.title, value });
    at = to;
  }
  return elements.length === 0 ? err({ code: 'empty', readBefore: [] }) : ok(elements);
}

function splitBracketed(text: string): Result<readonly Gs1Element[], Gs1Problem> {
  const elements: Gs1Element[] = [];
  // Splitting on a group leaves: nothing, identifier, value, identifier, value, …
  const parts = text.split(/\((\d{2,4})\)/).slice(1);
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const ai = parts[at] ?? '';
    const value = parts[at + 1] ?? '';
    const identifier = identifierAt(ai, 0);
    if (identifier?.ai !== ai) return err({ code: 'unknown_ai', found: `(${ai})`, readBefore: elements });
    const fault = findFault(identifier, value);
    if (fault !== null) return err({ ...fault, readBefore: elements });
    elements.push({ ai, title: identifier.title, value });
  }
  return ok(elements);
}

type Fault =
  | { readonly code: 'too_short' | 'too_long'; readonly ai: string; readonly length: number; readonly allowed: string }
  | { readonly code: 'not_digits' | 'bad_character'; readonly ai: string };

const CHARACTERS: Readonly<Record<Component['type'], RegExp>> = {
  N: /^\d*$/,
  X: /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/,
  Y: /^[#\-/0-9A-Z]*$/,
  Z: /^[-_0-9A-Za-z=]*$/,
};

function findFault(identifier: ApplicationIdentifier, value: string): Fault | null {
  const { ai, min, max } = identifier;
  const allowed = min === max ? String(max) : `${min}-${max}`;
  if (value.length < min) return { code: 'too_short', ai, length: value.length, allowed };
  if (value.length > max) return { code: 'too_long', ai, length: value.length, allowed };
  for (const { component, text } of splitValue(identifier, value)) {
    if (!CHARACTERS[component.type].test(text)) {
      return { code: component.type === 'N' ? 'not_digits' : 'bad_character', ai };
    }
  }
  return null;
}
