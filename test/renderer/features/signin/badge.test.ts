import { expect, test } from 'vitest';
import { personOfBadge } from '../../../../renderer/features/signin/badge.ts';

test('U150 a badge names a person, and no other code does', () => {
  expect(personOfBadge('TALLYBOOK:PERSON:p-7Ab')).toBe('p-7Ab');
  expect(personOfBadge(' tallybook:person:p-7Ab ')).toBe('p-7Ab');
  for (const code of ['TALLYBOOK:DONE', 'TALLYBOOK:PERSON:', '4006381333931', 'A-07-2'])
    expect(personOfBadge(code)).toBeUndefined();
});
