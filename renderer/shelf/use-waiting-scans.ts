import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { clearNotice, notifyUntilCleared } from '../ui/notice.tsx';
import { useTallybook } from '../tallybook/tallybook-context.tsx';

/** Says what waits while a question is open or items are not there yet; what it said is gone with the question. */
export function useWaitingScans(isOpen: boolean): { wait(behind: number): void } {
  const { i18n } = useTranslation();
  const { ledger, sounds } = useTallybook();
  useEffect(() => (isOpen ? clearNotice : undefined), [isOpen]);
  return {
    /** A scan came in; `behind`: how many wait with it for what is being dealt with. */
    wait(behind) {
      if (isOpen) {
        sounds.look();
        notifyUntilCleared(() => i18n.t('frame:waits.answer', { count: behind }));
      } else if (!ledger.catalogueReady()) {
        sounds.noted();
        notifyUntilCleared(() => i18n.t('frame:waits.items', { count: behind + 1 }));
      }
    },
  };
}
