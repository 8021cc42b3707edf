import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { fingerprintOf, makeCertificate } from '../../electron/carriers/nats/certificate.ts';
import { admission, configuration } from '../../electron/carriers/nats/configuration.ts';
import { nkeyOf } from '../../electron/carriers/nats/nkey.ts';
import { isNewEnough } from '../../electron/carriers/nats/runner.ts';
import { SITE, somebody } from './site-server-rig.ts';

test('M887 the list of laptops admits those it names and nobody else, whatever they are called', () => {
  expect(() => admission(SITE, [])).toThrow('would let in everybody');
  const odd = { ...somebody('cold', 'counting'), name: '} ]\n}\nauthorization { users = [] }\n#"\\' };
  const text = admission(SITE, [odd, somebody('office', 'supervising')]);
  expect(text.split('\n').filter((line) => line.startsWith('authorization'))).toHaveLength(1);
  expect(text).not.toContain('users = ');
  expect(text.match(/nkey: "U[A-Z2-7]{55}"/g)).toHaveLength(2);
  // What begins with a dollar is a variable of the server's unless it is quoted.
  for (const line of text.split('\n')) if (line.includes('$JS')) expect(line.trim()).toMatch(/^"\$JS[^"]*"$/);
  const settings = configuration(SITE, 4222);
  expect(settings).toMatch(/sync_interval: always/);
  expect(settings).toMatch(/handshake_first: true/);
  expect(settings).not.toMatch(/websocket|mqtt|leafnodes|http|no_auth_user|allow_non_tls/);
});

test('M888 a laptop’s key is an nkey, a certificate is a certificate, and a version is newer or older', () => {
  expect(nkeyOf(Buffer.alloc(32).toString('base64url'))).toMatch(/^UAAA[A-Z2-7]{52}$/);
  const serial = new Uint8Array(16).fill(255);
  const made = makeCertificate('tallybook-ffff', serial);
  const read = new X509Certificate(made.certificate);
  expect([read.subject, read.issuer, read.ca]).toEqual(['CN=tallybook-ffff', 'CN=tallybook-ffff', true]);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(Date.parse(read.validTo)).toBeGreaterThan(Date.parse('2119-12-01'));
  expect(fingerprintOf(made.certificate)).toMatch(/^([\dA-F]{2}:){15}[\dA-F]{2}$/);
  expect(fingerprintOf('x')).toBeNull();
  expect(makeCertificate('a', serial).certificate).not.toBe(made.certificate);
  for (const [version, is] of [
    ['2.15.1', true],
    ['2.10.23', true],
    ['2.10.27', true],
    ['3.0.0', true],
    ['2.10.22', false],
    ['2.9.99', false],
    ['1.99.99', false],
  ] as const)
    expect([version, isNewEnough(version)]).toEqual([version, is]);
});
