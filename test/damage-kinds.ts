import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Profiles to take a file from: the same one earlier, and another laptop's. */
export type OtherProfiles = { readonly older: string; readonly foreign: string };
/** A whole number from 0 up to, and without, a limit. */
export type Below = (limit: number) => number;
/** Damages the file `name` of a profile, which lies at `path`. Answers whether it is another one now. */
export type Damage = (path: string, name: string, others: OtherProfiles, below: Below) => boolean;

/** Every file below a folder, by its path from there, in order. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Every file that the host believes, from the folder that it keeps: nothing is read back from logs. */
export function filesBelieved(ledger: string): string[] {
  return filesBelow(ledger).filter((name) => !name.startsWith('logs'));
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Puts another folder's file of this name in its place; of names that hold a hash or a number, the first of the same folder. */
function takeFrom(source: string, path: string, name: string): boolean {
  const folder = join(source, name, '..');
  const own = readIfThere(join(source, name));
  const [alike] = own === null ? readNames(folder) : [];
  const other = own ?? (alike === undefined ? null : readIfThere(join(folder, alike)));
  if (other === null || other.equals(readFileSync(path))) return false;
  writeFileSync(path, other);
  return true;
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Changes a file that holds something. */
function changed(path: string, change: (bytes: Buffer) => Buffer): boolean {
  const before = readFileSync(path);
  if (before.length === 0) return false;
  const bytes = change(Buffer.from(before));
  writeFileSync(path, bytes);
  return !bytes.equals(before);
}

/** What happens to files: a bit flips, the end is cut or zero, it is gone or empty, another's or an older one lies there. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  flip: (path, _name, _others, below) =>
    changed(path, (bytes) => {
      const at = below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
      return bytes;
    }),
  cut: (path, _name, _others, below) => changed(path, (bytes) => bytes.subarray(0, below(bytes.length))),
  zeros: (path, _name, _others, below) => changed(path, (bytes) => bytes.fill(0, below(bytes.length))),
  remove(path) {
    rmSync(path);
    return true;
  },
  empty(path) {
    if (statSync(path).size === 0) return false;
    writeFileSync(path, '');
    return true;
  },
  foreign: (path, name, { foreign }) => takeFrom(foreign, path, name),
  older: (path, name, { older }) => takeFrom(older, path, name),
};
