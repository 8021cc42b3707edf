import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatQuantity, type Quantity } from '../../../shared/domain/quantity.ts';
import { moneyText, type Money } from './line-value.ts';

/** Writes figures for a grid of many rows: the number formats are made once for a language, not once for a cell. */
export type Figures = {
  quantity(quantity: Quantity): string;
  /** With + or − unless it is zero. */
  signed(quantity: Quantity): string;
  money(money: Money): string;
  signedMoney(money: Money): string;
  /** Tenths of a percent: -357 → "−35.7". */
  share(tenths: number): string;
  /** Decimals of the text that `quantity` and `signed` write. */
  decimals(quantity: Quantity): number;
};

function isDecimal(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** Figures in the language's way of writing numbers, with a typographic minus. */
export function createFigures(language: string): Figures {
  const make = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(language, options);
    // Intl reads decimal text digit for digit: no figure passes through a floating-point number.
    return (text: string) => (isDecimal(text) ? format.format(text).replaceAll('-', '−') : text);
  };
  const plain = make({ maximumFractionDigits: 5 });
  const signed = make({ maximumFractionDigits: 5, signDisplay: 'exceptZero' });
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const money = make(cents);
  const signedMoney = make({ ...cents, signDisplay: 'exceptZero' });
  const share = make({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  return {
    quantity: (quantity) => plain(formatQuantity(quantity)),
    signed: (quantity) => signed(formatQuantity(quantity)),
    money: (value) => money(moneyText(value)),
    signedMoney: (value) => signedMoney(moneyText(value)),
    share: (tenths) => share((tenths / 10).toFixed(1)),
    decimals: (quantity) => formatQuantity(quantity).split('.')[1]?.length ?? 0,
  };
}

/** `createFigures` for the current language. */
export function useFigures(): Figures {
  const { i18n } = useTranslation();
  return useMemo(() => createFigures(i18n.language), [i18n.language]);
}
