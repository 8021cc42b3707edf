import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatQuantity, type Quantity } from '../../shared/domain/quantity.ts';

/** Decimal text, which Intl formats digit for digit: a quantity never passes through a floating-point number. */
function isDecimal(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** A typographic minus, as wide as a plus: signs line up. */
function withMinus(text: string): string {
  return text.replaceAll('-', '−');
}

type Wish = { signed?: boolean; unit?: string | undefined };

export type Formats = {
  /**
   * A decimal text as `formatQuantity` writes it; other text unchanged. `signed` puts a + before what is above zero, `unit`
   * stands behind it.
   */
  quantity(text: string, options?: Wish): string;
  /** A quantity of the ledger. */
  amount(quantity: Quantity, options?: Wish): string;
  /** A decimal text with two decimals. */
  money(text: string, options?: Wish): string;
  /** 0.0512 → 5.1 % */
  percent(ratio: number): string;
  /** Tenths of a percent with their sign and without the word: -357 → −35.7 */
  share(tenths: number): string;
  whole(count: number): string;
  /** 14:32:07, in this laptop's zone. */
  time(iso: string): string;
  /** 14:32 today, otherwise with the day; today is the wall's unless `now` says. */
  moment(iso: string, now?: string): string;
  /** The day, spelled with the month. */
  day(iso: string): string;
};

const DECIMALS = { maximumFractionDigits: 5 } as const;
const CENTS = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;
const TENTHS = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** Every format of one language. Making a number format costs more than using it a hundred times: they are made once. */
function createFormats(language: string): Formats {
  function decimals(options: Intl.NumberFormatOptions): (text: string, options?: Wish) => string {
    const plain = new Intl.NumberFormat(language, options);
    const signed = new Intl.NumberFormat(language, { ...options, signDisplay: 'exceptZero' });
    return (text, wish) => {
      if (!isDecimal(text)) return text;
      const figure = withMinus((wish?.signed === true ? signed : plain).format(text));
      // A figure and its unit stay in one line.
      return wish?.unit === undefined ? figure : `${figure}\u00A0${wish.unit}`;
    };
  }
  const quantity = decimals(DECIMALS);
  const tenths = decimals(TENTHS);
  const whole = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(language, { ...CLOCK, second: '2-digit' });
  const today = new Intl.DateTimeFormat(language, CLOCK);
  const otherDay = new Intl.DateTimeFormat(language, { ...CLOCK, day: 'numeric', month: 'short' });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' });
  return {
    quantity,
    amount: (value, options) => quantity(formatQuantity(value), options),
    money: decimals(CENTS),
    percent: (ratio) => withMinus(percent.format(ratio)),
    share: (value) => tenths((value / 10).toFixed(1), { signed: true }),
    whole: (count) => whole.format(count),
    time: (iso) => time.format(new Date(iso)),
    moment: (iso, now) => {
      const at = new Date(iso);
      const isToday = at.toDateString() === (now === undefined ? new Date() : new Date(now)).toDateString();
      return (isToday ? today : otherDay).format(at);
    },
    day: (iso) => day.format(new Date(iso)),
  };
}

const made = new Map<string, Formats>();

/** Numbers and instants the way a language writes them; the same object for the same language. */
export function formatsIn(language: string): Formats {
  const known = made.get(language);
  if (known !== undefined) return known;
  const formats = createFormats(language);
  made.set(language, formats);
  return formats;
}

/** The formats of the language the page speaks. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formatsIn(i18n.language), [i18n.language]);
}
