import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { ScanQuestionDialog, type ScanQuestion } from '../../app/scanning/scan-question.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PickDialog } from '../../ui/pick-dialog.tsx';

export type SkipReason = 'blocked' | 'unsafe' | 'not_found' | 'out_of_scope';
export const SKIP_REASONS: readonly SkipReason[] = ['blocked', 'unsafe', 'not_found', 'out_of_scope'];

/** A question in the way of a scan or of a bin, with what to do with the answer. */
export type Question =
  | ScanQuestion
  | { readonly kind: 'not_on_sheet'; readonly bin: string; readonly answer: (add: boolean) => void }
  | {
      readonly kind: 'counted_before';
      readonly bin: string;
      readonly who: string;
      readonly at: string;
      readonly answer: (add: boolean) => void;
    }
  | {
      readonly kind: 'unseen';
      readonly bin: string;
      readonly names: readonly string[];
      readonly answer: (answer: 'not_here' | 'leave' | 'back') => void;
    }
  | { readonly kind: 'nothing_counted'; readonly bin: string; readonly answer: (empty: boolean) => void }
  | {
      readonly kind: 'empty';
      readonly bin: string;
      readonly counted: boolean;
      readonly answer: (empty: boolean) => void;
    }
  | { readonly kind: 'skip'; readonly bin: string; readonly answer: (reason: SkipReason | undefined) => void };

/** The dialog of the question that is open. Esc always means: go back, nothing changes. */
export function QuestionDialog({ question, catalogue }: { question: Question; catalogue: Catalogue }): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  switch (question.kind) {
    case 'which':
    case 'which_bin':
    case 'which_kind':
    case 'again':
    case 'scanned_or_typed':
      return <ScanQuestionDialog question={question} catalogue={catalogue} />;
    case 'not_on_sheet':
      return (
        <YesNo
          title={t('ask.notOnSheet', { bin: question.bin })}
          text={t('ask.notOnSheetText')}
          yes={t('ask.add')}
          onAnswer={question.answer}
        />
      );
    case 'counted_before':
      return (
        <YesNo
          title={t('ask.countedBefore', { bin: question.bin })}
          text={t('ask.countedBeforeText', { who: question.who, at: question.at })}
          yes={t('ask.addTo')}
          no={t('ask.leave')}
          onAnswer={question.answer}
        />
      );
    case 'unseen':
      return <Unseen bin={question.bin} names={question.names} onAnswer={question.answer} />;
    case 'nothing_counted':
      return (
        <YesNo
          title={t('ask.nothingCounted', { bin: question.bin })}
          text={t('ask.nothingCountedText')}
          yes={t('ask.isEmpty')}
          onAnswer={question.answer}
        />
      );
    case 'empty':
      return (
        <YesNo
          title={t('ask.confirmEmpty', { bin: question.bin })}
          text={question.counted ? t('ask.confirmEmptyCounted') : t('ask.confirmEmptyText')}
          yes={question.counted ? undefined : t('ask.isEmpty')}
          onAnswer={question.answer}
        />
      );
    case 'skip':
      return (
        <PickDialog
          title={t('ask.skip', { bin: question.bin })}
          label={t('ask.skipWhy')}
          nothing=""
          plain
          find={() => SKIP_REASONS.map((reason) => ({ key: reason, name: t(`skip.${reason}`), reason }))}
          onPick={({ reason }) => question.answer(reason)}
          onClose={() => question.answer(undefined)}
        />
      );
  }
}

type YesNoProps = {
  title: string;
  text: string;
  yes: string | undefined;
  no?: string;
  onAnswer: (yes: boolean) => void;
};

function YesNo({ title, text, yes, no, onAnswer }: YesNoProps): ReactElement {
  const { t } = useTranslation('ui');
  return (
    <Dialog
      title={title}
      onClose={() => onAnswer(false)}
      onConfirm={() => onAnswer(yes !== undefined)}
      actions={
        <>
          <Button keyCap="Esc" autoFocus={yes === undefined} onClick={() => onAnswer(false)}>
            {no ?? t('back')}
          </Button>
          {yes !== undefined && (
            <Button type="submit" variant="main" keyCap="Enter" autoFocus>
              {yes}
            </Button>
          )}
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}

function Unseen({
  bin,
  names,
  onAnswer,
}: {
  bin: string;
  names: readonly string[];
  onAnswer: (answer: 'not_here' | 'leave' | 'back') => void;
}): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  return (
    <Dialog
      title={t('ask.unseen', { count: names.length, bin })}
      scrolls
      onClose={() => onAnswer('back')}
      onConfirm={() => onAnswer('not_here')}
      actions={
        <>
          <Button keyCap="Esc" autoFocus onClick={() => onAnswer('back')}>
            {t('ask.goBack')}
          </Button>
          <Button onClick={() => onAnswer('leave')}>{t('ask.leaveUncounted')}</Button>
          <Button type="submit" variant="main">
            {t('ask.notHere')}
          </Button>
        </>
      }
    >
      <p>{t('ask.unseenText')}</p>
      <ul className="names-only">
        {names.map((name, at) => (
          <li key={`${at} ${name}`}>{name}</li>
        ))}
      </ul>
    </Dialog>
  );
}
