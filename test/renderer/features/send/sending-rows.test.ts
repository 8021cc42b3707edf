import { describe, expect, test } from 'vitest';
import { allTexts } from '../../../../renderer/texts/texts.ts';
import {
  sendings,
  settledLines,
  historyTable,
  HISTORY_COLUMNS,
} from '../../../../renderer/features/send/history-rows.ts';
import { answersByRequest, doubtRows } from '../../../../renderer/features/send/progress/doubtful-lines.ts';
import { countWords, LINE_WORDS, sentLines } from '../../../../renderer/features/send/progress/sent-lines.ts';
import { needsOf } from '../../../../renderer/sync/needs.ts';
import { posted } from '../../../shared/sync/entries.ts';
import { attempted, BATCH, connected, CONNECTION, frozen, lineOf, requestOf, requests, settled, told } from './told.ts';

const [tea, cup, oil, jug] = [
  posted('TEA', 'A', '9', '-1'),
  posted('CUP', 'A', '4', '2'),
  posted('OIL', 'B', '3', '3'),
  posted('JUG', 'B', '1', '1'),
];
const lines = [tea, cup, oil, jug].map((line) => lineOf(line));
const [teaRef, cupRef, oilRef, jugRef] = lines.map(({ ref }) => ref);
const base = [
  connected,
  { kind: 'lines_posted' as const, batch: BATCH, lines: [tea, cup, oil, jug] },
  frozen([requestOf('r1', lines)]),
  attempted('r1'),
];
const split = settled('r1', {
  state: 'split',
  arrived: [teaRef ?? ''],
  missing: [cupRef ?? ''],
  refused: [{ ref: oilRef ?? '', detail: 'not sold any more' }],
  doubtful: [{ ref: jugRef ?? '', before: '5', now: '7' }],
});

describe('lines on their way', () => {
  test('U211 every line has one word and, where the remote took or refused it, its receipt or its words', () => {
    const rows = sentLines(requests(told([...base, split])));
    expect(rows.map(({ line, state, receipt, detail }) => [line.item, state, receipt, detail])).toEqual([
      ['TEA', 'confirmed', '', undefined],
      ['CUP', 'again', undefined, undefined],
      ['OIL', 'rejected', undefined, 'not sold any more'],
      ['JUG', 'doubtful', undefined, undefined],
    ]);
    expect(countWords(rows)).toMatchObject({ confirmed: 1, again: 1, rejected: 1, doubtful: 1, queued: 0 });
    const refused = settled('r1', { state: 'rejected', code: 'rejected', detail: 'too few', refs: [oilRef ?? ''] });
    expect(sentLines(requests(told([...base, refused]))).map(({ detail }) => detail)).toEqual([
      undefined,
      undefined,
      'too few',
      undefined,
    ]);
    expect(sentLines(requests(told(base))).map(({ state }) => state)).toEqual(
      LINE_WORDS.filter((word) => word === 'sending').flatMap((word) => [word, word, word, word]),
    );
  });

  test('U212 Saved is the word of what waits', () => {
    expect(allTexts()['en']?.['send']).toMatchObject({
      progress: {
        state: {
          queued: 'Saved',
          sending: 'Sending',
          confirmed: 'Confirmed',
          rejected: 'Rejected',
          unknown: 'Unknown, checking',
        },
      },
    });
  });

  test('U213 ten thousand lines of a hundred requests have their words at once', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => posted(`S${at}`, 'A', '1', '1'));
    const pieces = Array.from({ length: 100 }, (_, at) =>
      requestOf(
        `r${at}`,
        many.slice(at * 100, at * 100 + 100).map((line) => lineOf(line)),
      ),
    );
    const state = told([
      connected,
      { kind: 'lines_posted', batch: BATCH, lines: many },
      frozen(pieces),
      settled('r0', {
        state: 'confirmed',
        receipts: (pieces[0]?.lines ?? []).map(({ ref }) => ({ ref, remoteId: 'x' })),
      }),
    ]);
    expect(countWords(sentLines(requests(state)))).toMatchObject({ confirmed: 100, queued: 9900 });
  });

  test('U214 a line in doubt shows before, now, and what it would be if it had arrived', () => {
    const rows = doubtRows(requests(told([...base, split])));
    expect(rows.map(({ line, before, now, wouldBe }) => [line.item, before, now, wouldBe])).toEqual([
      ['JUG', '5', '7', '6'],
    ]);
    expect(answersByRequest(rows, 'missing')).toEqual([
      { connection: CONNECTION, request: 'r1', found: { arrived: [], missing: [jugRef] } },
    ]);
    expect(answersByRequest(rows, 'arrived')[0]?.found).toEqual({ arrived: [jugRef], missing: [] });
  });
});

describe('the history', () => {
  test('U215 the history has every line that has its final word, the newest sending first, and no other', () => {
    const second = requestOf('r2', [lineOf(cup, { ref: 'other' })]);
    const state = told([
      ...base,
      split,
      frozen([second], 'b2'),
      attempted('r2'),
      settled('r2', { state: 'confirmed', receipts: [{ ref: 'other', remoteId: 'ADJ-1' }] }),
    ]);
    const rows = settledLines(requests(state), CONNECTION);
    expect(rows.map(({ line, state: word }) => [line.item, word])).toEqual([
      ['CUP', 'confirmed'],
      ['TEA', 'confirmed'],
      ['OIL', 'rejected'],
      ['JUG', 'doubtful'],
    ]);
    expect(sendings(rows).map(({ id, lines: count }) => [id, count])).toEqual([
      ['b2', 1],
      [BATCH, 3],
    ]);
    expect(settledLines(requests(state), 'c2')).toEqual([]);
    const [head, first] = historyTable(rows, {
      head: (column) => column,
      change: (change) => change,
      state: (word) => word,
      item: (sku) => `the ${sku}`,
      sending: (batch) => batch,
      connection: 'Main St',
    });
    expect(head).toEqual([...HISTORY_COLUMNS]);
    const cell = (column: (typeof HISTORY_COLUMNS)[number]) => first?.[HISTORY_COLUMNS.indexOf(column)];
    expect([cell('item'), cell('quantity'), cell('receipt'), cell('state')]).toEqual([
      'the CUP',
      '2',
      'ADJ-1',
      'confirmed',
    ]);
    expect(cell('sentAt')).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });
});

describe('what needs a person', () => {
  const kinds = (facts: Parameters<typeof told>[0]) =>
    needsOf(told(facts)).map((need) => [need.kind, 'lines' in need ? need.lines : 0]);

  test('U216 what goes on by itself needs nobody', () => {
    expect(kinds(base)).toEqual([]);
    expect(
      kinds([...base, settled('r1', { state: 'retry', code: 'unavailable', notBefore: '2026-11-22T09:00:00.000Z' })]),
    ).toEqual([]);
    expect(kinds([...base, settled('r1', { state: 'confirmed', receipts: [] })])).toEqual([]);
  });

  test('U217 refused lines, lines in doubt and a closed door are listed, the most urgent first', () => {
    expect(kinds([...base, split])).toEqual([
      ['doubtful', 1],
      ['rejected', 1],
    ]);
    const closed = settled('r1', { state: 'retry', code: 'unauthorized', notBefore: '2026-11-22T09:00:00.000Z' });
    expect(kinds([...base, closed])).toEqual([['unauthorized', 0]]);
  });

  test('U218 a refused line that goes in a newer request, and a doubt that a person settled, are off the list', () => {
    const doubt = {
      kind: 'doubt_settled' as const,
      connection: CONNECTION,
      request: 'r1',
      arrived: [jugRef ?? ''],
      missing: [],
    };
    const again = frozen([requestOf('r2', [lineOf(oil)])]);
    expect(kinds([...base, split, doubt, again])).toEqual([]);
  });

  test('U219 lines left behind when their batch was sent are listed; lines that agree are not', () => {
    const right = posted('BOX', 'B', '2', '0');
    const facts = [
      connected,
      { kind: 'lines_posted' as const, batch: BATCH, lines: [tea, cup, right] },
      frozen([requestOf('r1', [lineOf(tea)])]),
    ];
    expect(kinds(facts)).toEqual([['unsent', 1]]);
  });

  test('U220 a file that nobody put anywhere is listed until its address was given', () => {
    const file = requestOf('r1', [lineOf(tea)], { delivery: 'file' });
    const facts = [connected, { kind: 'lines_posted' as const, batch: BATCH, lines: [tea] }, frozen([file])];
    expect(kinds(facts)).toEqual([['file', 1]]);
    expect(kinds([...facts, { kind: 'file_job_started', connection: CONNECTION, request: 'r1', job: 'j1' }])).toEqual(
      [],
    );
  });
});
