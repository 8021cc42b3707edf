import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { LastScan, ScanOutcome } from '../../stores/counting.ts';
import { useFormats } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';

const ICONS: Readonly<Record<ScanOutcome, IconName>> = { taken: 'taken', look: 'look', 'not-taken': 'stop' };

/** Figures this long still fit beside what was added; longer ones get smaller. */
const FITS = 4;

/** What became of the last scan: readable from two metres, in a word, a sign and an edge. It never flashes. */
export function Hero({ last, next, where }: { last: LastScan | undefined; next: readonly string[]; where: string }): ReactElement {
  const { t } = useTranslation('count');
  const formats = useFormats();
  if (last === undefined) {
    return (
      <section className="hero" data-testid="hero" aria-label={t('hero.label')}>
        <p className="word idle">
          <Icon name="scan" />
          {t('hero.ready')}
        </p>
        <h2>{t('hero.scanFirst')}</h2>
        <Next next={next} />
      </section>
    );
  }
  const { outcome, total, added, message } = last;
  const shownTotal = total === undefined ? undefined : formats.quantity(total);
  const scale = shownTotal === undefined ? 1 : Math.min(1, FITS / shownTotal.length);
  return (
    <section className={`hero ${outcome}`} data-testid="hero" data-outcome={outcome} aria-label={t('hero.label')}>
      <p className="word">
        <Icon name={ICONS[outcome]} />
        {t(`hero.${outcome}`)}
      </p>
      <h2 data-testid="hero-name" className={last.isCode === true ? 'code' : undefined}>
        {last.title}
      </h2>
      <Facts last={last} />
      {message !== undefined && <p className="message">{message}</p>}
      {shownTotal !== undefined && (
        <div className="sum">
          <div>
            {added !== undefined && <div className="plus num">{formats.quantity(added, { signed: true })}</div>}
            <div className="cap">{last.entered ?? t('hero.thisScan')}</div>
          </div>
          <div className="end">
            <div className="total num" data-testid="hero-total" style={{ fontSize: `calc(var(--hero) * ${scale})` }}>
              {shownTotal}
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
  const { t } = useTranslation('count');
  const facts = [
    { label: undefined, text: last.isCode === true ? undefined : last.code },
    { label: t('hero.lot'), text: last.lot },
    { label: t('hero.serial'), text: last.serial },
    { label: t('hero.expires'), text: last.expiresOn },
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
  const { t } = useTranslation('count');
  if (next.length === 0) return null;
  return (
    <div className="next">
      {t('next')}
      {next.map((bin) => (
        <b key={bin} className="code">
          {bin}
        </b>
      ))}
    </div>
  );
}
