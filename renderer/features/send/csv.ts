/**
 * CSV as RFC 4180 writes it, with a byte-order mark so that a spreadsheet reads it as UTF-8. A text that a spreadsheet
 * would run as a formula is led by an apostrophe (OWASP, CSV injection); a plain number stays a number.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}

function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
