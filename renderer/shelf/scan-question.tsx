import type { ReactElement } from 'react';
import { codeAtSite } from '../../shared/domain/bin-name.ts';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../shared/domain/catalogue.ts';
import { AgainDialog } from '../ui/again-dialog.tsx';
import { ItemName } from '../ui/item-name.tsx';
import { PickDialog } from '../ui/pick-dialog.tsx';
import type { OneMeaning, Proposed } from './read-scan.ts';

/** What a scan may have to ask before it can be taken, with what to do with the answer. */
export type ScanQuestion =
  | {
      readonly kind: 'which';
      readonly choices: readonly Proposed[];
      readonly answer: (chosen: Proposed | undefined) => void;
    }
  | { readonly kind: 'which_bin'; readonly bins: readonly string[]; readonly answer: (bin: string | undefined) => void }
  | {
      readonly kind: 'which_kind';
      readonly code: string;
      readonly options: readonly OneMeaning[];
      readonly answer: (chosen: OneMeaning | undefined) => void;
    }
  | { readonly kind: 'again'; readonly typed: string; readonly answer: (same: boolean) => void }
  /** Digits that are a code and may be a quantity. */
  | {
      readonly kind: 'scanned_or_typed';
      readonly text: string;
      /** Whose code it is; nobody's: a scanner that was set up has this pace. */
      readonly name: string | undefined;
      readonly answer: (which: 'scanned' | 'typed' | undefined) => void;
    };

/**
 * The dialog of such a question; Esc goes back and changes nothing. One piece: one question at a time, each with its own
 * answers.
 */
export function ScanQuestionDialog({
  question,
  catalogue,
}: {
  question: ScanQuestion;
  catalogue: Pick<Catalogue, 'bin' | 'binName' | 'name' | 'named'>;
}): ReactElement {
  const { t } = useTranslation('count');
  switch (question.kind) {
    case 'which':
      return (
        <PickDialog
          title={t('ask.which')}
          label={t('ask.whichLabel')}
          nothing=""
          plain
          find={() =>
            question.choices.map((proposed, at) => ({
              key: String(at),
              name: <ItemName name={catalogue.named(proposed.item.sku)} />,
              detail: describe(proposed),
              proposed,
            }))
          }
          onPick={({ proposed }) => question.answer(proposed)}
          onClose={() => question.answer(undefined)}
        />
      );
    case 'which_bin':
      return (
        <PickDialog
          title={t('ask.whichBin')}
          label={t('ask.whichBin')}
          nothing=""
          plain
          find={() =>
            question.bins.map((bin) => ({
              key: bin,
              name: <span className="code">{catalogue.binName(bin)}</span>,
              detail: whereBin(catalogue, bin),
            }))
          }
          onPick={({ key }) => question.answer(key)}
          onClose={() => question.answer(undefined)}
        />
      );
    case 'which_kind':
      return (
        <PickDialog
          title={t('ask.whichKind', { code: question.code })}
          label={t('ask.whichKindLabel')}
          nothing=""
          plain
          find={() =>
            question.options.map((option, at) => {
              switch (option.kind) {
                case 'bin':
                  return {
                    key: String(at),
                    name: t('ask.kindBin', { bin: catalogue.binName(option.bin) }),
                    detail: whereBin(catalogue, option.bin),
                    option,
                  };
                case 'item':
                  return {
                    key: String(at),
                    name: t('ask.kindItem', { name: catalogue.name(option.proposed.item.sku) }),
                    detail: describe(option.proposed),
                    option,
                  };
                case 'command':
                  return {
                    key: String(at),
                    name: t('ask.kindCommand', { command: t(`command.${option.command}`) }),
                    detail: undefined,
                    option,
                  };
              }
            })
          }
          onPick={({ option }) => question.answer(option)}
          onClose={() => question.answer(undefined)}
        />
      );
    case 'scanned_or_typed': {
      const { text, answer } = question;
      const name = question.name ?? t('ask.unknownCode');
      return (
        <PickDialog
          title={t('ask.scannedOrTyped', { text, name })}
          label={t('ask.scannedOrTyped', { text, name })}
          nothing=""
          plain
          find={() => [
            { key: 'scanned' as const, name, detail: t('ask.wasScanned', { text }) },
            { key: 'typed' as const, name: t('ask.pieces', { text }), detail: t('ask.wasTyped') },
          ]}
          onPick={({ key }) => answer(key)}
          onClose={() => answer(undefined)}
        />
      );
    }
    case 'again':
      return <AgainDialog typed={question.typed} onAnswer={question.answer} />;
  }
}

function describe({ pack, lot, serial, expiresOn, item }: Proposed): string {
  return [item.sku, pack && `${pack.name} (${pack.factor})`, lot, serial, expiresOn]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** Where a bin is: its building, unless its name tells it, and its zone. */
function whereBin(catalogue: Pick<Catalogue, 'bin' | 'binName'>, code: string): string {
  const bin = catalogue.bin(code);
  if (bin === undefined) return '';
  const isTold = bin.site !== '' && catalogue.binName(code) === codeAtSite(code, bin.site);
  return [isTold ? '' : bin.site, bin.zone].filter((part) => part !== '').join(' · ');
}

/** Which of several bins of one name is meant; undefined: none of them. */
export function WhichBin({
  bins,
  catalogue,
  onAnswer,
}: {
  bins: readonly string[];
  catalogue: Pick<Catalogue, 'bin' | 'binName' | 'name' | 'named'>;
  onAnswer: (bin: string | undefined) => void;
}): ReactElement {
  return <ScanQuestionDialog catalogue={catalogue} question={{ kind: 'which_bin', bins, answer: onAnswer }} />;
}
