import { createRxDatabase, type RxCollection, type RxJsonSchema } from 'rxdb';
import { commitCatalogue } from '../../../renderer/import/commit-import.ts';
import { importInWorker } from '../../../renderer/import/import-in-worker.ts';
import type { Ledger } from '../../../renderer/ledger/ledger.ts';
import { createDexieStorage } from '../../../renderer/ledger/storage/dexie.ts';
import { lookUpKeys, parseBarcode } from '../../../shared/domain/barcode.ts';
import { NO_CHOICES } from '../../../shared/domain/import/choices.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { host, must, openNewLedger } from './ours.ts';
import { seeded } from '../../seeded.ts';

type Product = { sku: string; barcode: string; name: string; brand: string; category: string; size: string };

const productSchema: RxJsonSchema<Product> = {
  version: 0,
  primaryKey: 'sku',
  type: 'object',
  properties: {
    sku: { type: 'string', maxLength: 64 },
    barcode: { type: 'string', maxLength: 32 },
    name: { type: 'string' },
    brand: { type: 'string' },
    category: { type: 'string' },
    size: { type: 'string' },
  },
  required: ['sku', 'barcode', 'name', 'brand', 'category', 'size'],
  indexes: ['barcode'],
};

let ledger: Ledger | undefined;
let products: RxCollection<Product> | undefined;

/** The longest time in which the page did nothing else while `work` ran. Milliseconds. */
async function longestStall(work: () => Promise<void>): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  let before = performance.now();
  let longest = 0;
  let running = true;
  port1.addEventListener('message', () => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
    if (running) setTimeout(() => port2.postMessage(null), 4);
  });
  port1.start();
  port2.postMessage(null);
  await work();
  longest = Math.max(longest, performance.now() - before);
  running = false;
  port1.close();
  return longest;
}

/** A CSV file of items, from the bytes to the first search that finds something. Milliseconds, and the page's longest stall. */
export async function measureImport(): Promise<{ ms: number; stall: number; items: number }> {
  ledger ??= await openNewLedger();
  const opened = ledger;
  const file = await (await fetch('/files/items.csv')).blob();
  const began = performance.now();
  const stall = await longestStall(async () => {
    const known = { items: [], bins: [], openings: new Set<string>(), said: [] };
    const session = must(
      await importInWorker({ what: 'items', file, name: 'items.csv', options: {}, remembered: [], known }),
    );
    const converted = must(await session.convert(session.table.guess, NO_CHOICES, []));
    if (converted.state !== 'ready')
      throw new Error(`the import is ${converted.state}: ${JSON.stringify(converted.problems.slice(0, 3))}`);
    must(
      await commitCatalogue({
        host,
        what: 'items',
        source: 'items.csv',
        appendFacts: (facts) => opened.appendFacts(facts),
        pages: session.pages(),
      }),
    );
    session.cancel();
    await opened.reloadCatalogue();
    if (opened.catalogue().search('organic', 20).length === 0) throw new Error('nothing is found');
  });
  return { ms: performance.now() - began, stall, items: opened.catalogue().itemCount };
}

/** The same items put into an RxDB collection by bulkInsert, 5,000 a call, with strict durability. Milliseconds. */
export async function measureRxImport(): Promise<{ ms: number; items: number }> {
  const lines = (await (await fetch('/files/items.jsonl')).text()).split('\n');
  const rows = lines
    .filter((line) => line !== '')
    .map((line): Product => {
      const item = JSON.parse(line) as Item;
      return {
        sku: item.sku,
        barcode: item.barcodes[0]?.code ?? '',
        name: item.name,
        brand: item.brand ?? '',
        category: item.category ?? '',
        size: item.size ?? '',
      };
    });
  const database = await createRxDatabase({
    name: 'bench-products',
    storage: createDexieStorage().storage,
    multiInstance: false,
  });
  const made = await database.addCollections({ products: { schema: productSchema } });
  products = made.products as RxCollection<Product>;
  const began = performance.now();
  for (let from = 0; from < rows.length; from += 5000) {
    const { error } = await products.bulkInsert(rows.slice(from, from + 5000));
    if (error.length > 0) throw new Error('rows were refused');
  }
  return { ms: performance.now() - began, items: rows.length };
}

/** Milliseconds of one look-up by barcode: in our catalogue, the same with reading the scanned code, and by RxDB's findOne. */
export async function measureLookUp(input: {
  seed: number;
  count: number;
}): Promise<{ own: number; scanned: number; plain: number; rxdb: number[] }> {
  const catalogue = ledger?.catalogue();
  if (catalogue === undefined || products === undefined) throw new Error('import first');
  const random = seeded(input.seed);
  const items = catalogue.items();
  const codes = Array.from(
    { length: input.count },
    () => items[Math.floor(random() * items.length)]?.barcodes[0]?.code ?? '',
  );
  const rxdb: number[] = [];
  for (const barcode of codes.slice(0, 400)) {
    const began = performance.now();
    if ((await products.findOne({ selector: { barcode } }).exec()) === null) throw new Error('not found');
    rxdb.push(performance.now() - began);
  }
  const keys = codes.map((code) => lookUpKeys(parseBarcode(code)));
  // The least there is: one map of all barcodes, and the item itself.
  const map = new Map(items.map((item) => [`b:${item.barcodes[0]?.code ?? ''}`, item]));
  const mapKeys = codes.map((code) => `b:${code}`);
  let found = 0;
  for (const key of keys) found += catalogue.find(key).length;
  let began = performance.now();
  for (const key of keys) found += catalogue.find(key).length;
  const own = (performance.now() - began) / keys.length;
  began = performance.now();
  let letters = 0;
  for (const key of mapKeys) letters += map.get(key)?.sku.length ?? 0;
  const plain = (performance.now() - began) / mapKeys.length;
  if (letters < codes.length) throw new Error('the map lacks an item');
  began = performance.now();
  for (const code of codes) found += catalogue.find(lookUpKeys(parseBarcode(code))).length;
  const scanned = (performance.now() - began) / codes.length;
  if (found < codes.length * 3) throw new Error('not found');
  return { own, scanned, plain, rxdb };
}

/** Milliseconds of each key stroke: names are typed letter by letter, one word or two of them, some with a slip. */
export async function measureSearch(input: { seed: number; names: number }): Promise<number[]> {
  const catalogue = ledger?.catalogue();
  if (catalogue === undefined) throw new Error('import first');
  const random = seeded(input.seed);
  const items = catalogue.items();
  const samples: number[] = [];
  for (let name = 0; name < input.names; name += 1) {
    const words = (items[Math.floor(random() * items.length)]?.name ?? '').split(' ').filter((word) => word.length > 1);
    const from = Math.floor(random() * Math.max(1, words.length - 1));
    const typed = words
      .slice(from, from + 2)
      .join(' ')
      .slice(0, 16);
    const text = name % 5 === 4 ? `${typed.slice(0, 5)}zq${typed.slice(5)}` : typed;
    for (let length = 1; length <= text.length; length += 1) {
      const began = performance.now();
      catalogue.search(text.slice(0, length), 50);
      samples.push(performance.now() - began);
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return samples;
}
