import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';

/** A server's certificate and the key that goes with it, PEM. */
export type Certificate = { readonly certificate: string; readonly key: string };

/** One piece of DER: what it is, how long, and what is in it. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), body]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const COMMON_NAME = '550403';
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const BASIC_CONSTRAINTS = '551d13';
/** The laptops of a site know this very certificate, so its age says nothing, and a wrong clock keeps nobody away. */
const FROM = der(0x18, Buffer.from('20200101000000Z'));
const TO = der(0x18, Buffer.from('21200101000000Z'));

function pem(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** Makes a certificate that vouches for itself (RFC 5280), with a key on P-256. `name`: what it is called; `serial`: 16 random bytes. */
export function makeCertificate(name: string, serial: Uint8Array): Certificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const who = sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(name)))));
  // A leading bit would make the number negative.
  const number = der(0x02, Uint8Array.of(0x40, ...serial.subarray(0, 15)));
  const isOwnAuthority = sequence(
    oid(BASIC_CONSTRAINTS),
    der(0x01, Uint8Array.of(0xff)),
    der(0x04, sequence(der(0x01, Uint8Array.of(0xff)))),
  );
  const body = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))),
    number,
    algorithm,
    who,
    sequence(FROM, TO),
    who,
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(isOwnAuthority)),
  );
  const signature = sign('sha256', body, pair.privateKey);
  const whole = sequence(body, algorithm, der(0x03, Uint8Array.of(0), signature));
  return { certificate: pem(whole), key: String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

/** What people compare: the beginning of the SHA-256 of a certificate, in pairs. Null: it is none. */
export function fingerprintOf(certificate: string): string | null {
  try {
    const digest = createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex').toUpperCase();
    return (digest.slice(0, 32).match(/../g) ?? []).join(':');
  } catch {
    return null;
  }
}
