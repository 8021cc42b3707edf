import { entryId } from './ledger-entry.ts';
import type { Quantity } from './quantity.ts';

/** A place in the ledger: the entry a count stands at. `at` is the time that entry carries, for movements told late. */
export type Anchor = { readonly id: string; readonly at: string };

/** The entry that says something, and its place in the bin that it names. */
export type Saying = {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly device: string;
  readonly seq: number;
  readonly order: number;
};

/** Whoever said the entry that stands at `anchor`, as one saying. */
export function sayingAt(anchor: Anchor, order: number, by: string): Saying {
  const dash = anchor.id.lastIndexOf('-');
  return { ...anchor, by, order, device: anchor.id.slice(0, dash), seq: Number(anchor.id.slice(dash + 1)) };
}

/** What one entry says about a line, beside how much. */
export type Said = {
  /** The entry that says it, where it is not the anchor: the statement was taken back and said again. */
  readonly id?: string;
  readonly serial?: string;
  /** As the person wrote the quantity: "3*12+7". */
  readonly entered?: string;
  /** A zero of a bin that was confirmed empty, for an item that the book did not expect there either. */
  readonly isQuiet?: true;
  /** A scan of a code nobody knew, which was matched to the item since. */
  readonly isMatched?: true;
};

/** What is said of a line. */
export type Words = { readonly quantity: Quantity; readonly said: Said | undefined };

/** What precedes a statement: the sum of movements, and how many. */
export type Before = { readonly moved: Quantity; readonly moves: number };

/**
 * Statements about one line that follow each other and differ in nothing but their place and time. A shelf that is
 * scanned piece by piece makes one statement a piece, and each must be there when those after it are taken back: a run
 * keeps them in two small numbers each.
 */
export type Run = {
  readonly device: string;
  readonly by: string;
  readonly quantity: Quantity;
  /** Sum of all movements that precede these statements, and how many there were. */
  movedBefore: Quantity;
  moves: number;
  /** How far ahead the laptop's clock may have been, where that came to be known since: see clock.ts. */
  readonly fastMs: number;
  /** How many statements; where there is one, `said` may say something. */
  count: number;
  readonly first: Place;
  last: Place;
  /**
   * From each statement to the next, order and ms in turn, as text in base 36: a million scans are a few bytes each. Where
   * the person counted elsewhere between, so that the sequence goes on by more than the order, it follows the order.
   */
  steps: string;
  readonly said: Said | undefined;
};

/** Where a statement stands: its place in the bin, the sequence of its entry, and ms since 1970. */
export type Place = { readonly order: number; readonly seq: number; readonly ms: number };

/** Whoever keeps statements about a line must hear of movements told late. */
export type Witness = { runs: Run[]; takenBack: readonly Run[] };

/** One statement as a run of its own. */
export function runOf({ by, device, seq, order, at }: Saying, { quantity, said }: Words, before: Before): Run {
  const place = { order, seq, ms: Date.parse(at) };
  return {
    device,
    by,
    quantity,
    movedBefore: before.moved,
    moves: before.moves,
    fastMs: 0,
    count: 1,
    first: place,
    last: place,
    steps: '',
    said,
  };
}

function step(from: Place, to: Place): string {
  const orders = to.order - from.order;
  const sequences = to.seq - from.seq;
  const counted = sequences === orders ? '' : `,${sequences.toString(36)}`;
  return `${orders.toString(36)}${counted} ${(to.ms - from.ms).toString(36)} `;
}

/** The places of a run's statements, in their order. */
function placesOf(run: Run): Place[] {
  const places = [run.first];
  const steps = run.steps.split(' ');
  let place = run.first;
  for (let at = 0; at + 1 < steps.length; at += 2) {
    const [orders = '', sequences = orders] = steps[at]?.split(',') ?? [];
    place = {
      order: place.order + Number.parseInt(orders, 36),
      seq: place.seq + Number.parseInt(sequences, 36),
      ms: place.ms + Number.parseInt(steps[at + 1] ?? '', 36),
    };
    places.push(place);
  }
  return places;
}

/** What is left of a run when only these of its places are. */
function runAt(run: Run, places: readonly Place[]): Run[] {
  const [first] = places;
  const last = places.at(-1);
  if (first === undefined || last === undefined) return [];
  const steps = places
    .slice(1)
    .map((place, at) => step(places[at] ?? first, place))
    .join('');
  return [{ ...run, count: places.length, first, last, steps }];
}

/** The entry that a place of a run stands for. */
export function anchorAt({ device }: Run, { seq, ms }: Place): Anchor {
  return { id: entryId(device, seq), at: new Date(ms).toISOString() };
}

/** The entry that says the last statement of a run. */
export function idOf(run: Run): string {
  return run.said?.id ?? anchorAt(run, run.last).id;
}

/**
 * Puts one statement behind the others, in place: into the last run where it differs in nothing. This is what every scan
 * does, so it makes no object that is thrown away.
 */
export function addStatement(runs: Run[], saying: Saying, words: Words, before: Before): void {
  const run = runs.at(-1);
  if (run === undefined || !continues(run, saying, words, before)) {
    runs.push(runOf(saying, words, before));
    return;
  }
  const place = { order: saying.order, seq: saying.seq, ms: Date.parse(saying.at) };
  run.steps += step(run.last, place);
  run.last = place;
  run.count += 1;
}

function continues(run: Run, saying: Saying, { quantity, said }: Words, before: Before): boolean {
  return (
    run.said === undefined &&
    said === undefined &&
    run.quantity === quantity &&
    run.by === saying.by &&
    run.moves === before.moves &&
    run.movedBefore === before.moved &&
    run.device === saying.device &&
    run.fastMs === 0
  );
}

/** The statement that stands at entry `id`, also one that was taken back since; nothing when there is none. */
export function standingAt(
  { runs, takenBack }: Witness,
  id: string,
): { anchor: Anchor; order: number; movedBefore: Quantity; fastMs: number } | undefined {
  for (const run of [...runs, ...takenBack]) {
    const place = placeOf(run, id);
    if (place) {
      const { movedBefore, fastMs } = run;
      return { anchor: anchorAt(run, place), order: place.order, movedBefore, fastMs };
    }
  }
  return undefined;
}

function placeOf(run: Run, id: string): Place | undefined {
  const seq = Number(id.slice(run.device.length + 1));
  if (entryId(run.device, seq) !== id) return undefined;
  if (seq === run.last.seq) return run.last;
  return seq < run.first.seq || seq > run.last.seq ? undefined : placesOf(run).find((place) => place.seq === seq);
}

/** The statement that entry `id` makes, and the runs without it; nothing when none of them is that entry's. */
export function takeStatement(runs: readonly Run[], id: string): { taken: Run; left: Run[] } | undefined {
  for (const [at, run] of runs.entries()) {
    const said = run.said?.id;
    const place = said === undefined ? placeOf(run, id) : run.first;
    if (place === undefined || (said !== undefined && said !== id)) continue;
    const [taken] = runAt(run, [place]);
    if (taken === undefined) continue;
    const left = runAt(
      run,
      placesOf(run).filter(({ order }) => order !== place.order),
    );
    return { taken, left: joined([...runs.slice(0, at), ...left, ...runs.slice(at + 1)]) };
  }
  return undefined;
}

/** Puts a statement back to where it stood among the others. */
export function insertStatement(runs: readonly Run[], run: Run): Run[] {
  const isBefore = ({ order }: Place): boolean => order < run.first.order;
  const before: Run[] = [];
  const after: Run[] = [];
  for (const one of runs) {
    if (isBefore(one.last)) before.push(one);
    else if (!isBefore(one.first)) after.push(one);
    else {
      const places = placesOf(one);
      before.push(...runAt(one, places.filter(isBefore)));
      after.push(
        ...runAt(
          one,
          places.filter((place) => !isBefore(place)),
        ),
      );
    }
  }
  return joined([...before, run, ...after]);
}

/** Runs that differ in nothing are one: however statements came and went, those that are left are kept alike. */
export function joined(runs: readonly Run[]): Run[] {
  const kept: Run[] = [];
  for (const run of runs) {
    const last = kept.at(-1);
    if (last === undefined || last.said !== undefined || run.said !== undefined || !isAlike(last, run)) kept.push(run);
    else {
      const steps = last.steps + step(last.last, run.first) + run.steps;
      kept[kept.length - 1] = { ...last, count: last.count + run.count, last: run.last, steps };
    }
  }
  return kept;
}

function isAlike(left: Run, right: Run): boolean {
  return (
    left.quantity === right.quantity &&
    left.by === right.by &&
    left.moves === right.moves &&
    left.movedBefore === right.movedBefore &&
    left.device === right.device &&
    left.fastMs === right.fastMs
  );
}

/** Tells statements of a movement that is recorded late: those made at that time or later were made after it. */
export function hearLate(runs: readonly Run[], delta: Quantity, happenedMs: number): Run[] {
  return addMovement(runs, delta, 1, (run, place) => happenedMs <= place.ms - run.fastMs);
}

/** A movement recorded late, and its place in the bin. */
export type LateMovement = { readonly delta: Quantity; readonly happenedMs: number; readonly order: number };

/**
 * The clock of a device turned out to have been `fastMs` ahead from `fromMs` on: what was heard since and lies between the
 * time that a statement bears and the time at which it can have been made at the earliest did not come before it.
 */
export function correctClock(
  runs: readonly Run[],
  { device, fromMs, fastMs }: { device: string; fromMs: number; fastMs: number },
  late: readonly LateMovement[],
): Run[] {
  const isWrong = (run: Run, place: Place) => run.device === device && run.fastMs === 0 && place.ms >= fromMs;
  let heard = runs.slice();
  for (const { delta, happenedMs, order } of late) {
    heard = addMovement(
      heard,
      -delta,
      -1,
      (run, place) =>
        isWrong(run, place) && place.order < order && happenedMs <= place.ms && happenedMs > place.ms - fastMs,
    );
  }
  return heard.flatMap((run) =>
    parted(run, (place) => isWrong(run, place)).flatMap(({ part, isTrue }) =>
      isTrue ? [{ ...part, fastMs }] : [part],
    ),
  );
}

function addMovement(
  runs: readonly Run[],
  delta: Quantity,
  moves: 1 | -1,
  isAfter: (run: Run, place: Place) => boolean,
): Run[] {
  return runs.flatMap((run) =>
    parted(run, (place) => isAfter(run, place)).map(({ part, isTrue }) => {
      if (isTrue) {
        part.movedBefore += delta;
        part.moves += moves;
      }
      return part;
    }),
  );
}

/** A run in parts of which something is true or not. Times may fall where a clock was set back, so there may be many. */
function parted(run: Run, test: (place: Place) => boolean): { part: Run; isTrue: boolean }[] {
  const parts: { isTrue: boolean; places: Place[] }[] = [];
  for (const place of placesOf(run)) {
    const isTrue = test(place);
    const last = parts.at(-1);
    if (last?.isTrue === isTrue) last.places.push(place);
    else parts.push({ isTrue, places: [place] });
  }
  const [only] = parts;
  if (only && parts.length === 1) return [{ part: run, isTrue: only.isTrue }];
  return parts.flatMap(({ isTrue, places }) => runAt(run, places).map((part) => ({ part, isTrue })));
}
