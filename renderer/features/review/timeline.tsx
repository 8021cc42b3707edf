import type { TFunction } from 'i18next';
import { useBinName } from '../../tallybook/bin-name.ts';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/format.ts';
import { secondsBetween, type TimelineEvent, type TimelineWhat } from './evidence-timeline.ts';
import type { Figures } from './figures.ts';
import { reasonWord } from './review-columns.tsx';

/** A line's story as a list, oldest first: counts round, movements square. */
export function Timeline(props: {
  events: readonly TimelineEvent[];
  figures: Figures;
  unit: string | undefined;
  nameOf: (id: string) => string;
  deviceOf: (id: string) => string;
}): ReactElement {
  const { events, figures, unit, nameOf, deviceOf } = props;
  const { t } = useTranslation('review');
  const formats = useFormats();
  const binName = useBinName();
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={event.id} data-kind={isCount(event.what) ? 'count' : 'movement'}>
          <time dateTime={event.at} title={formats.day(event.at)}>
            {formats.time(event.at).slice(0, 5)}
          </time>
          <i aria-hidden="true" />
          <div>
            {sentence(t, { figures, unit, binName, nameOf }, event)}
            <small>{t('evidence.byOn', { person: nameOf(event.by), device: deviceOf(event.device) })}</small>
            {event.learnedAt !== undefined && (
              <small>{t('evidence.learned', { time: formats.moment(event.learnedAt, event.at) })}</small>
            )}
            {details(t, event.what).map((detail) => (
              <small key={detail}>{detail}</small>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

function isCount(what: TimelineWhat): boolean {
  return what.kind === 'scanned' || what.kind === 'typed' || what.kind === 'taken_back';
}

type Told = {
  figures: Figures;
  unit: string | undefined;
  binName: (code: string) => string;
  nameOf: (id: string) => string;
};

function sentence(
  t: TFunction<'review'>,
  { figures, unit, binName, nameOf }: Told,
  { at, by, what }: TimelineEvent,
): string {
  const quantity = figures.signed(what.quantity, unit);
  switch (what.kind) {
    case 'stock':
      return t(`evidence.stock.${what.reason}`, { quantity });
    case 'moved_in':
      return t('evidence.movedIn', { quantity, bin: binName(what.bin) });
    case 'moved_out':
      return t('evidence.movedOut', { quantity, bin: binName(what.bin) });
    case 'scanned':
      return t('evidence.scans', {
        quantity: figures.quantity(what.quantity, unit),
        count: what.scans,
        seconds: secondsBetween(at, what.until),
      });
    case 'typed':
      return what.entered === undefined
        ? t('evidence.typed', { quantity })
        : t('evidence.typedAs', { quantity, entered: what.entered });
    case 'taken_back':
      return t('evidence.takenBack', { quantity });
    case 'serial_repeated':
      return t('evidence.serialRepeated', { serial: what.serial, bin: binName(what.bin) });
    case 'overlap_settled':
      return t('evidence.overlapOne', { person: nameOf(by), believed: nameOf(what.believed) });
    case 'reversed':
      return t('evidence.reversed', { quantity, reason: reasonWord(t, what.reason) });
    case 'matched':
      return t('evidence.matched', { code: what.code });
    case 'unmatched':
      return t('evidence.unmatched', { code: what.code });
  }
}

function details(t: TFunction<'review'>, what: TimelineWhat): readonly string[] {
  if (what.kind === 'stock')
    return what.reference === undefined ? [] : [t('evidence.reference', { reference: what.reference })];
  if (what.kind === 'moved_in' || what.kind === 'moved_out') return [];
  if (what.kind === 'reversed') return what.note === undefined ? [] : [t('evidence.note', { note: what.note })];
  const pass = what.pass > 1 ? [t('evidence.pass', { pass: what.pass })] : [];
  if (what.kind === 'overlap_settled' && what.note !== undefined)
    return [...pass, t('evidence.note', { note: what.note })];
  if (what.kind !== 'scanned') return pass;
  const codes = what.codes.length === 0 ? [] : [t('evidence.codes', { codes: what.codes.join(', ') })];
  const serials = what.serials.length === 0 ? [] : [t('evidence.serials', { serials: what.serials.join(', ') })];
  return [...pass, ...codes, ...serials];
}
