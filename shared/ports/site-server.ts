import type { Result } from '../domain/result.ts';

/** A laptop that a site server admits: its id as it stands in names, its name and public key, and what it may write. */
export type ServedLaptop = {
  readonly laptop: string;
  readonly name: string;
  readonly key: string;
  readonly role: 'counting' | 'supervising';
};

/** What a site server is set up with. `site`: its id. */
export type SiteServerSetup = {
  readonly site: string;
  readonly port: number;
  readonly laptops: readonly ServedLaptop[];
};

/**
 * Why no server runs here. `not_installed`: nats-server was not found. `too_old`: `detail` is its version. `port_taken`:
 * another program listens there. `failed`: `detail` is the system's code, or what the server said last.
 */
export type SiteServerProblem = {
  readonly code: 'not_installed' | 'too_old' | 'port_taken' | 'failed';
  readonly detail: string;
};

/** Runs the server of a site on this machine, or gives somebody else what is needed to. One at a time. */
export type SiteServerRunner = {
  /** Starts it, or starts it anew with another setup; answers its certificate. */
  start(setup: SiteServerSetup): Promise<Result<{ readonly certificate: string }, SiteServerProblem>>;
  stop(): Promise<void>;
  /** Why it does not run any more, though it was started and nobody stopped it; null: it does, or was never started. */
  ended(): SiteServerProblem | null;
  /** Lays everything that a server needs into a folder, for whoever runs it there; answers its certificate. */
  layInto(folder: string, setup: SiteServerSetup): Promise<Result<{ readonly certificate: string }, SiteServerProblem>>;
};

const NOT_INSTALLED = { ok: false, error: { code: 'not_installed', detail: '' } } as const;

/** Nothing that could run one. */
export const NO_RUNNER: SiteServerRunner = {
  start: async () => NOT_INSTALLED,
  stop: async () => undefined,
  ended: () => null,
  layInto: async () => NOT_INSTALLED,
};
