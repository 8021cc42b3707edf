/**
 * CSV as RFC 4180 writes it, with a byte-order mark so that a spreadsheet reads it as UTF-8. A text that a spreadsheet
 * would run as a formula is led by an apostrophe (OWASP, CSV injection); a plain number stays a number.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}

// oxlint-disable no-control-regex -- control characters are what is looked for
/** What a spreadsheet passes over before a formula, and apostrophes that stand there already. */
const PASSED_OVER = String.raw`[\s\u0000-\u001f\u007f"'’]*`;
/** What begins a formula, wide letters included. */
const BEGINS = String.raw`[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]`;
const FORMULA = new RegExp(String.raw`^(?:${PASSED_OVER}${BEGINS}|['’]${PASSED_OVER}[\t\r|%]|[\t\r\n\u0000])`);
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
/** Where another language's spreadsheet cuts a line, so that a formula could begin in the middle of a text. */
const CUT = new RegExp(String.raw`([;,|\t\r\n])(?=${PASSED_OVER}${BEGINS})`, 'g');
/** The apostrophes that were put there, and those of spreadsheets that lead more than formulas with them. */
const LEADING = new RegExp(String.raw`^['’](?=${PASSED_OVER}(?:${BEGINS}|[\t\r|%]))`);
const INSIDE = new RegExp(String.raw`([;,|\t\r\n])'(?=${PASSED_OVER}${BEGINS})`, 'g');
// oxlint-enable no-control-regex

function csvCell(text: string): string {
  const led = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  const harmless = led.replaceAll(CUT, "$1'");
  return /[";|\t,\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A cell's text without the apostrophes that `csvText` puts before what a spreadsheet would run; others stay. */
export function withoutArmour(text: string): string {
  return text.replace(LEADING, '').replaceAll(INSIDE, '$1');
}
