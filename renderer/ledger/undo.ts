import {
  canonicalJson,
  type EntryOf,
  type Fact,
  type FactKind,
  type LedgerEntry,
} from '../../shared/domain/ledger-entry.ts';

/** A statement that can be taken back. */
export type Undoable = EntryOf<'counted'> | EntryOf<'unknown_scanned'> | EntryOf<'bin_confirmed_empty'>;

function isKind<Kind extends FactKind>(entry: LedgerEntry, kind: Kind): entry is LedgerEntry & EntryOf<Kind> {
  return entry.fact.kind === kind;
}

function asUndoable(entry: LedgerEntry): Undoable | undefined {
  if (isKind(entry, 'counted') || isKind(entry, 'unknown_scanned') || isKind(entry, 'bin_confirmed_empty'))
    return entry;
  return undefined;
}

/** Who takes back: a person, at one laptop. What they said at another one is taken back there. */
export type Speaker = { readonly person: string; readonly device: string };

function isSaidBy({ by, device }: LedgerEntry, speaker: Speaker): boolean {
  return by === speaker.person && device === speaker.device;
}

/** The newest statement of `speaker` in one sheet's entries that still stands; entries of all laptops, in ledger order. */
export function newestStanding(entries: readonly LedgerEntry[], speaker: Speaker): Undoable | undefined {
  const voided = new Set(entries.flatMap((entry) => (entry.fact.kind === 'count_voided' ? [entry.fact.voids] : [])));
  const found = entries.findLast(
    (entry) => isSaidBy(entry, speaker) && asUndoable(entry) !== undefined && !voided.has(entry.id),
  );
  return found && asUndoable(found);
}

/** What `speaker` took back last and has not counted on since: the statement to say again, or nothing. */
export function newestUndone(entries: readonly LedgerEntry[], speaker: Speaker): Undoable | undefined {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const stack: string[] = [];
  for (const entry of entries) {
    if (!isSaidBy(entry, speaker)) continue;
    if (entry.fact.kind === 'count_voided') stack.push(entry.fact.voids);
    else if (isRedo(entry, byId.get(stack.at(-1) ?? ''))) stack.pop();
    else if (asUndoable(entry)) stack.length = 0;
  }
  const found = byId.get(stack.at(-1) ?? '');
  return found && asUndoable(found);
}

/** In older ledgers only counts are marked as said again; of the others, the same thing said after it was taken back is. */
function isRedo(entry: LedgerEntry, undone: LedgerEntry | undefined): boolean {
  if ('again' in entry.fact && entry.fact.again !== undefined) return true;
  if (entry.fact.kind === 'counted') return entry.fact.how === 'redo';
  return undone !== undefined && canonicalJson(entry.fact) === canonicalJson(undone.fact);
}

/** The fact that takes a statement back. */
export function voidOf(entry: Undoable): Fact {
  const { stocktake, pass, bin } = entry.fact;
  const place = { kind: 'count_voided' as const, stocktake, pass, bin, voids: entry.id };
  switch (entry.fact.kind) {
    case 'counted': {
      const { item, lot, quantity, serial } = entry.fact;
      return {
        ...place,
        was: {
          kind: 'counted',
          item,
          quantity,
          ...(lot !== undefined && { lot }),
          ...(serial !== undefined && { serial }),
        },
      };
    }
    case 'unknown_scanned':
      return { ...place, was: { kind: 'unknown_scanned', code: entry.fact.code, quantity: entry.fact.quantity } };
    case 'bin_confirmed_empty':
      return { ...place, was: { kind: 'bin_confirmed_empty' } };
  }
}

/** The fact that says a statement again. */
export function againOf(entry: Undoable): Fact {
  return entry.fact.kind === 'counted'
    ? { ...entry.fact, how: 'redo', again: entry.id }
    : { ...entry.fact, again: entry.id };
}
