import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { SiteServer } from '../../../shared/ports/host.ts';
import type { ServedLaptop, SiteServerProblem, SiteServerRunner } from '../../../shared/ports/site-server.ts';
import type { Ledger } from '../authority/ledger.ts';
import { createTurns, type Clock } from '../disk/turns.ts';
import type { Log } from '../log/log.ts';
import type { LoopParts } from './exchange-loop.ts';
import { laptopKey } from './segments.ts';

type Started = { readonly port: number; readonly certificate: string };

type LaidOut = { readonly certificate: string; readonly laptops: readonly ServedLaptop[] };

type ServingParts = {
  readonly ledger: Pick<Ledger, 'team'>;
  readonly here: LoopParts['here'];
  readonly after: LoopParts['after'];
  readonly clock: Clock;
  readonly log: Log;
  readonly server: SiteServerRunner;
  /** Whether a person chose that this laptop serves the site, and where. */
  readonly isServing: () => { readonly port: number } | null;
  readonly onStarted: (started: Started) => Promise<void>;
};

export type Serving = {
  /** Null: it does not serve. */
  status(): SiteServer['serving'];
  begin(): Promise<Result<null, SiteServerProblem>>;
  /** Tries again now. */
  look(): void;
  stop(): Promise<void>;
  /** What a server elsewhere needs, in a folder; `laptops`: whom it lets in. */
  layInto(folder: string, port: number): Promise<Result<LaidOut, SiteServerProblem>>;
  close(): Promise<void>;
};

const TICK_MS = 1_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** The laptops that a server admits now: enrolled, with the key they have now, and not revoked. */
export function servedLaptops({ team }: Pick<Ledger, 'team'>): readonly ServedLaptop[] {
  const { laptops, revoked } = team().trust;
  return [...laptops.values()]
    .filter(({ laptop, revokedAt }) => revokedAt === undefined && !revoked.has(laptop))
    .map(({ laptop, name, key, role }) => ({ laptop: laptopKey(laptop), name, key, role }))
    .toSorted((left, right) => (left.laptop < right.laptop ? -1 : 1));
}

/**
 * Runs the site's server while a person wants it: starts it with the app, anew where it ended, and again when a laptop has
 * joined or was revoked. One closure: what runs, and when it is tried again, are one state.
 */
export function createServing(parts: ServingParts): Serving {
  const { ledger, here, clock, log, server, isServing } = parts;
  const inTurn = createTurns();
  /** What it was started with. */
  let started: string | null = null;
  let problem: SiteServerProblem | null = null;
  let nextAt = Number.NEGATIVE_INFINITY;
  let pause = FIRST_PAUSE_MS;
  let isClosed = false;
  let callOff = (): void => undefined;

  function setup(port: number) {
    return { site: ledger.team().trust.root?.id ?? '', port, laptops: servedLaptops(ledger) };
  }

  /** Whoever was revoked serves nobody, and without laptops there is nobody to serve. */
  function maySetUp(): boolean {
    return here() === 'supervising' && servedLaptops(ledger).length > 0;
  }

  async function start(port: number): Promise<Result<null, SiteServerProblem>> {
    const wanted = setup(port);
    const done = await server.start(wanted);
    problem = done.ok ? null : done.error;
    started = done.ok ? JSON.stringify(wanted) : null;
    log(done.ok ? 'info' : 'warn', 'site_server', {
      state: problem?.code ?? 'serving',
      laptops: wanted.laptops.length,
    });
    if (!done.ok) return done;
    pause = FIRST_PAUSE_MS;
    await parts.onStarted({ port, certificate: done.value.certificate });
    return { ok: true, value: null };
  }

  async function step(): Promise<void> {
    const where = isServing();
    if (where === null) return;
    if (!maySetUp()) {
      if (started !== null) await server.stop();
      started = null;
      return;
    }
    const ended = server.ended();
    if (ended !== null && started !== null) {
      [problem, started] = [ended, null];
      log('warn', 'site_server', { state: ended.code, detail: ended.detail });
    }
    const isAsWanted = started === JSON.stringify(setup(where.port));
    if (isAsWanted || clock.steady() < nextAt) return;
    const done = await start(where.port);
    if (done.ok) return;
    nextAt = clock.steady() + pause;
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }

  async function tick(): Promise<void> {
    await inTurn(step).catch((cause: unknown) =>
      log('error', 'site_server_broke', { problem: cause instanceof Error ? cause.name : typeof cause }),
    );
    if (!isClosed) callOff = parts.after(TICK_MS, tick);
  }

  callOff = parts.after(TICK_MS, tick);

  return {
    status() {
      const where = isServing();
      if (where === null) return null;
      const state = problem !== null ? problem.code : started === null ? 'starting' : 'serving';
      return { state, detail: problem?.detail ?? '', port: where.port };
    },
    begin: () =>
      inTurn(async () => {
        const where = isServing();
        if (where === null || !maySetUp()) return err<SiteServerProblem>({ code: 'failed', detail: 'not_supervising' });
        return start(where.port);
      }),
    look() {
      nextAt = Number.NEGATIVE_INFINITY;
      pause = FIRST_PAUSE_MS;
    },
    stop: () =>
      inTurn(async () => {
        await server.stop();
        [started, problem] = [null, null];
      }),
    layInto: (folder, port) =>
      inTurn(async () => {
        const { laptops, ...wanted } = setup(port);
        const laid = await server.layInto(folder, { ...wanted, laptops });
        return laid.ok ? ok({ ...laid.value, laptops }) : laid;
      }),
    async close() {
      isClosed = true;
      callOff();
      await inTurn(() => server.stop());
    },
  };
}
