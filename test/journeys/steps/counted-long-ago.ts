import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Item } from '../../../shared/domain/item.ts';
import type { Fact, LedgerEntry, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import type { Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { remotes } from '../../../shared/remotes/remotes.ts';
import { ANA, MIA } from './people.ts';
import { readWarehouse } from './warehouse.ts';

/** One line of the count, with what the book held of it. Whole pieces. */
export type CountedLine = {
  readonly item: string;
  readonly bin: string;
  readonly book: number;
  readonly counted: number;
};

/** A stocktake that was counted, approved and posted hours ago, with no network all the time since. */
export type LongAgo = {
  readonly stocktake: string;
  readonly site: string;
  readonly items: readonly Item[];
  readonly bins: readonly string[];
  readonly lines: readonly CountedLine[];
  /** Pieces in bins that nobody counted. */
  readonly uncounted: readonly { readonly item: string; readonly bin: string; readonly book: number }[];
  /** Pieces of each item in the book before anything was counted, bins that were not counted included. */
  readonly bookBefore: ReadonlyMap<string, number>;
  /** What the count has changed, by item. */
  readonly variance: ReadonlyMap<string, number>;
};

const SITE = 'Main Street';
const LINES_A_BIN = 50;
const CALL_FACTS = 5000;
/** What a count finds, line by line: shortages, surpluses, and as much as the book says. */
const FOUND = [-2, 0, 1, -1, 3, 0, 0] as const;

/**
 * Writes a profile with the host's own code, under a clock that stood `hoursAgo`: Mia imported real products and their
 * opening stock, Ana counted `lines` lines, Mia approved and posted them. Every seventh item lies in a bin that nobody
 * counted, too.
 */
export async function countLongAgo(profile: string, options: { lines: number; hoursAgo: number }): Promise<LongAgo> {
  let now = Date.now() - options.hoursAgo * 3_600_000;
  const { host, close } = await createHost({
    folder: join(profile, 'ledger'),
    clock: { now: () => now, steady: () => performance.now() },
    randomId: randomUUID,
    randomBytes,
    random: () => 0.5,
    cipher: null,
    connectors: remotes,
    samplesFolder: 'build/samples',
    saveFile: () => Promise.resolve(false),
    appVersion: '0.1.0',
    laptop: 'cold-store',
    lockAfterMs: 3_600_000_000,
  });

  async function append(facts: readonly Fact[]): Promise<readonly LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    for (let from = 0; from < facts.length; from += CALL_FACTS) {
      now += 1000;
      const sealed = done(await host.append({ facts: facts.slice(from, from + CALL_FACTS) }));
      entries.push(...sealed.entries);
    }
    return entries;
  }

  const warehouse = readWarehouse();
  const skus = [...warehouse.names.keys()];
  const lines = Array.from({ length: options.lines }, (_, at): CountedLine => {
    const book = 5 + (at % 20);
    const bin = `M-${String(1 + Math.floor(at / LINES_A_BIN)).padStart(4, '0')}`;
    return {
      item: present(skus[at % skus.length], 'item'),
      bin,
      book,
      counted: book + present(FOUND[at % FOUND.length], 'figure'),
    };
  });
  const items = [...new Set(lines.map(({ item }) => item))].map((sku): Item => {
    const name = warehouse.names.get(sku) ?? sku;
    return { sku, name, barcodes: [{ code: sku }], unit: 'pcs', precision: 0, tracking: 'none' };
  });
  const binCodes = [...new Set(lines.map(({ bin }) => bin)), 'M-BACK'];
  const bins = binCodes.map((code, walk): Bin => ({ code, label: '', site: SITE, zone: code.slice(0, 3), walk }));

  const mia = done(await host.createFirstPerson({ name: MIA.name, pin: MIA.pin })).person;
  const ana = done(await host.savePerson({ name: ANA.name, roles: ['counter'], active: true, pin: ANA.pin })).person;
  const importRows = async (what: 'items' | 'bins', rows: readonly (Item | Bin)[]) => {
    const { file } = done(await host.beginCatalogueFile({ what }));
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    done(await host.appendCatalogueRows({ file, lines: text, rows: rows.length }));
    const sealed = done(await host.sealCatalogueFile({ file }));
    await append([{ kind: 'catalogue_imported', what, ...sealed, source: `${what}.csv` }]);
  };
  await importRows('items', items);
  await importRows('bins', bins);

  const uncounted = items.filter((_, at) => at % 7 === 3).map(({ sku }) => ({ item: sku, bin: 'M-BACK', book: 4 }));
  await append(
    [...lines, ...uncounted].map(({ item, bin, book }) => {
      return { kind: 'stock_changed', item, bin, quantity: String(book), reason: 'opening' };
    }),
  );

  const stocktake = 'Before the storm';
  const place = { stocktake: randomUUID(), pass: 1 };
  const counted = binCodes.filter((bin) => bin !== 'M-BACK');
  await append([
    { kind: 'stocktake_created', stocktake: place.stocktake, name: stocktake, blind: true, bins: counted },
  ]);
  done(await host.signOut({}));
  done(await host.signIn({ person: ana.id, pin: ANA.pin }));
  await append(counted.map((bin) => ({ kind: 'bin_opened', ...place, bin })));
  const scans = await append(
    lines.map(({ item, bin, counted: quantity }) => {
      return { kind: 'counted', ...place, bin, item, quantity: String(quantity), how: 'scan', code: item };
    }),
  );
  const batch = randomUUID();
  await append(counted.map((bin): Fact => ({ kind: 'bin_finished', ...place, bin })));
  await append([{ kind: 'batch_submitted', batch, ...place, bins: counted }]);
  done(await host.signOut({}));
  done(await host.signIn({ person: mia.id, pin: MIA.pin }));
  const posted = lines.map(({ item, bin, book, counted: found }, at): PostedLine => {
    const scan = present(scans[at], 'scan');
    const figures = { counted: String(found), bookThen: String(book), variance: String(found - book) };
    return { item, bin, ...figures, anchor: scan.id, countedAt: scan.at };
  });
  const decided = (from: number): Fact => ({
    kind: 'lines_decided',
    batch,
    decision: 'approve',
    lines: posted.slice(from, from + 5000).map(({ item, bin }) => ({ item, bin })),
  });
  await append(Array.from({ length: Math.ceil(posted.length / 5000) }, (_, page) => decided(page * 5000)));
  await append(
    Array.from({ length: Math.ceil(posted.length / 1000) }, (_, page): Fact => {
      return { kind: 'lines_posted', batch, lines: posted.slice(page * 1000, (page + 1) * 1000) };
    }),
  );
  await close();

  const sumBy = (rows: readonly { item: string; pieces: number }[]) => {
    const sums = new Map<string, number>();
    for (const { item, pieces } of rows) sums.set(item, (sums.get(item) ?? 0) + pieces);
    return sums;
  };
  return {
    stocktake,
    site: SITE,
    items,
    bins: binCodes,
    lines,
    uncounted,
    bookBefore: sumBy([...lines, ...uncounted].map(({ item, book }) => ({ item, pieces: book }))),
    variance: sumBy(lines.map(({ item, counted: found, book }) => ({ item, pieces: found - book }))),
  };
}

function done<Value>(result: Result<Value, HostError>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`There is no ${what}`);
  return value;
}
