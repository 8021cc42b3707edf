import { join } from 'node:path';
import type { z } from 'zod';
import type { Mended } from '../../../shared/ports/host.ts';
import { writeWhole, type Disk } from './disk.ts';
import { sha256 } from './sha256.ts';

/** A small file that the host believes: `people` is kept as `people.json` and `people.copy.json`. */
export type KeptName =
  | 'device'
  | 'people'
  | 'keys'
  | 'vault'
  | 'restoring'
  | 'heads'
  | 'dispute'
  | 'daily-copy'
  | 'laptop'
  | 'exchange';

/**
 * What stood on disk when it was opened. `bare`: written by a Tallybook before 0.2, without a checksum, and no copy beside
 * it. `lost`: there was something, and nothing of it can be believed.
 */
export type KeptFound = 'whole' | 'absent' | 'bare' | 'lost';

export type KeptFile<Content> = {
  readonly found: KeptFound;
  /** What was found, or saved last; null when that is nothing. */
  content(): Content | null;
  /** Device that the file says it belongs to; null for a bare file or none. */
  device(): string | null;
  /** Replaces both copies, one after the other; throws when the disk takes neither. Call it in turn. */
  save(content: Content, device: string): Promise<void>;
  /** Removes both. */
  remove(): Promise<void>;
};

type KeptOptions<Content> = {
  disk: Disk;
  folder: string;
  name: KeptName;
  schema: z.ZodType<Content>;
  /** Whose file it must be; absent: whoever's (the device file says so itself). */
  device?: string;
  /** Told what was not as it was written. */
  onMended: (mended: Mended) => void;
};

type Envelope = { file: string; device: string; generation: number; content: unknown };
type Copy<Content> =
  | { is: 'absent' | 'damaged' | 'foreign' }
  | { is: 'bare'; content: Content }
  | { is: 'whole'; content: Content; device: string; generation: number; text: string };

const SEALED = /^\{"sum":"([0-9a-f]{64})","kept":(\{[^]*\})\}\n$/;

/** A value in an envelope: its checksum covers every byte of it, and the envelope says what file of whose it is. */
export function sealKept(envelope: Envelope): string {
  const body = JSON.stringify(envelope);
  return `{"sum":"${sha256(body)}","kept":${body}}\n`;
}

/** The envelope of a text, if every byte is as it was written. */
export function openKeptText(text: string): Envelope | null {
  const [, sum, body] = SEALED.exec(text) ?? [];
  return body !== undefined && sha256(body) === sum ? (JSON.parse(body) as Envelope) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readCopy<Content>(options: KeptOptions<Content>, path: string): Promise<Copy<Content>> {
  // A file that the disk does not give is as good as damaged: the other copy answers for it.
  const bytes = await options.disk.read(path).catch(() => undefined);
  if (bytes === null) return { is: 'absent' };
  const text = bytes?.toString('utf8') ?? '';
  const envelope = openKeptText(text);
  if (envelope === null) {
    const bare = options.schema.safeParse(parseJson(text));
    return bare.success ? { is: 'bare', content: bare.data } : { is: 'damaged' };
  }
  const { file, device, generation, content } = envelope;
  if (file !== options.name || (options.device !== undefined && device !== options.device)) return { is: 'foreign' };
  const parsed = options.schema.safeParse(content);
  return parsed.success ? { is: 'whole', content: parsed.data, device, generation, text } : { is: 'damaged' };
}

/** The newest copy that is whole. */
function newestOf<Content>(copies: readonly Copy<Content>[]): Extract<Copy<Content>, { is: 'whole' }> | null {
  let newest: Extract<Copy<Content>, { is: 'whole' }> | null = null;
  for (const copy of copies)
    if (copy.is === 'whole' && (newest === null || copy.generation > newest.generation)) newest = copy;
  return newest;
}

/** Writes copies anew that do not say what the newest does. A disk that refuses is asked again at the next start. */
async function mendOthers<Content>(
  { disk, name, onMended }: KeptOptions<Content>,
  paths: readonly string[],
  copies: readonly Copy<Content>[],
  text: string,
): Promise<void> {
  for (const [index, copy] of copies.entries()) {
    if (copy.is === 'whole' && copy.text === text) continue;
    onMended({ file: name, what: copy.is === 'foreign' ? 'foreign_healed' : 'healed' });
    await writeWhole(disk, paths[index] ?? '', text).catch(() => undefined);
  }
}

/**
 * Opens a small file that is kept twice. The newest copy that is whole counts, and mends the other. Where neither is whole
 * nothing of it is believed: a file that fails is never taken for one that was not there.
 */
export async function openKept<Content extends object>(options: KeptOptions<Content>): Promise<KeptFile<Content>> {
  const { disk, folder, name, onMended } = options;
  const paths = [join(folder, `${name}.json`), join(folder, `${name}.copy.json`)];
  const copies = await Promise.all(paths.map((path) => readCopy(options, path)));
  const newest = newestOf(copies);
  const [first, second] = copies;
  let generation = newest?.generation ?? 0;
  let device = newest?.device ?? null;
  let content: Content | null = newest === null ? null : newest.content;
  let found: KeptFound = 'whole';
  if (newest !== null) await mendOthers(options, paths, copies, newest.text);
  else if (first?.is === 'absent' && second?.is === 'absent') found = 'absent';
  else if (first?.is === 'bare' && second?.is === 'absent') {
    found = 'bare';
    content = first.content;
  } else {
    found = 'lost';
    onMended({ file: name, what: copies.some((copy) => copy.is === 'foreign') ? 'foreign' : 'lost' });
  }

  return {
    found,
    content: () => content,
    device: () => device,
    async save(next, of) {
      const text = sealKept({ file: name, device: of, generation: generation + 1, content: next });
      await writeWhole(disk, paths[0] ?? '', text);
      generation += 1;
      content = next;
      device = of;
      // The first copy holds it already; a second one that the disk refuses is written at the next start.
      await writeWhole(disk, paths[1] ?? '', text).catch(() => undefined);
    },
    async remove() {
      for (const path of paths) await disk.remove(path);
      await disk.syncFolder(folder);
      content = null;
    },
  };
}
