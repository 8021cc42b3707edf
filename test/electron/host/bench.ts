import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { HostInput, HostProcedure } from '../../../shared/ports/host.ts';
import { createHost, type HostOptions, type RunningHost } from '../../../electron/host/create-host.ts';
import { realDisk, type Disk, type DiskFile } from '../../../electron/host/disk/disk.ts';
import { readAlone } from '../../../electron/host/journal/line.ts';
import { openJournal, type Journal } from '../../../electron/host/journal/journal.ts';
import { openKeptText, sealKept } from '../../../electron/host/disk/kept-file.ts';
import type { Cipher } from '../../../electron/host/secrets/secret-key.ts';
import type { Clock } from '../../../electron/host/disk/turns.ts';

/** A folder of this test's own, gone when the test is. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tallybook-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export type ManualClock = Clock & { wall: number; grown: number; pass(ms: number): void };

/** A clock that stands still until told. */
export function manualClock(): ManualClock {
  const clock = {
    wall: Date.UTC(2026, 10, 22, 8),
    grown: 1000,
    now: () => clock.wall,
    steady: () => clock.grown,
    pass(ms: number) {
      clock.wall += ms;
      clock.grown += ms;
    },
  };
  return clock;
}

export type Operation =
  | 'open'
  | 'write'
  | 'datasync'
  | 'truncate'
  | 'rename'
  | 'syncFolder'
  | 'close'
  | 'read'
  | 'readFile';
export type FaultyDisk = Disk & {
  counts: Map<Operation, number>;
  log: Operation[];
  /** Called before each operation; a code makes it fail with that system error. A failing write leaves half behind. */
  fault: (operation: Operation, path: string) => string | null;
};

/** The real disk, counted, and failing where told. */
export function faultyDisk(): FaultyDisk {
  const counts = new Map<Operation, number>();
  const log: Operation[] = [];
  function pass(operation: Operation, path: string): void {
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    log.push(operation);
    const code = disk.fault(operation, path);
    if (code !== null) throw Object.assign(new Error('planted'), { code });
  }
  function wrap(file: DiskFile, path: string): DiskFile {
    return {
      async write(bytes, position) {
        try {
          pass('write', path);
        } catch (problem) {
          await file.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), position);
          throw problem;
        }
        await file.write(bytes, position);
      },
      async read(position, length) {
        pass('read', path);
        return file.read(position, length);
      },
      size: () => file.size(),
      async truncate(size) {
        pass('truncate', path);
        await file.truncate(size);
      },
      async datasync() {
        pass('datasync', path);
        await file.datasync();
      },
      async close() {
        await file.close();
        pass('close', path);
      },
    };
  }
  const disk: FaultyDisk = {
    ...realDisk,
    counts,
    log,
    fault: () => null,
    async open(path, toRead) {
      pass('open', path);
      return wrap(await realDisk.open(path, toRead), path);
    },
    async read(path) {
      pass('readFile', path);
      return realDisk.read(path);
    },
    async rename(from, to) {
      pass('rename', to);
      await realDisk.rename(from, to);
    },
    async syncFolder(path) {
      pass('syncFolder', path);
      await realDisk.syncFolder(path);
    },
  };
  return disk;
}

export type JournalSetting = { folder: string; disk?: Disk; segmentBytes?: number; clock?: Clock };

/** A journal over a folder. */
export function journalAt({
  folder,
  disk = realDisk,
  segmentBytes = 4_000_000,
  clock = manualClock(),
}: JournalSetting): Promise<Journal> {
  return openJournal({ disk, folder, clock, randomId: randomUUID, segmentBytes });
}

/** A fact that says `text`, in about 200 bytes. */
export function scanOf(code: string): Fact {
  return { kind: 'unknown_scanned', stocktake: 'take-1', pass: 1, bin: 'A-01', code, quantity: '1' };
}

/** Seals one fact and waits for the disk. */
export async function sealOne(journal: Journal, code: string): Promise<boolean> {
  const sealing = journal.seal('person-1', [scanOf(code)]);
  return sealing.ok && (await sealing.value.synced).ok;
}

/** The codes of all entries that can be read, in order. */
export async function codesIn(journal: Journal): Promise<string[]> {
  const codes: string[] = [];
  let next: number | undefined = 1;
  while (next !== undefined) {
    const page = await journal.read(next, 500);
    if (!page.ok) throw new Error(page.error.code);
    for (const { fact } of page.value.entries) codes.push(fact.kind === 'unknown_scanned' ? fact.code : fact.kind);
    next = page.value.nextSeq;
  }
  return codes;
}

/** A keyring of this test: reversible, and nothing of the text shows. */
export function testKeyring(key = 7): Cipher {
  const turn = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => byte ^ (0x5a + key)));
  return {
    encrypt: async (text) =>
      Buffer.concat([createHash('sha256').update(String(key)).digest(), turn(Buffer.from(text))]),
    async decrypt(bytes) {
      const mark = createHash('sha256').update(String(key)).digest();
      if (!mark.equals(Buffer.from(bytes.subarray(0, 32)))) throw new Error('another key');
      return turn(bytes.subarray(32)).toString('utf8');
    },
  };
}

/** Changes what a small file keeps, in both of its copies, as nobody but the host could: with a fitting checksum. */
export async function editKept(
  folder: string,
  name: string,
  change: (content: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  for (const file of [`${name}.json`, `${name}.copy.json`]) {
    const envelope = openKeptText(await readFile(join(folder, file), 'utf8'));
    if (envelope === null) throw new Error(`${file} is not whole`);
    const content = change(envelope.content as Record<string, unknown>);
    await writeFile(join(folder, file), sealKept({ ...envelope, content }));
  }
}

export type HostSetting = Partial<HostOptions> & { folder: string };

/** A host over a folder, on a manual clock unless another is given. */
export function hostAt(setting: HostSetting): Promise<RunningHost> {
  let number = 0;
  const clock = manualClock();
  const told = setting.clock ?? clock;
  return createHost({
    clock,
    // A clock that stands still would make a remote's pace wait for ever: waiting is what moves it.
    wait: async (ms) => {
      if ('grown' in told && typeof told.grown === 'number') told.grown += ms;
    },
    randomId: randomUUID,
    randomBytes: (length) => new Uint8Array(length).map(() => (number = (number * 31 + 17) % 251)),
    random: () => 0,
    cipher: testKeyring(),
    connectors: [],
    samplesFolder: setting.folder,
    saveFile: async () => true,
    appVersion: '0.0.0',
    laptop: 'bench',
    lockAfterMs: 600_000,
    pinCost: { memoryKib: 8192, passes: 1 },
    ...setting,
  });
}

/** Calls a procedure and unwraps its value; a refusal fails the test. */
export async function does<Name extends HostProcedure>(
  running: RunningHost,
  procedure: Name,
  input: HostInput<Name>,
): Promise<Extract<Awaited<ReturnType<RunningHost['host'][Name]>>, { ok: true }>['value']> {
  const answer = await running.host[procedure](input as never);
  if (!answer.ok) throw new Error(`${procedure}: ${JSON.stringify(answer.error)}`);
  return answer.value as never;
}

/** The code of a refusal, or 'ok'. */
export async function codeOf(answer: Promise<{ ok: true } | { ok: false; error: { code: string } }>): Promise<string> {
  const settled = await answer;
  return settled.ok ? 'ok' : settled.error.code;
}

/** The entries of a profile as they stand on disk, read without a host. */
export async function entriesOn(folder: string): Promise<LedgerEntry[]> {
  const names = (await readdir(join(folder, 'journal'))).filter((name) => /^\d+\.jsonl$/.test(name)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, 'journal', name), 'utf8')));
  return texts
    .join('')
    .split('\n')
    .flatMap((line) => {
      const read = readAlone(line);
      return 'entry' in read ? [read.entry] : [];
    });
}

/** Everything that a profile's logs say. */
export async function logsOf(folder: string): Promise<string> {
  const names = await readdir(join(folder, 'logs'));
  return (await Promise.all(names.map((name) => readFile(join(folder, 'logs', name), 'utf8')))).join('');
}
