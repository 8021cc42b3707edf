import { memo, useEffect, useRef, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import { neighbours, type UnknownCode } from '../../../shared/domain/unknown-code.ts';
import { useFormats } from '../../ui/format.ts';

type Props = {
  catalogue: Catalogue;
  lines: readonly CountLine[];
  notSeen: readonly { item: string; lot: string | undefined }[];
  unknowns: readonly UnknownCode[];
  scans: number;
  selected: string | undefined;
  onSelect: (line: string) => void;
};

/** What is in this bin as far as it was counted: seen, not yet seen (names only), and codes nobody knows. */
export function InThisBin({ catalogue, lines, notSeen, unknowns, scans, selected, onSelect }: Props): ReactElement {
  const { t } = useTranslation('count');
  const formats = useFormats();
  const name = (item: string): string => catalogue.item(item)?.name ?? item;
  return (
    <aside className="side" aria-label={t('side.label')}>
      <header>
        {t('side.label')}
        <span className="num" data-testid="scan-count">
          {t('side.scans', { count: scans, scans: formats.whole(scans) })}
        </span>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- names below the lines are scrolled to by keys */}
      <div className="scroll" role="group" aria-label={t('side.label')} tabIndex={0}>
        <ul aria-label={t('side.seen')}>
          {lines.map((line) => (
            <SeenLine
              key={line.key}
              id={line.key}
              name={name(line.item)}
              lot={line.lot}
              entered={line.entered}
              amount={formats.amount(line.counted)}
              isNow={line.key === selected}
              onSelect={onSelect}
            />
          ))}
        </ul>
        {notSeen.length > 0 && (
          <section>
            <h3>
              {t('side.notSeen')} <span className="num">{formats.whole(notSeen.length)}</span>
            </h3>
            <ul data-testid="not-seen">
              {notSeen.map(({ item, lot }) => (
                <li key={`${item} ${lot ?? ''}`} className="line faint">
                  <span>
                    {name(item)}
                    {lot !== undefined && <small>{t('side.lot', { lot })}</small>}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {unknowns.length > 0 && (
          <section>
            <h3>
              {t('side.unknown')} <span className="num">{formats.whole(unknowns.length)}</span>
            </h3>
            <ul data-testid="unknowns">
              {unknowns.map((unknown) => (
                <li key={unknown.code} className="line">
                  <span>
                    <span className="code">{unknown.code}</span>
                    {neighbours(unknown)
                      .slice(0, 1)
                      .map(
                        ({ after }) =>
                          after !== undefined && <small key={after}>{t('side.after', { name: name(after) })}</small>,
                      )}
                  </span>
                  <span className="q num">{formats.amount(unknown.quantity)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </aside>
  );
}

type SeenLineProps = {
  id: string;
  name: string;
  lot: string | undefined;
  entered: string | undefined;
  amount: string;
  isNow: boolean;
  onSelect: (line: string) => void;
};

/** One line. A scan changes one or two of thousands, and only those are drawn again. */
const SeenLine = memo(function SeenLine({
  id,
  name,
  lot,
  entered,
  amount,
  isNow,
  onSelect,
}: SeenLineProps): ReactElement {
  const { t } = useTranslation('count');
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isNow) button.current?.scrollIntoView({ block: 'nearest' });
  }, [isNow]);
  return (
    <li data-testid="line-row">
      <button
        type="button"
        ref={button}
        aria-pressed={isNow}
        className={isNow ? 'line now' : 'line'}
        onClick={() => onSelect(id)}
      >
        <span>
          {name}
          <small>
            {lot !== undefined && t('side.lot', { lot })}
            {entered !== undefined && /[^\d.]/.test(entered) && <span className="entered">{entered}</span>}
          </small>
        </span>
        <span className="q num">{amount}</span>
      </button>
    </li>
  );
});
