import { z } from 'zod';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Carrier, CarrierError } from '../../../shared/ports/carrier.ts';
import type { Exchange, Host, HostError, Mended, Team } from '../../../shared/ports/host.ts';
import type { Disk } from '../disk/disk.ts';
import { openKept } from '../disk/kept-file.ts';
import { createTurns, instantOf } from '../disk/turns.ts';
import type { Log } from '../log/log.ts';
import { createRounds, type Round, type RoundParts, type Rounds } from './exchange-round.ts';
import { laptopKey } from './segments.ts';
import { createUrgency, type Urgency } from './urgency.ts';

/** A place where the laptops of a site exchange, as a person chose it. */
export type CarrierPlace = { readonly folder: string; readonly site: string; readonly laptop: string };

export type ExchangeOptions = Omit<RoundParts, 'carrier'> & {
  readonly disk: Disk;
  readonly profile: string;
  readonly here: () => Team['here'];
  readonly openCarrier: (place: CarrierPlace) => Carrier;
  /** Asks the person for a folder; null when they think better of it. */
  readonly chooseFolder: () => Promise<string | null>;
  /** Calls back after a time, ms; answers how to call it off. */
  readonly after: (ms: number, run: () => Promise<void>) => () => void;
  readonly log: Log;
  readonly onMended: (mended: Mended) => void;
};

type ExchangeCalls = Pick<Host, 'exchange' | 'shareFolder' | 'lookIntoFolder' | 'leaveFolder'>;

const keptSchema = z.object({ folder: z.string().min(1) });

/** How often it is asked whether a round is due. */
const TICK_MS = 1_000;
/** What others said is looked for as often as this. */
const LOOK_MS = 5_000;
/** While people count, what they say goes out in batches as far apart as this. */
const SOON_MS = 15_000;
const SOME_DAY_MS = 60_000;
/** Where the folder is away it is tried again after twice the time before, and never more than this. */
const LONGEST_PAUSE_MS = 60_000;
/** A system that has not answered for so long will not soon: the folder is as good as away. */
const NO_ANSWER_MS = 30_000;
/** The last round of a session may take so long; what it does not bring goes out at the next start. */
const LAST_ROUND_MS = 3_000;

function isDue(urgency: Urgency, since: number): boolean {
  switch (urgency) {
    case 'none':
      return false;
    case 'now':
      return true;
    case 'soon':
      return since >= SOON_MS;
    case 'some day':
      return since >= SOME_DAY_MS;
  }
}

/** What stops an exchange, as its state. */
function stateOf(problem: HostError | CarrierError): Pick<Exchange, 'state' | 'detail'> {
  switch (problem.code) {
    case 'away':
    case 'read_only':
    case 'full':
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
export async function createExchange(
  options: ExchangeOptions,
): Promise<{ readonly calls: ExchangeCalls; close(): Promise<void> }> {
  const { journal, ledger, taking, clock, here, log } = options;
  const kept = await openKept({
    disk: options.disk,
    folder: options.profile,
    name: 'exchange',
    schema: keptSchema,
    onMended: options.onMended,
  });
  const inTurn = createTurns();
  const urgencyBehind = createUrgency(journal);
  let folder = kept.found === 'whole' ? (kept.content()?.folder ?? null) : null;
  let opened: { readonly place: CarrierPlace; readonly rounds: Rounds } | null = null;
  let last: Round | null = null;
  let lastAt: string | null = null;
  let problem: Pick<Exchange, 'state' | 'detail'> | null = null;
  /** Ms of the steady clock: when to look next, when own entries were put last, since when a round is under way. */
  let nextAt = Number.NEGATIVE_INFINITY;
  let putAt = Number.NEGATIVE_INFINITY;
  let ownNextAt = Number.NEGATIVE_INFINITY;
  let startedAt: number | null = null;
  let pause = LOOK_MS;
  let isClosed = false;
  let isOver = false;
  let callOff = (): void => undefined;

  /** Only a laptop that is one of its site exchanges. */
  function place(): CarrierPlace | null {
    const { root } = ledger.team().trust;
    const isOne = here() === 'counting' || here() === 'supervising';
    if (folder === null || root === null || !isOne || journal.refusal() !== null) return null;
    return { folder, site: root.id, laptop: laptopKey(journal.status().device) };
  }

  function roundsAt(where: CarrierPlace): Rounds {
    if (opened?.place.folder !== where.folder || opened.place.site !== where.site)
      opened = {
        place: where,
        rounds: createRounds({ ...options, carrier: untilOver(options.openCarrier(where), () => isOver) }),
      };
    return opened.rounds;
  }

  function forget(): void {
    opened = null;
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

  async function round(where: CarrierPlace, withOwn: boolean): Promise<void> {
    const rounds = roundsAt(where);
    startedAt = clock.steady();
    const before = rounds.covered();
    const done = await rounds.run(withOwn).catch((cause: unknown) => {
      broke(cause);
      return err<CarrierError>({ code: 'failed', detail: 'unknown' });
    });
    startedAt = null;
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
    const isOwnDue = isDue(urgency, clock.steady() - putAt) && clock.steady() >= ownNextAt;
    const isReached = problem === null;
    if (clock.steady() >= nextAt || (isOwnDue && isReached)) await round(where, isOwnDue || lastAt === null);
  }

  async function tick(): Promise<void> {
    await inTurn(step).catch((cause: unknown) => broke(cause));
    if (!isClosed) callOff = options.after(TICK_MS, tick);
  }

  /** Of a folder that was not reached since the start it is not known what lies there. */
  function toPut(): number {
    if (lastAt === null) return 0;
    return Math.max(0, journal.status().seq - (opened?.rounds.covered() ?? 0));
  }

  function status(): Exchange | null {
    if (folder === null) return null;
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
      folder,
      ...state,
      lastAt,
      toPut: toPut(),
      missing: missing.map(({ laptop, fromSeq }) => ({ laptop: nameOf(laptop), fromSeq })),
      refused: refused.map((one) => ({ ...one, laptop: nameOf(one.laptop) })),
    };
  }

  async function share(): Promise<Awaited<ReturnType<Host['shareFolder']>>> {
    const { root } = ledger.team().trust;
    if (here() === 'revoked') return err({ code: 'laptop_revoked' });
    if (root === null || (here() !== 'counting' && here() !== 'supervising')) return err({ code: 'no_site' });
    const chosen = await options.chooseFolder();
    if (chosen === null) return ok({ outcome: 'cancelled' });
    const { device } = journal.status();
    const begun = await options.openCarrier({ folder: chosen, site: root.id, laptop: laptopKey(device) }).begin();
    if (!begun.ok) return err({ code: 'folder_not_usable', why: begun.error.code });
    await kept.save({ folder: chosen }, device);
    folder = chosen;
    forget();
    log('info', 'folder_shared');
    const told = status();
    return told === null ? ok({ outcome: 'cancelled' }) : ok({ outcome: 'chosen', exchange: told });
  }

  callOff = options.after(TICK_MS, tick);

  return {
    calls: {
      exchange: async () => ok({ news: taking.news(), exchange: status() }),
      shareFolder: share,
      async lookIntoFolder() {
        nextAt = Number.NEGATIVE_INFINITY;
        pause = LOOK_MS;
        return ok({});
      },
      async leaveFolder(): Promise<Result<Record<string, never>, HostError>> {
        await kept.remove();
        folder = null;
        forget();
        log('info', 'folder_left');
        return ok({});
      },
    },
    /** What was said last goes out, if the folder is there and answers; nobody waits long for it. */
    async close() {
      isClosed = true;
      callOff();
      let stopWaiting = (): void => undefined;
      const late = new Promise<void>((resolve) => {
        stopWaiting = options.after(LAST_ROUND_MS, async () => resolve());
      });
      const where = place();
      const isUp = where !== null && problem === null && startedAt === null && toPut() > 0;
      const last = inTurn(async () => (isUp ? round(where, true) : undefined)).catch(broke);
      await Promise.race([last, late]);
      stopWaiting();
      // A round that is still waiting for the folder goes no further.
      isOver = true;
    },
  };
}
