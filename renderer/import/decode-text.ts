import { decodeWindows1252, detectEncoding, type TextEncoding } from '../../shared/domain/import/encoding.ts';

/** The text of a file, and how it was encoded. Bytes that mean nothing become U+FFFD, and are named later. */
export function decodeText(
  bytes: Uint8Array,
  wanted?: TextEncoding,
): { readonly text: string; readonly encoding: TextEncoding } {
  const detected = detectEncoding(bytes);
  const encoding = wanted ?? detected.encoding;
  const body = bytes.subarray(encoding === detected.encoding ? detected.skip : 0);
  return {
    text: encoding === 'windows-1252' ? decodeWindows1252(body) : new TextDecoder(encoding).decode(body),
    encoding,
  };
}
