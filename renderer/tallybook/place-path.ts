const PLAIN = /[^A-Za-z0-9._-]/gu;

/** A text as one part of a path: letters, digits and `.-_` stay readable, all else becomes `~` and its code point. */
export function pathPart(text: string): string {
  return text.replace(PLAIN, (sign) => `~${(sign.codePointAt(0) ?? 0).toString(16)}~`);
}

/** The text that `pathPart` wrote. */
export function textOfPart(part: string): string {
  return part.replace(/~([0-9a-f]{1,6})~/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

/** Where a pass of a stocktake is counted; with a bin: that bin. */
export function countPath(stocktake: string, pass: number, bin?: string): string {
  return `/count/${pathPart(stocktake)}/${pass}${bin === undefined ? '' : `/${pathPart(bin)}`}`;
}
