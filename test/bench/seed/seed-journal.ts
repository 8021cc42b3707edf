import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openCatalogueFiles } from '../../../electron/host/disk/catalogue-files.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import { openJournal } from '../../../electron/host/journal/journal.ts';
import { openLedger } from '../../../electron/host/authority/ledger.ts';
import { openPeople } from '../../../electron/host/people/people.ts';
import { STRETCH_COST } from '../../../electron/host/secrets/secret-key.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { ENGINE } from '../../../shared/domain/person.ts';
import { COUNTER, COUNTER_PIN, firstFacts, largeSheetFact, scanFact } from './ledger-model.ts';

const PAGE = 5000;
const ITEM_PAGE = 5000;
/** One scan a second, from a year ago: times in a seeded ledger never lie ahead of the clock. */
const BEGAN = Date.now() - 365 * 24 * 3_600_000;

export type SeedJournal = {
  /** The profile Electron is started on; the host's files go into `ledger/` below it. */
  readonly profile: string;
  /** Entries the journal has in the end, those it has already included. */
  readonly entries: number;
  /** Appends a sheet of so many lines, beyond `entries`. */
  readonly largeSheet?: number;
  /** Appended after all others. */
  readonly facts?: readonly Fact[];
  /** Who says it all, where the profile knows somebody already. */
  readonly by?: string;
  /** A catalogue of these items, as an import leaves it. */
  readonly items?: readonly Item[];
};

/** Writes a journal, or more of one, with the host's own code; returns the sequence of its newest entry. */
export async function seedJournal({
  profile,
  entries,
  largeSheet = 0,
  facts = [],
  items = [],
  by = COUNTER.id,
}: SeedJournal): Promise<number> {
  const folder = join(profile, 'ledger');
  const disk = realDisk;
  await disk.makeFolder(folder);
  let now = BEGAN;
  const clock = { now: () => now, steady: () => performance.now() };
  const journal = await openJournal({ disk, folder, clock, randomId: randomUUID });
  now = BEGAN + journal.head().seq * 10;
  const files = await openCatalogueFiles(disk, folder, randomUUID);
  const ledger = await openLedger({ journal, disk, profile: folder, clock, hasCatalogue: files.has });

  async function record(facts: readonly Fact[]): Promise<void> {
    now += facts.length * 10;
    const sealed = await ledger.record(by, facts);
    if (!sealed.ok) throw new Error(JSON.stringify(sealed.error));
  }

  if (journal.head().seq === 0) {
    const people = await openPeople({
      disk,
      profile: folder,
      device: () => journal.status().device,
      isDeviceSure: false,
      cipher: null,
      clock,
      randomBytes,
      cost: STRETCH_COST,
      access: () => ledger.state().access,
      persons: () => ledger.state().people.keys(),
      record: (some) => ledger.record(ENGINE, some),
      onMended: () => undefined,
      log: () => undefined,
    });
    const pin = await people.preparePin(COUNTER.id, COUNTER_PIN, 'set');
    if (!pin.ok) throw new Error(pin.error.code);
    await record([...firstFacts(), pin.value]);
    await people.settle();
  }
  for (let seq = journal.head().seq; seq < entries; seq = journal.head().seq) {
    await record(Array.from({ length: Math.min(PAGE, entries - seq) }, (_, at) => scanFact(seq + at)));
  }
  for (let line = 0; line < largeSheet; line += PAGE) {
    await record(Array.from({ length: Math.min(PAGE, largeSheet - line) }, (_, at) => largeSheetFact(line + at)));
  }
  for (let from = 0; from < facts.length; from += PAGE) await record(facts.slice(from, from + PAGE));
  if (items.length > 0) {
    const begun = await files.begin();
    if (!begun.ok) throw new Error(begun.error.code);
    for (let from = 0; from < items.length; from += ITEM_PAGE) {
      const page = items.slice(from, from + ITEM_PAGE);
      await files.append(begun.value.file, page.map((item) => `${JSON.stringify(item)}\n`).join(''), page.length);
    }
    const sealed = await files.seal(begun.value.file);
    if (!sealed.ok) throw new Error(sealed.error.code);
    await record([{ kind: 'catalogue_imported', what: 'items', ...sealed.value, source: 'items.csv' }]);
  }
  await files.close();
  await ledger.close();
  return journal.head().seq;
}
