import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icons.tsx';

/** `held`: noted, and nothing to store yet (the bin a move starts from). */
export type ScanOutcome = 'taken' | 'look' | 'not-taken' | 'held';

/** What the next key acts on: a line by its key, or a code that nobody knows. */
export type CardSubject = { readonly line: string } | { readonly unknown: string };

/** What became of the last scan, in words already: what the card shows and the live region says. */
export type LastScan = {
  readonly outcome: ScanOutcome;
  /** What it was about: a name, or a code. */
  readonly title: string;
  /** The title is a code. */
  readonly isCode?: boolean;
  /** The code is unknown, and kept in this bin: a person may say what it is. */
  readonly unknown?: string;
  /** A bin was opened: well done, but nothing was counted. */
  readonly opensBin?: boolean;
  readonly code?: string | undefined;
  readonly lot?: string | undefined;
  readonly serial?: string | undefined;
  readonly expiresOn?: string | undefined;
  /** Decimal texts, with a point. */
  readonly added?: string;
  readonly total?: string;
  /** What is counted, where it is not pieces: "kg". */
  readonly unit?: string | undefined;
  /** How the quantity came about: "1 case (12)", "3*12+7". */
  readonly entered?: string | undefined;
  /** What to do, in one sentence. */
  readonly message?: string;
  /** What a typed quantity, + and − act on now; absent: nothing on the card takes one. */
  readonly subject?: CardSubject;
};

const ICONS: Readonly<Record<ScanOutcome, IconName>> = {
  taken: 'taken',
  look: 'look',
  'not-taken': 'stop',
  held: 'scan',
};

/** A plain number says no more than the figure above it. */
const IS_MORE_THAN_A_NUMBER = /[^\d.]/;

/** Names longer than this are set smaller: what tells two apart stands at their end. */
const LONG = 60;

/** Figures this long still fit beside what was added; longer ones get smaller. */
const FITS = 4;

export type ScanCardProps = {
  last: LastScan | undefined;
  /** What to scan first, while there is no last scan. */
  ready: string;
  /** What the total is of: "in this bin". */
  where: string;
  /** Codes of the bins that come next. */
  next?: readonly string[];
};

/** What became of the last scan: readable from two metres, in a word, a sign and an edge. It never flashes. */
export function ScanCard({ last, ready, where, next = [] }: ScanCardProps): ReactElement {
  const { t } = useTranslation('ui');
  const formats = useFormats();
  if (last === undefined) {
    return (
      <section className="scan-card" data-testid="hero" aria-label={t('scan.label')}>
        <p className="word idle">
          <Icon name="scan" />
          {t('scan.ready')}
        </p>
        <h2>{ready}</h2>
        <Next next={next} />
      </section>
    );
  }
  const { outcome, total, added, message, isCode = false, opensBin = false } = last;
  const shownTotal = total === undefined ? undefined : formats.quantity(total);
  // The unit is set smaller than the figure.
  const signs = (shownTotal?.length ?? 0) + (last.unit === undefined ? 0 : (last.unit.length + 1) / 2);
  const scale = shownTotal === undefined ? 1 : Math.min(1, FITS / signs);
  const plus = added === undefined ? '' : formats.quantity(added, { signed: true, unit: last.unit });
  // What is left of the card beside what was added; both are set in a typeface whose signs are 0.6 em wide.
  const beside = `calc((100cqi - var(--s5) - ${plus.length} * 0.6 * var(--t6)) / ${signs * 0.6})`;
  return (
    <section
      className={`scan-card ${opensBin ? 'opened' : outcome}`}
      data-testid="hero"
      data-outcome={outcome}
      aria-label={t('scan.label')}
    >
      <p className="word">
        <Icon name={opensBin ? 'bin' : ICONS[outcome]} />
        {opensBin ? t('scan.binOpen') : t(`scan.${outcome}`)}
      </p>
      <h2
        data-testid="hero-name"
        {...(isCode
          ? { className: 'code', style: { '--signs': last.title.length } }
          : { className: last.title.length > LONG ? 'long' : undefined })}
      >
        {last.title}
      </h2>
      <Facts last={last} />
      {message !== undefined && <p className="message">{message}</p>}
      {shownTotal !== undefined && (
        <div className="sum">
          <div>
            {plus !== '' && <div className="plus num">{plus}</div>}
            <div className="cap">
              {last.entered !== undefined && IS_MORE_THAN_A_NUMBER.test(last.entered)
                ? last.entered
                : t('scan.thisScan')}
            </div>
          </div>
          <div className="end">
            <div
              className="total num"
              data-testid="hero-total"
              style={{ fontSize: `min(calc(var(--hero) * ${scale}), max(var(--t6), ${beside}))` }}
            >
              {shownTotal}
              {last.unit !== undefined && <small className="unit">{`\u00A0${last.unit}`}</small>}
            </div>
            <div className="cap">{where}</div>
          </div>
        </div>
      )}
      <Next next={next} />
    </section>
  );
}

function Facts({ last }: { last: LastScan }): ReactElement | null {
  const { t } = useTranslation('ui');
  const facts = [
    { label: undefined, text: last.isCode === true ? undefined : last.code },
    { label: t('scan.lot'), text: last.lot },
    { label: t('scan.serial'), text: last.serial },
    { label: t('scan.expires'), text: last.expiresOn },
  ].filter(({ text }) => text !== undefined);
  if (facts.length === 0) return null;
  return (
    <div className="facts">
      {facts.map(({ label, text }) => (
        <span key={label ?? ''}>
          {label} <span className="code">{text}</span>
        </span>
      ))}
    </div>
  );
}

function Next({ next }: { next: readonly string[] }): ReactElement | null {
  const { t } = useTranslation('ui');
  if (next.length === 0) return null;
  return (
    <div className="next">
      {t('scan.next')}
      {next.map((bin) => (
        <b key={bin} className="code">
          {bin}
        </b>
      ))}
    </div>
  );
}
