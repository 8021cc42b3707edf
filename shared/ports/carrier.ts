import type { Result } from '../domain/result.ts';

/**
 * Why a carrier cannot be used just now. `away`: it is not where it was, or cannot be reached. `not_admitted`: its server
 * does not know this laptop. `other_server`: another one answers in its place. `detail`: the system's code.
 */
export type CarrierError =
  | { readonly code: 'away' | 'read_only' | 'full' | 'not_admitted' | 'other_server' }
  | { readonly code: 'failed'; readonly detail: string };

/** What a carrier can promise beyond carrying bytes. */
export type CarrierAbilities = {
  /** What was put stays as it was: nobody can change or remove it. */
  readonly appendOnly: boolean;
  /** Not everybody who reaches it may read everything. */
  readonly readRights: boolean;
  /** It tells by itself when something came. */
  readonly live: boolean;
};

/**
 * Carries bytes under names between the laptops of one site, and is never the truth: whatever it loses, damages or invents
 * is found by whoever reads it. Names are of the shape that `readCarried` reads; anything else that lies there is not seen.
 */
export type Carrier = {
  readonly abilities: CarrierAbilities;
  /** Makes the place ready when a person has just chosen it. A place that is gone later is never made anew. */
  begin(): Promise<Result<null, CarrierError>>;
  list(): Promise<Result<readonly string[], CarrierError>>;
  /** The bytes of a name, as they are there now; null: there is no such name. */
  get(name: string): Promise<Result<Uint8Array | null, CarrierError>>;
  /** Never replaces what is there. Once it has answered, others see all of it or, where it was refused, nothing. */
  put(name: string, bytes: Uint8Array): Promise<Result<'put' | 'there', CarrierError>>;
  /** Takes a name away, where the carrier lets anybody do that; nothing happens when it is not there. */
  remove?(name: string): Promise<Result<null, CarrierError>>;
  /** Calls back when names came, where the carrier is live; answers how to call that off. */
  watch?(run: () => void): () => void;
  /** Lets go of what is held open; a later call opens it again. */
  close?(): Promise<void>;
};

/** Who a laptop is to a server: its public key, base64url, and what answers a challenge; null: that is none. */
export type Login = { readonly key: string; readonly answer: (challenge: string) => string | null };

const AWAY = { ok: false, error: { code: 'away' } } as const;

/** Nowhere. */
export const NO_CARRIER: Carrier = {
  abilities: { appendOnly: false, readRights: false, live: false },
  begin: async () => AWAY,
  list: async () => AWAY,
  get: async () => AWAY,
  put: async () => AWAY,
};

/**
 * What a name says. `stretch`: entries `from` to `to` of a laptop's chain, the newest with a hash that begins with `head`;
 * `lane`: of one of its chains, where it has several. `blob`: a file by its content. `ask`: somebody could not read what is
 * named; whoever holds it puts it there once more. `copy`: 1, or more where an earlier one was spoiled.
 */
export type Carried =
  | {
      readonly is: 'stretch';
      readonly laptop: string;
      readonly lane?: string;
      readonly from: number;
      readonly to: number;
      readonly head: string;
      readonly copy: number;
    }
  | { readonly is: 'blob'; readonly sha256: string; readonly copy: number }
  | { readonly is: 'ask'; readonly of: string };

/** A thing is put again at most so often. */
export const MOST_COPIES = 99;
/** So many digits of a hash stand in a name. */
export const HEAD_DIGITS = 12;

const STRETCH =
  /^([a-z\d-]{1,64})(?:\.([a-z]{1,16}))?\.([1-9]\d{0,11})-([1-9]\d{0,11})\.([\da-f]{12})(?:\.([2-9]|[1-9]\d))?\.seg$/;
const BLOB = /^([\da-f]{64})(?:\.([2-9]|[1-9]\d))?\.blob$/;
const ASK = /^(.+)\.ask$/;

/** Reads a name; null: it is none of ours, as a half copy, a conflict copy or somebody's holiday picture is. */
export function readCarried(name: string): Carried | null {
  const asked = ASK.exec(name)?.[1];
  if (asked !== undefined) return STRETCH.test(asked) || BLOB.test(asked) ? { is: 'ask', of: asked } : null;
  const [, sha256, again = '1'] = BLOB.exec(name) ?? [];
  if (sha256 !== undefined) return { is: 'blob', sha256, copy: Number(again) };
  const [, laptop, lane, from, to, head, copy = '1'] = STRETCH.exec(name) ?? [];
  if (laptop === undefined || head === undefined) return null;
  const numbers = { from: Number(from), to: Number(to), copy: Number(copy) };
  if (numbers.from > numbers.to) return null;
  return { is: 'stretch', laptop, ...(lane !== undefined && { lane }), ...numbers, head };
}

/** The name of something that is carried. */
export function carriedName(what: Carried): string {
  switch (what.is) {
    case 'stretch': {
      const { laptop, lane, from, to, head, copy } = what;
      const parts = [laptop, lane, `${from}-${to}`, head, copy > 1 ? String(copy) : undefined, 'seg'];
      return parts.filter((part) => part !== undefined).join('.');
    }
    case 'blob':
      return `${what.sha256}${what.copy > 1 ? `.${what.copy}` : ''}.blob`;
    case 'ask':
      return `${what.of}.ask`;
  }
}
