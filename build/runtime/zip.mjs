/** Reading a zip archive from disk, without holding it in memory. Enough for the archives that runtimes travel in. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/**
 * @typedef {object} ZipEntry
 * @property {string} name path inside the archive, forward slashes, a folder's ends in one
 * @property {number} method 0 stored, 8 deflated
 * @property {number} packedSize bytes
 * @property {number} size bytes when unpacked
 * @property {number} mode Unix permission bits, 0 when the archive has none
 * @property {number} headerAt where the entry's own header begins
 */

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const FILE_HEADER = 0x04034b50;
const SYMBOLIC_LINK = 0o120000;

/** @param {import('node:fs/promises').FileHandle} file @param {number} at @param {number} length */
async function readAt(file, at, length) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/**
 * The archive's table of contents (APPNOTE 6.3.10, sections 4.3.12 and 4.3.16). Throws when the file is not a zip, is
 * cut short, or is larger than the plain format holds.
 *
 * @param {string} path
 * @returns {Promise<ZipEntry[]>}
 */
export async function listZip(path) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tailLength = Math.min(size, 22 + 0xffff);
    const tail = await readAt(file, size - tailLength, tailLength);
    let end = tail.length - 22;
    while (end >= 0 && tail.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
    if (end < 0) throw new Error(`${path} is not a complete zip archive`);
    const count = tail.readUInt16LE(end + 10);
    const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    /** @type {ZipEntry[]} */
    const entries = [];
    for (let at = 0; entries.length < count;) {
      if (at + 46 > directory.length || directory.readUInt32LE(at) !== DIRECTORY_ENTRY) {
        throw new Error(`${path} has a damaged table of contents`);
      }
      const nameLength = directory.readUInt16LE(at + 28);
      entries.push({
        name: directory.toString('utf8', at + 46, at + 46 + nameLength),
        method: directory.readUInt16LE(at + 10),
        packedSize: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        mode: directory.readUInt32LE(at + 38) >>> 16,
        headerAt: directory.readUInt32LE(at + 42),
      });
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return entries;
  } finally {
    await file.close();
  }
}

/**
 * Where an entry goes below `folder`. Throws for a name that would leave it, and for a link.
 *
 * @param {string} folder
 * @param {string} name
 * @param {number} [mode]
 */
export function placeInside(folder, name, mode = 0) {
  const target = resolve(folder, name);
  if (name.includes('\\') || name.includes('\0') || !target.startsWith(resolve(folder) + sep)) {
    throw new Error(`The archive names a file outside its folder: ${JSON.stringify(name)}`);
  }
  if ((mode & 0o170000) === SYMBOLIC_LINK) throw new Error(`The archive holds a link, which is refused: ${name}`);
  return target;
}

/**
 * Unpacks what `rename` keeps: it is given an entry's name and answers the name to write, or null to leave it out.
 *
 * @param {string} path
 * @param {string} folder
 * @param {(name: string) => string | null} [rename]
 * @returns {Promise<number>} files written
 */
export async function unzip(path, folder, rename = (name) => name) {
  const wanted = (await listZip(path)).flatMap((entry) => {
    const name = entry.name.endsWith('/') ? null : rename(entry.name);
    return name === null ? [] : [{ ...entry, target: placeInside(folder, name, entry.mode) }];
  });
  const file = await open(path);
  try {
    for (const entry of wanted) {
      const header = await readAt(file, entry.headerAt, 30);
      if (header.length < 30 || header.readUInt32LE(0) !== FILE_HEADER)
        throw new Error(`${path} is damaged at ${entry.name}`);
      if (entry.method !== 0 && entry.method !== 8)
        throw new Error(`${entry.name} is packed in a way this reader does not know`);
      const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
      await mkdir(dirname(entry.target), { recursive: true });
      const output = createWriteStream(entry.target, { mode: entry.mode & 0o777 || 0o644 });
      if (entry.packedSize === 0) {
        await new Promise((done, failed) => output.on('error', failed).end(() => done(undefined)));
      } else {
        const packed = createReadStream(path, { start, end: start + entry.packedSize - 1 });
        await (entry.method === 8 ? pipeline(packed, createInflateRaw(), output) : pipeline(packed, output));
      }
      if (output.bytesWritten !== entry.size) throw new Error(`${entry.name} was cut short in ${path}`);
    }
    return wanted.length;
  } finally {
    await file.close();
  }
}
