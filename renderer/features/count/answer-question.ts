import { answerByScan } from '../../shelf/answer-by-scan.ts';
import type { ScanMeaning } from '../../shelf/read-scan.ts';
import type { Question } from './questions.tsx';

/** What a scan does to the question that is open. `kept`: nothing; it is counted after the answer. */
export type ScanAnswer = 'answered' | 'answered_and_counted' | 'found' | 'kept';

/** Something that lies in the bin, or was read wrongly there. */
function isFind({ kind }: ScanMeaning): boolean {
  return kind === 'item' || kind === 'items' || kind === 'unknown' || kind === 'attach' || kind === 'damaged';
}

/**
 * A scan in front of a question: it chooses among items or bins; what is found in a bin says that the bin is not empty; and
 * while unseen items are asked about it is one of them (`found`: the question's own loop counts it and asks again).
 */
export function answerQuestion(question: Question, meaning: ScanMeaning): ScanAnswer {
  switch (question.kind) {
    case 'which':
    case 'which_bin':
    case 'which_kind':
    case 'again':
    case 'scanned_or_typed':
      return answerByScan(question, meaning) ? 'answered' : 'kept';
    case 'unseen':
      return isFind(meaning) ? 'found' : 'kept';
    case 'nothing_counted':
    case 'empty':
      if (!isFind(meaning) || meaning.kind === 'damaged') return 'kept';
      question.answer(false);
      return 'answered_and_counted';
    case 'not_on_sheet':
    case 'counted_before':
    case 'part':
    case 'skip':
      return 'kept';
  }
}
