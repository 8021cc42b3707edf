/** A key of a scanner or a person: what it types, and when the machine saw it go down, ms. */
export type TimedKey = { readonly key: string; readonly timeMs: number };

export type Chance = () => number;

export function between(chance: Chance, from: number, to: number): number {
  return from + Math.floor(chance() * (to - from + 1));
}

export function oneOf<Value>(chance: Chance, values: readonly [Value, ...Value[]]): Value {
  return values[Math.floor(chance() * values.length)] ?? values[0];
}

const ALPHABETS = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz-'] as const;

/** What a scanner sends for one label. `jitterMs`: how far each gap may lie from `keyMs`. */
export type MachineBurst = {
  readonly code: string;
  readonly keyMs: number;
  readonly end: 'Enter' | 'Tab' | undefined;
  readonly keys: readonly TimedKey[];
};

/**
 * A burst of 1 to 40 characters at 1 to 120 ms a key; USB reports come every 8 ms, so each gap is off by up to 6. `wanted`
 * says what is not left to chance.
 */
export function machineBurst(
  chance: Chance,
  fromMs: number,
  wanted: Partial<Omit<MachineBurst, 'keys'>> = {},
): MachineBurst {
  const length = chance() < 0.5 ? between(chance, 1, 8) : between(chance, 9, 40);
  const alphabet = oneOf(chance, ALPHABETS);
  const drawn = Array.from({ length }, () => alphabet.charAt(Math.floor(chance() * alphabet.length))).join('');
  const code = wanted.code ?? drawn;
  const drawnMs = between(chance, 1, 120);
  const keyMs = wanted.keyMs ?? drawnMs;
  const jitterMs = Math.min(6, keyMs / 2) * chance();
  const drawnEnd = oneOf<MachineBurst['end']>(chance, ['Enter', 'Enter', 'Tab', undefined]);
  const end = 'end' in wanted ? wanted.end : drawnEnd;
  let timeMs = fromMs;
  const keys = code
    .split('')
    .concat(end ?? [])
    .map((key, at) => {
      if (at > 0) timeMs += keyMs + (chance() * 2 - 1) * jitterMs;
      return { key, timeMs };
    });
  return { code, keyMs, end, keys };
}

/**
 * Where a machine and a person press the same keys at the same times, and nobody knows the code: a few characters at a
 * person's pace. They stay what a person would have typed.
 */
export function couldBeAPerson({ code, keyMs, end }: MachineBurst, where: string, known: boolean): boolean {
  const inField = /field/.test(where);
  const gaps = code.length - (end === undefined ? 1 : 0);
  if (where === 'button in a dialog' && (code.length > 1 || end !== undefined)) return false;
  if (code.length === 1) return end === undefined || (keyMs > 9 && (inField || !known));
  if (end === undefined && code.length < 4 ? !inField && keyMs < 9 : keyMs < 27) return false;
  if (inField) return gaps < 6 && (!known || end === undefined);
  if (known) return false;
  return gaps < 6 && /^([\d-]+|[ARXHUJKN\d-]+)$/i.test(code);
}

/** A standard normal number (Box and Muller). */
function normal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
}

/**
 * Keys as a person presses them: gaps are log-normal around a pace of 60 to 250 ms, now and then a pair rolled off two
 * fingers, now and then a pause.
 */
export function humanKeys(chance: Chance, keys: readonly string[], fromMs: number): readonly TimedKey[] {
  const paceMs = between(chance, 60, 250);
  const scatter = 0.25 + chance() * 0.3;
  let timeMs = fromMs;
  return keys.map((key, at) => {
    if (at > 0) {
      const rolled = key !== 'Enter' && chance() < 0.06;
      const paused = chance() < 0.03;
      timeMs += rolled ? between(chance, 25, 60) : paceMs * Math.exp(scatter * normal(chance)) + (paused ? 600 : 0);
    }
    return { key, timeMs };
  });
}

/** When each key reaches a page that stalls once: nothing is seen between `stallMs` and its end, then all at once. */
export function deliveries(keys: readonly TimedKey[], stall: { fromMs: number; lastsMs: number }): readonly number[] {
  const endMs = stall.fromMs + stall.lastsMs;
  return keys.map(({ timeMs }) => (timeMs >= stall.fromMs && timeMs < endMs ? endMs : timeMs));
}
