import { useMemo, useRef, useState, type ReactElement } from 'react';
import { useBinName } from '../../tallybook/bin-name.ts';
import { useTranslation } from 'react-i18next';
import { nameText } from '../../../shared/domain/item-name.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import type { Figures } from './figures.ts';
import { postSummary, type ReviewRow } from './review-rows.ts';

const LISTED = 50;

/**
 * What posting would do, read before it is done; lines that become zero ask for a typed word. One piece: the sums, the
 * lists and the typed word speak of the same lines.
 */
export function PostDialog({
  batch,
  rows,
  figures,
  valuesUnknown,
  onClose,
}: {
  batch: string;
  rows: readonly ReviewRow[];
  figures: Figures;
  /** Costs cannot be looked up. */
  valuesUnknown: boolean;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('review');
  const binName = useBinName();
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const summary = useMemo(() => postSummary(rows), [rows]);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const { approved, zeroed } = summary;
  const word = t('post.zeroWord', { count: zeroed.length });
  const sure = zeroed.length === 0 || typed.trim().replace(/\s+/g, ' ').toUpperCase() === word.toUpperCase();

  async function post(): Promise<void> {
    if (busy.current || !sure || approved.length === 0) return;
    busy.current = true;
    const done = await ledger.post(batch);
    busy.current = false;
    if (!done.ok) {
      setProblem(errorText(done.error));
      return;
    }
    announce(t('post.done', { count: done.value.posted }));
    onClose();
  }

  return (
    <Dialog
      title={t('post.title')}
      onClose={onClose}
      onConfirm={() => void post()}
      onRefuse={() => setProblem(approved.length === 0 ? t('post.nothing') : t('post.zeroFirst', { word }))}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('post.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={!sure || approved.length === 0}>
            {t('post.do', { count: approved.length })}
          </Button>
        </>
      }
    >
      {approved.length === 0 ? (
        <p>{t('post.nothing')}</p>
      ) : (
        <>
          <p className="post-lead">{t('post.approved', { count: approved.length })}</p>
          {valuesUnknown ? (
            <p role="alert">{t('totals.unknownValue')}</p>
          ) : (
            <dl className="post-values num">
              <Value word={t('post.up')} figure={figures.signedMoney(summary.up)} />
              <Value word={t('post.down')} figure={figures.signedMoney(summary.down)} />
              <Value word={t('post.net')} figure={figures.signedMoney(summary.up + summary.down)} />
            </dl>
          )}
        </>
      )}
      <p className="muted">
        {[
          t('post.recount', { count: summary.recount }),
          t('post.held', { count: summary.held }),
          t('post.rejected', { count: summary.rejected }),
          t('post.undecided', { count: summary.undecided }),
        ].join(' · ')}
      </p>
      {zeroed.length > 0 && (
        <section className="zeroed" aria-label={t('post.zeroTitle', { count: zeroed.length })}>
          <h3>{t('post.zeroTitle', { count: zeroed.length })}</h3>
          <ul>
            {zeroed.slice(0, LISTED).map(({ line, named, unit }) => (
              <li key={line.key}>
                {t('post.zeroLine', {
                  item: nameText(named),
                  bin: binName(line.bin),
                  book: figures.quantity(line.bookThen, unit),
                })}
              </li>
            ))}
            {zeroed.length > LISTED && <li>{t('post.zeroMore', { count: zeroed.length - LISTED })}</li>}
          </ul>
          <TextInput
            label={t('post.zeroType', { word })}
            value={typed}
            autoFocus
            mono
            onChange={(event) => setTyped(event.target.value)}
          />
        </section>
      )}
      <p className="small muted">{t('post.explain')}</p>
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}

function Value({ word, figure }: { word: string; figure: string }): ReactElement {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{figure}</dd>
    </div>
  );
}
