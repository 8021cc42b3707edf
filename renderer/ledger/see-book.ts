import type { Batch } from '../../shared/domain/batch.ts';
import type { LedgerState } from '../../shared/domain/ledger-state.ts';
import { binKey } from '../../shared/domain/location.ts';
import { hasRole, type Person } from '../../shared/domain/person.ts';
import { isBeingCounted } from '../../shared/domain/pass.ts';
import type { Sheet, Stocktake } from '../../shared/domain/stocktake.ts';

/** The sheets of a bin in a stocktake, of every pass, whether or not it is in the scope. */
function sheetsOfBin({ sheets }: Stocktake, bin: string): Sheet[] {
  const key = binKey(bin);
  return [...sheets.values()].filter((sheet) => binKey(sheet.bin) === key);
}

/** Whether somebody still has to say something about a line of a sheet: it is not handed in, or not decided. */
function isOpen(sheet: Sheet, batches: ReadonlyMap<string, Batch>): boolean {
  if (sheet.state !== 'submitted') return true;
  const batch = batches.get(sheet.batch ?? '');
  if (batch === undefined) return true;
  return [...sheet.lines.keys()].some((key) => {
    const decision = batch.decisions.get(key)?.decision;
    return !batch.posted.has(key) && (decision === undefined || decision === 'hold');
  });
}

/**
 * Whether a person may see what the book expects in a bin. A blind count hides it: from approvers where they count
 * themselves, from everybody else wherever the bin is being counted, until what was handed in is decided. The one place
 * that says so, for every screen.
 */
export function maySeeBook(
  { stocktakes, batches }: Pick<LedgerState, 'stocktakes' | 'batches'>,
  person: Person | undefined,
  bin: string,
): boolean {
  if (person === undefined) return false;
  const decides = hasRole(person, ['approver']);
  return [...stocktakes.values()].every((stocktake) => {
    if (!stocktake.blind) return true;
    const open = sheetsOfBin(stocktake, bin).filter((sheet) => isOpen(sheet, batches));
    if (decides) return !open.some((sheet) => sheet.people.has(person.id));
    return open.length === 0 && !isBeingCounted(stocktake, bin);
  });
}
