import { randomBytes, randomUUID } from 'node:crypto';
import { createFolderCarrier } from '../../../electron/carriers/folder.ts';
import { createNatsCarrier } from '../../../electron/carriers/nats/carrier.ts';
import { createHost } from '../../../electron/host/create-host.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import type { Carrier } from '../../../shared/ports/carrier.ts';
import type { Host, HostOutput } from '../../../shared/ports/host.ts';
import type { Asked, Counted, Told } from './site-processes.ts';

/** A refusal ends the process: whoever started it sees that. */
async function must<Value>(
  answer: Promise<{ ok: true; value: Value } | { ok: false; error: unknown }>,
): Promise<Value> {
  const given = await answer;
  if (!given.ok) throw new Error(JSON.stringify(given.error));
  return given.value;
}

function tell(told: Told): void {
  process.send?.(told);
}

/** Answers which items were counted, by laptop, as this one holds them; what was read before is not read again. */
function itemsOn(host: Host): () => Promise<Record<string, string[]>> {
  const items: Record<string, string[]> = {};
  const read = new Map<string, number>();
  return async () => {
    const { device, chains = [] } = (await must(host.whoIsHere({}))).journal;
    for (const one of [device, ...chains.map((chain) => chain.device)]) {
      const found = (items[one] ??= []);
      for (let next: number | undefined = (read.get(one) ?? 0) + 1; next !== undefined;) {
        const of = one === device ? {} : { device: one };
        const page: HostOutput<'readJournal'> = await must(host.readJournal({ ...of, fromSeq: next, limit: 5000 }));
        for (const { fact } of page.entries) if (fact.kind === 'counted') found.push(fact.item);
        read.set(one, page.entries.at(-1)?.seq ?? next - 1);
        next = page.nextSeq;
      }
    }
    return items;
  };
}

const asked: Asked = { list: 0, get: 0, put: 0, bytes: 0 };

/** The same carrier; what is asked of it is counted. */
function heeded(carrier: Carrier): Carrier {
  return {
    ...carrier,
    async list() {
      asked.list += 1;
      return carrier.list();
    },
    async get(name) {
      asked.get += 1;
      return carrier.get(name);
    },
    async put(name, bytes) {
      asked.put += 1;
      asked.bytes += bytes.length;
      return carrier.put(name, bytes);
    },
  };
}

/**
 * A laptop of a site in a process of its own, with its own time: counts up to a number of items, of which each is named once,
 * so many at once and with such a pause between them, goes on where it was when it is started again, and exchanges through
 * what was chosen on it until it is told to end.
 */
async function run({ folder, person, pin, name, target, atOnce, pauseMs }: Counted): Promise<void> {
  const running = await createHost({
    folder,
    clock: { now: () => Date.now(), steady: () => performance.now() },
    randomId: randomUUID,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    random: () => Math.random(),
    cipher: null,
    connectors: [],
    samplesFolder: folder,
    saveFile: async () => false,
    appVersion: '0.0.0',
    laptop: name,
    lockAfterMs: 1e9,
    pinCost: { memoryKib: 8192, passes: 1 },
    openCarrier: (place) => heeded(createFolderCarrier({ disk: realDisk, ...place })),
    openServer: (place, access) => heeded(createNatsCarrier({ ...place, ...access })),
  });
  const { host } = running;
  const { journal } = await must(host.start({}));
  await must(host.signIn({ person, pin }));
  const items = itemsOn(host);
  let at = (await items())[journal.device]?.length ?? 0;
  process.on('message', (question) => {
    if (question === 'items') void items().then((found) => tell({ items: found }));
    else if (question === 'cost') tell({ cost: { ...asked, cpuMs: cpuMs(), mb: process.memoryUsage.rss() / 1e6 } });
    else void running.close().then(() => process.exit(0));
  });
  tell({ said: at });
  while (at < target) {
    const end = Math.min(target, at + atOnce);
    const facts = Array.from({ length: end - at }, (_, more) => ({
      kind: 'counted' as const,
      stocktake: 'take-1',
      pass: 1,
      bin: 'A-01',
      item: `${name}-${at + more + 1}`,
      quantity: '1',
      how: 'scan' as const,
    }));
    await must(host.append({ facts }));
    at = end;
    tell({ said: at });
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

void run(JSON.parse(process.argv[2] ?? '') as Counted);
