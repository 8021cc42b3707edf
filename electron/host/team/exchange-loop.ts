import { err, type Result } from '../../../shared/domain/result.ts';
import type { Carrier, CarrierError } from '../../../shared/ports/carrier.ts';
import type { HostError, SiteServer, Team } from '../../../shared/ports/host.ts';
import { createTurns, instantOf } from '../disk/turns.ts';
import type { Log } from '../log/log.ts';
import { createRounds, type Round, type RoundParts, type Rounds } from './exchange-round.ts';
import { createUrgency, type Urgency } from './urgency.ts';

export type LoopParts = Omit<RoundParts, 'carrier'> & {
  readonly here: () => Team['here'];
  /** Calls back after a time, ms; answers how to call it off. */
  readonly after: (ms: number, run: () => Promise<void>) => () => void;
  readonly log: Log;
};

type LoopOptions<Place> = LoopParts & {
  /** Where to exchange, as it is chosen now; null: nowhere, or this laptop does not exchange. */
  readonly place: () => Place | null;
  readonly openCarrier: (place: Place) => Carrier;
};

/** How an exchange is doing; what it goes through is said elsewhere. */
export type LoopStatus = Pick<SiteServer, 'state' | 'detail' | 'lastAt' | 'toPut' | 'missing' | 'refused'>;

export type ExchangeLoop = {
  status(): LoopStatus;
  /** Looks now, and puts what waits here. */
  look(): void;
  /** Another place was chosen, or none. */
  forget(): void;
  /** What was said last goes out, if the place is there and answers; nobody waits long for it. */
  close(): Promise<void>;
};

/** How often it is asked whether a round is due. */
const TICK_MS = 1_000;
/** What others said is looked for as often as this. */
const LOOK_MS = 5_000;
/** While people count, what they say goes out in batches as far apart as this; at once where the others are told at once. */
const SOON_MS = 8_000;
const LIVE_SOON_MS = 500;
const SOME_DAY_MS = 60_000;
/** Where the place is away it is tried again after twice the time before, and never more than this. */
const LONGEST_PAUSE_MS = 60_000;
/**
 * After a round it rests so many times as long as that took before what comes wakes it, and never more than this: where many
 * speak they are heard together, and the more there is to do the smaller is the exchange's part of this laptop's time.
 */
const REST_TIMES = 20;
const LONGEST_REST_MS = 700;
/** A system that has not answered for so long will not soon: the place is as good as away. */
const NO_ANSWER_MS = 30_000;
/** The last round of a session may take so long; what it does not bring goes out at the next start. */
const LAST_ROUND_MS = 3_000;

function isDue(urgency: Urgency, since: number, isLive: boolean): boolean {
  switch (urgency) {
    case 'none':
      return false;
    case 'now':
      return true;
    case 'soon':
      return since >= (isLive ? LIVE_SOON_MS : SOON_MS);
    case 'some day':
      return since >= SOME_DAY_MS;
  }
}

/** What stops an exchange, as its state. */
function stateOf(problem: HostError | CarrierError): Pick<SiteServer, 'state' | 'detail'> {
  switch (problem.code) {
    case 'away':
    case 'read_only':
    case 'full':
    case 'not_admitted':
    case 'other_server':
    case 'disk_full':
      return { state: problem.code, detail: '' };
    case 'failed':
      return { state: 'failed', detail: problem.detail };
    case 'not_found':
      return { state: 'no_key', detail: '' };
    default:
      return { state: 'stopped', detail: problem.code };
  }
}

/** A carrier that is away once the exchange is over. */
function untilOver(carrier: Carrier, isOver: () => boolean): Carrier {
  const orAway = <Value>(answer: () => Promise<Result<Value, CarrierError>>) =>
    isOver() ? Promise.resolve(err<CarrierError>({ code: 'away' })) : answer();
  const { remove } = carrier;
  return {
    ...carrier,
    list: () => orAway(() => carrier.list()),
    get: (name) => orAway(() => carrier.get(name)),
    put: (name, bytes) => orAway(() => carrier.put(name, bytes)),
    ...(remove !== undefined && { remove: (name) => orAway(() => remove(name)) }),
  };
}

/**
 * Keeps this laptop level with the others of its site through one carrier, by itself, and never in anybody's way. Counting
 * goes on whatever becomes of it. One closure: the loop, its pauses and what a person is told share one state.
 */
export function createExchangeLoop<Place extends { readonly site: string }>(options: LoopOptions<Place>): ExchangeLoop {
  const { journal, ledger, clock, log, place } = options;
  const inTurn = createTurns();
  const urgencyBehind = createUrgency(journal);
  let opened: { readonly at: string; readonly carrier: Carrier; readonly rounds: Rounds } | null = null;
  let last: Round | null = null;
  let lastAt: string | null = null;
  let problem: Pick<SiteServer, 'state' | 'detail'> | null = null;
  /** Ms of the steady clock: when to look next, when own entries were put last, since when a round is under way. */
  let nextAt = Number.NEGATIVE_INFINITY;
  let putAt = Number.NEGATIVE_INFINITY;
  let ownNextAt = Number.NEGATIVE_INFINITY;
  let startedAt: number | null = null;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let pause = LOOK_MS;
  let isWoken = false;
  let isClosed = false;
  let isOver = false;
  let callOff = (): void => undefined;
  let callOffWaking = (): void => undefined;

  function letGo(): void {
    const { carrier } = opened ?? {};
    opened = null;
    carrier?.close?.().catch((cause: unknown) => broke(cause));
  }

  function roundsAt(where: Place): Rounds {
    const at = JSON.stringify(where);
    if (opened?.at === at) return opened.rounds;
    letGo();
    const carrier = untilOver(options.openCarrier(where), () => isOver);
    carrier.watch?.(wake);
    opened = { at, carrier, rounds: createRounds({ ...options, carrier }) };
    return opened.rounds;
  }

  function forget(): void {
    letGo();
    last = null;
    lastAt = null;
    problem = null;
    nextAt = Number.NEGATIVE_INFINITY;
    putAt = Number.NEGATIVE_INFINITY;
    ownNextAt = Number.NEGATIVE_INFINITY;
    pause = LOOK_MS;
  }

  /** A bug in here must not stop anybody from counting. */
  function broke(cause: unknown): void {
    log('error', 'exchange_broke', { problem: cause instanceof Error ? cause.name : typeof cause });
  }

  async function round(where: Place, withOwn: boolean): Promise<void> {
    const rounds = roundsAt(where);
    const began = clock.steady();
    startedAt = began;
    const before = rounds.covered();
    const done = await rounds.run(withOwn).catch((cause: unknown) => {
      broke(cause);
      return err<CarrierError>({ code: 'failed', detail: 'unknown' });
    });
    startedAt = null;
    restsUntil = clock.steady() + Math.min(REST_TIMES * (clock.steady() - began), LONGEST_REST_MS);
    if (rounds !== opened?.rounds) return;
    // What could not be put is tried again with the next look, however urgent it is.
    if (withOwn) putAt = clock.steady();
    if (withOwn) ownNextAt = rounds.covered() > before ? Number.NEGATIVE_INFINITY : clock.steady() + LOOK_MS;
    const is = done.ok ? (done.value.problem === null ? null : stateOf(done.value.problem)) : stateOf(done.error);
    if (is?.state !== problem?.state) log(is === null ? 'info' : 'warn', 'exchange', { state: is?.state ?? 'reached' });
    problem = is;
    if (done.ok) {
      last = done.value;
      lastAt = instantOf(clock);
      pause = LOOK_MS;
      nextAt = clock.steady() + (last.isCutShort ? 0 : LOOK_MS);
    } else {
      nextAt = clock.steady() + pause;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }

  /** One look at whether something is due. */
  async function step(): Promise<void> {
    const where = place();
    if (where === null) return;
    const rounds = roundsAt(where);
    const urgency = await urgencyBehind(rounds.covered());
    const isLive = opened?.carrier.abilities.live === true;
    const isOwnDue = isDue(urgency, clock.steady() - putAt, isLive) && clock.steady() >= ownNextAt;
    const isReached = problem === null;
    if (clock.steady() >= nextAt || (isOwnDue && isReached)) await round(where, isOwnDue || lastAt === null);
  }

  async function tick(): Promise<void> {
    await inTurn(step).catch((cause: unknown) => broke(cause));
    if (!isClosed) callOff = options.after(TICK_MS, tick);
  }

  /** Something came: it is taken in now, or after a rest, and what comes meanwhile with it. */
  function wake(): void {
    if (isWoken || isClosed || problem !== null) return;
    isWoken = true;
    const rest = restsUntil - clock.steady();
    if (rest > 0) callOffWaking = options.after(rest, takeIn);
    else void takeIn();
  }

  async function takeIn(): Promise<void> {
    await inTurn(async () => {
      isWoken = false;
      nextAt = Number.NEGATIVE_INFINITY;
      await step();
    }).catch((cause: unknown) => broke(cause));
  }

  /** Of a place that was not reached since the start it is not known what lies there. */
  function toPut(): number {
    if (lastAt === null) return 0;
    return Math.max(0, journal.status().seq - (opened?.rounds.covered() ?? 0));
  }

  callOff = options.after(TICK_MS, tick);

  return {
    status() {
      const { laptops } = ledger.team().trust;
      const nameOf = (laptop: string) => laptops.get(laptop)?.name ?? laptop.slice(0, 8);
      const { missing = [], refused = [] } = last ?? {};
      const self = journal.status().device;
      const isOld = refused.some(({ laptop, why }) => laptop === self && why === 'fork');
      const isSilent = startedAt !== null && clock.steady() - startedAt > NO_ANSWER_MS;
      const isStopped = place() === null;
      const state = isStopped
        ? { state: 'stopped' as const, detail: '' }
        : isSilent
          ? { state: 'away' as const, detail: '' }
          : (problem ?? { state: isOld ? 'old_copy' : lastAt === null ? 'waiting' : 'reached', detail: '' });
      return {
        ...state,
        lastAt,
        toPut: toPut(),
        missing: missing.map(({ laptop, fromSeq }) => ({ laptop: nameOf(laptop), fromSeq })),
        refused: refused.map((one) => ({ ...one, laptop: nameOf(one.laptop) })),
      };
    },
    look() {
      nextAt = Number.NEGATIVE_INFINITY;
      // Whoever asks does not wait for what may wait.
      putAt = Number.NEGATIVE_INFINITY;
      ownNextAt = Number.NEGATIVE_INFINITY;
      pause = LOOK_MS;
    },
    forget,
    async close() {
      isClosed = true;
      callOff();
      callOffWaking();
      let stopWaiting = (): void => undefined;
      const late = new Promise<void>((resolve) => {
        stopWaiting = options.after(LAST_ROUND_MS, async () => resolve());
      });
      const where = place();
      const isUp = where !== null && problem === null && startedAt === null && toPut() > 0;
      const lastRound = inTurn(async () => (isUp ? round(where, true) : undefined)).catch(broke);
      await Promise.race([lastRound, late]);
      stopWaiting();
      // A round that is still waiting for the place goes no further.
      isOver = true;
      await opened?.carrier.close?.();
    },
  };
}
