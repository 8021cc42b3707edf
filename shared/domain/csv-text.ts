/**
 * CSV as RFC 4180 writes it, with a byte-order mark so that a spreadsheet reads it as UTF-8. A text that a spreadsheet
 * would run as a formula is led by an apostrophe (OWASP, CSV injection); a plain number stays a number.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}

/** What begins a formula, wide letters included, after whatever white space or control character a spreadsheet passes over. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const FORMULA = /^[\s\u0000-\u001f\u007f]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n\u0000]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
/** Where another language's spreadsheet cuts a line, so that a formula could begin in the middle of a text. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CUT = /([;|\t\r\n][\s\u0000-\u001f\u007f"]*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

function csvCell(text: string): string {
  const led = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  const harmless = led.replaceAll(CUT, "$1'");
  return /[";|\t,\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
