import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeKey } from '../../../shared/domain/barcode.ts';
import { skuKey } from '../../../shared/domain/item.ts';
import { lineKey, serialKey } from '../../../shared/domain/line-key.ts';
import { binKey } from '../../../shared/domain/location.ts';

const keys: Readonly<Record<string, (text: string) => string>> = {
  bin: binKey,
  item: skuKey,
  code: codeKey,
  serial: serialKey,
  lot: (lot) => lineKey({ item: 'A', bin: 'B', lot }),
};

describe.each(Object.entries(keys))('the identity of a %s', (_, key) => {
  test('L520 letter case, blanks at the edges and composed letters make no second one', () => {
    for (const [left, right] of [
      ['ab-07', 'AB-07'],
      [' AB-07 ', 'AB-07'],
      ['gr\u00FCn', 'GRU\u0308N'],
      ['\u00E5-1', 'A\u030A-1'],
      ['ǆ1', 'Ǆ1'],
    ] as const)
      expect(key(left)).toBe(key(right));
  });

  test('L520 what is another letter is another one', () => {
    for (const [left, right] of [
      ['\u01311', 'I1'],
      ['stra\u00DFe', 'STRASSE'],
      ['o1', '01'],
      ['A-B', 'AB'],
      ['A B', 'AB'],
      ['\uFB01x', 'FIX'],
      ['grun', 'gr\u00FCn'],
    ] as const)
      expect(key(left)).not.toBe(key(right));
  });

  test('L520 any text has the key of its other spellings', () => {
    const letters = fc.constantFrom(...'abcXYZ019-/. äöüÄÖÜéÉßıİłŁñжЖ字'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1, maxLength: 20 }), (text) => {
        const known = key(text);
        expect(key(text.normalize('NFD'))).toBe(known);
        expect(key(` ${text}\t`)).toBe(known);
        const swapped = Array.from(text.normalize('NFC'), (letter) =>
          letter.toUpperCase().toLowerCase() === letter ? letter.toUpperCase() : letter,
        );
        expect(key(swapped.join(''))).toBe(known);
      }),
    );
  });
});
