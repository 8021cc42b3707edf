import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { nameText } from '../../../shared/domain/item-name.ts';
import { REASONS } from '../../../shared/domain/reason.ts';
import type { LedgerError } from '../../ledger/ledger.ts';
import { useBinName } from '../../tallybook/bin-name.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import type { Figures } from './figures.ts';
import { reasonWord } from './review-columns.tsx';
import type { ReviewRow } from './review-rows.ts';

const LISTED = 50;

/**
 * Takes posted lines back: what the books will say is read first, and why is asked. One piece: the list, the reason and what
 * was refused speak of the same lines.
 */
export function ReverseDialog({
  batch,
  rows,
  figures,
  onDone,
  onClose,
}: {
  batch: string;
  rows: readonly ReviewRow[];
  figures: Figures;
  onDone: () => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('review');
  const { ledger } = useTallybook();
  const binName = useBinName();
  const errorText = useErrorText();
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const count = rows.length;

  function sentence(error: LedgerError): string {
    if (error.code !== 'not_reversible' && error.code !== 'own_count') return errorText(error);
    const named = { item: ledger.catalogue().name(error.item), bin: binName(error.bin) };
    return error.code === 'own_count' ? t('reverse.ownCount', named) : errorText({ ...error, ...named });
  }

  async function reverse(): Promise<void> {
    if (busy.current || reason === '') return;
    busy.current = true;
    const said = note.trim();
    const lines = rows.map(({ line }) => line);
    const done = await ledger.reverse(batch, lines, { reason, ...(said !== '' && { note: said }) });
    busy.current = false;
    if (!done.ok) {
      setProblem(sentence(done.error));
      return;
    }
    announce(t('reverse.done', { count: done.value.reversed }));
    onDone();
    onClose();
  }

  return (
    <Dialog
      title={t('reverse.title', { count })}
      onClose={onClose}
      onConfirm={() => void reverse()}
      onRefuse={() => setProblem(t('reverse.reasonFirst'))}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('post.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={reason === ''}>
            {t('reverse.do', { count })}
          </Button>
        </>
      }
    >
      <Select
        label={t('reverse.reason')}
        value={reason}
        data-autofocus
        onChange={setReason}
        options={[
          { value: '', label: t('reverse.choose') },
          ...REASONS.map((code) => ({ value: code, label: reasonWord(t, code) })),
        ]}
      />
      <TextInput
        label={t('reverse.note')}
        value={note}
        maxLength={500}
        onChange={(event) => setNote(event.target.value)}
      />
      <section aria-label={t('reverse.lines')}>
        <ul>
          {rows.slice(0, LISTED).map(({ line, named, unit }) => (
            <li key={line.key}>
              {t('reverse.line', {
                item: nameText(named),
                bin: binName(line.bin),
                was: figures.quantity(line.resulting, unit),
                becomes: figures.quantity(line.bookThen + line.movedSince, unit),
              })}
            </li>
          ))}
          {count > LISTED && <li>{t('post.zeroMore', { count: count - LISTED })}</li>}
        </ul>
      </section>
      <p className="small muted">{t('reverse.explain')}</p>
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
