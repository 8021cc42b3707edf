import type { LedgerEntry, ObservedCount, PostedLine, SendLine } from '../../shared/domain/ledger-entry.ts';
import { stepsOf, textOf } from './steps.ts';
import type { World } from './world.ts';

/** The product's word for a reading that found nothing of a request: it goes again. */
const NOT_THERE = 'not_there';
const LONGEST_READING_MS = 60_000;

/** One approved line, as the oracle remembers it: nothing of the product's own bookkeeping. */
export type ApprovedLine = {
  readonly connection: string;
  readonly batch: string;
  readonly item: string;
  readonly bin: string;
  readonly key: string;
  readonly counted: number;
  readonly variance: number;
  /** Takes effect there, or never can: the remote does not know the item. */
  readonly canArrive: boolean;
  /** When it was counted: as the laptop's clock said, and truly. */
  readonly labelAt: number;
  readonly trueAt: number;
  applied: number;
  /** What the product believes. */
  believed: 'open' | 'frozen' | 'arrived' | 'missing' | 'refused' | 'doubtful';
  /** Forgiven: no figure could have told. */
  isForgiven: boolean;
  /** The line that takes this one back, and the one that this one takes back. */
  takenBackBy?: ApprovedLine;
  readonly takesBack?: ApprovedLine;
};

/** Nothing is left to do for a line that was taken back before it took effect, nor for what takes it back. */
export function isIdle({ takenBackBy, takesBack, applied, believed }: ApprovedLine): boolean {
  if (takesBack !== undefined) return takesBack.applied === 0;
  return takenBackBy !== undefined && applied === 0 && believed !== 'frozen' && believed !== 'doubtful';
}

/** What our books and the remote hold of a key at first, in steps. */
export type Openings = (key: string) => { readonly ours: number; readonly theirs: number };

/** What the world tells the oracle, and what it asks it. */
export type Oracle = {
  /** Lines became approved, durably. */
  approve(connection: string, batch: string, lines: readonly (PostedLine & { trueAt: number })[]): void;
  /** An approved line was taken back under another batch, durably. */
  reverse(connection: string, batch: string, of: string, line: PostedLine & { trueAt: number }): void;
  /** The remote's figure of `key` has changed by so much, by whomever. */
  history(key: string, steps: number): void;
  /** Others have changed the figure of `key` by so much. */
  others(key: string, steps: number): void;
  /** An entry is durable on the laptop. */
  hear(entry: LedgerEntry): void;
  /** A request of ours has changed the remote's figure of `key` by so much. */
  effect(connection: string, key: string, steps: number, body: string): void;
  /** The remote has written down a line of ours; what it did to the figure was told before. */
  recorded(connection: string, ref: string): void;
  lines(): readonly ApprovedLine[];
  /** By how much our book is above their figure because the two were never made one. */
  gap(key: string): number;
  /** What counts that were stamped by a wrong clock have done to the figure beyond their variances. */
  drift(key: string): number;
  /** What a person who looks at the remote finds out about lines in doubt. */
  findOut(connection: string, refs: readonly string[]): { arrived: string[]; missing: string[] };
  /** Everything that can be judged only at the end. */
  judge(): void;
};

/** One thing that the remote was told about a place, at the time that it was told to have happened. */
type Told = { readonly label: number; readonly kind: 'count' | 'adjust'; readonly amount: number };
type SentLine = { readonly send: SendLine; readonly batch: string; readonly made: readonly ApprovedLine[] };

/** `keyOf`: under what the remote keeps a line's figure; undefined: it is not matched there. */
export function createOracle(
  world: World,
  keyOf: (connection: string, line: { item: string; bin: string }) => { key: string; canArrive: boolean } | undefined,
  opened: Openings,
  wasClockWrong: (connection: string) => boolean,
): Oracle {
  const approved: ApprovedLine[] = [];
  /** By connection and reference. */
  const sent = new Map<string, SentLine>();
  /** Requests by id: their references. */
  const requests = new Map<string, { connection: string; refs: readonly string[] }>();
  const heard = new Set<string>();
  /** References by connection and the very bytes that carry them. */
  const bodies = new Map<string, readonly SentLine[]>();
  /** By connection and reference: what was read just before the last attempt, and what the request is to do to each figure. */
  const looks = new Map<string, { at: number; figures: Map<string, number>; worth: Map<string, number> }>();
  const histories = new Map<string, { at: number; steps: number }[]>();
  /** By key: what wrong clocks have done to the figure. */
  const drifts = new Map<string, number>();
  /** Keys whose figure our word has taken the place of. */
  const madeOne = new Set<string>();
  const silent = new Set<SentLine>();
  /** By key: what the remote was told, by others too. */
  const tolds = new Map<string, Told[]>();

  const ofRef = (connection: string, ref: string) => sent.get(`${connection} ${ref}`);
  const openingOf = (key: string) => opened(key).theirs;
  const gapOf = (key: string) => (madeOne.has(key) ? 0 : opened(key).ours - opened(key).theirs);

  /**
   * What a line is to do to the figure: a change what it says, a count its variance, since our book knew the figure then, and
   * what was missing where it did not.
   */
  function worthOf({ send, made }: SentLine): number {
    return send.change === 'adjust' ? stepsOf(send.quantity) : sum(made, 'variance') + gapOf(made[0]?.key ?? '');
  }

  function hearFrozen(connection: string, batch: string, line: SendLine): SentLine | undefined {
    const known = ofRef(connection, line.ref);
    const amount = stepsOf(line.quantity);
    if (known !== undefined) {
      // The same reference again: the same lines, with their amount of then, or as a change where it was a count.
      if (amountOf(known.made, line) !== amount)
        world.violate(
          'I4',
          `${line.ref} was frozen again as ${line.change} ${line.quantity}, not ${known.send.quantity}`,
        );
      for (const one of known.made) {
        if (one.applied > 0 && !one.isForgiven)
          world.violate('I5', `${one.item} ${one.bin} ${textOf(one.variance)} is frozen again though it has arrived`);
        one.believed = 'frozen';
      }
      const again = { ...known, send: line };
      sent.set(`${connection} ${line.ref}`, again);
      return again;
    }
    const candidates = approved.filter(
      (one) =>
        one.connection === connection && one.batch === batch && one.item === line.item && line.bins.includes(one.bin),
    );
    const made = subset(
      candidates.filter((one) => one.believed === 'open' || one.believed === 'refused' || one.believed === 'missing'),
      (some) => amountOf(some, line) === amount,
    );
    if (made === undefined) {
      world.violate(
        'I4',
        `${connection} ${batch} froze ${line.change} ${line.quantity} of ${line.item}, which nobody approved`,
      );
      return undefined;
    }
    for (const one of made) {
      one.believed = 'frozen';
      if (one.takesBack !== undefined && one.takesBack.applied === 0 && !one.takesBack.isForgiven)
        world.violate('I4', `${one.item} ${one.bin} ${textOf(one.variance)} takes back what has not arrived`);
    }
    const fresh = { send: line, batch, made };
    sent.set(`${connection} ${line.ref}`, fresh);
    return fresh;
  }

  function hearAttempt(connection: string, refs: readonly string[], before: readonly ObservedCount[]): void {
    if (before.length === 0) return;
    const figures = new Map(
      before.map((one) => [`${one.remoteItem}@${one.remoteLocation}`, stepsOf(one.quantity ?? '0')]),
    );
    const worth = new Map<string, number>();
    for (const ref of refs) {
      const line = ofRef(connection, ref);
      const key = line?.made[0]?.key ?? '';
      if (line !== undefined) worth.set(key, (worth.get(key) ?? 0) + worthOf(line));
    }
    for (const ref of refs) looks.set(`${connection} ${ref}`, { at: world.timeline.now(), figures, worth });
  }

  function believe(connection: string, ref: string, word: ApprovedLine['believed']): void {
    const line = ofRef(connection, ref);
    if (line === undefined) return world.violate('I5', `${connection} was told about ${ref}, which was never frozen`);
    const isWrong = (word === 'arrived') !== line.made.some((one) => one.applied > 0);
    if (isWrong && word !== 'doubtful') excuse(connection, line, word);
    for (const one of line.made) {
      one.believed = word;
      if (one.isForgiven || one.variance === 0) continue;
      if (word === 'arrived' && one.applied === 0)
        world.violate('I5', `${one.item} ${one.bin} ${textOf(one.variance)} is said to have arrived, and has not`);
      if ((word === 'missing' || word === 'refused') && one.applied > 0)
        world.violate('I5', `${one.item} ${one.bin} ${textOf(one.variance)} is said to be ${word}, and has arrived`);
    }
    return undefined;
  }

  /** What the remote makes of everything that happened at a place, by the times that it was told: the latest count, and every change after it. */
  function replayed(key: string, more: readonly Told[]): number {
    const all = [...(tolds.get(key) ?? []), ...more].map((told, order) => ({ ...told, order }));
    all.sort((left, right) => left.label - right.label || left.order - right.order);
    return all.reduce((figure, { kind, amount }) => (kind === 'count' ? amount : figure + amount), openingOf(key));
  }

  function toldOf({ send }: SentLine): Told {
    return { label: Date.parse(send.occurredAt ?? ''), kind: send.change, amount: stepsOf(send.quantity) };
  }

  /**
   * A count stamped by a wrong clock stands at another instant than it was made at: the remote then takes off again, or
   * swallows, what happened between the two. Answers what the lines then do to the figure; nothing where no clock was wrong.
   */
  function misplaced(key: string, lines: readonly SentLine[]): number | undefined {
    const wasWrong = lines.some(({ made }) => made.some((one) => wasClockWrong(one.connection)));
    return wasWrong ? replayed(key, lines.map(toldOf)) - replayed(key, []) : undefined;
  }

  function arrive(key: string, lines: readonly SentLine[], steps: number): void {
    for (const line of lines) {
      for (const one of line.made) one.applied += 1;
      note(key, toldOf(line));
      if (gapOf(key) !== 0 && line.send.change === 'adjust' && line.send.from === undefined)
        world.violate('I3', `${key} was sent ${line.send.quantity} of a figure that nobody ever made ours`);
    }
    const wrong = steps - total(lines, worthOf);
    madeOne.add(key);
    if (wrong === 0) return;
    world.counters.wrongInstants += 1;
    drifts.set(key, (drifts.get(key) ?? 0) + wrong);
  }

  function note(key: string, told: Told): void {
    const known = tolds.get(key) ?? [];
    tolds.set(key, known);
    known.push(told);
  }

  /** A wrong belief that no figure could have told from the truth, or that a wrong clock has brought about. `since`: of the reading. */
  function excuse(connection: string, line: SentLine, word: ApprovedLine['believed'], since?: number): void {
    const [one] = line.made;
    if (one === undefined || line.made.every((made) => made.variance === 0)) return;
    // A change that a misplaced count swallows leaves no trace in the figure.
    if (word === 'arrived' && misplaced(one.key, [line]) === 0) return arrive(one.key, [line], 0);
    const looked = looks.get(`${connection} ${line.send.ref}`);
    const before = looked?.figures.get(`${line.send.remoteItem}@${line.send.remoteLocation}`);
    if (looked === undefined || before === undefined) return undefined;
    const wanted = word === 'arrived' ? before + looked.worth.get(one.key)! : before;
    if (!figuresSince(one.key, since ?? looked.at).includes(wanted)) return undefined;
    world.counters.indistinguishable += 1;
    for (const other of approved) if (other.key === one.key) other.isForgiven = true;
    return undefined;
  }

  /** Every figure that stood at a place since then. */
  function figuresSince(key: string, at: number): number[] {
    let figure = openingOf(key);
    const found: number[] = [];
    for (const one of histories.get(key) ?? []) {
      if (one.at >= at && found.length === 0) found.push(figure);
      figure += one.steps;
      if (one.at >= at) found.push(figure);
    }
    return found.length === 0 ? [figure] : found;
  }

  function approvedLine(
    connection: string,
    batch: string,
    line: PostedLine & { trueAt: number },
    takesBack?: ApprovedLine,
  ): ApprovedLine {
    const place = keyOf(connection, line);
    world.counters.lines += 1;
    return {
      connection,
      batch,
      item: line.item,
      bin: line.bin,
      key: place?.key ?? '',
      counted: stepsOf(line.counted),
      variance: stepsOf(line.variance),
      canArrive: place?.canArrive === true,
      labelAt: Date.parse(line.countedAt),
      trueAt: line.trueAt,
      applied: 0,
      believed: 'open',
      isForgiven: false,
      ...(takesBack && { takesBack }),
    };
  }

  return {
    approve(connection, batch, lines) {
      for (const line of lines) approved.push(approvedLine(connection, batch, line));
    },

    reverse(connection, batch, of, line) {
      const known = approved.find(
        (one) => one.connection === connection && one.batch === of && one.item === line.item && one.bin === line.bin,
      );
      if (known === undefined) return;
      // What goes back is what stood, whoever had posted it.
      const { counted, variance } = known;
      const made = approvedLine(connection, batch, line, known);
      const back = { ...made, counted: counted - variance, variance: -variance };
      known.takenBackBy = back;
      approved.push(back);
    },

    hear(entry) {
      if (heard.has(entry.id)) return;
      heard.add(entry.id);
      const { fact } = entry;
      if (fact.kind === 'send_frozen') {
        for (const request of fact.requests) {
          if (requests.has(request.id)) {
            world.violate('I1', `${request.id} was frozen twice`);
            continue;
          }
          requests.set(request.id, { connection: fact.connection, refs: request.lines.map((line) => line.ref) });
          bodies.set(
            `${fact.connection} ${request.body}`,
            request.lines.flatMap((line) => hearFrozen(fact.connection, fact.batch, line) ?? []),
          );
        }
      } else if (fact.kind === 'send_attempted') {
        hearAttempt(fact.connection, requests.get(fact.request)?.refs ?? [], fact.before ?? []);
      } else if (fact.kind === 'send_settled') {
        const refs = requests.get(fact.request)?.refs ?? [];
        const { outcome } = fact;
        if (outcome.state === 'retry' && outcome.code === NOT_THERE)
          for (const ref of refs) {
            const line = ofRef(fact.connection, ref);
            if (line?.made.some((one) => one.applied > 0) === true)
              excuse(fact.connection, line, 'missing', world.timeline.now() - LONGEST_READING_MS);
          }
        if (outcome.state === 'confirmed') for (const ref of refs) believe(fact.connection, ref, 'arrived');
        if (outcome.state === 'rejected')
          for (const ref of refs) believe(fact.connection, ref, outcome.refs.includes(ref) ? 'refused' : 'missing');
        if (outcome.state === 'split') {
          const refused = new Set(outcome.refused.map((line) => line.ref));
          const doubtful = new Set(outcome.doubtful.map((line) => line.ref));
          for (const ref of refs) {
            if (outcome.arrived.includes(ref)) believe(fact.connection, ref, 'arrived');
            else if (refused.has(ref)) believe(fact.connection, ref, 'refused');
            else believe(fact.connection, ref, doubtful.has(ref) ? 'doubtful' : 'missing');
          }
        }
      } else if (fact.kind === 'doubt_settled') {
        for (const ref of fact.arrived) believe(fact.connection, ref, 'arrived');
        for (const ref of fact.missing) believe(fact.connection, ref, 'missing');
      }
    },

    effect(connection, key, steps, body) {
      const carried = bodies.get(`${connection} ${body}`);
      if (carried === undefined)
        return world.violate('I4', `${connection} changed ${key} with bytes that were never frozen`);
      const here = carried.filter(({ made }) => made.some((one) => one.key === key));
      const fresh = here.filter(({ made }) => made.every((one) => one.applied === 0));
      const some =
        subset(fresh, (few) => total(few, worthOf) === steps) ?? subset(fresh, (few) => misplaced(key, few) === steps);
      if (some !== undefined) {
        for (const { send, made } of some)
          for (const one of made)
            if (one.believed !== 'frozen')
              world.violate('I5', `${key} ${send.quantity} took effect while it was ${one.believed}`);
        return arrive(key, some, steps);
      }
      const again = subset(here, (few) => total(few, worthOf) === steps);
      if (again === undefined)
        return world.violate(
          'I3',
          `${key} changed by ${textOf(steps)}, approved was ${here.map(({ send }) => `${send.change} ${send.quantity}`).join(', ')}`,
        );
      const lines = again.flatMap(({ made }) => made);
      for (const one of lines) one.applied += 1;
      if (lines.some((one) => !one.isForgiven))
        world.violate(
          'I1',
          `${key} ${textOf(steps)} took effect ${Math.max(...lines.map((one) => one.applied))} times`,
        );
      return undefined;
    },

    others(key, steps) {
      note(key, { label: world.timeline.now(), kind: 'adjust', amount: steps });
      this.history(key, steps);
    },

    recorded(connection, ref) {
      const line = ofRef(connection, ref);
      const [one] = line?.made ?? [];
      if (line === undefined || one === undefined || silent.has(line) || line.made.some((made) => made.applied > 0))
        return;
      silent.add(line);
      // It left no trace in the figure: a count that was right, or a change that a misplaced count swallows.
      if (line.made.every((made) => made.variance === 0)) note(one.key, toldOf(line));
      else if (misplaced(one.key, [line]) === 0) arrive(one.key, [line], 0);
    },

    history(key, steps) {
      const known = histories.get(key) ?? [];
      histories.set(key, known);
      known.push({ at: world.timeline.now(), steps });
    },

    gap: gapOf,
    drift: (key) => drifts.get(key) ?? 0,
    lines: () => approved,

    findOut(connection, refs) {
      const arrived: string[] = [];
      const missing: string[] = [];
      for (const ref of refs) {
        const line = ofRef(connection, ref);
        // A count that changes nothing leaves no trace in the figure: nothing is lost whatever is said of it.
        const changes = line?.made.filter((one) => one.variance !== 0) ?? [];
        if (changes.length === 0 || changes.some((one) => one.applied > 0)) arrived.push(ref);
        else missing.push(ref);
      }
      return { arrived, missing };
    },

    judge() {
      for (const one of approved) {
        const what = `${one.connection} ${one.batch} ${one.item} ${one.bin} ${textOf(one.variance)}`;
        if (one.isForgiven) continue;
        if (!one.canArrive) {
          if (one.believed === 'arrived' && one.variance !== 0) world.violate('I6', `${what} cannot have arrived`);
          continue;
        }
        if (one.variance === 0 || one.takesBack?.isForgiven === true || one.takenBackBy?.isForgiven === true) continue;
        if (isIdle(one)) {
          if (one.applied > 0) world.violate('I1', `${what} took effect, and what it takes back has not`);
          continue;
        }
        if (one.applied === 0)
          world.violate(one.believed === 'open' ? 'I6' : 'I1', `${what} never took effect, it is ${one.believed}`);
        else if (one.believed !== 'arrived') world.violate('I5', `${what} has arrived and is still ${one.believed}`);
      }
    },
  };
}

function sum(lines: readonly ApprovedLine[], member: 'counted' | 'variance'): number {
  return lines.reduce((total, line) => total + line[member], 0);
}

/** What a line of these must say: what was counted, its variance, or what was counted less the figure that it takes the place of. */
function amountOf(made: readonly ApprovedLine[], { change, from, beside }: SendLine): number {
  if (change === 'count') return sum(made, 'counted');
  if (from === undefined) return sum(made, 'variance');
  return sum(made, 'counted') + stepsOf(beside ?? '0') - stepsOf(from);
}

function total<Item>(items: readonly Item[], worth: (item: Item) => number): number {
  return items.reduce((all, item) => all + worth(item), 0);
}

/** The largest of all subsets that fits; the empty one never does. */
function subset<Item>(items: readonly Item[], fits: (some: readonly Item[]) => boolean): readonly Item[] | undefined {
  const few = items.slice(0, 12);
  for (let bits = (1 << few.length) - 1; bits > 0; bits -= 1) {
    const some = few.filter((_, at) => (bits >> at) & 1);
    if (fits(some)) return some;
  }
  return undefined;
}
