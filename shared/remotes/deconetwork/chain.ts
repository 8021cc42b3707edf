/** What the chain needs of an event: its record, its time, and the level before and after it. */
export type ChainLink = {
  readonly inventoryId: number;
  readonly createdAt: string;
  readonly before: string;
  readonly after: string;
};

/** A place where an event is missing: the levels that the record may have stood at, and those that its next events begin with. */
export type ChainGap = {
  readonly inventoryId: number;
  readonly createdAt: string;
  readonly expected: readonly string[];
  readonly found: readonly string[];
};

/**
 * Where events are missing: for one record the level after an event is the level before the next (contracts: inventory
 * events 3). The order of the input plays no part. Events of the same second may have come in any order, so a second is in
 * order when some order of its events is.
 */
export function chainGaps(events: readonly ChainLink[]): readonly ChainGap[] {
  const gaps: ChainGap[] = [];
  for (const [inventoryId, links] of groupBy(events, (link) => link.inventoryId)) {
    let levels: Levels = null;
    const seconds = [...groupBy(links, (link) => link.createdAt)].toSorted(([one], [other]) => (one < other ? -1 : 1));
    for (const [createdAt, together] of seconds) {
      const step = walk(levels, trailOf(together));
      if (step.isBroken) gaps.push({ inventoryId, createdAt, expected: [...(levels ?? [])], found: step.found });
      levels = step.levels;
    }
  }
  return gaps;
}

/** The levels that a record may stand at; null: any. */
type Levels = ReadonlySet<string> | null;

function walk(levels: Levels, trail: Trail): { isBroken: boolean; found: readonly string[]; levels: Levels } {
  const isJoined = levels === null || trail.starts.some((start) => levels.has(start));
  return {
    isBroken: !trail.isWhole || !isJoined,
    found: trail.starts,
    levels: trail.isWhole ? endsOf(trail, isJoined ? levels : null) : null,
  };
}

/** `ends` empty: a circle, which ends where it begins. */
type Trail = { readonly isWhole: boolean; readonly starts: readonly string[]; readonly ends: readonly string[] };

/**
 * Events as steps between levels: they can be walked one after the other when they hang together and at most one level is
 * left once more often than it is reached (Euler).
 */
function trailOf(links: readonly ChainLink[]): Trail {
  const surplus = new Map<string, number>();
  const add = (level: string, by: number) => surplus.set(level, (surplus.get(level) ?? 0) + by);
  for (const { before, after } of links) {
    add(before, 1);
    add(after, -1);
  }
  const starts = [...surplus].filter(([, by]) => by > 0).map(([level]) => level);
  const ends = [...surplus].filter(([, by]) => by < 0).map(([level]) => level);
  const isEven = [...surplus.values()].every((by) => Math.abs(by) <= 1) && starts.length <= 1;
  return {
    isWhole: isEven && isConnected(links, surplus.size),
    starts: starts.length > 0 ? starts : [...surplus.keys()],
    ends,
  };
}

/** A circle may have been entered at any of its levels, as far as they were possible before. */
function endsOf(trail: Trail, levels: Levels): ReadonlySet<string> {
  if (trail.ends.length > 0) return new Set(trail.ends);
  return new Set(levels === null ? trail.starts : trail.starts.filter((level) => levels.has(level)));
}

function isConnected(links: readonly ChainLink[], levels: number): boolean {
  const reached = new Set([links[0]?.before ?? '']);
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const link of links) {
      if (reached.has(link.before)) reached.add(link.after);
      else if (reached.has(link.after)) reached.add(link.before);
    }
  }
  return reached.size === levels;
}

function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
