import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRequest, requestCode, writeRequest } from '../../../shared/team/request.ts';

const KEY_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const requests = fc.record({
  laptop: fc.uuid(),
  key: fc.string({ unit: fc.constantFrom(...Array.from(KEY_SIGNS)), minLength: 43, maxLength: 43 }),
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((name) => /^\S.*\S$|^\S$/su.test(name)),
});

describe('a request to join', () => {
  test('M832 a request is read back from its file and from its code, also where a scanner writes small letters', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(readRequest(` ${writeRequest(request)}\n`)).toEqual(request);
        expect(requestCode(request)).toMatch(/^[A-Z2-71]+$/);
        expect(readRequest(requestCode(request))).toEqual(request);
        expect(readRequest(`${requestCode(request).toLowerCase()}\r`)).toEqual(request);
      }),
    );
  });

  test('M833 a code of which one sign was lost, changed or swapped on the way is no request', () => {
    fc.assert(
      fc.property(requests, fc.nat(), fc.constantFrom('lost', 'changed', 'swapped'), (request, place, how) => {
        const signs = Array.from(requestCode(request));
        const at = place % (signs.length - 1);
        const [sign = '', next = ''] = signs.slice(at, at + 2);
        if (how === 'lost') signs.splice(at, 1);
        else if (how === 'changed') signs[at] = sign === 'K' ? 'L' : 'K';
        else signs.splice(at, 2, next, sign);
        if (signs.join('') !== requestCode(request)) expect(readRequest(signs.join(''))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});
