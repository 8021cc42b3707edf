import { skuKey } from '../../shared/domain/item.ts';
import { binKey } from '../../shared/domain/location.ts';
import { binsOf, type ScanMeaning } from './read-scan.ts';
import type { ScanQuestion } from './scan-question.tsx';

/**
 * Answers a question about a scan by the next scan, where that names one of the choices: the item's own label, the bin's
 * own label. False: it says nothing about the question, which stays.
 */
export function answerByScan(question: ScanQuestion, meaning: ScanMeaning): boolean {
  switch (question.kind) {
    case 'which': {
      if (meaning.kind !== 'item') return false;
      const sku = skuKey(meaning.proposed.item.sku);
      const [chosen, ...others] = question.choices.filter(({ item }) => skuKey(item.sku) === sku);
      if (chosen === undefined || others.length > 0) return false;
      question.answer(chosen);
      return true;
    }
    case 'which_bin': {
      const [bin, ...others] = binsOf(meaning);
      const chosen = question.bins.find((one) => bin !== undefined && binKey(one) === binKey(bin));
      if (chosen === undefined || others.length > 0) return false;
      question.answer(chosen);
      return true;
    }
    case 'which_kind':
    case 'again':
    case 'scanned_or_typed':
      return false;
  }
}
