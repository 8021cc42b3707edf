/**
 * What is used of Papa Parse: the parser itself, which takes a text in pieces. Its published types name Node's streams and
 * would bring Node's globals into the page, so the file itself is imported, for which there are none.
 */
declare module 'papaparse/papaparse.js' {
  export type ParseError = { readonly type: string; readonly code: string; readonly row?: number };
  export type ParseResult = {
    readonly data: string[][];
    readonly errors: ParseError[];
    /** Where the last row that was taken ends. */
    readonly meta: { readonly cursor: number };
  };
  type ParseOptions = { readonly delimiter: string; readonly newline: string };
  const papa: {
    readonly Parser: new (options: ParseOptions) => {
      /** `ignoreLastRow`: more may follow, so a row that the text ends in is left for the next piece. */
      parse(text: string, baseIndex: number, ignoreLastRow: boolean): ParseResult;
    };
  };
  export default papa;
}
