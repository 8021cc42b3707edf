import { randomUUID } from 'node:crypto';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import { openJournal } from '../../../electron/host/journal/journal.ts';

/** Appends until it is killed, and says after each what was acknowledged. Runs in a process of its own. */
async function appendForEver(folder: string): Promise<never> {
  const clock = { now: () => Date.now(), steady: () => performance.now() };
  const journal = await openJournal({ disk: realDisk, folder, clock, randomId: randomUUID, segmentBytes: 20_000 });
  for (;;) {
    const sealings = Array.from({ length: 5 }, () =>
      journal.seal('person-1', [
        { kind: 'unknown_scanned', stocktake: 't', pass: 1, bin: 'A-01', code: 'x'.repeat(300), quantity: '1' },
      ]),
    );
    for (const sealing of sealings) {
      const synced = sealing.ok ? await sealing.value.synced : sealing;
      if (synced.ok) process.send?.(synced.value.at(-1)?.seq);
    }
  }
}

void appendForEver(process.argv[2] ?? '');
