import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Unfounded } from '../../../shared/domain/unfounded.ts';
import { useFormats } from '../../ui/format.ts';

export type UnfoundedListProps = {
  readonly postings: readonly Unfounded[];
  readonly itemName: (sku: string) => string;
  readonly binName: (bin: string) => string;
  readonly nameOf: (person: string) => string;
};

/** What was posted and stands on nothing that counts any more: no book has it, and somebody has to count those bins again. */
export function UnfoundedList({ postings, itemName, binName, nameOf }: UnfoundedListProps): ReactElement | null {
  const { t } = useTranslation('review');
  const formats = useFormats();
  if (postings.length === 0) return null;
  return (
    <section className="apart-list" aria-label={t('unfounded.title')}>
      <h2>{t('unfounded.title')}</h2>
      <p className="muted">{t('unfounded.text')}</p>
      <ul data-testid="unfounded">
        {postings.map(({ entry, key, bin, item, lot, counted, by, at }) => (
          <li key={`${entry} ${key}`}>
            <span className="code">{binName(bin)}</span> <span>{itemName(item)}</span>{' '}
            {lot !== undefined && <span className="muted">{t('unfounded.lot', { lot })}</span>}{' '}
            <span>{t('unfounded.counted', { quantity: formats.amount(counted) })}</span>{' '}
            <span className="muted">{t('unfounded.posted', { name: nameOf(by), when: formats.moment(at) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
