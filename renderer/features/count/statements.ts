import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { formatQuantity, quantityOf } from '../../../shared/domain/quantity.ts';
import type { Ledger, Place } from '../../ledger/ledger.ts';
import type { LastScan } from '../../ui/scan-card.tsx';

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
    };
  }
  if (fact.kind === 'unknown_scanned') {
    const total = sheet?.unknowns.get(fact.code)?.quantity ?? 0n;
    return {
      outcome: 'taken',
      title: fact.code,
      isCode: true,
      added: formatQuantity(sign * quantityOf(fact.quantity)),
      total: formatQuantity(total),
      entered: message,
    };
  }
  return { outcome: 'taken', title: place.bin, isCode: true, message };
}
