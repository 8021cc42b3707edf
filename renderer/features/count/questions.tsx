import { useId, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { ScanQuestionDialog, type ScanQuestion } from '../../shelf/scan-question.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PickDialog } from '../../ui/pick-dialog.tsx';
import type { Unseen, UnseenAnswer } from './bin-flow.ts';

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
      readonly unseen: readonly Unseen[];
      readonly answer: (answer: UnseenAnswer) => void;
    }
  | {
      readonly kind: 'part';
      readonly code: string;
      readonly missing: 'lot' | 'serial';
      readonly item: Item;
      readonly texts: readonly string[];
      readonly answer: (answer: string | undefined) => void;
    }
  | { readonly kind: 'nothing_counted'; readonly bin: string; readonly answer: (empty: boolean) => void }
  | {
      readonly kind: 'empty';
      readonly bin: string;
      readonly counted: boolean;
      readonly answer: (empty: boolean) => void;
    }
  | { readonly kind: 'skip'; readonly bin: string; readonly answer: (reason: SkipReason | undefined) => void };

/**
 * The dialog of the question that is open. Esc always means: go back, nothing changes. One switch over the kinds of
 * question, completed by the compiler.
 */
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
          title={t('ask.notOnSheet', { bin: catalogue.binName(question.bin) })}
          text={t('ask.notOnSheetText')}
          yes={t('ask.add')}
          onAnswer={question.answer}
        />
      );
    case 'counted_before':
      return (
        <YesNo
          title={t('ask.countedBefore', { bin: catalogue.binName(question.bin) })}
          text={t('ask.countedBeforeText', { who: question.who, at: question.at })}
          yes={t('ask.addTo')}
          no={t('ask.leave')}
          onAnswer={question.answer}
        />
      );
    case 'unseen':
      return <UnseenDialog bin={catalogue.binName(question.bin)} unseen={question.unseen} onAnswer={question.answer} />;
    case 'part':
      return (
        <PickDialog
          title={t('ask.part', { code: question.code })}
          label={t('ask.partLabel')}
          nothing=""
          plain
          find={() => [
            ...question.texts.map((text) => ({
              key: text,
              name: t(`ask.part_${question.missing}`, { text }),
              detail: catalogue.name(question.item.sku),
              answer: text,
            })),
            { key: ' ', name: t('ask.partUnknown'), detail: question.code, answer: '' },
          ]}
          onPick={({ answer }) => question.answer(answer)}
          onClose={() => question.answer(undefined)}
        />
      );
    case 'nothing_counted':
      return (
        <YesNo
          title={t('ask.nothingCounted', { bin: catalogue.binName(question.bin) })}
          text={t('ask.nothingCountedText')}
          yes={t('ask.isEmpty')}
          onAnswer={question.answer}
        />
      );
    case 'empty':
      return (
        <YesNo
          title={t('ask.confirmEmpty', { bin: catalogue.binName(question.bin) })}
          text={question.counted ? t('ask.confirmEmptyCounted') : t('ask.confirmEmptyText')}
          yes={question.counted ? undefined : t('ask.isEmpty')}
          onAnswer={question.answer}
        />
      );
    case 'skip':
      return (
        <PickDialog
          title={t('ask.skip', { bin: catalogue.binName(question.bin) })}
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

/**
 * Every item by itself or all at once: arrows walk, N says it of one, A of all, L leaves them uncounted. One piece: list
 * and keys act on one row.
 */
function UnseenDialog({
  bin,
  unseen,
  onAnswer,
}: {
  bin: string;
  unseen: readonly Unseen[];
  onAnswer: (answer: UnseenAnswer) => void;
}): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const [at, setAt] = useState(0);
  const current = Math.min(at, unseen.length - 1);
  const one = unseen[current];
  const listId = useId();

  function notHere(lines: readonly Unseen[]): void {
    onAnswer({ kind: 'not_here', unseen: lines });
  }

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => setAt(Math.min(unseen.length - 1, current + 1)),
      ArrowUp: () => setAt(Math.max(0, current - 1)),
      n: () => one !== undefined && notHere([one]),
      a: () => notHere(unseen),
      l: () => onAnswer({ kind: 'leave' }),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  return (
    <Dialog
      title={t('ask.unseen', { count: unseen.length, bin })}
      onClose={() => onAnswer({ kind: 'back' })}
      actions={
        <>
          <Button keyCap="Esc" onClick={() => onAnswer({ kind: 'back' })}>
            {t('ask.goBack')}
          </Button>
          <Button keyCap="L" onClick={() => onAnswer({ kind: 'leave' })}>
            {t('ask.leaveUncounted')}
          </Button>
          <Button keyCap="N" onClick={() => one !== undefined && notHere([one])}>
            {t('ask.notHere')}
          </Button>
          <Button keyCap="A" variant="main" onClick={() => notHere(unseen)}>
            {t('ask.noneHere')}
          </Button>
        </>
      }
    >
      <p>{t('ask.unseenText')}</p>
      <div
        className="names-only"
        role="listbox"
        tabIndex={0}
        data-autofocus
        aria-label={t('side.notSeen')}
        aria-activedescendant={`${listId} ${current}`}
        onKeyDown={press}
      >
        {unseen.map(({ item, lot, name }, place) => (
          <div
            key={`${item} ${lot ?? ''}`}
            id={`${listId} ${place}`}
            role="option"
            aria-selected={place === current}
            onPointerDown={() => setAt(place)}
          >
            {name}
            {lot !== undefined && <small> {t('side.lot', { lot })}</small>}
          </div>
        ))}
      </div>
    </Dialog>
  );
}
