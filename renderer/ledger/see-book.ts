import { decisionOn } from '../../shared/domain/batch.ts';
import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../shared/domain/ledger-state.ts';
import { binKey } from '../../shared/domain/location.ts';
import { hasRole, type Person } from '../../shared/domain/person.ts';
import { isBeingCounted } from '../../shared/domain/pass.ts';
import type { Sheet, Stocktake } from '../../shared/domain/stocktake.ts';
import type { ReviewView } from './review-views.ts';

/** The sheets of a bin in a stocktake, of every pass, whether or not it is in the scope. */
function sheetsOfBin({ sheets }: Stocktake, bin: string): Sheet[] {
  const key = binKey(bin);
  return [...sheets.values()].filter((sheet) => binKey(sheet.bin) === key);
}

/** Whether somebody still has to say something about a line of a sheet: it is not handed in, or not decided. */
function isOpen(sheet: Sheet): boolean {
  if (sheet.state !== 'submitted') return true;
  return [...sheet.lines.values()].some((line) => {
    const decision = decisionOn(sheet, line)?.decision;
    return !sheet.posted.has(line.key) && (decision === undefined || decision === 'hold');
  });
}

/**
 * Whether a person may see what the book expects in a bin. A blind count hides it: from approvers where they count
 * themselves, from everybody else wherever the bin is being counted, until what was handed in is decided. The one place
 * that says so, for every screen.
 */
export function maySeeBook(
  { stocktakes }: Pick<LedgerState, 'stocktakes'>,
  person: Person | undefined,
  bin: string,
): boolean {
  if (person === undefined) return false;
  const decides = hasRole(person, ['approver']);
  return [...stocktakes.values()].every((stocktake) => {
    if (!stocktake.blind) return true;
    const open = sheetsOfBin(stocktake, bin).filter(isOpen);
    if (decides) return !open.some((sheet) => sheet.people.has(person.id));
    return open.length === 0 && !isBeingCounted(stocktake, bin);
  });
}

/**
 * The bins, by key, that a person is counting blind: opened, and not handed in. Whatever else they may see, nothing that
 * tells what the book has there is shown to them: no line of a review, no compared figure, no evidence.
 */
export function binsCountedBlind(
  { stocktakes }: Pick<LedgerState, 'stocktakes'>,
  person: Person | undefined,
): ReadonlySet<string> {
  const bins = new Set<string>();
  if (person === undefined) return bins;
  for (const { blind, sheets } of stocktakes.values()) {
    if (!blind) continue;
    for (const sheet of sheets.values())
      if (sheet.state !== 'submitted' && sheet.people.has(person.id)) bins.add(binKey(sheet.bin));
  }
  return bins;
}

/** A review without its lines of some bins, by key; `hidden` names those bins that it had lines of. */
export function reviewWithout(view: ReviewView, bins: ReadonlySet<string>): ReviewView {
  if (bins.size === 0) return view;
  const isShown = ({ bin }: { readonly bin: string }) => !bins.has(binKey(bin));
  const all = [...view.lines, ...view.notCounted, ...view.unknown];
  const hidden = [...new Map(all.filter((row) => !isShown(row)).map(({ bin }) => [binKey(bin), bin])).values()];
  if (hidden.length === 0) return view;
  return {
    lines: view.lines.filter(isShown),
    notCounted: view.notCounted.filter(isShown),
    unknown: view.unknown.filter(isShown),
    hidden,
  };
}

/** Whether what an entry says tells nothing of what lies in some bins, by key. What was moved elsewhere is no figure of a bin. */
export function isSilentAbout({ fact }: LedgerEntry, bins: ReadonlySet<string>): boolean {
  return bins.size === 0 || !('bin' in fact) || typeof fact.bin !== 'string' || !bins.has(binKey(fact.bin));
}
