import type { BinBook, BookLine, PostedCount } from './balance.ts';
import { bookLine } from './balance.ts';
import type { Act, Batch } from './batch.ts';
import {
  packDecision,
  packSheet,
  unpackDecision,
  unpackSheet,
  type PackedDecision,
  type PackedSheet,
} from './checkpoint-sheet.ts';
import { emptyLedgerState, type CatalogueFile, type Frontier, type LedgerState, type SaidOf } from './ledger-state.ts';
import type { ClocksApart, NearMovement } from './clocks-apart.ts';
import type { Place } from './ledger-order.ts';
import type { LineKey } from './line-key.ts';
import type { NotedCode } from './noted-code.ts';
import type { Anchor, LateMovement } from './statement.ts';
import type { Stocktake } from './stocktake.ts';
import { keepUnfounded, type Unfounded } from './unfounded.ts';

/** Bumped whenever the state's shape changes: an older checkpoint is then not used, and the state is rebuilt. */
export const CHECKPOINT_FORMAT = 14;

const LINES_PER_PAGE = 2000;

type PackedCount = [batch: string, anchor: Anchor, order: number, movedBefore: string, counted: string, fastMs: number];
type PackedLate = [delta: string, happenedMs: number, order: number];
type PackedBook = [
  item: string,
  bin: string,
  lot: string | null,
  moved: string,
  moves: number,
  counts?: PackedCount[],
  late?: PackedLate[],
  recent?: PackedLate[],
  near?: PackedNear[],
];
type PackedNear = [device: string, seq: number, ms: number, isLate: 0 | 1];
type PackedClocks = [string, [string, (readonly [number, number, number])[]][]][];
type PackedStocktake = Omit<Stocktake, 'sheets' | 'recounts' | 'expected'> & {
  recounts: [number, string[]][];
  expected: [string, (readonly [item: string, lot?: string])[]][];
};
type PackedUnfounded = Omit<Unfounded, 'counted'> & { counted: string };
type PackedNoted = Omit<NotedCode, 'quantity'> & { quantity: string };
/** A bin's lines follow from the books. */
type PackedBin = [bin: string, order: number, voided?: string[], log?: PackedMovement[]];
type PackedMovement = [key: LineKey, order: number, delta: string, happenedAt: string | null];
type PackedChange = { now?: PackedDecision; before?: PackedDecision };
type PackedBatch = Omit<Batch, 'acts'> & { acts: (Omit<Act, 'lines'> & { lines: [string, PackedChange][] })[] };
type Head = {
  format: number;
  /** How many pages there are with this one. */
  pages: number;
  entries: number;
  last: Place;
  corrections: LedgerState['corrections'];
  devices: [string, Frontier][];
  clocks: PackedClocks;
  stocktakes: PackedStocktake[];
  batches: PackedBatch[];
  catalogue: ['items' | 'bins', CatalogueFile][];
  noted: PackedNoted[];
  bins: PackedBin[];
  said: [string, SaidOf][];
  unheard: [string, string[]][];
  unfounded: PackedUnfounded[];
};
type Page =
  | { kind: 'head'; head: Head }
  | { kind: 'books'; rows: PackedBook[] }
  | { kind: 'sheet'; stocktake: string; key: string; sheet: PackedSheet };

/** The state as pages of JSON text, the head first. Reading them back gives an equal state. */
export function packState(state: LedgerState): string[] {
  const head = packHead(state);
  const pages: Page[] = [{ kind: 'head', head }];
  const places = new Map<LineKey, number>();
  let rows: PackedBook[] = [];
  for (const [key, line] of state.books.lines) {
    places.set(key, places.size);
    rows.push(packBook(line));
    if (rows.length === LINES_PER_PAGE) {
      pages.push({ kind: 'books', rows });
      rows = [];
    }
  }
  if (rows.length > 0) pages.push({ kind: 'books', rows });
  const placeOf = (key: LineKey): number => places.get(key) ?? -1;
  for (const stocktake of state.stocktakes.values()) {
    for (const [key, sheet] of stocktake.sheets)
      pages.push({ kind: 'sheet', stocktake: stocktake.id, key, sheet: packSheet(sheet, placeOf, state.last.device) });
  }
  head.pages = pages.length;
  return pages.map((page) => JSON.stringify(page));
}

function packHead(state: LedgerState): Head {
  return {
    format: CHECKPOINT_FORMAT,
    pages: 0,
    entries: state.entries,
    last: state.last,
    corrections: state.corrections,
    devices: [...state.devices],
    clocks: packClocks(state.clocks),
    stocktakes: [...state.stocktakes.values()].map(({ sheets: _, recounts, expected, ...rest }) => ({
      ...rest,
      expected: [...expected].map(([bin, items]) => [
        bin,
        items.map(({ item, lot }) => (lot === undefined ? ([item] as const) : ([item, lot] as const))),
      ]),
      recounts: [...recounts].map(([pass, keys]): [number, string[]] => [pass, [...keys]]),
    })),
    batches: [...state.batches.values()].map((batch) => ({
      ...batch,
      acts: batch.acts.map(({ lines, ...act }) => ({
        ...act,
        lines: [...lines].map(([key, { now, before }]): [string, PackedChange] => [
          key,
          { ...(now && { now: packDecision(now) }), ...(before && { before: packDecision(before) }) },
        ]),
      })),
    })),
    catalogue: [...state.catalogue],
    noted: state.noted.map((one) => ({ ...one, quantity: one.quantity.toString() })),
    bins: [...state.books.bins].map(packBin),
    said: [...state.said],
    unheard: [...state.unheard].map(([stocktake, bins]): [string, string[]] => [stocktake, [...bins]]),
    unfounded: [...state.unfounded.values()].map((one) => ({ ...one, counted: one.counted.toString() })),
  };
}

function packClocks(clocks: ClocksApart): PackedClocks {
  return [...clocks].map(([device, of]) => [device, [...of].map(([other, some]) => [other, [...some]])]);
}

function packBin([key, { order, voided, log }]: [string, BinBook]): PackedBin {
  if (voided === undefined && log === undefined) return [key, order];
  const packed: PackedBin = [key, order, [...(voided ?? [])]];
  if (log !== undefined)
    packed.push(log.map((one) => [one.key, one.order, one.delta.toString(), one.happenedAt ?? null]));
  return packed;
}

function unpackBin(state: LedgerState, [key, order, voided = [], log]: PackedBin): void {
  state.books.bins.set(key, {
    lines: new Set(),
    order,
    voided: voided.length > 0 ? new Set(voided) : undefined,
    log: log?.map(([line, place, delta, happenedAt]) => ({
      key: line,
      order: place,
      delta: BigInt(delta),
      happenedAt: happenedAt ?? undefined,
    })),
  });
}

function packLate({ delta, happenedMs, order }: LateMovement): PackedLate {
  return [delta.toString(), happenedMs, order];
}

function unpackLate([delta, happenedMs, order]: PackedLate): LateMovement {
  return { delta: BigInt(delta), happenedMs, order };
}

function packBook(line: BookLine): PackedBook {
  const packed: PackedBook = [line.item, line.bin, line.lot ?? null, line.moved.toString(), line.moves];
  if (line.counts.length + line.recent.length + line.near.length > 0) {
    packed.push(
      line.counts.map(({ batch, anchor, order, movedBefore, counted, fastMs }): PackedCount => [
        batch,
        anchor,
        order,
        movedBefore.toString(),
        counted.toString(),
        fastMs,
      ]),
      line.late.map(packLate),
      line.recent.map(packLate),
    );
    if (line.near.length > 0) packed.push(line.near.map(packNear));
  }
  return packed;
}

function packNear({ device, seq, ms, isLate }: NearMovement): PackedNear {
  return [device, seq, ms, isLate ? 1 : 0];
}

/** The state of a checkpoint's pages, or nothing when they are of another format, torn, or do not fit together. */
export function unpackState(texts: readonly string[]): LedgerState | undefined {
  const pages = readPages(texts);
  const [first] = pages;
  if (first?.kind !== 'head' || first.head.format !== CHECKPOINT_FORMAT || first.head.pages !== texts.length)
    return undefined;
  const state = emptyLedgerState();
  let books: readonly [LineKey, BookLine][] | undefined;
  for (const page of pages) {
    switch (page.kind) {
      case 'head':
        unpackHead(state, page.head);
        break;
      case 'books':
        for (const row of page.rows) unpackBook(state, row);
        break;
      case 'sheet': {
        const stocktake = state.stocktakes.get(page.stocktake);
        if (!stocktake) return undefined;
        // Every page of books comes before the first sheet.
        books ??= [...state.books.lines];
        const sheet = unpackSheet(page.sheet, books, state.last.device);
        if (!sheet) return undefined;
        stocktake.sheets.set(page.key, sheet);
        break;
      }
    }
  }
  return state;
}

function readPages(texts: readonly string[]): Page[] {
  try {
    return texts.map((text) => JSON.parse(text) as Page);
  } catch {
    // A page that was cut off. Pages are written by `packState` alone, so nothing else can be wrong with them.
    return [];
  }
}

function unpackHead(state: LedgerState, head: Head): void {
  state.entries = head.entries;
  state.last = head.last;
  state.corrections.push(...head.corrections);
  for (const [device, frontier] of head.devices) state.devices.set(device, frontier);
  for (const [device, of] of head.clocks) state.clocks.set(device, new Map(of));
  for (const { recounts, expected, ...rest } of head.stocktakes) {
    state.stocktakes.set(rest.id, {
      ...rest,
      expected: new Map(expected.map(([bin, items]) => [bin, items.map(([item, lot]) => ({ item, lot }))])),
      sheets: new Map(),
      recounts: new Map(recounts.map(([pass, keys]) => [pass, new Set(keys)])),
    });
  }
  for (const batch of head.batches) {
    state.batches.set(batch.id, {
      ...batch,
      acts: batch.acts.map(({ lines, ...act }) => ({
        ...act,
        lines: new Map(
          lines.map(([key, { now, before }]) => [
            key,
            { now: now && unpackDecision(now), before: before && unpackDecision(before) },
          ]),
        ),
      })),
    });
  }
  for (const [what, file] of head.catalogue) state.catalogue.set(what, file);
  for (const one of head.noted) state.noted.push(unpackNoted(one));
  for (const bin of head.bins) unpackBin(state, bin);
  for (const [key, said] of head.said) state.said.set(key, said);
  for (const [stocktake, bins] of head.unheard) state.unheard.set(stocktake, new Set(bins));
  for (const one of head.unfounded)
    keepUnfounded(state.unfounded, { ...one, lot: one.lot, counted: BigInt(one.counted) });
}

/** JSON leaves out members without a value. */
function unpackNoted({ quantity, stocktake, from, after, before, nextBin, ...rest }: PackedNoted): NotedCode {
  return { ...rest, quantity: BigInt(quantity), stocktake, from, after, before, nextBin };
}

function unpackBook(state: LedgerState, row: PackedBook): void {
  const [item, bin, lot, moved, moves, counts, late, recent, near] = row;
  const line = bookLine(state.books, { item, bin, lot: lot ?? undefined });
  line.moved = BigInt(moved);
  line.moves = moves;
  if (counts) {
    line.counts = counts.map(([batch, anchor, order, movedBefore, counted, fastMs]): PostedCount => ({
      batch,
      anchor,
      order,
      movedBefore: BigInt(movedBefore),
      counted: BigInt(counted),
      fastMs,
    }));
  }
  if (late) {
    line.late = late.map(unpackLate);
    line.recent = (recent ?? []).map(unpackLate);
  }
  if (near) line.near = near.map(([device, seq, ms, isLate]) => ({ device, seq, ms, isLate: isLate === 1 }));
}
