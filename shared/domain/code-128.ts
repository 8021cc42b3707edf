/**
 * Code 128 (ISO/IEC 15417): texts to bars. Only what our cards need: printable ASCII, FNC1 in front and between fields,
 * and pairs of digits packed where that is shorter.
 */

/** Widths of bar, space, bar, space, bar, space for the values 0 to 105; 103 to 105 begin a symbol. */
const WIDTHS =
  '212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232'.match(
    /.{6}/g,
  ) ?? [];
const STOP = '2331112';
const CODE_C = 99;
const CODE_B = 100;
const FNC1 = 102;
const START_B = 104;
const START_C = 105;

/** Clear space that a scanner needs on either side, in modules. */
export const QUIET_MODULES = 10;

/** The symbol values of a GS1-128 with these fields, checksum included, stop excluded. */
export function gs1Values(fields: readonly string[]): readonly number[] {
  const text = fields.join('\u001D');
  const values: number[] = [];
  let packs = /^\d{4}/.test(text);
  values.push(packs ? START_C : START_B, FNC1);
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    if (rest.startsWith('\u001D')) {
      values.push(FNC1);
      at += 1;
      continue;
    }
    // Six digits in a row, or four at the end, are worth a change of the code set.
    if (!packs && /^(\d{6}|\d{4}$)/.test(rest) && (/^\d*/.exec(rest)?.[0].length ?? 0) % 2 === 0) {
      values.push(CODE_C);
      packs = true;
    } else if (packs && !/^\d\d/.test(rest)) {
      values.push(CODE_B);
      packs = false;
    }
    values.push(packs ? Number(rest.slice(0, 2)) : rest.charCodeAt(0) - 32);
    at += packs ? 2 : 1;
  }
  const sum = values.reduce((total, value, at) => total + value * Math.max(1, at), 0);
  return [...values, sum % 103];
}

/** Bars of a GS1-128 with these fields: where each begins and how wide it is, in modules, without the quiet zones. */
export function gs1Bars(fields: readonly string[]): {
  readonly modules: number;
  readonly bars: readonly { readonly at: number; readonly width: number }[];
} {
  const widths = Array.from(
    gs1Values(fields)
      .map((value) => WIDTHS[value] ?? '')
      .join('') + STOP,
    Number,
  );
  const bars: { at: number; width: number }[] = [];
  let modules = 0;
  for (const [at, width] of widths.entries()) {
    if (at % 2 === 0) bars.push({ at: modules, width });
    modules += width;
  }
  return { modules, bars };
}
