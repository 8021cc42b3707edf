import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../shared/domain/ledger-state.ts';
import { binsOfPass, passCoverage } from '../../shared/domain/pass.ts';
import { findSheet, sheetKey, type SheetState } from '../../shared/domain/stocktake.ts';
import { mayChange } from './what-facts-change.ts';

/** The bins of a pass and how many of them are in each state. The same object until one of them changes. */
export type PassView = {
  readonly bins: readonly string[];
  readonly coverage: Readonly<Record<SheetState | 'not_visited', number>>;
};

/** What screens show of passes, kept from scan to scan. */
export type PassViews = {
  /** A pass of a stocktake; undefined: there is no such stocktake. */
  pass(stocktake: string, pass: number): PassView | undefined;
  /** Tells of entries that were just folded. */
  heard(entries: readonly LedgerEntry[]): void;
  /** Tells that everything was computed anew. */
  forget(): void;
};

type Kept = { readonly stocktake: string; readonly view: PassView; readonly states: ReadonlyMap<string, SheetState> };

/**
 * Views of the passes that were asked for. A stocktake has a thousand bins and more, and nearly every entry is a scan in
 * a bin that is open already: that changes no view. Whatever may change one has it computed anew when it is asked for.
 */
export function createPassViews(state: () => LedgerState): PassViews {
  const kept = new Map<string, Kept>();

  function isAsBefore({ fact }: LedgerEntry): boolean {
    if (!mayChange('pass', fact.kind)) return true;
    if (fact.kind !== 'counted' && fact.kind !== 'unknown_scanned') return false;
    const stocktake = state().stocktakes.get(fact.stocktake);
    const now = stocktake && findSheet(stocktake, fact.pass, fact.bin)?.state;
    const key = sheetKey(fact.pass, fact.bin);
    return [...kept.values()].every((one) => one.stocktake !== fact.stocktake || one.states.get(key) === now);
  }

  return {
    pass(stocktake, pass) {
      const key = `${pass} ${stocktake}`;
      const known = kept.get(key);
      if (known) return known.view;
      const found = state().stocktakes.get(stocktake);
      if (!found) return undefined;
      const view = { bins: binsOfPass(found, pass), coverage: passCoverage(found, pass) };
      const states = new Map([...found.sheets].map(([place, sheet]) => [place, sheet.state]));
      kept.set(key, { stocktake, view, states });
      return view;
    },
    forget: () => kept.clear(),
    heard(entries) {
      if (kept.size > 0 && !entries.every(isAsBefore)) kept.clear();
    },
  };
}
