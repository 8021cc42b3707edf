import {
  decodeWindows1252,
  detectEncoding,
  markLength,
  type TextEncoding,
} from '../../shared/domain/import/encoding.ts';

export type DecodedText = {
  /** The text piece by piece, line ends of any kind as `\n`. */
  readonly pieces: Iterable<string>;
  readonly encoding: TextEncoding;
  /** The encoding was guessed by the letters it gives: a person should look at them. */
  readonly guessed: boolean;
};

/** Bytes that become text at a time: a large file is never held as one text beside its bytes. */
const PIECE = 4_000_000;

/** The text of a file, and how it was encoded. Bytes that mean nothing become U+FFFD, and are named later. */
export function decodeText(bytes: Uint8Array, wanted?: TextEncoding): DecodedText {
  const { encoding, skip, guessed } =
    wanted === undefined
      ? detectEncoding(bytes)
      : { encoding: wanted, skip: markLength(bytes, wanted), guessed: false };
  return { pieces: decoded(bytes.subarray(skip), encoding), encoding, guessed };
}

function* decoded(bytes: Uint8Array, encoding: TextEncoding): Generator<string> {
  const decoder = encoding === 'windows-1252' ? null : new TextDecoder(encoding);
  let held = '';
  for (let from = 0; from < bytes.length; from += PIECE) {
    const piece = bytes.subarray(from, from + PIECE);
    const last = from + PIECE >= bytes.length;
    const text = held + (decoder === null ? decodeWindows1252(piece) : decoder.decode(piece, { stream: !last }));
    // The second half of a line end may be in the next piece.
    held = !last && text.endsWith('\r') ? '\r' : '';
    const whole = held === '' ? text : text.slice(0, -1);
    // One kind of line end, within quotes too: a file put together from two systems has both.
    const lines = whole.includes('\r') ? whole.replaceAll(/\r\n?/g, '\n') : whole;
    yield from === 0 ? lines.replace(/^\uFEFF/, '') : lines;
  }
}
