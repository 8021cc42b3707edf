import type { Item } from './item.ts';
import { foldForSearch, searchWords } from './search-text.ts';

/** Items in one block: its texts are one string, so a search touches 64 items with one call. */
const BLOCK = 64;
/** Letter triples of a block are remembered in this many bits (a power of two). */
const SIEVE_BITS = 8192;
const SIEVE_WORDS = SIEVE_BITS / 32;
const WORD_LETTER = /[\p{L}\p{N}]/u;
/** Hits in the middle of a word are worse than hits at its start; after this many times the limit the scan is content. */
const ENOUGH = 8;

/** How well an item answers: the whole name starts so, every word starts so, or the words are merely inside. */
type Rank = 0 | 1 | 2;

export type SearchText = {
  /** Adds the next item; the first added has index 0. */
  add(item: Item): void;
  /** Indexes of items in which every word of `text` occurs, best first, at most `limit`. */
  search(text: string, limit: number): readonly number[];
};

function tripleAt(text: string, at: number): number {
  const mixed = text.charCodeAt(at) * 0x9e37 + text.charCodeAt(at + 1) * 0x79b9 + text.charCodeAt(at + 2) * 0x85eb;
  return (mixed ^ (mixed >>> 11)) & (SIEVE_BITS - 1);
}

function startsWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  if (before > 127) return !WORD_LETTER.test(text.charAt(at - 1));
  // The texts are folded, so there are no capital letters.
  return !((before > 96 && before < 123) || (before > 47 && before < 58));
}

/**
 * Search over the texts of a catalogue (name, SKU, brand, category, size, barcodes). A block whose sieve of letter triples
 * lacks one of the query's triples cannot hold a hit and is passed over, so a rare word costs as little as a common one.
 * One piece: adding and searching share the blocks.
 */
export function createSearchText(expected: number): SearchText {
  const blocks: string[] = [];
  let open: string[] = [];
  let sieves = new Uint32Array(Math.max(1, Math.ceil(expected / BLOCK)) * SIEVE_WORDS);

  function close(): void {
    const text = open.join('\n');
    const from = blocks.length * SIEVE_WORDS;
    if (from + SIEVE_WORDS > sieves.length) {
      const wider = new Uint32Array(sieves.length * 2);
      wider.set(sieves);
      sieves = wider;
    }
    for (let at = 0; at + 2 < text.length; at += 1) {
      const bit = tripleAt(text, at);
      const word = from + (bit >>> 5);
      sieves[word] = (sieves[word] ?? 0) | (1 << (bit & 31));
    }
    blocks.push(text);
    open = [];
  }

  function passes(block: number, triples: readonly number[]): boolean {
    const from = block * SIEVE_WORDS;
    return triples.every((bit) => ((sieves[from + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0);
  }

  function rankOf(line: string, words: readonly string[]): Rank | undefined {
    let rank: Rank = 1;
    for (const word of words) {
      let at = line.indexOf(word);
      if (at < 0) return undefined;
      while (at >= 0 && !startsWord(line, at)) at = line.indexOf(word, at + 1);
      if (at < 0) rank = 2;
    }
    return rank;
  }

  return {
    add(item) {
      const codes = item.barcodes.map((barcode) => barcode.code).join('\t');
      const texts = [item.name, item.sku, item.brand ?? '', item.category ?? '', item.size ?? '', codes];
      open.push(foldForSearch(texts.join('\t').replaceAll('\n', ' ')));
      if (open.length === BLOCK) close();
    },

    search(text, limit) {
      const words = searchWords(text);
      const [longest] = words;
      if (longest === undefined || limit < 1) return [];
      if (open.length > 0) {
        // The last block is closed when it is first needed; blocks before it are always full.
        while (open.length < BLOCK) open.push('');
        close();
      }
      const whole = foldForSearch(text).trim();
      const triples = words.flatMap((word) =>
        Array.from({ length: Math.max(0, word.length - 2) }, (_, at) => tripleAt(word, at)),
      );
      const found: [number[], number[], number[]] = [[], [], []];
      for (let block = 0; block < blocks.length; block += 1) {
        if (!passes(block, triples)) continue;
        const blockText = blocks[block] ?? '';
        let line = 0;
        let lineStart = 0;
        for (let at = blockText.indexOf(longest); at >= 0;) {
          let lineEnd = blockText.indexOf('\n', lineStart);
          while (lineEnd >= 0 && lineEnd < at) {
            line += 1;
            lineStart = lineEnd + 1;
            lineEnd = blockText.indexOf('\n', lineStart);
          }
          const lineText = blockText.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
          const rank = rankOf(lineText, words);
          if (rank !== undefined) found[lineText.startsWith(whole) ? 0 : rank].push(block * BLOCK + line);
          at = lineEnd < 0 ? -1 : blockText.indexOf(longest, lineEnd);
        }
        if (
          found[0].length >= limit ||
          found[0].length + found[1].length >= limit * ENOUGH ||
          found[2].length >= limit * ENOUGH
        )
          break;
      }
      return found.flat().slice(0, limit);
    },
  };
}
