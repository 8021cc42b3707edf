import type { Sounds } from '../../sound/sounds.ts';
import type { LastScan } from '../../stores/counting.ts';
import { useCounting } from '../../stores/counting.ts';
import { announce } from '../../ui/live.tsx';

/** Sound, card and live region together: every sound has a word on the screen and one for a screen reader. */
export function giveFeedback(last: LastScan, sounds: Pick<Sounds, 'taken' | 'look' | 'notTaken'>, spoken: string): void {
  useCounting.getState().show(last);
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
  }
  announce(spoken);
}
