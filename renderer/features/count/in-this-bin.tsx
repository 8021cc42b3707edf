import { memo, useCallback, useEffect, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import type { UnknownCode } from '../../../shared/domain/unknown-scan.ts';
import { useFormats } from '../../ui/format.ts';
import { UnitBeside } from '../../ui/item-name.tsx';
import { useLongList } from '../../ui/use-long-list.ts';
import { UnknownLine } from './unknown-line.tsx';

type NotSeen = { readonly item: string; readonly lot: string | undefined };

type Props = {
  catalogue: Catalogue;
  lines: readonly CountLine[];
  notSeen: readonly NotSeen[];
  unknowns: readonly UnknownCode[];
  scans: number;
  selected: string | undefined;
  onSelect: (line: string) => void;
  /** The person wants to say what a code is. */
  onCode: (code: string) => void;
};

/** Heights in px before a row was drawn and measured: a line, a name that was not seen, the head of a part. */
const HEIGHT = { line: 57, name: 45, head: 38 } as const;

/**
 * What is in this bin as far as it was counted: seen, not yet seen (names only), and codes nobody knows. A bin may hold
 * thousands: only the rows in sight are in the document, the rest is scroll height. One piece: one scroll height holds all
 * three lists.
 */
export function InThisBin(props: Props): ReactElement {
  const { catalogue, lines, notSeen, unknowns, scans, selected, onSelect, onCode } = props;
  const { t } = useTranslation('count');
  const formats = useFormats();

  // One row after another down the whole list: lines, then a head and its names, then a head and its codes.
  const notSeenHead = lines.length;
  const notSeenFrom = notSeenHead + (notSeen.length > 0 ? 1 : 0);
  const unknownHead = notSeenFrom + notSeen.length;
  const unknownFrom = unknownHead + (unknowns.length > 0 ? 1 : 0);
  const count = unknownFrom + unknowns.length;
  const keyOf = useCallback(
    (at: number): string => {
      const seen = lines[at];
      if (seen !== undefined) return seen.key;
      const name = at < notSeenFrom ? undefined : notSeen[at - notSeenFrom];
      if (name !== undefined) return nameKey(name);
      const unknown = at < unknownFrom ? undefined : unknowns[at - unknownFrom];
      return unknown === undefined ? `head ${at < notSeenFrom ? 1 : 2}` : `code ${unknown.code}`;
    },
    [lines, notSeen, unknowns, notSeenFrom, unknownFrom],
  );
  const isHead = (at: number): boolean =>
    (at === notSeenHead && notSeen.length > 0) || (at === unknownHead && unknowns.length > 0);
  const heightOf = (at: number): number =>
    isHead(at) ? HEIGHT.head : at >= notSeenFrom && at < unknownHead ? HEIGHT.name : HEIGHT.line;
  const list = useLongList({ count, keyOf, heightOf });

  useEffect(() => {
    const at = selected === undefined ? -1 : lines.findIndex(({ key }) => key === selected);
    if (at >= 0) list.show(at);
    // Whenever something was counted or another line chosen; nothing else undoes scrolling by hand.
    // oxlint-disable-next-line react/exhaustive-deps -- `list` is about the same list for the life of this one
  }, [selected, lines]);

  return (
    <aside className="side" aria-label={t('side.label')}>
      <header>
        {t('side.label')}
        <span className="num" data-testid="scan-count">
          {t('side.scans', { count: scans, scans: formats.whole(scans) })}
        </span>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- names below the lines are scrolled to by keys */}
      <div ref={list.scroller} className="scroll" role="group" aria-label={t('side.label')} tabIndex={0}>
        <div className="rows" style={{ height: list.height }}>
          <ul aria-label={t('side.seen')}>
            {list.rows(0, lines.length).map((row) => {
              const line = lines[row.index];
              if (line === undefined) return null;
              return (
                <li key={line.key} data-testid="line-row" {...list.row(row, 0, lines.length)}>
                  <SeenLine
                    id={line.key}
                    name={catalogue.name(line.item)}
                    lot={line.lot}
                    entered={line.entered}
                    amount={formats.amount(line.counted)}
                    unit={catalogue.unit(line.item)}
                    isNow={line.key === selected}
                    onSelect={onSelect}
                  />
                </li>
              );
            })}
          </ul>
          {notSeen.length > 0 && (
            <section>
              <h3 {...list.head(notSeenHead)}>
                {t('side.notSeen')} <span className="num">{formats.whole(notSeen.length)}</span>
              </h3>
              <ul data-testid="not-seen">
                {list.rows(notSeenFrom, unknownHead).map((row) => {
                  const unseen = notSeen[row.index - notSeenFrom];
                  if (unseen === undefined) return null;
                  const { item, lot } = unseen;
                  return (
                    <li key={nameKey(unseen)} className="line faint" {...list.row(row, notSeenFrom, notSeen.length)}>
                      <span>
                        {catalogue.name(item)}
                        {lot !== undefined && <small>{t('side.lot', { lot })}</small>}
                      </span>
                    </li>
                  );
                })}
              </ul>
            </section>
          )}
          {unknowns.length > 0 && (
            <section>
              <h3 {...list.head(unknownHead)}>
                {t('side.unknown')} <span className="num">{formats.whole(unknowns.length)}</span>
              </h3>
              <ul data-testid="unknowns">
                {list.rows(unknownFrom, count).map((row) => {
                  const unknown = unknowns[row.index - unknownFrom];
                  if (unknown === undefined) return null;
                  return (
                    <li key={unknown.code} {...list.row(row, unknownFrom, unknowns.length)}>
                      <UnknownLine catalogue={catalogue} unknown={unknown} onCode={onCode} />
                    </li>
                  );
                })}
              </ul>
            </section>
          )}
        </div>
      </div>
    </aside>
  );
}

function nameKey({ item, lot }: NotSeen): string {
  return `name ${item} ${lot ?? ''}`;
}

type SeenLineProps = {
  id: string;
  name: string;
  lot: string | undefined;
  entered: string | undefined;
  amount: string;
  unit: string | undefined;
  isNow: boolean;
  onSelect: (line: string) => void;
};

/** One line. A scan changes one or two of those in sight, and only those are drawn again. */
const SeenLine = memo(function SeenLine({
  id,
  name,
  lot,
  entered,
  amount,
  unit,
  isNow,
  onSelect,
}: SeenLineProps): ReactElement {
  const { t } = useTranslation('count');
  return (
    <button type="button" aria-pressed={isNow} className={isNow ? 'line now' : 'line'} onClick={() => onSelect(id)}>
      <span>
        {name}
        <small>
          {lot !== undefined && t('side.lot', { lot })}
          {entered !== undefined && /[^\d.]/.test(entered) && <span className="entered">{entered}</span>}
        </small>
      </span>
      <span className="q num">
        {amount}
        <UnitBeside unit={unit} />
      </span>
    </button>
  );
});
