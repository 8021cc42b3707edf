import {
  decodeWindows1252,
  detectEncoding,
  markLength,
  type TextEncoding,
} from '../../shared/domain/import/encoding.ts';

export type DecodedText = {
  readonly text: string;
  readonly encoding: TextEncoding;
  /** The encoding was guessed by the letters it gives: a person should look at them. */
  readonly guessed: boolean;
};

/** The text of a file, and how it was encoded. Bytes that mean nothing become U+FFFD, and are named later. */
export function decodeText(bytes: Uint8Array, wanted?: TextEncoding): DecodedText {
  const { encoding, skip, guessed } =
    wanted === undefined
      ? detectEncoding(bytes)
      : { encoding: wanted, skip: markLength(bytes, wanted), guessed: false };
  const body = bytes.subarray(skip);
  return {
    text: encoding === 'windows-1252' ? decodeWindows1252(body) : new TextDecoder(encoding).decode(body),
    encoding,
    guessed,
  };
}
