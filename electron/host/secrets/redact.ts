/** A key whose value never goes into a log, whatever it is. */
const SECRET_KEY =
  /token|secret|pin$|^pin|password|passphrase|passwd|authorization|api[-_]?key|credential|cookie|bearer/i;
const HIDDEN = '[hidden]';
/** Shorter secrets would hide ordinary words; they are caught by their key. */
const SHORTEST = 6;
/** From here on a secret is no word of a catalogue: it is hidden in names and codes as well. */
const SHORTEST_TOKEN = 16;
/** So much of a long token's beginning or end gives it away. */
const PIECE = 12;
const LONGEST_TEXT = 2_000;
/** What an Authorization header says, whoever's it is. */
const AUTHORIZATION = /\b(bearer|basic|token|apikey)([\s:=]+)[A-Za-z0-9._~+/=-]{8,}/gi;

/** Keeps secrets out of what is logged, sealed and shown: by the name of a key, and by value in whatever form a text may carry it. */
export type Redaction = {
  add(secret: string): void;
  text(text: string): string;
  facts(facts: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** What a remote says in words, without any secret. */
  words(text: string): string;
  /**
   * All that a remote answers: its words (`detail`) without any secret, names and codes without long ones. Short ones stay
   * there, since a password may be the word that an item is called by.
   */
  answer<Value>(value: Value): Value;
};

/** The letters of base64 text that a secret certainly fills, wherever in the encoded text it stands. */
function insideBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const isCutInside = (before + bytes.length) % 3 !== 0;
    return whole.slice(before === 0 ? 0 : before + 1, isCutInside ? -1 : undefined);
  });
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inside = insideBase64(bytes).filter((form) => form.length >= SHORTEST);
  const encoded = encodeURIComponent(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    ...inside,
    ...inside.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
}

/** Where a token stands only in part, as remotes quote them: its beginning or its end, with what hangs on to it. */
function piecesOf(secret: string): RegExp[] {
  if (secret.length < 2 * PIECE) return [];
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return [
    new RegExp(`${literal(secret.slice(0, PIECE))}[A-Za-z0-9._~+/=-]*`, 'g'),
    new RegExp(`[A-Za-z0-9._~+/=-]*${literal(secret.slice(-PIECE))}`, 'g'),
  ];
}

type Known = { readonly forms: readonly string[]; readonly pieces: readonly RegExp[]; readonly isToken: boolean };

/** The same value with every text in it changed, told the key that it stands under. */
function mapTexts<Value>(value: Value, change: (text: string, key: string) => string): Value {
  const walk = (given: unknown, under: string): unknown => {
    if (typeof given === 'string') return change(given, under);
    if (Array.isArray(given)) return given.map((one) => walk(one, under));
    if (given === null || typeof given !== 'object') return given;
    return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, walk(one, key)]));
  };
  // oxlint-disable-next-line typescript/consistent-type-assertions -- nothing but texts was changed, into texts
  return walk(value, '') as Value;
}

/** An empty redaction: knows keys, and the secrets it is told. */
export function createRedaction(): Redaction {
  const known = new Map<string, Known>();

  function hide(given: string, some: (one: Known) => boolean): string {
    let shown = given;
    for (const one of known.values()) {
      if (!some(one)) continue;
      for (const form of one.forms) shown = shown.replaceAll(form, HIDDEN);
      for (const piece of one.pieces) shown = shown.replace(piece, HIDDEN);
    }
    return shown;
  }

  function everything(given: string): string {
    return hide(given, () => true).replace(AUTHORIZATION, `$1$2${HIDDEN}`);
  }

  function text(given: string): string {
    // What is too long is cut after hiding, so that no half of a secret is left over.
    return everything(given).slice(0, LONGEST_TEXT);
  }

  function value(given: unknown): unknown {
    if (typeof given === 'string') return text(given);
    if (typeof given === 'number' || typeof given === 'boolean' || given === null) return given;
    return text(JSON.stringify(given) ?? '');
  }

  return {
    add(secret) {
      if (secret.length < SHORTEST || known.has(secret)) return;
      const isToken = secret.length >= SHORTEST_TOKEN;
      known.set(secret, { forms: [...new Set(formsOf(secret))], pieces: piecesOf(secret), isToken });
    },
    text,
    facts: (facts) =>
      Object.fromEntries(
        Object.entries(facts).map(([key, given]) => [text(key), SECRET_KEY.test(key) ? HIDDEN : value(given)]),
      ),
    words: everything,
    answer: (given) =>
      mapTexts(given, (one, key) => (key === 'detail' ? everything(one) : hide(one, ({ isToken }) => isToken))),
  };
}
