/** What an XML text holds, as it goes by; names without their prefix, texts with their entities resolved. */
export type XmlListener = {
  /** `attributes` is the text between the name and the end of the tag; see `attributeOf`. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(text: string): void;
};

export type XmlScanner = {
  /** Takes the next piece; tags and texts may be cut anywhere. False: this is no XML that may be read. */
  write(piece: string): boolean;
  /** Whether everything that was begun is ended. */
  isComplete(): boolean;
};

/** A tag or a text longer than this is an attack: a spreadsheet's cell has 32,767 characters. */
const LONGEST = 1_000_000;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Resolves the five named entities and those by number; no other ever becomes anything. */
export function resolveEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? whole;
    const point = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** The value of an attribute (its name without prefix); undefined where the tag has none. */
export function attributeOf(attributes: string, name: string): string | undefined {
  for (let from = 0; ;) {
    const at = attributes.indexOf(name, from);
    if (at < 0) return undefined;
    from = at + name.length;
    const before = at === 0 ? ' ' : attributes.charAt(at - 1);
    if (!/[\s:]/.test(before)) continue;
    const match = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes.slice(from, from + 4000));
    if (match !== null) return resolveEntities(match[1] ?? match[2] ?? '');
  }
}

/**
 * Cuts XML into its parts while it arrives, holding no more than the part that is open. Document types are refused: no
 * workbook has one, and entities that grow are made with them.
 */
export function createXmlScanner(listener: XmlListener): XmlScanner {
  let rest = '';
  let depth = 0;

  /** Reads what begins with `<` at this place; where it ends, or -1 while its end has not come. */
  function readMarkup(text: string, at: number): number | 'refused' {
    if (text.startsWith('<!--', at)) return endOf(text, '-->', at + 4);
    if (text.startsWith('<?', at)) return endOf(text, '?>', at + 2);
    if (text.startsWith('<![CDATA[', at)) {
      const end = endOf(text, ']]>', at + 9);
      if (end >= 0) listener.text(text.slice(at + 9, end - 3));
      return end;
    }
    if (text.startsWith('<!', at)) return text.length - at < 9 ? -1 : 'refused';
    const end = tagEnd(text, at + 1);
    if (end < 0) return -1;
    readTag(text.slice(at + 1, end - 1));
    return end;
  }

  function readTag(inside: string): void {
    if (inside.startsWith('/')) {
      depth -= 1;
      listener.close(localName(inside.slice(1).trim()));
      return;
    }
    const closed = inside.endsWith('/');
    const tag = closed ? inside.slice(0, -1) : inside;
    const blank = tag.search(/\s/);
    const name = localName(blank < 0 ? tag : tag.slice(0, blank));
    listener.open(name, blank < 0 ? '' : tag.slice(blank));
    if (closed) listener.close(name);
    else depth += 1;
  }

  return {
    write(piece) {
      const text = rest === '' ? piece : rest + piece;
      let at = 0;
      while (at < text.length) {
        const next = text.indexOf('<', at);
        if (next < 0) break;
        if (next > at) listener.text(resolveEntities(text.slice(at, next)));
        const end = readMarkup(text, next);
        if (end === 'refused') return false;
        at = next;
        if (end < 0) break;
        at = end;
      }
      rest = text.slice(at);
      return rest.length <= LONGEST;
    },
    isComplete: () => depth === 0 && rest.trim() === '',
  };
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

/** The place behind the `>` that ends a tag; one within quotes does not. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (quote !== '') {
      if (letter === quote) quote = '';
    } else if (letter === '>') return at + 1;
    else if (letter === '"' || letter === "'") quote = letter;
  }
  return -1;
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
