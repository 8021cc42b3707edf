import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Person } from '../../../shared/domain/person.ts';

/** The person who signs everything in a seeded ledger. */
export const COUNTER: Person = {
  id: 'p-bench',
  name: 'Bench',
  roles: ['counter', 'lead', 'approver', 'admin'],
  active: true,
};
export const COUNTER_PIN = '2468';

export const STOCKTAKE = 'bench-stocktake';
/** The bin of the one sheet that has 50,000 lines. */
export const LARGE_BIN = 'LARGE-1';
export const BINS = 100;
const ITEMS_A_BIN = 50;
/** Item + bin pairs that scans are spread over: performance.md measured its snapshots with as many. */
export const KEYS = BINS * ITEMS_A_BIN;

export function binCode(bin: number): string {
  return `A-${String(bin).padStart(3, '0')}`;
}

export function itemSku(item: number): string {
  return `B${String(item).padStart(6, '0')}`;
}

/** The facts a ledger begins with: one person, one stocktake over every bin. */
export function firstFacts(): Fact[] {
  const { id, name, roles, active } = COUNTER;
  const bins = [...Array.from({ length: BINS }, (_, bin) => binCode(bin)), LARGE_BIN];
  return [
    { kind: 'person_changed', person: id, name, roles, active },
    { kind: 'stocktake_created', stocktake: STOCKTAKE, name: 'Year end', blind: false, bins },
  ];
}

/** The scan number `index`: one piece of one of 5,000 lines; neighbours in time are neighbours in the bin. */
export function scanFact(index: number): Fact {
  const key = index % KEYS;
  const bin = Math.floor(key / ITEMS_A_BIN);
  return {
    kind: 'counted',
    stocktake: STOCKTAKE,
    pass: 1,
    bin: binCode(bin),
    item: itemSku(key),
    quantity: '1',
    how: 'scan',
    code: itemSku(key),
  };
}

/** One line of the large sheet. */
export function largeSheetFact(line: number): Fact {
  return {
    kind: 'counted',
    stocktake: STOCKTAKE,
    pass: 1,
    bin: LARGE_BIN,
    item: itemSku(line),
    quantity: '1',
    how: 'scan',
    code: itemSku(line),
  };
}

/** An entry that looks sealed, for cases without a host: nothing on their way looks at the hash. */
export function looseEntry(device: string, seq: number, fact: Fact, at: string): LedgerEntry {
  const hashOf = (one: number): string => one.toString(16).padStart(64, '0');
  const hash = hashOf(seq);
  return {
    id: `${device}-${String(seq).padStart(12, '0')}`,
    device,
    seq,
    at,
    by: COUNTER.id,
    v: 1,
    prev: hashOf(seq - 1),
    hash,
    fact,
  };
}
