import type { BookLine } from './balance.ts';
import type { LineDecision, Posted, Saw, Settled } from './decision.ts';
import { newLine, retell } from './count-line.ts';
import type { LineKey } from './line-key.ts';
import { ZERO } from './quantity.ts';
import type { Run, Said } from './statement.ts';
import type { CountLine, Sheet } from './stocktake.ts';
import type { CodeMatch, Passed, UnknownCode, UnknownScan } from './unknown-scan.ts';

/** A run of statements, the bulk of a checkpoint and therefore short: `device` is '' for the device folded last. */
type PackedRun = [
  device: string,
  seq: number,
  by: string,
  quantity: string,
  movedBefore: string,
  moves: number,
  fastMs: number,
  order: number,
  ms: number,
  more?: [count: number, order: number, seq: number, ms: number, steps: string] | 0,
  said?: Said,
];

/** `book` is the place of the line's book line among all of them; everything else follows from its statements. */
type PackedLine = [book: number, runs: PackedRun[], takenBack?: PackedRun[], amends?: PackedAmends];
type PackedAmends = { batch: string; by: string; from: string | undefined };

type PackedScan = Omit<UnknownScan, 'quantity'> & { quantity: string };
type PackedMeaning = Omit<CodeMatch, 'factor'> & { factor: string };
type PackedUnknown = { code: string; scans: PackedScan[]; matches: PackedMeaning[]; proposals: PackedMeaning[] };

/** JSON has no big numbers, and leaves out members without a value. */
export type PackedDecision = Omit<LineDecision, 'saw' | 'reason'> & {
  reason?: string | undefined;
  saw?: { anchor: string; counted: string };
};
type PackedSettled = Omit<Settled, 'saw'> & { saw: [string, string][] };
type PackedPosted = Omit<Posted, 'counted'> & { counted: string };

export function packDecision({ saw, ...decision }: LineDecision): PackedDecision {
  return saw ? { ...decision, saw: { anchor: saw.anchor, counted: saw.counted.toString() } } : decision;
}

export function unpackDecision({ saw, reason, ...decision }: PackedDecision): LineDecision {
  const seen: Saw | undefined = saw && { anchor: saw.anchor, counted: BigInt(saw.counted) };
  return { ...decision, reason, saw: seen };
}

export type PackedSheet = Omit<
  Sheet,
  | 'lines'
  | 'quiet'
  | 'withdrawn'
  | 'unknowns'
  | 'passed'
  | 'awaiting'
  | 'people'
  | 'emptyAt'
  | 'decisions'
  | 'posted'
  | 'settled'
> & {
  decisions: [string, PackedDecision][];
  posted: [string, PackedPosted][];
  settled: [string, PackedSettled][];
  lines: PackedLine[];
  quiet: PackedLine[];
  withdrawn: PackedLine[];
  unknowns: PackedUnknown[];
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
  const packRuns = (runs: readonly Run[]): PackedRun[] => runs.map((run) => packRun(run, device));
  const pack = ({ key, runs, takenBack, amends }: CountLine): PackedLine => {
    const packed: PackedLine = [placeOf(key), packRuns(runs)];
    if (takenBack.length > 0 || amends) packed.push(packRuns(takenBack));
    if (amends) packed.push({ ...amends, by: amends.by.toString(), from: amends.from?.toString() });
    return packed;
  };
  return {
    ...sheet,
    decisions: [...sheet.decisions].map(([key, one]): [string, PackedDecision] => [key, packDecision(one)]),
    posted: [...sheet.posted].map(([key, one]): [string, PackedPosted] => [
      key,
      { ...one, counted: one.counted.toString() },
    ]),
    settled: [...sheet.settled].map(([key, one]): [string, PackedSettled] => [
      key,
      { ...one, saw: [...one.saw].map(([person, counted]): [string, string] => [person, counted.toString()]) },
    ]),
    people: [...sheet.people],
    unknowns: [...sheet.unknowns.values()].map(packUnknown),
    passed: [...sheet.passed],
    lines: [...sheet.lines.values()].map(pack),
    quiet: [...sheet.quiet.values()].map(pack),
    withdrawn: [...sheet.withdrawn.values()].map(pack),
  };
}

function packUnknown({ code, scans, matches, proposals }: UnknownCode): PackedUnknown {
  return {
    code,
    scans: scans.map((scan) => ({ ...scan, quantity: scan.quantity.toString() })),
    matches: matches.map((match) => ({ ...match, factor: match.factor.toString() })),
    proposals: proposals.map((one) => ({
      ...one,
      factor: one.factor.toString(),
      apart: undefined,
      kept: false,
      taught: undefined,
    })),
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
    matches: matches.map((match) => ({
      ...meaning(match),
      apart: match.apart,
      kept: match.kept,
      taught: match.taught,
    })),
    proposals: proposals.map(meaning),
  };
}

function packRun(run: Run, device: string): PackedRun {
  const { device: of, by, quantity, movedBefore, moves, fastMs, count, first, last, steps, said } = run;
  const packed: PackedRun = [
    of === device ? '' : of,
    first.seq,
    by,
    quantity.toString(),
    movedBefore.toString(),
    moves,
    fastMs,
    first.order,
    first.ms,
  ];
  if (count > 1) packed.push([count, last.order, last.seq, last.ms, steps]);
  else if (said !== undefined) packed.push(0, said);
  return packed;
}

function unpackRun(packed: PackedRun, device: string): Run {
  const [of, seq, by, quantity, movedBefore, moves, fastMs, order, ms, more, said] = packed;
  const first = { order, seq, ms };
  return {
    device: of === '' ? device : of,
    by,
    quantity: BigInt(quantity),
    movedBefore: BigInt(movedBefore),
    moves,
    fastMs,
    count: more ? more[0] : 1,
    first,
    last: more ? { order: more[1], seq: more[2], ms: more[3] } : first,
    steps: more ? more[4] : '',
    said,
  };
}

function unpackLine([, runs, takenBack, amends]: PackedLine, book: BookLine, device: string): CountLine {
  const line = newLine(book);
  line.runs = runs.map((run) => unpackRun(run, device));
  if (takenBack) line.takenBack = takenBack.map((run) => unpackRun(run, device));
  if (amends) {
    line.amends = {
      batch: amends.batch,
      by: BigInt(amends.by),
      from: amends.from === undefined ? undefined : BigInt(amends.from),
    };
  }
  retell(line);
  return line;
}

/** The sheet, whose lines listen to their book lines again; nothing when a book line is missing. */
export function unpackSheet(
  packed: PackedSheet,
  books: readonly (readonly [LineKey, BookLine])[],
  device: string,
): Sheet | undefined {
  if ([...packed.lines, ...packed.quiet, ...packed.withdrawn].some(([book]) => books[book] === undefined))
    return undefined;
  const unpackLines = (lines: readonly PackedLine[]) =>
    new Map(
      lines.flatMap((line): [LineKey, CountLine][] => {
        const book = books[line[0]];
        return book ? [[book[0], unpackLine(line, book[1], device)]] : [];
      }),
    );
  const unknowns = packed.unknowns.map(unpackUnknown);
  return {
    ...packed,
    skipReason: packed.skipReason,
    emptyAt: packed.empties.at(-1),
    decisions: new Map(packed.decisions.map(([key, one]) => [key, unpackDecision(one)])),
    settled: new Map(
      packed.settled.map(([key, one]) => [
        key,
        { ...one, saw: new Map(one.saw.map(([person, counted]) => [person, BigInt(counted)])) },
      ]),
    ),
    posted: new Map(packed.posted.map(([key, one]) => [key, { ...one, counted: BigInt(one.counted) }])),
    people: new Set(packed.people),
    unknowns: new Map(unknowns.map((unknown) => [unknown.code, unknown])),
    passed: new Map(packed.passed),
    awaiting: unknowns
      .flatMap(({ scans }) => scans.filter(({ beforeId }) => beforeId === undefined))
      .toSorted((left, right) => left.order - right.order),
    lines: unpackLines(packed.lines),
    quiet: unpackLines(packed.quiet),
    withdrawn: unpackLines(packed.withdrawn),
  };
}
