import type { Sounds } from '../../sound/sounds.ts';
import { announce } from '../../ui/live.tsx';
import type { LastScan } from '../../ui/scan-card.tsx';

/** Sound and live region of one outcome: every sound has a word on the screen and one for a screen reader. */
export function soundAndSay(last: LastScan, sounds: Pick<Sounds, 'taken' | 'look' | 'notTaken'>, spoken: string): void {
  switch (last.outcome) {
    case 'taken':
      sounds.taken();
      break;
    case 'look':
      sounds.look();
      break;
    case 'not-taken':
      sounds.notTaken();
      break;
    case 'held':
      // Nothing was stored and nothing is wrong: a sound would mean one or the other.
      break;
  }
  announce(spoken);
}

/** "Blue cup 350 ml, +1, total 14." `t` looks up the texts `ui:spoken`. */
export function spokenText(last: LastScan, t: (key: string, values: Record<string, string>) => string): string {
  const { outcome, title, added, total, message = '' } = last;
  if (last.opensBin === true) return t('ui:spoken.binOpen', { title, message });
  if (added !== undefined && total !== undefined)
    return t(`ui:spoken.${outcome}.counted`, { title, added, total, message }).trim();
  return t(`ui:spoken.${outcome}.said`, { title, message }).trim();
}
