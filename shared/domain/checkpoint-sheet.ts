import type { BookLine } from './balance.ts';
import { entryId } from './ledger-entry.ts';
import type { LineKey } from './line-key.ts';
import { ZERO } from './quantity.ts';
import type { CountLine, Sheet } from './stocktake.ts';
import type { CodeMatch, Passed, UnknownCode, UnknownScan } from './unknown-code.ts';

// Shared by all lines that have none.
const NO_SERIALS: readonly string[] = [];

/**
 * One count line, the bulk of a checkpoint and therefore short: `book` is the place of its book line among all of them,
 * `anchor` the sequence when it is an entry of the device folded last. `rare` is there only when it says something.
 */
type PackedLine = [
  book: number,
  counted: string,
  movedBefore: string,
  observations: number,
  by: [string, string, number][],
  firstAt: string,
  anchor: number | string,
  anchorAt: string,
  order: number,
  rare?: {
    moved?: true;
    serials?: readonly string[];
    entered?: string;
    amends?: { batch: string; by: string; from: string | undefined };
  },
];

type PackedScan = Omit<UnknownScan, 'quantity'> & { quantity: string };
type PackedMeaning = Omit<CodeMatch, 'factor'> & { factor: string };
type PackedUnknown = { code: string; scans: PackedScan[]; matches: PackedMeaning[]; proposals: PackedMeaning[] };

export type PackedSheet = Omit<
  Sheet,
  'lines' | 'quiet' | 'unknowns' | 'own' | 'passed' | 'awaiting' | 'people' | 'emptyAt'
> & {
  lines: PackedLine[];
  quiet: PackedLine[];
  unknowns: PackedUnknown[];
  own: [LineKey, PackedLine | null][];
  passed: [string, readonly Passed[]][];
  people: string[];
};

/**
 * A sheet as JSON holds it. `placeOf` gives a line's place among all book lines, in the order in which they are packed;
 * `device` is the device folded last.
 */
export function packSheet(
  { emptyAt: _, awaiting: __, ...sheet }: Sheet,
  placeOf: (key: LineKey) => number,
  device: string,
): PackedSheet {
  const pack = (line: CountLine): PackedLine => packLine(line, placeOf(line.key), device);
  return {
    ...sheet,
    people: [...sheet.people],
    unknowns: [...sheet.unknowns.values()].map(packUnknown),
    own: [...sheet.own].map(([key, line]): [LineKey, PackedLine | null] => [key, line ? pack(line) : null]),
    passed: [...sheet.passed],
    lines: [...sheet.lines.values()].map(pack),
    quiet: [...sheet.quiet.values()].map(pack),
  };
}

function packUnknown({ code, scans, matches, proposals }: UnknownCode): PackedUnknown {
  return {
    code,
    scans: scans.map((scan) => ({ ...scan, quantity: scan.quantity.toString() })),
    matches: matches.map((match) => ({ ...match, factor: match.factor.toString() })),
    proposals: proposals.map((one) => ({ ...one, factor: one.factor.toString(), apart: undefined, kept: false })),
  };
}

/** JSON leaves out members without a value. */
function unpackUnknown({ code, scans, matches, proposals }: PackedUnknown): UnknownCode {
  const read = scans.map(({ quantity, after, before, beforeId, ...scan }): UnknownScan => ({
    ...scan,
    quantity: BigInt(quantity),
    after,
    before,
    beforeId,
  }));
  const meaning = ({ id, item, lot, factor, by, at }: PackedMeaning) => ({
    id,
    item,
    lot,
    factor: BigInt(factor),
    by,
    at,
  });
  return {
    code,
    quantity: read.reduce((sum, { quantity }) => sum + quantity, ZERO),
    times: read.length,
    scans: read,
    matches: matches.map((match) => ({ ...meaning(match), apart: match.apart, kept: match.kept })),
    proposals: proposals.map(meaning),
  };
}

function packLine(line: CountLine, book: number, device: string): PackedLine {
  const { anchor, serials, entered, amends } = line;
  const seq = Number(anchor.id.slice(device.length + 1));
  const by = [...line.by].map(([person, { quantity, statements }]): [string, string, number] => [
    person,
    quantity.toString(),
    statements,
  ]);
  const packed: PackedLine = [
    book,
    line.counted.toString(),
    line.movedBefore.toString(),
    line.observations,
    by,
    line.firstAt,
    entryId(device, seq) === anchor.id ? seq : anchor.id,
    anchor.at,
    line.order,
  ];
  const rare = {
    ...(line.movedWhileCounting && { moved: true as const }),
    ...(serials.length > 0 && { serials }),
    ...(entered !== undefined && { entered }),
    ...(amends && { amends: { ...amends, by: amends.by.toString(), from: amends.from?.toString() } }),
  };
  if (Object.keys(rare).length > 0) packed.push(rare);
  return packed;
}

function unpackLine(packed: PackedLine, [key, book]: readonly [LineKey, BookLine], device: string): CountLine {
  const [, counted, movedBefore, observations, by, firstAt, anchor, anchorAt, order, rare] = packed;
  const line: CountLine = {
    key,
    item: book.item,
    bin: book.bin,
    lot: book.lot,
    counted: BigInt(counted),
    observations,
    by: new Map(by.map(([person, quantity, statements]) => [person, { quantity: BigInt(quantity), statements }])),
    firstAt,
    anchor: { id: typeof anchor === 'number' ? entryId(device, anchor) : anchor, at: anchorAt },
    movedBefore: BigInt(movedBefore),
    order,
    movedWhileCounting: rare?.moved ?? false,
    serials: rare?.serials ?? NO_SERIALS,
    entered: rare?.entered,
    amends: rare?.amends && {
      batch: rare.amends.batch,
      by: BigInt(rare.amends.by),
      from: rare.amends.from === undefined ? undefined : BigInt(rare.amends.from),
    },
  };
  book.watchers = [...book.watchers, line];
  return line;
}

/** The sheet, whose lines listen to their book lines again; nothing when a book line is missing. */
export function unpackSheet(
  packed: PackedSheet,
  books: readonly (readonly [LineKey, BookLine])[],
  device: string,
): Sheet | undefined {
  const owned = packed.own.flatMap(([, line]) => (line ? [line] : []));
  if ([...packed.lines, ...packed.quiet, ...owned].some(([book]) => books[book] === undefined)) return undefined;
  const unpackLines = (lines: readonly PackedLine[]) =>
    new Map(
      lines.flatMap((line): [LineKey, CountLine][] => {
        const book = books[line[0]];
        return book ? [[book[0], unpackLine(line, book, device)]] : [];
      }),
    );
  const unknowns = packed.unknowns.map(unpackUnknown);
  return {
    ...packed,
    skipReason: packed.skipReason,
    emptyAt: packed.empties.at(-1),
    batch: packed.batch,
    people: new Set(packed.people),
    unknowns: new Map(unknowns.map((unknown) => [unknown.code, unknown])),
    own: new Map(packed.own.map(([key, line]) => [key, line ? unpackLines([line]).get(key) : undefined])),
    passed: new Map(packed.passed),
    awaiting: unknowns
      .flatMap(({ scans }) => scans.filter(({ beforeId }) => beforeId === undefined))
      .toSorted((left, right) => left.order - right.order),
    lines: unpackLines(packed.lines),
    quiet: unpackLines(packed.quiet),
  };
}
