import { bookLine, bookNow, linesInBin, type Books } from '../../shared/domain/balance.ts';
import { standsUnder, undoing } from '../../shared/domain/batch.ts';
import type { LineDecision } from '../../shared/domain/decision.ts';
import type { Catalogue } from '../../shared/domain/catalogue.ts';
import { skuKey } from '../../shared/domain/item.ts';
import type { Decision, Fact, FactOf, LedgerEntry, PostedLine } from '../../shared/domain/ledger-entry.ts';
import { lineKey, serialKey } from '../../shared/domain/line-key.ts';
import { binKey } from '../../shared/domain/location.ts';
import { binsToHandIn } from '../../shared/domain/pass.ts';
import type { Person } from '../../shared/domain/person.ts';
import { formatQuantity, parseQuantity, ZERO, type Quantity } from '../../shared/domain/quantity.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import { toReversedLine } from '../../shared/domain/reversal.ts';
import { findSheet, type Sheet } from '../../shared/domain/stocktake.ts';
import { toPostedLine, type ReviewLine } from '../../shared/domain/variance.ts';
import { placeKey } from './collections.ts';
import type { Copy } from './copy.ts';
import type { CountedLine, Ledger, LedgerError, Place } from './ledger.ts';
import { createMatchCommands } from './match-commands.ts';
import type { Projection } from './projection.ts';
import { againOf, newestStanding, newestUndone, voidOf } from './undo.ts';

type Commands = Pick<
  Ledger,
  | 'createStocktake'
  | 'nameExpected'
  | 'openBin'
  | 'recordCount'
  | 'setCount'
  | 'recordUnknown'
  | 'noteUnknown'
  | 'matchUnknown'
  | 'proposeUnknown'
  | 'withdrawMatch'
  | 'undo'
  | 'redo'
  | 'confirmEmpty'
  | 'skipBin'
  | 'finishBin'
  | 'moveStock'
  | 'submit'
  | 'decide'
  | 'settleOverlap'
  | 'undoDecision'
  | 'post'
  | 'reverse'
>;

type Parts = {
  /** Resolves when everything proposed so far is in both copies. */
  settled(): Promise<void>;
  append(facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], LedgerError>>;
  projection: Projection;
  /** The laptop itself: only what was said on it is taken back on it. */
  device: string;
  copy: Copy;
  /** The lines of a batch as they stand now. */
  reviewLines(batch: string): readonly ReviewLine[];
  person(): Person | undefined;
  /** Whether the person may see what the book expects in a bin. */
  seesBook(bin: string): boolean;
  /** Whether laptops that hold no book are told by name what to look for. */
  tellsNames(): boolean;
  newId(): string;
  catalogue(): Catalogue;
  reloadCatalogue(): Promise<void>;
};

/** Lines that one decision or posting entry carries at most, by the schema of the facts. */
const DECISION_LINES = 5000;
const POSTING_LINES = 1000;
const NAMED_BINS = 1000;
/** Facts that one call to the host may carry. */
const CALL_FACTS = 5000;

/**
 * Everything that adds facts. Each command says what was asked in the field's words; the host decides who may.
 * One piece: all commands share the writer, and a table of them is read at once.
 */
export function createCommands(parts: Parts): Commands {
  const { append, settled, projection, copy, reviewLines, person, newId } = parts;
  const state = () => projection.ledger();
  const speaker = () => ({ person: person()?.id ?? '', device: parts.device });
  let turn: Promise<unknown> = Promise.resolve();

  /**
   * For commands that read before they write: one at a time, and after everything proposed before it. So Ctrl+Z pressed
   * twice takes back two scans, also while they are being saved, and a button pressed twice hands in one batch.
   */
  function inTurn<Value>(command: () => Promise<Value>): Promise<Value> {
    const next = turn.then(settled).then(command);
    turn = next.catch(() => undefined);
    return next;
  }

  function passOf(batch: string): FactOf<'lines_decided'>['recount'] {
    const found = state().batches.get(batch);
    return found && { stocktake: found.stocktake, pass: found.pass };
  }

  function sheetAt(place: Place): Result<Sheet | undefined, LedgerError> {
    const stocktake = state().stocktakes.get(place.stocktake);
    if (!stocktake) return err({ code: 'unknown_stocktake', stocktake: place.stocktake });
    const sheet = findSheet(stocktake, place.pass, place.bin);
    return sheet?.state === 'submitted' ? err({ code: 'bin_submitted', bin: place.bin }) : ok(sheet);
  }

  function inRange(quantity: Quantity): Result<string, LedgerError> {
    const text = formatQuantity(quantity);
    return parseQuantity(text).ok ? ok(text) : err({ code: 'quantity_out_of_range', text });
  }

  /** Appends one fact about a sheet that is still open. */
  async function say(place: Place, fact: Fact): Promise<Result<LedgerEntry, LedgerError>> {
    const sheet = sheetAt(place);
    if (!sheet.ok) return sheet;
    const sealed = await append([fact]);
    if (!sealed.ok) return sealed;
    const entry = sealed.value[0];
    return entry ? ok(entry) : err({ code: 'host_failed' });
  }

  const silent = async (place: Place, fact: Fact) => {
    const said = await say(place, fact);
    return said.ok ? ok(null) : said;
  };

  function countedLine(place: Place, item: string, lot: string | undefined, added: Quantity): CountedLine {
    const stocktake = state().stocktakes.get(place.stocktake);
    const line =
      stocktake && findSheet(stocktake, place.pass, place.bin)?.lines.get(lineKey({ item, bin: place.bin, lot }));
    return { item, lot, added, total: line?.counted ?? ZERO };
  }

  /** Where in this stocktake and pass a serial was seen already. */
  function seenSerial(place: Place, serial: string, item: string): string | undefined {
    const stocktake = state().stocktakes.get(place.stocktake);
    const key = serialKey(serial);
    for (const sheet of stocktake?.sheets.values() ?? []) {
      if (sheet.pass !== place.pass) continue;
      for (const line of sheet.lines.values()) {
        if (skuKey(line.item) === skuKey(item) && line.serials.some((one) => serialKey(one) === key)) return sheet.bin;
      }
    }
    return undefined;
  }

  /** A serial that counts in `bin` already. In another bin than this one it is kept for whoever reviews the count. */
  async function repeated(
    place: Place,
    item: string,
    serial: string,
    bin: string,
  ): Promise<Result<never, LedgerError>> {
    if (binKey(bin) !== binKey(place.bin)) {
      const said = await say(place, { kind: 'serial_repeated', ...place, item, serial, countedIn: bin });
      if (!said.ok) return said;
    }
    return err({ code: 'serial_seen', serial, bin });
  }

  return {
    async createStocktake({ name, blind, bins }) {
      const stocktake = newId();
      const sealed = await append([
        { kind: 'stocktake_created', stocktake, name, blind, bins: [...bins] },
        ...(parts.tellsNames() ? namesExpected(state().books, stocktake, bins) : []),
      ]);
      return sealed.ok ? ok({ stocktake }) : sealed;
    },

    async nameExpected() {
      const open = [...state().stocktakes.values()].filter(({ expected }) => expected.size === 0);
      const facts = open.flatMap(({ id, bins }) => namesExpected(state().books, id, bins));
      const sealed = facts.length === 0 ? ok([]) : await append(facts);
      return sealed.ok ? ok(null) : sealed;
    },

    async openBin(place) {
      const known = sheetAt(place);
      if (!known.ok) return known;
      if (known.value?.state === 'open') return ok(known.value);
      const said = await say(place, { kind: 'bin_opened', ...place });
      if (!said.ok) return said;
      const sheet = sheetAt(place);
      if (!sheet.ok) return sheet;
      return sheet.value ? ok(sheet.value) : err({ code: 'host_failed' });
    },

    async recordCount(place, { quantity, ...count }) {
      const text = inRange(quantity);
      if (!text.ok) return text;
      const record = async (): Promise<Result<{ line: CountedLine; entry: string }, LedgerError>> => {
        const bin = count.serial === undefined ? undefined : seenSerial(place, count.serial, count.item);
        if (count.serial !== undefined && bin !== undefined) return repeated(place, count.item, count.serial, bin);
        const said = await say(place, { kind: 'counted', ...place, ...count, quantity: text.value });
        return said.ok ? ok({ line: countedLine(place, count.item, count.lot, quantity), entry: said.value.id }) : said;
      };
      // A serial counts once, so one read twice in a burst waits for its first; everything else never waits.
      return count.serial === undefined ? record() : inTurn(record);
    },

    setCount: (place, { item, lot, quantity, entered }) =>
      inTurn(async () => {
        const difference = quantity - countedLine(place, item, lot, ZERO).total;
        const text = inRange(difference);
        if (!text.ok) return text;
        const said = await say(place, {
          kind: 'counted',
          ...place,
          item,
          ...(lot !== undefined && { lot }),
          quantity: text.value,
          how: 'typed',
          entered,
        });
        return said.ok ? ok({ line: countedLine(place, item, lot, difference), entry: said.value.id }) : said;
      }),

    async recordUnknown(place, code, quantity) {
      const text = inRange(quantity);
      if (!text.ok) return text;
      const said = await say(place, {
        kind: 'unknown_scanned',
        ...place,
        code,
        quantity: text.value,
      });
      return said.ok ? ok({ entry: said.value.id }) : said;
    },

    ...createMatchCommands({ ...parts, inTurn, state, inRange }),

    undo: (place) =>
      inTurn(async () => {
        const entry = newestStanding(await copy.byPlace(placeKey(place)), speaker());
        if (!entry) return err({ code: 'nothing_to_undo' });
        const said = await say(place, voidOf(entry));
        return said.ok ? ok({ undone: entry }) : said;
      }),

    redo: (place) =>
      inTurn(async () => {
        const entry = newestUndone(await copy.byPlace(placeKey(place)), speaker());
        if (!entry) return err({ code: 'nothing_to_undo' });
        const said = await say(place, againOf(entry));
        return said.ok ? ok({ redone: said.value }) : said;
      }),

    confirmEmpty: (place) => silent(place, { kind: 'bin_confirmed_empty', ...place }),
    skipBin: (place, reason) => silent(place, { kind: 'bin_skipped', ...place, reason }),
    finishBin: (place) => silent(place, { kind: 'bin_finished', ...place }),

    async moveStock({ quantity, ...move }) {
      if (binKey(move.from) === binKey(move.to)) return err({ code: 'same_bin', bin: move.to });
      const text = inRange(quantity);
      if (!text.ok) return text;
      const sealed = await append([{ kind: 'stock_moved', ...move, quantity: text.value }]);
      if (!sealed.ok) return sealed;
      return ok({
        at: sealed.value[0]?.at ?? '',
        // Below zero, or not, would tell what the book has.
        fromBookNegative:
          parts.seesBook(move.from) &&
          bookNow(bookLine(state().books, { item: move.item, bin: move.from, lot: move.lot })) < ZERO,
      });
    },

    submit: (stocktakeId, pass, shown) =>
      inTurn(async () => {
        const stocktake = state().stocktakes.get(stocktakeId);
        if (!stocktake) return err({ code: 'unknown_stocktake', stocktake: stocktakeId });
        const bins = binsToHandIn(stocktake, pass);
        if (shown !== undefined && bins.join('\u001F') !== shown.join('\u001F')) return err({ code: 'bins_changed' });
        if (bins.length === 0) return err({ code: 'nothing_to_submit' });
        const batch = newId();
        const sealed = await append([
          { kind: 'batch_submitted', batch, stocktake: stocktakeId, pass, bins: [...bins] },
        ]);
        return sealed.ok ? ok({ batch }) : sealed;
      }),

    async decide(batch, lines, decision, reason) {
      const recount = passOf(batch);
      const isAsked = (line: ReviewLine): boolean => line.decision?.decision === 'recount';
      const spared = decision === 'recount' ? [] : lines.filter(isAsked);
      const others = decision === 'undecided' ? lines.filter((line) => !isAsked(line)) : lines;
      const chunks = [
        ...inChunks(spared, DECISION_LINES).map((some) => ({ decision: 'undecided' as const, some, recount })),
        ...inChunks(others, DECISION_LINES).map((some) => ({
          decision,
          some,
          recount: decision === 'recount' ? recount : undefined,
        })),
      ];
      const act = chunks.length > 1 ? newId() : undefined;
      const sealed = await append(chunks.map(({ some, ...said }) => decided({ batch, reason, act, ...said }, some)));
      return sealed.ok ? ok(null) : sealed;
    },

    async settleOverlap(batchId, line, person) {
      const batch = state().batches.get(batchId);
      if (!batch) return err({ code: 'not_found', what: 'batch' });
      const { item, bin, lot, people } = line;
      const sealed = await append([
        {
          kind: 'overlap_settled',
          stocktake: batch.stocktake,
          pass: batch.pass,
          bin,
          item,
          ...(lot !== undefined && { lot }),
          person,
          saw: people.map((one) => ({ person: one.person, counted: formatQuantity(one.quantity) })),
        },
      ]);
      return sealed.ok ? ok(null) : sealed;
    },

    undoDecision: (batchId) =>
      inTurn(async () => {
        const batch = state().batches.get(batchId);
        const found = batch && undoing(batch, state().stocktakes, person()?.id ?? '');
        if (!found) return err({ code: 'nothing_to_undo' });
        const recount = passOf(batchId);
        type Group = { before: LineDecision | undefined; isAsked: boolean; lines: DecidedLine[] };
        const groups = new Map<string, Group>();
        for (const { key, before } of found.lines) {
          const book = state().books.lines.get(key);
          if (!book) continue;
          const isAsked = found.act.lines.get(key)?.now?.decision === 'recount';
          const name = `${before?.decision ?? ''} ${isAsked} ${before?.reason ?? ''}`;
          const group = groups.get(name) ?? { before, isAsked, lines: [] };
          group.lines.push({ item: book.item, bin: book.bin, lot: book.lot });
          groups.set(name, group);
        }
        const facts = [...groups.values()].flatMap(({ before, isAsked, lines }) =>
          inChunks(lines, DECISION_LINES).flatMap((chunk) => {
            const { decision = 'undecided', reason } = before ?? {};
            const isTold = decision === 'recount' || (isAsked && decision === 'undecided');
            const said = {
              batch: batchId,
              decision,
              reason,
              undoes: found.act.id,
              recount: isTold ? recount : undefined,
            };
            const spared = { batch: batchId, decision: 'undecided' as const, reason: undefined, recount };
            return [...(isAsked && !isTold ? [decided(spared, chunk)] : []), decided(said, chunk)];
          }),
        );
        const sealed = await append(facts);
        return sealed.ok ? ok({ lines: found.lines.map(({ key }) => key), left: found.left }) : sealed;
      }),

    post: (batchId) =>
      inTurn(async () => {
        const ready = reviewLines(batchId).filter(
          (line) =>
            !line.posted &&
            line.decision?.decision === 'approve' &&
            !line.flags.includes('superseded') &&
            line.counted >= ZERO,
        );
        if (ready.length === 0) return err({ code: 'nothing_to_post' });
        // What was approved while it was looked at in another batch of the same bins is posted under that one.
        const under = new Map<string, ReviewLine[]>();
        for (const line of ready) {
          const batch = line.decision?.batch ?? batchId;
          const lines = under.get(batch);
          if (lines === undefined) under.set(batch, [line]);
          else lines.push(line);
        }
        const facts = [...under].flatMap(([batch, lines]) =>
          inChunks(lines.map(toPostedLine), POSTING_LINES).map((chunk: PostedLine[]): Fact => ({
            kind: 'lines_posted',
            batch,
            lines: chunk,
          })),
        );
        for (const call of inChunks(facts, CALL_FACTS)) {
          const sealed = await append(call);
          if (!sealed.ok) return sealed;
        }
        return ok({ posted: ready.length });
      }),

    reverse: (batchId, lines, { reason, note }) =>
      inTurn(async () => {
        // A bin may be looked at in a batch of one laptop and have been posted under another one's.
        const under = new Map<string, PostedLine[]>();
        for (const about of lines) {
          const found = toReversedLine(state(), batchId, about);
          const { item, bin } = about;
          if (!found.ok) return err({ code: 'not_reversible', why: found.error, item, bin });
          const reverses = standsUnder(state(), batchId, found.value) ?? batchId;
          const some = under.get(reverses);
          if (some === undefined) under.set(reverses, [found.value]);
          else some.push(found.value);
        }
        if (under.size === 0) return err({ code: 'nothing_to_reverse' });
        const facts = [...under].flatMap(([reverses, reversed]) => {
          const batch = newId();
          return inChunks(reversed, POSTING_LINES).map((chunk): Fact => ({
            kind: 'lines_reversed',
            batch,
            reverses,
            lines: chunk,
            reason,
            ...(note !== undefined && { note }),
          }));
        });
        for (const call of inChunks(facts, CALL_FACTS)) {
          const sealed = await append(call);
          if (!sealed.ok) return sealed;
        }
        return ok({ reversed: lines.length });
      }),
  };
}

/** What the book has in bins, by name and without a figure. */
function namesExpected(books: Books, stocktake: string, bins: readonly string[]): Fact[] {
  const named = bins.flatMap((bin) => {
    const lines = linesInBin(books, bin).filter((line) => bookNow(line) !== ZERO);
    const items = lines.map(({ item, lot }) => ({ item, ...(lot !== undefined && { lot }) }));
    return items.length === 0 ? [] : [{ bin, items }];
  });
  return inChunks(named, NAMED_BINS).map((some) => ({ kind: 'expected_named', stocktake, bins: some }));
}

type DecidedLine = {
  readonly item: string;
  readonly bin: string;
  readonly lot: string | undefined;
  /** What the person looks at; absent where a decision is given back, which saw what it saw. */
  readonly anchor?: string;
  readonly counted?: Quantity;
};

function decided(
  {
    batch,
    decision,
    reason,
    act,
    undoes,
    recount,
  }: {
    batch: string;
    decision: Decision;
    reason: string | undefined;
    act?: string | undefined;
    undoes?: string;
    /** Laptops that count hear where to count again, or not any more. They hear of no other decision, and of no figure. */
    recount: FactOf<'lines_decided'>['recount'];
  },
  lines: readonly DecidedLine[],
): Fact {
  return {
    kind: 'lines_decided',
    batch,
    decision,
    ...(reason !== undefined && { reason }),
    ...(act !== undefined && { act }),
    ...(undoes !== undefined && { undoes }),
    ...(recount !== undefined && { recount }),
    lines: lines.map(({ item, bin, lot, anchor, counted }) => ({
      item,
      bin,
      ...(lot !== undefined && { lot }),
      ...(recount === undefined &&
        anchor !== undefined &&
        counted !== undefined && { saw: { anchor, counted: formatQuantity(counted) } }),
    })),
  };
}

function inChunks<Value>(values: readonly Value[], size: number): Value[][] {
  const chunks: Value[][] = [];
  for (let from = 0; from < values.length; from += size) chunks.push(values.slice(from, from + size));
  return chunks;
}
