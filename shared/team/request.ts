import { z } from 'zod';
import { laptopKeySchema } from '../domain/ledger-entry.ts';

const requestSchema = z.object({
  tallybook: z.literal('request'),
  v: z.literal(1),
  laptop: z.string().min(1).max(64),
  key: laptopKeySchema,
  name: z.string().trim().min(1).max(80),
});
/** What a laptop says that asks to join a site. */
export type JoinRequest = Pick<z.infer<typeof requestSchema>, 'laptop' | 'key' | 'name'>;

/** How a request begins that is shown as a code, to be scanned from one screen on the other laptop. */
const CODE = 'TBJOIN1';
/** RFC 4648: signs that every scanner types alike, whatever becomes of capitals; they pack well in a QR code, too. */
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BITS = 5;
const BITS_A_BYTE = 8;
/** Signs of the check: one scan in a million that lost or changed some passes it, and then the words differ. */
const CHECK = 4;

/** The text that is carried to an admin of the site. */
export function writeRequest({ laptop, key, name }: JoinRequest): string {
  return JSON.stringify({ tallybook: 'request', v: 1, laptop, key, name });
}

/** The same as capitals and digits, for a code on the screen. */
export function requestCode({ laptop, key, name }: JoinRequest): string {
  const signs = toSigns([laptop, key, name].map(encodeURIComponent).join('~'));
  return CODE + signs + checkOf(signs);
}

/** What such a text or code says; null: it is neither. White space around it, as a mail program leaves it, says nothing. */
export function readRequest(text: string): JoinRequest | null {
  try {
    const parsed = requestSchema.safeParse(fromCode(text) ?? JSON.parse(text.trim()));
    return parsed.success ? { laptop: parsed.data.laptop, key: parsed.data.key, name: parsed.data.name } : null;
  } catch {
    return null;
  }
}

function fromCode(text: string): object | null {
  const code = text.trim().toUpperCase();
  const signs = code.slice(CODE.length, -CHECK);
  if (!code.startsWith(CODE) || code.slice(-CHECK) !== checkOf(signs)) return null;
  const [laptop = '', key = '', name = ''] = fromSigns(signs).split('~').map(decodeURIComponent);
  return { tallybook: 'request', v: 1, laptop, key, name };
}

/** Plain ASCII as signs of five bits. */
function toSigns(ascii: string): string {
  let bits = '';
  for (let at = 0; at < ascii.length; at += 1) bits += ascii.charCodeAt(at).toString(2).padStart(BITS_A_BYTE, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => SIGNS[Number.parseInt(five.padEnd(BITS, '0'), 2)] ?? '').join('');
}

function fromSigns(signs: string): string {
  const bits = Array.from(signs, (sign) => SIGNS.indexOf(sign).toString(2).padStart(BITS, '0')).join('');
  return (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join('');
}

function checkOf(signs: string): string {
  let sum = 0;
  // A prime just below 32⁴, so that every place weighs differently.
  for (const sign of signs) sum = (sum * 33 + SIGNS.indexOf(sign) + 1) % 1_048_573;
  return Array.from({ length: CHECK }, (_, at) => SIGNS[Math.floor(sum / 32 ** at) % 32] ?? '').join('');
}
