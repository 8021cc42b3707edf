import { formatQuantity, parseQuantity } from '../quantity.ts';

export type DecimalMark = '.' | ',';

export type DecimalReading =
  | { readonly ok: true; readonly value: string }
  /** "1.507" is one and a half or fifteen hundred: `suggestion` is the smaller. */
  | { readonly ok: false; readonly code: 'ambiguous'; readonly suggestion: string }
  | { readonly ok: false; readonly code: 'unreadable' };

const UNREADABLE = { ok: false, code: 'unreadable' } as const;
const CURRENCY_BEFORE = /^(?:\p{Sc}|[A-Z]{3}|Fr\.|kr\.?|Rs\.?)\s*/iu;
const CURRENCY_AFTER = /\s*(?:\p{Sc}|[A-Z]{3}|kr\.?|zł|Kč|Ft)$/iu;
const SPACED = /^\d{1,3}(?:[\s'’]\d{3})+(?=$|[.,])/;

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
  const parsed = parseQuantity(
    `${negative ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`,
  );
  return parsed.ok ? { ok: true, value: formatQuantity(parsed.value) } : UNREADABLE;
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
