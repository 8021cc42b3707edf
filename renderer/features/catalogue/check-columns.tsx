import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { missingFields } from '../../../shared/domain/import/mapping.ts';
import { mappingNotes } from '../../../shared/domain/import/mapping-notes.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { Banner } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { ColumnList } from './column-list.tsx';
import { FormatLine } from './format-line.tsx';
import { ImportChoiceList } from './import-choices.tsx';
import { ProblemList } from './problem-list.tsx';
import type { CheckStep, ImportWork } from './use-import.ts';

/** The one step in which a person decides: what the columns are, what is wrong, what is done about it, and whether to import. */
export function CheckColumns({ state, work }: { state: CheckStep; work: ImportWork }): ReactElement {
  const { t } = useTranslation('catalogue');
  const { session, mapping, choices, looking, result } = state;
  const { table } = session;
  const missing = missingFields(session.what, mapping);
  const heads = table.sample.find((row) => row.row === mapping.headerRow)?.cells ?? [];
  const notes = missing.length > 0 ? [] : mappingNotes(session.what, heads, mapping.columns);
  const [typing, setTyping] = useState(false);
  const ready = result?.state === 'ready' && looking === undefined && missing.length === 0 && !typing;
  useKeys([
    { key: 'F10', label: t('import.importAll'), run: () => ready && work.importAll() },
    { key: 'Escape', label: t('import.cancel'), run: work.cancel },
  ]);
  return (
    <div className="import-check">
      <div className="import-scroll">
        <div className="import-side">
          <FormatLine table={session.table} onChange={work.reopen} />
          <ColumnList
            what={session.what}
            table={session.table}
            mapping={mapping}
            onChange={work.setMapping}
            onHeaderRow={work.setHeaderRow}
          />
        </div>
        <div className="import-findings">
          {table.format.kind === 'csv' && table.format.guessed === true && (
            <Banner tone="attention" word={t('import.note')}>
              {t('import.lettersGuessed')}
            </Banner>
          )}
          {table.garbled && (
            <Banner tone="attention" word={t('import.note')}>
              {t('import.lettersGarbled')}
            </Banner>
          )}
          {notes.map(({ code, column }) => (
            <Banner key={code} tone="attention" word={t('import.note')}>
              {t(`import.notes.${code}`, { column })}
            </Banner>
          ))}
          {missing.map((fields) => (
            <Banner key={fields.join()} tone="attention" word={t('import.missing')}>
              {t('import.missingText', { fields: fields.map((field) => t(`field.${field}`)).join(t('import.or')) })}
            </Banner>
          ))}
          {result !== undefined && missing.length === 0 && (
            <>
              <ImportChoiceList what={session.what} result={result} choices={choices} onChange={work.setChoices} />
              <ProblemList state={state} work={work} problems={result.problems} onTyping={setTyping} />
            </>
          )}
        </div>
      </div>
      <footer className="import-foot">
        {typing ? <p role="status">{t('import.mend.typing')}</p> : <Outcome state={state} />}
        <Button keyCap="Esc" onClick={work.cancel}>
          {t('import.cancel')}
        </Button>
        <Button variant="main" keyCap="F10" disabled={!ready} onClick={work.importAll}>
          {t('import.importAll')}
        </Button>
      </footer>
    </div>
  );
}

/** What would happen, in words, always in the same place. */
function Outcome({ state }: { state: CheckStep }): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const { looking, result, session } = state;
  if (looking !== undefined) return <p role="status">{t('import.looking', { percent: formats.percent(looking) })}</p>;
  if (result === undefined) return <p role="status">{t('import.notYet')}</p>;
  const { counts } = result;
  const numbers = (['added', 'changed', 'unchanged', 'kept', 'retired', 'leftOut'] as const).filter(
    (name) => (name !== 'kept' || session.what !== 'stock') && (counts[name] > 0 || name === 'added'),
  );
  return (
    <div className="import-outcome" role="status">
      <strong>{t(`import.state.${result.state}`)}</strong>
      <dl>
        {numbers.map((name) => (
          <div key={name} data-name={name}>
            <dt>
              {t(name === 'leftOut' && result.state === 'blocked' ? 'import.count.stopped' : `import.count.${name}`)}
            </dt>
            <dd className="num">{formats.whole(counts[name])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
