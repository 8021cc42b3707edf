import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mend } from '../../../shared/domain/import/mending.ts';
import type { ImportProblem } from '../../../shared/domain/import/problem.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { useProblemText } from './problem-text.ts';

export type MendRowProps = {
  readonly row: number;
  /** What is wrong with this row, as of the last look. */
  readonly problems: readonly ImportProblem[];
  /** What the columns are called. */
  readonly heads: readonly string[];
  /** Columns that are taken, by index. */
  readonly taken: readonly number[];
  readonly mends: readonly Mend[];
  readonly cellsOf: (row: number) => Promise<readonly string[] | undefined>;
  /** The column whose cell is to get the focus; undefined: none. */
  readonly focus: number | undefined;
  readonly onMend: (mend: Mend) => void;
  /** Something is typed that was not looked at yet. */
  readonly onTyping: (typing: boolean) => void;
  readonly onLeave: (why: 'checked' | 'left') => void;
};

/** The cells of one row, to be written anew: Enter looks at the file again with them. What stands on the disk stays. */
export function MendRow(props: MendRowProps): ReactElement {
  const { row, problems, heads, taken, mends, cellsOf, focus } = props;
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const [read, setRead] = useState<{ readonly row: number; readonly cells: readonly string[] }>();
  const latest = useRef(cellsOf);
  useEffect(() => {
    latest.current = cellsOf;
  });
  useEffect(() => {
    let left = false;
    void latest.current(row).then((cells) => {
      if (!left && cells !== undefined) setRead({ row, cells });
    });
    return () => {
      left = true;
    };
  }, [row]);
  const cells = read?.row === row ? read.cells : undefined;
  const named = problems.flatMap(({ cell }) => (cell === undefined ? [] : [cell]));
  // Cells that slipped stand in columns that nobody took.
  const slipped = problems.some(({ code }) => code === 'too_many_cells');
  const written = slipped ? (cells ?? []).flatMap((cell, column) => (cell.trim() === '' ? [] : [column])) : [];
  const columns = [...new Set([...taken, ...named, ...written])].toSorted((left, right) => left - right);
  return (
    <section className="import-mend" aria-label={t('import.mend.row', { row: formats.whole(row) })}>
      <h3>{t('import.mend.row', { row: formats.whole(row) })}</h3>
      <p className="muted">{t('import.mend.how')}</p>
      {cells !== undefined && (
        <div className="import-mend-cells">
          {columns.map((column) => {
            const text = mends.find((mend) => mend.row === row && mend.column === column)?.text ?? cells[column] ?? '';
            return (
              <MendCell
                key={`${row} ${column} ${text}`}
                head={heads[column] ?? ''}
                text={text}
                problems={problems.filter(({ cell }) => cell === column)}
                isMended={text !== (cells[column] ?? '')}
                hasFocus={focus === column || (focus === -1 && column === columns[0])}
                onText={(typed) => props.onMend({ row, column, text: typed })}
                onTyping={props.onTyping}
                onLeave={props.onLeave}
              />
            );
          })}
        </div>
      )}
    </section>
  );
}

type MendCellProps = Pick<MendRowProps, 'problems' | 'onTyping' | 'onLeave'> & {
  readonly head: string;
  readonly text: string;
  readonly isMended: boolean;
  readonly hasFocus: boolean;
  readonly onText: (text: string) => void;
};

function MendCell({
  head,
  text,
  problems,
  isMended,
  hasFocus,
  onText,
  onTyping,
  onLeave,
}: MendCellProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const problemText = useProblemText();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  /** What was given on last: leaving the cell gives nothing on twice. */
  const given = useRef(text);
  useEffect(() => {
    if (!hasFocus) return;
    input.current?.focus();
    input.current?.select();
  }, [hasFocus]);
  const stops = problems.some(({ severity }) => severity === 'stop');
  const suggestion = problems.find((problem) => problem.suggestion !== undefined)?.suggestion;

  function give(typed: string): void {
    onTyping(false);
    if (typed === given.current) return;
    given.current = typed;
    onText(typed);
  }
  function press(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === 'Enter') {
      give(event.currentTarget.value);
      onLeave('checked');
    } else if (event.key === 'Escape') {
      event.currentTarget.value = given.current;
      onLeave('left');
    } else return;
    // Esc gives up the import elsewhere.
    event.preventDefault();
  }

  return (
    <div className="field" data-problem={stops ? 'stop' : problems.length > 0 ? 'look' : undefined}>
      <label htmlFor={id}>{isMended ? t('import.mend.changed', { column: head }) : head}</label>
      <input
        ref={input}
        id={id}
        className="input mono"
        autoComplete="off"
        spellCheck={false}
        defaultValue={text}
        aria-invalid={stops ? true : undefined}
        aria-describedby={problems.length > 0 ? `${id}-problems` : undefined}
        onInput={(event) => onTyping(event.currentTarget.value !== given.current)}
        onKeyDown={press}
        onBlur={(event) => give(event.currentTarget.value)}
      />
      {problems.length > 0 && (
        <span className={stops ? 'field-error' : 'field-hint'} id={`${id}-problems`}>
          {problems.map(problemText).join(' ')}
        </span>
      )}
      {suggestion !== undefined && suggestion !== text && (
        <Button
          compact
          onClick={() => {
            give(suggestion);
            onLeave('checked');
          }}
        >
          {t('import.mend.take', { text: suggestion })}
        </Button>
      )}
    </div>
  );
}
