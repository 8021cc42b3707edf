import { describe, expect, test } from 'vitest';
import { isLastAdmin, personProblem, type PersonDraft } from '../../../../renderer/features/people/person-draft.ts';
import type { Person } from '../../../../shared/domain/person.ts';

const ana: PersonDraft = { name: 'Ana Ruiz', pin: '1234', roles: ['counter'], active: true };
const person = (id: string, roles: Person['roles'], active = true): Person => ({ id, name: id, roles, active });

describe('people', () => {
  test('U78 a new person needs a PIN; a known one keeps theirs when it is left empty', () => {
    expect(personProblem(ana, true)).toBeUndefined();
    expect(personProblem({ ...ana, pin: '' }, true)).toBe('pin_missing');
    expect(personProblem({ ...ana, pin: '' }, false)).toBeUndefined();
    expect(personProblem({ ...ana, pin: '12' }, false)).toBe('pin_missing');
    expect(personProblem({ ...ana, name: ' ' }, false)).toBe('name_missing');
    expect(personProblem({ ...ana, roles: [] }, false)).toBe('role_missing');
  });

  test('U79 the only active admin is known as such', () => {
    const people = [person('mia', ['admin', 'approver']), person('ben', ['admin'], false), person('ana', ['counter'])];
    expect(isLastAdmin(people, 'mia')).toBe(true);
    expect(isLastAdmin([...people, person('eva', ['admin'])], 'mia')).toBe(false);
    expect(isLastAdmin(people, 'ana')).toBe(false);
  });
});
