/** A nats-server that is new enough, or why there is none. */
export function ensureNatsServer(options?: {
  log?: (line: string) => void;
  env?: NodeJS.ProcessEnv;
}): Promise<{ ok: true; value: string } | { ok: false; error: { code: string; sentence: string } }>;
export function readVersion(output: string): string | null;
export function mirrorOf(targets: string, codename: string): string | null;
