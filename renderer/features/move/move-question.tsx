import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proposed } from '../../app/scanning/read-scan.ts';
import { AgainDialog } from '../../ui/again-dialog.tsx';
import { PickDialog } from '../../ui/pick-dialog.tsx';

/** What a scan may have to ask while moving. */
export type MoveAsked =
  | {
      readonly kind: 'which';
      readonly choices: readonly Proposed[];
      readonly answer: (chosen: Proposed | undefined) => void;
    }
  | { readonly kind: 'which_bin'; readonly bins: readonly string[]; readonly answer: (bin: string | undefined) => void }
  | { readonly kind: 'again'; readonly typed: string; readonly answer: (same: boolean) => void };

/** The dialog of the question that is open; Esc goes back and changes nothing. */
export function MoveQuestion({ asked }: { asked: MoveAsked }): ReactElement {
  const { t } = useTranslation('count');
  switch (asked.kind) {
    case 'which':
      return (
        <PickDialog
          title={t('ask.which')}
          label={t('ask.whichLabel')}
          nothing=""
          plain
          find={() =>
            asked.choices.map((proposed, at) => ({
              key: String(at),
              name: proposed.item.name,
              detail: [proposed.item.sku, proposed.lot].filter((part) => part !== undefined).join(' · '),
              proposed,
            }))
          }
          onPick={({ proposed }) => asked.answer(proposed)}
          onClose={() => asked.answer(undefined)}
        />
      );
    case 'which_bin':
      return (
        <PickDialog
          title={t('ask.whichBin')}
          label={t('ask.whichBin')}
          nothing=""
          plain
          find={() => asked.bins.map((bin) => ({ key: bin, name: <span className="code">{bin}</span> }))}
          onPick={({ key }) => asked.answer(key)}
          onClose={() => asked.answer(undefined)}
        />
      );
    case 'again':
      return <AgainDialog typed={asked.typed} onAnswer={asked.answer} />;
  }
}
