import { TABLE_LIMITS } from '../../shared/domain/import/table.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';

export type ZipError =
  | { readonly code: 'damaged_xlsx' }
  | { readonly code: 'file_too_large'; readonly bytes: number; readonly most: number };
type ZipEntry = { readonly name: string; readonly method: number; readonly packed: Uint8Array };

const END_RECORD = 0x06054b50;
const CENTRAL_RECORD = 0x02014b50;
const LOCAL_RECORD = 0x04034b50;
const MOST_ENTRIES = 10_000;
const STORED = 0;
const DEFLATED = 8;

/**
 * Unpacks an archive (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16; no ZIP64, no encryption) and packs it again
 * without compression. Bytes are counted as they come out, so an archive that lies about its sizes stops at the limit
 * too; and a reader of the result needs no worker of its own, which the page's policy would refuse.
 */
export async function storeZip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
): Promise<Result<Uint8Array<ArrayBuffer>, ZipError>> {
  const entries = listEntries(bytes);
  if (entries === null) return err({ code: 'damaged_xlsx' });
  const files: { readonly name: Uint8Array; readonly content: Uint8Array }[] = [];
  let left: number = TABLE_LIMITS.unpacked;
  for (const entry of entries.filter((one) => wanted(one.name))) {
    const content = entry.method === STORED ? ok(entry.packed) : await inflate(entry.packed, left);
    if (!content.ok) return content;
    left -= content.value.length;
    if (left < 0) return err({ code: 'file_too_large', bytes: TABLE_LIMITS.unpacked, most: TABLE_LIMITS.unpacked });
    files.push({ name: new TextEncoder().encode(entry.name), content: content.value });
  }
  return ok(writeStored(files));
}

function listEntries(bytes: Uint8Array): readonly ZipEntry[] | null {
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
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL_RECORD) return null;
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packedSize > bytes.length || (method !== STORED && method !== DEFLATED)) return null;
    entries.push({ name, method, packed: bytes.subarray(start, start + packedSize) });
  }
  return entries;
}

async function inflate(packed: Uint8Array, most: number): Promise<Result<Uint8Array, ZipError>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    const reader = new Blob([new Uint8Array(packed)])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'))
      .getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) {
        await reader.cancel();
        return err({ code: 'file_too_large', bytes: size, most: TABLE_LIMITS.unpacked });
      }
      pieces.push(value);
    }
  } catch {
    return err({ code: 'damaged_xlsx' });
  }
  return ok(joined(pieces, size));
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function writeStored(
  files: readonly { readonly name: Uint8Array; readonly content: Uint8Array }[],
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, LOCAL_RECORD, true);
    local.setUint16(4, 20, true);
    local.setUint32(18, content.length, true);
    local.setUint32(22, content.length, true);
    local.setUint16(26, name.length, true);
    const record = new DataView(new ArrayBuffer(46));
    record.setUint32(0, CENTRAL_RECORD, true);
    record.setUint16(6, 20, true);
    record.setUint32(20, content.length, true);
    record.setUint32(24, content.length, true);
    record.setUint16(28, name.length, true);
    record.setUint32(42, offset, true);
    pieces.push(new Uint8Array(local.buffer), name, content);
    central.push(new Uint8Array(record.buffer), name);
    offset += 30 + name.length + content.length;
  }
  const centralSize = central.reduce((sum, piece) => sum + piece.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, END_RECORD, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, centralSize, true);
  end.setUint32(16, offset, true);
  return joined([...pieces, ...central, new Uint8Array(end.buffer)], offset + centralSize + 22);
}
