import type { Ledger } from '../../../renderer/ledger/ledger.ts';
import type { Projection } from '../../../renderer/ledger/projection.ts';
import { LEDGER_INDEXES } from '../../../renderer/ledger/collections.ts';
import { openCopy, type Copy } from '../../../renderer/ledger/copy.ts';
import { openDatabase, type LedgerDatabase } from '../../../renderer/ledger/database.ts';
import { openPageLedger } from '../../../renderer/ledger/open-page-ledger.ts';
import { openProjection } from '../../../renderer/ledger/projection.ts';
import { createDexieStorage, type LedgerStorage } from '../../../renderer/ledger/storage/dexie.ts';
import { createHostClient } from '../../../renderer/host/host-client.ts';
import { pageTransport } from '../../../renderer/host/page-transport.ts';
import type { Result } from '../../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../../shared/ports/host.ts';
import { COUNTER, COUNTER_PIN, STOCKTAKE, BINS, binCode, LARGE_BIN } from '../seed/ledger-model.ts';

export const host: Host = createHostClient(pageTransport);

/** The value, or an error that ends the case: a benchmark of something that failed says nothing. */
export function must<Value>(result: Result<Value, { code: string }>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export type OwnCopy = { readonly storage: LedgerStorage; readonly database: LedgerDatabase; readonly copy: Copy };

/** The product's page copy under another name than the app's. */
export async function openOwnCopy(name: string): Promise<OwnCopy> {
  const storage = createDexieStorage({ ledger: LEDGER_INDEXES });
  const database = await openDatabase(storage, name);
  return { storage, database, copy: openCopy(database, storage) };
}

/** The product's copy and projection, without a host. */
export async function openOwnProjection(
  name: string,
  device: string,
): Promise<{ copy: Copy; database: LedgerDatabase; projection: Projection }> {
  const { copy, database } = await openOwnCopy(name);
  return { copy, database, projection: await openProjection(copy, device, () => undefined) };
}

/** Signs in whoever the profile knows, as far as nobody is: the host reads to nobody else. */
export async function enter(): Promise<void> {
  const { people, signedIn } = must(await host.whoIsHere({}));
  const [first] = people;
  if (signedIn === null && first !== undefined) must(await host.signIn({ person: first.id, pin: COUNTER_PIN }));
}

/** The page's ledger as the app opens it. */
export async function openOwnLedger(journal: JournalStatus): Promise<Ledger> {
  return must(
    await openPageLedger({
      host,
      journal,
      person: () => COUNTER,
      newId: () => crypto.randomUUID(),
      checkAll: false,
      progress: () => undefined,
    }),
  );
}

/** The whole product behind the screens on an empty profile: a person signed in, a stocktake begun. */
export async function openNewLedger(): Promise<Ledger> {
  const { journal } = must(await host.start({}));
  const ledger = await openOwnLedger(journal);
  const first = must(await host.createFirstPerson({ name: COUNTER.name, pin: COUNTER_PIN }));
  must(await ledger.takeIn(first.entries));
  const bins = [...Array.from({ length: BINS }, (_, bin) => binCode(bin)), LARGE_BIN];
  must(
    await ledger.appendFacts([
      { kind: 'stocktake_created', stocktake: STOCKTAKE, name: 'Year end', blind: false, bins },
    ]),
  );
  return ledger;
}
