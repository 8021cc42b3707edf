import { basename, join } from 'node:path';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import { readCarried, type Carrier, type CarrierError } from '../../shared/ports/carrier.ts';
import { isDiskFull, isReadOnly, systemCode, type Disk } from '../host/disk/disk.ts';

type FolderOptions = {
  readonly disk: Disk;
  /** The folder that a person chose: shared by the system, kept level by another program, or on a stick. */
  readonly folder: string;
  /** The site's id. */
  readonly site: string;
  /** What tells this laptop's unfinished files from those of others. */
  readonly laptop: string;
};

/** What a system says of a place that is not there, or not any more. */
const AWAY: readonly string[] = [
  'ENOENT',
  'ENOTDIR',
  'ENODEV',
  'ENXIO',
  'ENOTCONN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ESTALE',
  'EIO',
];
/** Nothing larger is read: no laptop puts such a thing. */
const LARGEST_BYTES = 1_000_000_000;

function refusalOf(problem: unknown): { ok: false; error: CarrierError } {
  const code = systemCode(problem);
  if (AWAY.includes(code)) return err({ code: 'away' });
  if (isReadOnly(problem)) return err({ code: 'read_only' });
  return isDiskFull(problem) ? err({ code: 'full' }) : err({ code: 'failed', detail: code });
}

/** What the folder of a site is called: several sites may share one place. */
export function siteFolder(site: string): string {
  return `tallybook-${site.slice(0, 16)}`;
}

/**
 * A folder that laptops share. Files are written under a name that nobody reads, synced, and renamed. What is deleted,
 * damaged or copied there by anybody is their business: whoever reads checks it.
 */
export function createFolderCarrier({ disk, folder: chosen, site, laptop }: FolderOptions): Carrier {
  // Whoever chooses the site's folder itself means the same.
  const folder = basename(chosen) === siteFolder(site) ? chosen : join(chosen, siteFolder(site));
  const unfinished = `.${laptop.slice(0, 8)}.part`;
  let isTidied = false;

  async function carefully<Value>(work: () => Promise<Result<Value, CarrierError>>) {
    try {
      // A folder that is gone is never taken for an empty one, nor made anew: a stick may lie on the table.
      if ((await disk.size(folder)) === null) return err<CarrierError>({ code: 'away' });
      return await work();
    } catch (problem) {
      return refusalOf(problem);
    }
  }

  /** Removes what this laptop had begun to write when its power went. */
  async function tidy(names: readonly string[]): Promise<void> {
    isTidied = true;
    for (const name of names)
      if (name.endsWith(unfinished)) await disk.remove(join(folder, name)).catch(() => undefined);
  }

  async function write(path: string, bytes: Uint8Array): Promise<void> {
    const file = await disk.open(path);
    try {
      await file.truncate(0);
      await file.write(bytes, 0);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  return {
    abilities: { appendOnly: false, readRights: false, live: false },
    async begin() {
      try {
        if ((await disk.size(chosen)) === null) return err({ code: 'away' });
        await disk.makeFolder(folder);
        const probe = join(folder, `begin${unfinished}`);
        await write(probe, new Uint8Array(1));
        await disk.remove(probe);
        return ok(null);
      } catch (problem) {
        return refusalOf(problem);
      }
    },
    list: () =>
      carefully(async () => {
        const names = await disk.list(folder);
        if (!isTidied) await tidy(names);
        return ok(names.filter((name) => readCarried(name) !== null));
      }),
    get: (name) =>
      carefully(async () => {
        const size = await disk.size(join(folder, name));
        if (size === null) return ok(null);
        return ok(size > LARGEST_BYTES ? new Uint8Array() : await disk.read(join(folder, name)));
      }),
    remove: (name) =>
      carefully(async () => {
        if (readCarried(name) === null) throw new Error('only names of ours are removed');
        await disk.remove(join(folder, name));
        return ok(null);
      }),
    put: (name, bytes) =>
      carefully(async () => {
        if (readCarried(name) === null) throw new Error('only names of ours are put');
        const path = join(folder, name);
        if ((await disk.size(path)) !== null) return ok('there');
        const draft = path + unfinished;
        await write(draft, bytes);
        // Whoever put it meanwhile has put the same: a name stands for what it holds.
        if ((await disk.size(path)) !== null) {
          await disk.remove(draft);
          return ok('there');
        }
        await disk.rename(draft, path);
        // Some shared folders cannot be synced; what is lost there is put again.
        await disk.syncFolder(folder).catch(() => undefined);
        return ok('put');
      }),
  };
}
