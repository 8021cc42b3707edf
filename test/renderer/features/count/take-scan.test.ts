import { beforeEach, describe, expect, test } from 'vitest';
import { readScan } from '../../../../renderer/shelf/read-scan.ts';
import { attach, lotOfScan } from '../../../../renderer/features/count/attach-lot.ts';
import { setLineTo, setUnknownTo, stepLine, stepUnknown } from '../../../../renderer/features/count/set-line.ts';
import { showBin, showLine } from '../../../../renderer/features/count/statements.ts';
import type { LastCount, Scene } from '../../../../renderer/features/count/scene.ts';
import { takeScan } from '../../../../renderer/features/count/take-scan.ts';
import type { LastScan } from '../../../../renderer/shelf/scan-card.tsx';
import type { Place } from '../../../../renderer/ledger/ledger.ts';
import { BINS, openShop, paperLedger, PLACE, q, type PaperLedger } from '../paper-ledger.ts';

let ledger: PaperLedger;
let place: Place | undefined;
let last: LastCount | undefined;
let typedBack: string;
let answers: { which?: number; again?: boolean; part?: string };
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
      part: async (code, missing, item, texts) => {
        asked.push(`${missing} of ${item.sku}: ${code} as ${texts.join()}`);
        return answers.part;
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
      binHolds: (scans, name, total) => `${scans} scans, last ${name} ${total}`,
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

  const stock = (item: string, lot: string) =>
    ledger.say({ kind: 'stock_changed', item, bin: 'A-02', lot, quantity: '4', reason: 'opening' });
  const lots = () => [...(ledger.sheet(PLACE)?.lines.values() ?? [])].map(({ item, lot }) => `${item} ${lot ?? '-'}`);

  test('S532 a lot that the book knows for another item only asks whose it is', async () => {
    stock('CUP-BLUE', '201');
    await scan('3017620422003');
    expect(await scan(']C110201')).toMatchObject({ outcome: 'not-taken', message: 'not chosen' });
    expect(lots()).toEqual(['OIL -']);
    answers.which = 0;
    expect(await scan(']C110201')).toMatchObject({ outcome: 'taken', title: 'Coconut oil', lot: '201', total: '1' });
    expect(asked).toEqual(['which', 'which']);
  });

  test('S532 the other item may be meant, and then one of it is counted', async () => {
    stock('CUP-BLUE', '201');
    await scan('3017620422003');
    answers.which = 1;
    expect(await scan(']C110201')).toMatchObject({ title: 'Blue cup 350 ml', lot: '201', total: '1' });
    expect(lots()).toEqual(['OIL -', 'CUP-BLUE 201']);
  });

  test('S532 a lot that the book knows for this item too, in any letters, or not at all, asks nothing', async () => {
    stock('CUP-BLUE', 'AB-1');
    stock('OIL', 'AB-1');
    await scan('3017620422003');
    expect(await scan(']C110ab-1')).toMatchObject({ outcome: 'taken', lot: 'ab-1' });
    await scan('3017620422003');
    expect(await scan(']C110NEW')).toMatchObject({ outcome: 'taken', lot: 'NEW' });
    expect(asked).toEqual([]);
  });

  test('S533 an item that is not counted by lot takes none, not by its label and not by hand', async () => {
    await scan('4006381333931');
    expect(await scan(']C1102409')).toMatchObject({
      outcome: 'not-taken',
      title: 'Blue cup 350 ml',
      message: 'noLots',
    });
    const byHand = { lot: '2409', serial: undefined, expiresOn: undefined, code: '2409' };
    expect(await attach(byHand, scene())).toMatchObject({ outcome: 'not-taken', message: 'noLots' });
    expect(lots()).toEqual(['CUP-BLUE -']);
  });

  test('S534 a lot label without the scanner’s identifier, right after an item without its lot, is that lot where the book knows it', async () => {
    stock('OIL', 'L2409');
    await scan('3017620422003');
    expect(await scan('10L2409')).toMatchObject({ outcome: 'taken', lot: 'L2409' });
    stock('OIL', 'X-77');
    await scan('3017620422003');
    expect(await scan('x-77')).toMatchObject({ outcome: 'taken', lot: 'x-77' });
    expect([asked, facts('unknown_scanned')]).toEqual([[], []]);
  });

  test('S534 where the book does not know it a person says: the lot, all of it, or no lot', async () => {
    await scan('3017620422003');
    answers.part = 'L2409';
    expect(await scan('10L2409')).toMatchObject({ outcome: 'taken', lot: 'L2409' });
    await scan('5000112548167');
    answers.part = 'SN 1';
    expect(await scan('SN 1')).toMatchObject({ outcome: 'taken', serial: 'SN 1' });
    await scan('3017620422003');
    answers.part = '';
    expect(await scan('10L2500')).toMatchObject({ outcome: 'look', title: '10L2500', message: 'kept' });
    expect(asked).toEqual([
      'lot of OIL: 10L2409 as L2409,10L2409',
      'serial of DRILL: SN 1 as SN 1',
      'lot of OIL: 10L2500 as L2500,10L2500',
    ]);
  });

  test('S534 an unknown item number, and a code with a number typed before it, are never a lot', async () => {
    await scan('3017620422003');
    expect(await scan('8710398159113')).toMatchObject({ outcome: 'look', message: 'kept' });
    await scan('3017620422003');
    expect(await scan('10L2409', '3')).toMatchObject({ outcome: 'look', added: '3', message: 'kept' });
    expect(asked).toEqual([]);
  });

  test('S534 while the lot is asked for, its label answers: with the identifier, without it, or the item’s own', async () => {
    await scan('3017620422003');
    const known = { catalogue: ledger.catalogue(), bins: [], year: 2026 };
    const lotOf = (text: string) => lotOfScan(readScan({ text, usText: text }, known), scene())?.lot;
    expect(
      [']C110L2409', '10L2409', ']C0L2409', 'L2409', ']C101030176204220031 0L2409'.replace(' ', '')].map(lotOf),
    ).toEqual(Array.from({ length: 5 }, () => 'L2409'));
    expect(['A-02', '4006381333931', '8710398159113', 'TALLYBOOK:UNDO'].map(lotOf)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  test('S522 a lot label that says a quantity too, but not of what, is refused by name', async () => {
    await scan('3017620422003');
    expect(await scan('(10)L1(37)4')).toMatchObject({ outcome: 'not-taken', message: 'label_without_item' });
    expect(await scan('(10)L1(3103)001250')).toMatchObject({ outcome: 'not-taken', message: 'label_without_item' });
    expect(lots()).toEqual(['OIL -']);
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

describe('what the keys act on', () => {
  const tools = () => ({ ...scene(), ledger });
  const unknownTotal = (code: string) => ledger.sheet(PLACE)?.unknowns.get(code)?.quantity;
  const lineOf = (item: string) =>
    [...(ledger.sheet(PLACE)?.lines.values() ?? [])].find((line) => line.item === item) ?? expect.fail('no line');

  test('U520 after an unknown code the keys are about that code, and the item before it stays as it is', async () => {
    const taken = await scan('4006381333931', '3');
    expect(taken?.subject).toEqual({ line: lineOf('CUP-BLUE').key });
    expect((await scan('8710398159113'))?.subject).toEqual({ unknown: '8710398159113' });
    expect(await setUnknownTo('8710398159113', '12', tools())).toMatchObject({
      outcome: 'look',
      title: '8710398159113',
      added: '11',
      total: '12',
      subject: { unknown: '8710398159113' },
    });
    await stepUnknown('8710398159113', 1n, tools());
    await stepUnknown('8710398159113', -1n, tools());
    expect([unknownTotal('8710398159113'), lineOf('CUP-BLUE').counted]).toEqual([q('12'), q('3')]);
    await setUnknownTo('8710398159113', '0', tools());
    expect(await stepUnknown('8710398159113', -1n, tools())).toMatchObject({ message: 'notBelowZero' });
  });

  test('U520 a scan that was not taken leaves nothing for the keys to act on', async () => {
    await scan('4006381333931');
    for (const code of ['4006381333932', ']C1102409', ']C101040063813339313103001250'])
      expect([code, (await scan(code))?.subject]).toEqual([code, undefined]);
  });

  test('U521 a bin that is open shows how far it is counted, and an untouched one what to do', async () => {
    expect(showBin(PLACE, ledger, scene().words)).toMatchObject({ title: 'A-01', opensBin: true, message: 'binOpen' });
    await scan('3017620422003');
    await scan('4006381333931', '12');
    expect(showBin(PLACE, ledger, scene().words)).toMatchObject({
      title: 'A-01',
      message: '2 scans, last Blue cup 350 ml 12',
      subject: { line: lineOf('CUP-BLUE').key },
    });
  });

  test('S535 a line whose pieces have serials is counted piece by piece, and lists them', async () => {
    await scan(']C1010500011254816721SN-7');
    const before = ledger.entries.length;
    for (const typed of ['7', '2', '0'])
      expect(await setLineTo(lineOf('DRILL'), typed, tools())).toMatchObject({
        outcome: 'not-taken',
        message: 'serialLine',
      });
    for (const by of [1n, -1n] as const)
      expect(await stepLine(lineOf('DRILL'), by, tools())).toMatchObject({ message: 'serialLine' });
    expect(ledger.entries).toHaveLength(before);
    await scan(']C1010500011254816721SN-8');
    expect(showLine(lineOf('DRILL'), ledger)).toMatchObject({ title: 'Drill', serial: 'SN-7, SN-8', total: '2' });
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
