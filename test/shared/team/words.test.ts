import { describe, expect, test } from 'vitest';
import { WORDS, wordsOf } from '../../../shared/team/words.ts';

describe('words that stand for a key', () => {
  test('M800 256 short plain words, each once, and no word is the beginning of another', () => {
    expect(WORDS).toHaveLength(256);
    expect(new Set(WORDS).size).toBe(256);
    expect(WORDS.filter((word) => !/^[a-z]{3,9}$/.test(word))).toEqual([]);
    const begins = WORDS.flatMap((word) => WORDS.filter((other) => other !== word && other.startsWith(word)));
    expect(begins).toEqual([]);
  });

  test('M801 a key has the same eight words wherever they are shown, and each byte has its own', () => {
    expect(wordsOf('00010203fcfdfeff'.padEnd(64, '9'))).toEqual([...WORDS.slice(0, 4), ...WORDS.slice(-4)]);
    expect(wordsOf('f'.repeat(64))).not.toEqual(wordsOf(`${'f'.repeat(15)}e${'f'.repeat(48)}`));
  });
});
