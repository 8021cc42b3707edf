import type { Disk, DiskFile } from '../../electron/host/disk/disk.ts';
import type { Random } from './random.ts';

/** What a name leads to: bytes as a reader sees them, and as far as a power cut leaves them for sure. */
type Inode = { bytes: Buffer; synced: Buffer; store?: Store };

/** Room behind the bytes of a file that grows. What lies before `used` is seen by somebody and stays as it is. */
type Store = { readonly room: Buffer; used: number };

/** The bytes with more behind them, in the room that is left or in a new one of twice the size. */
function append(inode: Inode, more: Uint8Array): Buffer {
  const { length } = inode.bytes;
  const end = length + more.length;
  let { store } = inode;
  if (store === undefined || store.used !== length || store.room.length < end) {
    store = { room: Buffer.allocUnsafeSlow(Math.max(4096, 2 * end)), used: length };
    inode.bytes.copy(store.room);
    inode.store = store;
  }
  store.room.set(more, length);
  store.used = end;
  return store.room.subarray(0, end);
}

/** A disk whose cache is lost when the power goes. `gate` is passed before each operation that changes something. */
export type VirtualDisk = {
  disk(gate: DiskGate): Disk;
  /** All of it as it stands now, on a disk of its own: a backup, or what is put back from one. */
  copied(): VirtualDisk;
  /** The power goes: what was not synced is lost, kept in part, or kept. */
  cutPower(random: Random): void;
};

/** Lets an operation pass, refuses it as a full disk would, or never returns because the power is gone. */
export type DiskGate = (operation: 'write' | 'sync' | 'name', path: string) => Promise<'pass' | 'full' | 'torn'>;

const EMPTY = Buffer.alloc(0);

/**
 * An empty disk, or one that holds `files`. `hasFolders`: it knows folders in folders, and syncs the names of one folder at a
 * time; otherwise those of all at once. One closure around the names and what is synced of them.
 */
export function createVirtualDisk(
  { hasFolders = false }: { hasFolders?: boolean } = {},
  files: ReadonlyMap<string, Buffer> = new Map(),
): VirtualDisk {
  let names = new Map([...files].map(([path, bytes]): [string, Inode] => [path, { bytes, synced: bytes }]));
  let syncedNames = new Map(names);

  /** What stands in a folder: files, and the folders in it. */
  function listed(folder: string): string[] {
    const inside = [...names.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1));
    const here = hasFolders
      ? inside.map((path) => path.split('/', 1)[0] ?? '')
      : inside.filter((path) => !path.includes('/'));
    return [...new Set(here)].toSorted();
  }

  function syncNames(folder: string): void {
    if (!hasFolders) {
      syncedNames = new Map(names);
      return;
    }
    const isHere = (path: string) => path.slice(0, path.lastIndexOf('/')) === folder;
    for (const path of syncedNames.keys()) if (isHere(path) && !names.has(path)) syncedNames.delete(path);
    for (const [path, inode] of names) if (isHere(path)) syncedNames.set(path, inode);
  }

  function openFile(path: string, inode: Inode, gate: DiskGate): DiskFile {
    return {
      async write(bytes, position) {
        const verdict = await gate('write', path);
        const written = verdict === 'pass' ? bytes : bytes.subarray(0, verdict === 'torn' ? bytes.length >> 1 : 0);
        inode.bytes =
          position === inode.bytes.length
            ? append(inode, written)
            : Buffer.concat([
                inode.bytes.subarray(0, position),
                written,
                inode.bytes.subarray(position + written.length),
              ]);
        if (verdict !== 'pass') throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      },
      async read(position, length) {
        return Buffer.from(inode.bytes.subarray(position, position + length));
      },
      size: async () => inode.bytes.length,
      async truncate(size) {
        await gate('name', path);
        inode.bytes = inode.bytes.subarray(0, size);
      },
      async datasync() {
        await gate('sync', path);
        inode.synced = inode.bytes;
      },
      close: async () => undefined,
    };
  }

  return {
    disk: (gate) => ({
      async open(path) {
        let inode = names.get(path);
        if (inode === undefined) {
          inode = { bytes: EMPTY, synced: EMPTY };
          names.set(path, inode);
        }
        return openFile(path, inode, gate);
      },
      read: async (path) => names.get(path)?.bytes ?? null,
      size: async (path) => names.get(path)?.bytes.length ?? null,
      list: async (folder) => listed(folder),
      makeFolder: async () => undefined,
      async rename(from, to) {
        await gate('name', to);
        const inode = names.get(from);
        if (inode === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
        names.delete(from);
        names.set(to, inode);
      },
      async remove(path) {
        await gate('name', path);
        names.delete(path);
      },
      async syncFolder(folder) {
        syncNames(folder);
      },
    }),
    copied: () => createVirtualDisk({ hasFolders }, new Map([...names].map(([path, { bytes }]) => [path, bytes]))),
    cutPower(random) {
      // The names may have reached the platter without being synced; the bytes behind them too, whole or torn.
      const kept = random.chance(0.5) ? syncedNames : names;
      names = new Map();
      for (const [path, inode] of kept) {
        const isAppended = inode.bytes.length >= inode.synced.length;
        const luck = random.next();
        let bytes = inode.synced;
        if (luck < 0.3) bytes = inode.bytes;
        else if (luck < 0.7 && isAppended)
          bytes = inode.bytes.subarray(0, random.between(inode.synced.length, inode.bytes.length));
        names.set(path, { bytes, synced: bytes });
      }
      syncedNames = new Map(names);
    },
  };
}
