import { useTranslation } from 'react-i18next';
import { notify } from '../ui/notice.tsx';
import { useUnusedScans } from '../scan/scans.tsx';
import { useTallybook } from '../tallybook/tallybook-context.tsx';
import { readScan } from './read-scan.ts';

/** Answers the scans that the screen has no use for: what was scanned, and that nothing was counted. */
export function useAnsweredScans(): void {
  const { i18n } = useTranslation();
  const { ledger, sounds } = useTallybook();
  useUnusedScans((scan) => {
    const catalogue = ledger.catalogue();
    const bins = ledger.stocktakes().flatMap((stocktake) => stocktake.bins);
    const meaning = readScan(scan, { catalogue, bins, year: new Date().getFullYear() });
    sounds.notTaken();
    const what = meaning.kind === 'item' ? `${catalogue.name(meaning.proposed.item.sku)} (${scan.text})` : scan.text;
    notify(() => i18n.t(`frame:scanned.${meaning.kind === 'bin' ? 'bin' : 'other'}`, { what }));
  });
}
