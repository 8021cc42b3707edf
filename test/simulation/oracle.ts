import type { LedgerEntry, PostedLine, SendLine } from '../../shared/domain/ledger-entry.ts';
import { stepsOf, textOf } from './steps.ts';
import type { World } from './world.ts';

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
  applied: number;
  /** What the product believes. */
  believed: 'open' | 'frozen' | 'arrived' | 'missing' | 'refused' | 'doubtful';
  /** Forgiven: no figure could have told. */
  isForgiven: boolean;
};

/** What the world tells the oracle, and what it asks it. */
export type Oracle = {
  /** Lines became approved, durably. */
  approve(connection: string, batch: string, lines: readonly PostedLine[]): void;
  /** An entry is durable on the laptop. */
  hear(entry: LedgerEntry): void;
  /** A request of ours has changed the remote's figure of `key` by so much. */
  effect(connection: string, key: string, steps: number): void;
  lines(): readonly ApprovedLine[];
  /** What a person who looks at the remote finds out about lines in doubt. */
  findOut(connection: string, refs: readonly string[]): { arrived: string[]; missing: string[] };
  /** Everything that can be judged only at the end. */
  judge(): void;
};

type SentLine = { readonly send: SendLine; readonly batch: string; readonly made: readonly ApprovedLine[] };

/** `keyOf`: under what the remote keeps a line's figure; undefined: it is not matched there. */
export function createOracle(
  world: World,
  keyOf: (connection: string, line: { item: string; bin: string }) => { key: string; canArrive: boolean } | undefined,
): Oracle {
  const approved: ApprovedLine[] = [];
  /** By connection and reference. */
  const sent = new Map<string, SentLine>();
  /** Requests by id: their references. */
  const requests = new Map<string, { connection: string; refs: readonly string[] }>();
  const heard = new Set<string>();

  const ofRef = (connection: string, ref: string) => sent.get(`${connection} ${ref}`);

  function hearFrozen(connection: string, batch: string, line: SendLine): void {
    const known = ofRef(connection, line.ref);
    const amount = stepsOf(line.quantity);
    if (known !== undefined) {
      // The same reference again: the same lines, with their amount of then, or as a change where it was a count.
      if (sum(known.made, line.change === 'count' ? 'counted' : 'variance') !== amount)
        world.violate('I4', `${line.ref} was frozen again as ${line.change} ${line.quantity}, not ${known.send.quantity}`);
      for (const one of known.made) {
        if (one.applied > 0 && !one.isForgiven)
          world.violate('I5', `${one.item} ${one.bin} ${textOf(one.variance)} is frozen again though it has arrived`);
        one.believed = 'frozen';
      }
      return;
    }
    const candidates = approved.filter(
      (one) => one.connection === connection && one.batch === batch && one.item === line.item && line.bins.includes(one.bin),
    );
    const made = subset(candidates.filter((one) => one.believed === 'open' || one.believed === 'refused'), (some) =>
      line.change === 'count' ? sum(some, 'counted') === amount : sum(some, 'variance') === amount,
    );
    if (made === undefined) {
      world.violate('I4', `${connection} ${batch} froze ${line.change} ${line.quantity} of ${line.item}, which nobody approved`);
      return;
    }
    for (const one of made) one.believed = 'frozen';
    sent.set(`${connection} ${line.ref}`, { send: line, batch, made });
  }

  function believe(connection: string, ref: string, word: ApprovedLine['believed']): void {
    const line = ofRef(connection, ref);
    if (line === undefined) return world.violate('I5', `${connection} was told about ${ref}, which was never frozen`);
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

  return {
    approve(connection, batch, lines) {
      for (const line of lines) {
        const place = keyOf(connection, line);
        approved.push({
          connection,
          batch,
          item: line.item,
          bin: line.bin,
          key: place?.key ?? '',
          counted: stepsOf(line.counted),
          variance: stepsOf(line.variance),
          canArrive: place?.canArrive === true,
          applied: 0,
          believed: 'open',
          isForgiven: false,
        });
        world.counters.lines += 1;
      }
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
          for (const line of request.lines) hearFrozen(fact.connection, fact.batch, line);
        }
      } else if (fact.kind === 'send_settled') {
        const refs = requests.get(fact.request)?.refs ?? [];
        const { outcome } = fact;
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

    effect(connection, key, steps) {
      const here = approved.filter((one) => one.connection === connection && one.key === key && one.variance !== 0);
      const made = subset(here.filter((one) => one.applied === 0), (some) => sum(some, 'variance') === steps);
      if (made !== undefined) {
        for (const one of made) {
          one.applied += 1;
          if (one.believed === 'missing' || one.believed === 'refused' || one.believed === 'open')
            world.violate('I4', `${key} ${textOf(steps)} took effect while it was ${one.believed}`);
        }
        return;
      }
      const again = subset(here, (some) => sum(some, 'variance') === steps);
      if (again === undefined) return world.violate('I3', `${key} changed by ${textOf(steps)}, which is no approved amount`);
      for (const one of again) one.applied += 1;
      if (again.some((one) => !one.isForgiven))
        world.violate('I1', `${key} ${textOf(steps)} took effect ${Math.max(...again.map((one) => one.applied))} times`);
      return undefined;
    },

    lines: () => approved,

    findOut(connection, refs) {
      const arrived: string[] = [];
      const missing: string[] = [];
      for (const ref of refs) {
        const line = ofRef(connection, ref);
        if (line?.made.some((one) => one.applied > 0) === true) arrived.push(ref);
        else missing.push(ref);
      }
      return { arrived, missing };
    },

    judge() {
      for (const one of approved) {
        const what = `${one.connection} ${one.batch} ${one.item} ${one.bin} ${textOf(one.variance)}`;
        if (one.isForgiven) continue;
        if (!one.canArrive) {
          if (one.believed === 'arrived') world.violate('I6', `${what} cannot have arrived`);
          continue;
        }
        if (one.variance === 0) continue;
        if (one.applied === 0) world.violate(one.believed === 'open' ? 'I6' : 'I1', `${what} never took effect, it is ${one.believed}`);
        else if (one.believed !== 'arrived') world.violate('I5', `${what} has arrived and is still ${one.believed}`);
      }
    },
  };
}

function sum(lines: readonly ApprovedLine[], member: 'counted' | 'variance'): number {
  return lines.reduce((total, line) => total + line[member], 0);
}

/** The first of all subsets, by size of its number, that fits; empty sets never do. */
function subset(
  lines: readonly ApprovedLine[],
  fits: (some: readonly ApprovedLine[]) => boolean,
): readonly ApprovedLine[] | undefined {
  const few = lines.slice(0, 12);
  for (let bits = (1 << few.length) - 1; bits > 0; bits -= 1) {
    const some = few.filter((_, at) => (bits >> at) & 1);
    if (fits(some)) return some;
  }
  return undefined;
}
