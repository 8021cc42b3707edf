import { constants } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One open file. Positions and sizes are bytes. */
export type DiskFile = {
  /** Writes all of `bytes` at `position`, or throws; part of them may then be there. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** At most `length` bytes from `position`; fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  size(): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Returns once what was written survives a power cut. */
  datasync(): Promise<void>;
  close(): Promise<void>;
};

/** The few things the host asks of a file system. Everything throws the system's own errors. */
export type Disk = {
  /** For reading and writing, made when it does not exist; `toRead`: for reading only, as a disk allows that is not to be written. */
  open(path: string, toRead?: 'read'): Promise<DiskFile>;
  /** The whole content; null when there is no such file. */
  read(path: string): Promise<Buffer | null>;
  size(path: string): Promise<number | null>;
  /** Names in a folder, sorted; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Nothing happens when there is no such file. */
  remove(path: string): Promise<void>;
  /** Makes names created, renamed or removed in the folder survive a power cut. */
  syncFolder(path: string): Promise<void>;
};

const READ_WRITE = constants.O_RDWR | constants.O_CREAT;

/** What the system calls its refusal: "ENOSPC"; never a path. */
export function systemCode(problem: unknown): string {
  return problem instanceof Error && 'code' in problem && typeof problem.code === 'string' ? problem.code : 'unknown';
}

/** Whether a file system's refusal means that there is no room left. */
export function isDiskFull(problem: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(systemCode(problem));
}

/** Whether it means that nothing may be written there at all. */
export function isReadOnly(problem: unknown): boolean {
  return ['EROFS', 'EACCES', 'EPERM'].includes(systemCode(problem));
}

/** What is the matter with a disk that a person can put right. */
export type DiskState = { code: 'disk_full' } | { code: 'disk_read_only' };
export type DiskError = DiskState | { code: 'journal_failed'; detail: string };

/** The one rule of what a refusal of the file system says about the disk; null: nothing that a person could put right. */
export function diskState(problem: unknown): DiskState | null {
  if (isDiskFull(problem)) return { code: 'disk_full' };
  return isReadOnly(problem) ? { code: 'disk_read_only' } : null;
}

/** The refusal of a file system as the host says it: never a path, only the system's code. */
export function diskError(problem: unknown): DiskError {
  return diskState(problem) ?? { code: 'journal_failed', detail: systemCode(problem) };
}

/** So much room must be left for a page's database to be opened and written. */
const ROOM_BYTES = 1_000_000;

/** Whether a folder can be written: a file is written there, synced, and gone again. */
export async function tryDisk(disk: Disk, folder: string): Promise<DiskError | null> {
  const path = join(folder, 'room.tmp');
  try {
    const file = await disk.open(path);
    try {
      await file.write(new Uint8Array(ROOM_BYTES), 0);
      await file.datasync();
    } finally {
      await file.close();
    }
    return null;
  } catch (problem) {
    return diskError(problem);
  } finally {
    await disk.remove(path).catch(() => undefined);
  }
}

/** The refusal of a small file: what is the matter with the disk, or something that only the log can say more about. */
export function diskRefusal(problem: unknown): DiskState | { code: 'host_failed' } {
  return diskState(problem) ?? { code: 'host_failed' };
}

async function unlessAbsent<Value>(work: Promise<Value>): Promise<Value | null> {
  try {
    return await work;
  } catch (problem) {
    if (systemCode(problem) === 'ENOENT') return null;
    throw problem;
  }
}

async function openFile(path: string, mode: number, toRead?: 'read'): Promise<DiskFile> {
  const handle = await open(path, toRead === 'read' ? constants.O_RDONLY : READ_WRITE, mode);
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    async read(position, length) {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    size: async () => (await handle.stat()).size,
    truncate: (size) => handle.truncate(size),
    datasync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** The real file system; `modes` of files and folders that are made. */
function diskWith(modes: { readonly file: number; readonly folder: number }): Disk {
  return {
    open: (path, toRead) => openFile(path, modes.file, toRead),
    read: (path) => unlessAbsent(readFile(path)),
    size: async (path) => (await unlessAbsent(stat(path)))?.size ?? null,
    list: async (folder) => ((await unlessAbsent(readdir(folder))) ?? []).toSorted(),
    makeFolder: async (path) => {
      await mkdir(path, { recursive: true, mode: modes.folder });
    },
    rename,
    remove: (path) => rm(path, { force: true }),
    syncFolder: async (path) => {
      // Windows keeps names safe by itself and cannot open a folder for syncing.
      if (process.platform === 'win32') return;
      const handle = await open(path, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

/** The real file system, for this laptop's own files: nobody else reads them. */
export const realDisk: Disk = diskWith({ file: 0o600, folder: 0o700 });
/** The same for a place that people share: who may read and write there is the system's to say. */
export const sharedDisk: Disk = diskWith({ file: 0o666, folder: 0o777 });

/** Replaces a file as a whole: after a power cut either the old content is there or the new. One writer a path at a time. */
export async function writeWhole(disk: Disk, path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.tmp`;
  const file = await disk.open(draft);
  try {
    await file.truncate(0);
    await file.write(typeof content === 'string' ? Buffer.from(content) : content, 0);
    await file.datasync();
  } finally {
    await file.close();
  }
  await disk.rename(draft, path);
  await disk.syncFolder(dirname(path));
}
