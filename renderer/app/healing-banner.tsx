import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { useFormats } from '../ui/format.ts';
import { Banner } from '../ui/states.tsx';
import { useLedger } from './tallybook-context.tsx';

/** What opening the ledger had to mend, in plain words, until somebody has read it. */
export function HealingBanner(): ReactElement | null {
  const { t } = useTranslation('frame');
  const formats = useFormats();
  const healing = useLedger((ledger) => ledger.healing());
  const [read, setRead] = useState(false);
  if (read || healing.length === 0) return null;
  return (
    <div className="healing">
      <Banner
        tone="attention"
        word={t('healing.word')}
        action={<Button onClick={() => setRead(true)}>{t('healing.read')}</Button>}
      >
        {healing.map(({ note, restored }) => (
          <p key={note}>{t(`healing.${note}`, { count: restored, restored: formats.whole(restored) })}</p>
        ))}
      </Banner>
    </div>
  );
}
