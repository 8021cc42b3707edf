import type { Result } from '../../../shared/domain/result.ts';
import type { Carrier } from '../../../shared/ports/carrier.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { instantOf, type Clock } from '../disk/turns.ts';
import type { Examined } from './examine.ts';
import { got, type Named, type Seen } from './exchange-seen.ts';
import { composeFile, laptopKey, unpackSegment, type Segment } from './segments.ts';
import type { Taking } from './taking.ts';

type TakeParts = {
  readonly carrier: Pick<Carrier, 'get'>;
  readonly seen: Seen;
  readonly taking: Taking;
  readonly clock: Clock;
  /** This laptop. */
  readonly self: string;
};
type Site = { readonly id: string; readonly name: string };
/** What was read of a laptop in one step. */
type Read = { readonly first: Named; readonly segments: readonly Segment[] };

/** Entries of a laptop that are examined at once; more wait for the next step. */
const AT_ONCE = 20_000;
/** Steps of one round: whoever fills the place with rubbish does not keep the laptop from counting. */
const MOST_STEPS = 50;

/** The stretches of a laptop that follow one another from what is held on, those that reach farthest; or one that says otherwise. */
async function pick(seen: Seen, laptop: string, some: readonly Named[], isAlone: boolean): Promise<readonly Named[]> {
  const { seq } = seen.heldOf(laptop);
  for (const one of some) {
    if (one.is.to > seq || seen.isGood(one.name) || !seen.mayTry(one.name)) continue;
    const compared = await seen.compare(one);
    if (compared === 'otherwise') return [one];
  }
  const picked: Named[] = [];
  let at = seq;
  while (at - seq < AT_ONCE) {
    const next = some.findLast(({ name, is }) => is.from <= at + 1 && is.to > at && seen.mayTry(name));
    if (next === undefined) break;
    picked.push(next);
    if (isAlone) break;
    at = next.is.to;
  }
  return picked;
}

/** Reads what was picked up to the first that cannot be read, which is noted. */
async function fetch(
  { carrier, seen }: TakeParts,
  picked: readonly Named[],
  site: string,
): Promise<readonly Segment[]> {
  const read: Segment[] = [];
  for (const { name, is } of picked) {
    const bytes = await got(carrier.get(name));
    if (bytes === null) {
      seen.gone(name);
      break;
    }
    const segment = await unpackSegment(bytes, is);
    const isOurs = typeof segment !== 'string' && segment.start.site.id === site;
    if (isOurs) {
      seen.forgive(name);
      read.push(segment);
      continue;
    }
    const unread = segment === 'newer_version' ? segment : 'damaged';
    seen.note(name, typeof segment === 'string' ? unread : 'other_site', is.laptop, is.from);
    break;
  }
  return read;
}

/**
 * Takes in what follows on what is held, step by step, through the examination of every hand-over; answers whether there is
 * more, or why nothing could be taken. Where something is wrong with several stretches of a laptop each is looked at alone.
 */
export async function takeNew(
  parts: TakeParts,
  site: Site,
): Promise<{ readonly isMore: boolean; readonly problem: HostError | null }> {
  const { seen, taking, clock, self } = parts;
  const alone = new Set<string>();

  async function judge({ problems }: Examined, read: ReadonlyMap<string, Read>): Promise<void> {
    for (const [laptop, { first, segments }] of read) {
      const problem = problems.find(({ device }) => laptopKey(device) === laptop);
      if (problem === undefined) {
        alone.delete(laptop);
        // Nothing of it was taken and nothing is wrong with it: it is not looked at for ever.
        if ((await seen.compare(first)) !== 'same') seen.note(first.name, 'broken', laptop, first.is.from);
      } else if (segments.length > 1) alone.add(laptop);
      else seen.note(first.name, problem.why, laptop, problem.fromSeq);
    }
  }

  for (let step = 0; step < MOST_STEPS; step += 1) {
    const read = new Map<string, Read>();
    let isMoved = false;
    for (const [laptop, some] of seen.stretches()) {
      const picked = await pick(seen, laptop, some, alone.has(laptop));
      const segments = await fetch(parts, picked, site.id);
      const [first] = picked;
      if (first !== undefined && segments.length > 0) read.set(laptop, { first, segments });
      isMoved ||= first !== undefined;
    }
    if (!isMoved) return { isMore: false, problem: null };
    if (read.size === 0) continue;
    const start = { site, from: { laptop: self, name: '' }, madeAt: instantOf(clock) };
    const chains = [...read.values()].map(({ segments }) => segments);
    const file = await composeFile(start, chains);
    // Nobody who takes in a file waits for a carrier: only this is done in turn.
    const taken = await taking.inTurn(async (): Promise<Result<Examined, HostError>> => {
      const examined = await taking.examine(file);
      const done = examined.ok ? await taking.take(examined.value, undefined, 'quietly') : examined;
      return done.ok ? examined : done;
    });
    if (!taken.ok) return { isMore: false, problem: taken.error };
    await judge(taken.value, read);
  }
  return { isMore: true, problem: null };
}
