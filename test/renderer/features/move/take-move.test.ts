import { beforeEach, expect, test } from 'vitest';
import { readScan } from '../../../../renderer/shelf/read-scan.ts';
import { takeBack, takeMove, type MoveScene } from '../../../../renderer/features/move/take-move.ts';
import type { DoneMove, MovingLine } from '../../../../renderer/stores/moving.ts';
import { openShop, type PaperLedger } from '../paper-ledger.ts';

let ledger: PaperLedger;
let from: string | undefined;
let lines: readonly MovingLine[];
let done: readonly DoneMove[];
let typedBack: string;

beforeEach(() => {
  ledger = openShop();
  ledger.say({ kind: 'stock_changed', item: 'CUP-BLUE', bin: 'A-01', quantity: '5', reason: 'opening' });
  from = undefined;
  lines = [];
  done = [];
  typedBack = '';
});

const scene: MoveScene = {
  ledger: {
    moveStock: (move) => ledger.moveStock(move),
    noteUnknown: (...told) => ledger.noteUnknown(...told),
    catalogue: () => ledger.catalogue(),
  },
  words: { say: (key) => key, damaged: (damage) => damage, error: ({ code }) => code },
  from: () => from,
  lines: () => lines,
  setFrom: (bin) => {
    from = bin;
  },
  setLines: (next) => {
    lines = next;
  },
  done: () => done,
  setDone: (next) => {
    done = next;
  },
  setTyped: (typed) => {
    typedBack = typed;
  },
  which: async (choices) => choices[0],
  whichBin: async (bins) => bins[0],
  whichKind: async (_, options) => options[0],
  again: async () => false,
};

const scan = (text: string, typed = '') =>
  takeMove(readScan({ text, usText: text }, { catalogue: ledger.catalogue(), bins: [], year: 2026 }), typed, scene);
const moves = () => ledger.entries.map(({ fact }) => fact).filter((fact) => fact.kind === 'stock_moved');

test('S190 from, item, to: a move is done in three scans and is one entry', async () => {
  expect(await scan('A-01')).toMatchObject({ outcome: 'held' });
  expect(await scan('4006381333931', '3')).toMatchObject({ outcome: 'held', added: '3', total: '3' });
  expect(moves()).toEqual([]);
  expect(await scan('A-02')).toMatchObject({
    outcome: 'taken',
    title: '3 × Blue cup 350 ml',
    code: 'A-01 → A-02',
  });
  expect(moves()).toEqual([{ kind: 'stock_moved', item: 'CUP-BLUE', from: 'A-01', to: 'A-02', quantity: '3' }]);
  expect([from, lines]).toEqual([undefined, []]);
});

test('S191 scans of one item add up, packs count their pieces, and a lot label joins the item before it', async () => {
  await scan('A-01');
  await scan('4006381333931');
  expect(await scan('14006381333938')).toMatchObject({ total: '13' });
  await scan('3017620422003');
  await scan(']C1102409');
  expect(lines).toEqual([
    { item: 'OIL', lot: '2409', quantity: '1' },
    { item: 'CUP-BLUE', lot: undefined, quantity: '13' },
  ]);
});

test('S584 a recorded move is taken back as if it had never been, newest first, after what is still in hand', async () => {
  await scan('A-01');
  await scan('4006381333931', '3');
  await scan('A-02');
  await scan('A-02');
  await scan('4006381333931', '1');
  await scan('A-01');
  await scan('A-02');
  expect(await takeBack(scene)).toMatchObject({ title: 'A-02', message: 'undone' });
  expect(await takeBack(scene)).toMatchObject({ outcome: 'held', title: 'A-01 → A-02', message: 'movedBack' });
  expect(await takeBack(scene)).toMatchObject({ outcome: 'held', title: 'A-02 → A-01', message: 'movedBack' });
  expect(await takeBack(scene)).toMatchObject({ outcome: 'not-taken', message: 'nothing_to_undo' });
  const times = ledger.entries.flatMap(({ at, fact }) => (fact.kind === 'stock_moved' ? [[at, fact.happenedAt]] : []));
  expect(times.map(([, happenedAt]) => happenedAt)).toEqual([undefined, undefined, times[1]?.[0], times[0]?.[0]]);
  expect(moves().slice(2)).toMatchObject([
    { item: 'CUP-BLUE', from: 'A-01', to: 'A-02', quantity: '1' },
    { item: 'CUP-BLUE', from: 'A-02', to: 'A-01', quantity: '3' },
  ]);
});

test('S192 an item before the from-bin, the same bin twice, and a bin with nothing taken move nothing', async () => {
  expect(await scan('4006381333931', '4')).toMatchObject({ outcome: 'look', message: 'fromFirst' });
  expect(typedBack).toBe('4');
  await scan('A-01');
  expect(await scan('A-01')).toMatchObject({ outcome: 'look', message: 'sameBin' });
  expect(await scan('A-02')).toMatchObject({ outcome: 'look', message: 'nothing' });
  expect(moves()).toEqual([]);
});

test('S193 a move below the book is recorded, and the card says to look', async () => {
  await scan('A-01');
  await scan('4006381333931', '9');
  expect(await scan('A-02')).toMatchObject({ outcome: 'look', message: 'negative' });
  expect(moves()).toHaveLength(1);
});

test('S194 what the ledger refuses stays in the move and is moved once when it goes again', async () => {
  await scan('A-01');
  await scan('4006381333931');
  ledger.refuse({ code: 'disk_full' });
  expect(await scan('A-02')).toMatchObject({ outcome: 'not-taken', message: 'disk_full' });
  expect([from, lines.length, moves().length]).toEqual(['A-01', 1, 0]);
  ledger.refuse(undefined);
  expect(await scan('A-02')).toMatchObject({ outcome: 'taken' });
  expect(moves()).toHaveLength(1);
});

test('S195 undo takes back the last item, then the bin, before anything is recorded', async () => {
  await scan('A-01');
  await scan('4006381333931');
  await scan('TALLYBOOK:UNDO');
  expect([from, lines]).toEqual(['A-01', []]);
  await scan('TALLYBOOK:UNDO');
  expect(from).toBeUndefined();
  expect(await scan('TALLYBOOK:UNDO')).toMatchObject({ outcome: 'not-taken', message: 'nothing_to_undo' });
});

test('S540 an unknown code met in a move is noted with its quantity, its bin and the item before it, and is not moved', async () => {
  await scan('A-01');
  await scan('4006381333931');
  expect(await scan('8710398159113', '4')).toMatchObject({ outcome: 'look', added: '4', message: 'unknown' });
  expect(ledger.entries.at(-1)?.fact).toEqual({
    kind: 'unknown_noted',
    where: 'move',
    code: '8710398159113',
    quantity: '4',
    from: 'A-01',
    after: 'CUP-BLUE',
  });
  expect(lines).toEqual([{ item: 'CUP-BLUE', lot: undefined, quantity: '1' }]);
  expect(await scan('8710398159113', '1+')).toMatchObject({ outcome: 'not-taken' });
  expect([typedBack, ledger.entries.filter(({ fact }) => fact.kind === 'unknown_noted').length]).toEqual(['1+', 1]);
});
