import { useDeferredValue, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { LineProgress } from '../../../../shared/sync/outbox/outbox.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { DataGrid } from '../../../ui/data-grid.tsx';
import { Select, TextInput } from '../../../ui/field.tsx';
import { useFormats } from '../../../ui/format.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { cargoColumns, outcomeColumns } from './line-columns.tsx';
import { countWords, LINE_WORDS, type SentLine } from './sent-lines.ts';
import { namesOf } from './words.tsx';

/** Lines of one or of many requests, however many: each with its word and its receipt. */
export function LineList({
  lines,
  label,
  showRequest = false,
}: {
  lines: readonly SentLine[];
  label: string;
  /** Says of each line to which sending it belongs, and offers to narrow them. */
  showRequest?: boolean;
}): ReactElement {
  const { t } = useTranslation('send');
  const { ledger } = useTallybook();
  const formats = useFormats();
  const catalogue = useLedger((of) => of.catalogue());
  const [active, setActive] = useState<string>();
  const [word, setWord] = useState<LineProgress | ''>('');
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim().toLowerCase());
  const counts = useMemo(() => countWords(lines), [lines]);
  const shown = useMemo(
    () =>
      lines.filter(
        ({ state, line, receipt }) =>
          (word === '' || state === word) &&
          (text === '' ||
            [catalogue.name(line.item), line.item, receipt ?? '', ...line.bins].some((part) =>
              part.toLowerCase().includes(text),
            )),
      ),
    [lines, word, text, catalogue],
  );
  const look = { t, formats, catalogue };
  const nameOf = namesOf(t, ledger);
  const sendingColumn = {
    id: 'sending',
    header: t('progress.column.sending'),
    width: 'minmax(140px, 1fr)',
    cell: ({ request }: SentLine) => nameOf(request.batch),
  } as const;
  return (
    <>
      {showRequest && (
        <div className="row head narrow">
          <TextInput
            type="search"
            label={t('progress.search')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Select
            label={t('progress.which')}
            value={word}
            options={[
              { value: '', label: t('progress.every') },
              ...LINE_WORDS.map((one) => ({
                value: one,
                label: t('progress.count', { number: formats.whole(counts[one]), word: t(`progress.state.${one}`) }),
              })),
            ]}
            onChange={(value) => setWord(LINE_WORDS.find((one) => one === value) ?? '')}
          />
        </div>
      )}
      {shown.length === 0 ? (
        <EmptyState>{t('progress.nothingFound')}</EmptyState>
      ) : (
        <DataGrid
          label={label}
          columns={[...cargoColumns(look), ...outcomeColumns(look), ...(showRequest ? [sendingColumn] : [])]}
          rows={shown}
          rowKey={({ key }) => key}
          active={active}
          onActive={setActive}
          rowTestId="send-line"
          rowProps={({ state }) => ({ 'data-state': state })}
        />
      )}
    </>
  );
}
