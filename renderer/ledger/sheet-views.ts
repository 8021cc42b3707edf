import { bookNow, linesInBin } from '../../shared/domain/balance.ts';
import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../shared/domain/ledger-state.ts';
import { binOf, lineKey, namesOf, type LineKey } from '../../shared/domain/line-key.ts';
import { binKey } from '../../shared/domain/location.ts';
import { ZERO } from '../../shared/domain/quantity.ts';
import { findSheet, type CountLine, type Stocktake } from '../../shared/domain/stocktake.ts';
import type { Place } from './ledger.ts';
import { mayChange } from './what-facts-change.ts';

type NotSeen = { readonly item: string; readonly lot: string | undefined };

/** What a screen shows of the sheet that is being counted, kept from scan to scan. */
export type SheetViews = {
  /** Lines of a sheet, the one counted last first. The list is a new one after each change. */
  lines(place: Place): readonly CountLine[];
  /** Items that are expected in the bin, or asked for, and not on the sheet. */
  notSeen(place: Place): readonly NotSeen[];
  /** Tells of entries that were just folded. */
  heard(entries: readonly LedgerEntry[]): void;
  /** Tells that everything was computed anew. */
  forget(): void;
};

type View = {
  readonly place: Place;
  lines: readonly CountLine[] | undefined;
  unseen: Map<LineKey, NotSeen> | undefined;
  notSeen: readonly NotSeen[] | undefined;
};

function isSame(left: Place, right: Place): boolean {
  return left.stocktake === right.stocktake && left.pass === right.pass && binKey(left.bin) === binKey(right.bin);
}

/**
 * Views of the sheet that was asked for last: a count moves one line to the front and takes one item off what was not
 * seen, whatever the sheet's size. Anything else that may concern the bin computes them anew when they are asked for.
 */
export function createSheetViews(state: () => LedgerState, holdsBooks: () => boolean): SheetViews {
  let view: View | undefined;

  function viewOf(place: Place): View {
    if (view === undefined || !isSame(view.place, place))
      view = { place, lines: undefined, unseen: undefined, notSeen: undefined };
    return view;
  }

  function sheetOf({ stocktake, pass, bin }: Place) {
    const known = state().stocktakes.get(stocktake);
    return known && findSheet(known, pass, bin);
  }

  function unseenAt(place: Place): Map<LineKey, NotSeen> {
    const stocktake = state().stocktakes.get(place.stocktake);
    const unseen = new Map<LineKey, NotSeen>();
    if (!stocktake) return unseen;
    const seen = sheetOf(place)?.lines;
    for (const { item, lot } of holdsBooks() ? inBook(stocktake, place) : named(stocktake, place)) {
      const key = lineKey({ item, bin: place.bin, lot });
      if (!seen?.has(key)) unseen.set(key, { item, lot });
    }
    return unseen;
  }

  function inBook({ recounts }: Stocktake, { pass, bin }: Place): readonly NotSeen[] {
    const lines = linesInBin(state().books, bin);
    const asked = recounts.get(pass);
    return lines.filter((line) => (pass > 1 ? asked?.has(lineKey(line)) : bookNow(line) !== ZERO));
  }

  /** What a laptop that is not told the book knows of it. */
  function named({ recounts, expected }: Stocktake, { pass, bin }: Place): readonly NotSeen[] {
    const names = (expected.get(binKey(bin)) ?? []).map(({ item, lot }) => ({ item, lot }));
    if (pass === 1) return names;
    const spelled = new Map(names.map((name) => [lineKey({ ...name, bin }), name]));
    const asked = [...(recounts.get(pass) ?? [])].filter((key) => binOf(key) === binKey(bin));
    return asked.map((key) => spelled.get(key) ?? namesOf(key));
  }

  function count(shown: View, key: LineKey): void {
    const line = sheetOf(shown.place)?.lines.get(key);
    if (line && shown.lines !== undefined) {
      const at = shown.lines.indexOf(line);
      shown.lines = at < 0 ? [line, ...shown.lines] : [line, ...shown.lines.slice(0, at), ...shown.lines.slice(at + 1)];
    }
    if (shown.unseen?.delete(key)) shown.notSeen = undefined;
  }

  return {
    lines(place) {
      const shown = viewOf(place);
      shown.lines ??= [...(sheetOf(place)?.lines.values() ?? [])].toSorted((left, right) => right.order - left.order);
      return shown.lines;
    },
    notSeen(place) {
      const shown = viewOf(place);
      shown.unseen ??= unseenAt(place);
      shown.notSeen ??= [...shown.unseen.values()];
      return shown.notSeen;
    },
    forget() {
      view = undefined;
    },
    heard(entries) {
      for (const { fact } of entries) {
        if (view === undefined) return;
        if (!mayChange('sheet', fact.kind)) continue;
        // What is said again stands where it stood, which need not be the front.
        if (fact.kind !== 'counted' || fact.how === 'redo') view = undefined;
        else if (isSame(view.place, fact)) count(view, lineKey(fact));
      }
    },
  };
}
