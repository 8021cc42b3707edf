import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstBroken } from '../../../renderer/ledger/chain.ts';
import { mergeChains } from '../../../renderer/ledger/chain-merge.ts';
import { LEDGER_INDEXES, placeKey } from '../../../renderer/ledger/collections.ts';
import { openCopy, type Copy } from '../../../renderer/ledger/copy.ts';
import { openDatabase } from '../../../renderer/ledger/database.ts';
import { readable } from '../../../renderer/ledger/rows.ts';
import { createDexieStorage, type LedgerStorage } from '../../../renderer/ledger/storage/dexie.ts';
import { binsOf } from '../../../shared/domain/bins-of.ts';
import { entryId, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { orderEntries } from '../../../shared/domain/ledger-order.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { counted, createHistory, place } from '../../shared/domain/history.ts';
import { morning, steps } from '../../shared/domain/random-history.ts';
import { openPageCopy, unwrap } from './page.ts';

// In the order of text another laptop's rows lie on either side of d1's, and one name begins like it.
const DEVICES = ['d0', 'd1', 'd10', 'd2'];

/** Laptops that spoke in turn, `number` entries each. */
function turns(number: number, devices: readonly string[] = DEVICES): readonly LedgerEntry[] {
  const history = createHistory();
  for (let at = 0; at < number; at += 1)
    for (const device of devices)
      history.say(at, counted('1', { item: at % 2 === 0 ? 'tea' : 'OIL', bin: `A-${at % 5}` }), { device });
  return history.entries;
}

const of = (entries: readonly LedgerEntry[], device: string) => entries.filter((entry) => entry.device === device);

/** All that is held of a laptop. */
async function held(copy: Copy, device: string): Promise<readonly LedgerEntry[]> {
  return readable(await copy.entriesAfter(entryId(device, 0), 100_000));
}

/** What comes after an entry, row by row. */
async function walked(copy: Copy, afterId: string): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let after = afterId; ;) {
    const rows = await copy.nextRows(after, 2);
    entries.push(...readable(rows));
    const end = rows.at(-1);
    if (end === undefined) return entries;
    after = end.id;
  }
}

/** A copy whose reads of rows are told by name. */
async function watchedCopy(): Promise<{ copy: Copy; reads: string[] }> {
  const reads: string[] = [];
  const storage = createDexieStorage({ ledger: LEDGER_INDEXES }, { indexedDB: new IDBFactory(), IDBKeyRange });
  const watched: LedgerStorage = {
    ...storage,
    rows<Row>(collection: string) {
      const rows = storage.rows<Row>(collection);
      return new Proxy(rows, {
        get(target, name, receiver) {
          const found: unknown = Reflect.get(target, name, receiver);
          if (typeof found !== 'function') return found;
          return (...input: unknown[]): unknown => {
            reads.push(String(name));
            return Reflect.apply(found, target, input);
          };
        },
      });
    },
  };
  return { copy: openCopy(await openDatabase(storage, 'tallybook'), watched), reads };
}

describe('several laptops’ chains in one copy', () => {
  test('L800 whatever is done along one chain, every other stays as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            do: fc.constantFrom('insert', 'insert', 'insert one', 'mixed', 'drop', 'take back', 'tidy'),
            device: fc.nat(DEVICES.length - 1),
            seq: fc.integer({ min: 1, max: 40 }),
          }),
          { maxLength: 14 },
        ),
        async (script) => {
          const { copy } = await openPageCopy(new IDBFactory());
          const entries = turns(40);
          const model = new Map(DEVICES.map((device): [string, number] => [device, 0]));
          for (const step of script) {
            const device = DEVICES[step.device] ?? '';
            const now = model.get(device) ?? 0;
            const chain = of(entries, device);
            if (step.do === 'insert' || step.do === 'insert one') {
              const to = step.do === 'insert' ? Math.max(now, step.seq) : Math.min(40, now + 1);
              unwrap(await copy.insert(chain.slice(step.do === 'insert' ? 0 : now, to)));
              model.set(device, to);
            } else if (step.do === 'mixed') {
              unwrap(await copy.insert(entries.slice(0, step.seq * DEVICES.length)));
              for (const [name, seq] of model) model.set(name, Math.max(seq, step.seq));
            } else if (step.do === 'tidy') {
              await copy.tidy(async () => undefined);
            } else if (step.do === 'drop') {
              await copy.dropAfter(entryId(device, step.seq));
              model.set(device, Math.min(now, step.seq));
            } else {
              unwrap(await copy.takeBack(chain.slice(step.seq - 1)));
              model.set(device, Math.min(now, step.seq - 1));
            }
          }
          for (const [device, seq] of model) {
            const chain = of(entries, device).slice(0, seq);
            expect(await held(copy, device)).toEqual(chain);
            expect((await copy.last(device))?.entry).toEqual(chain.at(-1));
            expect(await copy.countAfter(entryId(device, 3))).toBe(Math.max(0, seq - 3));
            expect(await walked(copy, entryId(device, 1))).toEqual(chain.slice(1));
            expect(readable(await copy.entriesAfter(entryId(device, 2), 5))).toEqual(chain.slice(2, 7));
            expect(await copy.at(entryId(device, seq + 1))).toBeUndefined();
            expect(await firstBroken(copy, { device })).toBeUndefined();
          }
          expect(await copy.devices()).toEqual(DEVICES.filter((device) => (model.get(device) ?? 0) > 0));
          await copy.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('L801 the laptops of a long copy are found with a look each', async () => {
    const { copy, reads } = await watchedCopy();
    const laptops = Array.from({ length: 20 }, (_, at) => `laptop-${String.fromCodePoint(97 + at)}`);
    for (const device of laptops) for (const entry of turns(3, [device])) unwrap(await copy.insert([entry]));
    reads.length = 0;
    expect(await copy.devices()).toEqual(laptops);
    expect(reads).toEqual(Array.from({ length: 21 }, () => 'firstId'));
    await copy.close();
  });

  test('L802 what is looked up comes from every chain, in the order of the ledger', async () => {
    const { copy } = await openPageCopy(new IDBFactory());
    const entries = turns(300);
    for (const device of DEVICES) unwrap(await copy.insert(of(entries, device)));
    const isTea = ({ fact }: LedgerEntry) => fact.kind === 'counted' && fact.item === 'tea';
    expect(await copy.bySubject('TEA')).toEqual(orderEntries(entries.filter(isTea)));
    expect(await copy.byPlace(placeKey(place({ bin: 'A-3' })))).toEqual(
      orderEntries(entries.filter(({ fact }) => fact.kind === 'counted' && fact.bin === 'A-3')),
    );
    const merged: LedgerEntry[] = [];
    const parts = DEVICES.map((device) => ({ device, after: 0, orderedAt: '' }));
    for await (const piece of mergeChains(copy, parts)) merged.push(...piece);
    expect(merged).toEqual(orderEntries(entries));
    await copy.close();
  });

  test('L804 every entry that names one of some bins is found, once, whatever laptop said it', async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 3, maxLength: 3 }),
        async (script, skew) => {
          const { copy } = await openPageCopy(new IDBFactory());
          const entries = morning(script, skew);
          for (const device of ['d0', 'd1', 'd2']) {
            const chain = of(entries, device);
            unwrap(await copy.insert(chain.slice(0, 20)));
            for (const entry of chain.slice(20)) unwrap(await copy.insert([entry]));
          }
          const known = [...new Set(entries.flatMap(({ fact }) => binsOf(fact)))];
          for (const bins of [known.slice(0, 1), known.slice(1, 3), known, [binKey('nowhere')], []]) {
            const wanted = new Set(bins);
            expect(await copy.byBins(wanted)).toEqual(
              orderEntries(entries.filter(({ fact }) => binsOf(fact).some((bin) => wanted.has(bin)))),
            );
          }
          const merged: LedgerEntry[] = [];
          const parts = ['d0', 'd1', 'd2'].map((device) => ({ device, after: 0, orderedAt: '' }));
          for await (const piece of mergeChains(copy, parts)) merged.push(...piece);
          expect(merged).toEqual(orderEntries(entries));
          await copy.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  test('L805 an entry of this laptop is stored without reading anything, however many others there are', async () => {
    const { copy, reads } = await watchedCopy();
    const entries = turns(20);
    for (const device of ['d0', 'd10', 'd2']) unwrap(await copy.insert(of(entries, device)));
    const own = of(entries, 'd1');
    unwrap(await copy.insert(own.slice(0, 1)));
    reads.length = 0;
    for (const entry of own.slice(1)) unwrap(await copy.insert([entry]));
    expect(reads).toEqual([]);
    expect(await held(copy, 'd1')).toEqual(own);
    await copy.close();
  });
});
