import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyLedgerState, fold } from '../../../../shared/domain/ledger-state.ts';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import { NO_MAPPING } from '../../../../shared/sync/seen/mapping.ts';
import { csvText } from '../../../../shared/domain/csv-text.ts';
import { bareText, tidyText } from '../../../../shared/domain/import/conversion.ts';
import { holdingBins } from '../../../../renderer/features/send/drift/holding-bins.ts';
import { fileName } from '../../../../shared/domain/file-name.ts';
import { countMoved, mayTake, movedRows } from '../../../../renderer/features/send/moved/moved-rows.ts';
import { cureOf, stoppedGroups, trackingOf } from '../../../../renderer/features/send/plan/cures.ts';
import type { MovementRow } from '../../../../renderer/sync/sending.ts';
import { allTexts, LANGUAGES } from '../../../../renderer/texts/texts.ts';
import { createChain } from '../../../shared/sync/entries.ts';
import { BINS, ITEMS } from '../paper-ledger.ts';

const stopped = (code: string, item: string, bin = 'A-01') => ({ code, item, bin });

describe('stopped lines', () => {
  test('U221 stopped lines come by what is the matter, the most frequent first, each with its cure', () => {
    const groups = stoppedGroups([
      stopped('too_precise', 'RICE'),
      stopped('item_not_mapped', 'OIL'),
      stopped('item_not_mapped', 'DRILL'),
      stopped('not_tracked', 'TWIN-A'),
    ]);
    expect(groups.map(({ code, lines, cure }) => [code, lines.length, cure])).toEqual([
      ['item_not_mapped', 2, 'match'],
      ['not_tracked', 1, 'track'],
      ['too_precise', 1, 'none'],
    ]);
    expect(cureOf('a_code_of_tomorrow')).toBe('none');
  });

  test('U222 what has a reason to be stopped has a sentence of what to do, in every language', () => {
    for (const language of LANGUAGES) {
      const texts = JSON.parse(JSON.stringify(allTexts()[language]?.['send']));
      expect([language, Object.keys(texts.cure).toSorted()]).toEqual([
        language,
        Object.keys(texts.plan.stop).toSorted(),
      ]);
    }
  });

  test('U223 tracking is started for each of their items once, at the place where it is needed', () => {
    const mapping = {
      ...NO_MAPPING,
      items: new Map(['OIL', 'DRILL'].map((item) => [item, { item, remoteItem: `V-${item}`, precision: 0 }])),
      sites: new Map([
        ['Main', 'L1'],
        ['Annex', 'L2'],
      ]),
    };
    const catalogue = createCatalogue(ITEMS, BINS);
    const asked = trackingOf(
      [
        stopped('not_tracked', 'OIL'),
        stopped('not_tracked', 'oil', 'A-02'),
        stopped('not_tracked', 'DRILL', 'B-02'),
        stopped('not_tracked', 'RICE'),
        stopped('too_precise', 'DRILL'),
      ],
      { mapping, binSite: (bin) => catalogue.bin(bin)?.site },
    );
    expect([...asked]).toEqual([
      ['L1', ['V-OIL']],
      ['L2', ['V-DRILL']],
    ]);
  });
});

describe('bins of a difference', () => {
  test('U226 a difference may lie in any bin of the site that holds the item, the fullest first', () => {
    const chain = createChain();
    const state = emptyLedgerState();
    const stock = (bin: string, quantity: string, item = 'OIL', lot?: string) =>
      fold(
        state,
        chain.add({ kind: 'stock_changed', item, bin, quantity, reason: 'opening', ...(lot !== undefined && { lot }) }),
      );
    stock('A-01', '2');
    stock('A-02', '3', 'OIL', 'L1');
    stock('A-02', '4', 'OIL', 'L2');
    stock('B-02', '9');
    stock('B-01', '1', 'DRILL');
    const catalogue = createCatalogue(ITEMS, BINS);
    const place = { item: 'OIL', site: 'Main', remoteLocation: 'P' };
    const bins = (binOf?: string) =>
      holdingBins({
        lines: state.books.lines.values(),
        placeOf: (bin) => catalogue.bin(bin)?.site,
        binOf: () => binOf,
      })(place);
    expect(bins()).toEqual([
      { bin: 'A-02', quantity: '7' },
      { bin: 'A-01', quantity: '2' },
    ]);
    // Where the remote knows bins it is the matched bin, even an empty one.
    expect(bins('B-01')).toEqual([{ bin: 'B-01', quantity: '0' }]);
  });
});

describe('what others changed', () => {
  const movement = (key: string, happenedAt: string, more: Partial<MovementRow> = {}): MovementRow => ({
    key,
    nth: 0,
    item: 'OIL',
    remoteItem: 'R',
    remoteLocation: '',
    quantity: '-1',
    happenedAt,
    what: 'sale',
    bins: ['A-01'],
    taken: false,
    covered: false,
    ...more,
  });

  test('U227 the newest movement comes first, and each says whether it can be taken and what it asks for', () => {
    const { item: _, ...noItem } = movement('e', '2026-11-20T10:00:00.000Z');
    const rows = movedRows([
      movement('a', '2026-11-20T10:00:00.000Z'),
      movement('b', '2026-11-21T10:00:00.000Z', { bins: ['A-01', 'A-02'] }),
      movement('c', '2026-11-19T10:00:00.000Z', { bins: [] }),
      movement('d', '2026-11-18T10:00:00.000Z', { taken: true }),
      noItem,
    ]);
    expect(rows.map(({ movement: { key }, state }) => [key, state])).toEqual([
      ['b', 'several'],
      ['a', 'ready'],
      ['e', 'unknown'],
      ['c', 'no_bin'],
      ['d', 'taken'],
    ]);
    expect(rows.filter(mayTake).map(({ movement: { key } }) => key)).toEqual(['b', 'a', 'c']);
    expect(countMoved(rows)).toEqual({ several: 1, ready: 1, unknown: 1, no_bin: 1, taken: 1, covered: 0 });
  });

  test('U228 two movements that share a key are two rows', () => {
    const at = '2026-11-20T10:00:00.000Z';
    const keys = movedRows([movement('a', at), movement('a', at, { nth: 1 })]).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });
});

describe('files for other programs', () => {
  test('U229 a text that a spreadsheet would run is led by an apostrophe; a number stays a number', () => {
    expect(csvText([['=1+1', '-2', '+SUM(A1)', '@x', '-a', '1.5', 'say "hi", you']])).toBe(
      '\uFEFF\'=1+1,-2,\'+SUM(A1),\'@x,\'-a,1.5,"say ""hi"", you"\r\n',
    );
    const led = (text: string): string => csvText([[text]]).slice(1, -2);
    // Where a semicolon cuts the cells, and behind what a spreadsheet passes over.
    expect(led('x;=cmd|/c')).toBe('"x;\'=cmd|/c"');
    expect(led('x"; @y')).toBe('"x"";\' @y"');
    expect(['  =1', '\u0000=1', '\uFF1D1', '\t=1', '\uFF0B1'].map(led).every((text) => /^"?'/.test(text))).toBe(true);
    expect(['a-b', '3 = 3', 'x; y', '-12.50'].map(led)).toEqual(['a-b', '3 = 3', '"x; y"', '-12.50']);
  });

  test('U230 whatever stands in a cell, a reader of CSV finds the same cells', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const text = csvText(rows);
        expect(text.startsWith('\uFEFF')).toBe(true);
        const bare = (line: readonly string[] | undefined) => line?.map((one) => one.replaceAll("'", ''));
        for (const [at, line] of parse(text.slice(1)).entries()) expect(bare(line)).toEqual(bare(rows[at]));
      }),
    );
  });

  test('U773 a text of a file that we have written comes back as it was through our own importer', () => {
    const unit = fc.constantFrom(...Array.from(`=+-@;,|"'’＝＠ ab19`));
    const texts = fc.string({ unit, minLength: 1, maxLength: 8 }).filter((text) => text === tidyText(text));
    // A whole cell of ="…" is a spreadsheet's own way of saying that a code is a text.
    const cell = texts.filter((text) => !text.startsWith('="'));
    fc.assert(
      fc.property(fc.tuple(cell, cell), (cells) => {
        const [read] = parse(csvText([cells]).slice(1));
        expect(read?.map(bareText)).toEqual(cells);
      }),
      { numRuns: 2000 },
    );
  });

  test('U774 whatever separates the cells for a reader, quoting or not, no cell of our files begins a formula', () => {
    const unit = fc.constantFrom(...Array.from('=+-@;,|\t"\'＝\u0000 a1'));
    const cell = fc.string({ unit, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 3 }), (rows) => {
        const text = csvText(rows).slice(1);
        for (const separator of [';', '\t', '|']) {
          const naive = text.split(/\r\n|[\r\n]/).flatMap((line) => line.split(separator));
          for (const one of [...naive, ...parse(text).flat()]) {
            // oxlint-disable-next-line no-control-regex -- control characters are what a spreadsheet passes over
            const begins = one.replace(/^[\s\u0000-\u001f\u007f"]+/, '');
            if (/^[=+\-@＝＋－＠]/.test(begins)) expect(begins).toMatch(/^[+-]?\d+(\.\d+)?("?,|$)/);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('U231 a file is named by what people call things, with nothing a file system refuses', () => {
    expect(fileName(['Zone A/B: "Autumn"', 'r1'], 'csv')).toBe('Zone-A-B-Autumn-r1.csv');
    expect(fileName(['..', '***'], 'csv')).toBe('tallybook.csv');
  });
});

/** A strict reader of RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',') {
      row.push(cell);
      cell = '';
    } else if (sign === '\r' && text[at + 1] === '\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
      at += 1;
    } else cell += sign;
  }
  return rows;
}
