import { carriedName, readCarried, type Carrier } from '../../../shared/ports/carrier.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import { sha256 } from '../disk/sha256.ts';
import type { Clock } from '../disk/turns.ts';
import { putCarried } from './exchange-put.ts';
import { got, LONGEST_PAUSE_MS, SPOILED_AFTER, type Seen } from './exchange-seen.ts';
import { unpackSegment } from './segments.ts';
import type { Taking } from './taking.ts';

type FileParts = {
  readonly carrier: Carrier;
  readonly seen: Seen;
  readonly ledger: Pick<Ledger, 'state'>;
  readonly files: Pick<CatalogueFiles, 'has' | 'read'>;
  readonly taking: Pick<Taking, 'inTurn' | 'keepCatalogues'>;
  readonly clock: Clock;
};

async function contentOf(files: FileParts['files'], digest: string): Promise<Buffer | null> {
  const pieces: string[] = [];
  for (let offset: number | undefined = 0; offset !== undefined;) {
    const page = await files.read(digest, offset);
    if (!page.ok) return null;
    pieces.push(page.value.lines);
    offset = page.value.next;
  }
  const content = Buffer.from(pieces.join(''));
  return sha256(content) === digest ? content : null;
}

async function takeFile(
  { carrier, seen, taking }: FileParts,
  { digest, what, names }: { digest: string; what: 'items' | 'bins'; names: readonly string[] },
): Promise<HostError | null> {
  for (const name of names) {
    if (!seen.mayTry(name)) continue;
    const bytes = await got(carrier.get(name));
    if (bytes === null) continue;
    const content = Buffer.from(bytes);
    if (sha256(content) === digest) {
      seen.forgive(name);
      const catalogue = { sha256: digest, what, bytes: content.length, content };
      return taking.inTurn(() => taking.keepCatalogues([catalogue]));
    }
    seen.note(name, 'damaged', '', 0);
  }
  return null;
}

/**
 * Takes the lists that the ledger names and are not here, and, where this laptop may put any, puts those that are here and
 * do not lie there.
 */
export async function exchangeFiles(parts: FileParts & { readonly mayPut: boolean }): Promise<HostError | null> {
  const { seen, ledger, files } = parts;
  const there = new Map<string, string[]>();
  for (const [name, is] of seen.others()) {
    if (is.is === 'blob') there.set(is.sha256, [...(there.get(is.sha256) ?? []), name]);
  }
  const { items, bins } = ledger.state().catalogues;
  for (const [digests, what] of [[items, 'items'] as const, [bins, 'bins'] as const]) {
    for (const digest of digests) {
      const names = there.get(digest) ?? [];
      if (!files.has(digest)) {
        const failed = await takeFile(parts, { digest, what, names });
        if (failed !== null) return failed;
      } else if (parts.mayPut && names.every((name) => seen.isNoted(name))) {
        const content = await contentOf(files, digest);
        if (content !== null) await putCarried(parts, { is: 'blob', sha256: digest, copy: 1 }, content);
      }
    }
  }
  return null;
}

/** Asks for what could not be read, once it is sure that it will not become whole by itself. */
export async function askAgain({ carrier, seen }: Pick<FileParts, 'carrier' | 'seen'>): Promise<void> {
  for (const [name, { why, tries }] of seen.notes()) {
    const asked = carriedName({ is: 'ask', of: name });
    if (why !== 'damaged' || tries < SPOILED_AFTER || seen.has(asked)) continue;
    await got(carrier.put(asked, new Uint8Array()));
    seen.added(asked);
  }
}

/**
 * Looks into what others could not read and is held here: where it is spoiled that is noted, and it will be put once more.
 * `looked`: when each name was looked into, ms of the steady clock, kept between rounds.
 */
export async function lookInto(parts: FileParts, looked: Map<string, number>): Promise<void> {
  const { carrier, seen, files, clock } = parts;
  for (const [, question] of seen.others()) {
    if (question.is !== 'ask' || !seen.has(question.of)) continue;
    const { of: name } = question;
    const is = readCarried(name);
    if (is === null || is.is === 'ask') continue;
    const isNew = clock.steady() - (looked.get(name) ?? Number.NEGATIVE_INFINITY) > LONGEST_PAUSE_MS;
    const isHeld = is.is === 'blob' ? files.has(is.sha256) : (await seen.compare({ name, is })) === 'same';
    if (!isNew || !isHeld) continue;
    looked.set(name, clock.steady());
    const bytes = await got(carrier.get(name));
    if (bytes === null) continue;
    const isWhole =
      is.is === 'blob' ? sha256(bytes) === is.sha256 : typeof (await unpackSegment(bytes, is)) !== 'string';
    if (isWhole) seen.forgive(name);
    else seen.note(name, 'damaged', is.is === 'blob' ? '' : is.laptop, 0);
  }
}
