import type { FactOf } from './ledger-entry.ts';
import { watchBin } from './movement-log.ts';
import type { Books } from './balance.ts';
import { quantityOf, ZERO } from './quantity.ts';
import type { Saying } from './statement.ts';
import type { Sheet } from './stocktake.ts';
import type { CodeMatch, UnknownCode, UnknownScan } from './unknown-scan.ts';

/** What a person took last, as far back as is kept. */
const PASSED = 8;

/** The code on a sheet, made when it was not met there. */
export function unknownOn(sheet: Sheet, code: string): UnknownCode {
  const known = sheet.unknowns.get(code);
  if (known) return known;
  const made: UnknownCode = { code, quantity: ZERO, times: 0, scans: [], matches: [], proposals: [] };
  sheet.unknowns.set(code, made);
  return made;
}

/** The match of a code that counts now, or nothing. */
export function matchOf(unknown: UnknownCode): CodeMatch | undefined {
  return unknown.matches.find((match) => !match.kept);
}

/** Codes of a sheet that were scanned and are no item yet: their units are in no line. */
export function unresolved(sheet: Sheet): UnknownCode[] {
  return [...sheet.unknowns.values()].filter((unknown) => unknown.times > 0 && matchOf(unknown) === undefined);
}

/** Between which items a code was met: each pair once, in the order of the scans. */
export function neighbours(unknown: UnknownCode): { after: string | undefined; before: string | undefined }[] {
  const pairs = new Map(
    unknown.scans.map(({ after, before }) => [`${after ?? ''}\u001F${before ?? ''}`, { after, before }]),
  );
  return [...pairs.values()];
}

/** Keeps a scan of an unknown code with the item before it; the one after it follows from what this person takes next. */
export function keepScan(sheet: Sheet, books: Books, fact: FactOf<'unknown_scanned'>, saying: Saying): UnknownCode {
  watchBin(books, fact.bin);
  const unknown = unknownOn(sheet, fact.code);
  const scan: UnknownScan = {
    ...saying,
    quantity: quantityOf(fact.quantity),
    after: fact.after ?? sheet.passed.get(saying.by)?.at(-1)?.item,
    before: undefined,
    beforeId: undefined,
  };
  unknown.scans = [...unknown.scans, scan];
  unknown.quantity += scan.quantity;
  unknown.times += 1;
  sheet.awaiting = [...sheet.awaiting, scan];
  return unknown;
}

/** Takes a scan back; what is left of the code, or nothing when it was not there. */
export function dropScan(sheet: Sheet, code: string, id: string): UnknownCode | undefined {
  const unknown = sheet.unknowns.get(code);
  const scan = unknown?.scans.find((one) => one.id === id);
  if (!unknown || !scan) return undefined;
  unknown.scans = unknown.scans.filter((one) => one !== scan);
  unknown.quantity -= scan.quantity;
  unknown.times -= 1;
  sheet.awaiting = sheet.awaiting.filter((one) => one !== scan);
  forgetEmpty(sheet, unknown);
  return unknown;
}

/** A code of which nothing is left goes off the sheet. */
export function forgetEmpty(sheet: Sheet, { code, times, matches, proposals }: UnknownCode): void {
  if (times === 0 && matches.length === 0 && proposals.length === 0) sheet.unknowns.delete(code);
}

/** A person took an item here: it is what comes after the unknown codes they met since the item before. */
export function passItem(sheet: Sheet, item: string, { id, by }: Saying): void {
  sheet.passed.set(by, [...(sheet.passed.get(by) ?? []), { id, item }].slice(-PASSED));
  if (sheet.awaiting.length === 0) return;
  for (const scan of sheet.awaiting) {
    if (scan.by !== by) continue;
    scan.before = item;
    scan.beforeId = id;
  }
  sheet.awaiting = sheet.awaiting.filter((scan) => scan.by !== by);
}

/** The item was taken back: it was no neighbour. Call it with the entry that had said it. */
export function unpass(sheet: Sheet, id: string): void {
  for (const [by, passed] of sheet.passed) {
    if (!passed.some((one) => one.id === id)) continue;
    const left = passed.filter((one) => one.id !== id);
    if (left.length > 0) sheet.passed.set(by, left);
    else sheet.passed.delete(by);
  }
  if (sheet.unknowns.size === 0) return;
  for (const { scans } of sheet.unknowns.values()) {
    for (const scan of scans) {
      if (scan.beforeId !== id) continue;
      scan.before = undefined;
      scan.beforeId = undefined;
      sheet.awaiting = [...sheet.awaiting, scan];
    }
  }
  sheet.awaiting = sheet.awaiting.toSorted((left, right) => left.order - right.order);
}
