import { readCarried } from '../../../shared/ports/carrier.ts';
import type { ServedLaptop } from '../../../shared/ports/site-server.ts';

/**
 * Who may read a stretch: `open`: everybody of the site; `book`: laptops that supervise; `count`: those, and the laptop that
 * counted. It stands before the laptop, so that one pattern is one right.
 */
export type Lane = 'open' | 'book' | 'count';
export type ServedRole = ServedLaptop['role'];

/** What one laptop reads through a consumer of its own: the name of that, and what it lets through. */
export type Scope = { readonly consumer: string; readonly filter: string };

/** Bytes of one message; a stretch that is larger is cut into parts. */
export const MESSAGE_BYTES = 1_000_000;

const siteKey = (site: string) => site.slice(0, 16);
const rootOf = (site: string) => `tb.${siteKey(site)}`;

/** The one stream of a site. */
export function streamOf(site: string): string {
  return `TB_${siteKey(site)}`;
}

/** Everything that the stream keeps. */
export function allSubjects(site: string): string {
  return `${rootOf(site)}.>`;
}

/** A lane that nobody knows yet is read by those who may read everything. */
function laneNamed(lane: string): Lane {
  return lane === 'open' || lane === 'count' ? lane : 'book';
}

/**
 * The subject that a name lies under: it ends with the name, and the server keeps one message of each. Words in capitals
 * are no laptop's id. `laneOf`: the lane of a laptop whose stretches name none.
 */
export function subjectOf(site: string, name: string, asker: string, laneOf: (laptop: string) => Lane): string {
  const is = readCarried(name);
  const root = rootOf(site);
  switch (is?.is) {
    case 'stretch':
      return `${root}.${is.lane === undefined ? laneOf(is.laptop) : laneNamed(is.lane)}.${is.laptop}.${name}`;
    case 'blob':
      return `${root}.open.BLOB.${name}`;
    case 'ask':
      return `${root}.open.ASK.${asker}.${name}`;
    case undefined:
      throw new Error('only names of ours are put');
  }
}

/** The name that lies under a subject; null: it is none of ours, or does not lie where it belongs. */
export function nameUnder(site: string, subject: string): string | null {
  const [, key, lane, owner, ...rest] = subject.split('.');
  const is = readCarried(owner === 'ASK' ? rest.slice(1).join('.') : rest.join('.'));
  if (is === null || key !== siteKey(site)) return null;
  switch (is.is) {
    case 'stretch':
      return owner === is.laptop && (is.lane === undefined || laneNamed(is.lane) === lane) ? rest.join('.') : null;
    case 'blob':
      return owner === 'BLOB' && lane === 'open' ? rest.join('.') : null;
    case 'ask':
      return owner === 'ASK' && lane === 'open' ? rest.slice(1).join('.') : null;
  }
}

/** Where the parts of something large lie that is named under `subject`. */
export function partSubject(subject: string, sha256: string, part: number): string {
  return `${subject.split('.').slice(0, 4).join('.')}.PART.${sha256}.${part}`;
}

/** What a laptop reads. A consumer lets one pattern through, so one that counts has two. */
export function scopesOf(site: string, laptop: string, role: ServedRole): readonly Scope[] {
  const root = rootOf(site);
  return role === 'supervising'
    ? [{ consumer: `${laptop}-all`, filter: `${root}.>` }]
    : [
        { consumer: `${laptop}-open`, filter: `${root}.open.>` },
        { consumer: `${laptop}-own`, filter: `${root}.count.${laptop}.>` },
      ];
}

/** The consumer that single names of a scope are read through. */
export function readerOf({ consumer }: Scope): string {
  return `${consumer}-get`;
}

/** Where the server answers a laptop: nobody else may listen there. */
export function inboxOf(laptop: string): string {
  return `_INBOX.${laptop}`;
}

/**
 * What a laptop may publish and listen to; everything else is refused by the server. Names of consumers are fixed and their
 * filters stand in the right to make them: a wildcard there would let whoever counts pull from another's.
 */
export function rightsOf(
  site: string,
  laptop: string,
  role: ServedRole,
): { readonly publish: readonly string[]; readonly subscribe: readonly string[] } {
  const root = rootOf(site);
  const stream = streamOf(site);
  const consumers = scopesOf(site, laptop, role).flatMap((scope) =>
    [scope.consumer, readerOf(scope)].flatMap((name) => [
      `$JS.API.CONSUMER.CREATE.${stream}.${name}.${scope.filter}`,
      ...['MSG.NEXT', 'DELETE'].map((call) => `$JS.API.CONSUMER.${call}.${stream}.${name}`),
    ]),
  );
  const own =
    role === 'supervising'
      ? // Forwards what others said. The stream is made once; made again as it is, nothing happens.
        [`${root}.>`, `$JS.API.STREAM.CREATE.${stream}`]
      : [`${root}.count.${laptop}.>`, `${root}.open.ASK.${laptop}.>`];
  return { publish: [...own, ...consumers], subscribe: [`${inboxOf(laptop)}.>`] };
}
