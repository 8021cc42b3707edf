import { formatQuantity, parseQuantity } from '../quantity.ts';

export type DecimalMark = '.' | ',';

export type DecimalReading =
  | { readonly ok: true; readonly value: string }
  /** "1.507" is one and a half or fifteen hundred: `suggestion` is the smaller. */
  | { readonly ok: false; readonly code: 'ambiguous'; readonly suggestion: string }
  /** More than five decimals, which is the finest that is kept: `rounded` is the nearest that can be, halves away from zero. */
  | { readonly ok: false; readonly code: 'too_precise'; readonly rounded: string }
  | { readonly ok: false; readonly code: 'unreadable' };

const UNREADABLE = { ok: false, code: 'unreadable' } as const;
/** Currencies by their letters (ISO 4217, those in use). Any other three letters beside a number are a unit. */
const ISO_CURRENCIES =
  'AED AFN AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC ' +
  'CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD ' +
  'JOD JPY KES KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD ' +
  'NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP ' +
  'SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL';
const CURRENCY = `\\p{Sc}|${ISO_CURRENCIES.replaceAll(' ', '|')}`;
const CURRENCY_BEFORE = new RegExp(`^(?:${CURRENCY}|Fr\\.|kr\\.?|Rs\\.?)\\s*`, 'iu');
const CURRENCY_AFTER = new RegExp(`\\s*(?:${CURRENCY}|kr\\.?|zł|Kč|Ft)$`, 'iu');
const SPACED = /^\d{1,3}(?:[\s'’]\d{3})+(?=$|[.,])/;
const MOST_DECIMALS = 5;

/** The digits and marks of a written number: sign in front, no currency, no grouping by spaces or apostrophes. */
function bareNumber(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > 48) return null;
  // "12.–" is how a Swiss price says that there are no cents.
  const priced = trimmed.replace(/(?<=\d)[.,][-–—−]+(?=\D*$)/, '');
  const negative = /^[-−]|[-−]$/.test(priced);
  const unsigned = priced
    .replace(/^[-−]\s*|\s*[-−]$/g, '')
    .replace(CURRENCY_BEFORE, '')
    .replace(CURRENCY_AFTER, '')
    .replace(/^[+]/, '');
  const joined = SPACED.test(unsigned) ? unsigned.replaceAll(/[\s'’]/g, '') : unsigned;
  return /^[\d.,]*\d[\d.,]*$/.test(joined) ? (negative ? '-' : '') + joined : null;
}

function canonical(negative: boolean, whole: string, fraction: string): DecimalReading {
  const sign = negative ? '-' : '';
  const digits = whole === '' ? '0' : whole;
  const parsed = parseQuantity(`${sign}${digits}${fraction === '' ? '' : `.${fraction}`}`);
  if (parsed.ok) return { ok: true, value: formatQuantity(parsed.value) };
  if (parsed.error.code !== 'quantity_too_precise') return UNREADABLE;
  const kept = parseQuantity(`${sign}${digits}.${fraction.slice(0, MOST_DECIMALS)}`);
  if (!kept.ok) return UNREADABLE;
  const step = fraction.charAt(MOST_DECIMALS) < '5' ? 0n : negative ? -1n : 1n;
  return { ok: false, code: 'too_precise', rounded: formatQuantity(kept.value + step) };
}

/** Digits of "1.234.567" without its marks; null when the groups are not of three. */
function ungrouped(text: string, mark: DecimalMark): string | null {
  if (!text.includes(mark)) return text;
  const groups = text.split(mark);
  return /^\d{1,3}$/.test(groups[0] ?? '') && groups.slice(1).every((group) => /^\d{3}$/.test(group))
    ? groups.join('')
    : null;
}

function withMark(body: string, negative: boolean, mark: DecimalMark): DecimalReading {
  const parts = body.split(mark);
  if (parts.length > 2) return UNREADABLE;
  const whole = ungrouped(parts[0] ?? '', mark === '.' ? ',' : '.');
  const fraction = parts[1] ?? '';
  if (whole === null || !/^\d*$/.test(whole) || !/^\d*$/.test(fraction)) return UNREADABLE;
  return canonical(negative, whole, fraction);
}

/** Which mark stands before the decimals, where the text leaves no doubt. */
function evidentMark(body: string): DecimalMark | 'none' | 'unclear' {
  const points = body.split('.').length - 1;
  const commas = body.split(',').length - 1;
  if (points === 0 && commas === 0) return 'none';
  if (points > 0 && commas > 0) return body.lastIndexOf('.') > body.lastIndexOf(',') ? '.' : ',';
  const mark: DecimalMark = points > 0 ? '.' : ',';
  if (points + commas > 1) return mark === '.' ? ',' : '.';
  const [whole = '', fraction = ''] = body.split(mark);
  return fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole) ? 'unclear' : mark;
}

/**
 * Reads a number as people write it ("1.507,88 €", "1,507.88", "1'234.50", "−3") into decimal text of at most five
 * decimals. `mark` is what the rest of the column says; without it "1.507" is ambiguous and is said to be.
 */
export function readDecimal(text: string, mark?: DecimalMark): DecimalReading {
  const bare = bareNumber(text);
  if (bare === null) return UNREADABLE;
  const negative = bare.startsWith('-');
  const body = negative ? bare.slice(1) : bare;
  const evident = evidentMark(body);
  if (evident === 'none') return canonical(negative, body, '');
  if (evident === '.' || evident === ',') return withMark(body, negative, evident);
  if (mark !== undefined) return withMark(body, negative, mark);
  const smaller = canonical(negative, body.split(/[.,]/)[0] ?? '', body.split(/[.,]/)[1] ?? '');
  return { ok: false, code: 'ambiguous', suggestion: smaller.ok ? smaller.value : '' };
}

/** The mark that every clear number of a column uses; undefined when none is clear, or they differ. */
export function columnDecimalMark(cells: Iterable<string>): DecimalMark | undefined {
  let found: DecimalMark | undefined;
  for (const cell of cells) {
    const bare = bareNumber(cell);
    const evident = bare === null ? 'none' : evidentMark(bare.replace('-', ''));
    if (evident !== '.' && evident !== ',') continue;
    if (found !== undefined && found !== evident) return undefined;
    found = evident;
  }
  return found;
}

/** A number and what is written beside it: "3 doz" is 3 of "doz". Null where the text does not begin with a number. */
export function splitUnit(text: string): { readonly number: string; readonly unit: string } | null {
  const match = /^([-−+]?[\d.,\s'’]*\d(?:[.,](?![-–—−])|[-−])?)\s*(\D.*)?$/u.exec(text.slice(0, 120).trim());
  if (match === null) return null;
  return { number: match[1] ?? '', unit: (match[2] ?? '').trim() };
}
