import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { lookUpKeys, parseBarcode } from '../../../shared/domain/barcode.ts';
import type { NotedCode } from '../../../shared/domain/noted-code.ts';
import { between } from '../../shelf/between.ts';
import { useMayMatch } from '../../shelf/use-may-match.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { TeachCode } from './teach-code.tsx';

/** Codes met with no bin open, or in a move, that nobody knows to this day. They are in no count; taught, they are known. */
export function NotedCodes(): ReactElement | null {
  const { t } = useTranslation('review');
  const { t: count } = useTranslation('count');
  const { people } = useTallybook();
  const formats = useFormats();
  const mayMatch = useMayMatch();
  const [asked, setAsked] = useState<NotedCode>();
  const catalogue = useLedger((known) => known.catalogue());
  const isReady = useLedger((known) => known.catalogueReady());
  const noted = useLedger((known) => known.state().noted);
  const [year] = useState(() => new Date().getFullYear());
  const unknown = isReady
    ? noted.filter(({ code }) => catalogue.find(lookUpKeys(parseBarcode(code, { today: { year } }))).length === 0)
    : [];
  if (unknown.length === 0) return null;
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;

  function placeOf(one: NotedCode): string {
    if (one.where === 'no_bin')
      return one.nextBin === undefined
        ? t('noted.noBin')
        : t('noted.beforeBin', { bin: catalogue.binName(one.nextBin) });
    const beside = between(count, catalogue, one);
    return [
      one.from === undefined ? t('noted.moveFirst') : t('noted.move', { bin: catalogue.binName(one.from) }),
      beside,
    ]
      .filter((part) => part !== undefined)
      .join(', ');
  }

  return (
    <section className="apart-list" aria-label={t('noted.title')}>
      <h2>{t('noted.title')}</h2>
      <p className="muted">{t('noted.text')}</p>
      <ul data-testid="noted-codes">
        {unknown.map((one) => (
          <li key={one.id}>
            <span className="code">{one.code}</span> <span>{placeOf(one)}</span>{' '}
            <span className="muted">
              {nameOf(one.by)}, {formats.moment(one.at)}
            </span>{' '}
            {mayMatch && (
              <Button compact onClick={() => setAsked(one)}>
                {count('side.whatIsIt')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {asked && <TeachCode code={asked.code} onClose={() => setAsked(undefined)} />}
    </section>
  );
}
