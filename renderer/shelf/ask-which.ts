import type { Catalogue } from '../../shared/domain/catalogue.ts';
import type { ScanQuestion } from './scan-question.tsx';
import type { ScanMeaning } from './read-scan.ts';
import type { Questions } from './use-question.ts';

/**
 * Whether digits were scanned or typed, where their rhythm does not tell: asked about, and where nobody knows them (they
 * came at the pace of a scanner that was set up) without a name. Undefined: the person went back.
 */
export function askWhich(
  text: string,
  meaning: ScanMeaning,
  catalogue: Pick<Catalogue, 'name' | 'binName'>,
  put: Questions<ScanQuestion>['put'],
): Promise<'scanned' | 'typed' | undefined> {
  const name = nameOf(text, meaning, catalogue);
  return put((answer) => ({ kind: 'scanned_or_typed', text, name, answer }));
}

function nameOf(
  text: string,
  meaning: ScanMeaning,
  { name, binName }: Pick<Catalogue, 'name' | 'binName'>,
): string | undefined {
  switch (meaning.kind) {
    case 'item':
      return name(meaning.proposed.item.sku);
    case 'items':
      return meaning.choices[0] && name(meaning.choices[0].item.sku);
    case 'bin':
      return binName(meaning.bin);
    case 'bins':
      return meaning.bins[0] && binName(meaning.bins[0]);
    case 'kinds':
    case 'command':
    case 'attach':
      return text;
    case 'unknown':
    case 'damaged':
      return undefined;
  }
}
