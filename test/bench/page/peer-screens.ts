import PouchDB from 'pouchdb-core';
import idb from 'pouchdb-adapter-idb';
import { createRxDatabase, type RxCollection, type RxJsonSchema } from 'rxdb';
import { createDexieStorage } from '../../../renderer/ledger/storage/dexie.ts';

/** A line as a peer's page shows it. */
type Line = { readonly item: string; readonly counted: number; readonly order: number };

type Peer = {
  /** Counts one more of an item; the page hears of it by the peer's own way of telling. */
  count(item: string): Promise<void>;
};

const ROWS = 30;

/** The least page that shows what the counting screen shows: a card with the last total, the scans, and the newest 30 lines. */
function createPage(): {
  draw(lines: readonly Line[], scans: number): void;
  onScan(listener: (code: string) => void): void;
} {
  const total = document.createElement('h1');
  const count = document.createElement('p');
  const list = document.createElement('ul');
  total.dataset['testid'] = 'hero-total';
  count.dataset['testid'] = 'scan-count';
  count.textContent = '0';
  list.style.cssText = 'height: 600px; overflow: auto';
  document.body.replaceChildren(total, count, list);
  return {
    draw(lines, scans) {
      const [last] = lines;
      total.textContent = String(last?.counted ?? 0);
      count.textContent = String(scans);
      const rows = lines.slice(0, ROWS).map(({ item, counted }) => {
        const row = document.createElement('li');
        row.textContent = `${item} ${counted}`;
        return row;
      });
      list.replaceChildren(...rows);
    },
    onScan(listener) {
      let typed = '';
      window.addEventListener('keydown', ({ key }) => {
        if (key === 'Enter') {
          listener(typed);
          typed = '';
        } else if (key.length === 1) typed += key;
      });
    },
  };
}

/** Entries in PouchDB, lines kept by its changes feed: how an app on PouchDB is written. */
async function pouchPeer(
  codes: readonly string[],
  draw: (lines: readonly Line[], scans: number) => void,
): Promise<Peer> {
  PouchDB.plugin(idb);
  const database = new PouchDB<{ item: string }>(`peer-${codes.length}`, { adapter: 'idb' });
  const lines = new Map(codes.map((item, order): [string, Line] => [item, { item, counted: 1, order }]));
  let scans = codes.length;
  let number = 0;
  for (let from = 0; from < codes.length; from += 5000)
    await database.bulkDocs(
      codes.slice(from, from + 5000).map((item, at) => ({ _id: `a${String(from + at).padStart(9, '0')}`, item })),
    );
  // The newest lines first, without sorting all of them at each scan.
  let newest = [...lines.values()].toReversed().slice(0, ROWS);
  database.changes({ since: 'now', live: true, include_docs: true }).on('change', ({ doc }) => {
    const before = doc && lines.get(doc.item);
    if (!before) return;
    scans += 1;
    const line = { ...before, counted: before.counted + 1, order: scans };
    lines.set(line.item, line);
    newest = [line, ...newest.filter(({ item }) => item !== line.item)].slice(0, ROWS);
    draw(newest, scans);
  });
  draw(newest, scans);
  return {
    async count(item) {
      number += 1;
      await database.put({ _id: `b${String(number).padStart(9, '0')}`, item });
    },
  };
}

const lineSchema: RxJsonSchema<Line> = {
  version: 0,
  primaryKey: 'item',
  type: 'object',
  properties: {
    item: { type: 'string', maxLength: 40 },
    counted: { type: 'number' },
    order: { type: 'number' },
  },
  required: ['item', 'counted', 'order'],
};

/** Lines as RxDB documents, and `find$` over all of them: how an app on RxDB is written. */
async function rxPeer(codes: readonly string[], draw: (lines: readonly Line[], scans: number) => void): Promise<Peer> {
  const database = await createRxDatabase<{ lines: RxCollection<Line> }>({
    name: `peer-rx-${codes.length}`,
    storage: createDexieStorage().storage,
    multiInstance: false,
  });
  const { lines } = await database.addCollections({ lines: { schema: lineSchema } });
  await lines.bulkInsert(codes.map((item, order) => ({ item, counted: 1, order })));
  await new Promise<void>((resolve) => {
    lines.find().$.subscribe((found) => {
      const all = found.map((document) => document.toJSON());
      const scans = all.reduce((sum, { counted }) => sum + counted, 0);
      draw(
        all.toSorted((left, right) => right.order - left.order),
        scans,
      );
      resolve();
    });
  });
  let order = codes.length;
  return {
    async count(item) {
      order += 1;
      const own = order;
      const document = await lines.findOne(item).exec();
      await document?.incrementalModify((line: Line) => ({ ...line, counted: line.counted + 1, order: own }));
    },
  };
}

/** Turns this page into a peer's: `codes` were counted once each, the last one being the newest; then it takes scans. */
export async function openPeer({ peer, codes }: { peer: 'pouchdb' | 'rxdb'; codes: readonly string[] }): Promise<void> {
  const page = createPage();
  const opened = await (peer === 'pouchdb' ? pouchPeer : rxPeer)(codes, page.draw);
  let turn = Promise.resolve();
  page.onScan((code) => {
    turn = turn.then(() => opened.count(code));
  });
}
