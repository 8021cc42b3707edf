import { expect, test } from 'vitest';
import { proposedByName, readScan, type ScanMeaning } from '../../../../renderer/shelf/read-scan.ts';
import { answerQuestion } from '../../../../renderer/features/count/answer-question.ts';
import type { Question } from '../../../../renderer/features/count/questions.tsx';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import { BINS, ITEMS } from '../paper-ledger.ts';

const catalogue = createCatalogue(ITEMS, BINS);
const read = (text: string): ScanMeaning => readScan({ text, usText: text }, { catalogue, bins: [], year: 2026 });
const twins = ITEMS.filter(({ sku }) => sku.startsWith('TWIN')).map(proposedByName);

test('S536 a scan answers the question it names a choice of, and every other scan is kept', () => {
  const given: unknown[] = [];
  const answer = (one: unknown): void => void given.push(one);
  const which: Question = { kind: 'which', choices: twins, answer };
  expect(['TWIN-B', 'CUP-BLUE', 'TWIN', 'A-01'].map((text) => answerQuestion(which, read(text)))).toEqual([
    'answered',
    'kept',
    'kept',
    'kept',
  ]);
  const bins: Question = { kind: 'which_bin', bins: ['B-01', 'B-02'], answer };
  expect(['b-02', 'A-01', 'SHARED'].map((text) => answerQuestion(bins, read(text)))).toEqual([
    'answered',
    'kept',
    'kept',
  ]);
  expect(given).toEqual([twins[1], 'B-02']);
});

test('S536 what is scanned says that a bin is not empty, and is counted', () => {
  const given: unknown[] = [];
  for (const kind of ['nothing_counted', 'empty'] as const) {
    const question: Question = { kind, bin: 'A-01', counted: false, answer: (empty) => void given.push(empty) };
    expect(
      ['4006381333931', '8710398159113', 'A-02', '4006381333932'].map((text) => answerQuestion(question, read(text))),
    ).toEqual(['answered_and_counted', 'answered_and_counted', 'kept', 'kept']);
  }
  expect(given).toEqual([false, false, false, false]);
});

test('S530 while unseen items are asked about, an item is found and a bin waits', () => {
  const question: Question = { kind: 'unseen', bin: 'A-01', unseen: [], answer: () => undefined };
  expect(
    ['4006381333931', '8710398159113', 'TWIN', 'A-02', 'TALLYBOOK:DONE'].map((text) =>
      answerQuestion(question, read(text)),
    ),
  ).toEqual(['found', 'found', 'found', 'kept', 'kept']);
});
