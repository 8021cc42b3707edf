import { type Quantity } from './quantity.ts';
import { err, ok, type Result } from './result.ts';
import { type Dimension, UNIT_ROWS } from './unit-spellings.ts';

/** A fraction of whole numbers, so that an inch is 254/10000 m and nothing is rounded. */
export type Factor = { readonly over: bigint; readonly under: bigint };

/** A unit of measure, however it was spelled. */
export type Unit = {
  /** UN/ECE Recommendation 20 (21 for containers): KGM, MTR, C62. One code, one unit. */
  readonly code: string;
  /** How people write it: kg, m², pcs. */
  readonly symbol: string;
  readonly dimension: Dimension;
  /** How many base units it is, exactly: kilogram, metre, square metre, litre, piece. */
  readonly factor: Factor;
  /** Decimals that a quantity in this unit has unless the catalogue says otherwise. */
  readonly decimals: number;
};

const BY_SPELLING: ReadonlyMap<string, Unit> = new Map(
  UNIT_ROWS.flatMap(({ code, symbol, dimension, factor, decimals, spellings }): [string, Unit][] => {
    const unit: Unit = { code, symbol, dimension, factor: readFactor(factor), decimals };
    return [code, symbol, ...spellings.split(' ')].map((spelling) => [spellingKey(spelling), unit]);
  }),
);

function readFactor(text: string): Factor {
  const [whole = '', fraction = ''] = text.split('.');
  return { over: BigInt(whole + fraction), under: 10n ** BigInt(fraction.length) };
}

function spellingKey(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[\s._()-]+/gu, '');
}

/**
 * The unit that a text means: a code of UN/ECE Recommendation 20 (`KGM`), a symbol (`kg`, `m²`), or a word in a language
 * of the trade (`KGS`, `Meters`, `Stück`). Letter case, accents, blanks and points do not matter. Nothing: unknown.
 */
export function readUnit(text: string): Unit | undefined {
  return BY_SPELLING.get(spellingKey(text));
}

/** `unit_differs`: they measure different things. `not_exact`: the result has more than five decimals. */
export type ConversionProblem = { readonly code: 'unit_differs' | 'not_exact' };

/** The same amount in another unit, exactly or not at all: 1250 g is 1.25 kg, 1 in is 0.0254 m, 1 in² is refused in m². */
export function convertQuantity(quantity: Quantity, from: Unit, to: Unit): Result<Quantity, ConversionProblem> {
  if (from.code === to.code) return ok(quantity);
  if (from.dimension !== to.dimension || from.dimension === 'container') return err({ code: 'unit_differs' });
  const over = quantity * from.factor.over * to.factor.under;
  const under = from.factor.under * to.factor.over;
  return over % under === 0n ? ok(over / under) : err({ code: 'not_exact' });
}
