/**
 * What is used of Papa Parse. Its published types name Node's streams and would bring Node's globals into the page, so the
 * file itself is imported, for which there are none.
 */
declare module 'papaparse/papaparse.js' {
  export type ParseError = { readonly type: string; readonly code: string; readonly row?: number };
  export type ParseResult = {
    readonly data: string[][];
    readonly errors: ParseError[];
    readonly meta: { readonly truncated: boolean };
  };
  type ParseOptions = {
    readonly delimiter: string;
    readonly newline: string;
    readonly header: false;
    readonly skipEmptyLines: false;
    readonly preview: number;
  };
  const papa: { parse(text: string, options: ParseOptions): ParseResult };
  export default papa;
}
