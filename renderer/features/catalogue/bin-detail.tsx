import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { BinHold } from '../../../shared/domain/bin-hold.ts';
import type { CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import { Button, Tag } from '../../ui/button.tsx';

function whyHeld(t: TFunction<'catalogue'>, hold: BinHold): string {
  switch (hold.code) {
    case 'bin_being_counted':
      return t('bins.hold.bin_being_counted', { stocktake: hold.stocktake });
    case 'bin_undecided':
      return t('bins.hold.bin_undecided', { stocktake: hold.stocktake });
    case 'bin_not_empty':
      return t('bins.hold.bin_not_empty', { count: hold.items });
  }
}

/** What is known of one bin; whoever may takes it out of use, unless something keeps it there, and puts it back. */
export function BinDetail({
  bin,
  name,
  hold,
  onSay,
  onClose,
}: {
  bin: Bin;
  name: string;
  /** What keeps it in use. */
  hold: BinHold | undefined;
  /** Says something of the bin; absent for whoever may not. */
  onSay: ((fact: CatalogueFact) => void) | undefined;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const isRetired = bin.retired === true;
  return (
    <aside className="item-detail" aria-label={t('bins.detail')}>
      <header>
        <h2 className="code">{name}</h2>
        {isRetired && <Tag tone="look">{t('field.archived')}</Tag>}
        <Button variant="quiet" compact onClick={onClose}>
          {t('items.close')}
        </Button>
      </header>
      <dl>
        <dt>{t('field.bin')}</dt>
        <dd className="code">{bin.code}</dd>
        {(['label', 'site', 'zone'] as const).map((field) =>
          bin[field] === '' ? null : (
            <div key={field} className="pair">
              <dt>{t(`field.${field}`)}</dt>
              <dd>{bin[field]}</dd>
            </div>
          ),
        )}
      </dl>
      {onSay !== undefined && (
        <section className="bin-act">
          {!isRetired && hold !== undefined && <p id="bin-hold">{whyHeld(t, hold)}</p>}
          <Button
            compact
            disabled={!isRetired && hold !== undefined}
            aria-describedby={!isRetired && hold !== undefined ? 'bin-hold' : undefined}
            onClick={() => onSay({ kind: 'bin_retired', bin: bin.code, retired: !isRetired })}
          >
            {t(isRetired ? 'items.bringBack' : 'items.retire')}
          </Button>
          {isRetired && <p className="muted">{t('bins.outOfUse')}</p>}
        </section>
      )}
    </aside>
  );
}
