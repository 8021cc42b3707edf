/** A key whose value never goes into a log, whatever it is. */
const SECRET_KEY =
  /token|secret|pin$|^pin|password|passphrase|passwd|authorization|api[-_]?key|credential|cookie|bearer/i;
const HIDDEN = '[hidden]';
/** Shorter secrets would hide ordinary words; they are caught by their key. */
const SHORTEST = 6;
const LONGEST_TEXT = 2_000;

/** Keeps secrets out of what is logged: by the name of a key, and by value in whatever form a text may carry it. */
export type Redaction = {
  add(secret: string): void;
  text(text: string): string;
  facts(facts: Readonly<Record<string, unknown>>): Record<string, unknown>;
};

function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    encodeURIComponent(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}

/** An empty redaction: knows keys, and the secrets it is told. */
export function createRedaction(): Redaction {
  const known = new Set<string>();

  function text(given: string): string {
    let shown = given;
    for (const secret of known) shown = shown.replaceAll(secret, HIDDEN);
    // What is too long is cut after hiding, so that no half of a secret is left over.
    return shown.slice(0, LONGEST_TEXT);
  }

  function value(given: unknown): unknown {
    if (typeof given === 'string') return text(given);
    if (typeof given === 'number' || typeof given === 'boolean' || given === null) return given;
    return text(JSON.stringify(given) ?? '');
  }

  return {
    add(secret) {
      if (secret.length < SHORTEST) return;
      for (const form of forms(secret)) known.add(form);
    },
    text,
    facts: (facts) =>
      Object.fromEntries(
        Object.entries(facts).map(([key, given]) => [text(key), SECRET_KEY.test(key) ? HIDDEN : value(given)]),
      ),
  };
}
