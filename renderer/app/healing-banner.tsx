import { useState, useSyncExternalStore, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { useFormats } from '../ui/format.ts';
import { Banner } from '../ui/states.tsx';
import type { Healing } from '../ledger/ledger.ts';
import { useTallybook } from '../tallybook/tallybook-context.tsx';

const SPANS_SHOWN = 20;
/** What is no mended damage, but something that somebody has to look at. */
const DOUBTS: ReadonlySet<Healing['note']> = new Set(['journal_unproven', 'journal_on_trust', 'history_differs']);

/** What opening the ledger had to mend, in plain words, until somebody has read it. */
export function HealingBanner(): ReactElement | null {
  const { t } = useTranslation('frame');
  const formats = useFormats();
  const { ledger } = useTallybook();
  const all = useSyncExternalStore(ledger.subscribe, ledger.healing);
  const [read, setRead] = useState(false);
  if (read || all.length === 0) return null;
  const doubts = all.filter(({ note }) => DOUBTS.has(note));
  const healing = all.filter((found) => !doubts.includes(found));
  const lost = healing.flatMap((found) => found.lost ?? []);
  // What was mended in the working copy says that nothing is lost: that is not the news now.
  const told = lost.length === 0 ? healing : healing.filter(({ from }) => from === 'ledger');
  const span = ({ fromSeq, toSeq }: { fromSeq: number; toSeq: number }) =>
    fromSeq === toSeq ? formats.whole(fromSeq) : `${formats.whole(fromSeq)}–${formats.whole(toSeq)}`;
  return (
    <div className="healing">
      {doubts.map(({ note, restored, fromSeq }) => (
        <Banner
          key={note}
          tone="stop"
          word={t('healing.look')}
          action={healing.length === 0 && <Button onClick={() => setRead(true)}>{t('healing.read')}</Button>}
        >
          {t(`healing.${note}`, { restored: formats.whole(restored), from: formats.whole(fromSeq ?? 1) })}
        </Banner>
      ))}
      {healing.length > 0 && (
        <Banner
          tone="attention"
          word={t('healing.word')}
          action={<Button onClick={() => setRead(true)}>{t('healing.read')}</Button>}
        >
          {told.map(({ note, restored }) => (
            <p key={note}>
              {t(`healing.${lost.length > 0 && note === 'journal_missing' ? 'journal_missing_in_part' : note}`, {
                count: restored,
                restored: formats.whole(restored),
              })}
            </p>
          ))}
          {lost.length > 0 && (
            <p>
              {t('healing.lost', {
                number: formats.whole(lost.reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0)),
                spans: lost.slice(0, SPANS_SHOWN).map(span).join(', ') + (lost.length > SPANS_SHOWN ? ', …' : ''),
              })}
            </p>
          )}
        </Banner>
      )}
    </div>
  );
}
