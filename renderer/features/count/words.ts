import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BarcodeDamage } from '../../../shared/domain/barcode.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { useFormats } from '../../ui/format.ts';
import { useErrorText, type Coded } from '../../ui/use-error-text.ts';

/** The sentences that counting may have to say, in the language of the page. */
export type Words = {
  binFirst(): string;
  itemFirst(): string;
  unknownKept(): string;
  unknownNoBin(): string;
  notChosen(): string;
  notSame(): string;
  timesNext(): string;
  serialIsOne(): string;
  tooPrecise(item: Item): string;
  damaged(damage: BarcodeDamage): string;
  missing(part: 'lot' | 'serial' | 'out_of_use'): string;
  /** "2 case (12)": how many packs of what. */
  packs(times: string, pack: { name: string; factor: string }): string;
  /** "32 scans here so far. Last: Cola can, 12." */
  binHolds(scans: number, name: string, total: string, unit: string | undefined): string;
  error(error: Coded): string;
  /** Plain sentences about bins and the screen. */
  say(key: CountSaying): string;
};

export type CountSaying =
  | 'title'
  | 'notChosen'
  | 'noLots'
  | 'serialLine'
  | 'nothingChosen'
  | 'hereAlready'
  | 'binOpen'
  | 'binDone'
  | 'binEmpty'
  | 'binSkipped'
  | 'undone'
  | 'redone'
  | 'nothingToRedo'
  | 'notBelowZero'
  | 'noRecount';

export function useWords(): Words {
  const { t } = useTranslation('count');
  const errorText = useErrorText();
  const formats = useFormats();
  // `errorText` is new at every render and says the same.
  return useMemo<Words>(
    () => ({
      binFirst: () => t('say.binFirst'),
      itemFirst: () => t('say.itemFirst'),
      unknownKept: () => t('say.unknownKept'),
      unknownNoBin: () => t('say.unknownNoBin'),
      notChosen: () => t('say.notChosen'),
      notSame: () => t('say.notSame'),
      timesNext: () => t('say.timesNext'),
      serialIsOne: () => t('say.serialIsOne'),
      tooPrecise: (item) => t('say.tooPrecise', { count: item.precision, unit: item.unit }),
      damaged: (damage) => t(`damage.${damage}`),
      missing: (part) => t(`say.missing.${part}`),
      packs: (times, pack) =>
        t('packs', {
          times: formats.quantity(times),
          name: pack.name === '' ? t('packName') : pack.name,
          factor: formats.quantity(pack.factor),
        }),
      binHolds: (scans, name, total, unit) =>
        t('say.binHolds', {
          count: scans,
          scans: formats.whole(scans),
          name,
          total: formats.quantity(total, { unit }),
        }),
      error: errorText,
      say: (key) => (key === 'title' ? t('title') : t(`say.${key}`)),
    }),
    // oxlint-disable-next-line react/exhaustive-deps -- see above
    [t, formats],
  );
}
