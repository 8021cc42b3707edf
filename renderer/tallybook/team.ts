import { useEffect, useSyncExternalStore } from 'react';
import { err } from '../../shared/domain/result.ts';
import type { Exchange, Host, HostError, Laptop, SiteServer, Team } from '../../shared/ports/host.ts';
import { useTallybook } from './tallybook-context.tsx';

/** What the host said of the site last: undefined until it has answered, and a refusal beside what was known before. */
export type KnownTeam = {
  readonly team: Team | undefined;
  /** ISO: when it was last given. */
  readonly givenAt: string;
  readonly problem: HostError | undefined;
  /** The shared folder; null: none was chosen, undefined: not asked yet. */
  readonly exchange: Exchange | null | undefined;
  /** The site's server, in the same way. */
  readonly server: SiteServer | null | undefined;
};

type TeamSource = {
  subscribe(listener: () => void): () => void;
  known(): KnownTeam;
  ask(): Promise<void>;
  tell(exchange: Exchange | null): void;
  tellServer(server: SiteServer | null): void;
};

const NOTHING: KnownTeam = { team: undefined, givenAt: '', problem: undefined, exchange: undefined, server: undefined };
const sources = new WeakMap<object, TeamSource>();

/** The one source of a host: rail, status line and screen ask together, and show the same. */
export function teamSource(host: Pick<Host, 'team'>): TeamSource {
  const found = sources.get(host);
  if (found !== undefined) return found;
  let known = NOTHING;
  let turn = 0;
  const listeners = new Set<() => void>();
  const made: TeamSource = {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    known: () => known,
    async ask() {
      turn += 1;
      const own = turn;
      const answer = await host.team({}).catch(() => err({ code: 'host_failed' as const }));
      // Of two that overlap the one asked last has seen more.
      if (own !== turn) return;
      const givenAt = new Date().toISOString();
      known = answer.ok
        ? { ...known, team: answer.value, givenAt, problem: undefined }
        : { ...known, problem: answer.error };
      for (const listener of listeners) listener();
    },
    tell(exchange) {
      if (JSON.stringify(exchange) === JSON.stringify(known.exchange)) return;
      known = { ...known, exchange };
      for (const listener of listeners) listener();
    },
    tellServer(server) {
      if (JSON.stringify(server) === JSON.stringify(known.server)) return;
      known = { ...known, server };
      for (const listener of listeners) listener();
    },
  };
  sources.set(host, made);
  return made;
}

/** The site and its laptops; `ask` asks the host anew, after something about them was done. */
export function useTeam(): KnownTeam & { readonly ask: () => Promise<void> } {
  const { host } = useTallybook();
  const source = teamSource(host);
  const known = useSyncExternalStore(source.subscribe, source.known);
  useEffect(() => {
    if (source.known().team === undefined && source.known().problem === undefined) void source.ask();
  }, [source]);
  return { ...known, ask: source.ask };
}

/** The laptops that belong to the site now and are not this one. */
export function otherLaptops(team: Team): readonly Laptop[] {
  return team.laptops.filter(({ isHere, state }) => !isHere && state === 'enrolled');
}

/** Of these the one that something was heard of last; undefined while nothing was heard of any. */
export function lastHeard(laptops: readonly Laptop[]): (Laptop & { readonly heardAt: string }) | undefined {
  let newest: (Laptop & { readonly heardAt: string }) | undefined;
  for (const laptop of laptops) {
    const { heardAt } = laptop;
    if (heardAt !== null && (newest === undefined || heardAt > newest.heardAt)) newest = { ...laptop, heardAt };
  }
  return newest;
}

/** After this long without a word, what a laptop has counted since is a risk worth saying. */
const SILENT_MS = 2 * 60 * 60 * 1000;

/**
 * Whether a laptop has said something here and was silent since: what is counted on it meanwhile lies on it alone. Neither
 * this laptop nor a revoked one is silent. `now`: ISO.
 */
export function isSilent(laptop: Laptop, now: string): laptop is Laptop & { readonly heardAt: string } {
  const { heardAt, isHere, state, entries } = laptop;
  const isLate = heardAt !== null && Date.parse(heardAt) < Date.parse(now) - SILENT_MS;
  return isLate && !isHere && state === 'enrolled' && entries > 0;
}

/**
 * Up to when it is known here what was done on another laptop: the time of its newest entry that is held, by its own clock,
 * for a file may be on its way for hours. A clock that runs ahead says no more than when it was heard. Null: nothing is held.
 */
export function knownUpTo({ newestAt, heardAt }: Pick<Laptop, 'newestAt' | 'heardAt'>): string | null {
  if (newestAt === null || heardAt === null) return newestAt;
  return newestAt < heardAt ? newestAt : heardAt;
}

/** The name of the laptop that said something; what no site knows is named by the beginning of its number. */
export function laptopName(team: Team | undefined, device: string): string {
  return team?.laptops.find(({ laptop }) => laptop === device)?.name ?? device.slice(0, 8);
}
