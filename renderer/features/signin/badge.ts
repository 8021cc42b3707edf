/** The person id on a badge, a barcode that reads `TALLYBOOK:PERSON:<id>`; undefined for any other code. Letter case of the id is kept. */
export function personOfBadge(text: string): string | undefined {
  return /^\s*TALLYBOOK:PERSON:(\S{1,64})\s*$/i.exec(text)?.[1];
}
