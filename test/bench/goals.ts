/** A bound of the design. `most`: the figure may be that at most; `least`: it must be that at least; neither: for information. */
export type Goal = {
  readonly id: string;
  readonly says: string;
  readonly unit: '×' | 'ms' | 'µs' | 'MB' | '/s' | 'scans';
  readonly most?: number;
  readonly least?: number;
};

/** Every row of the table, in its order. `ms` bounds hold on a quiet machine of two cores. */
export const GOALS: readonly Goal[] = [
  {
    id: 'G1',
    says: 'scan kept in the page and its total folded ÷ raw IndexedDB, entry + balance, strict',
    unit: '×',
    most: 1,
  },
  { id: 'W1', says: 'scan through host and page, both copies on disk ÷ the same', unit: '×', most: 1.8 },
  { id: 'W1-p99', says: 'the same, p99', unit: 'ms', most: 20 },
  { id: 'G1-dexie', says: 'raw Dexie, entry + balance ÷ raw IndexedDB', unit: '×' },
  { id: 'G1-rxdb', says: 'plain RxDB insert, no balance ÷ raw IndexedDB', unit: '×' },
  {
    id: 'G2',
    says: '1,000 scans at once, whole path ÷ raw IndexedDB one by one (times as many a second)',
    unit: '×',
    least: 12,
  },
  { id: 'W2', says: 'the same against the bound of the whole app', unit: '×', least: 12 },
  { id: 'G3', says: 'the same ÷ plain RxDB insert one by one', unit: '×', least: 12 },
  { id: 'G3-dexie', says: 'the same ÷ raw Dexie one by one', unit: '×' },
  { id: 'G4', says: 'import of 5,000 entries into the page ÷ raw IndexedDB, strict', unit: '×', most: 0.3 },
  { id: 'G4-whole', says: 'the same through host and page', unit: '×' },
  { id: 'G6', says: 'cold start at the most entries ÷ folding them all from raw IndexedDB', unit: '×', most: 1 / 35 },
  { id: 'G7', says: 'cold start at the most entries ÷ at the fewest', unit: '×', most: 2 },
  { id: 'G9', says: 'state rebuilt from every entry ÷ raw IndexedDB getAll fold', unit: '×', most: 1.2 },
  {
    id: 'T1',
    says: '1,000 entries of another laptop that come late, 40 bins ÷ rebuilding the state',
    unit: '×',
    most: 0.05,
  },
  { id: 'T2', says: 'one such entry, the slowest of 50', unit: 'ms', most: 20 },
  { id: 'T3', says: '100,000 entries of one laptop, looked at and taken in on the screen', unit: 'ms', most: 10_000 },
  {
    id: 'T4',
    says: 'scan to painted, 20 laptops of 50,000 entries ÷ the same laptop alone, p50',
    unit: '×',
    most: 1.2,
  },
  { id: 'T4-p99', says: 'the same, p99', unit: 'ms', most: 30 },
  { id: 'T4-lost', says: 'scans of a burst there that were not counted', unit: 'scans', most: 0 },
  { id: 'T5', says: 'scan there through host and page, both copies on disk ÷ raw IndexedDB', unit: '×', most: 1.8 },
  { id: 'T6', says: 'real app to its first screen there ÷ 1,000 entries of one laptop', unit: '×', most: 1.5 },
  { id: 'E1', says: 'a count is held by another laptop, by the site’s server, p95', unit: 'ms', most: 2000 },
  {
    id: 'E2',
    says: 'the same by a shared folder, p95: batches 8 s apart, looked for every 5 s',
    unit: 'ms',
    most: 15_000,
  },
  {
    id: 'E3',
    says: 'entries put by one laptop and taken in by another, by the site’s server',
    unit: '/s',
    least: 5000,
  },
  { id: 'E4', says: 'the same by a shared folder', unit: '/s', least: 5000 },
  { id: 'E5', says: 'scan to painted while ten other laptops count and all keep level, p50', unit: 'ms', most: 10 },
  { id: 'E5-p99', says: 'the same, p99', unit: 'ms', most: 30 },
  { id: 'E5-lost', says: 'scans of a burst meanwhile that were not counted', unit: 'scans', most: 0 },
  { id: 'E6', says: 'scan meanwhile through host and page, both copies on disk ÷ raw IndexedDB', unit: '×', most: 1.8 },
  { id: 'G10', says: 'scan to painted in a bin of 5,000 lines ÷ in one of 10', unit: '×', most: 1.1 },
  { id: 'G11', says: 'item by barcode, at random among all items', unit: 'µs', most: 2 },
  { id: 'G11-map', says: 'the same ÷ one look into a plain map of them', unit: '×' },
  { id: 'G11-rxdb', says: 'the same ÷ RxDB findOne', unit: '×' },
  { id: 'G11-scan', says: 'the same, reading the scanned code included', unit: '×' },
  // The bounds in ms; beside them the same as ratios to a page that does little else than draw, on this very machine.
  { id: 'W1b-10', says: 'scan to its total painted, a bin of 10 lines, p50', unit: 'ms', most: 10 },
  { id: 'W1b-10-p99', says: 'the same, p99', unit: 'ms', most: 30 },
  { id: 'W1b-10-pouchdb', says: 'the same, p50 ÷ a page on the PouchDB changes feed', unit: '×', most: 10 / 6 },
  { id: 'W1b-10-pouchdb-p99', says: 'the same, p99 ÷ that page’s', unit: '×', most: 3 },
  { id: 'W1b-10-rxdb', says: 'the same, p50 ÷ a page on RxDB find$', unit: '×' },
  { id: 'W1b-50k', says: 'scan to painted, 50,000 lines in 1,000 bins, p50', unit: 'ms', most: 16 },
  { id: 'W1b-50k-p99', says: 'the same, p99', unit: 'ms', most: 50 },
  { id: 'W1b-50k-pouchdb', says: 'the same, p50 ÷ a page on the PouchDB changes feed', unit: '×', most: 2 },
  { id: 'W1b-50k-pouchdb-p99', says: 'the same, p99 ÷ that page’s', unit: '×', most: 50 / 11 },
  { id: 'W1b-50k-rxdb', says: 'the same, p50 ÷ a page on RxDB find$', unit: '×' },
  { id: 'W1b-bin', says: 'scan to painted, one bin of 5,000 lines, p50', unit: 'ms', most: 16 },
  { id: 'W1b-bin-p99', says: 'the same, p99', unit: 'ms', most: 50 },
  { id: 'W1b-bin-pouchdb', says: 'the same, p50 ÷ the PouchDB page with 50,000 lines', unit: '×', most: 2 },
  { id: 'W1b-bin-pouchdb-p99', says: 'the same, p99 ÷ that page’s', unit: '×', most: 50 / 11 },
  { id: 'W1b-open', says: 'opening that bin, to its first line painted', unit: 'ms', most: 500 },
  { id: 'W1b-burst', says: '1,000 scans at 25 a second, 50,000 lines, scan to painted, p99', unit: 'ms', most: 50 },
  { id: 'W1b-burst-pouchdb', says: 'the same, p99 ÷ the PouchDB page’s', unit: '×' },
  { id: 'W1b-lost', says: 'scans of that burst that were not counted', unit: 'scans', most: 0 },
  { id: 'START-100k', says: 'main thread in the 20 s after a start at 100,000 entries', unit: 'ms', most: 3000 },
  { id: 'START-1M', says: 'the same at the most entries', unit: 'ms', most: 10_000 },
  { id: 'START-frame', says: 'longest frame in that time', unit: 'ms', most: 50 },
  {
    id: 'START-lost',
    says: 'scans not counted of 1,000 straight after that start, at 25 a second',
    unit: 'scans',
    most: 0,
  },
  { id: 'W8', says: 'real app to its first screen, 1,000 entries and items ÷ an empty window', unit: '×', most: 2 },
  { id: 'W8-1M', says: 'the same at the most entries and items', unit: '×', most: 2.5 },
  { id: 'W3', says: 'real app to its first screen, most entries and items ÷ 1,000 of each', unit: '×', most: 1.5 },
  { id: 'W4', says: 'page heap: most entries and items, a sheet of 50,000 lines open', unit: 'MB', most: 180 },
  { id: 'W6', says: 'search as you type over all items, p95', unit: 'ms', most: 6 },
  { id: 'W7', says: 'items from CSV to searchable ÷ RxDB bulkInsert alone', unit: '×', most: 0.25 },
  { id: 'W7-stall', says: 'longest stall of the page during that import', unit: 'ms' },
  { id: 'W9', says: 'lost page copy filled from the journal ÷ one raw bulk insert of the same', unit: '×', most: 0.3 },
  {
    id: 'S1',
    says: 'lines through plan, outbox and connector, a remote that answers at once',
    unit: '/s',
    least: 15_000,
  },
  { id: 'S1-seal', says: 'the time they took ÷ sealing as many plain entries', unit: '×' },
  { id: 'S2', says: 'memory held when all requests are sent ÷ when a fifth of them is', unit: '×', most: 1.1 },
  { id: 'S3-square', says: "shortest time that the pace allows ÷ time taken, Square's", unit: '×', least: 0.95 },
  { id: 'S3-zettle', says: "the same, Zettle's four requests a second", unit: '×', least: 0.95 },
  { id: 'S3-shiphero', says: "the same, ShipHero's credits", unit: '×', least: 0.95 },
];

/** Whether a figure keeps its bound; undefined for a row without one. */
export function keepsBound(goal: Goal, figure: number): boolean | undefined {
  if (goal.most !== undefined) return figure <= goal.most;
  if (goal.least !== undefined) return figure >= goal.least;
  return undefined;
}
