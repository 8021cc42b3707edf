import { randomBytes, randomUUID } from 'node:crypto';
import { createNatsCarrier } from '../../../electron/carriers/nats/carrier.ts';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host, HostOutput } from '../../../shared/ports/host.ts';

/** A refusal ends the process: whoever started it sees that. */
async function must<Value>(
  answer: Promise<{ ok: true; value: Value } | { ok: false; error: unknown }>,
): Promise<Value> {
  const given = await answer;
  if (!given.ok) throw new Error(JSON.stringify(given.error));
  return given.value;
}

/** Items that were counted, by laptop, as this one holds them. */
async function itemsOn(host: Host): Promise<Record<string, string[]>> {
  const { device, chains = [] } = (await must(host.whoIsHere({}))).journal;
  const items: Record<string, string[]> = {};
  for (const one of [device, ...chains.map((chain) => chain.device)]) {
    const found: string[] = [];
    for (let next: number | undefined = 1; next !== undefined;) {
      const of = one === device ? {} : { device: one };
      const page: HostOutput<'readJournal'> = await must(host.readJournal({ ...of, fromSeq: next, limit: 500 }));
      for (const { fact } of page.entries) if (fact.kind === 'counted') found.push(fact.item);
      next = page.nextSeq;
    }
    items[one] = found;
  }
  return items;
}

/**
 * A laptop of a site in a process of its own, with its own time: counts up to a number of items, of which each is named once,
 * goes on where it was when it is started again, and exchanges through the site's server until it is told to end.
 */
async function run(folder: string, person: string, pin: string, name: string, target: number): Promise<void> {
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
    openServer: (place, access) => createNatsCarrier({ ...place, ...access }),
  });
  const { host } = running;
  const { journal } = await must(host.start({}));
  await must(host.signIn({ person, pin }));
  process.on('message', (asked) => {
    if (asked === 'items') void itemsOn(host).then((items) => process.send?.({ items }));
    else void running.close().then(() => process.exit(0));
  });
  const said = (await itemsOn(host))[journal.device]?.length ?? 0;
  for (let at = said + 1; at <= target; at += 1) {
    const facts = [
      {
        kind: 'counted' as const,
        stocktake: 'take-1',
        pass: 1,
        bin: 'A-01',
        item: `${name}-${at}`,
        quantity: '1',
        how: 'scan' as const,
      },
    ];
    await must(host.append({ facts }));
    process.send?.({ said: at });
  }
}

const [folder = '', person = '', pin = '', name = '', target = ''] = process.argv.slice(2);
void run(folder, person, pin, name, Number(target));
