import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256Base64Url } from '../../../../shared/remotes/square/sha256.ts';

describe('SHA-256', () => {
  test('R113 the challenge of a sign-in is the SHA-256 that everybody else works out', () => {
    // RFC 7636, appendix B.
    expect(sha256Base64Url('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), (text) => {
        expect(sha256Base64Url(text)).toBe(createHash('sha256').update(text).digest('base64url'));
      }),
    );
    expect(() => sha256Base64Url('ä')).toThrow('ASCII');
  });
});
