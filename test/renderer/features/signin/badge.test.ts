import { expect, test } from 'vitest';
import { findByBadge, personOfBadge } from '../../../../renderer/features/signin/badge.ts';

test('U150 a badge names a person, and no other code does', () => {
  expect(personOfBadge('TALLYBOOK:PERSON:p-7Ab')).toBe('p-7Ab');
  expect(personOfBadge(' tallybook:person:p-7Ab ')).toBe('p-7Ab');
  for (const code of ['TALLYBOOK:DONE', 'TALLYBOOK:PERSON:', '4006381333931', 'A-07-2'])
    expect(personOfBadge(code)).toBeUndefined();
});

test('S525 a badge is the same with the identifier of its symbology, and in other letters where it is one person’s only', () => {
  expect(personOfBadge(']C0TALLYBOOK:PERSON:p-7Ab')).toBe('p-7Ab');
  const people = [{ id: 'p-7Ab' }, { id: 'q1' }, { id: 'Q1' }];
  expect(findByBadge('P-7AB', people)).toEqual({ id: 'p-7Ab' });
  expect(findByBadge('q1', people)).toEqual({ id: 'q1' });
  expect(findByBadge('Q1', people)).toEqual({ id: 'Q1' });
  expect(findByBadge('p-8', people)).toBeUndefined();
});
