import { err, ok, type Result } from './result.ts';

/**
 * Codes typed by a scanner that believes in a US keyboard, on a computer that does not. Only the characters differ,
 * one for one, so they can be put back. Derived from the X keyboard configuration (xkb-data, MIT/X11 style licence);
 * Windows and macOS differ in some punctuation, which is why a layout can also be learnt from a scan.
 */
const US = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_+:;()[]%$&*#!"\'<>=?, ~^|\\@';
/** What each character of `US` comes out as, in the same order. `␀`: a dead key, nothing comes out. */
const PRODUCED: Readonly<Record<string, string>> = {
  fr: 'à&é"\'(-è_çQBCDEFGHIJKL?NOPARSTUVZXYWqbcdefghijkl,noparstuvzxyw):!°+Mm90␀$547831%ù./=§; ~6µ*2',
  be: 'à&é"\'(§è!çQBCDEFGHIJKL?NOPARSTUVZXYWqbcdefghijkl,noparstuvzxyw):=°_Mm90␀$547831%ù./-+; ³6£µ2',
  de: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXZYabcdefghijklmnopqrstuvwxzyß.-?␀Öö)=ü+%$/(§!Ää;:␀_, °&\'#"',
  ch: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXZYabcdefghijklmnopqrstuvwxzy\'.-?␀éö)=ü␀%ç/(*+àä;:␀_, °&£$"',
  'ch(fr)': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXZYabcdefghijklmnopqrstuvwxzy\'.-?␀öé)=è␀%ç/(*+äà;:␀_, °&£$"',
  at: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXZYabcdefghijklmnopqrstuvwxzyß.-?␀Öö)=ü+%$/(§!Ää;:␀_, °&\'#"',
  cz: 'é+ěščřžýáíABCDEFGHIJKLMNOPQRSTUVWXZYabcdefghijklmnopqrstuvwxzy=.-%␀"ů90ú)547831!§?:␀_, ␀6\'␀2',
  sk: 'é+ľščťžýáíABCDEFGHIJKLMNOPQRSTUVWXZYabcdefghijklmnopqrstuvwxzy=.-%␀"ô90úä547831!§?:␀_, ␀6)ň2',
  hu: 'ö123456789ABCDEFGHIJKLMNOPQRSTUVWXZYabcdefghijklmnopqrstuvwxzyü.-ÜÓÉé)Öőú%!=(+\'Áá?:ó_, §/Űű"',
  pl: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_+:;()[]%$&*#!"\'<>=?, ~^|\\@',
  es: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\'.-?¿Ññ)=␀+%$/(·!␀␀;:¡_, ª&Çç"',
  it: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\'.-?^çò)=è+%$/(£!°à;:ì_, |&§ù"',
  pt: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\'.-?»Çç)=+␀%$/(#!ªº;:«_, |&␀␀"',
  br: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.;_+Çç()␀[%$&*#!␀␀<>=:, "␀}]@',
  gb: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_+:;()[]%$&*£!@\'<>=?, ¬^~#"',
  se: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+.-?␀Öö)=å␀%¤/(#!Ää;:␀_, ½&*\'"',
  no: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+.-?␀Øø)=å␀%¤/(#!Ææ;:\\_, §&*\'"',
  dk: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+.-?␀Ææ)=å␀%¤/(#!Øø;:␀_, §&*\'"',
  fi: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+.-?␀Öö)=å␀%¤/(#!Ää;:␀_, ½&*\'"',
  lt: '“ąčęėįšųū„ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_Ž:;()[]ĮĖŲŪĘĄ"\'<>ž?, ~Š|\\Č',
  tr: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghıjklmnopqrstuvwxyz*ç.?_Şş)=ğü%+/(^!İiÖÇ-:ö é&;,'",
  ru: '0123456789ФИСВУАПРШОЛДЬТЩЗЙКЫЕГМЦЧНЯфисвуапршолдьтщзйкыегмцчня-ю._+Жж()хъ%;?*№!ЭэБЮ=,б Ё:/\\"',
  gr: '0123456789ΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠ:ΡΣΤΘΩΣΧΥΖαβψδεφγηιξκλμνοπ;ρστθωςχυζ-./_+␀␀()[]%$&*#!"\'<>=?, ~^|\\@',
  il: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZשנבגקכעיןחלךצמםפ/רדאוה\'סטז-ץ._+:ף)(][%$&*#!",><=?ת ~^|\\@',
  ua: '0123456789ФИСВУАПРШОЛДЬТЩЗЙКІЕГМЦЧНЯфисвуапршолдьтщзйкіегмцчня-ю._+Жж()хї%;?*№!ЄєБЮ=,б ʼ:Ґґ"',
};
const NOTHING = '␀';

export type KeyboardLayout = {
  /** The layout's short name, `us` when nothing changes, `learnt` when it is none of the known ones. */
  readonly name: string;
  /** Caps Lock was on: capitals and small letters are exchanged. */
  readonly capsLock: boolean;
  /** Received character → the character on the label. Those that are missing stand for themselves. */
  readonly meant: Readonly<Record<string, string>>;
};

/** Nothing to put back. */
export const US_LAYOUT: KeyboardLayout = { name: 'us', capsLock: false, meant: {} };

/** The short names of all known layouts, `us` first. */
export const LAYOUT_NAMES: readonly string[] = ['us', ...Object.keys(PRODUCED)];

/** A known layout, or undefined when there is none of that name. */
export function layoutNamed(name: string): KeyboardLayout | undefined {
  if (name === 'us') return US_LAYOUT;
  const produced = PRODUCED[name];
  return produced === undefined ? undefined : { name, capsLock: false, meant: pairUp(US, produced) };
}

/** What this text comes out as on a computer with the named layout; a dead key gives nothing. */
export function produce(text: string, name: string): string {
  const produced = Array.from(PRODUCED[name] ?? US);
  return Array.from(text, (character) => produceOne(character, produced)).join('');
}

function produceOne(character: string, produced: readonly string[]): string {
  const at = US.indexOf(character);
  const result = at === -1 ? character : (produced[at] ?? character);
  return result === NOTHING ? '' : result;
}

/**
 * Finds the layout from one scan of a known text. A known layout wins, with or without Caps Lock; otherwise the
 * characters are paired off one by one, which needs the same length and no contradiction.
 */
export function learnLayout(
  sentPattern: string,
  received: string,
): Result<KeyboardLayout, { readonly code: 'layout_not_recognised'; readonly received: string }> {
  for (const capsLock of [false, true]) {
    const arrived = capsLock ? swapCase(received) : received;
    const name = LAYOUT_NAMES.find((candidate) => produce(sentPattern, candidate) === arrived);
    const layout = name === undefined ? undefined : layoutNamed(name);
    if (layout !== undefined) return ok({ ...layout, capsLock });
  }
  const meant = pairUp(sentPattern, received);
  const consistent =
    Array.from(received).length === Array.from(sentPattern).length && translate(received, meant) === sentPattern;
  return consistent ? ok({ name: 'learnt', capsLock: false, meant }) : err({ code: 'layout_not_recognised', received });
}

/** Puts the characters of the label back. What the layout does not name stays as it came. */
export function decode(text: string, layout: KeyboardLayout): string {
  return translate(layout.capsLock ? swapCase(text) : text, layout.meant);
}

function translate(text: string, meant: Readonly<Record<string, string>>): string {
  return Array.from(text, (character) => meant[character] ?? character).join('');
}

function pairUp(sent: string, received: string): Readonly<Record<string, string>> {
  const arrived = Array.from(received);
  const meant: Record<string, string> = {};
  for (const [at, character] of Array.from(sent).entries()) {
    const got = arrived[at];
    if (got !== undefined && got !== NOTHING) meant[got] ??= character;
  }
  return meant;
}

function swapCase(text: string): string {
  return Array.from(text)
    .map((character) => {
      const upper = character.toUpperCase();
      if (upper.length !== character.length) return character;
      return character === upper ? character.toLowerCase() : upper;
    })
    .join('');
}
