import { fingerprint } from '../../../shared/domain/fingerprint.ts';
import type { FrozenRequest, ObservedCount } from '../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import type {
  FileProgress,
  PlannedLine,
  RemoteAbilities,
  RemoteConnector,
  RemoteError,
  RemoteInventory,
} from '../../../shared/ports/remote-inventory.ts';
import { figureKey } from '../../../shared/ports/figure-key.ts';

/** What a push comes to, beside what the remote makes of its lines. */
export type Fate = 'answered' | 'lost' | 'done_and_lost' | 'half_and_lost' | RemoteError;

/** A remote on paper: whole numbers by place, every rule of it visible in one screen. */
export type PaperRemote = {
  readonly connector: RemoteConnector;
  readonly remote: RemoteInventory;
  /** By `figureKey`. */
  readonly stock: Map<string, number>;
  /** How often each reference took effect. */
  readonly taken: Map<string, number>;
  /** Requests as they arrived, in order. */
  readonly met: FrozenRequest[];
  /** Fates of the next pushes; when empty they are answered. */
  readonly fates: Fate[];
  /** Remote items that it refuses, and with them the request that holds one. */
  readonly poisoned: Set<string>;
  /** What the next reading of figures answers instead. */
  readError: RemoteError | undefined;
  /** Happens between two reads, as a sale at a till would. */
  sell(remoteItem: string, remoteLocation: string, quantity: number): void;
  /** Of the file job: how many rows are done after each look; refused rows by ref. */
  readonly file: { done: number; looks: number; aborted: boolean; refused: Set<string>; urls: string[] };
};

type Options = Partial<RemoteAbilities> & {
  /** Whether a refusal names its lines. */
  readonly names?: boolean;
  /** Whether a refused request was done as far as the line at fault. */
  readonly inPart?: boolean;
};

const ABILITIES: RemoteAbilities = {
  absoluteCounts: false,
  backDatingMs: 0,
  maxLinesPerRequest: 100,
  maxPrecision: 0,
  idempotencyKeys: false,
  readBack: 'reference',
  binLevel: false,
  readOnly: false,
  tracking: false,
  createsLocations: false,
  movements: false,
  files: false,
  pace: { requests: 1000, perMs: 1000 },
};

export function paperRemote({ names = false, inPart = false, ...abilities }: Options = {}): PaperRemote {
  const stock = new Map<string, number>();
  const taken = new Map<string, number>();
  const met: FrozenRequest[] = [];
  const fates: Fate[] = [];
  const poisoned = new Set<string>();
  const keys = new Set<string>();
  const file = { done: 0, looks: 0, aborted: false, refused: new Set<string>(), urls: new Array<string>() };
  const able = { ...ABILITIES, ...abilities };

  function apply(lines: FrozenRequest['lines']): void {
    for (const line of lines) {
      const place = figureKey(line.remoteItem, line.remoteLocation);
      const held = line.change === 'count' ? 0 : (stock.get(place) ?? 0);
      stock.set(place, held + Number(line.quantity));
      taken.set(line.ref, (taken.get(line.ref) ?? 0) + 1);
    }
  }

  /** Does a whole request once for each key, where it keeps keys. */
  function applyOnce(request: FrozenRequest): void {
    if (able.idempotencyKeys && keys.has(request.idempotencyKey)) return;
    keys.add(request.idempotencyKey);
    apply(request.lines);
  }

  function freeze(lines: readonly PlannedLine[]): FrozenRequest {
    const body = JSON.stringify(lines.map((line) => [line.ref, line.change, line.quantity, line.occurredAt]));
    const id = `paper-${fingerprint(body)}`;
    const kept = lines.map(({ occurredAt: _, ...line }) => line);
    return { id, idempotencyKey: id, method: 'POST', path: '/', body, lines: kept };
  }

  const paper: PaperRemote = {
    stock,
    taken,
    met,
    fates,
    poisoned,
    readError: undefined,
    file,
    sell(remoteItem, remoteLocation, quantity) {
      const place = figureKey(remoteItem, remoteLocation);
      stock.set(place, (stock.get(place) ?? 0) - quantity);
    },
    connector: {
      id: 'paper',
      title: 'Paper',
      abilities: able,
      fields: [],
      reasons: 'none',
      freeze,
      freezeFile: (lines) => ({ ...freeze(lines), id: `paper-file-${fingerprint(JSON.stringify(lines))}` }),
      maxLinesPerFile: 3,
      origins: () => ['https://paper.example'],
      open: () => paper.remote,
    },
    remote: {
      test: async () => ok({ account: 'Paper' }),
      locations: async () => ok({ locations: [] }),
      items: async () => ok({ items: [] }),
      async push(request) {
        met.push(request);
        const fate = fates.shift() ?? 'answered';
        if (typeof fate === 'object') return err(fate);
        const refused = request.lines.filter((line) => poisoned.has(line.remoteItem)).map((line) => line.ref);
        if (fate === 'done_and_lost' && refused.length === 0) applyOnce(request);
        if (fate === 'half_and_lost' && refused.length === 0)
          apply(request.lines.slice(0, Math.floor(request.lines.length / 2)));
        if (fate !== 'answered') return err({ code: 'unknown_outcome', detail: 'lost' });
        if (refused.length > 0) {
          const [first] = refused;
          if (inPart)
            apply(
              request.lines.slice(
                0,
                request.lines.findIndex(({ ref }) => ref === first),
              ),
            );
          // One that works its way through names the line where it stopped.
          const named = inPart ? refused.slice(0, 1) : refused;
          return err({ code: 'rejected', detail: 'no such thing', refs: names ? named : [] });
        }
        applyOnce(request);
        return ok(request.lines.map(({ ref }) => ({ ref })));
      },
      async readBack(request, { before }) {
        if (paper.readError !== undefined) return err(paper.readError);
        if (able.readBack === 'reference') {
          const receipts = request.lines.filter(({ ref }) => taken.has(ref)).map(({ ref }) => ({ ref }));
          return ok({ receipts, doubtful: [] });
        }
        const was = new Map(before?.map((row) => [figureKey(row.remoteItem, row.remoteLocation), row.quantity]));
        const lines = request.lines.map((line) => {
          const place = figureKey(line.remoteItem, line.remoteLocation);
          const [first, now] = [was.get(place) ?? null, stock.get(place) ?? null];
          const moved = (now ?? 0) - Number(first ?? 0);
          return { line, first, now, moved, ref: line.ref };
        });
        return ok({
          receipts: lines.filter(({ line, moved }) => moved === Number(line.quantity)).map(({ ref }) => ({ ref })),
          doubtful: lines
            .filter(({ line, moved }) => moved !== 0 && moved !== Number(line.quantity))
            .map(({ ref, first, now }) => ({ ref, before: first, now: now === null ? null : String(now) })),
        });
      },
      async counts({ locations, items }) {
        if (paper.readError !== undefined) return err(paper.readError);
        const places = (items ?? []).flatMap((item) => locations.map((location) => [item, location] as const));
        const all = [...stock.keys()].map((key) => key.split('\u001F'));
        const rows = (items === undefined ? all : places).map(
          ([remoteItem = '', remoteLocation = '']): ObservedCount => {
            const held = stock.get(figureKey(remoteItem, remoteLocation));
            return { remoteItem, remoteLocation, quantity: held === undefined ? null : String(held) };
          },
        );
        return ok({ counts: rows });
      },
      async startFile(_request, url) {
        file.urls.push(url);
        return ok({ job: 'job-1' });
      },
      async followFile(request) {
        file.looks += 1;
        const rows = request.lines.slice(0, file.done);
        const arrived = rows.filter(({ ref }) => !file.refused.has(ref)).map(({ ref }) => ref);
        const progress: FileProgress = {
          done: file.aborted || file.done >= request.lines.length,
          finished: file.done,
          total: request.lines.length,
          arrived,
          refused: rows.filter(({ ref }) => file.refused.has(ref)).map(({ ref }) => ({ ref, detail: 'bad row' })),
        };
        return ok(progress);
      },
      async abortFile() {
        file.aborted = true;
        return ok(null);
      },
    },
  };
  return paper;
}
