import type { Ledger } from '../ledger/ledger.ts';
import { readScan } from './read-scan.ts';

/** Whether a text is a code of an item, a pack or a bin, a command card or a badge: such a text was scanned, not typed. */
export function isKnownCode(
  scan: { readonly text: string; readonly usText: string },
  ledger: Pick<Ledger, 'catalogue' | 'stocktakes'>,
): boolean {
  if (/^TALLYBOOK:/i.test(scan.text) || /^TALLYBOOK:/i.test(scan.usText)) return true;
  const bins = ledger.stocktakes().flatMap((stocktake) => stocktake.bins);
  switch (readScan(scan, { catalogue: ledger.catalogue(), bins, year: new Date().getFullYear() }).kind) {
    case 'item':
    case 'items':
    case 'bin':
    case 'bins':
    case 'command':
    case 'kinds':
      return true;
    case 'attach':
    case 'unknown':
    case 'damaged':
      return false;
  }
}
