import { describe, expect, test } from 'vitest';
import { gs1Bars, gs1Values } from '../../../shared/domain/code-128.ts';
import { parseBarcode } from '../../../shared/domain/barcode.ts';
import { TEST_CARD } from '../../../shared/domain/scanner.ts';

/** The modules as text: 1 is black. */
function modulesOf(fields: readonly string[]): string {
  const { bars, modules } = gs1Bars(fields);
  const row = Array.from({ length: modules }, () => '0');
  for (const { at, width } of bars) row.fill('1', at, at + width);
  return row.join('');
}

describe('Code 128', () => {
  test('S517 the test card is the GS1-128 that other readers read', () => {
    // Values, checksum and bars as ZXing (Apache 2.0), a reader that is not ours, reads them.
    expect(gs1Values(TEST_CARD)).toEqual([
      104, 102, 25, 17, 52, 65, 76, 76, 89, 13, 52, 69, 83, 84, 102, 99, 92, 1, 23, 45, 67, 89, 100, 63, 15, 26, 96,
    ]);
    expect(modulesOf(['91a1234', '92b'])).toBe(
      '11010010000111101011101110010110010011100110100101100001001110011011001110010110010111001100100111011110101110111001011001100111001010010000110110011100101100011101011',
    );
    expect(gs1Bars(TEST_CARD).modules).toBe(310);
    const read = parseBarcode(`]C1${TEST_CARD.join('\u001D')}`);
    expect(read.kind === 'gs1' && read.elements.map(({ ai, value }) => [ai, value])).toEqual([
      ['91', 'Tally-Test'],
      ['92', '0123456789_/:'],
    ]);
  });

  test('S517 every bar and space is one to four modules wide, and each symbol has eleven', () => {
    for (const fields of [['0104006381333931', '10AB-7'], ['10LOT1', '21123456'], ['00123']]) {
      const row = modulesOf(fields);
      expect(row.length).toBe(gs1Values(fields).length * 11 + 13);
      expect(row).toMatch(/^11(?!.*(1{5}|0{5})).*11$/);
    }
  });
});
