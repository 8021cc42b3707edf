import { openProjection } from '../../../renderer/ledger/projection.ts';
import { heal } from '../../../renderer/ledger/heal.ts';
import { unpackState } from '../../../shared/domain/checkpoint.ts';
import { entryId } from '../../../shared/domain/ledger-entry.ts';
import { host, must, openOwnCopy } from './ours.ts';
export async function openParts(): Promise<Record<string, number>> {
  const out: Record<string, number> = {};
  let t = performance.now();
  const lap = (name: string) => {
    out[name] = Math.round((performance.now() - t) * 10) / 10;
    t = performance.now();
  };
  const { journal } = must(await host.start({}));
  lap('host.start');
  const { copy } = await openOwnCopy('tallybook');
  lap('open database');
  await copy.last();
  lap('last');
  must(await heal(host, copy, journal, false, () => undefined));
  lap('heal');
  const pages = await copy.readCheckpoint();
  lap('read checkpoint');
  out['checkpoint chars'] = (pages ?? []).reduce((a, b) => a + b.length, 0);
  unpackState(pages ?? []);
  lap('unpack');
  await copy.at(entryId(journal.device, journal.seq - 1000));
  lap('at');
  await copy.rowsAfter(entryId(journal.device, journal.seq - 1000), 5000);
  lap('tail rows');
  await copy.sending();
  lap('sending');
  return out;
}
export async function resave(): Promise<number> {
  const { journal } = must(await host.start({}));
  const { copy } = await openOwnCopy('tallybook');
  const p = await openProjection(
    { ...copy, readCheckpoint: () => Promise.resolve(undefined) },
    journal.device,
    () => undefined,
  );
  await p.saveCheckpoint();
  await copy.close();
  return p.ledger().entries;
}
