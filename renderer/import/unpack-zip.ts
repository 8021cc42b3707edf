import { TABLE_LIMITS } from '../../shared/domain/import/table.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';

export type ZipError =
  | { readonly code: 'damaged_xlsx' }
  | { readonly code: 'file_too_large'; readonly bytes: number; readonly most: number };

/** One file of an archive, still packed. `size` is what the archive says it will be. */
export type ZipEntry = {
  readonly name: string;
  readonly method: number;
  readonly packed: Uint8Array;
  readonly size: number;
};

/** How many bytes may still come out of an archive, over all its files. */
export type UnpackBudget = { left: number };

const END_RECORD = 0x06054b50;
const CENTRAL_RECORD = 0x02014b50;
const LOCAL_RECORD = 0x04034b50;
const MOST_ENTRIES = 10_000;
const STORED = 0;
const DEFLATED = 8;
/** Packed bytes handed on at a time: what comes out of them at once is bounded too. */
const PACKED_PIECE = 64_000;

/** More than so many bytes out of one packed byte, and more than this in all, is a bomb: sheets swell to 20 or 60 times. */
const MOST_SWELLING = 300;
const SWELLING_FROM = 50_000_000;

const swells = (size: number, packed: Uint8Array): boolean =>
  size > SWELLING_FROM && size > packed.length * MOST_SWELLING;

/** What is in an archive (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16; no ZIP64, no encryption). */
export function listEntries(bytes: Uint8Array): Result<readonly ZipEntry[], ZipError> {
  const entries = readDirectory(bytes);
  return entries === null ? err({ code: 'damaged_xlsx' }) : ok(entries);
}

function readDirectory(bytes: Uint8Array): readonly ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const lowest = Math.max(0, end - 65_535);
  while (end >= lowest && view.getUint32(end, true) !== END_RECORD) end -= 1;
  if (end < lowest || end < 0) return null;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > MOST_ENTRIES) return null;
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL_RECORD) return null;
    const method = view.getUint16(at + 10, true);
    const packedSize = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL_RECORD) return null;
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packedSize > bytes.length || (method !== STORED && method !== DEFLATED)) return null;
    entries.push({ name, method, packed: bytes.subarray(start, start + packedSize), size });
  }
  return entries;
}

/** Refuses before a byte is unpacked: what these files say they hold is more than may come out. */
export function withinBudget(entries: readonly ZipEntry[], budget: UnpackBudget): Result<null, ZipError> {
  const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
  const isBomb = entries.some((entry) => swells(entry.size, entry.packed));
  return bytes <= budget.left && !isBomb
    ? ok(null)
    : err({ code: 'file_too_large', bytes, most: TABLE_LIMITS.unpacked });
}

/**
 * Unpacks one file piece by piece and gives each to `take`; false from it ends the reading. Bytes are counted as they
 * come out, so an archive that lies about its sizes stops at the budget too, and nothing is ever held whole.
 */
export async function unpackEntry(
  entry: ZipEntry,
  budget: UnpackBudget,
  take: (piece: Uint8Array) => boolean,
): Promise<Result<null, ZipError>> {
  const fits = withinBudget([entry], budget);
  if (!fits.ok) return fits;
  const reader = unpacked(entry).getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return ok(null);
      budget.left -= value.length;
      size += value.length;
      const tooMuch = budget.left < 0 || swells(size, entry.packed);
      if (!tooMuch && take(value)) continue;
      await reader.cancel();
      return tooMuch
        ? err({ code: 'file_too_large', bytes: TABLE_LIMITS.unpacked - budget.left, most: TABLE_LIMITS.unpacked })
        : ok(null);
    }
  } catch {
    return err({ code: 'damaged_xlsx' });
  }
}

function unpacked({ method, packed }: ZipEntry): ReadableStream<Uint8Array> {
  let at = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= packed.length) controller.close();
      else controller.enqueue(new Uint8Array(packed.subarray(at, at + PACKED_PIECE)));
      at += PACKED_PIECE;
    },
  });
  return method === STORED ? source : source.pipeThrough(new DecompressionStream('deflate-raw'));
}
