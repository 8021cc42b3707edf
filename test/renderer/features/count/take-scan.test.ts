import { beforeEach, describe, expect, test } from 'vitest';
import { readScan } from '../../../../renderer/app/scanning/read-scan.ts';
import { attach } from '../../../../renderer/features/count/attach-lot.ts';
import type { LastCount, Scene } from '../../../../renderer/features/count/scene.ts';
import { takeScan } from '../../../../renderer/features/count/take-scan.ts';
import type { LastScan } from '../../../../renderer/ui/scan-card.tsx';
import type { Place } from '../../../../renderer/ledger/ledger.ts';
import { BINS, openShop, paperLedger, PLACE, q, type PaperLedger } from '../paper-ledger.ts';

let ledger: PaperLedger;
let place: Place | undefined;
let last: LastCount | undefined;
let typedBack: string;
let answers: { which?: number; again?: boolean };
let asked: string[];

beforeEach(() => {
  ledger = openShop();
  place = PLACE;
  last = undefined;
  typedBack = '';
  answers = {};
  asked = [];
});

function scene(): Scene {
  return {
    ledger,
    ask: {
      which: async (choices) => {
        asked.push('which');
        return choices[answers.which ?? -1];
      },
      whichBin: async (bins) => bins[answers.which ?? -1],
      whichKind: async (code, options) => {
        asked.push(`kinds ${code}: ${options.map(({ kind }) => kind).join()}`);
        return options[answers.which ?? -1];
      },
      again: async (typed) => {
        asked.push(`again ${typed}`);
        return answers.again ?? false;
      },
    },
    words: {
      binFirst: () => 'bin first',
      itemFirst: () => 'item first',
      unknownKept: () => 'kept',
      unknownNoBin: () => 'unknown, no bin',
      notChosen: () => 'not chosen',
      notSame: () => 'not same',
      timesNext: () => 'times next',
      serialIsOne: () => 'serial is one',
      tooPrecise: () => 'too precise',
      damaged: (damage) => damage,
      missing: (part) => `without ${part}`,
      packs: (times, { name, factor }) => `${times} ${name} (${factor})`,
      error: ({ code }) => code,
      say: (key) => key,
    },
    stocktake: 'st',
    place: () => place,
    openBin: async (bin) => ({ outcome: 'taken', title: bin }),
    runCommand: async (command) => ({ outcome: 'taken', title: command }),
    lastCount: () => last,
    setLastCount: (next) => {
      last = next;
    },
    setTyped: (typed) => {
      typedBack = typed;
    },
  };
}

async function scan(text: string, typed = ''): Promise<LastScan | undefined> {
  const known = { catalogue: ledger.catalogue(), bins: BINS.map((bin) => bin.code), year: 2026 };
  return takeScan(readScan({ text, usText: text }, known), typed, scene());
}

const facts = (kind: string) => ledger.entries.filter((entry) => entry.fact.kind === kind).map((entry) => entry.fact);

describe('counting with a scanner', () => {
  test('S140 each scan adds one, and the card shows what was added and the total', async () => {
    await scan('4006381333931');
    expect(await scan('4006381333931')).toMatchObject({
      outcome: 'taken',
      title: 'Blue cup 350 ml',
      added: '1',
      total: '2',
    });
    expect(facts('counted')).toMatchObject([
      { item: 'CUP-BLUE', quantity: '1', how: 'scan', code: '4006381333931' },
      {},
    ]);
  });

  test('S141 a number typed first is what the next scan counts, and how it was written is kept', async () => {
    expect(await scan('4006381333931', '3*12+7')).toMatchObject({
      outcome: 'taken',
      added: '43',
      total: '43',
      entered: '3*12+7',
    });
    expect(facts('counted')).toMatchObject([{ quantity: '43', entered: '3*12+7' }]);
  });

  test('S142 a case counts its pieces and is kept as it was said: "2 case (12)"', async () => {
    expect(await scan('14006381333938', '2')).toMatchObject({ outcome: 'taken', added: '24', entered: '2 case (12)' });
  });

  test('S143 nothing is taken while the ledger refuses: the word and the sentence say so', async () => {
    ledger.refuse({ code: 'disk_full' });
    const before = ledger.entries.length;
    expect(await scan('4006381333931')).toMatchObject({
      outcome: 'not-taken',
      title: 'Blue cup 350 ml',
      message: 'disk_full',
    });
    expect(await scan('8710398159113')).toMatchObject({ outcome: 'not-taken', message: 'disk_full' });
    expect(ledger.entries).toHaveLength(before);
  });

  test('S144 an item scanned before any bin asks for the bin, and the typed quantity is still there', async () => {
    place = undefined;
    expect(await scan('4006381333931', '24')).toMatchObject({ outcome: 'look', message: 'bin first' });
    expect(typedBack).toBe('24');
    expect(facts('counted')).toEqual([]);
  });

  test('S145 an unknown code is kept with the bin and the item before it, and counting goes on', async () => {
    await scan('4006381333931');
    expect(await scan('8710398159113')).toMatchObject({
      outcome: 'look',
      title: '8710398159113',
      total: '1',
      message: 'kept',
    });
    expect(await scan('8710398159113', '2')).toMatchObject({ outcome: 'look', added: '2', total: '3' });
    expect(facts('unknown_scanned')).toMatchObject([{ code: '8710398159113', quantity: '1' }, { quantity: '2' }]);
    expect(ledger.sheet(PLACE)?.unknowns.get('8710398159113')?.scans).toMatchObject([
      { after: 'CUP-BLUE' },
      { after: 'CUP-BLUE' },
    ]);
  });

  test('S540 an unknown code met with no bin open is noted with its quantity, and nothing is counted', async () => {
    place = undefined;
    expect(await scan('8710398159113', '3')).toMatchObject({ outcome: 'look', title: '8710398159113', added: '3' });
    expect(ledger.entries.at(-1)?.fact).toEqual({
      kind: 'unknown_noted',
      where: 'no_bin',
      code: '8710398159113',
      quantity: '3',
      stocktake: 'st',
    });
    ledger.refuse({ code: 'disk_full' });
    expect(await scan('8710398159113')).toMatchObject({ outcome: 'not-taken' });
  });

  test('S146 a misread code is not taken and leaves no trace', async () => {
    const before = ledger.entries.length;
    expect(await scan('4006381333932', '5')).toMatchObject({ outcome: 'not-taken', message: 'check_digit' });
    expect(ledger.entries).toHaveLength(before);
    expect(typedBack).toBe('5');
  });

  test('S147 a surprising quantity counts only when the same number is given again', async () => {
    expect(await scan('4006381333931', '40063813')).toMatchObject({ outcome: 'not-taken', message: 'not same' });
    expect(facts('counted')).toEqual([]);
    answers.again = true;
    expect(await scan('4006381333931', '10000')).toMatchObject({ outcome: 'taken', total: '10000' });
    expect(asked).toEqual(['again 40063813', 'again 10000']);
  });

  test('S148 a whole-piece item refuses a fraction, a weighed one takes it', async () => {
    expect(await scan('4006381333931', '2.5')).toMatchObject({ outcome: 'not-taken', message: 'too precise' });
    expect(await scan('2000000000008', '2,5')).toMatchObject({ outcome: 'taken', added: '2.5' });
  });

  test('S149 of two items with one code the chosen one is counted, and none when nothing is chosen', async () => {
    expect(await scan('TWIN')).toMatchObject({ outcome: 'not-taken', message: 'not chosen' });
    answers.which = 1;
    expect(await scan('TWIN')).toMatchObject({ outcome: 'taken', title: 'Twin B' });
    expect(facts('counted')).toMatchObject([{ item: 'TWIN-B' }]);
  });
});

describe('a code of several kinds', () => {
  /** The shop, with an item and a bin called 1001, and an item called like a card. */
  function openClash(): void {
    const item = { unit: 'pcs', precision: 0, tracking: 'none' as const, barcodes: [] };
    ledger = paperLedger({
      items: [
        { ...item, sku: '1001', name: 'Clash part' },
        { ...item, sku: 'TALLYBOOK:EMPTY', name: 'Empty crate' },
      ],
      bins: [...BINS, { code: '1001', label: '', site: 'Main', zone: 'A', walk: 5 }],
    });
    ledger.say({ kind: 'stocktake_created', stocktake: 'st', name: 'Zone A', blind: true, bins: ['A-01', '1001'] });
    ledger.say({ kind: 'bin_opened', ...PLACE });
  }

  test('S527 a bin that is called as an item asks once, and the answer decides', async () => {
    openClash();
    answers.which = 1;
    expect(await scan('1001', '3')).toMatchObject({ outcome: 'taken', title: 'Clash part', added: '3' });
    answers.which = 0;
    expect(await scan('1001', '3')).toMatchObject({ title: '1001' });
    expect(typedBack).toBe('3');
    expect(asked).toEqual(['kinds 1001: bin,item', 'kinds 1001: bin,item']);
  });

  test('S527 nothing is done when nothing is chosen, and the typed quantity stays', async () => {
    openClash();
    const before = ledger.entries.length;
    expect(await scan(']C01001', '3')).toMatchObject({ outcome: 'not-taken', title: '1001', message: 'notChosen' });
    expect([ledger.entries.length, typedBack]).toEqual([before, '3']);
  });

  test('S527 without an open bin only the bin can be meant, so nothing is asked', async () => {
    openClash();
    place = undefined;
    expect(await scan('1001')).toMatchObject({ title: '1001' });
    expect(asked).toEqual([]);
  });

  test('S527 an item that is called like a card asks too', async () => {
    openClash();
    answers.which = 1;
    expect(await scan('tallybook:empty')).toMatchObject({ outcome: 'taken', title: 'Empty crate', added: '1' });
    expect(asked).toEqual(['kinds tallybook:empty: command,item']);
  });
});

describe('what a label says about quantity', () => {
  test('S522 a pallet counts its cases, and is kept as it was said', async () => {
    expect(await scan(']C10214006381333938374')).toMatchObject({
      outcome: 'taken',
      added: '48',
      entered: '4 case (12)',
    });
    expect(await scan(']C10214006381333938374', '2')).toMatchObject({ added: '96', entered: '8 case (12)' });
  });

  test('S523 a weight is counted as it stands on the label, times what was typed', async () => {
    expect(await scan(']C101020000000000083103001250')).toMatchObject({ added: '1.25', entered: '1.25 kg' });
    expect(await scan(']C101020000000000083103001250', '2')).toMatchObject({ added: '2.5', entered: '2*1.25 kg' });
    expect(await scan(']C101020000000000083105000001')).toMatchObject({ outcome: 'not-taken', message: 'too precise' });
  });

  test('S524 a weight of something counted in pieces is not taken until a person types how many', async () => {
    const before = ledger.entries.length;
    expect(await scan(']C101040063813339313103001250')).toMatchObject({
      outcome: 'not-taken',
      title: 'Blue cup 350 ml',
      message: 'label_in_pieces',
    });
    expect(ledger.entries).toHaveLength(before);
    expect(await scan(']C101040063813339313103001250', '3')).toMatchObject({
      outcome: 'taken',
      added: '3',
      total: '3',
    });
    expect(await scan(']C10214006381333938', '')).toMatchObject({
      outcome: 'not-taken',
      message: 'label_count_missing',
    });
    expect(await scan(']C10214006381333938', '5')).toMatchObject({ outcome: 'taken', added: '60' });
  });
});

describe('lots and serials', () => {
  test('S150 an item that needs a lot is counted without one, and the card says to look', async () => {
    expect(await scan('3017620422003')).toMatchObject({
      outcome: 'look',
      added: '1',
      total: '1',
      message: 'without lot',
    });
    expect(await scan(`]C10103017620422003102409`)).toMatchObject({ outcome: 'taken', lot: '2409' });
  });

  test('S151 a lot on a label of its own is added to the item before it: the count stays one', async () => {
    await scan('3017620422003');
    expect(await scan(']C1102409')).toMatchObject({ outcome: 'taken', title: 'Coconut oil', lot: '2409', total: '1' });
    const lines = [...(ledger.sheet(PLACE)?.lines.values() ?? [])].map(({ item, lot, counted }) => ({
      item,
      lot,
      counted,
    }));
    expect(lines).toEqual([{ item: 'OIL', lot: '2409', counted: q('1') }]);
  });

  test('S152 a lot label with no item before it is not taken', async () => {
    expect(await scan(']C1102409')).toMatchObject({ outcome: 'not-taken', message: 'item first' });
    await scan(`]C10103017620422003102409`);
    expect(await scan(']C1102410')).toMatchObject({ outcome: 'not-taken', message: 'item first' });
  });

  test('S153 the same serial again says look and counts nothing', async () => {
    await scan(`]C1010500011254816721SN-7`);
    const before = ledger.entries.length;
    expect(await scan(`]C1010500011254816721SN-7`)).toMatchObject({ outcome: 'look', message: 'serial_seen' });
    expect(ledger.entries).toHaveLength(before);
    expect(await scan(`]C1010500011254816721SN-8`, '2')).toMatchObject({
      outcome: 'not-taken',
      message: 'serial is one',
    });
  });

  test('S154 a serial that is refused does not take the count with it', async () => {
    await scan(`]C1010500011254816721SN-7`);
    await scan('5000112548167');
    expect(await attach({ lot: undefined, serial: 'SN-7', expiresOn: undefined, code: 'x' }, scene())).toMatchObject({
      outcome: 'look',
      message: 'serial_seen',
    });
    const [line] = ledger.sheet(PLACE)?.lines.values() ?? [];
    expect(line?.counted).toBe(q('2'));
  });
});

describe('what is no item', () => {
  test('S155 a bin label opens that bin and leaves the typed quantity on the strip', async () => {
    expect(await scan('900200', '24')).toMatchObject({ title: 'A-02' });
    expect(typedBack).toBe('24');
  });

  test('S156 the times card puts its number on the strip', async () => {
    expect(await scan('TALLYBOOK:TIMES:10')).toMatchObject({ outcome: 'held' });
    expect(typedBack).toBe('10*');
  });
});
