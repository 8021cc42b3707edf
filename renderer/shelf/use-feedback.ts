import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Sounds } from '../sound/sounds.ts';
import type { KeyBelow } from '../texts/keys.ts';
import { useFormats } from '../ui/format.ts';
import { announce } from '../ui/live.tsx';
import { clearNotice, notify } from '../ui/notice.tsx';
import type { LastScan, ScanOutcome } from './scan-card.tsx';
import { useTallybook } from '../tallybook/tallybook-context.tsx';

/** Sounds and says what became of a scan: every sound has a word on the screen and one for a screen reader. */
export function useFeedback(): (last: LastScan) => void {
  const { t } = useTranslation('ui');
  const { sounds } = useTallybook();
  const formats = useFormats();
  return useCallback(
    (last) => {
      sound(last.outcome, sounds);
      clearNotice();
      const { title, added, total, message = '' } = last;
      const key = spokenKey(last);
      const said =
        added === undefined || total === undefined
          ? t(key, { title, message }).trim()
          : t(key, {
              title,
              message,
              added: formats.quantity(added.replace(/^-/, ''), { unit: last.unit }),
              total: formats.quantity(total, { unit: last.unit }),
            }).trim();
      // In front of a question the card is hard to see.
      if (document.querySelector('dialog[open]') === null) announce(said);
      else notify(() => said);
    },
    [t, sounds, formats],
  );
}

function sound(outcome: ScanOutcome, sounds: Pick<Sounds, 'taken' | 'noted' | 'look' | 'notTaken'>): void {
  switch (outcome) {
    case 'taken':
      return sounds.taken();
    case 'look':
      return sounds.look();
    case 'not-taken':
      return sounds.notTaken();
    case 'held':
      return sounds.noted();
  }
}

type SpokenKey = `spoken.${KeyBelow<'ui', 'spoken'>}`;

/** Which sentence says it: "Blue cup 350 ml, plus 1, total 14." */
export function spokenKey({ outcome, opensBin, added, total }: LastScan): SpokenKey {
  if (opensBin === true) return 'spoken.binOpen';
  if (added === undefined || total === undefined) return `spoken.${outcome}.said`;
  return added.startsWith('-') && outcome === 'taken' ? 'spoken.taken.takenBack' : `spoken.${outcome}.counted`;
}
