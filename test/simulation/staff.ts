import type { PostedLine, RemoteMovement } from '../../shared/domain/ledger-entry.ts';
import type { Laptop } from './laptop.ts';
import { keyOf } from './keys.ts';
import { isIdle, type ApprovedLine, type Openings, type Oracle } from './oracle.ts';
import type { Random } from './random.ts';
import type { RemoteModel, RemoteThing } from './remotes/remote-model.ts';
import { stepsOf, textOf } from './steps.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A bin of ours, and the place of the remote whose figure it is part of. */
export type Shelf = { readonly bin: string; readonly site: string; readonly place: string };

/** The people of one shop: they count, approve, press "send", and come back when something waits for them. */
export type Staff = {
  /** Somebody else changed what is on a shelf, now or at a time that is past, and our ledger knows it at once. */
  bookOthers(thing: RemoteThing, place: string, steps: number, happenedAt?: number): void;
  /** True times of the counts there: the newest that was shown to anybody, and those that nobody has seen yet. */
  countedAt(thing: RemoteThing, place: string): { shown: number; waiting: readonly number[] };
  /** Plans what they do until `until`. */
  begin(until: number): void;
  /** From here on they only see to it that everything gets done. */
  finish(): void;
  /** Looks after a start: what was posted just before the power went may be there or not. */
  afterBoot(): void;
  /** Sizes of approved lines at a place that have not arrived, for a sale of just that size. */
  sizesUnderWay(key: string): readonly number[];
  /** Book quantity over all bins of a place. */
  book(thing: RemoteThing, place: string): number;
  isDone(): boolean;
  /** No figure of the place can be held against anybody. */
  isForgiven(key: string): boolean;
};

export type StaffParts = {
  readonly world: World;
  readonly laptop: Laptop;
  readonly model: RemoteModel;
  readonly oracle: Oracle;
  readonly connections: readonly string[];
  readonly things: readonly RemoteThing[];
  readonly shelves: readonly Shelf[];
  readonly opened: Openings;
  readonly random: Random;
  readonly onCounted: (thing: RemoteThing, place: string) => void;
  /** Others sell there and our ledger hears nothing of it; false when they could not. */
  readonly sellUnheard: (thing: RemoteThing, place: string, steps: number) => boolean;
};

/** Sold out of a bin that was counted, and not in our book yet. `byFigure`: somebody takes their figure, and then the sale. */
type Unheard = {
  readonly thing: RemoteThing;
  readonly shelf: Shelf;
  readonly steps: number;
  readonly at: number;
  readonly byFigure: boolean;
};

type Counted = {
  readonly batch: string;
  readonly lines: (PostedLine & { trueAt: number })[];
  postAt: number;
  isTried: boolean;
};

/** A posted line of batch `of` that is taken back under another one. */
type Reversal = {
  readonly batch: string;
  readonly of: string;
  readonly line: PostedLine & { readonly trueAt: number };
};

/** The most lines of one thing at one place: their sizes are powers of three, so that no two sums are alike. */
const MOST_LINES = 7;

export function createStaff(parts: StaffParts): Staff {
  const { world, laptop, oracle, connections, things, shelves, random } = parts;
  const { timeline, faults } = world;
  const books = new Map<string, number>();
  const sizes = new Map<string, number>();
  /** True time of the newest posted count, by bin. */
  const posted = new Map<string, number>();
  /** Counted and not posted yet: such a bin is not counted again. */
  const waiting: Counted[] = [];
  let unheard: readonly Unheard[] = [];
  const sealed = new Set<string>();
  /** Item and size of sales that came into our book with a figure. */
  const figured = new Set<string>();
  /** Lines that somebody takes back, until that is saved. */
  const takingBack: Reversal[] = [];
  let batches = 0;
  let reversals = 0;
  let isFinishing = false;
  let idle = 0;
  let finishing = 0;

  const bookKey = (sku: string, bin: string) => `${sku} ${bin}`;
  for (const thing of things) {
    for (const place of new Set(shelves.map((shelf) => shelf.place))) {
      const bins = shelves.filter((shelf) => shelf.place === place);
      bins.forEach((shelf, at) => {
        const share = thing.exists ? parts.opened(keyOf(thing, place)).ours : 0;
        books.set(
          bookKey(thing.sku, shelf.bin),
          at === 0 ? share - (bins.length - 1) * Math.floor(share / 4) : Math.floor(share / 4),
        );
      });
    }
  }

  laptop.keepBooks({
    *[Symbol.iterator]() {
      for (const { bin } of shelves)
        for (const { sku } of things) yield { item: sku, bin, steps: books.get(bookKey(sku, bin)) ?? 0 };
    },
  });

  const isSold = (one: Unheard, movement: RemoteMovement) =>
    one.thing.remoteItem === movement.remoteItem &&
    one.shelf.place === movement.remoteLocation &&
    one.steps === stepsOf(movement.quantity) &&
    one.at === Date.parse(movement.happenedAt);
  laptop.keepSold({
    binOf: (movement) => unheard.find((one) => isSold(one, movement))?.shelf.bin,
    heard(movement) {
      const found = unheard.find((one) => isSold(one, movement));
      if (found === undefined) return;
      unheard = unheard.filter((one) => one !== found);
      const key = bookKey(found.thing.sku, found.shelf.bin);
      books.set(key, (books.get(key) ?? 0) + found.steps);
      laptop.hearOfChange(found.thing.sku, found.shelf.bin, found.at);
    },
  });

  // What a decision has put into our book, and what was booked after it, is in it for good once it is saved.
  laptop.onSealed(({ id, fact }) => {
    if (fact.kind !== 'stock_changed' || sealed.has(id)) return;
    sealed.add(id);
    const steps = stepsOf(fact.quantity);
    const key = bookKey(fact.item, fact.bin);
    const taken = unheard.find((one) => one.byFigure && one.thing.sku === fact.item && one.steps === steps);
    if (fact.reference?.startsWith('drift ') === true) {
      unheard = unheard.filter((one) => one !== taken);
      figured.add(`${fact.item} ${steps}`);
    } else if (!figured.has(`${fact.item} ${steps}`)) return;
    books.set(key, (books.get(key) ?? 0) + steps);
    laptop.hearOfChange(fact.item, fact.bin);
  });

  /** Others sell out of a bin and our book hears of it twice: in their figure, which somebody takes, and as a movement. */
  function sellTwiceTold(until: number): void {
    const { abilities } = parts.model.connector;
    if (!abilities.movements || abilities.backDatingMs === 0 || faults.rate('figure_taken') === 0) return;
    timeline.after(random.between(MINUTE, Math.max(2 * MINUTE, (until - timeline.now()) / 4)), () => {
      if (faults.isStopped()) return;
      const [thing, shelf] = [random.pick(things), random.pick(shelves)];
      const steps = -(10 ** (5 - thing.precision)) * random.between(21, 60);
      const isFree =
        thing.exists && !unheard.some((one) => one.thing === thing) && !figured.has(`${thing.sku} ${steps}`);
      if (isFree && faults.hits('figure_taken') && parts.sellUnheard(thing, shelf.place, steps))
        unheard = [...unheard, { thing, shelf, steps, at: timeline.now(), byFigure: true }];
      sellTwiceTold(until);
    });
  }

  /** Others sell out of a bin that was just counted, while the next one of the place is still to be. */
  function sellBetween(thing: RemoteThing, shelf: Shelf): void {
    const { abilities } = parts.model.connector;
    if (!thing.exists || !abilities.movements || abilities.backDatingMs === 0 || !faults.hits('sold_between')) return;
    timeline.after(random.between(3_000, MINUTE), () => {
      const steps = -(10 ** (5 - thing.precision)) * random.between(1, 20);
      if (faults.isStopped() || unheard.some((one) => one.thing === thing)) return;
      if (parts.sellUnheard(thing, shelf.place, steps))
        unheard = [...unheard, { thing, shelf, steps, at: timeline.now(), byFigure: false }];
    });
  }

  /** A difference whose sums nothing else makes. */
  function nextSize(thing: RemoteThing, place: string): number | undefined {
    const key = `${thing.sku} ${place}`;
    const nth = sizes.get(key) ?? 0;
    if (nth >= MOST_LINES) return undefined;
    sizes.set(key, nth + 1);
    return 3 ** nth * 10 ** (5 - thing.precision) * (random.chance(0.5) ? 1 : -1);
  }

  const isOurs = (line: { connection: string }) => connections.includes(line.connection);

  function countedElsewhere(sku: string, bin: string): boolean {
    return waiting.some(({ lines }) => lines.some((line) => line.item === sku && line.bin === bin));
  }

  /** Counts some bins of some things, now or over the next hour, as one batch. */
  function countBatch(): void {
    batches += 1;
    const batch = `${laptop.name}-b${batches}`;
    const counted: Counted = { batch, lines: [], postAt: Infinity, isTried: false };
    waiting.push(counted);
    const sheets = random
      .shuffled(things)
      .slice(0, random.between(1, things.length))
      .flatMap((thing) => {
        const place = random.pick(shelves).place;
        const bins = shelves.filter((shelf) => shelf.place === place);
        const some = random.chance(0.6) ? bins : bins.slice(0, 1);
        return some.map((shelf) => ({ thing, shelf }));
      });
    let delay = 0;
    for (const { thing, shelf } of sheets) {
      if (random.chance(0.4)) delay += random.between(1, 20 * MINUTE);
      timeline.after(delay, () => count(counted, thing, shelf));
    }
    const approvedAfter = delay + 1 + random.between(0, random.chance(0.2) ? 30 * HOUR : HOUR);
    timeline.after(approvedAfter, () => {
      counted.postAt = timeline.now();
      postWaiting();
    });
  }

  function count(counted: Counted, thing: RemoteThing, shelf: Shelf): void {
    if (countedElsewhere(thing.sku, shelf.bin)) return;
    // Whoever counts it again would find that something is gone that nobody has heard of.
    if (unheard.some((one) => one.thing === thing && one.shelf === shelf)) return;
    const book = books.get(bookKey(thing.sku, shelf.bin)) ?? 0;
    const drawn = random.chance(0.2) ? 0 : nextSize(thing, shelf.place);
    if (drawn === undefined) return;
    const variance = book + drawn < 0 ? -drawn : drawn;
    counted.lines.push({
      item: thing.sku,
      bin: shelf.bin,
      counted: textOf(book + variance),
      bookThen: textOf(book),
      variance: textOf(variance),
      anchor: `${laptop.name}-${counted.batch}-${thing.sku}-${shelf.bin}`,
      countedAt: laptop.label(),
      trueAt: timeline.now(),
    });
    parts.onCounted(thing, shelf.place);
    sellBetween(thing, shelf);
  }

  /** Posts what is approved, sometimes in two goes; a laptop that is off is tried again later. */
  function postWaiting(): void {
    for (const counted of waiting.filter(({ postAt }) => postAt <= timeline.now())) {
      if (counted.lines.length === 0) {
        waiting.splice(waiting.indexOf(counted), 1);
        continue;
      }
      if (!counted.isTried && counted.lines.length > 1 && random.chance(0.3)) {
        const rest = counted.lines.splice(random.between(1, counted.lines.length - 1));
        const postAt = timeline.now() + random.between(1, 3 * HOUR);
        waiting.push({ batch: counted.batch, lines: rest, postAt, isTried: true });
        timeline.after(postAt - timeline.now(), postWaiting);
      }
      counted.isTried = true;
      void laptop
        .post(
          counted.batch,
          counted.lines.map(({ trueAt: _, ...line }) => line),
        )
        .then((isPosted) => {
          if (isPosted) approved(counted);
        });
    }
  }

  /** The lines stand in the ledger for good. */
  function approved(counted: Counted): void {
    const at = waiting.indexOf(counted);
    if (at < 0) return;
    waiting.splice(at, 1);
    for (const line of counted.lines) {
      const key = bookKey(line.item, line.bin);
      books.set(key, (books.get(key) ?? 0) + stepsOf(line.variance));
      posted.set(key, Math.max(posted.get(key) ?? 0, line.trueAt));
    }
    for (const connection of connections) oracle.approve(connection, counted.batch, counted.lines);
    takeBackLater(counted);
    finishing = 0;
    timeline.after(random.between(1, 10 * MINUTE), sendAll);
  }

  /** Somebody finds out that a line should not have been posted: at once, or long after it was sent. */
  function takeBackLater({ batch, lines }: Counted): void {
    if (lines.length === 0 || !faults.hits('reversed')) return;
    const line = random.pick(lines);
    timeline.after(random.between(1, random.chance(0.5) ? 10 * MINUTE : 20 * HOUR), () => {
      const isNewest = posted.get(bookKey(line.item, line.bin)) === line.trueAt;
      // Who counts there just now would have to be told what the book was.
      if (!isNewest || countedElsewhere(line.item, line.bin) || line.variance === '0') return;
      reversals += 1;
      const back = {
        ...line,
        counted: line.bookThen,
        bookThen: line.counted,
        variance: textOf(-stepsOf(line.variance)),
      };
      const reversal = { batch: `${laptop.name}-r${reversals}`, of: batch, line: back };
      takingBack.push(reversal);
      takeBack(reversal);
    });
  }

  function takeBack(reversal: Reversal): void {
    const { trueAt: _, ...line } = reversal.line;
    void laptop.reverse(reversal.batch, reversal.of, line).then((isSaved) => {
      if (isSaved) takenBack(reversal);
    });
  }

  /** It stands in the ledger for good. */
  function takenBack(reversal: Reversal): void {
    const at = takingBack.indexOf(reversal);
    if (at < 0) return;
    takingBack.splice(at, 1);
    const { line, batch, of } = reversal;
    const key = bookKey(line.item, line.bin);
    books.set(key, (books.get(key) ?? 0) + stepsOf(line.variance));
    for (const connection of connections) oracle.reverse(connection, batch, of, line);
    finishing = 0;
    timeline.after(random.between(1, 10 * MINUTE), sendAll);
  }

  function sendAll(): void {
    // What is refused again and again is left alone.
    if (isFinishing) finishing += 1;
    for (const connection of connections) laptop.sendOpen(connection, isFinishing && finishing <= 2);
  }

  function lookAround(): void {
    const isWaiting = waiting.length + unheard.length + takingBack.length > 0;
    idle = laptop.isQuiet() && !isWaiting ? idle + 1 : 0;
    if (isFinishing && unheard.length > 0)
      for (const connection of connections) {
        laptop.pull(connection);
        laptop.hearSold(connection);
      }
    // Lines in red, or that wait for a figure, could be sent: somebody looks at the remote, and tries again.
    if (isFinishing && idle > 0 && oracle.lines().some((line) => isOurs(line) && isLeft(line))) {
      idle = 0;
      finishing = 0;
      for (const connection of connections) laptop.pull(connection);
    }
    postWaiting();
    for (const reversal of takingBack.slice()) takeBack(reversal);
    sendAll();
    for (const { thing, shelf, steps } of unheard.filter((one) => one.byFigure))
      for (const connection of connections)
        laptop.takeFigure(connection, { remoteItem: thing.remoteItem, place: shelf.place, bin: shelf.bin, steps });
    if (!isFinishing && random.chance(0.15)) for (const connection of connections) laptop.pull(connection);
    for (const connection of connections) laptop.settleDoubts(connection, oracle);
  }

  /** They come back now and then for as long as anything can be left to do. */
  function keepLooking(everyMs: number): void {
    timeline.after(random.between(everyMs / 2, everyMs), () => {
      lookAround();
      if (!isFinishing || idle < 3) keepLooking(isFinishing ? HOUR : everyMs);
    });
  }

  /** A line that could arrive and is left where it is until somebody sends it again. */
  function isLeft(line: ApprovedLine): boolean {
    const { believed, canArrive, variance, isForgiven } = line;
    if (isIdle(line)) return false;
    return (believed === 'refused' || (believed === 'open' && !isForgiven)) && canArrive && variance !== 0;
  }

  return {
    bookOthers(thing, place, steps, happenedAt) {
      const shelf = random.pick(shelves.filter((one) => one.place === place));
      const key = bookKey(thing.sku, shelf.bin);
      books.set(key, (books.get(key) ?? 0) + steps);
      laptop.hearOfChange(thing.sku, shelf.bin, happenedAt);
      if (happenedAt === undefined) return;
      // Whoever counted afterwards had it in hand, and the book of that moment knows it now.
      for (const { lines } of waiting)
        for (const [at, line] of lines.entries())
          if (line.item === thing.sku && line.bin === shelf.bin && line.trueAt > happenedAt)
            lines[at] = {
              ...line,
              counted: textOf(stepsOf(line.counted) + steps),
              bookThen: textOf(stepsOf(line.bookThen) + steps),
            };
    },
    countedAt(thing, place) {
      const bins = shelves.flatMap((shelf) => (shelf.place === place ? [shelf.bin] : []));
      const times = (isTried: boolean) =>
        waiting
          .filter((counted) => counted.isTried === isTried)
          .flatMap(({ lines }) => lines.filter(({ item, bin }) => item === thing.sku && bins.includes(bin)))
          .map(({ trueAt }) => trueAt);
      const stands = bins.map((bin) => posted.get(bookKey(thing.sku, bin)) ?? 0);
      return { shown: Math.max(...stands, ...times(true)), waiting: times(false) };
    },
    begin(until) {
      const span = until - timeline.now();
      for (let left = random.pick([1, 1, 1, 1, 1, 2, 2, 3]); left > 0; left -= 1)
        timeline.after(random.between(1, Math.floor(span * 0.8)), () => {
          if (!faults.isStopped()) countBatch();
        });
      keepLooking(Math.max(20 * MINUTE, span / random.between(2, 6)));
      sellTwiceTold(until);
    },
    finish() {
      isFinishing = true;
      idle = 0;
      // They look before they press anything where the clock was wrong.
      if (laptop.wasClockWrong()) for (const connection of connections) laptop.pull(connection);
      timeline.after(5 * MINUTE, lookAround);
      keepLooking(HOUR);
    },
    afterBoot() {
      for (const counted of waiting.slice()) if (laptop.hasPosted(counted.lines)) approved(counted);
      for (const reversal of takingBack.slice()) if (laptop.hasReversed(reversal.batch)) takenBack(reversal);
    },
    sizesUnderWay: (key) =>
      oracle
        .lines()
        .filter((line) => line.key === key && line.applied === 0 && line.variance !== 0)
        .map((line) => line.variance),
    book: (thing, place) =>
      shelves
        .filter((shelf) => shelf.place === place)
        .reduce((total, shelf) => total + (books.get(bookKey(thing.sku, shelf.bin)) ?? 0), 0),
    isDone: () => isFinishing && idle >= 2,
    isForgiven: (key) => oracle.lines().some((line) => line.key === key && line.isForgiven),
  };
}
