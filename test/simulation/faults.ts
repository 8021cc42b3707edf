import { createRandom, type Random } from './random.ts';

/** Everything that can go wrong. A seed draws how often for each; `--off` switches one off and shifts no other. */
export const FAULT_KINDS = [
  // on the way to a remote
  'not_sent',
  'drop',
  'hang',
  'late',
  'answer_lost',
  'duplicate',
  // said by a remote
  'status_429',
  'status_5xx',
  'apply_then_fail',
  'half_then_fail',
  'refuse',
  'forbid',
  'truncate',
  'html',
  'errors_in_200',
  'token_dies',
  'cursor_dies',
  'odd_remote',
  // at the laptop
  'crash',
  'page_reload',
  'disk_full',
  'token_not_saved',
  'clock_jump',
  'clock_skew',
  'offline',
  'asleep',
  // by other people
  'others',
  'same_size',
  'back_dated',
  'ghost_item',
  // a clock that is off by seconds to minutes, and what one look at a figure does not tell
  'clock_small',
  'sold_between',
  'reserved',
  // books that were never made one with the remote's figures, and two ways into a book for one sale
  'unopened',
  'figure_taken',
  // what was approved is taken back
  'reversed',
  // among several laptops of one site
  'file_late',
  'file_twice',
  'file_never',
  'file_damaged',
  'apart',
  'people_change',
  'shut_out',
  'put_back',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type Faults = {
  /** Whether it happens now. */
  hits(kind: FaultKind): boolean;
  /** How often it is to happen, 0 to 1. */
  rate(kind: FaultKind): number;
  /** Nothing goes wrong before. */
  begin(): void;
  /** From here on nothing goes wrong any more. */
  stop(): void;
  isStopped(): boolean;
  /** How often each has happened. */
  tally(): ReadonlyMap<FaultKind, number>;
};

/** Happens at each of very many gates, so it must be rare at each. */
const RARE: ReadonlySet<FaultKind> = new Set(['crash', 'page_reload', 'disk_full', 'clock_jump']);

/** How often a fault happens where it is looked for. Two writes in a row must meet a full disk before one is missed. */
function aimedRate(kind: FaultKind): number {
  if (kind === 'disk_full') return 0.15;
  return RARE.has(kind) ? 0.03 : 0.25;
}

/** What a wrong clock would hide. */
const SUBTLE: readonly FaultKind[] = ['clock_small', 'sold_between', 'reserved', 'unopened', 'figure_taken'];

/** Draws how often each fault happens in this world: many never, most now and then, a few all the time. */
export function createFaults(seed: number, off: ReadonlySet<FaultKind>, aim: readonly FaultKind[] = []): Faults {
  const streams = new Map<FaultKind, { random: Random; rate: number }>();
  const tally = new Map<FaultKind, number>();
  const mood = createRandom(seed, 'mood').next();
  let isStopped = true;
  for (const kind of FAULT_KINDS) {
    const random = createRandom(seed, `fault ${kind}`);
    const drawn = drawRate(random, kind, mood);
    const rate = aim.includes(kind) ? Math.max(drawn, aimedRate(kind)) : drawn;
    streams.set(kind, { random, rate: off.has(kind) ? 0 : rate });
  }
  // A remote that does half of a request keeps no key for it: nobody could do with that and with requests that come late
  // or twice. A world has one or the other.
  const half = streams.get('half_then_fail');
  const late = (['late', 'duplicate'] as const).flatMap((kind) => streams.get(kind) ?? []);
  if (half !== undefined && createRandom(seed, 'half or late').chance(0.5)) half.rate = 0;
  else if (half !== undefined && half.rate > 0) for (const stream of late) stream.rate = 0;
  // Under a wrong clock nobody can say what was before what. A world has wrong clocks, or changes written down late.
  const past = streams.get('back_dated');
  const clocks = (['clock_jump', 'clock_skew'] as const).flatMap((kind) => streams.get(kind) ?? []);
  if (past !== undefined && past.rate > 0 && clocks.some(({ rate }) => rate > 0)) {
    const isLate = aim.includes('back_dated') || createRandom(seed, 'late or clock').chance(0.3);
    for (const stream of isLate ? clocks : [past]) stream.rate = 0;
  }
  // The oracle cannot replay what a wrong clock makes of these, and a clock is off by little or by much.
  const subtle = SUBTLE.flatMap((kind) => streams.get(kind) ?? []);
  const isAimed = aim.some((kind) => SUBTLE.includes(kind));
  if (clocks.some(({ rate }) => rate > 0)) for (const stream of isAimed ? clocks : subtle) stream.rate = 0;
  const small = streams.get('clock_small');
  if (small !== undefined && small.rate > 0 && !aim.includes('clock_small'))
    for (const stream of [past, streams.get('sold_between'), streams.get('figure_taken')])
      if (stream !== undefined) stream.rate = 0;
  // Where our figure takes the place of theirs, what nobody has heard of goes with it.
  const unopened = streams.get('unopened');
  const unheard = (['sold_between', 'figure_taken'] as const).flatMap((kind) => streams.get(kind) ?? []);
  const isUnheard =
    aim.some((kind) => kind === 'sold_between' || kind === 'figure_taken') ||
    (!aim.includes('unopened') && createRandom(seed, 'unheard or unopened').chance(0.5));
  if (unopened !== undefined && unopened.rate > 0 && unheard.some(({ rate }) => rate > 0))
    for (const stream of isUnheard ? [unopened] : unheard) stream.rate = 0;

  return {
    hits(kind) {
      const stream = streams.get(kind);
      if (stream === undefined || isStopped || stream.rate === 0) return false;
      if (!stream.random.chance(stream.rate)) return false;
      tally.set(kind, (tally.get(kind) ?? 0) + 1);
      return true;
    },
    rate: (kind) => streams.get(kind)?.rate ?? 0,
    begin() {
      isStopped = false;
    },
    stop() {
      isStopped = true;
    },
    isStopped: () => isStopped,
    tally: () => tally,
  };
}

/** `mood`: some worlds are quiet, some are hell. */
function drawRate(random: Random, kind: FaultKind, mood: number): number {
  const luck = random.next();
  const size = random.next();
  const scale = RARE.has(kind) ? 0.12 : 1;
  if (luck < 0.55 - 0.4 * mood) return 0;
  if (luck < 0.92) return scale * (0.01 + 0.09 * size);
  return scale * (0.15 + 0.35 * size);
}
