import { useMemo } from 'react';
import { formatQuantity, type Quantity } from '../../../shared/domain/quantity.ts';
import { useFormats, type Formats } from '../../ui/format.ts';
import { moneyText, type Money } from './line-value.ts';

/** What a review shows of figures, as the ledger has them. `unit` stands behind a figure that counts no pieces. */
export type Figures = {
  quantity(quantity: Quantity, unit?: string): string;
  /** With + or − unless it is zero. */
  signed(quantity: Quantity, unit?: string): string;
  money(money: Money): string;
  signedMoney(money: Money): string;
  /** Tenths of a percent: -357 → "−35.7". */
  share(tenths: number): string;
  /** Decimals of the text that `quantity` and `signed` write. */
  decimals(quantity: Quantity): number;
};

function figuresIn(formats: Formats): Figures {
  return {
    quantity: (quantity, unit) => formats.amount(quantity, { unit }),
    signed: (quantity, unit) => formats.amount(quantity, { signed: true, unit }),
    money: (value) => formats.money(moneyText(value)),
    signedMoney: (value) => formats.money(moneyText(value), { signed: true }),
    share: formats.share,
    decimals: (quantity) => formatQuantity(quantity).split('.')[1]?.length ?? 0,
  };
}

/** Figures in the language the page speaks. */
export function useFigures(): Figures {
  const formats = useFormats();
  return useMemo(() => figuresIn(formats), [formats]);
}
