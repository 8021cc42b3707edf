import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalJson,
  entryId,
  entrySubject,
  entryText,
  factSchema,
  FIRST_PREV,
  LEDGER_VERSION,
  ledgerEntrySchema,
  WRITERS,
} from '../../../shared/domain/ledger-entry.ts';
import { changed, counted, createHistory, voidOf } from './history.ts';

const plain = fc.jsonValue({ maxDepth: 4 });

/** The same value, members given in another order and with members that say nothing. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries([
    ...Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reordered(member)]),
    ['~nothing', undefined],
  ]);
}

describe('entries', () => {
  test('L40 one value has one text, whoever built the object', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(canonicalJson(reordered(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('L41 two different values never share a text', () => {
    fc.assert(
      fc.property(plain, plain, (left, right) => {
        expect(canonicalJson(left) === canonicalJson(right)).toBe(
          JSON.stringify(reorderedKeys(left)) === JSON.stringify(reorderedKeys(right)),
        );
      }),
    );
  });

  test('L42 keys are in code unit order, members without a value are left out, letters stay as they are', () => {
    expect(canonicalJson({ b: 1, a: undefined, é: 'ß😀', B: [{ z: null, y: undefined }], '10': 0, '9': -0 })).toBe(
      '{"10":0,"9":0,"B":[{"z":null}],"b":1,"é":"ß😀"}',
    );
    expect(canonicalJson('\u2028"\n')).toBe('"\u2028\\"\\n"');
  });

  test('L43 the hash covers everything an entry says and what it follows', () => {
    const history = createHistory();
    const first = history.say(1, changed('2'));
    const second = history.say(2, counted('3'));
    expect([first.prev, second.prev]).toEqual([FIRST_PREV, first.hash]);
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(hash(entryText(second))).toBe(second.hash);
    for (const change of [
      { device: 'x' },
      { seq: 9 },
      { at: first.at },
      { by: 'eve' },
      { v: 3 },
      { prev: FIRST_PREV },
      { fact: counted('4') },
    ]) {
      expect(hash(entryText({ ...second, ...change }))).not.toBe(second.hash);
    }
  });

  test('L44 an entry that was written and read again has the same hash and passes its own schema', () => {
    const history = createHistory();
    const entry = history.say(1, counted('2.5', { serial: 'S' }));
    history.say(2, voidOf(entry));
    for (const each of history.entries) {
      const read = ledgerEntrySchema.parse(JSON.parse(JSON.stringify(each)));
      expect(read).toEqual(each);
      expect(entryText(read)).toBe(entryText(each));
    }
  });

  test('L45 ids of one device sort as text in the order of its sequence', () => {
    expect([entryId('d', 10), entryId('d', 9), entryId('d', 100_000)].toSorted()).toEqual([
      entryId('d', 9),
      entryId('d', 10),
      entryId('d', 100_000),
    ]);
  });

  test('L46 a quantity has one spelling: no zeros to spare, no plus, no exponent, five decimals at most', () => {
    for (const good of ['0', '24', '2.5', '-3', '0.00001', '-999999999999.99999'])
      expect(factSchema.safeParse(changed(good)).success).toBe(true);
    for (const bad of ['', '2.50', '007', '+1', '1e3', '1.000001', '.5', '5.', '1,5', '1234567890123', ' 1'])
      expect(factSchema.safeParse(changed(bad)).success).toBe(false);
  });

  test('L47 minus nothing is no quantity', () => {
    expect(factSchema.safeParse(changed('-0')).success).toBe(false);
  });

  test('L48 the item of a fact is what its evidence is found by, also when it is taken back', () => {
    const history = createHistory();
    const entry = history.say(1, counted('1'));
    expect([
      entrySubject(entry.fact),
      entrySubject(voidOf(entry)),
      entrySubject({ kind: 'bin_opened', stocktake: 's', pass: 1, bin: 'A' }),
    ]).toEqual(['TEA', 'TEA', '']);
  });

  test('L700 a new kind of fact comes with a new version of the ledger: an older app refuses it and touches nothing', () => {
    const kinds = factSchema.options.map((option) => option.shape.kind.value).toSorted();
    // Another list means another version: raise LEDGER_VERSION, then write both here.
    expect([
      LEDGER_VERSION,
      createHash('sha256').update(kinds.join()).digest('hex').slice(0, 16),
      kinds.length,
    ]).toEqual([6, '526e887c3cbe2087', 52]);
  });

  test('L49 for every kind of fact it is said who may write it', () => {
    const kinds = factSchema.options.map((option) => option.shape.kind.value);
    expect(Object.keys(WRITERS).toSorted()).toEqual(kinds.toSorted());
    expect(Object.values(WRITERS).every((roles) => roles.length > 0)).toBe(true);
  });
});

function reorderedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reorderedKeys);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => [key, reorderedKeys(member), 'member']);
  // An object without members is no empty list.
  return ['object', members];
}
