import { readCarried, type Carried, type CarrierError } from '../../../shared/ports/carrier.ts';
import type { Result } from '../../../shared/domain/result.ts';
import type { ExchangeRefusal } from '../../../shared/ports/host.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import type { Clock } from '../disk/turns.ts';
import type { Journal } from '../journal/journal.ts';
import type { Head } from '../journal/line.ts';
import type { Chains } from './chains.ts';
import { laptopKey, type StretchName } from './segments.ts';
import type { Taking } from './taking.ts';

/** A name that lies at the carrier, and the stretch that it speaks of. */
export type Named = { readonly name: string; readonly is: StretchName };
/** A list that lies there, or a question. */
type Other = Exclude<Carried, StretchName>;

/** Why something that lies there is not taken. It is looked at again when it may have become another, with growing pauses. */
export type Note = {
  readonly why: ExchangeRefusal['why'];
  readonly laptop: string;
  readonly fromSeq: number;
  readonly tries: number;
  /** Ms of the steady clock. */
  readonly nextAt: number;
  /** What was taken by then: a laptop that was not known may be known since. */
  readonly taken: number;
};

type SeenParts = {
  readonly journal: Journal;
  readonly chains: Chains;
  readonly files: Pick<CatalogueFiles, 'has'>;
  readonly taking: Pick<Taking, 'taken'>;
  readonly clock: Clock;
  /** Which stretches are looked at: a laptop that counts takes what everybody may know, and no other lane is its own. */
  readonly isMeant: (is: StretchName) => boolean;
};

/** What lies at a carrier, compared with what is held here. */
export type Seen = {
  /** What lies there now; everything else is asked of this list. */
  look(names: readonly string[]): void;
  /** What lies there and is no stretch. */
  others(): Iterable<readonly [string, Other]>;
  has(name: string): boolean;
  /** It was put there, or found not to be there any more. */
  added(name: string): void;
  gone(name: string): void;
  /** Stretches by laptop, as its id stands in names, in the order of their ends. */
  stretches(): Iterable<readonly [string, readonly Named[]]>;
  /** What is held of the laptop that a name speaks of. */
  heldOf(laptop: string): { readonly device: string | undefined; readonly seq: number };
  /** Whether it was found to end as what is held does, and is not spoiled as far as is known: it need not be compared. */
  isGood(name: string): boolean;
  /** Whether a stretch ends as what is held does: `otherwise` where its laptop said something else there. */
  compare(one: Named): Promise<'same' | 'otherwise' | 'not held'>;
  /** Notes why something is not taken, and how often by now. */
  note(name: string, why: Note['why'], laptop: string, fromSeq: number): void;
  forgive(name: string): void;
  notes(): Iterable<readonly [string, Note]>;
  isNoted(name: string): boolean;
  /** Whether it may be looked at now. */
  mayTry(name: string): boolean;
  /** Stretches of a laptop that end as what is held does, and are not spoiled as far as is known. */
  good(laptop: string): readonly Named[];
  /** The fewest of them that lead from the first entry on. */
  path(laptop: string): readonly Named[];
  /** How far they lead. */
  coverage(laptop: string): number;
  /** Laptops of which something lies there, and what comes before it does not. */
  missing(): { laptop: string; fromSeq: number }[];
  /** What is still not taken, as a person may be told. */
  refusals(): ExchangeRefusal[];
};

const FIRST_PAUSE_MS = 4_000;
export const LONGEST_PAUSE_MS = 600_000;
/** So often something was unreadable, some seconds apart, before somebody is told or asked: a copy may be under way. */
export const SPOILED_AFTER = 2;

/** Thrown where the carrier refuses: the round is over. */
export class Stopped extends Error {
  readonly error: CarrierError;
  constructor(error: CarrierError) {
    super(error.code);
    this.error = error;
  }
}

/** What a carrier answers, or the end of the round. */
export async function got<Value>(answer: Promise<Result<Value, CarrierError>>): Promise<Value> {
  const given = await answer;
  if (!given.ok) throw new Stopped(given.error);
  return given.value;
}

/** The fewest stretches that lead from the first entry on: each reaches as far as any that follows on what was led to. */
function fewest(some: readonly Named[]): readonly Named[] {
  const steps: Named[] = [];
  let best: Named | undefined;
  const reached = (): number => steps.at(-1)?.is.to ?? 0;
  for (const one of some.toSorted((left, right) => left.is.from - right.is.from || left.is.to - right.is.to)) {
    if (one.is.from > reached() + 1 && best !== undefined) {
      steps.push(best);
      best = undefined;
    }
    if (one.is.from > reached() + 1) return steps;
    if (one.is.to > reached() && one.is.to >= (best?.is.to ?? 0)) best = one;
  }
  return best === undefined ? steps : [...steps, best];
}

/**
 * What one laptop knows of the names at a carrier, from round to round. There may be a hundred thousand of them, and a round
 * every second: each name is read once, and what is worked out of a laptop's names stands until they change. One closure:
 * each call is a few lines over one list.
 */
export function createSeen({ journal, chains, files, taking, clock, isMeant }: SeenParts): Seen {
  const self = journal.status().device;
  const notes = new Map<string, Note>();
  /** Names of stretches that end as what is held here does. */
  let known = new Set<string>();
  let lost = chains.lost();
  let listed = new Set<string>();
  const others = new Map<string, Other>();
  /** By laptop, and what leads from its first entry on; worked out anew where something of it changed. */
  const found = new Map<string, readonly Named[]>();
  const paths = new Map<string, readonly Named[]>();
  let heads: { readonly of: readonly Head[]; readonly byLaptop: ReadonlyMap<string, Head> } | null = null;

  /** Sorts names in that were not there before. */
  function sortIn(names: readonly string[]): void {
    const fresh = new Map<string, Named[]>();
    for (const name of names) {
      const is = readCarried(name);
      if (is === null) continue;
      if (is.is !== 'stretch') others.set(name, is);
      else if (isMeant(is)) {
        const some = fresh.get(is.laptop) ?? [];
        fresh.set(is.laptop, some);
        some.push({ name, is });
      }
    }
    for (const [laptop, some] of fresh) {
      found.set(
        laptop,
        [...(found.get(laptop) ?? []), ...some].toSorted((left, right) => left.is.to - right.is.to),
      );
      paths.delete(laptop);
    }
  }

  function sortOut(names: readonly string[]): void {
    const gone = new Set(names);
    const laptops = new Set<string>();
    for (const name of names) {
      others.delete(name);
      const is = readCarried(name);
      if (is?.is === 'stretch') laptops.add(is.laptop);
    }
    for (const laptop of laptops) {
      const left = (found.get(laptop) ?? []).filter(({ name }) => !gone.has(name));
      if (left.length > 0) found.set(laptop, left);
      else found.delete(laptop);
      paths.delete(laptop);
    }
  }

  /** What is known of a name is another thing now. */
  function changed(name: string): void {
    const is = readCarried(name);
    if (is?.is === 'stretch') paths.delete(is.laptop);
  }

  function heldOf(laptop: string): { readonly device: string | undefined; readonly seq: number } {
    if (laptop === laptopKey(self)) return { device: self, seq: journal.status().seq };
    const of = chains.heads();
    if (heads?.of !== of) heads = { of, byLaptop: new Map(of.map((head) => [laptopKey(head.device), head])) };
    return heads.byLaptop.get(laptop) ?? { device: undefined, seq: 0 };
  }

  function forgive(name: string): void {
    if (notes.delete(name)) changed(name);
  }

  async function compare({ name, is }: Named): Promise<'same' | 'otherwise' | 'not held'> {
    const { device, seq } = heldOf(is.laptop);
    if (device === undefined || is.to > seq) return 'not held';
    // However it came here, it was taken.
    if (known.has(name) && notes.get(name)?.why !== 'damaged') forgive(name);
    if (known.has(name)) return 'same';
    const page = await (device === self ? journal.read(is.to, 1) : chains.read(device, is.to, 1));
    const entry = page.ok ? page.value.entries[0] : undefined;
    if (entry?.seq !== is.to) return 'not held';
    if (!entry.hash.startsWith(is.head)) return 'otherwise';
    known.add(name);
    changed(name);
    return compare({ name, is });
  }

  function isGood(name: string): boolean {
    return known.has(name) && !notes.has(name);
  }

  function good(laptop: string): readonly Named[] {
    return (found.get(laptop) ?? []).filter(({ name }) => isGood(name));
  }

  function path(laptop: string): readonly Named[] {
    const before = paths.get(laptop);
    if (before !== undefined) return before;
    const made = fewest(good(laptop));
    paths.set(laptop, made);
    return made;
  }

  return {
    look(names) {
      const now = new Set(names);
      if (lost !== chains.lost()) {
        known = new Set();
        paths.clear();
      }
      lost = chains.lost();
      sortOut([...listed].filter((name) => !now.has(name)));
      sortIn([...now].filter((name) => !listed.has(name)));
      for (const name of notes.keys()) if (!now.has(name)) notes.delete(name);
      listed = now;
    },
    others: () => others,
    has: (name) => listed.has(name),
    added(name) {
      if (!listed.has(name)) sortIn([name]);
      listed.add(name);
      // Whoever puts a stretch holds it.
      known.add(name);
      changed(name);
    },
    gone(name) {
      listed.delete(name);
      sortOut([name]);
    },
    stretches: () => found,
    heldOf,
    isGood,
    compare,
    note(name, why, laptop, fromSeq) {
      const tries = (notes.get(name)?.tries ?? 0) + 1;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
      notes.set(name, { why, laptop, fromSeq, tries, nextAt: clock.steady() + pause, taken: taking.taken() });
      changed(name);
    },
    forgive,
    notes: () => notes,
    isNoted: (name) => notes.has(name),
    mayTry(name) {
      const note = notes.get(name);
      if (note === undefined) return true;
      const mayBeOther = note.why === 'damaged' || note.taken !== taking.taken();
      return mayBeOther && clock.steady() >= note.nextAt;
    },
    good,
    path,
    coverage: (laptop) => path(laptop).at(-1)?.is.to ?? 0,
    missing: () =>
      [...found].flatMap(([laptop, some]) => {
        const { device, seq } = heldOf(laptop);
        const isGap = some.some(({ name, is }) => is.from > seq + 1 && !notes.has(name));
        return isGap && device !== self ? [{ laptop: device ?? laptop, fromSeq: seq + 1 }] : [];
      }),
    refusals: () =>
      [...notes].flatMap(([file, { why, laptop, fromSeq, tries }]) => {
        const is = readCarried(file);
        const { device, seq } = heldOf(laptop);
        const isHere =
          is?.is === 'blob' ? files.has(is.sha256) : is?.is === 'stretch' && is.to <= seq && why !== 'fork';
        if (isHere || (why === 'damaged' && tries < SPOILED_AFTER)) return [];
        return [{ laptop: device ?? laptop, why, fromSeq, file }];
      }),
  };
}
