import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { formatQuantity, quantityOf } from '../../../shared/domain/quantity.ts';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import type { Ledger, Place } from '../../ledger/ledger.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import type { Words } from './words.ts';

/** What the hero says after a statement was taken back (`sign` -1) or said again (`sign` 1), with the line's total now. */
export function showStatement(
  entry: LedgerEntry,
  sign: 1n | -1n,
  place: Place,
  ledger: Pick<Ledger, 'catalogue' | 'sheet'>,
  message: string,
): LastScan {
  const { fact } = entry;
  const sheet = ledger.sheet(place);
  if (fact.kind === 'counted') {
    const line = sheet?.lines.get(lineKey({ item: fact.item, bin: place.bin, lot: fact.lot }));
    return {
      outcome: 'taken',
      title: ledger.catalogue().name(fact.item),
      code: fact.code,
      lot: fact.lot,
      serial: fact.serial,
      added: formatQuantity(sign * quantityOf(fact.quantity)),
      total: formatQuantity(line?.counted ?? 0n),
      unit: ledger.catalogue().unit(fact.item),
      entered: message,
      ...(line === undefined ? {} : { subject: { line: line.key } }),
    };
  }
  if (fact.kind === 'unknown_scanned') {
    const known = sheet?.unknowns.get(fact.code);
    const total = known?.quantity ?? 0n;
    return {
      ...(known === undefined ? {} : { subject: { unknown: fact.code } }),
      outcome: 'taken',
      title: fact.code,
      isCode: true,
      added: formatQuantity(sign * quantityOf(fact.quantity)),
      total: formatQuantity(total),
      entered: message,
    };
  }
  return { outcome: 'taken', title: ledger.catalogue().binName(place.bin), isCode: true, message };
}

/** What the card says of a line that was chosen with the arrows or clicked. */
export function showLine(line: CountLine, ledger: Pick<Ledger, 'catalogue'>): LastScan {
  const catalogue = ledger.catalogue();
  return {
    outcome: 'held',
    title: catalogue.name(line.item),
    code: catalogue.item(line.item)?.sku,
    lot: line.lot,
    serial: line.serials.length === 0 ? undefined : line.serials.join(', '),
    total: formatQuantity(line.counted),
    unit: catalogue.unit(line.item),
    subject: { line: line.key },
  };
}

/** What the card says of a bin that is open: how far it is counted, and the line that was counted last. */
export function showBin(place: Place, ledger: Pick<Ledger, 'catalogue' | 'sheet'>, words: Words): LastScan {
  const sheet = ledger.sheet(place);
  const lines = [...(sheet?.lines.values() ?? [])];
  const [first] = lines;
  const about = {
    outcome: 'taken',
    opensBin: true,
    title: ledger.catalogue().binName(place.bin),
    isCode: true,
  } as const;
  if (first === undefined || sheet === undefined) return { ...about, message: words.say('binOpen') };
  const newest = lines.reduce((last, line) => (line.order > last.order ? line : last), first);
  const name = ledger.catalogue().name(newest.item);
  const total = formatQuantity(newest.counted);
  return {
    ...about,
    message: words.binHolds(sheet.scans, name, total, ledger.catalogue().unit(newest.item)),
    subject: { line: newest.key },
  };
}
