import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Decimal text, which Intl formats digit for digit: a quantity never passes through a floating-point number. */
function isDecimal(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** A typographic minus, as wide as a plus: signs line up. */
function withMinus(text: string): string {
  return text.replaceAll('-', '−');
}

export type Formats = {
  /** A decimal text as `formatQuantity` writes it. `signed` puts a + before what is above zero. */
  quantity(text: string, options?: { signed?: boolean }): string;
  money(text: string, options?: { signed?: boolean; currency?: string }): string;
  /** 0.0512 → 5.1 % */
  percent(ratio: number): string;
  whole(count: number): string;
  /** 14:32:07, in this laptop's zone. */
  time(iso: string): string;
  /** 14:32 today, otherwise with the day; today is the wall's unless `now` says. */
  moment(iso: string, now?: string): string;
  day(iso: string): string;
};

const DECIMALS = 5;

/** Quantity text in a language's way of writing numbers; text that is no decimal is given back unchanged. */
export function formatQuantityText(text: string, language: string, signed = false): string {
  if (!isDecimal(text)) return text;
  return withMinus(
    new Intl.NumberFormat(language, {
      maximumFractionDigits: DECIMALS,
      signDisplay: signed ? 'exceptZero' : 'negative',
    }).format(text),
  );
}

/** Money text with two decimals; with a currency (ISO 4217) its sign is shown too. */
export function formatMoney(
  text: string,
  language: string,
  options: { signed?: boolean; currency?: string } = {},
): string {
  if (!isDecimal(text)) return text;
  const { currency, signed = false } = options;
  const style =
    currency === undefined
      ? { minimumFractionDigits: 2, maximumFractionDigits: 2 }
      : { style: 'currency' as const, currency };
  return withMinus(
    new Intl.NumberFormat(language, { ...style, signDisplay: signed ? 'exceptZero' : 'negative' }).format(text),
  );
}

/** The time of an instant on the wall of this place: 14:32:07. */
export function formatTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
}

/** The same, without seconds and with the day when it is not today's. */
export function formatMoment(iso: string, now: string, language: string): string {
  const today = new Date(iso).toDateString() === new Date(now).toDateString();
  const day = today ? {} : ({ day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(language, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(iso),
  );
}

/** The day of an instant, spelled with the month. */
export function formatDay(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(iso));
}

/** All formats in the language the page speaks. */
export function createFormats(language: string): Formats {
  const wholeFormat = new Intl.NumberFormat(language);
  const percentFormat = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return {
    quantity: (text, options) => formatQuantityText(text, language, options?.signed),
    money: (text, options) => formatMoney(text, language, options),
    percent: (ratio) => withMinus(percentFormat.format(ratio)),
    whole: (count) => wholeFormat.format(count),
    time: (iso) => formatTime(iso, language),
    moment: (iso, now = new Date().toISOString()) => formatMoment(iso, now, language),
    day: (iso) => formatDay(iso, language),
  };
}

/** `createFormats` for the current language. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => createFormats(i18n.language), [i18n.language]);
}
