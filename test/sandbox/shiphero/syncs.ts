import type { SandboxClock } from '../chassis/clock.ts';
import { refuse } from './refusal.ts';
import { applyRow, MAX_LINES, readFileRows, type FileRow } from './rows-file.ts';
import type { Stock } from './stock.ts';
import type { ShipheroWorld } from './world.ts';

/** Fetches a file as the vendor's worker would: without any credentials. A connection that fails throws. */
export type FetchFile = (url: string) => Promise<{ readonly status: number; readonly text: string }>;

export type SyncRow = FileRow & { readonly row: number; status: 'pending' | 'success' | 'error'; error: string | null };

export type Sync = {
  readonly id: string;
  readonly url: string;
  readonly warehouse: string;
  readonly customer: string | undefined;
  readonly createdAt: number;
  updatedAt: number;
  rows: SyncRow[];
  done: number;
  state: 'waiting' | 'running' | 'aborted' | 'success' | 'error';
  error: string | null;
};

export type Syncs = {
  all(): readonly Sync[];
  byId(id: string): Sync;
  start(wanted: { url: string; warehouse: string; customer: string | undefined }): Sync;
  abort(id: string): Sync;
  /** Does the background work that is due; a promise while a file is still on its way. */
  settle(): Promise<void> | undefined;
};

export function createSyncs(parts: {
  world: ShipheroWorld;
  clock: SandboxClock;
  stock: Stock;
  fetchFile: FetchFile;
}): Syncs {
  const { world, clock, stock, fetchFile } = parts;
  const { behaviour } = world;
  const syncs: Sync[] = [];
  const open = new Set<Sync>();
  const onTheWay = new Map<Sync, Promise<void>>();

  const end = (sync: Sync, state: Sync['state'], error: string | null): void => {
    sync.state = state;
    sync.error = error;
    sync.updatedAt = clock.now();
    open.delete(sync);
  };
  const take = (sync: Sync, answer: { status: number; text: string }): void => {
    if (!open.has(sync)) return;
    if (answer.status !== 200) return end(sync, 'error', `could not download the file: HTTP ${answer.status}`);
    const read = readFileRows(answer.text);
    if ('error' in read) return end(sync, 'error', read.error);
    if (read.rows.length > MAX_LINES && behaviour.syncTooLong === 'refuse')
      return end(sync, 'error', `the file has more than ${MAX_LINES} lines`);
    sync.rows = read.rows.map((row, at) => ({ ...row, row: at + 1, status: 'pending', error: null }));
  };
  const step = (sync: Sync): void => {
    const due = Math.floor((clock.now() - sync.createdAt) / behaviour.syncStepMs) * behaviour.syncRowsPerStep;
    if (due > 0 && sync.state === 'waiting') sync.state = 'running';
    for (; sync.done < Math.min(due, sync.rows.length); sync.done += 1) {
      const row = sync.rows[sync.done];
      if (row === undefined) break;
      row.error = applyRow(row, { stock, world, warehouse: sync.warehouse, customer: sync.customer });
      row.status = row.error === null ? 'success' : 'error';
      sync.updatedAt = clock.now();
    }
    if (due === 0 || sync.done < sync.rows.length) return;
    const bad = sync.rows.filter((row) => row.status === 'error').length;
    if (bad === 0) end(sync, 'success', null);
    else end(sync, 'error', `error in ${bad} out of ${sync.rows.length} rows`);
  };
  const byId = (id: string): Sync => syncs.find((one) => one.id === id) ?? refuse('not_found', `Sync ${id} not found`);

  return {
    all: () => syncs,
    byId,
    start({ url, warehouse, customer }) {
      const number = syncs.length + 1;
      const at = clock.now();
      const sync: Sync = {
        id: `5d96${number.toString(16).padStart(20, '0')}`,
        url,
        warehouse,
        customer,
        createdAt: at,
        updatedAt: at,
        rows: [],
        done: 0,
        state: 'waiting',
        error: null,
      };
      syncs.push(sync);
      open.add(sync);
      const fetched = fetchFile(url).then(
        (answer) => take(sync, answer),
        () => (open.has(sync) ? end(sync, 'error', 'could not download the file') : undefined),
      );
      onTheWay.set(
        sync,
        fetched.finally(() => onTheWay.delete(sync)),
      );
      return sync;
    },
    abort(id) {
      const sync = byId(id);
      if (sync.state === 'success') refuse('not_allowed', 'The batch is finished');
      if (open.has(sync)) end(sync, 'aborted', null);
      return sync;
    },
    settle() {
      if (open.size === 0) return undefined;
      const steps = () => {
        for (const sync of open) step(sync);
      };
      if (onTheWay.size > 0) return Promise.all(onTheWay.values()).then(steps);
      steps();
      return undefined;
    },
  };
}
