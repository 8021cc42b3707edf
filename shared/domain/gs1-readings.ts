import { identifierAt } from './gs1-application-identifiers.ts';
import { GROUP_SEPARATOR, type Gs1Reading, parseElementString } from './gs1.ts';

/** What commonly follows a lot or a serial on a label; anything rarer would find a second reading in almost any text. */
const FOLLOWERS = /^(10|11|13|15|16|17|21|30|37|31[0-6]\d|320\d)/;
const MOST_READINGS = 8;

/**
 * Every way to read an element string whose scanner may have dropped FNC1: a value of open length may end before
 * anything that can be an element. The reading without a missing separator, when there is one, comes first; readings
 * with impossible values are left out. One reading is an answer, several are a question for a person, none is a fault.
 */
export function possibleReadings(text: string, separators: readonly string[] = []): readonly Gs1Reading[] {
  const readings: Gs1Reading[] = [];
  for (const candidate of withSeparators(text, '', 0)) {
    const parsed = parseElementString(candidate, separators);
    if (parsed.ok && !parsed.value.issues.some((issue) => issue.severity === 'error')) readings.push(parsed.value);
    if (readings.length === MOST_READINGS) break;
  }
  return readings;
}

/** The text as it stands, then with one or two separators put back; lazily, because few are ever looked at. */
function* withSeparators(rest: string, done: string, added: number): Generator<string> {
  yield done + rest;
  if (added === 2 || rest.includes(GROUP_SEPARATOR)) return;
  const open = startOfOpenValue(rest);
  if (open === null) return;
  const { from, max } = open;
  for (let end = from + 1; end <= Math.min(from + max, rest.length - 3); end += 1) {
    if (!FOLLOWERS.test(rest.slice(end, end + 4))) continue;
    yield* withSeparators(rest.slice(end), done + rest.slice(0, end) + GROUP_SEPARATOR, added + 1);
  }
}

/** Where the first value of open length starts, past the elements of predefined length in front of it. */
function startOfOpenValue(text: string): { readonly from: number; readonly max: number } | null {
  let at = 0;
  while (at < text.length) {
    const identifier = identifierAt(text, at);
    if (identifier === undefined) return null;
    const from = at + identifier.ai.length;
    if (!identifier.predefined) return { from, max: identifier.max };
    at = from + identifier.max;
  }
  return null;
}
